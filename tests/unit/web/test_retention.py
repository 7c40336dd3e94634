"""Keeping answers until their day: who sets it, what goes, what stays, and that it is gone from the files too."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import BadInput, Refused

BY = "lead@example.org"
TOLD = "a sentence of which there is no other"


@pytest.fixture
def closed(opened: Any, send: Any) -> Any:
    """A closed wave with a comment that can be looked for in files."""
    from surefoot.web import actions

    wave = opened()
    send(wave.one, wave.today, {"used": "no", "comment": TOLD})
    actions.close_wave(study="staff", wave="1", by=BY)
    return wave


def kept(place: Path) -> bytes:
    """All that the database has on its disk."""
    return b"".join(path.read_bytes() for path in place.parent.glob(place.name + "*"))


def test_answers_go_on_their_day_and_not_before(closed: Any, web: Path) -> None:
    """On the day the answers and links of the wave are gone, from the files as well; the day before they are there."""
    from surefoot.web import actions, models, store

    day = closed.today + timedelta(days=30)
    actions.set_retention(study="staff", day=day, reason="as promised", today=closed.today, by=BY)
    assert actions.delete_expired(today=day - timedelta(days=1)) == 0
    assert models.Answer.objects.count() == 1
    assert TOLD.encode() in kept(web)
    assert actions.delete_expired(today=day) == 1
    assert (models.Answer.objects.count(), models.Invitation.objects.count()) == (0, 0)
    assert TOLD.encode() not in kept(web)
    found = store.wave("staff", "1")
    assert found is not None
    assert found.answers_deleted_on == day
    done = store.history()
    assert [(event.action, event.by) for event in done[:1]] == [("delete-answers", "server")]
    assert done[0].details["answers"] == 1
    assert actions.delete_expired(today=day) == 0
    assert store.history()[0].number == done[0].number


def test_release_stays_and_none_is_made_afterwards(closed: Any, tmp_path: Path, client: Any) -> None:
    """What was published is untouched; what was not, cannot be any more; the folder comes without the answers."""
    from surefoot.web import actions, models, store

    row = models.Study.objects.get(slug="staff")
    models.Release.objects.create(study=row, wave="0", content="kept", checked_by="A")
    day = closed.today + timedelta(days=1)
    actions.set_retention(study="staff", day=day, reason="as promised", today=closed.today, by=BY)
    actions.delete_expired(today=day)
    assert models.Release.objects.get().content == "kept"
    with pytest.raises(Refused, match="deleted on their day"):
        actions.publish_wave(study="staff", wave="1", checked_by="A", by=BY)
    folder = store.materialise("staff", tmp_path / "staff")
    assert list((folder / "answers").iterdir()) == []
    page = client("programme-lead").get("/studies/staff/waves/1/").content.decode()
    assert "The answers of this wave were deleted on" in page
    assert "Who takes part" not in page


def test_day_is_set_with_a_reason(opened: Any, client: Any) -> None:
    """In the future, after the last day of asking, and with a reason, which goes to the audit log."""
    from surefoot.web import actions, store

    wave = opened()
    far = wave.today + timedelta(days=90)
    for day, reason in ((wave.today, "x"), (far, "")):
        with pytest.raises(BadInput):
            actions.set_retention(study="staff", day=day, reason=reason, today=wave.today, by=BY)
    with pytest.raises(Refused, match="while people answer"):
        actions.set_retention(study="staff", day=wave.today + timedelta(days=7), reason="x", today=wave.today, by=BY)
    lead = client("programme-lead")
    assert lead.post("/studies/staff/retention", {"day": "soon", "reason": "x"}).status_code == 400
    lead.post("/studies/staff/retention", {"day": far.isoformat(), "reason": "two audits"})
    event = store.history()[0]
    assert (event.action, event.subject) == ("set-retention", "staff")
    assert event.details == {"day": far.isoformat(), "reason": "two audits", "before": "none"}
    assert "are deleted on" in lead.get("/studies/staff/").content.decode()
    assert "retention" not in client("analyst").get("/studies/staff/").content.decode()


def test_open_wave_is_left_alone(opened: Any, send: Any) -> None:
    """Whatever the day says: answers of a wave that is not closed are not touched."""
    from surefoot.web import actions, models

    wave = opened()
    send(wave.one, wave.today)
    models.Study.objects.update(delete_answers_on=wave.today)
    assert actions.delete_expired(today=wave.today) == 0
    assert models.Answer.objects.count() == 1


def test_files_that_a_study_came_with_go_too(web: Path, tmp_path: Path, client: Any) -> None:
    """Answers of another tool that were brought in are answers; mappings and releases stay."""
    from surefoot.demo.files import write_programme
    from surefoot.web import actions, models, store

    actions.import_study(folder=write_programme(tmp_path / "demo"), by=BY)
    row = models.Study.objects.get()
    row.files.create(path="comments/quotes.toml", content=b"what somebody wrote")
    before = set(row.files.values_list("path", flat=True))
    models.Study.objects.update(delete_answers_on=date(2030, 1, 1))
    assert actions.delete_expired(today=date(2030, 1, 1)) == 1
    after = set(row.files.values_list("path", flat=True))
    assert after < before
    assert {Path(path).suffix for path in after if path.startswith("answers/")} <= {".qsf"}  # the questionnaire
    assert not [path for path in after if path.startswith(("comments/", "private/"))]
    found = store.overview(row.slug)
    assert found is not None
    assert found.files_deleted
    assert client("programme-lead").get(f"/studies/{row.slug}/").status_code == 200
    assert actions.delete_expired(today=date(2030, 1, 2)) == 0


def test_server_does_it_at_the_start(closed: Any, web: Path) -> None:
    """A server that was off on the day does it when it is on again."""
    from surefoot.web import models
    from surefoot.web.server import prepare

    models.Study.objects.update(delete_answers_on=closed.today)
    prepare()
    assert models.Answer.objects.count() == 0
    assert TOLD.encode() not in kept(web)


def test_old_sessions_are_dropped(client: Any) -> None:
    """Sessions that are over are deleted, others stay."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from surefoot.web.server import keep_up

    browser, other = client("reviewer"), client("analyst")
    over = browser.session.session_key
    Session.objects.filter(session_key=over).update(expire_date=timezone.now() - timedelta(days=1))
    keep_up(today=date(2026, 1, 1))
    assert not Session.objects.filter(session_key=over).exists()
    assert other.get("/").status_code == 200


def test_day_goes_out_and_comes_back_with_the_folder(closed: Any, tmp_path: Path) -> None:
    """What was promised on one server holds on the next: the day, and that the answers of a wave are gone."""
    from surefoot.web import actions, models, store

    day = closed.today + timedelta(days=30)
    actions.set_retention(study="staff", day=day, reason="as promised", today=closed.today, by=BY)
    actions.delete_expired(today=day)
    folder = store.materialise("staff", tmp_path / "staff", secret=False)
    for table in (models.Answer, models.Invitation, models.Settled, models.Preparation, models.Wave):
        table.objects.all().delete()
    models.Study.objects.all().delete()
    actions.import_study(folder=folder, by=BY)
    assert models.Study.objects.get().delete_answers_on == day
    assert [(wave.state, wave.answers_deleted_on) for wave in models.Wave.objects.all()] == [("closed", day)]
    assert actions.delete_expired(today=day) == 0

"""Publishing beside the server: asked for at once, made whole or not at all, taken up again after a stop."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import Refused

HERE = "/studies/tiny/waves/1/"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
ASK = {"study": "tiny", "wave": "1", "checked_by": "Lee", "now": NOW, "by": "lead@example.org"}


@pytest.fixture
def lead(client: Callable[..., Any], tiny: Callable[..., Path]) -> Any:
    """A programme lead, with a study whose wave can be published."""
    from surefoot.web.server import bring

    made = client("programme-lead")
    bring(tiny())
    return made


def _states() -> list[tuple[bool, str]]:
    from surefoot.web import models

    return [(row.final, row.state) for row in models.Preparation.objects.all()]


def test_publishing_answers_at_once(lead: Any, started: list[str]) -> None:
    """Asking writes a row and starts a process; the page loads itself again until the release is there."""
    from surefoot.web import actions, store

    asked = lead.post(f"{HERE}publish", {"checked": "yes"})
    assert (asked.status_code, asked["Location"]) == (302, f"{HERE}publish")
    assert started
    assert store.release_key("tiny", "1") is None
    page = lead.get(f"{HERE}publish")
    assert page["Refresh"] == "3"
    assert "It waits for its turn" in page.content.decode()
    actions.work_off()
    assert lead.get(f"{HERE}publish")["Location"] == f"{HERE}release"
    assert _states() == []
    assert [event.action for event in store.history()][:2] == ["publish-wave", "prepare-release"]


def test_same_is_asked_for_once(lead: Any) -> None:
    """A second click changes nothing; a wave with a final release gets neither another nor a draft."""
    from surefoot.web import actions

    lead.post(f"{HERE}publish", {"checked": "yes"})
    assert lead.post(f"{HERE}publish", {"checked": "yes"}).status_code == 409
    actions.work_off()
    for address in ("publish", "draft/prepare"):
        assert lead.post(f"{HERE}{address}", {"checked": "yes"}).status_code == 409


def test_draft_counts_as_no_release(lead: Any, client: Callable[..., Any]) -> None:
    """It is marked, for leads alone, and gone once the final release is there."""
    from surefoot.web import actions, store

    assert lead.get(f"{HERE}draft").status_code == 404
    assert lead.post(f"{HERE}draft/prepare").status_code == 302
    actions.work_off()
    assert "Draft, not a release" in lead.get(f"{HERE}draft").content.decode()
    assert "Read the draft" in lead.get(f"{HERE}publish").content.decode()
    assert store.release_key("tiny", "1") is None
    for role, place in (("organisation-lead", "north"), ("reviewer", "")):
        browser = client(role, place)
        assert browser.get(f"{HERE}draft").status_code == 403
        assert browser.get(f"{HERE}release").status_code == 404
    lead.post(f"{HERE}publish", {"checked": "yes"})
    actions.work_off()
    assert lead.get(f"{HERE}draft").status_code == 404


def test_refusal_is_told_in_its_own_words(lead: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule's reason stands on the page; nothing was published, and it can be asked for again."""
    from surefoot.web import actions, store
    from surefoot.web.actions import publishing

    def refuse(*_: Any, **__: Any) -> None:
        raise Refused("a release shows something", "no figure of it can be shown", "Wait for more answers.")

    monkeypatch.setattr(publishing, "publish", refuse)
    lead.post(f"{HERE}publish", {"checked": "yes"})
    actions.work_off()
    text = lead.get(f"{HERE}publish").content.decode()
    assert "no figure of it can be shown" in text
    assert "Nothing was published" in text
    assert store.history()[0].action == "release-refused"
    assert lead.post(f"{HERE}publish", {"checked": "yes"}).status_code == 302


def test_fault_tells_nothing_of_answers(
    lead: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the page nor the log holds what a fault of ours said: it could be somebody's answer."""
    from surefoot.web import actions
    from surefoot.web.actions import publishing

    def break_(*_: Any, **__: Any) -> None:
        raise ValueError("an answer of somebody")

    monkeypatch.setattr(publishing, "publish", break_)
    lead.post(f"{HERE}publish", {"checked": "yes"})
    actions.work_off()
    text = lead.get(f"{HERE}publish").content.decode()
    assert "a fault of ours" in text
    assert "an answer of somebody" not in text + caplog.text
    assert "ValueError" in caplog.text


class Killed(BaseException):
    """As if the process were gone."""


def test_stop_in_the_middle_loses_the_work_alone(lead: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the release is written, it is begun again; what was copied of answers is deleted first."""
    from surefoot.web import actions, models, store
    from surefoot.web.actions import publishing

    real = publishing.publish

    def stop(*_: Any, **__: Any) -> None:
        raise Killed

    monkeypatch.setattr(publishing, "publish", stop)
    lead.post(f"{HERE}publish", {"checked": "yes"})
    with pytest.raises(Killed):
        actions.work_off()
    left = publishing._folder() / "left-by-a-stop"
    left.mkdir(parents=True, exist_ok=True)
    (left / "answers.parquet").write_bytes(b"x")
    assert _states() == [(True, "running")]
    assert store.release_key("tiny", "1") is None
    monkeypatch.setattr(publishing, "publish", real)
    actions.work_off()
    assert not left.exists()
    assert models.Release.objects.count() == 1
    assert _states() == []


def test_what_stops_again_and_again_is_given_up(lead: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After three tries it says so, and waits until somebody asks again."""
    from surefoot.web import actions
    from surefoot.web.actions import publishing

    def stop(*_: Any, **__: Any) -> None:
        raise Killed

    real = publishing.publish
    monkeypatch.setattr(publishing, "publish", stop)
    lead.post(f"{HERE}publish", {"checked": "yes"})
    for _ in range(publishing.MOST_TRIES):
        with pytest.raises(Killed):
            actions.work_off()
    actions.work_off()
    assert _states() == [(True, "failed")]
    assert "stopped 3 times" in lead.get(f"{HERE}publish").content.decode()
    monkeypatch.setattr(publishing, "publish", real)
    lead.post(f"{HERE}publish", {"checked": "yes"})
    actions.work_off()
    assert _states() == []


def test_looking_starts_what_nobody_is_at(lead: Any, started: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process was killed, the page that waits for it starts another; not where one is at work."""
    from surefoot.web import background

    lead.post(f"{HERE}publish", {"checked": "yes"})
    started.clear()
    lead.get(f"{HERE}publish")
    assert started == ["started"]
    with background._locked() as mine:
        assert mine
        lead.get(f"{HERE}publish")
    assert started == ["started"]


def test_one_process_at_a_time(lead: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one ends at once; the first prepares what came meanwhile as well."""
    from surefoot.web import actions, background

    actions.prepare_release(**ASK, final=True)
    called: list[str] = []
    monkeypatch.setattr(actions, "work_off", lambda: called.append("worked"))
    with background._locked():
        background.run()
    assert called == []


def test_open_wave_is_not_prepared(opened: Callable[..., Any]) -> None:
    """Nothing before the close, not even a draft."""
    from surefoot.web import actions

    opened()
    for final in (True, False):
        with pytest.raises(Refused, match="nothing before the close"):
            actions.prepare_release(**ASK | {"study": "staff"}, final=final)


def test_unknown_wave_is_not_found(lead: Any) -> None:
    """Neither to ask for nor to watch."""
    for address in ("/studies/tiny/waves/9/publish", "/studies/none/waves/1/publish"):
        assert lead.get(address).status_code == 404
        assert lead.post(address, {"checked": "yes"}).status_code == 404

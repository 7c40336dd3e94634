"""Studies, instruments, organisations, waves: written by verbs, frozen when they must be, in and out as a folder."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from surefoot.analyse import analyse
from surefoot.errors import BadInput, Refused
from surefoot.instrument import open_instrument
from surefoot.readers import read_study
from surefoot.study import open_study

BY = "lead@example.org"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def test_wording_is_frozen_once_links_exist(opened: Any) -> None:
    """Another instrument, or other organisations, are refused from then on; another study is the way."""
    from surefoot.web import actions

    opened(opens=False)
    with pytest.raises(Refused, match="frozen"):
        actions.choose_instrument(study="staff", instrument=open_instrument("voice"), by=BY)
    with pytest.raises(Refused, match="frozen"):
        actions.set_organisations(study="staff", organisations=[("east", "East", "", 10)], by=BY)


def test_instrument_is_known_by_its_content(web: Path, asked: Any) -> None:
    """The same words are one version, however often they are uploaded."""
    from surefoot.web import actions, models

    for slug in ("one", "two"):
        actions.add_study(slug=slug, title="T", instrument=asked, by=BY)
    assert models.Instrument.objects.count() == 1
    assert models.Instrument.objects.get().id == asked.id


@pytest.mark.parametrize("slug", ["", "Two Words", "../x", "a--b", "x" * 3 + "!"])
def test_short_name_must_be_a_name(web: Path, asked: Any, slug: str) -> None:
    """It stands in addresses and names a folder."""
    from surefoot.web import actions

    with pytest.raises(BadInput):
        actions.add_study(slug=slug, title="T", instrument=asked, by=BY)


def test_wave_needs_a_name_days_and_people(opened: Any) -> None:
    """Each wrong thing is named, and nothing is written."""
    from surefoot.web import actions, store

    opened()
    day = date(2026, 11, 25)
    with pytest.raises(BadInput, match="taken"):
        actions.plan_wave(study="staff", name="1", opens=day, closes=day, by=BY)
    with pytest.raises(BadInput, match="last day"):
        actions.plan_wave(study="staff", name="2", opens=day, closes=date(2026, 11, 24), by=BY)
    actions.plan_wave(study="staff", name="2", opens=day, closes=day, by=BY)
    with pytest.raises(Refused, match="no links"):
        actions.open_wave(study="staff", wave="2", by=BY)
    with pytest.raises(BadInput, match="line 3"):
        actions.invite(study="staff", wave="2", people=[("a", "north"), ("b", "west")], by=BY)
    assert store.wave("staff", "2").invitations == 0  # type: ignore[union-attr]


def test_study_comes_in_and_goes_out_without_loss(web: Path, tiny: Callable[..., Path], tmp_path: Path) -> None:
    """From a folder into the database and out again: the same study, the same answers, the same figures."""
    from surefoot.web import actions, store

    folder = tiny()
    actions.import_study(folder=folder, by=BY)
    out = store.materialise("tiny", tmp_path / "out", secret=False)
    assert not (out / "secret").exists()
    first, again = open_study(folder), open_study(out)
    for field in ("id", "title", "instrument", "organisations", "breakdowns", "headcount_by", "policy", "counted"):
        assert getattr(first, field) == getattr(again, field), field
    assert read_study(first)[0].digest(b"k") == read_study(again)[0].digest(b"k")
    figures = [analyse(study, now=NOW, stage_b=False).release.to_polars() for study in (first, again)]
    assert figures[0].equals(figures[1])


def test_dates_in_a_study_survive(web: Path, tiny: Callable[..., Path], tmp_path: Path) -> None:
    """A date deep in study.toml (from when answers are late) comes out as a date."""
    from surefoot.web import actions, store

    folder = tiny(change=lambda table: table.update(phase=[{"wave": "1", "late_from": date(2026, 5, 1)}]))
    actions.import_study(folder=folder, by=BY)
    out = open_study(store.materialise("tiny", tmp_path / "out"))
    assert out.phases == open_study(folder).phases
    assert out.phases[0].late_from == date(2026, 5, 1)


def test_imported_wave_is_published(client: Any, tiny: Callable[..., Path], tmp_path: Path) -> None:
    """A study that was brought in is published and read as one that was asked here; its release goes out with it."""
    from surefoot.web import actions, store
    from surefoot.web.server import bring

    lead, folder = client("programme-lead"), tiny()
    bring(folder)
    bring(folder)
    assert "publish the results" in lead.get("/studies/tiny/").content.decode()
    assert lead.post("/studies/tiny/waves/1/publish", {"checked": "yes"}).status_code == 302
    actions.work_off()
    assert "read the results" in lead.get("/studies/tiny/").content.decode()
    read = client("organisation-lead", "north").get("/studies/tiny/waves/1/release", follow=True)
    assert "Tiny study" in read.content.decode()
    assert (store.materialise("tiny", tmp_path / "out") / "releases" / "wave-1" / "release.json").is_file()


def test_imported_study_is_there_once(web: Path, tiny: Callable[..., Path]) -> None:
    """A second import of the same id is refused, not merged."""
    from surefoot.web import actions

    folder = tiny()
    actions.import_study(folder=folder, by=BY)
    with pytest.raises(BadInput, match="already"):
        actions.import_study(folder=folder, by=BY)


def test_import_stays_inside_its_folder(web: Path, tiny: Callable[..., Path]) -> None:
    """A study that names a file elsewhere is refused: it could be anybody's."""
    from surefoot.web import actions

    folder = tiny()
    (folder / "answers.csv").rename(folder.parent / "outside.csv")
    text = (folder / "study.toml").read_text()
    (folder / "study.toml").write_text(text.replace('"answers.csv"', '"../outside.csv"'))
    with pytest.raises(BadInput, match="outside"):
        actions.import_study(folder=folder, by=BY)


def test_answers_of_a_closed_wave_are_a_file(opened: Any, send: Any, tmp_path: Path) -> None:
    """What the command line reads is what people sent, with their organisation, and with no order or id."""
    from surefoot.web import actions, store

    wave = opened()
    for link in wave.links["north"][:3]:
        send(link, wave.today)
    actions.begin_second_phase(study="staff", wave="1", by=BY)
    send(wave.links["south"][0], wave.today, {"used": "no", "comment": None})
    actions.close_wave(study="staff", wave="1", by=BY)
    answers, accounts = read_study(open_study(store.materialise("staff", tmp_path / "out")))
    assert sorted(answers.codes("@organisation").tolist()) == [0, 0, 0, 1]
    assert answers.codes("hours").tolist().count(75) == 3
    assert sorted(answers.codes("@phase").tolist()) == [0, 0, 0, 1]
    assert accounts[0].kept == 4


def test_export_is_refused_before_the_close(opened: Any, send: Any, client: Any) -> None:
    """Not even the programme lead gets an answer out of an open wave; afterwards the zip is the folder."""
    from surefoot.web import actions

    wave, lead = opened(), client("programme-lead")
    send(wave.one, wave.today)
    page = lead.get("/studies/staff/export")
    assert page.status_code == 409
    assert "nothing before the close" in page.content.decode()
    actions.close_wave(study="staff", wave="1", by=BY)
    names = zipfile.ZipFile(io.BytesIO(lead.get("/studies/staff/export").content)).namelist()
    assert names == ["answers/wave-1.parquet", "governance.toml", "instrument.toml", "study.toml", "waves.toml"]


def test_whole_way_to_a_release(web: Path, client: Any) -> None:
    """A lead makes a study through the pages; people answer; it is closed, published once, read and downloaded."""
    from surefoot.web import actions
    from surefoot.web.link import Link

    lead = client("programme-lead")
    assert lead.post("/studies/new", {"slug": "ai", "title": "AI at work", "bank": "ai-baseline"}).status_code == 302
    places = SimpleUploadedFile("o.csv", b"id,name,staff\nnorth,North,200\nsouth,South,200\n")
    assert lead.post("/studies/ai/organisations", {"organisations": places}).status_code == 302
    today = timezone.localdate()
    days = {"name": "1", "opens": today.isoformat(), "closes": today.isoformat()}
    assert lead.post("/studies/ai/waves/new", days).status_code == 302
    people = "label,organisation\n" + "".join(f"=p{n},{'north' if n % 2 else 'south'}\n" for n in range(80))
    made = lead.post("/studies/ai/waves/1/invitations", {"people": SimpleUploadedFile("p.csv", people.encode())})
    links = re.findall(r"/a/([\w-]+)", made.content.decode())
    assert len(links) == 80
    assert "\n=p" not in made.content.decode().replace("\r", "")
    assert lead.post("/studies/ai/waves/1/publish", {"checked": "yes"}).status_code == 409
    actions.settle_simulated(study="ai", wave="1", by=BY)
    lead.post("/studies/ai/waves/1/open")
    for number, text in enumerate(links[:60]):
        link = Link.read(text)
        assert link
        given = {
            "understanding": "vague" if number % 2 else "good",
            "ever-used": "no",
            "balance-productivity": "benefits",
        }
        actions.submit(link=link, answers=_valid(given), today=today)
    assert lead.get("/studies/ai/waves/1/").content.decode().count(">30</td>") == 2
    lead.post("/studies/ai/waves/1/close")
    assert lead.get("/studies/ai/waves/1/release").status_code == 404
    assert lead.post("/studies/ai/waves/1/publish", {}).status_code == 400
    assert lead.post("/studies/ai/waves/1/publish", {"checked": "yes"}).status_code == 302
    assert lead.post("/studies/ai/waves/1/publish", {"checked": "yes"}).status_code == 409
    actions.work_off()
    for address in ("release/overview", "release/report"):
        assert "Final, checked by The programme-lead" in lead.get(f"/studies/ai/waves/1/{address}").content.decode()
    files = zipfile.ZipFile(io.BytesIO(lead.get("/studies/ai/waves/1/release/files").content)).namelist()
    assert {"report.html", "report.xlsx", "release.json"} <= set(files)


def _valid(given: dict[str, str]) -> dict[str, Any]:
    """Answers to questions that exist, with options that exist."""
    asked = open_instrument("ai-baseline")
    return {
        question: option if option in [o.id for o in asked[question].options] else asked[question].options[0].id
        for question, option in given.items()
        if question in asked
    }


def test_audit_log_is_a_chain(opened: Any) -> None:
    """The database refuses to change or delete an event; where the file itself is changed, the chain says so."""
    from django.db import DatabaseError, connection

    from surefoot.web import models, store

    opened()
    assert [event.action for event in store.history()][:2] == ["open-wave", "sign-item"]
    assert store.history_is_whole()
    for change in (
        lambda: models.AuditEvent.objects.filter(number=2).update(by="nobody"),
        lambda: models.AuditEvent.objects.filter(number=2).delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            change()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_no_update")
    models.AuditEvent.objects.filter(number=2).update(by="nobody")
    assert not store.history_is_whole()


def test_nothing_is_written_where_an_action_fails(opened: Any) -> None:
    """Neither the thing nor its event: they are one transaction."""
    from surefoot.web import actions, models

    opened()
    before = models.AuditEvent.objects.count()
    with pytest.raises(BadInput):
        actions.invite(study="staff", wave="1", people=[("a", "nowhere")], by=BY)
    assert models.AuditEvent.objects.count() == before


def test_only_actions_write() -> None:
    """No module outside of the actions, the audit log and the migrations saves, updates or deletes a row."""
    import surefoot.web

    folder = Path(surefoot.web.__file__).parent
    writes = re.compile(
        r"\.(save|create|bulk_create|get_or_create|update_or_create|delete|bulk_update)\(|objects.*\.update\("
    )
    found = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if writes.search(path.read_text()) and not {"actions", "migrations"} & set(path.parts)
    ]
    assert found == ["audit.py"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("north", "North", "", 20), ("north", "South", "", 30)], "id"),
        ([("north", "North", "", 20), ("south", "North", "", 30)], "name"),
    ],
)
def test_two_organisations_of_one_id_or_name(
    web: Path, asked: Any, rows: list[tuple[str, str, str, int]], said: str
) -> None:
    """Told in a sentence, and nothing of the list is kept."""
    from surefoot.errors import BadInput
    from surefoot.web import actions, store

    actions.add_study(slug="staff", title="Staff survey", instrument=asked, by="lead@example.org")
    with pytest.raises(BadInput, match=f"list of organisations, {said}: found .* twice"):
        actions.set_organisations(study="staff", organisations=rows, by="lead@example.org")
    assert list(store.organisations("staff")) == []

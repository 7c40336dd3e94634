"""Publishing: drafts and final releases, never half a report, never over something else, and nothing secret inside."""

import csv
import io
import json
import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape

from surefoot.errors import BadInput, Refused
from surefoot.publication import Publication, publish
from surefoot.release import Release, read_release, write_release
from surefoot.report import exports
from surefoot.study import open_study

Tiny = Callable[..., Path]
NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
FILES = ["release.json", "report.html", "report.xlsx", "tables"]


def published(study: Path, folder: Path, **options: Any) -> Publication:
    """A publication of a study's folder at a known time."""
    return publish(open_study(study), folder, now=NOW, **options)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path there."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# Draft and final ------------------------------------------------------------------------------------------------------


def test_draft_is_no_release(tiny: Tiny, tmp_path: Path) -> None:
    """A draft says so and leaves nothing in the study's releases."""
    study = tiny()
    made = published(study, tmp_path / "report")
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == FILES
    assert "Draft, not a release" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert not (study / "releases").exists()
    assert made.lines()[0] == "Draft report: Tiny study, wave 1."
    assert made.to_json()["final"] is False


def test_final_is_kept(tiny: Tiny, tmp_path: Path) -> None:
    """A final release names its checker and is kept beside the answers, equal to what was handed out."""
    study = tiny()
    made = published(study, tmp_path / "report", final_by="Sam Okoro")
    kept = study / "releases" / "wave-1" / "release.json"
    assert kept.read_bytes() == (tmp_path / "report" / "release.json").read_bytes()
    assert read_release(kept).stamp == made.analysis.release.stamp
    assert "Final, checked by Sam Okoro" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_final_twice_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    """The kept release stays as it is, and no second report is written."""
    study = tiny()
    published(study, tmp_path / "one", final_by="Sam")
    before = contents(study / "releases")
    with pytest.raises(Refused, match="wave 1 has a final release already"):
        published(study, tmp_path / "two", final_by="Sam")
    assert contents(study / "releases") == before
    assert not (tmp_path / "two").exists()


def test_each_wave_has_its_final_release(tiny: Tiny, tmp_path: Path) -> None:
    """Waves are published one by one; the last one where none is named."""
    sources = [{"file": "answers.csv", "wave": "autumn 2026"}, {"file": "answers.csv", "wave": 2}]
    study = tiny(change=lambda table: table.update(source=sources))
    assert published(study, tmp_path / "two", final_by="Sam").analysis.wave == "2"
    assert published(study, tmp_path / "one", wave="autumn 2026", final_by="Sam").analysis.wave == "autumn 2026"
    assert sorted(path.name for path in (study / "releases").iterdir()) == ["wave-2", "wave-autumn 2026"]


def test_misspelt_organisation_of_one_wave(tiny: Tiny, tmp_path: Path) -> None:
    """It stops the final release of its own wave alone."""
    sources = [{"file": "answers.csv", "wave": 1}, {"file": "second.csv", "wave": 2}]
    study = tiny(change=lambda table: table.update(source=sources))
    text = (study / "answers.csv").read_text(encoding="utf-8")
    (study / "second.csv").write_text(text.replace("south,", "sought,"), encoding="utf-8")
    with pytest.raises(Refused, match='called "sought"'):
        published(study, tmp_path / "two", final_by="Sam")
    assert published(study, tmp_path / "one", wave="1", final_by="Sam").unmatched == ()
    assert published(study, tmp_path / "two", final_by="Sam", accept_left_out=True).unmatched == ('"sought"',)


TINY = ("role", "balance-productivity", "used", "comment")


def test_many_organisations_that_are_not_in_the_study(tiny: Tiny, tmp_path: Path) -> None:
    """Twenty are told, and how many more there are; JSON has all of them."""
    study = tiny(change=lambda table: table.update(source=[{"file": "answers.csv", "mapping": "m.toml"}]))
    rows = (study / "answers.csv").read_text(encoding="utf-8").splitlines()
    known = "".join(f'[columns."{name}"]\nquestion = "{name}"\n' for name in rows[0].split(",") if name in TINY)
    organisation = '[columns.organisation]\nrole = "organisation"\n'
    (study / "m.toml").write_text(f'schema = "surefoot/mapping/1"\n{organisation}{known}', encoding="utf-8")
    other = [line.replace("south,", f"org{n},") for n, line in enumerate(r for r in rows if r.startswith("south,"))]
    (study / "answers.csv").write_text("\n".join([*rows, *other[:35]]) + "\n", encoding="utf-8")
    with pytest.raises(Refused, match="and 15 more") as refused:
        published(study, tmp_path / "final", final_by="Sam")
    assert refused.value.reason.count('"org') == 20
    found = published(study, tmp_path / "draft")
    assert len(found.to_json()["organisations_not_in_the_study"]) == 35
    assert any(line.count('"org') == 20 and " and 15 more; known: " in line for line in found.lines())


@pytest.mark.parametrize("name", ["", " ", "\t"])
def test_final_by_nobody_is_refused(tiny: Tiny, tmp_path: Path, name: str) -> None:
    """The Python call asks for a name as the command does."""
    with pytest.raises(Refused, match="named checker"):
        published(tiny(), tmp_path / "report", final_by=name)
    assert not (tmp_path / "report").exists()


@pytest.mark.parametrize("people", [1, 9, 20])
def test_too_few_for_any_figure(tiny: Tiny, tmp_path: Path, people: int) -> None:
    """A draft is made and says that nothing can be shown; a final release of nothing is refused."""
    study = tiny(people=people)
    made = published(study, tmp_path / "report")
    assert made.to_json()["shown"] == 0
    assert any(line.startswith("  No figure can be shown: no question has 11 answers") for line in made.lines())
    html = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "No answer can be shown on" in html
    with pytest.raises(Refused, match="a release shows something"):
        published(study, tmp_path / "final", final_by="Sam")
    assert not (tmp_path / "final").exists()
    assert not (study / "releases").exists()


# Never half, never over something else --------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", [KeyboardInterrupt, OSError(28, "No space left on device"), RuntimeError])
def test_interrupted_report_leaves_the_earlier_one(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Any
) -> None:
    """Ctrl-C, a full disk or a bug while writing: the earlier report is as it was, and nothing lies beside it."""
    study = tiny()
    published(study, tmp_path / "out" / "report")
    before = contents(tmp_path / "out")

    def fail(*_: object) -> list[Path]:
        raise problem

    monkeypatch.setattr(exports, "EXPORTS", {**exports.EXPORTS, ".json": fail})
    with pytest.raises(BadInput if isinstance(problem, OSError) else problem) as raised:
        published(study, tmp_path / "out" / "report", final_by="Sam")
    assert "No space left" in str(raised.value) or not isinstance(problem, OSError)
    assert contents(tmp_path / "out") == before
    assert not (study / "releases").exists()


def test_ctrl_c_is_no_traceback(surefoot: Any, tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops a command sees no traceback, and finds nothing half-written."""

    def fail(*_: object) -> list[Path]:
        raise KeyboardInterrupt

    study = tiny()
    monkeypatch.setattr(exports, "EXPORTS", {".html": exports.EXPORTS[".html"], ".json": fail})
    run = surefoot("report", study, "--out", tmp_path / "report")
    assert run.code in {1, 130}
    assert run.out == ""
    assert run.err.strip() in {"", "Aborted!"}
    assert list(tmp_path.iterdir()) == [study]


def test_other_files_are_never_replaced(tiny: Tiny, tmp_path: Path) -> None:
    """A folder that holds anything but a report is left alone: a study, its parent, or somebody's work."""
    study = tiny()
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "report.html").write_text("mine", encoding="utf-8")
    before = {name: data for name, data in contents(tmp_path).items() if "cache" not in name and "secret" not in name}
    for folder in (study, tmp_path, tmp_path / "work", study / "study.toml"):
        with pytest.raises(BadInput):
            published(study, folder)
    after = {name: data for name, data in contents(tmp_path).items() if "cache" not in name and "secret" not in name}
    assert after == before


def test_kept_releases_are_never_replaced(tiny: Tiny, tmp_path: Path) -> None:
    """A draft written over the final release would pass for it."""
    study = tiny()
    published(study, tmp_path / "report", final_by="Sam")
    before = contents(study / "releases")
    for folder in (study / "releases" / "wave-1", study / "releases", study / "releases" / "new"):
        with pytest.raises(BadInput, match="the place of final releases"):
            published(study, folder)
    assert contents(study / "releases") == before


def test_report_through_a_link(tiny: Tiny, tmp_path: Path) -> None:
    """A link to a folder stays one, and the report is where it leads."""
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to("target")
    published(tiny(), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert sorted(path.name for path in (tmp_path / "target").iterdir()) == FILES


def test_report_again_replaces_it(tiny: Tiny, tmp_path: Path) -> None:
    """The same answers give the same files, and the tables of questions that are gone do not stay."""
    study = tiny()
    published(study, tmp_path / "report")
    before = contents(tmp_path / "report")
    (tmp_path / "report" / "tables" / "old.csv").write_text("x", encoding="utf-8")
    published(study, tmp_path / "report")
    after = contents(tmp_path / "report")
    assert set(after) == set(before)
    assert after["release.json"] == before["release.json"]
    assert after["report.html"] == before["report.html"]


# Nothing secret -------------------------------------------------------------------------------------------------------


def test_secret_and_cache_stay_with_the_study(tiny: Tiny, tmp_path: Path) -> None:
    """The secret is for its owner alone; neither it nor the cache is in the report or in the kept release."""
    study = tiny()
    published(study, tmp_path / "report", final_by="Sam")
    secret = (study / "secret").read_text(encoding="ascii").strip().encode()
    kept = [path.stem.encode() for path in (study / ".surefoot-cache").iterdir()]
    assert stat.S_IMODE((study / "secret").stat().st_mode) == 0o600
    assert kept
    for data in (*contents(tmp_path / "report").values(), *contents(study / "releases").values()):
        assert not any(word in data for word in (secret, *kept))
    assert "secret" not in {Path(name).name for name in contents(tmp_path / "report")}


def test_cache_tells_no_answer(tiny: Tiny, tmp_path: Path) -> None:
    """It holds places and reasons under names that follow from the secret: no group, no count, no answer."""
    one, other = tiny("one", people=60), tiny("other", people=60)
    names = []
    for study in (one, other):
        published(study, tmp_path / "report")
        cached = contents(study / ".surefoot-cache")
        names.append(set(cached))
        assert all(re.fullmatch(r"[0-9a-f]{64}\.json", name) for name in cached)
        for data in cached.values():
            for entry in json.loads(data):  # the place of a shown group, or of a hidden one with the reason
                place, reason = entry if isinstance(entry, list) else (entry, "shown")
                assert isinstance(place, int)
                assert reason in {"shown", "small", "alike", "secondary", "cross"}
    assert not names[0] & names[1]


# Hostile words --------------------------------------------------------------------------------------------------------

HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", '=HYPERLINK("http://x.test","y")')
MARKUP = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</title></table>&amp;", "{{ 7 * 7 }}")


def renamed(title: str, organisation: str, people: str) -> Callable[[dict[str, Any]], None]:
    """A change of the words in study.toml."""

    def change(table: dict[str, Any]) -> None:
        table["title"], table["people"] = title, people
        table["organisation"][0]["name"] = organisation

    return change


def reworded(question: str, group: str, option: str) -> Callable[[dict[str, Any]], None]:
    """A change of the words in the instrument."""

    def change(table: dict[str, Any]) -> None:
        table["question"][1]["text"] = question
        table["scale"][0]["options"][0]["text"] = group
        table["scale"][1]["options"][0]["text"] = option

    return change


def cells_of(workbook: Path) -> list[Any]:
    """Every cell of a workbook that holds anything."""
    from openpyxl import load_workbook

    book = load_workbook(workbook)
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize(("first", "second"), [(0, 1), (2, 3), (4, 5)])
def test_formulas_stay_text(tiny: Tiny, tmp_path: Path, first: int, second: int) -> None:
    """Words that begin like a formula are words in every file that a spreadsheet opens."""
    one, two = HOSTILE[first], HOSTILE[second]
    published(tiny(change=renamed(one, two, one), asking=reworded(one, two, two)), tmp_path / "report")
    tables = (path.read_text(encoding="utf-8") for path in (tmp_path / "report" / "tables").iterdir())
    texts = [cell for table in tables for row in csv.reader(io.StringIO(table, newline="")) for cell in row]
    assert f"'{two}" in texts
    assert not [text for text in texts if text[:1] in tuple("=+-@\t\r") and not re.fullmatch(r"-?[\d.]+|", text)]
    cells = cells_of(tmp_path / "report" / "report.xlsx")
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert any(two.strip() in str(cell.value) for cell in cells)


@pytest.mark.parametrize("words", MARKUP)
def test_markup_stays_text(tiny: Tiny, tmp_path: Path, words: str) -> None:
    """Words that look like HTML or a template are escaped wherever they stand."""
    published(tiny(change=renamed(words, words, words), asking=reworded(words, words, words)), tmp_path / "report")
    html = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "<img" not in html
    assert words not in html or words.startswith("{{")
    assert str(escape(words)) in html
    assert html.count("</title>") == html.count("<title")
    assert html.count("</table>") == html.count("<table")


# Attacked and revised -------------------------------------------------------------------------------------------------


def test_final_that_gives_something_away_is_refused(
    tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the independent attacker breaks is not kept, and no report of it is written."""
    study = tiny()

    def spoilt(release: Release, folder: Path) -> Path:
        path = write_release(release, folder)
        table = json.loads(path.read_text(encoding="utf-8"))
        table["figures"][0]["count"] = 17
        path.write_text(json.dumps(table), encoding="utf-8")
        return path

    monkeypatch.setattr("surefoot.publication.write_release", spoilt)
    with pytest.raises(Refused, match="withstands attack"):
        published(study, tmp_path / "report", final_by="Sam")
    assert not (study / "releases").exists()
    assert not (tmp_path / "report").exists()


def test_final_revised_with_enough_new_people(tiny: Tiny, tmp_path: Path) -> None:
    """A revision names its reason, follows the stamp of the first, and keeps the first; no digest is in either."""
    study = tiny(people=280)
    first = published(study, tmp_path / "one", final_by="Sam").analysis.release
    private = study / "private" / "people-wave-1.json"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    tiny(people=340)
    made = published(study, tmp_path / "two", final_by="Ada", revises="a late file came")
    kept = study / "releases" / "wave-1"
    assert read_release(kept).earlier_releases == (first.stamp,)
    assert (read_release(kept).checked_by, read_release(kept).revises) == ("Ada", "a late file came")
    assert read_release(kept / "revisions" / "1").stamp == first.stamp
    assert "revised: a late file came" in (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    digest = json.loads(private.read_text(encoding="utf-8"))["rows"][0]
    assert not any(digest.encode() in content for content in contents(tmp_path / "two").values())
    assert made.signed_by == "Ada"


@pytest.mark.parametrize(
    ("people", "why"), [(303, "fewer than 11 people were added"), (300, "nobody was added or removed")]
)
def test_revision_with_few_new_people_is_refused(tiny: Tiny, tmp_path: Path, people: int, why: str) -> None:
    """Three people more, or nobody, and the wave keeps the release that it has."""
    study = tiny(people=300)
    published(study, tmp_path / "one", final_by="Sam")
    before = contents(study / "releases")
    tiny(people=people)
    with pytest.raises(Refused, match=why):
        published(study, tmp_path / "two", final_by="Sam", revises="again")
    assert contents(study / "releases") == before


def test_revision_of_nothing_is_refused(tiny: Tiny, tmp_path: Path) -> None:
    """A reason to revise is for a wave that has a final release, and is not empty."""
    study = tiny()
    with pytest.raises(Refused, match="has no final release"):
        published(study, tmp_path / "one", final_by="Sam", revises="again")
    published(study, tmp_path / "one", final_by="Sam")
    with pytest.raises(Refused, match="needs a reason"):
        published(study, tmp_path / "two", final_by="Sam", revises=" ")


def test_revision_needs_the_digests(tiny: Tiny, tmp_path: Path) -> None:
    """Without the digests of the first release nobody can say who was added."""
    study = tiny()
    published(study, tmp_path / "one", final_by="Sam")
    (study / "private" / "people-wave-1.json").unlink()
    with pytest.raises(BadInput, match="no digests"):
        published(study, tmp_path / "two", final_by="Sam", revises="again")

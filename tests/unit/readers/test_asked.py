"""Several wordings of one question: aligned by the kept mapping, and shown as differing wherever the question is."""

from pathlib import Path

from surefoot.analyse import analyse
from surefoot.instrument import instrument_from_table
from surefoot.readers import read, read_study
from surefoot.release import read_release, write_release
from surefoot.report.reading import Reading
from surefoot.report.views import question_graph
from surefoot.responses import read_responses, write_responses
from surefoot.study import Organisation, Source, Study

INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1", "name": "x", "title": "x",
        "scale": [
            {"id": "used", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
            {"id": "tools", "options": [{"id": "chat", "text": "Chat"}, {"id": "notes", "text": "Notes"}]},
        ],
        "question": [
            {"id": "used", "kind": "single", "text": "Have you used AI?", "scale": "used"},
            {"id": "tools", "kind": "multi", "text": "Which tools?", "scale": "tools"},
            {"id": "again", "kind": "single", "text": "Would you use it again?", "scale": "used"},
        ],
    }
)  # fmt: skip
MAPPING = """schema = "surefoot/mapping/1"
[columns."Did you ever try an AI tool at work?"]
question = "used"
[columns."What did you try? [Chat]"]
question = "tools"
option = "chat"
[columns."What did you try? [Notes]"]
question = "tools"
option = "notes"
"""
ROWS = {"oak": "Have you used AI?,Would you use it again?\n", "elm": "Did you ever try an AI tool at work?,"
        "What did you try? [Chat],What did you try? [Notes]\n"}  # fmt: skip


def study(folder: Path, people: int = 20) -> Study:
    """Two organisations, one of which asked in other words, and left a question out."""
    (folder / "oak.csv").write_text(ROWS["oak"] + "Yes,No\nNo,Yes\n" * (people // 2))
    (folder / "elm.csv").write_text(ROWS["elm"] + "Yes,1,0\nNo,0,1\n" * (people // 2))
    (folder / "m.toml").write_text(MAPPING)
    sources = (Source("oak.csv", organisation="oak"), Source("elm.csv", organisation="elm", mapping="m.toml"))
    organisations = (Organisation("oak", "Oak House"), Organisation("elm", "Elm Surgery"))
    return Study("s", "S", INSTRUMENT, organisations, sources=sources, folder=folder)


def test_wordings_that_differ_are_kept_with_who_asked(tmp_path: Path) -> None:
    """Only what is not the instrument's wording is kept; a code or an id is none; a file keeps it."""
    made, accounts = read_study(study(tmp_path))
    expected = {
        "used": {"Did you ever try an AI tool at work?": ("elm",)},
        "tools": {"What did you try?": ("elm",)},
    }
    assert made.wordings == expected
    assert next(q.asked_as for q in accounts[1].questions) == ("Did you ever try an AI tool at work?",)
    assert any('asked in other words: "What did you try?"' in line for line in accounts[1].lines())
    assert accounts[0].absent == ("tools",)
    write_responses(made, tmp_path / "made.parquet")
    assert read_responses(tmp_path / "made.parquet").wordings == expected


def test_the_same_words_are_no_other_wording(tmp_path: Path) -> None:
    """Case, spacing, closing signs and ids make no other wording."""
    path = tmp_path / "a.csv"
    for header in ("have you  used ai?", "used", "Have you used AI?"):
        path.write_text(f"{header},x\nYes,1\n")
        made = read(path, instrument=INSTRUMENT).responses
        assert made.wordings == {}


def test_reports_say_who_asked_in_other_words(tmp_path: Path) -> None:
    """The note below a question's graph names them; a release keeps it."""
    analysis = analyse(study(tmp_path))
    write_release(analysis.release, tmp_path / "release")
    reading = Reading(read_release(tmp_path / "release"))
    assert reading.release.wordings == analysis.release.wordings
    note = question_graph(reading, INSTRUMENT["used"]).note
    assert "Asked in other words by Elm Surgery: “Did you ever try an AI tool at work?”" in note
    assert "other words" not in question_graph(reading, INSTRUMENT["again"]).note


def test_organisations_that_are_not_shown_are_not_named(tmp_path: Path) -> None:
    """Whether an organisation with few answers sent a file is not told by its wording either."""
    small = study(tmp_path)
    (tmp_path / "elm.csv").write_text(ROWS["elm"] + "Yes,1,0\n" * 5)
    assert analyse(small).release.wordings == {}

"""A new study folder, and the preview of which breakdowns could be shown."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import BadInput
from surefoot.instrument import open_instrument
from surefoot.readers import example, open_mapping, read
from surefoot.scaffold import preview, preview_lines, scaffold
from surefoot.study import Counted, open_study

Tiny = Callable[..., Path]
TODAY = date(2026, 10, 17)


def test_new_study_is_a_study(tmp_path: Path) -> None:
    """It opens as it is, with the survey of the bank, two organisations as an example, and the first of the month."""
    path = scaffold(tmp_path / "our-study", today=TODAY).path
    study = open_study(path)
    assert path == tmp_path / "our-study" / "study.toml"
    assert (study.id, study.instrument.name) == ("our-study", "ai-baseline")
    assert [breakdown.id for breakdown in study.breakdowns] == ["role-group", "contact"]
    assert (study.frame_date, study.counted) == (None, None)
    text = path.read_text(encoding="utf-8")
    assert "# frame_date = 2026-10-01  # fill in" in text and "# counted = { bank = true" in text
    filled = text.replace("# frame_date", "frame_date").replace("# counted", "counted")
    path.write_text(filled, encoding="utf-8")
    assert (open_study(path).frame_date, open_study(path).counted) == (date(2026, 10, 1), Counted())
    assert [organisation.staff for organisation in study.organisations] == [80, 350]
    assert not (path.parent / "secret").exists()


@pytest.mark.parametrize(("name", "found"), [("Café & soins", "café---soins"), ("∆", "study"), ("A_b.2", "a-b-2")])
def test_folder_of_any_name(tmp_path: Path, name: str, found: str) -> None:
    """The id follows from the folder's name; the commands in the header can be pasted."""
    path = scaffold(tmp_path / name, today=TODAY).path
    assert open_study(path).id == found
    header = path.read_text(encoding="utf-8").partition("\n\n")[0]
    assert (f"surefoot report '{tmp_path / name}' --out" in header) == (name != "A_b.2")


def test_answers_give_instrument_and_mapping(tmp_path: Path) -> None:
    """From answers alone: questions are inferred, the file stays where it is, and it can be reported at once."""
    answers = example(tmp_path / "exports")[0]
    made = scaffold(tmp_path / "our study", today=TODAY, answers=[answers], by=["have-you-ever-used-an-ai-tool"])
    path, study = made.path, open_study(made.path)
    assert made.unsure == read(answers).account.unsure
    assert study.sources[0].file == "../exports/answers.csv"
    assert study.sources[0].mapping == "mappings/answers.toml"
    assert study.people == "people"
    assert "how-well-do-you-understand-ai" in study.instrument
    assert sorted(found.name for found in path.parent.rglob("*") if found.is_file()) == [
        "answers.toml",
        "instrument.toml",
        "study.toml",
    ]


def test_answers_that_surefoot_wrote(surefoot: Any, odd_answers: Path, tmp_path: Path) -> None:
    """They carry their instrument and need no mapping."""
    read(odd_answers).save(out=tmp_path / "own.parquet")
    made = scaffold(tmp_path / "own", today=TODAY, answers=[tmp_path / "own.parquet"], by=["employer"])
    assert open_study(made.path).sources[0].mapping is None
    assert surefoot("report", tmp_path / "own", "--out", tmp_path / "report").code == 0


@pytest.mark.parametrize("name", ["EMPLOYER", "employer", " Employer "])
def test_by_column_header_in_any_case(odd_answers: Path, tmp_path: Path, name: str) -> None:
    """Who has only the file knows its headers, not the ids that are made of them."""
    made = scaffold(tmp_path / "own", today=TODAY, answers=[odd_answers], by=[name, "employer"])
    assert [breakdown.id for breakdown in open_study(made.path).breakdowns] == ["employer"]


def test_by_a_header_that_is_no_id(tmp_path: Path) -> None:
    """The header of a long question stands for its id."""
    (tmp_path / "a.csv").write_text("Your employer?,x\n" + "Trust,1\nCouncil,2\n" * 30, encoding="utf-8")
    made = scaffold(tmp_path / "own", today=TODAY, answers=[tmp_path / "a.csv"], by=["your Employer?"])
    assert [breakdown.id for breakdown in open_study(made.path).breakdowns] == ["your-employer"]


def test_by_a_misspelt_question(tmp_path: Path) -> None:
    """The nearest ids are named."""
    with pytest.raises(BadInput, match="; nearest: role-group"):
        scaffold(tmp_path / "own", today=TODAY, by=["role-gruop"])


def test_copied_instrument_is_the_same(surefoot: Any, tmp_path: Path) -> None:
    """The study points to the copy, whose id is that of the bank's; one that is there is not written over."""
    assert surefoot("new", tmp_path / "own", "--copy-instrument").code == 0
    assert 'instrument = "instrument.toml"' in (tmp_path / "own" / "study.toml").read_text(encoding="utf-8")
    assert open_study(tmp_path / "own").instrument.id == open_instrument("ai-baseline").id
    (tmp_path / "own" / "study.toml").unlink()
    assert surefoot("new", tmp_path / "own", "--copy-instrument").code == 2


@pytest.mark.parametrize("answers", [True, False])
def test_title_is_the_user_s(tmp_path: Path, answers: bool) -> None:
    """The report has the title that was asked for; one without a word is refused before anything is made."""
    files = example(tmp_path / "exports") if answers else []
    made = scaffold(tmp_path / "titled", today=TODAY, answers=files[:1], title=" What analysts need ")
    assert open_study(made.path).title == "What analysts need"
    with pytest.raises(BadInput, match="--title: found a title without a word"):
        scaffold(tmp_path / "untitled", today=TODAY, answers=files[:1], title=" ")
    assert not (tmp_path / "untitled").exists()


EMPLOYERS = ["NHS England", "NHSE", "Trust", "Council"]
ODD = {5: "1 ~2", 70: "9" * 30, 90: "-"}


@pytest.fixture
def odd_answers(tmp_path: Path) -> Path:
    """Employers written in several ways, and years of which some are no numbers."""
    rows = [f"{EMPLOYERS[row % 4]},{ODD.get(row, row % 37)}" for row in range(160)]
    path = tmp_path / "odd.csv"
    path.write_text("employer,years\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_cells_without_a_meaning_count_as_unknown(surefoot: Any, odd_answers: Path, tmp_path: Path) -> None:
    """A study that was inferred can be reported at once: what could not be understood is decided in its mapping."""
    assert surefoot("new", tmp_path / "odd", "--answers", odd_answers, "--by", "employer").code == 0
    values = open_mapping(tmp_path / "odd" / "mappings" / "answers.toml").columns["years"].values
    assert values == {"1 ~2": "unknown", "9" * 30: "unknown", "-": "not-answered"}
    assert surefoot("report", tmp_path / "odd", "--out", tmp_path / "report").code == 0


def test_spellings_are_merged_in_the_mapping(surefoot: Any, odd_answers: Path, tmp_path: Path) -> None:
    """Two cells with one id are one option; the other is gone from the report with its entry in instrument.toml."""
    study = scaffold(tmp_path / "merged", today=TODAY, answers=[odd_answers], by=["employer"]).path.parent
    changes = {
        "mappings/answers.toml": ('NHSE = "nhse"', 'NHSE = "nhs-england"'),
        "instrument.toml": ('    { id = "nhse", text = { en = "NHSE" } },\n', ""),
    }
    for name, (before, after) in changes.items():
        text = (study / name).read_text(encoding="utf-8")
        assert text.count(before) == 1
        (study / name).write_text(text.replace(before, after), encoding="utf-8")
    assert surefoot("report", study, "--out", tmp_path / "report").code == 0
    release = json.loads((tmp_path / "report" / "release.json").read_text(encoding="utf-8"))
    assert "nhse" not in json.dumps(release)


def test_own_instrument_is_reached_from_the_study(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of an instrument is as the user typed it; in the study it leads there from its folder."""
    tiny("elsewhere")
    monkeypatch.chdir(tmp_path)
    made = scaffold(Path("deep/our-study"), today=TODAY, instrument="elsewhere/instrument.toml", by=["role"])
    assert open_study(made.path).instrument.name == "tiny"
    assert made.unsure == ()


def test_by_a_question_that_cannot_be(tmp_path: Path) -> None:
    """Only a single-choice question breaks answers down; nothing is made otherwise."""
    for name in ("nope", "tools", "comment"):
        with pytest.raises(BadInput, match=f'--by: found "{name}"; expected a single-choice question'):
            scaffold(tmp_path / "our-study", today=TODAY, by=[name])
    assert not (tmp_path / "our-study").exists()


@pytest.mark.parametrize("name", ["study.toml", "instrument.toml", "mappings/answers.toml"])
def test_nothing_is_written_over(tmp_path: Path, name: str) -> None:
    """What the user edited is the user's."""
    answers = example(tmp_path / "exports")[0]
    mine = tmp_path / "our-study" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="found a file that is there already"):
        scaffold(tmp_path / "our-study", today=TODAY, answers=[answers])
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "options", [{"instrument": "nope"}, {"instrument": "nope.toml"}, {"answers": [Path("nope.csv")]}]
)
def test_input_that_is_not_there(tmp_path: Path, options: dict[str, Any]) -> None:
    """Nothing is made where something to make it from is missing."""
    with pytest.raises(BadInput):
        scaffold(tmp_path / "our-study", today=TODAY, **options)
    assert not (tmp_path / "our-study").exists()


# Preview --------------------------------------------------------------------------------------------------------------


def test_preview_shows_more_at_a_better_response(tiny: Tiny) -> None:
    """At 30, 50 and 70 %: each group is shown or hidden, and a group of 20 staff needs a good response."""

    def with_a_small_group(table: dict[str, Any]) -> None:
        table["organisation"] = [
            {"id": "north", "headcount": {"care": 400, "desk": 12}},
            {"id": "south", "headcount": {"care": 380, "desk": 8}},
        ]

    study = open_study(tiny(change=with_a_small_group))
    found = list(preview(study))
    assert [each.rate for each in found] == [0.3, 0.5, 0.7]
    assert len({len(each.shown) + len(each.hidden) for each in found}) == 1
    assert "role=desk" in found[0].to_json()["hidden"]  # type: ignore[operator]
    assert "role=desk" in found[2].to_json()["shown"]  # type: ignore[operator]
    lines = list(preview_lines(study, found))
    assert any(line.startswith("  role at 30%: ") and "; not " in line and "desk" in line for line in lines)
    assert "  role at 70%: 2 of 2" in lines
    assert lines[-1] == "A group needs 11 answers, and enough others beside it."


def test_preview_leaves_out_what_a_report_leaves_out(tiny: Tiny) -> None:
    """A few people in a small organisation go into no figure, so no other organisation is hidden for their sake."""

    def with_a_small_organisation(table: dict[str, Any]) -> None:
        table["organisation"].append({"id": "east", "headcount": {"care": 9}})

    for each in preview(open_study(tiny(change=with_a_small_organisation))):
        assert [group.code for group in each.hidden if group.breakdown == "organisation"] == ["east"]


def test_preview_of_a_cross_with_a_question(tiny: Tiny) -> None:
    """Both questions of a cross are imagined, also where the outer one is no breakdown itself."""
    crossed = [{"question": "role", "crossed_with": "used"}]
    study = open_study(tiny(change=lambda table: table.update(breakdown=crossed)))
    assert len([group for group in list(preview(study))[2].shown if group.breakdown == "used.role"]) == 4


def test_preview_does_not_know_groups_without_headcounts(surefoot: Any, tiny: Tiny) -> None:
    """A breakdown whose groups nobody counted has no number of groups that could be shown."""
    folder = tiny(change=lambda table: table.update(breakdown=[{"question": "role"}, {"question": "used"}]))
    study = open_study(folder)
    lines = list(preview_lines(study, list(preview(study))))
    assert "  used: not known: no headcounts for this breakdown" in lines
    assert not any(line.startswith("  used at") for line in lines)
    assert any(line.startswith("  role at 70%: ") for line in lines)
    assert json.loads(surefoot("new", folder, "--json").out)["not_known"] == ["used"]


def test_preview_is_the_same_each_time(tiny: Tiny) -> None:
    """Nobody should run it until it says what was hoped for."""
    study = open_study(tiny())
    assert list(preview(study)) == list(preview(study))


def test_preview_without_headcounts(tiny: Tiny) -> None:
    """Without headcounts there is nothing to preview with, and the sentence says what is needed."""
    ids = [{"id": "north"}, {"id": "south"}]
    study = open_study(tiny(change=lambda table: table.update(organisation=ids)))
    with pytest.raises(BadInput, match="found no headcounts; expected headcount = "):
        list(preview(study))
    assert list(preview_lines(study, [])) == ["No organisations are named, so there are no headcounts to preview with."]


@pytest.mark.parametrize("option", ["--instrument", "--answers", "--by", "--title"])
def test_new_does_not_pass_over_what_was_asked(surefoot: Any, tiny: Tiny, option: str) -> None:
    """A study that is there is previewed, not changed; who asks for a change is told so."""
    study = tiny()
    before = (study / "study.toml").read_bytes()
    run = surefoot("new", study, option, "role")
    assert run.code == 2
    assert run.sentence().startswith(f"{study / 'study.toml'}: found a study that is there already")
    assert (study / "study.toml").read_bytes() == before


def test_new_on_the_command_line(surefoot: Any, tmp_path: Path) -> None:
    """The first run makes the study and the second previews it; inferred questions come with advice."""
    first = surefoot("new", tmp_path / "our-study")
    assert first.out.startswith(f"Made {tmp_path / 'our-study' / 'study.toml'}: say there who is asked")
    assert surefoot("new", tmp_path / "our-study").out.startswith("Study: AI in our services")
    answers = example(tmp_path / "exports")[0]
    inferred = surefoot("new", tmp_path / "inferred", "--answers", answers)
    assert "Its questions are inferred. Unsure, to be mended in instrument.toml and mappings/answers.toml:\n  " in (
        inferred.out
    )
    assert all(f"\n  {sentence}\n" in inferred.out for sentence in read(answers).account.unsure)
    told = surefoot("new", tmp_path / "told", "--answers", answers, "--json").out
    assert json.loads(told)["unsure"] == list(read(answers).account.unsure)
    assert surefoot("report", tmp_path / "inferred", "--out", tmp_path / "report").code == 0

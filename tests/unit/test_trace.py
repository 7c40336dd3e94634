"""From a figure's id back to its answers, and forward again: equal, different, or not shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from surefoot.errors import BadInput
from surefoot.publication import publish
from surefoot.release import Figure, Group, Release
from surefoot.study import open_study
from surefoot.trace import trace

Tiny = Callable[..., Path]
QUESTION = "balance-productivity"


def released(study: Path, folder: Path, *, final: bool = True) -> Release:
    """The release of a study, final or a draft, with its report in a folder."""
    return publish(open_study(study), folder, final_by="Sam" if final else None).analysis.release


def figure(release: Release, selector: str, **about: Any) -> Figure:
    """A share of the question about the back office."""
    found = release.figure(QUESTION, selector=selector, **about)
    assert found is not None
    return found


def answer_otherwise(study: Path, people: int) -> None:
    """Let some people who saw risks see benefits."""
    path = study / "answers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",risks,", ",benefits,", people), encoding="utf-8")


def test_every_figure_is_equal(tiny: Tiny, tmp_path: Path) -> None:
    """Made again from the same answers, a figure is what was released; the trace says from what."""
    study = tiny()
    release = released(study, tmp_path / "report")
    for one in release.figures[::7]:
        assert trace(one.id, study).verdict == "equal"
    found = trace(figure(release, "benefits").id, study)
    facts = dict(found.facts)
    assert facts["question"] == "AI in the back office"
    assert facts["group"] == "all"
    assert facts["release"] == str(study / "releases" / "wave-1" / "release.json")
    assert facts["answers from answers.csv"] == "300 rows read, 300 kept, excluded: none"
    assert found.lines()[-1] == "equal"
    assert found.released == found.recomputed
    assert found.released is not None and found.released["base"] == 300
    assert json.loads(json.dumps(found.to_json()))["verdict"] == "equal"


def test_changed_answers_are_different(tiny: Tiny, tmp_path: Path) -> None:
    """What the changed answers reach is different, and nothing else is."""
    study = tiny()
    release = released(study, tmp_path / "report")
    answer_otherwise(study, 40)
    verdicts = {name: trace(figure(release, name).id, study).verdict for name in ("benefits", "risks", "equal")}
    assert verdicts == {"benefits": "different", "risks": "different", "equal": "equal"}
    found = trace(figure(release, "benefits").id, study)
    assert found.lines()[-1] == "different"
    assert found.released != found.recomputed


def test_hidden_figure_is_suppressed(tiny: Tiny, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a figure that is not shown nothing is told, and the answers are not even read."""
    study = tiny(answers=unequal(9, 150))
    release = released(study, tmp_path / "report")
    hidden = figure(release, "benefits", group=Group("organisation", "north"))
    monkeypatch.setattr("surefoot.trace.analyse", None)
    found = trace(hidden.id, study)
    assert found.verdict == "suppressed"
    assert found.released is None and found.recomputed is None
    assert found.lines()[-1] == "suppressed: this figure is not shown, to protect a small group"
    assert not any("9" in text.split() for _, text in found.facts)


def unequal(north: int, south: int) -> str:
    """Answers of few people from one organisation and many from the other."""
    balance = ("benefits", "equal", "risks", "dont-know-enough", "benefits")
    rows = ["organisation,role,balance-productivity,used"]
    for name, people in (("north", north), ("south", south)):
        rows += [f"{name},{('care', 'desk')[i % 2]},{balance[i % 5]},{('yes', 'no')[i % 3 > 0]}" for i in range(people)]
    return "\n".join(rows) + "\n"


def test_rows_are_not_told_where_an_organisation_is_hidden(tiny: Tiny, tmp_path: Path) -> None:
    """Rows of a file, less the people who are shown, would be the size of the organisation that is not."""
    study = tiny(answers=unequal(9, 150))
    shown = next(one for one in released(study, tmp_path / "report").figures if one.shown)
    facts = dict(trace(shown.id, study).facts)
    assert facts["answers from"] == "answers.csv; rows are not told where an organisation is not shown"
    assert not any("159" in text for text in facts.values())


@pytest.mark.parametrize("name", ["figure-0000000000000000", "", "../../x", "figure-*"])
def test_id_that_is_not_there(tiny: Tiny, tmp_path: Path, name: str) -> None:
    """The sentence says how many releases were looked through."""
    study = tiny()
    released(study, tmp_path / "report")
    with pytest.raises(BadInput, match="in 1 release; expected the id of a figure in a release below this folder"):
        trace(name, study)


def test_folder_without_a_release(tiny: Tiny, tmp_path: Path) -> None:
    """A folder that is not there, an empty one, and a study without a report have none."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "nowhere", tmp_path / "empty", tiny()):
        with pytest.raises(BadInput, match="in 0 releases"):
            trace("figure-0000000000000000", folder)


def test_study_without_a_final_release(tiny: Tiny, tmp_path: Path) -> None:
    """A draft elsewhere prints ids that lead nowhere yet; the sentence says what makes a release."""
    study = tiny()
    release = released(study, tmp_path / "report", final=False)
    with pytest.raises(BadInput, match=r"0 releases: no final release yet; .* --final --checked-by NAME` makes one"):
        trace(release.figures[0].id, study)


def test_report_alone_is_not_enough(tiny: Tiny, tmp_path: Path) -> None:
    """A report's folder has the figure but no answers to make it from."""
    release = released(tiny(), tmp_path / "report")
    with pytest.raises(BadInput, match=r"expected a folder with programme\.toml or study\.toml"):
        trace(release.figures[0].id, tmp_path / "report")


def test_draft_can_be_traced(tiny: Tiny) -> None:
    """The report of a draft inside the study has ids that lead back as well; the trace says that it is a draft."""
    study = tiny()
    release = released(study, study / "a-draft", final=False)
    found = trace(figure(release, "benefits").id, study)
    assert found.verdict == "equal"
    assert dict(found.facts)["release"].endswith("release.json, a draft")


def test_final_release_comes_before_drafts(tiny: Tiny, tmp_path: Path) -> None:
    """An old draft beside the final release, even one that sorts first, is not what is traced."""
    study = tiny()
    released(study, study / "a-draft", final=False)
    answer_otherwise(study, 40)
    release = released(study, tmp_path / "report")
    found = trace(figure(release, "benefits").id, study)
    assert found.verdict == "equal"
    assert dict(found.facts)["release"] == str(study / "releases" / "wave-1" / "release.json")


def test_programme_has_several_studies(tiny: Tiny, tmp_path: Path) -> None:
    """A programme's folder leads to the study that the figure was released from."""
    head = {"schema": "surefoot/programme/1", "id": "ours", "title": "Ours"}
    (tmp_path / "programme.toml").write_text(tomli_w.dumps(head), encoding="utf-8")
    tiny("studies/autumn", change=lambda table: table.update(id="autumn"))
    spring = tiny("studies/spring", change=lambda table: table.update(id="spring"))
    release = released(spring, tmp_path / "report")
    found = trace(figure(release, "benefits").id, tmp_path)
    assert found.verdict == "equal"
    assert dict(found.facts)["study"] == "spring"


def test_study_that_is_gone(tiny: Tiny, tmp_path: Path) -> None:
    """A release whose study has another id now is named as such."""
    study = tiny()
    release = released(study, tmp_path / "report")
    tiny(change=lambda table: table.update(id="other"))
    with pytest.raises(BadInput, match='found no study "tiny"'):
        trace(release.figures[0].id, study)


def test_question_that_is_asked_no_more(tiny: Tiny, tmp_path: Path) -> None:
    """A figure of a question that the study dropped cannot be made again, and the trace says why."""
    study = tiny()
    release = released(study, tmp_path / "report")
    tiny(asking=lambda table: table["question"].pop(2))
    gone = release.figure("used", selector="yes")
    assert gone is not None
    found = trace(gone.id, study)
    facts = dict(found.facts)
    assert found.verdict == "different"
    assert found.recomputed is None
    assert facts["question"] == "used, which is asked no more"
    assert facts["instrument"] == f"tiny ({release.instrument.id})"
    assert facts["changed"].startswith("the study has another instrument now (instrument-")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"schema": "surefoot/release/1"}', "a release with a part missing"),
        ('{"schema": "surefoot/release/9"}', "another schema"),
    ],
)
def test_release_that_is_damaged(tiny: Tiny, tmp_path: Path, content: str, said: str) -> None:
    """The file is named."""
    study = tiny()
    release = released(study, tmp_path / "report")
    (study / "releases" / "wave-1" / "release.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        trace(release.figures[0].id, study)


@pytest.mark.parametrize("content", ["", "[]", "3", "{}", '{"schema": 3}', "\x00"])
def test_other_files_of_that_name_are_passed_over(tiny: Tiny, tmp_path: Path, content: str) -> None:
    """Whatever else is called release.json does not stop a trace."""
    study = tiny()
    release = released(study, tmp_path / "report")
    (study / "a").mkdir()
    (study / "a" / "release.json").write_text(content, encoding="utf-8")
    assert trace(figure(release, "benefits").id, study).verdict == "equal"


def test_trace_on_the_command_line(surefoot: Any, tiny: Tiny, tmp_path: Path) -> None:
    """Equal and different are answers, with exit code 0; an unknown id is bad input."""
    study = tiny()
    found = figure(released(study, tmp_path / "report"), "benefits")
    assert surefoot("trace", found.id, "--in", study).out.endswith("\nequal\n")
    answer_otherwise(study, 40)
    assert surefoot("trace", found.id, "--in", study).out.endswith("\ndifferent\n")
    assert json.loads(surefoot("trace", found.id, "--in", study, "--json").out)["verdict"] == "different"
    unknown = surefoot("trace", "figure-0000000000000000", "--in", study)
    assert unknown.code == 2
    assert unknown.sentence().startswith(f'{study}: found no figure "figure-0000000000000000"')

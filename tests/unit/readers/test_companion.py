"""A Qualtrics export with its .qsf: wordings, numbers, order and routing come from the questionnaire."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import BadInput
from surefoot.readers import open_mapping, read
from surefoot.responses import Missing

LEVELS = ["Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree"]
TOOLS = ["Chat", "Notes, minutes", "None of these"]


def choices(texts: list[str]) -> dict[str, Any]:
    """Choices as a .qsf holds them; the last of the tools stands alone."""
    found = {str(n): {"Display": text} for n, text in enumerate(texts, 1)}
    return {k: v | ({"ExclusiveAnswer": True} if v["Display"].startswith("None") else {}) for k, v in found.items()}


def question(number: int, tag: str, text: str, **more: Any) -> dict[str, Any]:
    """One question of a .qsf."""
    payload = {"QuestionID": f"QID{number}", "DataExportTag": tag, "QuestionText": text, **more}
    return {"Element": "SQ", "PrimaryAttribute": f"QID{number}", "Payload": payload}


def qsf(path: Path) -> Path:
    """A survey with recoded numbers, a multi question, a matrix and a text."""
    recodes = {"1": "10", "2": "20"}
    matrix = {str(n): str(6 - n) for n in range(1, 6)}
    asked = [
        question(1, "used", "Have you used AI?", QuestionType="MC", Selector="SAVR", Choices=choices(["Yes", "No"]),
                 ChoiceOrder=["1", "2"], RecodeValues=recodes),
        question(2, "tools", "Which tools?", QuestionType="MC", Selector="MAVR", Choices=choices(TOOLS),
                 ChoiceOrder=["1", "2", "3"]),
        question(3, "views", "How far do you agree?", QuestionType="Matrix", Selector="Likert",
                 SubSelector="SingleAnswer", Choices=choices(["It helps", "It harms"]), ChoiceOrder=["1", "2"],
                 Answers=choices(LEVELS), AnswerOrder=["1", "2", "3", "4", "5"], RecodeValues=matrix),
        question(4, "why", "Why?", QuestionType="TE", Selector="SL"),
    ]  # fmt: skip
    parts = [{"Type": "Question", "QuestionID": f"QID{n}"} for n in range(1, 5)]
    block = {"Element": "BL", "Payload": {"1": {"Type": "Default", "Description": "All", "BlockElements": parts}}}
    entry = {"SurveyName": "AI at work", "SurveyLanguage": "EN"}
    path.write_text(json.dumps({"SurveyEntry": entry, "SurveyElements": [block, *asked]}))
    return path


CODES = ["Status", "Finished", "used", "tools_1", "tools_2", "tools_3", "views_1", "views_2", "why", "region"]
TEXTS = ["Status", "Finished", "Have you used AI?", *(f"Which tools? - {t}" for t in TOOLS),
         "How far do you agree? - It helps", "How far do you agree? - It harms", "Why?", "region"]  # fmt: skip
IDS = ["status", "finished", "QID1", "QID2_1", "QID2_2", "QID2_3", "QID3_1", "QID3_2", "QID4_TEXT", "region"]
NUMBERS = [
    ["0", "1", "10", "1", "", "", "5", "4", "since it helps", "N"],
    ["0", "1", "20", "", "", "1", "1", "-99", "-99", "S"],
    ["0", "1", "-99", "-99", "-99", "-99", "2", "3", "", "S"],
    ["0", "1", "20", "", "", "", "", "", "", "N"],
]
WORDS = [
    ["IP Address", "True", "Yes", "Chat", "", "", "Strongly agree", "Agree", "since it helps", "N"],
    ["IP Address", "True", "No", "", "", "None of these", "Strongly disagree", "", "", "S"],
]


def export(path: Path, rows: list[list[str]]) -> Path:
    """A true export of three header rows."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([CODES, TEXTS, [json.dumps({"ImportId": name}) for name in IDS], *rows])
    return path


@pytest.mark.parametrize("how", ["beside", "said"])
def test_numbers_mean_what_the_questionnaire_says(tmp_path: Path, how: str) -> None:
    """Recode numbers become options in the questionnaire's order; -99 was seen and left empty, a blank not asked."""
    file = export(tmp_path / "ai.csv", NUMBERS)
    beside = qsf(tmp_path / ("ai.qsf" if how == "beside" else "other.qsf"))
    reading = read(file, questionnaire=None if how == "beside" else beside)
    made = reading.responses
    assert [o.text["en"] for o in made.instrument["used"].options] == ["Yes", "No"]
    assert made.codes("used").tolist() == [0, 1, Missing.NOT_ANSWERED, 1]
    assert made.codes("views_1").tolist() == [0, 4, 3, Missing.NOT_ASKED]
    assert made.codes("views_2").tolist() == [1, Missing.NOT_ANSWERED, 2, Missing.NOT_ASKED]
    chat = [made.codes(item).tolist() for item in made.instrument["tools"].items]
    empty, unasked = int(Missing.UNTICKED), int(Missing.NOT_ASKED)
    assert chat[0] == [1, empty, empty, unasked]
    assert chat[2] == [empty, 1, empty, unasked]
    assert made.texts.rows() == [(0, "why", "since it helps")]
    assert reading.account.ignored["region"] == "no question of the questionnaire (.qsf)"
    assert reading.account.unread == ("region",)


def test_levels_are_known_by_their_wording(tmp_path: Path) -> None:
    """The library of scales gives positions where they agree with the order of the questionnaire."""
    qsf(tmp_path / "ai.qsf")
    made = read(export(tmp_path / "ai.csv", NUMBERS)).instrument
    assert [o.position for o in made["views_1"].scale.options] == [2, 1, 0, -1, -2]
    assert made["views_1"].scale.ordered and not made["used"].scale.ordered


def test_texts_are_read_as_texts(tmp_path: Path) -> None:
    """Whether an export holds numbers or texts is told from its cells."""
    qsf(tmp_path / "ai.qsf")
    reading = read(export(tmp_path / "ai.csv", WORDS))
    assert reading.responses.codes("views_1").tolist() == [0, 4]
    assert reading.responses.codes("tools/none-of-these").tolist() == [Missing.UNTICKED, 1]
    assert any("the texts of options" in sentence for sentence in reading.account.unsure)


def test_numbers_match_another_instrument_by_their_labels(tmp_path: Path) -> None:
    """Read against an instrument of one's own, numbers are matched by the texts that the questionnaire gives them."""
    qsf(tmp_path / "ai.qsf")
    own = read(export(tmp_path / "x.csv", WORDS)).instrument
    reading = read(export(tmp_path / "ai.csv", NUMBERS), instrument=own)
    assert reading.responses.codes("used").tolist() == [
        [o.text["en"] for o in own["used"].options].index(text) if text else Missing.NOT_ANSWERED
        for text in ("Yes", "No", "", "No")
    ]


def test_mappings_name_the_questionnaire(tmp_path: Path) -> None:
    """A mapping may name the questionnaire and only what differs from it; a missing one is said."""
    file = export(tmp_path / "x.csv", NUMBERS)
    qsf(tmp_path / "survey.qsf")
    kept = tmp_path / "m.toml"
    text = 'schema = "surefoot/mapping/1"\ndialect = "qualtrics"\nquestionnaire = "survey.qsf"\n'
    kept.write_text(text + '[columns.why]\nrole = "ignore"\nwhy = "not of interest"\n')
    reading = read(file, mapping=kept)
    assert reading.responses.codes("used").tolist() == [0, 1, Missing.NOT_ANSWERED, 1]
    assert reading.account.ignored["why"] == "not of interest"
    assert open_mapping(kept).questionnaire == "survey.qsf"
    again = tmp_path / "again.toml"
    reading.mapping.save(again)
    assert read(file, mapping=again).responses.table.equals(reading.responses.table)
    kept.write_text(text.replace("survey", "none"))
    with pytest.raises(BadInput, match=r'no file "none\.qsf" beside'):
        read(file, mapping=kept)


def test_questionnaires_of_other_surveys_are_refused(tmp_path: Path) -> None:
    """A .qsf without any of the file's questions, or beside an export of another tool, is one sentence."""
    with (tmp_path / "other.csv").open("w", newline="") as file:
        ids = [json.dumps({"ImportId": f"QID{n}"}) for n in (91, 92)]
        csv.writer(file).writerows([["a", "b"], ["A?", "B?"], ids, ["1", "2"]])
    with pytest.raises(BadInput, match=r"the \.qsf of the same survey"):
        read(tmp_path / "other.csv", questionnaire=qsf(tmp_path / "ai.qsf"))
    (tmp_path / "plain.csv").write_text("used\nYes\n")
    with pytest.raises(BadInput, match=r"an export of plain; expected one of Qualtrics, to which ai\.qsf belongs"):
        read(tmp_path / "plain.csv", questionnaire=tmp_path / "ai.qsf")


def other_survey(path: Path, codes: list[str], texts: list[str]) -> Path:
    """An export whose tool ids are those of `qsf`, with other codes or wordings."""
    ids = [json.dumps({"ImportId": name}) for name in IDS]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([codes, texts, ids, *WORDS])
    return path


WARD = [*TEXTS[:2], "Which ward is yours?", *(["Pick meals"] * 3), *(["Rate our canteen"] * 2), "Menu ideas", "region"]


@pytest.mark.parametrize("codes", [[*CODES[:2], *(f"x{n}" for n in range(7)), "region"], CODES])
def test_another_surveys_questionnaire_is_refused(tmp_path: Path, codes: list[str]) -> None:
    """Every survey has a QID1: other wordings are another survey, with other codes or with the same."""
    file = other_survey(tmp_path / "ward.csv", codes, WARD)
    with pytest.raises(BadInput, match="does not fit this file"):
        read(file, questionnaire=qsf(tmp_path / "other.qsf"))


def test_a_question_with_another_code_and_wording_is_not_matched_by_its_id(tmp_path: Path) -> None:
    """One column that only shares the tool's id is no column of the question; a renamed code with its wording is."""
    codes, texts = list(CODES), list(TEXTS)
    codes[2], texts[2] = "ward", "Which canteen is yours?"
    codes[8] = "reason"
    reading = read(other_survey(tmp_path / "ai.csv", codes, texts), questionnaire=qsf(tmp_path / "other.qsf"))
    assert reading.account.ignored["ward"] == "no question of the questionnaire (.qsf)"
    assert "reason" not in reading.account.ignored


def test_a_real_export_is_refused_with_the_questionnaire_of_another_survey(real_data: Path) -> None:
    """Two surveys of one research team, which share their ids."""
    folder = real_data / "exports" / "qualtrics"
    with pytest.raises(BadInput, match="does not fit this file"):
        read(
            folder / "QualtricsTools_Text_Entry.csv",
            questionnaire=folder / "QualtricsTools_Better_Sample_Survey.qsf",
        )

"""Qualtrics surveys become instruments, with the numbers of their exports; what is not carried is said."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import BadInput
from surefoot.instrument import Condition
from surefoot.questionnaires import Questionnaire, column_key, read_qsf

YES_NO = {"1": {"Display": "Yes &amp; often"}, "2": {"Display": "<b>No</b>"}}


def selected(question: str, choice: str, joined: str = "") -> dict[str, Any]:
    """One part of display logic."""
    part = {"LogicType": "Question", "LeftOperand": f"q://{question}/SelectableChoice/{choice}", "Operator": "Selected"}
    return part | ({"Conjuction": joined} if joined else {})


def logic(*parts: dict[str, Any]) -> dict[str, Any]:
    """Display logic of one group."""
    group = {str(place): part for place, part in enumerate(parts)}
    return {"0": {**group, "Type": "If"}, "Type": "BooleanExpression", "inPage": False}


def asked(name: str, kind: str, selector: str = "", **more: Any) -> dict[str, Any]:
    """The payload of a question."""
    base = {"QuestionID": name, "DataExportTag": f"tag_{name}", "QuestionText": f"Text of {name}"}
    return base | {"QuestionType": kind, "Selector": selector, "Language": []} | more


def survey(folder: Path, *questions: dict[str, Any], unused: tuple[str, ...] = ()) -> Questionnaire:
    """Write a survey with these questions and read it."""
    names = [question["QuestionID"] for question in questions]
    block = {"Type": "Default", "Description": "First", "BlockElements": [{"QuestionID": n} for n in names]}
    block["BlockElements"] = [{"Type": "Question", "QuestionID": n} for n in names if n not in unused]
    trash = {"Type": "Trash", "BlockElements": [{"Type": "Question", "QuestionID": n} for n in unused]}
    elements = [{"Element": "BL", "Payload": [block, trash]}]
    elements += [{"Element": "SQ", "Payload": question} for question in questions]
    path = folder / "survey.qsf"
    entry = {"SurveyName": "Our survey", "SurveyLanguage": "EN"}
    path.write_text(json.dumps({"SurveyEntry": entry, "SurveyElements": elements}), encoding="utf-8")
    return read_qsf(path)


def test_choices_keep_order_text_and_numbers(tmp_path: Path) -> None:
    """Options come as shown, without tags, and the export's number of each is known."""
    more = {"RecodeValues": {"1": "7", "2": "-1"}, "ChoiceOrder": [2, "1"]}
    made = survey(tmp_path, asked("QID1", "MC", "SAVR", Choices=YES_NO, **more))
    question = made.instrument["tag_QID1"]
    assert [option.text["en"] for option in question.options] == ["No", "Yes & often"]
    assert made.by_key["QID1"].values == {"7": "yes-and-often", "-1": "no"}
    assert made.by_code["tag_QID1"] is made.by_key["QID1"]


def test_boxes_and_their_text_have_columns(tmp_path: Path) -> None:
    """A column for each box, by choice in the ImportId and by number in the code; an exclusive choice stays so."""
    choices = {"1": {"Display": "Notes"}, "4": {"Display": "Other", "TextEntry": "true"}}
    choices["5"] = {"Display": "None", "ExclusiveAnswer": True}
    made = survey(tmp_path, asked("QID2", "MC", "MAVR", Choices=choices, RecodeValues={"1": "1", "4": "9", "5": "5"}))
    assert made.by_key["QID2-4"].code == "tag_QID2_9"
    text = made.by_key[column_key("QID2_4_TEXT")]
    assert (text.code, text.option, text.role) == ("tag_QID2_9_TEXT", "other", "other")
    assert [option.exclusive for option in made.instrument["tag_QID2"].options] == [False, False, True]


def test_matrix_becomes_statements_of_one_group(tmp_path: Path) -> None:
    """Each statement is a question with the scale of all, and the stem as its hint."""
    rows = {"1": {"Display": "It helps"}, "2": {"Display": "It harms"}}
    more = {"Answers": YES_NO, "RecodeValues": {"1": "10", "2": "20"}, "SubSelector": "SingleAnswer"}
    made = survey(tmp_path, asked("QID3", "Matrix", "Likert", Choices=rows, **more))
    first, second = made.instrument.questions
    assert (first.id, first.group, first.hint) == ("tag_QID3_1", "tag_QID3", {"en": "Text of QID3"})
    assert first.scale is second.scale
    assert made.by_key["QID3-2"].values == {"10": "yes-and-often", "20": "no"}


def test_translations_numbers_ranks_and_random_order(tmp_path: Path) -> None:
    """Other languages come along; sliders are numbers; rank order is ranked; random order is kept."""
    welsh = {"CY": {"QuestionText": "Testun", "Choices": {"1": {"Display": "Ie"}}}}
    one = asked("QID1", "MC", "SAVR", Choices=YES_NO, Randomization={"Type": "All"}) | {"Language": welsh}
    rank = asked("QID2", "RO", "DND", Choices=YES_NO)
    slider = asked("QID3", "Slider", "HSLIDER", Choices={"1": {"Display": "Hours"}})
    number = asked("QID4", "TE", "SL", Validation={"Settings": {"ContentType": "ValidNumber"}})
    made = survey(tmp_path, one, rank, slider, number)
    assert made.instrument.languages == ("en", "cy")
    assert made.instrument["tag_QID1"].text["cy"] == "Testun"
    assert made.instrument["tag_QID1"].order == "shuffled"
    kinds = [question.kind for question in made.instrument.questions]
    assert kinds == ["single", "ranked", "number", "number"]


@pytest.mark.parametrize(
    ("parts", "conditions"),
    [
        ((selected("QID1", "1"),), (Condition("tag_QID1", ("yes-and-often",)),)),
        (
            (selected("QID1", "1"), selected("QID1", "2", "Or")),
            (Condition("tag_QID1", ("yes-and-often", "no")),),
        ),
        (
            (selected("QID1", "1"), selected("QID2", "2", "And")),
            (Condition("tag_QID1", ("yes-and-often",)), Condition("tag_QID2", ("no",))),
        ),
        ((selected("QID1", "1"), selected("QID2", "2", "Or")), ()),
        ((selected("QID1", "1") | {"Operator": "NotSelected"},), ()),
        ((selected("QID9", "1"),), ()),
    ],
)
def test_simple_display_logic_is_carried(
    tmp_path: Path, parts: tuple[dict[str, Any], ...], conditions: tuple[Condition, ...]
) -> None:
    """Choices of one question joined by "or", questions by "and"; all else is told, never guessed."""
    two = [asked(f"QID{n}", "MC", "SAVR", Choices=YES_NO) for n in (1, 2)]
    made = survey(tmp_path, *two, asked("QID3", "TE", "SL", DisplayLogic=logic(*parts)))
    assert made.instrument["tag_QID3"].show_if == conditions
    assert any("tag_QID3" in sentence for sentence in made.not_carried) == (not conditions)


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    """Questions in the bin, of unknown types, and texts that ask nothing are named."""
    known = asked("QID1", "TE", "ML")
    odd = [asked("QID2", "HeatMap", "OnOff"), asked("QID3", "DB", "TB"), asked("QID4", "TE", "SL")]
    made = survey(tmp_path, known, *odd, asked("QID5", "MC", "SAVR", Choices=[]), unused=("QID4",))
    assert [question.id for question in made.instrument.questions] == ["tag_QID1"]
    told = "\n".join(made.not_carried)
    assert all(name in told for name in ("tag_QID2", "tag_QID3", "QID4", "tag_QID5"))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"SurveyElements": 3}', b'{"SurveyElements": [1, null, "x"]}'])
def test_damaged_survey_is_one_error(tmp_path: Path, content: bytes) -> None:
    """A file that is no whole survey ends in one clear error."""
    path = tmp_path / "survey.qsf"
    path.write_bytes(content)
    with pytest.raises(BadInput):
        read_qsf(path)


def test_real_survey_knows_the_columns_of_its_export(real_data: Path) -> None:
    """Every question column of the real export is known but those of a question that the survey no longer has."""
    import ast
    import csv

    folder = real_data / "exports" / "qualtrics"
    made = read_qsf(folder / "QualtricsTools_Better_Sample_Survey.qsf")
    with open(folder / "QualtricsTools_Better_Sample_Survey.csv", encoding="utf-8-sig", newline="") as file:
        third = list(csv.reader(file))[2]
    names = [ast.literal_eval(cell)["ImportId"] for cell in third]
    unknown = [name for name in names if name.startswith("QID") and column_key(name) not in made.by_key]
    assert unknown == ["QID13-1-1", "QID13-2-1", "QID13-3-1"]
    assert made.by_key["QID2-1"].values["-1"] == "never-tried-it"

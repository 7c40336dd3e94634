"""XLSForms of other makes become instruments; what is not carried is said, and a damaged form is one clear error."""

from pathlib import Path

import pytest

from surefoot.errors import BadInput
from surefoot.instrument import Condition
from surefoot.questionnaires import Questionnaire, read_xlsform
from surefoot.questionnaires.workbook import write_sheets

CHOICES = [
    {"list_name": "yn", "name": "y", "label::English (en)": "Yes", "label::Welsh": "Ie"},
    {"list_name": "yn", "name": "n", "label::English (en)": "No"},
]
Rows = list[dict[str, str]]


def form(folder: Path, survey: Rows, choices: Rows = CHOICES, settings: dict[str, str] | None = None) -> Questionnaire:
    """Write a form of another make and read it."""
    path = folder / "form.xlsx"
    sheets = {"survey": survey, "choices": choices, "settings": [settings or {"form_title": "Our form"}]}
    write_sheets(path, {name: (list({key: 0 for row in rows for key in row}), rows) for name, rows in sheets.items()})
    return read_xlsform(path)


def one(name: str, kind: str = "select_one yn", **more: str) -> dict[str, str]:
    """A row with a label."""
    return {"type": kind, "name": name, "label::English (en)": f"Text of {name}"} | more


def test_groups_notes_and_matrices_find_their_place(tmp_path: Path) -> None:
    """A group with a label is a section, a note at its top is its text, a table-list is a group of statements."""
    made = form(
        tmp_path,
        [
            one("hello", "note"),
            one("part", "begin_group", relevant="${used} = 'y'"),
            one("about", "note"),
            one("used"),
            one("views", "begin group", appearance="w1 table-list"),
            one("first"),
            one("second", **{"hint::English (en)": "its own"}),
            {"type": "end group"},
            {"type": "end_group"},
            one("later", "note"),
        ],
    )
    instrument = made.instrument
    assert instrument.introduction == {"en": "Text of hello"}
    assert [(section.id, section.text) for section in instrument.sections] == [("part", {"en": "Text of about"})]
    assert [(q.id, q.section, q.group) for q in instrument.questions][1] == ("first", "part", "views")
    assert instrument["first"].hint == {"en": "Text of views"}
    assert instrument["second"].hint == {"en": "its own"}
    assert instrument["used"].options[0].text == {"en": "Yes", "cy": "Ie"}
    assert any("later" in sentence for sentence in made.not_carried)
    assert any("${used}" in sentence for sentence in made.not_carried), "a condition on a later question is told"


@pytest.mark.parametrize(
    ("relevant", "conditions"),
    [
        ("${used}='y'", (Condition("used", ("y",)),)),
        ('selected(${used}, "y") or ${used} = "n"', (Condition("used", ("y", "n")),)),
        ("(${used} = 'y') AND selected( ${many} , 'n')", (Condition("used", ("y",)), Condition("many", ("n",)))),
        ("${used} = 'y' or ${many} = 'n'", ()),
        ("not(${used} = 'y')", ()),
        ("${used} != 'y'", ()),
        ("${hours} > 3", ()),
        ("${used} = 'unknown option'", ()),
        ("${used} = ''", ()),
        ("(" * 3000 + "${used} = 'y'" + ")" * 3000, ()),
    ],
)
def test_conditions_are_carried_or_told(tmp_path: Path, relevant: str, conditions: tuple[Condition, ...]) -> None:
    """What `show_if` can say is carried; anything else leaves a sentence with the question's name."""
    asked = [one("used"), one("many", "select_multiple yn"), one("hours", "integer"), one("last", relevant=relevant)]
    made = form(tmp_path, asked)
    assert made.instrument["last"].show_if == conditions
    assert any("last" in sentence for sentence in made.not_carried) == (not conditions)


def test_what_has_no_place_is_told(tmp_path: Path) -> None:
    """Types, constraints and media that Surefoot has no place for leave a sentence each; the questions stay."""
    made = form(
        tmp_path,
        [
            {"type": "start", "name": "start"},
            one("where", "geopoint"),
            one("age", "integer", constraint=". > 17", required="yes"),
            one("cost", "decimal"),
            one("tool", "select_one yn or_other", **{"media::image": "x.png"}),
            one("sum", "calculate", calculation="1 + 1"),
            one("again", "begin_repeat"),
            one("rank", "rank yn"),
            {"type": "end_repeat"},
        ],
    )
    told = "\n".join(made.not_carried)
    assert all(word in told for word in ("start", "where", "constraint", "required", "cost", "media", "sum", "again"))
    assert [question.kind for question in made.instrument.questions] == ["number", "number", "single", "ranked"]
    assert made.instrument["tool"].options[-1].id == "other"
    assert made.instrument["cost"].decimals == 2


@pytest.mark.parametrize(
    ("survey", "found"),
    [
        ([one("a", "select_one nowhere")], "nowhere"),
        ([one("a"), {"type": "end_group"}], "end of a group"),
        ([{"type": "text", "label": "no name"}], "without a name"),
        ([one("a"), one("a")], "two times"),
        ([one("only", "note")], "no question"),
        ([one("a", surefoot_decimals="many")], "many"),
    ],
)
def test_broken_form_is_one_error(tmp_path: Path, survey: Rows, found: str) -> None:
    """A form that cannot be understood says where and what."""
    with pytest.raises(BadInput, match=found):
        form(tmp_path, survey)


def test_other_workbooks_are_refused(tmp_path: Path) -> None:
    """A workbook without a survey, and a file that is no workbook."""
    path = tmp_path / "other.xlsx"
    write_sheets(path, {"Sheet1": (["a"], [{"a": "1"}])})
    with pytest.raises(BadInput, match="survey"):
        read_xlsform(path)
    path.write_bytes(b"PK nothing")
    with pytest.raises(BadInput, match="whole workbook"):
        read_xlsform(path)


def test_real_form_is_read(real_data: Path) -> None:
    """The bilingual AI survey: nine questions, one matrix, one that is routed."""
    made = read_xlsform(real_data / "exports" / "xlsform" / "ai_staff_survey.xlsx")
    assert made.instrument.languages == ("en", "cy")
    assert [question.id for question in made.instrument.questions if question.group == "balance"] == [
        "uc1",
        "uc2",
        "uc3",
    ]
    assert made.instrument["workused"].show_if == (Condition("everused", ("y",)),)
    assert len(made.not_carried) == 2

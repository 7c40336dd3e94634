"""SurveyMonkey: questions above options, blank cells that continue a question, other encodings than UTF-8."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.readers import read
from surefoot.responses import Missing

Writer = Callable[..., Path]
OWN = ["Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name",
       "Last Name", "Custom Data 1"]  # fmt: skip
FIRST = [*OWN, "Have you used AI?", "Which tools – all that apply?", "", "", "How far do you agree?", "",
         "Please rank these", "", "", "Why?"]  # fmt: skip
SECOND = [""] * 9 + ["Response", "Chat", "Notes, minutes", "Other (please specify)", "It helps", "It worries me",
                     "Time", "Money", "Training", "Open-Ended Response"]  # fmt: skip
PEOPLE = [
    ["Yes", "Chat", "", "", "Agree", "Disagree", 1, 2, 3, "since it helps"],
    ["No", "", "Notes, minutes", "Piano rolls", "Disagree", "Strongly agree", 3, 1, 2, ""],
    ["Yes", "Chat", "Notes, minutes", "", "Strongly agree", "", 2, "N/A", 1, "why not"],
    ["", "", "", "", "", "", "", "", "", ""],
]


def rows() -> list[list[object]]:
    """Two header rows and some people."""
    own = [[n, 7, "05/13/2026 10:00:00 AM", "05/13/2026 10:09:00 AM", "192.0.2.1", "", "", "", ""] for n in range(40)]
    return [FIRST, SECOND, *([*own[n], *PEOPLE[n % 4]] for n in range(40))]


@pytest.mark.parametrize("kind", ["utf-8", "cp1252", "utf-16", "xlsx"])
def test_two_header_rows(kind: str, csv_file: Writer, xlsx_file: Writer) -> None:
    """Every kind of question is told by its two cells, in any encoding."""
    reading = read(xlsx_file(rows()) if kind == "xlsx" else csv_file(rows(), encoding=kind))
    assert reading.dialect == "surveymonkey"
    assert set(reading.account.dropped) == set(OWN[4:])
    kinds = [(q.kind, q.text["en"]) for q in reading.instrument.questions]
    assert kinds == [
        ("single", "Have you used AI?"), ("multi", "Which tools – all that apply?"),
        ("single", "How far do you agree? [It helps]"), ("single", "How far do you agree? [It worries me]"),
        ("ranked", "Please rank these"), ("text", "Why?"),
    ]  # fmt: skip


def test_boxes_hold_their_options_text(csv_file: Writer) -> None:
    """A text below "Other" ticks it; a row without any tick does not say whether it was answered."""
    reading = read(csv_file(rows()))
    tools = reading.instrument.questions[1]
    assert [o.text["en"] for o in tools.options] == ["Chat", "Notes, minutes", "Other (please specify)"]
    codes = [reading.responses.codes(item).tolist()[:4] for item in tools.items]
    empty, unknown = int(Missing.UNTICKED), int(Missing.UNKNOWN)
    assert codes == [[1, empty, 1, unknown], [empty, 1, 1, unknown], [empty, 1, empty, unknown]]
    assert (1, tools.id, "Piano rolls") in reading.responses.texts.rows()


def test_ranks_with_not_applicable(csv_file: Writer) -> None:
    """An option that somebody ranked as "N/A" is unranked in a question that was answered."""
    reading = read(csv_file(rows()))
    ranked = reading.instrument.questions[4]
    codes = [reading.responses.codes(item).tolist()[:4] for item in ranked.items]
    empty, none = int(Missing.UNTICKED), int(Missing.NOT_ANSWERED)
    assert codes == [[1, 3, 2, none], [2, 1, empty, none], [3, 2, 1, none]]


def test_statements_share_a_known_scale(csv_file: Writer) -> None:
    """The order of a scale is in no file of SurveyMonkey: it comes from the library."""
    reading = read(csv_file(rows()))
    helps, worries = reading.instrument.questions[2:4]
    assert helps.group == worries.group is not None
    assert [o.text["en"] for o in helps.options] == ["Disagree", "Agree", "Strongly agree"]


def test_contact_questions_are_dropped(csv_file: Writer) -> None:
    """The parts of a contact question are personal, whatever the question is called."""
    first = ["RespondentID", "How can we reach you?", "", "Used AI?"]
    second = ["", "Name", "ZIP/Postal Code", "Response"]
    reading = read(csv_file([first, second, *([n, f"Jo {n}", f"M{n}", "Yes"] for n in range(9))]))
    assert len(reading.account.dropped) == 2
    assert [q.id for q in reading.instrument.questions] == ["used-ai"]


def test_repeated_questions_are_numbered(csv_file: Writer) -> None:
    """SurveyMonkey may ask the same words twice: both are read."""
    reading = read(csv_file([["Respondent ID", "Used?", "Used?"], ["", "Response", "Response"], [1, "Yes", "No"]]))
    assert [q.text["en"] for q in reading.instrument.questions] == ["Used?", "Used?"]

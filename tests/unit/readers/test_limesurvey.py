"""LimeSurvey: rankings have one column a rank, which holds the option."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.instrument import instrument_from_table
from surefoot.readers import read
from surefoot.responses import Missing

Writer = Callable[..., Path]
OWN = ["id", "submitdate", "lastpage", "startlanguage"]
WORDS = ["Response ID", "Date submitted", "Last page", "Start language"]
RANKS = [["A2", "A1", "A3"], ["A1", "", ""], ["", "", ""], ["A3", "A2", ""]]


def rows(head: list[str], ranks: list[str]) -> list[list[str]]:
    """Finished rows with a question before and after the ranking."""
    body = [[str(n), "2026-05-01 10:00:00", "1", "en", "Y", *RANKS[n % 4], f"text {n}"] for n in range(12)]
    return [[*head, "used", *ranks, "why"], *body]


@pytest.mark.parametrize("ranks", [["needs[1]", "needs[2]", "needs[3]"], ["Needs? [Rank 1]", "Needs? [Rank 2]",
                                   "Needs? [Rank 3]"]])  # fmt: skip
def test_rankings_are_read_as_ranks(ranks: list[str], csv_file: Writer) -> None:
    """Each option gets its rank; one that is not ranked in a ranking that was answered is unticked."""
    reading = read(csv_file(rows(OWN if "needs[1]" in ranks else WORDS, ranks), delimiter=";"))
    question = reading.instrument.questions[1]
    assert question.kind == "ranked"
    places = {o.text["en"]: reading.responses.codes(f"{question.id}/{o.id}").tolist()[:4] for o in question.options}
    empty, none = int(Missing.UNTICKED), int(Missing.NOT_ANSWERED)
    assert places == {"A1": [2, 1, none, empty], "A2": [1, empty, none, 2], "A3": [3, empty, none, 1]}
    assert [q.kind for q in reading.instrument.questions] == ["single", "ranked", "text"]


def test_rankings_match_an_instrument(csv_file: Writer) -> None:
    """The question is found by its code, and its options by theirs."""
    options = [{"id": f"A{n}", "text": f"Need {n}"} for n in (1, 2, 3)]
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "x", "title": "x", "scale": [{"id": "s", "options": options}],
            "question": [{"id": "needs", "kind": "ranked", "text": "Needs?", "scale": "s"}],
        }
    )  # fmt: skip
    made = read(csv_file(rows(OWN, ["needs[1]", "needs[2]", "needs[3]"])), instrument=instrument).responses
    assert made.codes("needs/A2").tolist()[:2] == [1, Missing.UNTICKED]


def test_statements_with_numbers_are_no_ranks(csv_file: Writer) -> None:
    """Statements numbered from 1 that people answer alike are statements."""
    body = [[str(n), "2026-05-01 10:00:00", "1", "en", "Agree", "Agree"] for n in range(6)]
    reading = read(csv_file([[*OWN, "views[1]", "views[2]"], *body]))
    assert [q.kind for q in reading.instrument.questions] == ["single", "single"]

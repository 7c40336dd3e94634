"""Google Forms: a timestamp in many languages, grids, and lists with either separator."""

from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.instrument import instrument_from_table
from surefoot.readers import read
from surefoot.responses import EARLY, LATE, PHASE, Missing

Writer = Callable[..., Path]
TIMES = ["Timestamp", "Marca temporal", "Zeitstempel", "Horodateur", "Tijdstempel", "Carimbo de data/hora",
         "Informazioni cronologiche", "Stamp amser"]  # fmt: skip
QUESTIONS = ["Used AI?", "Where? (all that apply)", "How often? [At work]", "How often? [At home]",
             "Which, where? [Office]", "Which, where? [Ward]", "Why?"]  # fmt: skip


def rows(time: str = "Timestamp", between: str = ", ") -> list[list[str]]:
    """A form with every kind of question; a checkbox grid has lists in its cells."""
    header = [time, "Email Address", *QUESTIONS]
    levels, places = ["Never", "Sometimes", "Always"], ["Rotas", "Letters", "Finance"]
    people = []
    for n in range(45):
        several = between.join(places[: n % 3 + 1]) if n % 4 else places[n % 3]
        grid = between.join(["Chat", "Notes"][: n % 2 + 1])
        when = f"{n % 4 + 1}/{n % 28 + 1}/2026 13:10:31"
        person = [when, f"p{n}@example.org", ["Yes", "No"][n % 2], several, levels[n % 3], levels[(n + 1) % 3]]
        people.append([*person, grid, "Notes" if n % 3 else "", f"because {n}"])
    return [header, *people]


@pytest.mark.parametrize("time", TIMES)
def test_forms_in_every_language(time: str, csv_file: Writer) -> None:
    """The first column's name tells the dialect; its dates are kept as early or late alone."""
    reading = read(csv_file(rows(time)))
    assert reading.dialect == "googleforms"
    assert reading.account.dropped == ("Email Address",)
    assert {EARLY, LATE} == set(reading.responses.codes(PHASE).tolist())


@pytest.mark.parametrize("between", [";", ", "])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_grids_and_lists(between: str, kind: str, csv_file: Writer, xlsx_file: Writer) -> None:
    """Rows of a grid are questions of one group; each row of a checkbox grid may hold several options."""
    write = xlsx_file if kind == "xlsx" else csv_file
    reading = read(write(rows(between=between)))
    kinds = {q.text["en"]: q.kind for q in reading.instrument.questions}
    assert list(kinds.values()) == ["single", "multi", "single", "single", "multi", "multi", "text"]
    often = [q for q in reading.instrument.questions if q.group == "How often?"]
    assert len(often) == 2
    assert [o.text["en"] for o in often[0].options] == ["Never", "Sometimes", "Always"]
    where = reading.instrument.questions[1]
    assert [o.text["en"] for o in where.options] == ["Rotas", "Letters", "Finance"]
    counted = [int((reading.responses.codes(item) == 1).sum()) for item in where.items]
    assert sum(counted) == sum(len(row[3].split(between)) for row in rows(between=between)[1:])


def test_options_with_commas_are_found_by_the_instrument(csv_file: Writer) -> None:
    """Where a sheet joins options by commas, the longest known option is found first."""
    options = [{"id": "letters", "text": "Meetings, notes, and letters"}, {"id": "rotas", "text": "Rotas"}]
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "x", "title": "x", "scale": [{"id": "s", "options": options}],
            "question": [{"id": "where", "kind": "multi", "text": "Where?", "scale": "s"}],
        }
    )  # fmt: skip
    cells = ["Rotas, Meetings, notes, and letters", "Meetings, notes, and letters", "Rotas", ""]
    reading = read(
        csv_file([["Timestamp", "Where?"], *(["2026/06/22 11:07:29 AM AST", cell] for cell in cells)]),
        instrument=instrument,
    )
    empty, unknown = int(Missing.UNTICKED), int(Missing.UNKNOWN)
    assert reading.responses.codes("where/letters").tolist() == [1, 1, empty, unknown]
    assert reading.responses.codes("where/rotas").tolist() == [1, empty, 1, unknown]
    assert not reading.account.questions[0].unknown > 1


def test_repeated_questions_are_numbered(csv_file: Writer) -> None:
    """A form may ask the same words twice."""
    reading = read(csv_file([["Timestamp", "Used?", "Used?", "Score"], ["2026/06/22", "Yes", "No", "1 / 2"]]))
    assert len(reading.instrument.questions) == 2
    assert "Score" in reading.account.ignored

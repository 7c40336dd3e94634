"""How a tool writes answers down: what varies between tools is a Style, and one engine turns it into rows of cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from surefoot.demo.dialects.known import Known
from surefoot.instrument import Option, Question, words
from surefoot.responses import Missing

UNTICKED = int(Missing.UNTICKED)
KEPT, PREVIEW, UNFINISHED = "kept", "preview", "unfinished"
Grid = list[list[str]]


class Cells(NamedTuple):
    """A column: its cells in the header rows, and one cell a row."""

    heading: tuple[str, ...]
    cells: list[str]


class Own(NamedTuple):
    """A column of the tool's own (an id, a time, an address): heading, and its cell by row number and kind of row."""

    heading: tuple[str, ...]
    cell: Callable[[int, str], str]


def text_of(option: Option) -> str:
    """An option in the words that were shown."""
    return words(option.text)


def as_text(question: Question, option: Option) -> str:
    """A cell that holds the option's words."""
    return text_of(option)


def as_id(question: Question, option: Option) -> str:
    """A cell that holds the option's id."""
    return option.id


def as_number(question: Question, option: Option) -> str:
    """A cell that holds the place of the option, from 1."""
    return str([entry.id for entry in question.options].index(option.id) + 1)


@dataclass(frozen=True)
class Style:
    """One tool's way to write.

    heading: of a question (option None) or of one of its boxes or ranks. option: what stands for an option in a cell.
    separator: between options in one cell; "" where each has a column. ends: whether the separator also ends the list.
    ticked: the cell of a ticked box; unticked: of one that is not, where another is. zeros: whether `unticked` also
    stands where nothing was ticked but the question was answered. both: whether boxes stand beside the list.
    beside: heading of the words beside an option, or None where the tool has no place for them. unanswered: the cell
    of a question left empty. extra: kinds of further rows that are not to count.
    """

    heading: Callable[[Question, Option | None], tuple[str, ...]]
    option: Callable[[Question, Option], str] = as_text
    separator: str = ""
    ends: bool = False
    ticked: Callable[[Option], str] = lambda option: "1"
    unticked: str = ""
    zeros: bool = False
    beside: Callable[[Question], tuple[str, ...]] | None = None
    unanswered: Callable[[Question], str] = lambda question: ""
    before: tuple[Own, ...] = ()
    after: tuple[Own, ...] = ()
    extra: tuple[str, ...] = ()
    both: bool = False


def grid(known: Known, style: Style, unfinished: int | None = None) -> Grid:
    """Header rows, then one row a person, then the rows that are not to count.

    unfinished: how many people broke off, instead of the style's few; no tool's preview is among the rows then.
    """
    asked = [column for question in known.instrument.asked for column in columns(known, question, style)]
    extra = style.extra if unfinished is None else (UNFINISHED,) * (unfinished if UNFINISHED in style.extra else 0)
    kinds = [*[KEPT] * len(known), *extra]
    before = [Cells(own.heading, [own.cell(row, kind) for row, kind in enumerate(kinds, 1)]) for own in style.before]
    after = [Cells(own.heading, [own.cell(row, kind) for row, kind in enumerate(kinds, 1)]) for own in style.after]
    filled = [
        Cells(cells.heading, [*cells.cells, *_spare(cells, place / len(asked), extra)])
        for place, cells in enumerate(asked)
    ]
    everything = [*before, *filled, *after]
    header = [list(row) for row in zip(*(cells.heading for cells in everything), strict=True)]
    return [*header, *(list(row) for row in zip(*(cells.cells for cells in everything), strict=True))]


def _spare(cells: Cells, through: float, extra: tuple[str, ...]) -> list[str]:
    """A column's cells in the rows that are not to count: those who broke off stopped at one point or another.

    through: how much of the questionnaire stands before this column, 0 to 1.
    """
    ends = [1.0 if kind != UNFINISHED else (number * 7 + 3) % 11 / 11 for number, kind in enumerate(extra)]
    people = [cells.cells[number % len(cells.cells)] if cells.cells else "" for number in range(len(extra))]
    return [cell if through < end else "" for cell, end in zip(people, ends, strict=True)]


def columns(known: Known, question: Question, style: Style) -> Iterator[Cells]:
    """The columns of one question, with the words beside its options where there are any."""
    if question.kind == "text":
        yield Cells(style.heading(question, None), known.texts(question))
        return
    if question.kind == "number":
        yield Cells(style.heading(question, None), known.numbers(question))
        return
    chosen = known.chosen(question)
    if question.kind == "single" or style.separator:
        yield Cells(style.heading(question, None), [_listed(question, row, style) for row in chosen])
    if question.kind != "single" and (not style.separator or (style.both and question.kind == "multi")):
        yield from _parts(known, question, style)
    beside = known.texts(question)
    if style.beside is not None and any(beside):
        yield Cells(style.beside(question), beside)


def _listed(question: Question, chosen: tuple[int, ...], style: Style) -> str:
    if not chosen:
        return style.unanswered(question)
    cells = [style.option(question, question.options[code]) for code in chosen]
    if question.kind == "single":
        return cells[0]
    return style.separator.join(cells) + (style.separator if style.ends else "")


def _parts(known: Known, question: Question, style: Style) -> Iterator[Cells]:
    """A column an option: its rank, or whether it was ticked."""
    chosen = known.chosen(question)
    answered = [bool(row) for row in chosen]
    if style.zeros:
        first = known.made.codes(question.items[0]).tolist()
        answered = [some or code == UNTICKED for some, code in zip(answered, first, strict=True)]
    for place, option in enumerate(question.options):
        if question.kind == "ranked":
            cells = [str(row.index(place) + 1) if place in row else "" for row in chosen]
        else:
            empty = [style.unticked if some else "" for some in answered]
            cells = [style.ticked(option) if place in row else no for row, no in zip(chosen, empty, strict=True)]
        yield Cells(style.heading(question, option), cells)

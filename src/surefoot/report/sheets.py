"""A Release as tables for spreadsheets: one table a question, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surefoot.instrument import Question, words
from surefoot.release import EVERYONE, Group
from surefoot.report.reading import Reading, selected
from surefoot.study import ORGANISATION

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
Value = str | int | float | None
QUANTITIES = ("net", "median", "mean")


@dataclass(frozen=True)
class Table:
    """One table: the question that it is about, its head, and its rows."""

    id: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def text(value: Value) -> Value:
    """A cell for a file that knows no types: words that look like a formula get an apostrophe before them.

    >>> text("=1+1"), text(-3), text("Yes")
    ("'=1+1", -3, 'Yes')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def question_tables(reading: Reading) -> Iterator[Table]:
    """One table for each question that is counted: a row for each group, three columns for each answer."""
    for question in reading.release.instrument.questions:
        if (
            any(reading.figure("share", question, option.id) for option in question.options)
            or question.kind == "number"
        ):
            yield question_table(reading, question)


FLAT = ("id", "kind", "question", "selector", "breakdown", "code", "claim", "method", "base", "effective_base")


def figures_table(reading: Reading) -> Table:
    """Every figure that is shown, one a row; shares from 0 to 1. release.json also names those that are not."""
    rows = []
    for figure in reading.release.figures:
        if figure.shown and not reading.names_hidden(figure):
            cell, group = reading.cell(figure), figure.group
            named = (figure.id, figure.kind, figure.question, figure.selector, group.breakdown, group.code)
            about = (figure.claim, figure.method, figure.base, reading.release.as_shown[figure.id].effective_base)
            rows.append((*named, *about, cell.value, cell.low, cell.high))
    return Table("figures", "Every figure that is shown", (*FLAT, "value", "low", "high"), tuple(rows))


def question_table(reading: Reading, question: Question) -> Table:
    """A row for each group, shown or not: base, and each answer with the bounds of its interval, in per cent."""
    wanted = _wanted(reading, question)
    head = ["breakdown", "group", "base", "status"]
    for kind, selector in wanted:
        name = selected(question, selector) if kind == "share" else kind
        unit = {"share": "%", "net": "points"}.get(kind, question.unit)
        head += [f"{name}, {unit}" if unit else name, f"{name}, low", f"{name}, high"]
    rows = tuple(_row(reading, question, group, wanted) for group in _groups(reading, question))
    return Table(question.id, words(question.text), tuple(head), rows)


def _wanted(reading: Reading, question: Question) -> list[tuple[str, str]]:
    joint = [f.selector for f in reading.figures_of(question, EVERYONE) if "+" in f.selector]
    shares = [("share", name) for name in (*(option.id for option in question.options), *joint)]
    others = [(kind, "") for kind in QUANTITIES if reading.figure(kind, question) is not None]
    return [*shares, *others]


def _groups(reading: Reading, question: Question) -> list[Group]:
    breakdowns = [ORGANISATION] if reading.organisations else []
    groups = [group for name in (*breakdowns, *reading.breakdowns) for group in reading.groups(name)]
    return [EVERYONE, *(group for group in groups if reading.figures_of(question, group))]


def _row(reading: Reading, question: Question, group: Group, wanted: Sequence[tuple[str, str]]) -> tuple[Value, ...]:
    cells = [reading.cell(reading.figure(kind, question, selector, group)) for kind, selector in wanted]
    shown = any(cell.value is not None for cell in cells)
    status = "shown" if shown else reading.why(question, group).partition(",")[0]
    base = reading.base(question, group) if shown else None
    numbers: list[Value] = []
    for (kind, _), cell in zip(wanted, cells, strict=True):
        low, high = (cell.low, cell.high) if cell.low is not None else (cell.value, cell.value)
        numbers += [_number(kind, value) for value in (cell.value, low, high)]
        if shown and cell.value is None:
            numbers[-3] = cell.words.partition(",")[0]
    breakdown = "all" if group == EVERYONE else reading.breakdown_name(group.breakdown)
    return (breakdown, reading.name(group), base, status, *numbers)


def _number(kind: str, value: float | None) -> int | float | None:
    if value is None:
        return None
    return round(value * 100) if kind in ("share", "net") else value


def csv_text(table: Table) -> str:
    """A table as CSV: UTF-8 without a mark at the start, lines that end as the standard says (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (table.head, *table.rows):
        writer.writerow(["" if value is None else text(value) for value in row])
    return out.getvalue()

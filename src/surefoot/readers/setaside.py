"""Columns that are no answers: blank ones, metadata, and those that say which rows to keep."""

from __future__ import annotations

from surefoot.readers.dates import holds_dates
from surefoot.readers.door import ANSWERED, DURATION, RESPONDENT, TECHNICAL, TIME, metadata, row_role, simple
from surefoot.readers.mapping import ColumnMapping
from surefoot.readers.table import Column, RawTable

PHASE_ONLY = "date of answering: kept only as early or late"
BLANK_COLUMN = "blank column"
SECOND_SIGN = "another column says which rows are finished"
_WHY = {
    "time": TIME,
    "answered": TIME,
    "respondent": RESPONDENT,
    "technical": TECHNICAL,
    "duration": DURATION,
    "quiz": "points or feedback of a quiz, no answer",
    "again": "the same answers are in one column for each option",
}


def set_aside(table: RawTable, answers: frozenset[str] = frozenset()) -> dict[str, ColumnMapping]:
    """What is no answer, by header. answers: headers that are known to hold answers, which are left alone."""
    found: dict[str, ColumnMapping] = {}
    for column in table.columns:
        if column.header not in answers:
            entry = _entry(table, column)
            if entry:
                found[column.header] = entry
    return _one_date(table, _one_sign(found))


def _entry(table: RawTable, column: Column) -> ColumnMapping | None:
    values = table[column.header]
    kept = row_role(column, values)
    if kept:
        return kept
    if column.role in _WHY:
        return ColumnMapping(role="ignore", why=_WHY[column.role])
    why = metadata(column, values)
    if why:
        return ColumnMapping(role="ignore", why=why)
    if values.null_count() == len(values) and column.role != "other" and not column.part:
        return ColumnMapping(role="ignore", why=BLANK_COLUMN)
    return None


def _one_date(table: RawTable, found: dict[str, ColumnMapping]) -> dict[str, ColumnMapping]:
    """The column that says on which day somebody answered: rather the end than the start."""
    times = {
        header: _rank(table.by_header[header])
        for header, column in found.items()
        if column.why == TIME and holds_dates(table[header])
    }
    ranked = sorted((rank, header) for header, rank in times.items() if rank < len(ANSWERED))
    if not ranked:
        return found
    return found | {ranked[0][1]: ColumnMapping(role="date", why=PHASE_ONLY)}


def _rank(column: Column) -> int:
    """The place of a column among the names of dates of answering; beyond them where it has none of them."""
    if column.role == "answered":
        return -1
    names = [simple(name) for name in (column.header, column.text)]
    place = next((place for place, known in enumerate(ANSWERED) if any(name in known for name in names)), None)
    return len(ANSWERED) - (column.role == "time") if place is None else place


def _one_sign(found: dict[str, ColumnMapping]) -> dict[str, ColumnMapping]:
    """Progress only counts where nothing else says whether a row is finished."""
    if any(column.role in ("finished", "submitted") for column in found.values()):
        aside = ColumnMapping(role="ignore", why=SECOND_SIGN)
        return {header: aside if column.role == "progress" else column for header, column in found.items()}
    return found

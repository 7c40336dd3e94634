"""Columns that are no answers: blank ones, metadata, and those that say which rows to keep."""

from __future__ import annotations

from surefoot.readers.door import DURATION, RESPONDENT, TECHNICAL, TIME, metadata, row_role
from surefoot.readers.mapping import ColumnMapping
from surefoot.readers.table import Column, RawTable

BLANK_COLUMN = "blank column"
SECOND_SIGN = "another column says which rows are finished"
_WHY = {"time": TIME, "respondent": RESPONDENT, "technical": TECHNICAL, "duration": DURATION}


def set_aside(table: RawTable, answers: frozenset[str] = frozenset()) -> dict[str, ColumnMapping]:
    """What is no answer, by header. answers: headers that are known to hold answers, which are left alone."""
    found: dict[str, ColumnMapping] = {}
    for column in table.columns:
        if column.header not in answers:
            entry = _entry(table, column)
            if entry:
                found[column.header] = entry
    return _one_sign(found)


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


def _one_sign(found: dict[str, ColumnMapping]) -> dict[str, ColumnMapping]:
    """Progress only counts where nothing else says whether a row is finished."""
    if any(column.role in ("finished", "submitted") for column in found.values()):
        aside = ColumnMapping(role="ignore", why=SECOND_SIGN)
        return {header: aside if column.role == "progress" else column for header, column in found.items()}
    return found

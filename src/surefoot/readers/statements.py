"""Statements of one matrix whose columns say nothing of each other: told by the answers that neighbours share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from surefoot.readers.scales import known_order
from surefoot.readers.table import Column, RawTable

MOST_LEVELS = 12
SENTENCE = (
    "columns beside each other with one scale were taken as statements of one question; a wording that they share is "
    "not in the file."
)
Texts = frozenset[str]


def with_runs(table: RawTable, path_of: Callable[[str], str] | None = None) -> RawTable:
    """The table with neighbouring columns grouped that have the same answers.

    path_of: the group in which a header stands, where headers have one: columns of one path need only share answers.
    Without it the answers must be on a known scale, and a sentence tells of each group.
    """
    texts = {column.header: _texts(table, column) for column in table.columns}
    runs: list[list[Column]] = []
    for column in table.columns:
        if runs and _belongs(runs[-1], column, texts, path_of):
            runs[-1].append(column)
        else:
            runs.append([column])
    grouped: dict[str, Column] = {}
    notes = []
    for run in runs:
        if len(run) > 1:
            group = path_of(run[0].header) if path_of else f"statements {run[0].header[:40]}"
            grouped |= {c.header: replace(c, group=group, part=c.header, part_text=c.text or c.header) for c in run}
            notes.append(f'"{run[0].header}" to "{run[-1].header}": {len(run)} {SENTENCE}')
    columns = tuple(grouped.get(column.header, column) for column in table.columns)
    return replace(table, columns=columns, notes=table.notes if path_of else (*table.notes, *notes))


def _texts(table: RawTable, column: Column) -> Texts:
    """The different cells of a column that may be a statement; none where it may not."""
    if column.role or column.group or column.separator:
        return frozenset()
    found = table[column.header].drop_nulls().unique()
    return frozenset(found.to_list()) if 1 < len(found) <= MOST_LEVELS else frozenset()


def _belongs(run: list[Column], column: Column, texts: dict[str, Texts], path_of: Callable[[str], str] | None) -> bool:
    """Whether a column is answered as the columns before it are."""
    own, before = texts[column.header], frozenset().union(*(texts[other.header] for other in run))
    if not own or not texts[run[-1].header] or len(own & before) < 2:
        return False
    if path_of:
        path = path_of(column.header)
        return bool(path) and path == path_of(run[-1].header) and len(own | before) <= MOST_LEVELS
    order = None if any(text.isdigit() for text in own) else known_order(sorted(own | before))
    return order is not None and len(order.off) <= 2

"""Rankings with one column a rank, which holds the option of that rank, made one list a row."""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from surefoot.readers.table import Column, RawTable

_RANK = re.compile(r"^(?:rank |rang |rango )?(?P<number>\d+)$", re.IGNORECASE)
_BETWEEN = "\n"


def with_rankings(table: RawTable) -> RawTable:
    """The table with one list in place of the columns of each ranking."""
    groups: dict[str, list[Column]] = {}
    for column in table.columns:
        if column.group and not column.role and _RANK.match(column.part):
            groups.setdefault(column.group, []).append(column)
    for stem, ranks in groups.items():
        if stem not in table.by_header and _are_ranks(table, ranks):
            table = _listed(table, stem, ranks)
    return table


def _listed(table: RawTable, stem: str, ranks: list[Column]) -> RawTable:
    headers = [column.header for column in ranks]
    lists = table.frame.select(pl.concat_str(headers, separator=_BETWEEN, ignore_nulls=True).alias(stem))[stem]
    place = table.frame.columns.index(headers[0])
    frame = table.frame.clone().insert_column(place, lists.set(lists == "", None)).drop(headers)
    one = Column(stem, stem, separator=_BETWEEN, ranked=True)
    columns = [one if column == ranks[0] else column for column in table.columns if column not in ranks[1:]]
    return replace(table, columns=tuple(columns), frame=frame)


def _are_ranks(table: RawTable, ranks: list[Column]) -> bool:
    """Whether columns numbered from 1 hold options in order: none twice, and no rank without the one before."""
    numbers = [int(_RANK.sub(r"\g<number>", column.part)) for column in ranks]
    if len(ranks) < 2 or numbers != list(range(1, len(ranks) + 1)):
        return False
    rows = table.frame.select([column.header for column in ranks]).unique().rows()
    filled = [[cell for cell in row if cell is not None] for row in rows]
    if any(None in row[: len(cells)] for row, cells in zip(rows, filled, strict=True)):
        return False
    options = {cell for cells in filled for cell in cells}
    distinct = all(len(set(cells)) == len(cells) for cells in filled)
    return distinct and any(len(cells) > 1 for cells in filled) and not any(option.isdigit() for option in options)

"""Rows that may be one person twice, counted at the door before the columns that tell it are dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.readers.door import IDENTIFYING, RESPONDENT, holds_addresses, metadata, simple
from surefoot.readers.table import Column, RawTable

MOSTLY, FEWEST = 0.9, 5
_NOBODY = ("anonymous", "anonym", "anonyme", "anónimo", "anoniem", "anônimo", "anonimo", "dienw")


@dataclass(frozen=True)
class Duplicates:
    """rows: equal to an earlier row in every cell. ids: with the id or e-mail address of an earlier row, not equal."""

    rows: int = 0
    ids: int = 0


def duplicates_of(table: RawTable) -> Duplicates:
    """Count rows that repeat an earlier one; empty rows are none, and none is left out for it."""
    frame = table.frame
    filled = ~frame.select(pl.all_horizontal(pl.all().is_null()).alias("blank"))["blank"]
    rows = frame.filter(filled)
    same = ~rows.hash_rows().is_first_distinct().to_numpy() if rows.height else np.zeros(0, dtype=bool)
    repeated = np.zeros(rows.height, dtype=bool)
    for column in table.columns:
        if _identifies(column, table[column.header]):
            repeated |= _repeats(rows[column.header])
    return Duplicates(int(same.sum()), int((repeated & ~same).sum()))


def fingerprints_of(table: RawTable) -> pl.Series:
    """A number for each row, by which two files are compared in one session; none where rows are often equal anyway."""
    found = table.frame.hash_rows()
    distinct = found.n_unique()
    return found if distinct > MOSTLY * len(found) and distinct > FEWEST else found.clear()


def refuse_double(name: str, rows: pl.Series, others: Mapping[str, pl.Series]) -> None:
    """Raise BadInput where most rows of a file are in another one too: its answers would count twice."""
    for other, before in others.items():
        if int(rows.is_in(before.implode()).sum()) > 0.5 * len(rows):
            raise BadInput(name, f"rows that are in {other} too, cell by cell", "each answer in one file of a wave")


def _identifies(column: Column, values: pl.Series) -> bool:
    """Whether a column holds ids of persons: e-mail addresses, tokens, response ids; no names, no devices."""
    named = any(simple(name) in IDENTIFYING for name in (column.header, column.text) if name)
    return named or metadata(column, values) == RESPONDENT or holds_addresses(values, ip=False)


def _repeats(values: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where a cell was seen before; nowhere in a column that says the same of most people."""
    known = values.set(values.str.to_lowercase().is_in(_NOBODY), None)
    filled = known.drop_nulls()
    if filled.n_unique() < 0.5 * len(filled):
        return np.zeros(len(values), dtype=bool)
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (known.is_not_null() & ~known.is_first_distinct()).to_numpy()
    return found

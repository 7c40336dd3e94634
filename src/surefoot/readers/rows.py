"""Which rows are kept: each row that is left out has one reason, so that read = kept + excluded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.readers.door import CUT, EMPTY, FINISHED_VALUES, STATUS_VALUES, UNFINISHED
from surefoot.readers.mapping import KEEP, ColumnMapping, Mapping
from surefoot.readers.numbers import parse_number
from surefoot.readers.table import RawTable

_KNOWN = {"finished": FINISHED_VALUES, "status": STATUS_VALUES}


@dataclass
class Rows:
    """A reason for each row, "" for those that are kept; the first reason found stands.

    unfinished: which rows are unfinished, kept or not; previews, tests and empty rows are none.
    """

    reasons: np.ndarray[Any, Any]
    signs: np.ndarray[Any, np.dtype[np.bool_]] | None = None

    def leave_out(self, where: Any, reason: str) -> None:
        """Leave out rows, unless they are left out already."""
        self.reasons[where & (self.reasons == "")] = reason

    def stopped(self, where: np.ndarray[Any, np.dtype[np.bool_]]) -> None:
        """Note rows that are unfinished, whether they are kept or not."""
        self.signs = where if self.signs is None else self.signs | where

    @property
    def unfinished(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which rows are unfinished."""
        people = (self.reasons == "") | (self.reasons == UNFINISHED)
        found: np.ndarray[Any, np.dtype[np.bool_]] = people & (False if self.signs is None else self.signs)
        return found

    @property
    def kept(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which rows are kept."""
        found: np.ndarray[Any, np.dtype[np.bool_]] = self.reasons == ""
        return found

    @property
    def excluded(self) -> dict[str, int]:
        """Reason to number of rows."""
        return dict(sorted(Counter(str(reason) for reason in self.reasons if reason != "").items()))


def rows_of(table: RawTable, mapping: Mapping, *, empty: pl.Series, keep_unfinished: bool) -> Rows:
    """Sort out empty rows, previews, tests and unfinished rows. Raises BadInput for a sign that is not known."""
    rows = Rows(np.full(table.frame.height, "", dtype=object))
    if table.cut:
        rows.leave_out(np.arange(table.frame.height) == table.frame.height - 1, CUT)
    rows.leave_out(empty.to_numpy(), EMPTY)
    for role in ("status", "finished", "progress", "submitted"):
        for header, column in mapping.with_role(role).items():
            if header in table.frame.columns:
                _sort_out(rows, table, header, column, keep_unfinished)
    return rows


def _sort_out(rows: Rows, table: RawTable, header: str, column: ColumnMapping, keep_unfinished: bool) -> None:
    values = table[header]
    targets: dict[str | None, str] = {None: KEEP if column.role == "status" else UNFINISHED}
    for value in values.unique().drop_nulls():
        targets[value] = _target(value, column, table, header)
    for reason in {target for target in targets.values() if target != KEEP}:
        signs = [value for value, target in targets.items() if target == reason and value is not None]
        where = values.is_in(signs).fill_null(targets[None] == reason).to_numpy()
        if reason == UNFINISHED:
            rows.stopped(where)
        if reason != UNFINISHED or not keep_unfinished:
            rows.leave_out(where, reason)


def _target(value: str, column: ColumnMapping, table: RawTable, header: str) -> str:
    if value in column.values:
        return column.values[value] or KEEP
    if column.role == "submitted":
        return KEEP
    if column.role == "progress":
        number = parse_number(value)
        if number is not None:
            return KEEP if number >= 100 else UNFINISHED
    known = _KNOWN.get(column.role, {}).get(value.casefold())
    if known is None:
        row = table.first_row + int((table[header] == value).arg_true()[0])
        raise BadInput(
            f'{table.where}, row {row}, column "{header}"', f'"{value}"', f"a sign of {column.role} that is known"
        )
    return known

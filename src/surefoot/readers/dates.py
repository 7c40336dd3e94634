"""Dates as survey tools write them, and what is kept of them: whether somebody answered early or late, never when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from surefoot.readers.door import TIME
from surefoot.readers.mapping import Mapping
from surefoot.readers.table import RawTable
from surefoot.readers.told import in_words, told_one
from surefoot.responses import EARLY, LATE

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
UNSTAMPED = date(1980, 1, 1)
"""What LimeSurvey writes where a survey does not note dates."""
_YEAR_FIRST = r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:\D|$)"
_YEAR_LAST = r"^(?P<a>\d{1,2})(?P<mark>[-/.]) ?(?P<b>\d{1,2})[-/.] ?(?P<y>\d{4}|\d{2})(?:\D|$)"
Phases = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Dated:
    """Each row's phase (EARLY, LATE, or -1 where it is not known), and a sentence where the dates did not say it."""

    phases: Phases
    unsure: tuple[str, ...] = ()


def order_of(columns: Iterable[pl.Series]) -> str:
    """In which order dates with the year last are written: "day-first", "month-first", "either" or "both".

    "" where no date has its year last. A part above 12 is a day; full stops between the parts mean that days come
    first. "both": the cells contradict one another.

    >>> order_of([pl.Series(["7/2/2026", "27/2/2026"])]), order_of([pl.Series(["7/2/2026 10:00"])])
    ('day-first', 'either')
    """
    signs: set[str] = set()
    for values in columns:
        found = values.drop_nulls().str.extract_groups(_YEAR_LAST).struct.unnest().drop_nulls()
        if found.height:
            parts = found.select(pl.col("a", "b").cast(pl.Int64) > 12, dotted=pl.col("mark") == ".")
            signs.add("some")
            signs |= {DAY_FIRST} if parts["a"].any() or parts["dotted"].any() else set()
            signs |= {MONTH_FIRST} if parts["b"].any() else set()
    certain = signs - {"some"}
    if len(certain) == 1:
        return certain.pop()
    return "both" if certain else "either" if signs else ""


def days_of(values: pl.Series, order: str) -> pl.Series:
    """The day of each cell, null where it holds none. order: for dates with the year last, "day-first" or else."""
    first = values.str.extract_groups(_YEAR_FIRST).struct.unnest()
    last = values.str.extract_groups(_YEAR_LAST).struct.unnest()
    year = last["y"].cast(pl.Int32, strict=False)
    day, month = ("a", "b") if order == DAY_FIRST else ("b", "a")
    parts = pl.DataFrame(
        {
            "y": first["y"].cast(pl.Int32, strict=False).fill_null(pl.select(_full_year(year)).to_series()),
            "m": first["m"].fill_null(last[month]).cast(pl.Int8, strict=False),
            "d": first["d"].fill_null(last[day]).cast(pl.Int8, strict=False),
        }
    )
    text = parts.select(
        pl.concat_str(
            [
                pl.col("y").cast(pl.String).str.zfill(4),
                pl.col("m").cast(pl.String).str.zfill(2),
                pl.col("d").cast(pl.String).str.zfill(2),
            ],
            separator="-",
        ).alias("day")
    )["day"]
    days = text.str.to_date("%Y-%m-%d", strict=False)
    return days.set(days == UNSTAMPED, None)


def _full_year(year: pl.Series) -> pl.Expr:
    """2026 for 26: no survey of ours is from the last century."""
    return pl.when(year < 100).then(year + 2000).otherwise(year)


def holds_dates(values: pl.Series) -> bool:
    """Whether any cell begins with a date."""
    filled = values.drop_nulls()
    return bool((filled.str.contains(r"^\d{4}[-/.]\d{1,2}[-/.]\d") | filled.str.contains(r"^\d{1,2}[-/.] ?\d")).any())


def phases_of(table: RawTable, mapping: Mapping, late_from: date | None) -> Dated:
    """Early or late for each row, by the mapping's column of role "date", or "submitted".

    late_from: the first day that counts as late; where None, days after the middle day of the file are late.
    """
    dated = [*mapping.with_role("date"), *mapping.with_role("submitted")]
    header = next((header for header in dated if header in table.frame.columns), None)
    unknown = np.full(table.frame.height, -1, dtype=np.int64)
    if header is None:
        return Dated(unknown)
    order = mapping.dates or order_of(_date_columns(table, mapping))
    if order in ("either", "both"):
        return Dated(unknown, (_asked(header, order),))
    days = days_of(table[header], order)
    filled = days.drop_nulls().sort()
    if not len(filled):
        return Dated(unknown)
    cut = late_from or filled[(len(filled) - 1) // 2]
    late = (days >= cut) if late_from else (days > cut)
    codes = pl.select(pl.when(late).then(LATE).when(late.not_()).then(EARLY).otherwise(-1)).to_series()
    return Dated(codes.to_numpy().astype(np.int64), _unread(header, table[header], days))


def _date_columns(table: RawTable, mapping: Mapping) -> list[pl.Series]:
    headers = list(mapping.with_role("date")) + [h for h, c in mapping.with_role("ignore").items() if c.why == TIME]
    return [table[header] for header in headers if header in table.frame.columns]


def _asked(header: str, order: str) -> str:
    found = "may be day-month or month-day" if order == "either" else "are written day-month and month-day in one file"
    return (
        f'"{header}": dates {found}, so nobody could be counted as early or late; write dates = "{DAY_FIRST}" or '
        f'dates = "{MONTH_FIRST}" at the top of the mapping.'
    )


def _unread(header: str, values: pl.Series, days: pl.Series) -> tuple[str, ...]:
    lost = int((values.is_not_null() & days.is_null()).sum())
    if not lost:
        return ()
    rows = in_words(told_one(lost))
    return (f'"{header}": {rows} rows hold no date that could be read; they count as neither early nor late.',)

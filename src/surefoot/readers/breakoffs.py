"""Where people broke off: the last question that unfinished rows answer, counted by question, never told per person."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl

from surefoot.instrument import Instrument
from surefoot.readers.mapping import KINDS_OF_MISSING, Mapping
from surefoot.readers.rows import Rows
from surefoot.readers.table import RawTable

BEFORE_FIRST = "before the first question"


def break_offs(table: RawTable, mapping: Mapping, instrument: Instrument, rows: Rows) -> dict[str, int]:
    """How many unfinished rows end at which question, in the questionnaire's order; test rows are none."""
    stopped = table.frame.filter(pl.Series(rows.unfinished))
    if not stopped.height:
        return {}
    last = np.full(stopped.height, -1, dtype=np.int64)
    for place, question in enumerate(instrument.asked):
        for header in mapping.of(question.id):
            if header in stopped.columns:
                options = {option.id for option in question.options}
                last[_answered(stopped[header], mapping, header, options)] = place
    counts = Counter(last.tolist())
    names = {-1: BEFORE_FIRST} | {place: question.id for place, question in enumerate(instrument.asked)}
    return {names[place]: counts[place] for place in sorted(counts)}


def _answered(
    values: pl.Series, mapping: Mapping, header: str, options: set[str]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where a cell holds an answer, no mark of missing and no box left empty."""
    kinds = KINDS_OF_MISSING.keys() - options
    silent = [cell for cell, target in mapping.columns[header].values.items() if target in kinds]
    marks = [*silent, *mapping.missing]
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        (values.is_not_null() & ~values.is_in(marks)).fill_null(False).to_numpy()
    )
    return found

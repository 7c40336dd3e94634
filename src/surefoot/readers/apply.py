"""RawTable + Mapping + Instrument to Responses: the same three always give the same answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, Question
from surefoot.readers.answers import Coder, Codes, code_boxes, code_cells, code_number, code_ranks, code_single
from surefoot.readers.asked import other_wordings
from surefoot.readers.dates import phases_of
from surefoot.readers.mapping import ColumnMapping, Mapping
from surefoot.readers.routing import NOT_ASKED, Routing
from surefoot.readers.rows import Rows
from surefoot.readers.table import RawTable
from surefoot.readers.told import in_words, told_one
from surefoot.responses import PHASE, ROW, SOURCE, Missing, Responses, empty_texts, number_missing, responses

Progress = Callable[[int, int], None] | None


@dataclass
class Applied:
    """Answers, with what the account needs beside them.

    statuses: of text questions, one Missing code or 0 for answered a row. unsure: sentences found on the way.
    undecided: by header, cells that no one gave a meaning and in how many rows each stands; they count as unknown.
    """

    responses: Responses
    statuses: dict[str, Codes]
    unsure: list[str]
    undecided: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass
class _Coded:
    coder: Coder
    items: dict[str, Codes] = field(default_factory=dict)
    statuses: dict[str, Codes] = field(default_factory=dict)
    texts: list[pl.DataFrame] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)


def apply(
    table: RawTable,
    mapping: Mapping,
    instrument: Instrument,
    rows: Rows,
    *,
    strict: bool,
    late_from: date | None = None,
    progress: Progress = None,
) -> Applied:
    """Code every question that people are asked, for the rows that are kept.

    strict: a cell without a meaning raises BadInput; else it counts as unknown and a sentence says how many.
    late_from: the first day whose answers are late; the middle day of the file decides where it is None.
    """
    check_columns(table, mapping, instrument)
    kept = pl.Series(rows.kept)
    numbers = np.flatnonzero(rows.kept) + table.first_row
    fewer = replace(table, frame=table.frame.filter(kept), notes=())
    coded = _Coded(Coder(fewer, mapping, numbers, strict))
    routing = Routing(instrument, len(numbers))
    for done, question in enumerate(instrument.asked):
        _code_question(coded, routing, question, mapping.of(question.id))
        if progress:
            progress(done + 1, len(instrument.asked))
    columns = {item: coded.items[item] for question in instrument.asked for item in question.items}
    worded = other_wordings(table, mapping, instrument)
    dated = phases_of(fewer, mapping, late_from)
    made = responses(
        instrument,
        columns | {SOURCE: np.zeros(len(numbers), dtype=np.int64), PHASE: dated.phases},
        sources=(table.where,),
        excluded=rows.excluded,
        texts=pl.concat(coded.texts) if coded.texts else empty_texts(),
    )
    made = replace(made, wordings={q: dict.fromkeys(texts, (table.where,)) for q, texts in worded.items()})
    unsure = coded.unsure + _undecided(coded.coder) + routing.sentences + list(dated.unsure)
    return Applied(made, coded.statuses, unsure, coded.coder.unresolved)


def _undecided(coder: Coder) -> list[str]:
    return [
        f'"{header}": {in_words(told_one(sum(cells.values())))} answers have no decided meaning and count as unknown.'
        for header, cells in coder.unresolved.items()
    ]


def check_columns(table: RawTable, mapping: Mapping, instrument: Instrument) -> None:
    """Raise BadInput where a mapping speaks of columns, questions or options that do not exist."""
    for header, column in mapping.columns.items():
        place = f'mapping, columns."{header}"'
        if column.role != "personal" and header not in table.frame.columns and column.question:
            shown = ", ".join(table.frame.columns[:12])
            raise BadInput(
                f"{table.where}, header row", f'no column "{header}"', f"the mapping's columns (found: {shown})"
            )
        if column.question and column.question not in instrument:
            raise BadInput(place, f'question = "{column.question}"', "the id of a question in the instrument")
        options = [option.id for option in instrument[column.question].options] if column.question else []
        if column.option and column.option not in options:
            raise BadInput(
                place, f'option = "{column.option}"', f'an option of "{column.question}": {", ".join(options)}'
            )


def _code_question(coded: _Coded, routing: Routing, question: Question, columns: dict[str, ColumnMapping]) -> None:
    answers = {header: column for header, column in columns.items() if column.role != "other" or column.option}
    texts = {header: column for header, column in columns.items() if column.role == "other"}
    if question.kind == "text":
        texts, answers = columns, {}
        coded.statuses[question.id] = routing.settle_text(question, _text_status(coded.coder, columns))
    else:
        found = _items(coded.coder, question, answers)
        settled = routing.settle(question, _complete(question, found, routing.rows))
        coded.items |= settled
    coded.texts += [_texts(coded.coder, question.id, header) for header in texts]


def _items(coder: Coder, question: Question, columns: dict[str, ColumnMapping]) -> dict[str, Codes]:
    if not columns:
        return {}
    by_option = {header: column for header, column in columns.items() if column.option}
    whole = {header: column for header, column in columns.items() if not column.option}
    if question.kind in ("multi", "ranked") and by_option and not whole:
        if question.kind == "ranked":
            return code_ranks(coder, question, by_option)
        explicit = not coder.table.unticked_is_silent
        return code_boxes(coder, question, by_option, explicit)
    if len(columns) > 1:
        found = " and ".join(f'"{header}"' for header in list(columns)[:3])
        raise BadInput(
            "mapping", f'columns {found} for the question "{question.id}"', "one column, or one for each option"
        )
    header, column = next(iter(columns.items()))
    if question.kind == "number":
        return {question.id: code_number(coder, question, header, column)}
    if question.kind == "single":
        return {question.id: code_single(coder, question, header, column)}
    return code_cells(coder, question, header, column)


def _complete(question: Question, found: dict[str, Codes], rows: int) -> dict[str, Codes]:
    """All items of a question; those without a column were not asked."""
    absent = number_missing(Missing.NOT_ASKED) if question.kind == "number" else NOT_ASKED
    return {item: found.get(item, np.full(rows, absent, dtype=np.int64)) for item in question.items}


def _text_status(coder: Coder, columns: dict[str, ColumnMapping]) -> Codes:
    if not columns:
        return np.full(coder.table.frame.height, NOT_ASKED, dtype=np.int64)
    filled = np.zeros(coder.table.frame.height, dtype=bool)
    for header in columns:
        filled |= (coder.table[header].is_not_null() & ~_marks(coder, header)).to_numpy()
    marked = np.zeros(len(filled), dtype=bool)
    for header in columns:
        marked |= (coder.table[header].is_not_null() & _marks(coder, header)).to_numpy()
    return np.where(filled, 0, np.where(marked, int(Missing.NOT_ANSWERED), coder.blank))


def _marks(coder: Coder, header: str) -> pl.Series:
    """Where a text is only a mark of missing."""
    values = coder.mapping.columns[header].values
    marks = [cell for cell, kind in values.items() if kind] + list(coder.mapping.missing)
    return coder.table[header].is_in(marks).fill_null(False)


def _texts(coder: Coder, question: str, header: str) -> pl.DataFrame:
    values = coder.table[header]
    wanted = values.is_not_null() & ~_marks(coder, header)
    frame = pl.DataFrame({ROW: pl.int_range(len(values), eager=True), "text": values}).filter(wanted)
    return frame.select(pl.col(ROW).cast(pl.Int64), pl.lit(question).alias("question"), pl.col("text").cast(pl.String))

"""What was answered: Responses, integer-coded columns with their Instrument and where they came from.

A choice is stored as the index of its option. Four kinds of missing are four codes and are never mixed up.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, Question, instrument_from_table, instrument_table
from surefoot.whole import whole

SCHEMA = "surefoot/responses/1"
DEFAULT_WEIGHT_SCALE = 2**10
ORGANISATION, WAVE, WEIGHT, STRATUM, CLUSTER, SOURCE, PHASE = (
    "@organisation",
    "@wave",
    "@weight",
    "@stratum",
    "@cluster",
    "@source",
    "@phase",
)
RESERVED = (ORGANISATION, WAVE, WEIGHT, STRATUM, CLUSTER, SOURCE, PHASE)
EARLY, LATE = 0, 1
"""Codes of "@phase": answered before the reminder (or up to the middle day of the file), or after."""
ROW = "@row"
TEXT_SCHEMA = {ROW: pl.Int64, "question": pl.String, "text": pl.String}


class Missing(IntEnum):
    """The four kinds of missing. "I don't know" is none of them: it is an answer.

    NOT_ASKED: not shown by routing, or not in that organisation's questionnaire. NOT_ANSWERED: shown and left empty.
    UNTICKED: a box left empty in a question that was answered. UNKNOWN: the file does not say which of these it was.
    """

    NOT_ASKED = -1
    NOT_ANSWERED = -2
    UNTICKED = -3
    UNKNOWN = -4


MISSING = tuple(Missing)
NUMBER_MISSING_BASE = -(2**62)
"""For numbers, where -1 is a value, a missing kind is stored as this base plus its code."""


def number_missing(kind: Missing) -> int:
    """The int64 that stands for a kind of missing in a column of numbers.

    >>> number_missing(Missing.NOT_ASKED) == NUMBER_MISSING_BASE - 1
    True
    """
    return NUMBER_MISSING_BASE + int(kind)


@dataclass(frozen=True)
class Responses:
    """The answers of one study.

    table: one row a respondent. Choice items are Int16 (option index; 1 for a ticked box; the rank, from 1, for ranked
    items; or a Missing code). Numbers are Int64 with the question's declared decimals. The reserved columns
    "@organisation", "@wave" and "@source" are Int16 indices into `organisations`, `waves` and `sources` (-1: none),
    "@phase" is Int16: EARLY, LATE, or -1 where the file does not say; no date and no time is ever stored.
    "@weight" is Int64 on `weight_scale`, "@stratum" and "@cluster" are Int32 and present only where the design has
    them.
    texts: columns "@row" (row index), "question", "text"; a table apart, never tallied.
    wordings: question id to each wording that is not the instrument's, and who asked in these words: ids of
    organisations, or names of files where those do not belong to one.
    excluded: reason to number of rows that were read and left out; read = kept + excluded.
    """

    instrument: Instrument
    table: pl.DataFrame
    organisations: tuple[str, ...] = ()
    waves: tuple[str, ...] = ("1",)
    sources: tuple[str, ...] = ()
    weight_scale: int = DEFAULT_WEIGHT_SCALE
    excluded: Mapping[str, int] = field(default_factory=dict)
    texts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TEXT_SCHEMA))
    wordings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    simulated: bool = False

    def __len__(self) -> int:
        return self.table.height

    @property
    def read(self) -> int:
        """Rows that were read: kept and excluded."""
        return len(self) + sum(self.excluded.values())

    def codes(self, item: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The codes of one item (or reserved column), one a row; all NOT_ASKED where the item was never asked."""
        if item not in self.table.columns:
            number = item in self.instrument and self.instrument[item].kind == "number"
            never = number_missing(Missing.NOT_ASKED) if number else int(Missing.NOT_ASKED)
            return np.full(len(self), never, dtype=np.int64)
        return self.table[item].to_numpy().astype(np.int64, copy=False)

    def digest(self, secret: bytes) -> str:
        """A keyed digest of the answers; the order of rows and columns does not matter.

        Each row is hashed with the secret, the row digests are sorted and hashed again (HMAC-SHA-256).
        """
        columns = sorted(self.table.columns)
        names = [list(self.organisations), list(self.waves)]
        prefix = json.dumps([self.instrument.id, columns, self.weight_scale, *names]).encode()
        rows = sorted(
            hmac.new(secret, repr(row).encode(), hashlib.sha256).digest()
            for row in self.table.select(columns).iter_rows()
        )
        return hmac.new(secret, prefix + b"".join(rows), hashlib.sha256).hexdigest()

    def filtered(self, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> Responses:
        """The same answers of fewer people."""
        kept = np.flatnonzero(keep)
        index = pl.DataFrame({ROW: kept, "@new": np.arange(len(kept))})
        texts = self.texts.with_columns(pl.col(ROW).cast(pl.Int64)).join(index, on=ROW, how="inner")
        texts = texts.select(pl.col("@new").alias(ROW), "question", "text")
        return replace(self, table=self.table.filter(pl.Series(keep)), texts=texts)

    def without(self, organisations: Sequence[str]) -> Responses:
        """The same answers without those of some organisations."""
        places = [place for place, name in enumerate(self.organisations) if name in organisations]
        return self.filtered(~np.isin(self.codes(ORGANISATION), places))


def empty_texts() -> pl.DataFrame:
    """The table of texts of a study without any."""
    return pl.DataFrame(schema=TEXT_SCHEMA)


def responses(
    instrument: Instrument,
    columns: Mapping[str, Any],
    *,
    organisations: Sequence[str] = (),
    waves: Sequence[str] = ("1",),
    sources: Sequence[str] = (),
    weight_scale: int = DEFAULT_WEIGHT_SCALE,
    excluded: Mapping[str, int] | None = None,
    texts: pl.DataFrame | None = None,
    simulated: bool = False,
) -> Responses:
    """Build Responses from columns of codes, with the right types, defaults for reserved columns, and every code
    checked.

    Raises BadInput where a code is outside its scale.
    """
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise BadInput("answers", f"columns of different lengths {sorted(lengths)}", "one value a row in each column")
    rows = lengths.pop() if lengths else 0
    defaults = {
        ORGANISATION: np.full(rows, 0 if len(organisations) == 1 else -1),
        WAVE: np.zeros(rows, dtype=np.int64),
        SOURCE: np.full(rows, -1),
        PHASE: np.full(rows, -1),
        WEIGHT: np.full(rows, weight_scale, dtype=np.int64),
    }
    series = [
        pl.Series(name, values).cast(_dtype(name, instrument)) for name, values in (defaults | dict(columns)).items()
    ]
    made = Responses(
        instrument=instrument,
        table=pl.DataFrame(series),
        organisations=tuple(organisations),
        waves=tuple(waves),
        sources=tuple(sources),
        weight_scale=weight_scale,
        excluded=dict(excluded or {}),
        texts=empty_texts() if texts is None else texts,
        simulated=simulated,
    )
    _check(made)
    return made


def _dtype(name: str, instrument: Instrument) -> Any:
    if name == WEIGHT:
        return pl.Int64
    if name in (STRATUM, CLUSTER):
        return pl.Int32
    if name in instrument and instrument[name].kind == "number":
        return pl.Int64
    return pl.Int16


def _check(made: Responses) -> None:
    known = {item: question for question, item in made.instrument.items}
    for name in made.table.columns:
        if name not in known and name not in RESERVED:
            raise BadInput(f'answers, column "{name}"', "a column that the instrument does not have", "a question's id")
        column = made.table[name]
        if column.null_count():
            raise BadInput(f'answers, column "{name}"', "an empty cell", "one of the codes of missing")
        if not len(column):
            continue
        if name in RESERVED:
            _check_reserved(made, name, column)
        elif known[name].kind == "number":
            _check_numbers(name, column)
        else:
            _check_range(name, column, min(MISSING), _top(known[name]))


def _top(question: Question) -> int:
    """The highest code of an item of a question."""
    if question.kind == "multi":
        return 1
    return len(question.options) - (question.kind != "ranked")


def _check_reserved(made: Responses, name: str, column: pl.Series) -> None:
    """An index that points beside its list would put somebody into the wrong group without a word."""
    if name == WEIGHT and int(column.min()) < 0:  # type: ignore[arg-type]
        raise BadInput("answers, weights", "a negative weight", "weights of 0 or more")
    lists = {ORGANISATION: made.organisations, WAVE: made.waves, SOURCE: made.sources}
    if name in lists:
        _check_range(name, column, -1, len(lists[name]) - 1)
    if name == PHASE:
        _check_range(name, column, -1, LATE)


def _check_range(name: str, column: pl.Series, lowest: int, top: int) -> None:
    low, high = int(column.min()), int(column.max())  # type: ignore[arg-type]
    if low < lowest or high > top:
        raise BadInput(f'answers, column "{name}"', f"the code {low if low < lowest else high}", f"a code up to {top}")


def _check_numbers(name: str, column: pl.Series) -> None:
    codes = set(column.filter(column <= NUMBER_MISSING_BASE // 2).to_list())
    strange = sorted(codes - {number_missing(kind) for kind in MISSING})
    if strange:
        raise BadInput(f'answers, column "{name}"', f"the number {strange[0]}", "a number, or a code of missing")


# Files ------------------------------------------------------------------------------------------------------------


def write_responses(made: Responses, path: Path) -> None:
    """Write answers as one Parquet file that carries its instrument; written beside and renamed, never half."""
    header = {
        "schema": SCHEMA,
        "instrument": instrument_table(made.instrument),
        "organisations": list(made.organisations),
        "waves": list(made.waves),
        "sources": list(made.sources),
        "weight_scale": made.weight_scale,
        "excluded": dict(made.excluded),
        "wordings": {key: {text: list(who) for text, who in value.items()} for key, value in made.wordings.items()},
        "texts": made.texts.to_dicts(),
        "simulated": made.simulated,
    }
    table = made.table.to_arrow()
    table = table.replace_schema_metadata({"surefoot": json.dumps(header, ensure_ascii=False)})
    with whole(path) as place:
        pq.write_table(table, place)


def is_responses(path: Path) -> bool:
    """Whether a file holds Responses (a Parquet file with our header)."""
    try:
        return b"surefoot" in (pq.read_schema(path).metadata or {})
    except (OSError, ValueError):
        return False


def read_responses(path: Path) -> Responses:
    """Read answers that `write_responses` wrote. Raises BadInput."""
    head = responses_header(path)
    frame = pl.DataFrame(pl.from_arrow(pq.read_table(path).replace_schema_metadata(None)))
    if PHASE not in frame.columns:  # files from before phases were kept
        frame = frame.with_columns(pl.lit(-1, dtype=pl.Int16).alias(PHASE))
    made = replace(head, table=frame)
    _check(made)
    return made


def responses_header(path: Path) -> Responses:
    """All that a file of answers says apart from the answers: Responses without rows. Raises BadInput."""
    try:
        schema = pq.read_schema(path)
        header = json.loads((schema.metadata or {})[b"surefoot"])
        if header["schema"] != SCHEMA:
            raise BadInput(f"{path}, schema", repr(header["schema"]), f'"{SCHEMA}"')
    except (OSError, ValueError, KeyError):
        raise BadInput(
            str(path), "a file without answers in it", "a Parquet file that `surefoot read --out` wrote"
        ) from None
    return Responses(
        instrument=instrument_from_table(header["instrument"], str(path)),
        table=pl.DataFrame(pl.from_arrow(schema.remove_metadata().empty_table())),
        organisations=tuple(header["organisations"]),
        waves=tuple(header["waves"]),
        sources=tuple(header["sources"]),
        weight_scale=header["weight_scale"],
        excluded=header["excluded"],
        texts=pl.DataFrame(header["texts"], schema=TEXT_SCHEMA),
        wordings={key: {t: tuple(who) for t, who in dict(value).items()} for key, value in header["wordings"].items()},
        simulated=header["simulated"],
    )

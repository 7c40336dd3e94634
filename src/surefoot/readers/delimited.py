"""Text with separators to a Grid: encoding, separator, then Polars where the file is clean, else Python's csv."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Any

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.readers.table import Grid, blank_to_null

SEPARATORS = (",", ";", "\t", "|")
LEGACY_ENCODINGS = ["cp1252", "latin_1", "iso8859_15", "mac_roman", "cp1250"]
CUT_OFF = "The file ends in the middle of a row: that row was left out, and others may be missing; export it again."
_SAMPLE = 200_000
_CHUNK = 1 << 18
Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Places = np.ndarray[Any, np.dtype[np.int64]]
Bits = np.ndarray[Any, np.dtype[np.bool_]]
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f]")
_SEP_LINE = re.compile(rb"sep=(.)\r?\n", re.IGNORECASE)

csv.field_size_limit(10_000_000)


def delimited_grid(content: bytes, where: str) -> Grid:
    """Read CSV, TSV or the like. Raises BadInput with the row where cells do not line up."""
    content, notes = to_utf8(content, where)
    skipped, unended = 0, not content.endswith((b"\n", b"\r", b"\x1a"))
    forced = _SEP_LINE.match(content)
    if forced:
        content, skipped = content[forced.end() :], 1
    content = content.rstrip(b"\r\n \t\x1a") if b"\t" not in content[:_SAMPLE] else content.rstrip(b"\r\n\x1a")
    if not content.strip():
        raise BadInput(where, "an empty file", "a header and rows of answers")
    separator = forced.group(1).decode() if forced else find_separator(content, where)
    width = _clean_width(content, separator)
    if width:
        return Grid(where, "csv", blank_to_null(_read_fast(content, separator, width)), skipped, notes)
    rows, cut = _read_strictly(content, separator, where, skipped, unended)
    return Grid(where, "csv", blank_to_null(rows), skipped, (*notes, *([CUT_OFF] if cut else [])), cut=cut)


# Encoding ---------------------------------------------------------------------------------------------------------


def to_utf8(content: bytes, where: str) -> tuple[bytes, tuple[str, ...]]:
    """Text in any usual encoding as UTF-8 without a mark, with a sentence where the encoding was guessed."""
    wide = _wide_encoding(content)
    if wide:
        return _decoded(content, wide, where).lstrip("\ufeff").encode(), ()
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in content:
        raise BadInput(where, "NUL bytes, which no text has", "a text file (CSV), XLSX, Parquet or SPSS file")
    try:
        _refuse_noise(content.decode(), where)
    except UnicodeDecodeError:
        return _from_legacy(content, where)
    return content, ()


def _wide_encoding(content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = content[:2000]
    if len(head) >= 4 and head[1::2].count(0) > len(head) * 0.4 and 0 not in head[0::2]:
        return "utf-16-le"
    if len(head) >= 4 and head[0::2].count(0) > len(head) * 0.4 and 0 not in head[1::2]:
        return "utf-16-be"
    return None


def _decoded(content: bytes, encoding: str, where: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise BadInput(where, f"bytes that are not {encoding} (at byte {problem.start})", "text in UTF-8") from None
    if "\0" in text:
        raise BadInput(where, "NUL characters, which no text has", "a text file (CSV), XLSX, Parquet or SPSS file")
    _refuse_noise(text, where)
    return text


def _from_legacy(content: bytes, where: str) -> tuple[bytes, tuple[str, ...]]:
    from charset_normalizer import from_bytes

    _refuse_noise(content[: 10 * _SAMPLE].decode("latin-1"), where)
    odd = [match.start() for match in re.finditer(rb"[\x80-\xff]", content)][:2000]
    sample = b" ".join(content[max(0, at - 40) : at + 40] for at in odd[:: max(1, len(odd) // 200)])
    best = from_bytes(sample, cp_isolation=LEGACY_ENCODINGS).best()
    encoding = "cp1252" if best is None or _reads_as(content, "cp1252") else best.encoding
    if not _reads_as(content, encoding):
        raise BadInput(where, "text in an encoding that could not be told", "text in UTF-8")
    note = f"The file is not in UTF-8; it was read as {encoding}: check letters with accents, dashes and quotes."
    return content.decode(encoding).encode(), (note,)


def _reads_as(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _refuse_noise(text: str, where: str) -> None:
    sample = text[: 10 * _SAMPLE]
    if len(_CONTROL.findall(sample)) > len(sample) / 500 + 2:
        raise BadInput(where, "control characters throughout: this is not text", "a CSV, XLSX, Parquet or SPSS file")


# Separator --------------------------------------------------------------------------------------------------------


def find_separator(content: bytes, where: str) -> str:
    """The separator whose rows agree best with the header; "," for a file of one column."""
    sample = content[:_SAMPLE].decode(errors="ignore")
    whole = len(content) <= _SAMPLE
    scores = {separator: _score(sample, separator, whole) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if scores[best][0] == 0 and max(len(line) for line in sample.splitlines()[:3]) > 20_000:
        raise BadInput(where, "a first line of more than 20,000 characters without a separator", "a header row")
    return best


def _score(sample: str, separator: str, whole: bool) -> tuple[float, int]:
    """How many rows are as wide as the header, and how wide; (0, 0) where the separator does not split the header."""
    widths: list[int] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            widths.append(len(row))
            if len(widths) > 60:
                break
    except csv.Error:
        pass
    if not whole and len(widths) <= 60:
        widths = widths[:-1]
    if not widths or widths[0] < 2:
        return 0, 0
    agreeing = sum(width == widths[0] for width in widths[1:]) / max(1, len(widths) - 1)
    return agreeing + 0.01, widths[0]


# Rows -------------------------------------------------------------------------------------------------------------


def _clean_width(content: bytes, separator: str) -> int:
    """How many cells every row has, or 0 where the file is not clean enough to be parsed in one way only.

    Clean: quotes only around whole cells, each row as wide as the first, no blank line, no lone carriage return.
    """
    if content.count(b"\r") != content.count(b"\r\n"):
        return 0
    data = np.frombuffer(b"\n" + content + b"\n", dtype=np.uint8)
    inside, ends, ranks, seen = 0, [], [], 0
    for start in range(1, len(data), _CHUNK):
        part = data[start : start + _CHUNK]
        quote = part == 34
        within = np.bitwise_xor.accumulate(quote.view(np.uint8)) ^ inside
        if not _quotes_stand_well(data, start + np.flatnonzero(quote), within[quote] == 1, ord(separator)):
            return 0
        marks = np.flatnonzero(((part == 10) | (part == ord(separator))) & (within == 0))
        last = np.flatnonzero(part[marks] == 10)
        ends.append(start + marks[last])
        ranks.append(seen + last)
        seen, inside = seen + len(marks), int(within[-1])
    return 0 if inside else _even_width(data, np.concatenate(ends), np.concatenate(ranks))


def _even_width(data: Bytes, ends: Places, ranks: Places) -> int:
    """Cells a row where all rows have as many, else 0. ends: line ends; ranks: their places among all marks."""
    widths = np.diff(ranks, prepend=-1)
    starts = np.concatenate([[1], ends[:-1] + 1])
    blank = (ends - starts <= 1) & np.isin(data[starts], (10, 13))
    return 0 if (widths != widths[0]).any() or blank.any() else int(widths[0])


def _quotes_stand_well(data: Bytes, places: Places, opening: Bits, separator: int) -> bool:
    """Whether quotes open at the start of a cell and close at its end, doubled ones inside apart."""
    opens = np.isin(data[places[opening] - 1], (separator, 10, 34)).all()
    closes = np.isin(data[places[~opening] + 1], (separator, 10, 13, 34)).all()
    return bool(opens and closes)


def _read_fast(content: bytes, separator: str, width: int) -> pl.DataFrame:
    names = [f"c{index}" for index in range(width)]
    return pl.read_csv(
        io.BytesIO(content),
        separator=separator,
        has_header=False,
        new_columns=names,
        schema_overrides=dict.fromkeys(names, pl.String),
        infer_schema_length=0,
    )


def _read_strictly(
    content: bytes, separator: str, where: str, skipped: int, unended: bool
) -> tuple[pl.DataFrame, bool]:
    """Row by row, with the row's number where cells do not line up; a blank line counts as an empty row.

    unended: whether no line end stands behind the last row. Returns the rows, and whether the last was cut off there.
    """
    reader = csv.reader(io.StringIO(content.decode(), newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as problem:
        place = f"{where}, row {skipped + len(rows) + 1}"
        raise BadInput(
            place, f"quotes that do not close or stand inside a cell ({problem})", "a well-formed CSV"
        ) from None
    width = len(rows[0])
    rows = [row or [""] * width for row in rows]
    cut = unended and len(rows) > 2 and 1 < len(rows[-1]) < width
    if cut:
        rows[-1] = rows[-1] + [""] * (width - len(rows[-1]))
    for index, row in enumerate(rows):
        if len(row) != width:
            _refuse_ragged(rows, index, f"{where}, row {skipped + index + 1}", separator)
    columns = {f"c{column}": [row[column] for row in rows] for column in range(width)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), cut


def _refuse_ragged(rows: list[list[str]], index: int, place: str, separator: str) -> None:
    usual = Counter(len(row) for row in rows[1:]).most_common(1)[0]
    hint = f' separated by "{separator}"' if separator != "\t" else " separated by tabs"
    if usual[0] != len(rows[0]) and usual[1] > len(rows) / 2:
        hint += f" (most rows have {usual[0]}: are separators mixed?)"
    cells = "1 cell" if len(rows[index]) == 1 else f"{len(rows[index])} cells"
    raise BadInput(place, cells, f"{len(rows[0])} cells as in the header row{hint}")

"""What every dialect starts from and hands on: Grid (a file as rows of cells) and RawTable (columns, understood)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from surefoot.errors import BadInput


@dataclass(frozen=True)
class Grid:
    """A file as rows of text cells, its header rows included, before any dialect has looked at it.

    where: the file's name, for messages. kind: csv, xlsx, parquet, sav or dta. frame: columns of String, null where a
    cell is blank. skipped: lines before the first row of `frame`. notes: sentences on what had to be guessed. labels,
    texts, user_missing: by header, where the format carries them (.sav, .dta). cut: whether the file ends in mid-row.
    """

    where: str
    kind: str
    frame: pl.DataFrame
    skipped: int = 0
    notes: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    user_missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cut: bool = False

    def row(self, index: int) -> list[str]:
        """The cells of one row, "" where blank; an empty list beyond the end."""
        if index >= self.frame.height:
            return []
        return ["" if cell is None else str(cell) for cell in self.frame.row(index)]


@dataclass(frozen=True)
class Column:
    """One column as its dialect understands it.

    header: its unique key in a mapping. text: the question's wording. group, part: columns of one question share
    `group` and differ in `part` (an option or a statement). role: what the dialect knows it to be
    ("finished", "other", ...). labels: text of each code. missing: what a cell means that is none of the answers
    ("-99" to "not-answered"). separator: between the options in one cell, where the tool is known to write lists there.
    key: the tool's own id of the column, where it is not the header. ranked: whether such a list is in order of ranks.
    """

    header: str
    text: str = ""
    group: str = ""
    part: str = ""
    stem: str = ""
    part_text: str = ""
    role: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    separator: str = ""
    key: str = ""
    ranked: bool = False


@dataclass(frozen=True)
class RawTable:
    """The data rows of a file with its columns; `frame` has one String column a header, null where blank.

    first_row: the number that a spreadsheet shows beside the first data row. missing: for all columns, as in Column.
    unticked_is_silent: whether a box left empty and a question left empty look the same. blank: the kind of missing
    that a blank cell stands for. own_words: whether the tool writes what somebody typed under "Other" in place of the
    option, with no sign. cut: whether the file ends in the middle of the last row.
    """

    where: str
    dialect: str
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    first_row: int
    notes: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    unticked_is_silent: bool = False
    blank: str = "not-answered"
    own_words: bool = False
    cut: bool = False

    def __getitem__(self, header: str) -> pl.Series:
        return self.frame[header]

    @property
    def by_header(self) -> dict[str, Column]:
        """Columns by their header."""
        return {column.header: column for column in self.columns}

    def without(self, headers: set[str]) -> RawTable:
        """The same table without some columns, as if the file had never held them."""
        kept = tuple(column for column in self.columns if column.header not in headers)
        frame = self.frame.select([column.header for column in kept])
        return replace(self, columns=kept, frame=frame)


def raw_table(
    grid: Grid,
    dialect: str,
    columns: list[Column],
    header_rows: int,
    *,
    missing: Mapping[str, str] | None = None,
    unticked_is_silent: bool = False,
    notes: tuple[str, ...] = (),
) -> RawTable:
    """The data rows of a grid under the columns that a dialect has understood. Raises BadInput where no row is left."""
    frame = grid.frame.slice(header_rows)
    if not frame.height:
        raise BadInput(grid.where, "a header without rows", "at least one row of answers")
    frame = frame.rename(dict(zip(frame.columns, [column.header for column in columns], strict=True)))
    first_row = grid.skipped + header_rows + 1
    return RawTable(
        grid.where,
        dialect,
        tuple(columns),
        frame,
        first_row,
        (*grid.notes, *notes),
        missing or {},
        unticked_is_silent,
        cut=grid.cut,
    )


def unique_headers(found: list[str], where: str, *, number: bool = False) -> list[str]:
    """Headers that can serve as keys: blank ones become "column 7"; repeated ones are an error, or numbered.

    number: for dialects whose own exports repeat a header. Raises BadInput that names the repeated header.
    """
    headers: list[str] = []
    seen: dict[str, int] = {}
    for index, cell in enumerate(found):
        header = cell.strip() or f"column {index + 1}"
        seen[header] = seen.get(header, 0) + 1
        if seen[header] > 1 and not number:
            raise BadInput(f"{where}, header row", f'the header "{header}" more than once', "each header once")
        headers.append(header if seen[header] == 1 else f"{header} ({seen[header]})")
    if len(set(headers)) < len(headers):
        twice = next(header for header in headers if headers.count(header) > 1)
        raise BadInput(f"{where}, header row", f'the header "{twice}" more than once', "each header once")
    return headers


def blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells without surrounding space, and null where nothing is left."""
    stripped = frame.with_columns(pl.all().str.strip_chars())
    return stripped.with_columns(pl.when(pl.all().str.len_bytes() > 0).then(pl.all()))

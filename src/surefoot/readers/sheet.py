"""XLSX and Parquet files to a Grid: values only, checked for their unpacked size before they are opened."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from surefoot.errors import BadInput
from surefoot.readers.refusals import refuse_archives, refuse_forms
from surefoot.readers.table import Grid, blank_to_null

MAX_UNPACKED = 500_000_000


def xlsx_grid(content: bytes, where: str) -> Grid:
    """The first sheet of a workbook, as values. Raises BadInput where it is broken, too large or not calculated."""
    _check_zip(content, where)
    book = _open_book(content, where, values=True)
    sheet = book.worksheets[0]
    try:
        rows = _rows(sheet)
        _refuse_unsaved_formulas(content, where, rows)
    except BadInput:
        raise
    except Exception as problem:  # a damaged sheet makes openpyxl raise almost anything
        raise _broken(where, "XLSX", problem) from None
    refuse_forms([other.title for other in book.worksheets], next(filter(any, rows), []), where)
    others = [other.title for other in book.worksheets[1:]]
    notes = (f'Only the first sheet, "{sheet.title}", was read of {len(others) + 1}.',) if others else ()
    skipped = next((index for index, row in enumerate(rows) if any(row)), len(rows))
    if skipped == len(rows):
        raise BadInput(where, "an empty sheet", "a header and rows of answers")
    return Grid(where, "xlsx", _frame(rows[skipped:], where, skipped), skipped, notes)


def _check_zip(content: bytes, where: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise _broken(where, "XLSX", problem) from None
    if unpacked > MAX_UNPACKED:
        raise BadInput(where, f"{unpacked:,} bytes when unpacked", f"at most {MAX_UNPACKED:,} bytes")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        refuse_archives(content, where)


def _open_book(content: bytes, where: str, *, values: bool) -> Any:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=values)
        sheets = book.worksheets
    except Exception as problem:  # a damaged workbook makes openpyxl raise almost anything
        raise _broken(where, "XLSX", problem) from None
    if not sheets:
        raise BadInput(where, "a workbook without a sheet", "a sheet with a header and rows of answers")
    return book


def _broken(where: str, kind: str, problem: Exception) -> BadInput:
    return BadInput(where, f"a damaged or unfinished {kind} file ({type(problem).__name__})", f"a whole {kind} file")


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()
    rows = [[cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def cell_text(value: Any) -> str:
    """A cell's value as the text that stands for it: 5.0 is "5", a date is ISO 8601, true is "TRUE".

    >>> cell_text(5.0), cell_text(True), cell_text(None), cell_text(2.5)
    ('5', 'TRUE', '', '2.5')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ";".join(cell_text(part) for part in value)
    return str(value).strip()


def _refuse_unsaved_formulas(content: bytes, where: str, rows: list[list[str]]) -> None:
    """A formula that was never calculated has no value: better to say so than to read a blank."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in sheets):
            return
    sheet = _open_book(content, where, values=False).worksheets[0]
    sheet.reset_dimensions()
    for index, row in enumerate(sheet.iter_rows()):
        for place, cell in enumerate(row):
            unsaved = cell.data_type == "f" and (
                index >= len(rows) or place >= len(rows[index]) or not rows[index][place]
            )
            if unsaved:
                found = f"a formula in row {index + 1}, column {place + 1} without a saved value"
                raise BadInput(where, found, "values: open the file in a spreadsheet program and save it")


def _frame(rows: list[list[str]], where: str, skipped: int) -> pl.DataFrame:
    width = max(index + 1 for row in rows for index, cell in enumerate(row) if cell)
    if width > 16_384 or width * len(rows) > 50_000_000:
        raise BadInput(where, f"a sheet of {len(rows)} rows and {width} columns", "at most 50 million cells")
    header = len(rows[0])
    for index, row in enumerate(rows):
        if any(row[header:]):
            raise BadInput(f"{where}, row {skipped + index + 1}", "a cell beyond the header", f"at most {header} cells")
    padded = [row[:header] + [""] * (header - len(row)) for row in rows]
    columns = {f"c{at}": [row[at] for row in padded] for at in range(header)}
    return blank_to_null(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))


# Parquet ----------------------------------------------------------------------------------------------------------


def parquet_grid(content: bytes, where: str) -> Grid:
    """A Parquet table whose column names are the headers. Raises BadInput where it is broken or too large."""
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        groups = range(file.metadata.num_row_groups)
        unpacked = sum(file.metadata.row_group(index).total_byte_size for index in groups)
        if unpacked > 4 * MAX_UNPACKED:
            raise BadInput(where, f"{unpacked:,} bytes when unpacked", f"at most {4 * MAX_UNPACKED:,} bytes")
        table = file.read()
    except (OSError, ValueError, pa.ArrowException) as problem:
        raise _broken(where, "Parquet", problem) from None
    names = [str(name) for name in table.column_names]
    columns = {f"c{index}": _texts(table.column(index)) for index in range(len(names))}
    return Grid(where, "parquet", with_header(names, columns))


def _texts(column: Any) -> pl.Series:
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pl.Series(values=pl.from_arrow(column), dtype=pl.String)
    return pl.Series([cell_text(value) for value in column.to_pylist()], dtype=pl.String)


def with_header(names: list[str], columns: dict[str, pl.Series]) -> pl.DataFrame:
    """Columns with their names as the first row, as in a CSV file."""
    body = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    header = pl.DataFrame({key: [name] for key, name in zip(columns, names, strict=True)}, schema=body.schema)
    return blank_to_null(pl.concat([header, body]))

"""Sheets of texts in a workbook: rows as tables by header, read and written."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.whole import write_whole

Row = dict[str, str]
MOST_ROWS = 100_000


def read_sheets(path: Path, expected: str) -> dict[str, list[Row]]:
    """All sheets of a workbook by their name in small letters; cells by header, without empty ones.

    Raises BadInput where the file is no whole workbook.
    """
    import openpyxl

    try:
        content = path.read_bytes()
    except OSError as problem:
        raise BadInput(str(path), f"no readable file ({problem.strerror})", expected) from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return {name.strip().lower(): _rows(book[name]) for name in book.sheetnames}
    except Exception as problem:  # a damaged workbook makes the parser raise almost anything
        found = f"a file that is no whole workbook ({type(problem).__name__})"
        raise BadInput(path.name, found, expected) from None


def _rows(sheet: Any) -> list[Row]:
    rows = sheet.iter_rows(values_only=True)
    headers = [_cell(cell).strip() for cell in next(rows, ())]
    found = []
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            break
        cells = {header: _cell(cell) for header, cell in zip(headers, row, strict=False) if header}
        found.append({header: cell for header, cell in cells.items() if cell})
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def write_sheets(path: Path, sheets: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> None:
    """Write sheets of texts: of each, its headers in order and its rows; a header that no row uses is left out.

    Every cell is a text, so nothing becomes a formula. Written beside and renamed, never half.
    """
    from datetime import UTC, datetime

    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})  # the same questionnaire is the same file
    bold = book.add_format({"bold": True})
    for name, (headers, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        used = [header for header in headers if any(row.get(header) for row in rows)]
        for place, header in enumerate(used):
            sheet.write_string(0, place, header, bold)
            for number, row in enumerate(rows, 1):
                if row.get(header):
                    sheet.write_string(number, place, row[header])
        sheet.freeze_panes(1, 0)
        if used:
            sheet.set_column(0, len(used) - 1, 24)
    book.close()
    write_whole(path, content.getvalue())

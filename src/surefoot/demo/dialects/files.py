"""Rows of cells as bytes: CSV as each tool separates, quotes and encodes it, and workbooks with real dates."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import Literal

from surefoot.demo.dialects.style import Grid

_DAY = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
DAY = "%Y-%m-%d %H:%M:%S"


def csv_bytes(
    cells: Grid,
    *,
    separator: str = ",",
    encoding: str = "utf-8",
    quote_all: bool = False,
    line_end: str = "\r\n",
) -> bytes:
    """A CSV file; a character that the encoding lacks becomes a question mark, as tools do."""
    text = io.StringIO(newline="")
    quoting: Literal[0, 1] = 1 if quote_all else 0  # QUOTE_ALL, QUOTE_MINIMAL
    csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(cells)
    return text.getvalue().encode(encoding, "replace")


def xlsx_bytes(cells: Grid, sheet: str, *, dates: int = 0) -> bytes:
    """A workbook; in the first rows below the header, columns whose header is a time hold real dates.

    dates: how many columns, from the second on, hold dates.
    """
    import xlsxwriter

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    page, day = book.add_worksheet(sheet), book.add_format({"num_format": "m/d/yy h:mm:ss"})
    for row, line in enumerate(cells):
        for place, cell in enumerate(line):
            if row and 1 <= place <= dates and _DAY.fullmatch(cell):
                page.write_datetime(row, place, datetime.strptime(cell, DAY), day)  # noqa: DTZ007 - local time
            elif cell:
                page.write_string(row, place, cell)
    book.close()
    return content.getvalue()

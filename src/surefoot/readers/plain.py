"""A plain table (CSV, XLSX, Parquet): one header row of question ids or wordings, one row a person."""

from __future__ import annotations

import re
from collections import Counter

from surefoot.errors import BadInput
from surefoot.readers.boxes import with_other_boxes
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "plain"
SIGNS = "a table of texts: CSV, XLSX or Parquet"
_SHAPES = (
    re.compile(r"^(?P<stem>.+?)\s*\[(?P<part>[^\[\]]+)\]$", re.DOTALL),
    re.compile(r"^(?P<stem>[\w-]+)/(?P<part>[\w-]+)$"),
)


def sniff(grid: Grid) -> bool:
    """Any table of texts with a header row may be a plain one, so this dialect is asked last."""
    return grid.kind not in ("sav", "dta") and grid.frame.width > 0


def read(grid: Grid) -> RawTable:
    """Columns by their headers; `areas[meetings]` and `areas/meetings` are boxes of one question.

    Raises BadInput for the two header rows of a SurveyMonkey export, the second of which is no person.
    """
    found = grid.row(0)
    _refuse_second_header(grid, found)
    headers = unique_headers(found, grid.where)
    shapes = {header: _shape(header) for header in headers}
    stems = Counter(stem for stem, _ in shapes.values())
    columns = [_column(header, *shapes[header], stems) for header in headers]
    return with_other_boxes(raw_table(grid, NAME, columns, 1))


def _shape(header: str) -> tuple[str, str]:
    for pattern in _SHAPES:
        shaped = pattern.match(header)
        if shaped:
            return shaped["stem"], shaped["part"]
    return "", ""


def _column(header: str, stem: str, part: str, stems: Counter[str]) -> Column:
    if not stem or (stems[stem] < 2 and part.casefold() != "other"):
        return Column(header, header)
    if part.casefold() == "other":
        return Column(header, header, stem, "other", stem, "Other", "other")
    return Column(header, header, stem, part, stem, part)


def _refuse_second_header(grid: Grid, found: list[str]) -> None:
    second = grid.row(1)
    responses = sum(cell in ("Response", "Open-Ended Response") for cell in second)
    blanks = sum(not cell for cell in found)
    if responses and (blanks or responses >= len([cell for cell in second if cell]) / 2):
        expected = "one header row; let the dialect be told from the file, or say surveymonkey"
        raise BadInput(grid.where, "two header rows, as SurveyMonkey writes them", expected)

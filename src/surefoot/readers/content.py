"""Open a file of answers as a Grid, by what its bytes say and never by its name."""

from __future__ import annotations

from pathlib import Path

from surefoot.errors import BadInput
from surefoot.readers.delimited import delimited_grid
from surefoot.readers.labelled import is_stata, labelled_grid
from surefoot.readers.refusals import refuse_other_files, refuse_tables
from surefoot.readers.sheet import parquet_grid, xlsx_grid
from surefoot.readers.table import Grid

_OLE = b"\xd0\xcf\x11\xe0"
EXPECTED = "a CSV, XLSX, Parquet, SPSS (.sav) or Stata (.dta) file"


def open_grid(path: Path) -> Grid:
    """The file's rows of cells. Raises BadInput where it is missing, a folder, empty, broken or of no known kind."""
    content = _bytes_of(path)
    where = path.name
    if not content:
        raise BadInput(where, "an empty file", "a header and rows of answers")
    if content.startswith(b"PK"):
        return xlsx_grid(content, where)
    if content.startswith(b"PAR1"):
        return parquet_grid(content, where)
    if content.startswith((b"$FL2", b"$FL3")):
        return labelled_grid(path, where, "sav")
    if is_stata(content):
        return labelled_grid(path, where, "dta")
    if content.startswith(_OLE):
        raise BadInput(where, "an old or password-protected Excel file", EXPECTED)
    if content.startswith(b"%PDF"):
        raise BadInput(where, "a PDF", EXPECTED)
    refuse_other_files(content, where)
    grid = delimited_grid(content, where)
    refuse_tables(grid.row(0), where)
    return grid


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        raise BadInput(str(path), "a folder", EXPECTED)
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BadInput(str(path), f"no readable file ({problem.strerror})", EXPECTED) from None

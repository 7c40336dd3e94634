"""Wordings that people upload: an instrument in TOML or an XLSForm, told by content, bounded before it is read."""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, instrument_from_table, instrument_table
from surefoot.questionnaires import Questionnaire, read_xlsform
from surefoot.web.uploads import File, read_text

EXPECTED = "an instrument in TOML, or an XLSForm (.xlsx)"
MOST_WORKBOOK = 2 * 1024 * 1024
MOST_UNPACKED = 5 * 1024 * 1024
MOST_PARTS = 200
MOST_TABLE = 200_000
_SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
_PARTS = {"[Content_Types].xml", "xl/workbook.xml"}


def read_wording(file: File) -> Questionnaire:
    """A questionnaire from an uploaded file, checked as the command line checks it, and what it could not carry.

    Raises BadInput, in one sentence, for what is neither, is broken, or would be too much to read.
    """
    name = re.sub(r"[^\w. -]", "_", PurePosixPath(file.name or "instrument").name)[-80:]
    start = bytes(file.read(4))
    file.seek(0)
    if start.startswith(b"PK"):
        found = _read_workbook(file, name)
    elif name.lower().endswith(_SPREADSHEETS):
        raise BadInput(name, "a file that is no workbook of the kind .xlsx, whatever its name says", EXPECTED)
    else:
        found = Questionnaire(_from_toml(read_text(file, name), name))
    wording_text(found.instrument)
    return found


def _from_toml(text: str, name: str) -> Instrument:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadInput(name, f"text that is not TOML ({problem})", EXPECTED) from None
    return _checked(table, name)


def _checked(table: Mapping[str, Any], name: str) -> Instrument:
    """An instrument from a table that anybody may have written: what is of no known shape is said, too."""
    try:
        return instrument_from_table(table, name)
    except (TypeError, AttributeError, LookupError, ValueError) as problem:
        raise BadInput(name, f"a value where none of its kind can be ({problem})", EXPECTED) from None


def _read_workbook(file: File, name: str) -> Questionnaire:
    if (file.size or 0) > MOST_WORKBOOK:
        raise BadInput(name, f"a workbook of {file.size:,} bytes", f"at most {MOST_WORKBOOK:,}")
    try:
        with zipfile.ZipFile(file) as archive:
            _check_parts(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise BadInput(name, "a workbook that is broken", EXPECTED) from None
    file.seek(0)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / (name if name.lower().endswith(".xlsx") else f"{name}.xlsx")
        place.write_bytes(file.read())
        try:
            return read_xlsform(place)
        except (TypeError, AttributeError, LookupError, ValueError) as problem:
            raise BadInput(name, f"a sheet that is no XLSForm ({problem})", EXPECTED) from None


def _check_parts(archive: zipfile.ZipFile, name: str) -> None:
    """What a workbook unpacks to is bounded by what it says, and it says no more than it is let read."""
    parts = archive.infolist()
    if not {part.filename for part in parts} >= _PARTS:
        raise BadInput(name, "a zip that holds no workbook of the kind .xlsx", EXPECTED)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadInput(name, "a workbook that unpacks to too much", f"at most {MOST_UNPACKED // 2**20} MB of sheets")
    for part in parts:
        content = archive.read(part).replace(b"\0", b"")
        if part.filename.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
            raise BadInput(name, "a workbook that defines entities, as no spreadsheet program does", EXPECTED)


def wording_text(instrument: Instrument) -> str:
    """An instrument as the text that the page of its preview sends back when it is taken. Raises BadInput."""
    text = json.dumps(instrument_table(instrument), ensure_ascii=False, separators=(",", ":"))
    if len(text) > MOST_TABLE:
        raise BadInput(
            "instrument", f"{len(text):,} characters", f"at most {MOST_TABLE:,}, so that it can be previewed"
        )
    return text


def from_wording_text(text: str) -> Instrument:
    """The way back from `wording_text`: checked again, since a browser may send anything. Raises BadInput."""
    try:
        table = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise BadInput("instrument", "text that no preview gave", EXPECTED) from None
    if not isinstance(table, dict):
        raise BadInput("instrument", "text that no preview gave", EXPECTED)
    return _checked(table, "instrument")

"""Qualtrics exports (CSV or XLSX): three header rows (code, wording, ImportId), or the two of the legacy format."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace

from surefoot.instrument.naming import without_tags
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "qualtrics"
SIGNS = "a third row of ImportIds, or the two header rows of a legacy export"
ROLES = {
    **dict.fromkeys(("ipAddress", "locationLatitude", "locationLongitude", "locationAccuracy"), "personal"),
    **dict.fromkeys(("recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference"), "personal"),
    **dict.fromkeys(("Name", "EmailAddress", "IPAddress", "ExternalDataReference"), "personal"),
    **dict.fromkeys(("LocationLatitude", "LocationLongitude", "LocationAccuracy"), "personal"),
    **dict.fromkeys(("startDate", "endDate", "recordedDate", "StartDate", "EndDate"), "time"),
    **dict.fromkeys(("_recordId", "responseId", "ResponseID"), "respondent"),
    **dict.fromkeys(("distributionChannel", "userLanguage", "responseSetId", "ResponseSet"), "technical"),
    **dict.fromkeys(("status", "Status"), "status"),
    **dict.fromkeys(("finished", "Finished"), "finished"),
    "progress": "progress",
    "duration": "duration",
}
SEEN = "-99 stands for a question that was seen and left empty, so a blank cell was taken as not asked."
_QUESTION = re.compile(r"^QID(?P<number>\d+)(?P<side>#\d+)?(?P<rest>([-_].+)?)$")
_LEGACY = re.compile(r"^V\d+$")


def sniff(grid: Grid) -> bool:
    """Whether the third row holds ImportIds, or the first two are those of the legacy format."""
    third = [cell for cell in grid.row(2) if cell]
    if third and sum("ImportId" in cell for cell in third) >= max(1, len(third) // 2):
        return True
    return _is_legacy(grid)


def _is_legacy(grid: Grid) -> bool:
    first, second = grid.row(0), grid.row(1)
    if len([cell for cell in first[:10] if _LEGACY.match(cell)]) >= 5 and "ResponseID" in second[:10]:
        return True
    return first[:2] == ["ResponseID", "ResponseSet"] and second[:2] == ["ResponseID", "ResponseSet"]


def read(grid: Grid) -> RawTable:
    """Columns grouped by ImportId where there is one, else by the shape of their codes; -99 is left empty."""
    legacy = not any("ImportId" in cell for cell in grid.row(2))
    headers = unique_headers(grid.row(0), grid.where, number=True)
    texts = [without_tags(cell) for cell in grid.row(1)]
    ids = texts if legacy else [import_id(cell) for cell in grid.row(2)]
    keys = [""] * len(ids) if legacy else ids
    columns = [replace(_column(*parts), key=key) for *parts, key in zip(headers, texts, ids, keys, strict=True)]
    columns = _with_stems(_without_lonely_texts(columns))
    table = raw_table(grid, NAME, columns, 2 if legacy else 3, missing={"-99": "not-answered"})
    return replace(table, blank="not-asked", notes=(*table.notes, SEEN)) if _marks_seen(table) else table


def _marks_seen(table: RawTable) -> bool:
    """Whether the export marks questions that were seen and left empty: then a blank cell was not seen.

    In one question alone, -99 may be somebody's own number.
    """
    marked = {c.group or c.header for c in table.columns if not c.role and (table[c.header] == "-99").any()}
    return len(marked) > 1


def import_id(cell: str) -> str:
    """The ImportId in a cell of the third row, whichever quotes were used.

    >>> import_id('{"ImportId":"QID1"}'), import_id("{'ImportId': 'panel-RecipientEmail'}")
    ('QID1', 'recipientEmail')
    """
    try:
        found = json.loads(cell)
    except ValueError:
        try:
            found = ast.literal_eval(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return ""
    name = str(found.get("ImportId", "")) if isinstance(found, dict) else ""
    for prefix in ("panel-", "Location-"):
        if name.startswith(prefix):
            name = name.removeprefix(prefix)
            return name[:1].lower() + name[1:]
    return name


def _column(header: str, text: str, name: str) -> Column:
    if name in ROLES:
        return Column(header, text, role=ROLES[name])
    shaped = _QUESTION.match(name)
    if not shaped:
        return Column(header, text, *_by_code(header, text))
    stem = f"QID{shaped['number']}{shaped['side'] or ''}"
    rest = [part for part in re.split("[-_]", shaped["rest"]) if part]
    if rest and rest[-1] == "TEXT":
        return Column(header, text, stem, "-".join(rest[:-1]), role="other")
    if not rest:
        return Column(header, text, stem)
    return Column(header, text, "-".join([stem, *rest[:-1]]), rest[-1])


def _by_code(header: str, text: str) -> tuple[str, str]:
    """Group and part of a column without ImportId: `Q3_1` belongs to Q3 where a wording with a stem stands below it."""
    group, _, part = header.rpartition("_")
    return (group, part) if group and part.isdigit() and "-" in text else ("", "")


def _without_lonely_texts(columns: list[Column]) -> list[Column]:
    """A _TEXT column beside its question holds the text of "other"; one that stands alone is a question of text."""
    asked = {(column.group, column.part) for column in columns if column.group and column.role != "other"}
    groups = {group for group, _ in asked}
    kept = []
    for column in columns:
        beside = (column.group, column.part) in asked or (column.group in groups and not column.part)
        if column.role == "other" and not beside:
            kept.append(Column(column.header, column.text, role="text", key=column.key))
        else:
            kept.append(column)
    return kept


def _with_stems(columns: list[Column]) -> list[Column]:
    """Wordings `stem-part` of one group taken apart at the stem that they share."""
    texts: dict[str, list[str]] = {}
    for column in columns:
        if column.group and column.part and column.role != "other":
            texts.setdefault(column.group, []).append(column.text)
    return [_with_stem(column, texts.get(column.group, [])) for column in columns]


def _with_stem(column: Column, texts: list[str]) -> Column:
    if not texts or not column.part:
        return column
    shared = _common_beginning(texts) if len(texts) > 1 else texts[0]
    at = shared.rfind("-")
    if at <= 0:
        return column
    stem, part = column.text[:at].strip(), column.text[at + 1 :].strip()
    return replace(column, stem=stem, part_text=part)


def _common_beginning(texts: list[str]) -> str:
    first, last = min(texts), max(texts)
    length = next((index for index, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:length]

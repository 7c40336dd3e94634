"""KoboToolbox and ODK (CSV or XLSX): names or labels, `group/question` paths, one column an option beside the list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from surefoot.readers.split import MOST_OPTIONS
from surefoot.readers.statements import with_runs
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "kobo"
SIGNS = "columns such as _uuid, _submission_time or meta/instanceID"
_SIGNS = {
    "_uuid", "_submission_time", "_id", "_index", "_validation_status", "meta/instanceid", "instanceid", "formhub/uuid",
    "__version__", "_submitted_by", "meta-instanceid", "submissiondate", "submitterid", "reviewstate", "key",
}  # fmt: skip
_ROLES = {
    **dict.fromkeys(
        ("_submitted_by", "submitterid", "submittername", "deviceid", "phonenumber", "username"), "personal"
    ),
    **dict.fromkeys(("subscriberid", "simid", "simserial", "_geolocation", "audit", "audit_url", "email"), "personal"),
    **dict.fromkeys(("_id", "_uuid", "key", "instanceid", "meta-instanceid", "meta/instanceid"), "respondent"),
    **dict.fromkeys(
        ("meta/rootuuid", "rootuuid", "_parent_index", "_submission__id", "_submission__uuid"), "respondent"
    ),
    **dict.fromkeys(("formhub/uuid", "__version__", "_index", "_tags", "_notes", "_status", "_edits"), "technical"),
    **dict.fromkeys(("_validation_status", "reviewstate", "formversion", "_xform_id_string", "_bamboo"), "technical"),
    **dict.fromkeys(("attachmentspresent", "attachmentsexpected", "deviceid_note", "_attachments"), "technical"),
    **dict.fromkeys(("start", "end", "today"), "time"),
    **dict.fromkeys(("_submission_time", "submissiondate"), "answered"),
}
_PLACES = re.compile(r"_(latitude|longitude|altitude|precision|accuracy)$", re.IGNORECASE)
_NAME = re.compile(r"^[\w.-]+$")
_MARKS = {"0", "1", "true", "false"}


def sniff(grid: Grid) -> bool:
    """Whether at least two columns are named as Kobo or ODK Central name their own."""
    names = {cell.strip().casefold() for cell in grid.row(0)}
    return grid.kind in ("csv", "xlsx") and len(names & _SIGNS) >= 2


def read(grid: Grid) -> RawTable:
    """Columns by their paths; `question/option` columns are boxes, and the list beside them is not read twice."""
    tags = _is_tag_row(grid.row(1))
    headers = unique_headers(grid.row(0), grid.where, number=True)
    table = raw_table(grid, NAME, [Column(header, header) for header in headers], 2 if tags else 1)
    homes = _homes(table, headers)
    places = {header.removesuffix(f"_{found[1]}") for header in headers if (found := _PLACES.search(header))}
    named = not any(" " in cell.strip() for cell in grid.row(0))
    columns = tuple(_column(table, header, homes, headers, places) for header in headers)
    if named:
        columns = tuple(_with_separator(table, column) for column in columns)
    return with_runs(replace(table, columns=columns), lambda header: header.rpartition("/")[0])


def _is_tag_row(cells: Sequence[str]) -> bool:
    """Whether a row below the header holds HXL tags."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(cell.startswith("#") for cell in filled)


def _homes(table: RawTable, headers: Sequence[str]) -> dict[str, str]:
    """For each column of one option, the question's path: that of the list beside it, or what its siblings share."""
    known = set(headers)
    beside = {header: home for header in headers if (home := _longest(header, known))}
    alone = [header for header in headers if header not in beside and "/" in header and _is_box(table[header])]
    siblings = Counter(header.rpartition("/")[0] for header in alone)
    return beside | {header: home for header in alone if siblings[home := header.rpartition("/")[0]] > 1}


def _longest(header: str, known: set[str]) -> str:
    """The longest other header that a header continues after a slash."""
    parts = header.split("/")
    heads = ("/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return next((head for head in heads if head in known), "")


def _is_box(values: pl.Series) -> bool:
    found = {str(value).casefold() for value in values.drop_nulls().unique()}
    return bool(found) and found <= _MARKS


def _column(table: RawTable, header: str, homes: dict[str, str], headers: Sequence[str], places: set[str]) -> Column:
    role = _ROLES.get(header.casefold()) or _ROLES.get(header.rpartition("/")[2].casefold(), "")
    if role or header in places or _PLACES.search(header):
        return Column(header, header, role=role or "personal")
    home = homes.get(header)
    if home:
        part = header.removeprefix(f"{home}/")
        return Column(header, header, home, part, _last(home), part)
    if header in homes.values():
        return Column(header, _last(header), role="again")
    base = header.removesuffix("_other")
    if base != header and (base in headers or base in homes.values()):
        return Column(header, _last(header), base, "other", _last(base), "Other", "other")
    return Column(header, _last(header))


def _last(path: str) -> str:
    """A question's own name or label, without the groups that it stands in."""
    return path.rpartition("/")[2].strip() or path


def _with_separator(table: RawTable, column: Column) -> Column:
    """A column whose cells are lists of names: no name has a space in it, so only texts and lists have."""
    counts = Counter(dict(table[column.header].drop_nulls().value_counts().iter_rows()))
    if column.role or column.group or not any(" " in cell for cell in counts):
        return column
    times: Counter[str] = Counter()
    for cell, count in counts.items():
        names = cell.split(" ")
        if len(set(names)) < len(names) or not all(_NAME.match(name) for name in names):
            return column
        times.update(dict.fromkeys(names, count))
    recurring = sum(count > 1 for count in times.values())
    believed = len(times) <= MOST_OPTIONS and recurring >= 0.9 * len(times)
    return replace(column, separator=" ") if believed else column

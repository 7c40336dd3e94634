"""SPSS files (.sav): codes with value labels; the exports to SPSS of LimeSurvey and Qualtrics are understood too."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from surefoot.readers import limesurvey
from surefoot.readers.labelled import kinds_of_missing
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "sav"
SIGNS = "an SPSS file (.sav)"
_PART_FIRST = re.compile(r"^\[(?P<part>.+?)\]\s+(?P<stem>.+)$", re.DOTALL)
_STEM_FIRST = re.compile(r"^(?P<stem>.+?\S)\s*(?: - |: |\s?-\s?)(?P<part>[^-]+)$", re.DOTALL)
_NUMBERED = re.compile(r"^(?P<group>.+?)_?(?P<part>\d+|[a-z])$")


def sniff(grid: Grid) -> bool:
    """Whether the file was an SPSS file."""
    return grid.kind == "sav"


def read(grid: Grid) -> RawTable:
    """Variables as columns; boxes and statements of one question are grouped by their labels."""
    return labelled_table(grid, NAME)


def labelled_table(grid: Grid, dialect: str) -> RawTable:
    """The table of a file with labels, of either program."""
    headers = unique_headers(grid.row(0), grid.where)
    of_limesurvey = {"submitdate", "lastpage"} <= {header.casefold() for header in headers}
    stems = _stems(grid, headers)
    columns = [_column(header, grid, headers, of_limesurvey, stems) for header in headers]
    return raw_table(grid, dialect, columns, 1)


def _label(grid: Grid, header: str) -> str:
    return " ".join(grid.texts.get(header, "").split())


def _column(header: str, grid: Grid, headers: Sequence[str], of_limesurvey: bool, stems: Counter[str]) -> Column:
    label = _label(grid, header)
    labels = dict(grid.labels.get(header, {}))
    missing = kinds_of_missing(grid.user_missing.get(header, ()), labels)
    labels = {code: text for code, text in labels.items() if code not in missing}
    shaped = _PART_FIRST.match(label)
    role = limesurvey.role_of(header) if of_limesurvey else ""
    if of_limesurvey and shaped and header.endswith("_other") and shaped["part"] == "Other":
        return Column(header, label, header.removesuffix("_other"), "other", shaped["stem"], "Other", "other")
    group, part = _group_of(header, headers) if shaped else ("", "")
    if shaped and group:
        text = f"{shaped['stem']} [{shaped['part']}]"
        return Column(header, text, group, part, shaped["stem"], shaped["part"], role, labels, missing)
    numbered = _numbered(header, label)
    if numbered and stems[numbered[0]] > 1:
        key, part, stem, part_text = numbered
        return Column(header, f"{stem} [{part_text}]", key, part, stem, part_text, role, labels, missing)
    return Column(header, label, role=role, labels=labels, missing=missing)


def _group_of(header: str, headers: Sequence[str]) -> tuple[str, str]:
    group, _, part = header.rpartition("_")
    siblings = [other for other in headers if other.rpartition("_")[0] == group]
    return (group, part) if group and siblings else ("", "")


def _numbered(header: str, label: str) -> tuple[str, str, str, str] | None:
    """Group, part, stem and statement of a variable such as Q3_2 with the label "Stem - statement"."""
    name, shaped = _NUMBERED.match(header), _STEM_FIRST.match(label)
    if not name or not shaped:
        return None
    return f"{name['group']}: {shaped['stem']}", name["part"], shaped["stem"], shaped["part"].strip()


def _stems(grid: Grid, headers: Sequence[str]) -> Counter[str]:
    """How many variables share the beginning of their name and of their label."""
    found = (_numbered(header, _label(grid, header)) for header in headers)
    return Counter(numbered[0] for numbered in found if numbered)

"""SPSS files (.sav): codes with value labels; LimeSurvey's export to SPSS is understood too."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl

from surefoot.errors import BadInput
from surefoot.readers import limesurvey
from surefoot.readers.sheet import cell_text, with_header
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "sav"
SIGNS = "an SPSS file (.sav)"
LONGEST_SECONDS = 120
_TRIAL = "import sys, pyreadstat; pyreadstat.read_sav(sys.argv[1], user_missing=True, output_format='dict')"
_PART_FIRST = re.compile(r"^\[(?P<part>.+?)\]\s+(?P<stem>.+)$", re.DOTALL)
_USER_MISSING = {
    "not-asked": re.compile(r"not (asked|applicable|shown)|inapplicable|skipped by routing|filter", re.IGNORECASE),
    "not-answered": re.compile(r"no(t| )answer|refus|missing|blank", re.IGNORECASE),
}


def sav_grid(path: Path, where: str) -> Grid:
    """Read a .sav file, user-missing codes as they stand. Raises BadInput where it is damaged."""
    import pyreadstat

    _try_apart(path, where)
    try:
        data, meta = pyreadstat.read_sav(str(path), user_missing=True, output_format="dict")
    except Exception as problem:  # a damaged file makes the parser raise almost anything
        found = f"a damaged or unfinished SPSS file ({type(problem).__name__})"
        raise BadInput(where, found, "a whole SPSS file") from None
    names = [str(name) for name in meta.column_names]
    if not names:
        raise BadInput(where, "an SPSS file without variables", "at least one variable")
    columns = {f"c{index}": _texts(data[name]) for index, name in enumerate(names)}
    return Grid(
        where,
        "sav",
        with_header(names, columns),
        labels={name: _labels(labels) for name, labels in meta.variable_value_labels.items()},
        texts=dict(zip(names, (label or "" for label in meta.column_labels), strict=True)),
        user_missing=_user_missing(meta),
    )


def _try_apart(path: Path, where: str) -> None:
    """Parse once in a process of its own: some damaged files make the parser end the whole process."""
    command = [sys.executable, "-P", "-c", _TRIAL, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        found = f"an SPSS file that takes longer than {LONGEST_SECONDS} seconds to parse"
        raise BadInput(where, found, "a whole SPSS file") from None
    if done.returncode != 0:
        raise BadInput(where, "a damaged or unfinished SPSS file", "a whole SPSS file")


def _texts(values: Any) -> pl.Series:
    return pl.Series(["" if _is_nan(value) else cell_text(value) for value in _plain_values(values)], dtype=pl.String)


def _plain_values(values: Any) -> list[Any]:
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124 - the test for NaN


def _labels(labels: dict[Any, str]) -> dict[str, str]:
    return {cell_text(code): str(label) for code, label in labels.items()}


def _user_missing(meta: Any) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, ranges in (meta.missing_ranges or {}).items():
        ends = [cell_text(part["lo"]) for part in ranges if part["lo"] == part["hi"]]
        wide = [part for part in ranges if part["lo"] != part["hi"]]
        labelled = meta.variable_value_labels.get(name, {})
        ends += [cell_text(code) for part in wide for code in labelled if _within(code, part)]
        found[name] = tuple(ends)
    return found


def _within(code: Any, part: Any) -> bool:
    return isinstance(code, int | float) and part["lo"] <= code <= part["hi"]


def sniff(grid: Grid) -> bool:
    """Whether the file was an SPSS file."""
    return grid.kind == "sav"


def read(grid: Grid) -> RawTable:
    """Variables as columns; boxes and statements of one question are grouped by their labels."""
    headers = unique_headers(grid.row(0), grid.where)
    of_limesurvey = {"submitdate", "lastpage"} <= set(headers)
    columns = [_column(header, grid, headers, of_limesurvey) for header in headers]
    return raw_table(grid, NAME, columns, 1)


def _column(header: str, grid: Grid, headers: list[str], of_limesurvey: bool) -> Column:
    label = " ".join(grid.texts.get(header, "").split())
    labels = dict(grid.labels.get(header, {}))
    missing = {code: _kind_of_missing(labels.pop(code, "")) for code in grid.user_missing.get(header, ())}
    shaped = _PART_FIRST.match(label)
    role = limesurvey.role_of(header) if of_limesurvey else ""
    group, part = _group_of(header, headers) if shaped else ("", "")
    if of_limesurvey and shaped and header.endswith("_other") and shaped["part"] == "Other":
        return Column(header, label, header.removesuffix("_other"), "other", shaped["stem"], "Other", "other")
    if not shaped or not group:
        return Column(header, label, role=role, labels=labels, missing=missing)
    text = f"{shaped['stem']} [{shaped['part']}]"
    return Column(header, text, group, part, shaped["stem"], shaped["part"], role, labels, missing)


def _group_of(header: str, headers: list[str]) -> tuple[str, str]:
    group, _, part = header.rpartition("_")
    siblings = [other for other in headers if other.rpartition("_")[0] == group]
    return (group, part) if group and siblings else ("", "")


def _kind_of_missing(label: str) -> str:
    return next((kind for kind, pattern in _USER_MISSING.items() if label and pattern.search(label)), "unknown")

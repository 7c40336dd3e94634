"""LimeSurvey exports (CSV or XLSX): codes or full texts as headings and answers, `[SQ001]` boxes, `[other]` texts."""

from __future__ import annotations

import re

from surefoot.readers.boxes import with_other_boxes
from surefoot.readers.door import simple
from surefoot.readers.rankings import with_rankings
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "limesurvey"
SIGNS = "a first row with the response id, submit date, last page and start language"
_CODES = ("id", "submitdate", "lastpage", "startlanguage")
_HEADINGS = (
    {"response id", "date submitted", "last page", "start language"},
    {"antwort id", "datum abgeschickt", "letzte seite", "start sprache"},
    {"id de la réponse", "date de soumission", "dernière page", "langue de départ"},
    {"id de respuesta", "fecha de envío", "última página", "lenguaje inicial"},
    {"antwoord id", "inzenddatum", "laatste pagina", "starttaal"},
)
_SUBMITTED = {
    "submitdate",
    "date submitted",
    "datum abgeschickt",
    "date de soumission",
    "fecha de envío",
    "inzenddatum",
}
_CODED = re.compile(r"^(?P<stem>[A-Za-z]\w*)\[(?P<part>[^\[\]]+)\]$")
_WORDED = re.compile(r"^(?P<stem>.+?)\s*\[(?P<part>[^\[\]]+)\]$", re.DOTALL)
_OTHER = {"-oth-": "Other"}
_YES_NO = {"Y": "Yes", "N": "No"}


def role_of(header: str) -> str:
    """The role of LimeSurvey's own columns that decide whether a row is kept."""
    return "submitted" if simple(header) in _SUBMITTED else ""


def sniff(grid: Grid) -> bool:
    """Whether the first row opens as LimeSurvey's exports do, in codes or in words of several languages."""
    head = [cell.strip() for cell in grid.row(0)[:10]]
    if all(code in head for code in _CODES):
        return True
    names = {simple(cell) for cell in head}
    return any(len(names & known) >= 3 for known in _HEADINGS)


def read(grid: Grid) -> RawTable:
    """Columns grouped by their `stem[part]` headings; in the long form "N/A" is a question left empty."""
    found = grid.row(0)
    headers = unique_headers(found, grid.where, number=True)
    long_form = _is_long(grid, headers)
    columns = [
        _column(header, cell.strip(), {} if long_form else _labels(grid, index))
        for index, (header, cell) in enumerate(zip(headers, found, strict=True))
    ]
    missing = {"N/A": "not-answered"} if long_form else {}
    table = raw_table(grid, NAME, columns, 1, missing=missing, unticked_is_silent=True)
    return with_rankings(with_other_boxes(table))


def _is_long(grid: Grid, headers: list[str]) -> bool:
    """Whether answers are full texts: only then is a box left empty "No" and a yes/no question left empty "N/A"."""
    marks: set[str] = set()
    for index, header in enumerate(headers):
        if _WORDED.match(header):
            marks |= set(grid.frame[grid.frame.columns[index]].slice(1).unique().drop_nulls().to_list())
        if "Y" in marks and not {"Yes", "No"} & marks:
            return False
    return "N/A" in marks or "No" in marks or _holds_not_applicable(grid)


def _holds_not_applicable(grid: Grid) -> bool:
    return any((grid.frame[name] == "N/A").any() for name in grid.frame.columns)


def _labels(grid: Grid, index: int) -> dict[str, str]:
    """What LimeSurvey's own codes mean in a column: yes and no where there is nothing else, and "-oth-"."""
    codes = set(grid.frame[grid.frame.columns[index]].slice(1).unique().drop_nulls().head(300).to_list())
    if codes and codes <= set(_YES_NO):
        return dict(_YES_NO)
    return dict(_OTHER) if set(_OTHER) & codes else {}


def _column(header: str, found: str, labels: dict[str, str]) -> Column:
    shaped = _CODED.match(found) or _WORDED.match(found)
    role = role_of(found)
    if not shaped:
        return Column(header, found, role=role, labels=labels)
    stem, part = shaped["stem"], shaped["part"]
    if part.casefold() == "other":
        return Column(header, found, stem, "other", stem, "Other", "other")
    return Column(header, found, stem, part, stem, part, role, labels)

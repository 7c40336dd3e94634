"""SurveyMonkey, "All responses" (CSV or XLSX): questions in the first row, options or statements in the second."""

from __future__ import annotations

import re

from surefoot.instrument.naming import without_tags
from surefoot.readers.door import simple
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "surveymonkey"
SIGNS = 'a second header row that says "Response" or "Open-Ended Response" below questions'
_SINGLE = {
    "response", "antwort", "réponse", "respuesta", "antwoord", "resposta", "risposta", "ymateb",
}  # fmt: skip
_OPEN = {
    "open ended response", "open end response", "offene antwort", "beantwortung mit offenem ende", "réponse ouverte",
    "réponse libre", "respuesta abierta", "open antwoord", "resposta aberta", "risposta aperta", "ymateb penagored",
}  # fmt: skip
_OTHER = re.compile(
    r"^(other\b.*(specify|describe)|sonstiges?\b.*angeben|autre\b.*(préciser|spécifier)|otro\b.*(especif)"
    r"|anders\b.*(namelijk|specific|toelicht)|outro\b.*especif|altro\b.*specific|arall\b.*nod)",
    re.IGNORECASE,
)
_ROLES = {
    **dict.fromkeys(("respondent id", "respondentid"), "respondent"),
    **dict.fromkeys(("collector id", "collectorid", "response status"), "technical"),
    **dict.fromkeys(("start date", "startdate", "date created"), "time"),
    **dict.fromkeys(("end date", "enddate", "date modified"), "answered"),
    **dict.fromkeys(
        ("ip address", "ipaddress", "email address", "emailaddress", "first name", "firstname"), "personal"
    ),
    **dict.fromkeys(("last name", "lastname", "custom data 1", "customdata", "custom data"), "personal"),
}
_CONTACT = re.compile(
    r"^(name|company|address|address 2|city town|state province|zip postal code|country|phone number)$"
)


def sniff(grid: Grid) -> bool:
    """Whether the second row names kinds of answers below questions, or options below blanks that continue them."""
    first, second = grid.row(0), grid.row(1)
    if not second or grid.kind in ("sav", "dta", "parquet"):
        return False
    kinds = sum(simple(cell) in _SINGLE | _OPEN for cell in second)
    opens = bool(first) and _ROLES.get(simple(first[0])) == "respondent" and not second[0]
    filled = sum(bool(cell) for cell in second)
    return bool(kinds) and (opens or any(not cell for cell in first) or kinds >= filled / 2)


def read(grid: Grid) -> RawTable:
    """Columns grouped by the question that stands above them, or to the left above a blank cell."""
    first = [without_tags(cell) for cell in grid.row(0)]
    second = [without_tags(cell) for cell in grid.row(1)]
    stems: list[str] = []
    groups: list[int] = []
    for place, cell in enumerate(first):
        begins = bool(cell) or not stems
        stems.append(cell if begins else stems[-1])
        groups.append(place if begins else groups[-1])
    found = [_header(stem, part) for stem, part in zip(stems, second, strict=True)]
    headers = unique_headers(found, grid.where, number=True)
    columns = [
        _column(header, stem, part, f"q{group}", groups.count(group) > 1)
        for header, stem, part, group in zip(headers, stems, second, groups, strict=True)
    ]
    return raw_table(grid, NAME, columns, 2, unticked_is_silent=True)


def _header(stem: str, part: str) -> str:
    return stem if not part or simple(part) in _SINGLE | _OPEN else f"{stem} [{part}]"


def _column(header: str, stem: str, part: str, group: str, several: bool) -> Column:
    """One column: a whole question, or one option or statement of the question that stands above several."""
    role = _ROLES.get(simple(stem), "")
    if role:
        return Column(header, stem, role=role)
    if not part or simple(part) in _SINGLE:
        return Column(header, stem, group, "response" if several else "", stem) if several else Column(header, stem)
    if simple(part) in _OPEN:
        return Column(header, stem, role="text")
    if _OTHER.match(part):
        return Column(header, f"{stem} [{part}]", group, "other", stem, part, "other")
    role = "personal" if several and _CONTACT.match(simple(part)) else ""
    return Column(header, f"{stem} [{part}]", group, part, stem, part, role)

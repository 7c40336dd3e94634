"""Texts of a form in its languages, from headings such as `label::Welsh (cy)`."""

from __future__ import annotations

import re
from functools import cache

from surefoot.instrument import Text
from surefoot.questionnaires.languages import language_code
from surefoot.questionnaires.workbook import Row

_HEADER = re.compile(r"^(?P<what>[A-Za-z_]+)\s*::?\s*(?P<language>.+)$")


class Texts:
    """Gathers texts by language. first: the language of a heading that names none."""

    def __init__(self, first: str) -> None:
        self.first = first
        self.used: dict[str, None] = {first: None} if first else {}

    def of(self, row: Row, what: str) -> Text:
        """The texts of one kind ("label", "hint") in a row, by language."""
        found: Text = {}
        for header, cell in row.items():
            code = _language(header, what)
            if code is not None and cell.strip():
                found[self._named(code)] = cell
        return found

    def _named(self, code: str) -> str:
        """The language of a heading; the first that is seen is the form's, where its settings name none."""
        if not self.first:
            self.first = code or "en"
        name = code or self.first
        self.used.setdefault(name)
        return name


@cache
def _language(header: str, what: str) -> str | None:
    """The language of a heading of one kind: "" where it names none; None for other headings."""
    if header.strip().casefold() == what:
        return ""
    shaped = _HEADER.match(header)
    return language_code(shaped["language"]) if shaped and shaped["what"].casefold() == what else None

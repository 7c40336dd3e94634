"""The sheet "surefoot" of an XLSForm: what belongs to the whole instrument and has no place in the standard."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from surefoot.errors import BadInput
from surefoot.instrument import Planned, Section, Text
from surefoot.questionnaires.workbook import Row


@dataclass(frozen=True)
class Own:
    """Rows by what they say (instrument, section, scale, planned). where: the file, for messages."""

    rows: tuple[Row, ...]
    where: str

    @classmethod
    def of(cls, rows: list[Row], where: str) -> Own:
        """Take the rows that say something."""
        return cls(tuple(row for row in rows if row.get("what")), where)

    def texts(self, what: str, name: str, key: str) -> Text:
        """Texts by language: the rows whose key is `key::language`."""
        found = {}
        for row in self.rows:
            before, mark, code = row.get("key", "").partition("::")
            if (row["what"], row.get("id", ""), before) == (what, name, key) and mark:
                found[code] = row.get("value", "")
        return found

    def value(self, what: str, name: str, key: str) -> str:
        """The value of one row, "" where there is none."""
        wanted = (what, name, key)
        found = (r for r in self.rows if (r["what"], r.get("id", ""), r.get("key", "")) == wanted)
        return next(found, {}).get("value", "")

    @property
    def title(self) -> Text:
        """The title in each language."""
        return self.texts("instrument", "", "title")

    @property
    def minutes(self) -> int | None:
        """Minutes that answering takes, or None."""
        found = self.value("instrument", "", "minutes")
        if found and not found.isdecimal():
            raise BadInput(f"{self.where}, surefoot, minutes", f'"{found}"', "a whole number")
        return int(found) if found else None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in their order, as written."""
        return tuple(self._list(self.value("instrument", "", "languages"), "languages"))

    @property
    def planned(self) -> tuple[Planned, ...]:
        """The planned comparisons, in order."""
        rows = [row for row in self.rows if row["what"] == "planned"]
        return tuple(
            Planned(row.get("id", ""), row.get("key", ""), tuple(self._list(row.get("value", ""), "planned")))
            for row in rows
        )

    def sections(self, found: Mapping[str, Section]) -> tuple[Section, ...]:
        """The sections of the form in the order written, with those that no question is in; new ones come last."""
        order = dict.fromkeys(row.get("id", "") for row in self.rows if row["what"] == "section")
        unused = {name: self.texts("section", name, "title") for name in order if name not in found}
        made = {
            name: Section(name, title, self.texts("section", name, "text")) for name, title in unused.items() if title
        }
        known = dict(found) | made
        return tuple(known[name] for name in dict.fromkeys([*order, *found]) if name in known)

    def _list(self, cell: str, what: str) -> list[str]:
        try:
            found = json.loads(cell or "[]")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found):
            raise BadInput(f"{self.where}, surefoot, {what}", f'"{cell}"', 'a list such as ["en", "cy"]')
        return found

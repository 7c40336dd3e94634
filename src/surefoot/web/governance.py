"""What must be settled before a wave is opened: items with fields, walked from one table of the bank."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from surefoot.errors import BadInput
from surefoot.web.days import read_day

SCHEMA = "surefoot/governance/1"
MOST_LETTERS = 20_000
NOTICE = ("privacy-notice", "notice")
FRAME_DATE = ("population", "frame-date")
YES_NO = {"yes": "Yes", "no": "No"}
Texts = Mapping[str, str]
"""What was written into an item, by the id of the field; what is empty is left out."""


@dataclass(frozen=True)
class Field:
    """One field of an item. when: another field and the value that makes this one needed."""

    id: str
    kind: str
    label: str
    hint: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    when: tuple[str, str] | None = None

    def needed(self, texts: Texts) -> bool:
        """Whether the item is incomplete without it."""
        return self.when is None or texts.get(self.when[0]) == self.when[1]

    def said(self, texts: Texts) -> str:
        """What was written into it, a choice in words; "" where nothing was."""
        given = texts.get(self.id, "")
        return self.options.get(given, given)


@dataclass(frozen=True)
class Item:
    """One thing that somebody signs."""

    id: str
    title: str
    why: str
    fields: tuple[Field, ...]

    def missing(self, texts: Texts) -> tuple[Field, ...]:
        """The fields that must still be filled before it can be signed."""
        return tuple(one for one in self.fields if one.needed(texts) and not texts.get(one.id))

    def read(self, given: Texts) -> dict[str, str]:
        """The texts of a form, trimmed and checked. Raises BadInput."""
        texts = {one.id: given.get(one.id, "").replace("\r\n", "\n").strip() for one in self.fields}
        for one in self.fields:
            _check(f"{self.title}, {one.label}", one, texts[one.id])
        return {key: text for key, text in texts.items() if text}


def _check(where: str, one: Field, text: str) -> None:
    if len(text) > MOST_LETTERS:
        raise BadInput(where, f"{len(text):,} characters", f"at most {MOST_LETTERS:,}")
    if text and one.kind == "choice" and text not in one.options:
        raise BadInput(where, f'"{text}"', f"one of {', '.join(one.options.values())}")
    if text and one.kind == "day":
        read_day(text, where, expected="a date such as 2026-11-01")


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Any]:
    text = (resources.files("surefoot") / "bank" / "governance.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def edition() -> tuple[str, str]:
    """The edition of the table, and who compared it with its sources ("" where nobody did)."""
    return _table()["edition"], _table()["verified_by"]


def items(organisations: Sequence[tuple[str, str]]) -> tuple[Item, ...]:
    """All items, with a field for each organisation (pairs of id and name) where the table says so.

    >>> [item.id for item in items([])][:2]
    ['controllers', 'lawful-basis']
    """
    return tuple(
        Item(one["id"], one["title"], one["why"], (*_screening(one), *_fields(one, organisations)))
        for one in _table()["item"]
    )


def _fields(item: Mapping[str, Any], organisations: Sequence[tuple[str, str]]) -> Iterator[Field]:
    for one in item["field"]:
        when = (one["when"]["field"], one["when"]["is"]) if "when" in one else None
        made = Field(one["id"], one["kind"], one["label"], one.get("hint", ""), one.get("options", {}), when)
        if one.get("each") != "organisation":
            yield made
            continue
        for slug, name in organisations:
            yield Field(f"{made.id}.{slug}", made.kind, f"{made.label}: {name}", made.hint)


def _screening(item: Mapping[str, Any]) -> Iterator[Field]:
    for one in item.get("screening", ()):
        yield Field(one["id"], "choice", one["text"], options=YES_NO)
        yield Field(f"{one['id']}.reason", "line", "Reason for this answer", one["text"])

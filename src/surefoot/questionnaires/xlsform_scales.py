"""The sheet "choices" of an XLSForm: its lists as scales."""

from __future__ import annotations

import re

from surefoot.errors import BadInput
from surefoot.instrument import Option, Scale
from surefoot.questionnaires.workbook import Row
from surefoot.questionnaires.xlsform_layout import PREFIX
from surefoot.questionnaires.xlsform_own import Own
from surefoot.questionnaires.xlsform_texts import Texts

Scales = dict[str, Scale]
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NOT_ID = re.compile(r"[^A-Za-z0-9._-]+")


def scales_of(rows: list[Row], texts: Texts, own: Own) -> Scales:
    """Scales by the name of their list in the form."""
    lists: dict[str, list[Option]] = {}
    for number, row in enumerate(rows, 2):
        name = (row.get("list_name") or row.get("list name") or "").strip()
        if name:
            lists.setdefault(name, []).append(_option(row, number, texts, own))
    return {name: _scale(name, options, own) for name, options in lists.items()}


def own_id(name: str) -> str:
    """A name of the form as an id of ours: most names are ids as they stand.

    >>> own_id("used"), own_id("_other x")
    ('used', 'other-x')
    """
    return name if _ID.fullmatch(name) else _NOT_ID.sub("-", name).strip("-._") or "x"


def _scale(name: str, options: list[Option], own: Own) -> Scale:
    low, high = own.texts("scale", name, "low"), own.texts("scale", name, "high")
    ordered = own.value("scale", name, "ordered") == "yes"
    return Scale(own_id(name), tuple(options), ordered, (low, high) if low or high else None)


def _option(row: Row, number: int, texts: Texts, own: Own) -> Option:
    name = (row.get("name") or row.get("value") or "").strip()
    where = f"{own.where}, choices, row {number}"
    if not name:
        raise BadInput(where, "a choice without a name", "a name for each choice")
    position = row.get(f"{PREFIX}position", "").strip()
    if position and not re.fullmatch(r"-?\d{1,9}", position):
        raise BadInput(f"{where}, {PREFIX}position", f'"{position}"', "a whole number, or nothing")
    return Option(
        own_id(name),
        texts.of(row, "label") or {texts.first or "en": name},
        int(position) if position else None,
        exclusive=row.get(f"{PREFIX}exclusive") == "yes",
        sensitive_absence=row.get(f"{PREFIX}sensitive_absence") == "yes",
    )

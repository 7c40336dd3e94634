"""What was settled before a wave: items with what was written and who signed, the privacy notice, the whole table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from surefoot.web import models
from surefoot.web.governance import NOTICE, SCHEMA, Field, Item, edition, items


@dataclass(frozen=True)
class SettledItem:
    """One item of a wave with what was written into it. signed_by is "" where nobody signed it as it stands."""

    item: Item
    texts: Mapping[str, str]
    signed_by: str = ""
    role: str = ""
    signed_on: date | None = None
    recorded_by: str = ""

    @property
    def missing(self) -> tuple[Field, ...]:
        """The fields that must still be filled."""
        return self.item.missing(self.texts)

    @property
    def needed(self) -> tuple[Field, ...]:
        """The fields that count, given what was written into the others."""
        return tuple(one for one in self.item.fields if one.needed(self.texts))


def settled(study: str, wave: str) -> tuple[SettledItem, ...]:
    """All items of a wave, in order, those too into which nobody has written."""
    rows = {row.item: row for row in models.Settled.objects.filter(study__slug=study, wave=wave)}
    places = list(models.Organisation.objects.filter(study__slug=study).values_list("slug", "name"))
    return tuple(_settled(item, rows.get(item.id)) for item in items(places))


def _settled(item: Item, row: models.Settled | None) -> SettledItem:
    if row is None:
        return SettledItem(item, {})
    return SettledItem(item, row.texts, row.signed_by, row.role, row.signed_on, row.recorded_by)


def unsigned(study: str, wave: str) -> tuple[str, ...]:
    """The titles of the items that stand between a wave and its opening."""
    return tuple(one.item.title for one in settled(study, wave) if not one.signed_by or one.missing)


def settled_texts(study: str, wave: str, item: str) -> Mapping[str, str]:
    """What was written into one item; nothing where nobody did."""
    row = models.Settled.objects.filter(study__slug=study, wave=wave, item=item).first()
    return row.texts if row else {}


def privacy_notice(study: str, wave: str) -> tuple[str, tuple[str, ...]] | None:
    """The title of a study and the paragraphs of a wave's privacy notice; None where none was signed."""
    item, field = NOTICE
    row = models.Settled.objects.filter(study__slug=study, wave=wave, item=item).select_related("study").first()
    if row is None or not row.signed_by:
        return None
    paragraphs = (part.strip() for part in row.texts.get(field, "").split("\n\n"))
    return row.study.title, tuple(part for part in paragraphs if part)


def governance_table(study: models.Study) -> dict[str, Any]:
    """Everything that was settled for the waves of a study, as the table of governance.toml; empty without any."""
    waves: dict[str, list[dict[str, Any]]] = {}
    for row in models.Settled.objects.filter(study=study):
        signature = {
            "signed_by": row.signed_by,
            "role": row.role,
            "signed_on": row.signed_on,
            "recorded_by": row.recorded_by,
        }
        said = {"id": row.item, "texts": row.texts, **{key: value for key, value in signature.items() if value}}
        waves.setdefault(row.wave, []).append(said)
    if not waves:
        return {}
    parts = [{"name": name, "item": said} for name, said in waves.items()]
    return {"schema": SCHEMA, "edition": edition()[0], "wave": parts}

"""Writing what is settled before a wave, with the signature of who stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from surefoot.errors import BadInput, Refused
from surefoot.web import models
from surefoot.web.audit import written
from surefoot.web.governance import Item, items

MOST_NAME = 200


@dataclass(frozen=True)
class Signature:
    """Who stands for an item: their name, their role (such as data protection officer) and the day."""

    name: str
    role: str
    day: date


def settle(
    *, study: str, wave: str, item: str, texts: Mapping[str, str], signature: Signature | None = None, by: str
) -> None:
    """Write an item of a wave. A changed item loses its signature unless it is signed anew with the change.

    Once the wave is open, what stands was signed for, so it is only changed together with a new signature.
    Raises BadInput for a field that cannot be and for a signature under an incomplete item, Refused after the close.
    """
    with written("sign-item" if signature else "write-item", f"{study}/{wave}/{item}", by=by) as said:
        row = models.Wave.objects.select_related("study").get(study__slug=study, name=wave)
        wanted = _item(row.study, item)
        read = wanted.read(texts)
        _check(row, wanted, read, signature)
        kept, _ = models.Settled.objects.get_or_create(study=row.study, wave=wave, item=item)
        changed = kept.texts != read
        kept.texts = read
        if signature is not None:
            kept.signed_by, kept.role, kept.signed_on = signature.name, signature.role, signature.day
            kept.recorded_by = said["recorded_by"] = by
            said["signed_by"] = signature.name
        elif changed:
            kept.signed_by, kept.role, kept.signed_on, kept.recorded_by = "", "", None, ""
        kept.save()


def _item(study: models.Study, name: str) -> Item:
    known = {one.id: one for one in items(list(study.organisations.values_list("slug", "name")))}
    if name not in known:
        raise BadInput("item", f'"{name}"', f"one of {', '.join(known)}")
    return known[name]


def _check(row: models.Wave, item: Item, texts: Mapping[str, str], signature: Signature | None) -> None:
    if row.state in (models.Wave.CLOSING, models.Wave.CLOSED):
        raise Refused("what was signed stays", f"this wave is {row.state}", "Settle it for the next wave.")
    if signature is None:
        if row.state != models.Wave.PLANNED:
            reason = "this wave is open, and respondents rely on what was signed"
            raise Refused("an open wave is signed for", reason, "Change the item and sign it in one step.")
        return
    missing = item.missing(texts)
    if missing:
        raise BadInput(item.title, f"nothing in “{missing[0].label}”", "every field that applies, before it is signed")
    for what, text in (("name of who signs", signature.name), ("role of who signs", signature.role)):
        if not text or len(text) > MOST_NAME:
            raise BadInput(what, f"{len(text)} characters", f"1 to {MOST_NAME}")


def take_over(row: models.Wave) -> None:
    """Begin a new wave with the texts of the one before, unsigned: each wave is signed for anew."""
    earlier = models.Settled.objects.filter(study=row.study).exclude(wave=row.name)
    last = earlier.values_list("wave", flat=True).last()
    models.Settled.objects.bulk_create(
        models.Settled(study=row.study, wave=row.name, item=one.item, texts=one.texts)
        for one in earlier.filter(wave=last)
    )


def settle_simulated(*, study: str, wave: str, by: str) -> None:
    """Fill and sign every item of a wave with words that say that it is simulated: for demos, tests and benchmarks."""
    row = models.Study.objects.get(slug=study)
    signature = Signature("Simulated signature", "nobody", date(2026, 1, 1))
    for item in items(list(row.organisations.values_list("slug", "name"))):
        texts = {one.id: _simulated(one.kind, one.options) for one in item.fields}
        settle(study=study, wave=wave, item=item.id, texts=texts, signature=signature, by=by)


def _simulated(kind: str, options: Mapping[str, str]) -> str:
    if kind == "choice":
        return next(iter(options))
    return "2026-01-01" if kind == "day" else "Simulated: nobody settled this."

"""What a link leads to: the questionnaire, whether it may be answered, and the draft that only the link opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from surefoot.instrument import Instrument
from surefoot.web.link import Link
from surefoot.web.models import Draft, Invitation, Wave
from surefoot.web.prepared import KEY, Prepared
from surefoot.web.store.studies import shown_instrument

_FIELDS = (
    "spent", "organisation__name", "wave__state", "wave__opens", "wave__closes", "wave__study__title",
    "wave__study__instrument_id", "wave__study__known", "wave__study__slug", "wave__name",
)  # fmt: skip
_INVITED = Prepared(lambda: Invitation.objects.filter(key=KEY).values_list(*_FIELDS))
_DRAFT = Prepared(lambda: Draft.objects.filter(key=KEY).values_list("content"))


@dataclass(frozen=True)
class Invited:
    """What the pages of one link show. open: answers are taken now; spent: they were sent already."""

    spent: bool
    organisation: str
    open: bool
    closes: date
    title: str
    instrument: Instrument
    known: str | None
    study: str
    wave: str


def invited(link: Link, *, today: date) -> Invited | None:
    """What a link leads to, or None where no invitation has it."""
    row = _INVITED.row(link.invitation)
    if row is None:
        return None
    spent, organisation, state, opens, closes, title, instrument_id, known, study, wave = row
    return Invited(
        spent=spent,
        organisation=organisation,
        open=state == Wave.OPEN and opens <= today <= closes,
        closes=closes,
        title=title,
        instrument=shown_instrument(instrument_id),
        known=known or None,
        study=study,
        wave=wave,
    )


def draft(link: Link) -> dict[str, Any]:
    """The answers that were saved under a link; none where nothing was."""
    row = _DRAFT.row(link.draft)
    return {} if row is None else link.open(bytes(row[0])) or {}

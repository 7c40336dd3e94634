"""What respondents write: drafts and answers. No audit event, no time, nothing that ties the two together."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from surefoot.errors import Refused
from surefoot.web.actions.posters import check_bound
from surefoot.web.link import Link
from surefoot.web.models import Answer, Draft, Invitation, Wave
from surefoot.web.together import write_together


def save_page(*, link: Link, answers: Mapping[str, Any], today: date) -> None:
    """Save the answers so far, sealed with the link. Raises Refused where the wave takes no answers any more."""
    sealed = link.seal(dict(answers))

    def write() -> None:
        invitation = _taking(link, today)
        saved = Draft(
            key=link.draft,
            wave_id=invitation.wave_id,
            organisation_id=invitation.organisation_id,
            content=sealed,
        )
        Draft.objects.bulk_create([saved], update_conflicts=True, unique_fields=["key"], update_fields=["content"])

    write_together(write)


def submit(*, link: Link, answers: Mapping[str, Any], today: date) -> None:
    """Send the answers for good: the invitation is spent, the draft deleted, the answer kept, all or nothing.

    Sent twice, by a second click or from a second device, the answers count once. Raises Refused as `save_page`.
    """

    def write() -> None:
        invitation = _taking(link, today)
        if invitation.poster:
            check_bound(invitation)
        spent = Invitation.objects.filter(key=link.invitation, spent=False).update(spent=True)
        if not spent:
            raise Refused("one answer a link", "answers were sent with this link already", "There is nothing to do.")
        Draft.objects.filter(key=link.draft).delete()
        Answer.objects.create(
            id=uuid.uuid4(),
            wave_id=invitation.wave_id,
            organisation_id=invitation.organisation_id,
            phase=invitation.wave.phase,
            content=json.dumps(answers, ensure_ascii=False, separators=(",", ":")),
        )

    write_together(write)


def _taking(link: Link, today: date) -> Invitation:
    """The invitation of a link, whose wave takes answers today. Called inside the transaction that writes.

    The row stays locked until then, so closing, which locks the whole table, waits for it or comes first.
    """
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("wave")
    found = rows.filter(key=link.invitation).first()
    if found is None or found.wave.state != Wave.OPEN or not found.wave.opens <= today <= found.wave.closes:
        raise Refused("open wave", "this survey takes no answers now", "Ask who invited you.")
    if found.spent:
        raise Refused("one answer a link", "answers were sent with this link already", "There is nothing to do.")
    return found

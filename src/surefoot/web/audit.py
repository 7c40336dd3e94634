"""The audit log: what people with a role did, one event an action, each with the digest of the one before.

Respondents are never in it. Triggers of the database refuse to change or delete an event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from surefoot.evidence import canonical
from surefoot.web.models import AuditEvent

START = "0" * 64


def digest(event: AuditEvent) -> str:
    """The digest of an event, over all that it says and the digest of the one before."""
    said = [event.number, event.at, event.by, event.action, event.subject, event.details, event.previous]
    return hashlib.sha256(canonical(said)).hexdigest()


@contextmanager
def written(action: str, subject: str, *, by: str, **details: Any) -> Iterator[dict[str, Any]]:
    """One transaction that ends with its audit event; nothing is written where anything fails.

    details: whole numbers and texts, never of an answer; more can be put into what is given.
    """
    with transaction.atomic():
        said: dict[str, Any] = dict(details)
        yield said
        last = AuditEvent.objects.order_by("-number").first()
        event = AuditEvent(
            number=last.number + 1 if last else 1,
            at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            by=by,
            action=action,
            subject=subject,
            details=said,
            previous=last.digest if last else START,
        )
        event.digest = digest(event)
        event.save(force_insert=True)

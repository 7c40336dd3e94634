"""People with roles, and what they did."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surefoot.web import audit, models


@dataclass(frozen=True)
class Colleague:
    """Somebody who signs in, with their roles: pairs of a role and an organisation ("" for the whole programme)."""

    email: str
    name: str
    roles: tuple[tuple[str, str], ...]
    entered: bool


@dataclass(frozen=True)
class Event:
    """One line of the audit log."""

    number: int
    at: str
    by: str
    action: str
    subject: str
    details: Mapping[str, Any]


def colleagues() -> tuple[Colleague, ...]:
    """Everybody who may sign in, by e-mail address."""
    rows = models.Person.objects.filter(is_active=True).order_by("email").prefetch_related("memberships")
    return tuple(
        Colleague(
            row.email,
            row.name,
            tuple((one.role, one.organisation) for one in row.memberships.all()),
            row.has_usable_password(),
        )
        for row in rows
    )


def memberships_of(email: str) -> tuple[tuple[str, str], ...]:
    """The roles of somebody, with their organisations."""
    rows = models.Membership.objects.filter(person__email=email, person__is_active=True)
    return tuple(rows.values_list("role", "organisation"))


def entry_of(text: str, *, now: datetime) -> str | None:
    """Whose one-time link this is; None where it is nobody's, or too old."""
    key = hashlib.sha256(text.encode()).hexdigest()
    found = models.Entry.objects.filter(key=key, expires__gt=now, person__is_active=True)
    return found.values_list("person__email", flat=True).first()


def history(most: int = 200) -> tuple[Event, ...]:
    """The last events of the audit log, the newest first."""
    rows = models.AuditEvent.objects.order_by("-number")[:most]
    return tuple(Event(row.number, row.at, row.by, row.action, row.subject, row.details) for row in rows)


def history_is_whole() -> bool:
    """Whether every event of the audit log carries the digest of the one before, from the first to the last."""
    previous = audit.START
    for place, row in enumerate(models.AuditEvent.objects.order_by("number").iterator(), 1):
        if row.number != place or row.previous != previous or row.digest != audit.digest(row):
            return False
        previous = row.digest
    return True

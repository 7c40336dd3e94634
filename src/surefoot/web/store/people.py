"""People with roles, and what they did."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from surefoot.web import audit, models


@dataclass(frozen=True)
class Colleague:
    """Somebody who signs in, with their roles: pairs of a role and an organisation ("" for the whole programme)."""

    email: str
    name: str
    roles: tuple[tuple[str, str], ...]
    entered: bool
    second_factor: bool


@dataclass(frozen=True)
class Factor:
    """One thing by which somebody signs in beside a password. kind: totp, webauthn or recovery_codes."""

    key: int
    kind: str
    name: str
    made: datetime
    used: datetime | None


@dataclass(frozen=True)
class Event:
    """One line of the audit log."""

    number: int
    at: str
    by: str
    action: str
    subject: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class History:
    """A page of the audit log, the newest first. pages: how many there are; actions: all that was ever done."""

    events: tuple[Event, ...]
    page: int
    pages: int
    total: int
    actions: tuple[str, ...]


def colleagues() -> tuple[Colleague, ...]:
    """Everybody who may sign in, by e-mail address."""
    safe = set(_second_factors().values_list("user_id", flat=True))
    rows = models.Person.objects.filter(is_active=True).order_by("email").prefetch_related("memberships")
    return tuple(
        Colleague(
            row.email,
            row.name,
            tuple((one.role, one.organisation) for one in row.memberships.all()),
            row.has_usable_password() or row.last_login is not None,
            row.pk in safe,
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


def factors(email: str) -> tuple[Factor, ...]:
    """The factors of somebody, in the order in which they were added."""
    rows = Authenticator.objects.filter(user__email=email).order_by("created_at", "id")
    return tuple(Factor(row.pk, row.type, str(row), row.created_at, row.last_used_at) for row in rows)


def has_second_factor(email: str) -> bool:
    """Whether somebody has a codes app or a passkey; recovery codes alone are none."""
    return _second_factors().filter(user__email=email).exists()


def second_factor_required() -> bool:
    """Whether everybody with a role must have a second factor."""
    return models.Programme.objects.filter(second_factor=True).exists()


def _second_factors() -> QuerySet[Any]:
    rows: QuerySet[Any] = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return rows


def history_page(*, who: str = "", action: str = "", page: int = 1, size: int = 100) -> History:
    """A page of the audit log, the newest first. who: a part of the address of who did it or had it done."""
    rows = models.AuditEvent.objects.order_by("-number")
    if who:
        rows = rows.filter(Q(by__icontains=who) | Q(subject__icontains=who))
    if action:
        rows = rows.filter(action=action)
    total = rows.count()
    pages = max(1, math.ceil(total / size))
    page = min(max(1, page), pages)
    events = tuple(_event(row) for row in rows[(page - 1) * size : page * size])
    done = models.AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct()
    return History(events, page, pages, total, tuple(done))


def history(most: int = 200) -> tuple[Event, ...]:
    """The last events of the audit log, the newest first."""
    return tuple(_event(row) for row in models.AuditEvent.objects.order_by("-number")[:most])


def _event(row: models.AuditEvent) -> Event:
    return Event(row.number, row.at, row.by, row.action, row.subject, row.details)


def history_is_whole() -> bool:
    """Whether every event of the audit log carries the digest of the one before, from the first to the last."""
    previous = audit.START
    for place, row in enumerate(models.AuditEvent.objects.order_by("number").iterator(), 1):
        if row.number != place or row.previous != previous or row.digest != audit.digest(row):
            return False
        previous = row.digest
    return True

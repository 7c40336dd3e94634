"""Tokens from rows: whose they are and what they may do at this moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from surefoot.web import models
from surefoot.web.roles import Visitor
from surefoot.web.store.people import memberships_of


@dataclass(frozen=True)
class Bearer(Visitor):
    """Who speaks by a token: its maker, with at most the rights of the token. writes: whether it changes anything."""

    token: str = ""
    rights: frozenset[str] = frozenset()
    writes: bool = False

    def may(self, right: str) -> bool:
        """Whether the token has a right, and its maker has it now."""
        return right in self.rights and super().may(right)

    def organisations(self, right: str) -> tuple[str, ...] | None:
        """For which organisations; None: for all."""
        return super().organisations(right) if right in self.rights else ()


@dataclass(frozen=True)
class TokenSeen:
    """A token as its maker sees it."""

    name: str
    rights: tuple[str, ...]
    writes: bool
    expires: date


def bearer(text: str, *, today: date) -> Bearer | None:
    """Who speaks by a token; None where it is nobody's, is over, or its maker has gone."""
    key = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    rows = models.Token.objects.select_related("person").filter(key=key, expires__gte=today, person__is_active=True)
    row = rows.first()
    if row is None:
        return None
    person = row.person
    return Bearer(
        person.email,
        person.name,
        memberships_of(person.email),
        token=row.name,
        rights=frozenset(row.rights),
        writes=row.writes,
    )


def tokens_of(email: str) -> tuple[TokenSeen, ...]:
    """The tokens of somebody, those that end first before."""
    rows = models.Token.objects.filter(person__email=email)
    return tuple(TokenSeen(row.name, tuple(row.rights), row.writes, row.expires) for row in rows)

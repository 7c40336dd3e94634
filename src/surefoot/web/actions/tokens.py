"""Tokens of the programming interface: made, shown once, revoked. Only their hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, timedelta

from surefoot.errors import BadInput
from surefoot.web import models
from surefoot.web.audit import written
from surefoot.web.roles import Visitor

PREFIX = "surefoot_"
LONGEST_DAYS = 365
MOST = 20


def make_token(*, visitor: Visitor, name: str, rights: Collection[str], writes: bool, days: int, today: date) -> str:
    """Make a token with some of the rights of who makes it; it comes out here and never again. Raises BadInput."""
    if not name.strip() or len(name) > 80:
        raise BadInput("name of the token", f'"{name[:80]}"', "a short name, such as the program that will use it")
    beyond = [right for right in rights if not visitor.may(right)]
    if beyond or not rights:
        raise BadInput("rights", ", ".join(beyond) or "none", "one or more of the rights that you have yourself")
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput("days", str(days), f"1 to {LONGEST_DAYS}")
    made = PREFIX + secrets.token_urlsafe(32)
    details = {"rights": ", ".join(sorted(rights)), "writes": writes, "days": days}
    with written("make-token", name.strip(), by=visitor.email, **details):
        person = models.Person.objects.get(email=visitor.email)
        if person.tokens.filter(name=name.strip()).exists() or person.tokens.count() >= MOST:
            raise BadInput("name of the token", f'"{name.strip()}"', f"a new name, and at most {MOST} tokens")
        models.Token.objects.create(
            key=hashlib.sha256(made.encode()).hexdigest(),
            person=person,
            name=name.strip(),
            rights=sorted(rights),
            writes=writes,
            expires=today + timedelta(days=days),
        )
    return made


def revoke_token(*, name: str, by: str) -> None:
    """End one's own token at once. Raises BadInput where there is none of that name."""
    with written("revoke-token", name, by=by):
        gone, _ = models.Token.objects.filter(person__email=by, name=name).delete()
        if not gone:
            raise BadInput("name of the token", f'"{name}"', "one of your tokens")

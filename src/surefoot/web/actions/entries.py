"""One-time links by which somebody chooses a password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from surefoot.web import models

VALID_FOR = timedelta(days=3)


def make_entry(person: models.Person, now: datetime) -> str:
    """A new link for somebody; the one before opens no more. To be called inside of an action."""
    text = secrets.token_urlsafe(24)
    models.Entry.objects.filter(person=person).delete()
    models.Entry.objects.create(key=hashlib.sha256(text.encode()).hexdigest(), person=person, expires=now + VALID_FOR)
    return text

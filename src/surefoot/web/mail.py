"""The mail server that the settings name, and what its refusals mean."""

from __future__ import annotations

import ipaddress
import smtplib
from typing import Any
from urllib.parse import unquote, urlsplit

from surefoot.errors import BadInput

SECONDS = 20


def mail_settings(url: str | None, sender: str | None) -> dict[str, Any]:
    """Django's settings of e-mail: smtps:// is encrypted from the start, smtp:// by STARTTLS except on this machine.

    >>> mail_settings("smtps://me:secret@mail.example.org", "survey@example.org")["EMAIL_PORT"]
    465
    """
    if not url:
        return {"EMAIL_HOST": "", "DEFAULT_FROM_EMAIL": sender or ""}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadInput("SUREFOOT_SMTP_URL", f"{parts.scheme or 'nothing'}://...", "smtps://user:password@host:port")
    if not sender:
        raise BadInput("SUREFOOT_MAIL_FROM", "nothing", "the address that messages come from")
    encrypted = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if encrypted else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": encrypted,
        "EMAIL_USE_TLS": not encrypted and not _is_here(parts.hostname),
        "EMAIL_TIMEOUT": SECONDS,
        "DEFAULT_FROM_EMAIL": sender,
    }


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def configured() -> bool:
    """Whether there is a mail server to send by."""
    from django.conf import settings

    return bool(settings.EMAIL_HOST)


def refusal_of(problem: Exception) -> bool | None:
    """What a refusal says of the address: True, for good; False, for now; None, nothing: the server is in trouble."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPDataError):
        return problem.smtp_code >= 500
    return None


def in_words(problem: Exception) -> str:
    """A fault without a word of what was sent: the kind, and the number that the server gave."""
    code = getattr(problem, "smtp_code", None)
    return f"{type(problem).__name__}{f' {code}' if code else ''}"

"""What is in the outbox: letters with gaps, and addresses and links sealed with the server's key.

Whoever holds the database without the server's key reads no address; whoever holds both, while the wave is open, can
put an address beside its link. Sealed with one key for the whole outbox, derived from the server's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from surefoot.errors import BadInput

GAPS = ("link", "organisation", "closes")
MOST_SUBJECT, MOST_TEXT, MOST_ADDRESS = 200, 10_000, 254
_BLOCK, _NONCE = 512, 12


@dataclass(frozen=True, repr=False)
class Addressee:
    """Somebody's address, the link that is theirs, and the name of their organisation."""

    address: str
    link: str
    organisation: str

    def sealed(self, message: UUID) -> bytes:
        """Sealed under the id of its message, filled up so that the length tells nothing of the address."""
        plain = json.dumps([self.address, self.link, self.organisation]).encode()
        plain += b" " * (-len(plain) % _BLOCK)
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(_key()).encrypt(nonce, plain, message.bytes)


def opened(sealed: bytes, message: UUID) -> Addressee | None:
    """Who a message is for; None where it was sealed with another key of the server."""
    try:
        plain = AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], message.bytes)
    except InvalidTag:
        return None
    return Addressee(*json.loads(plain))


def letter_id(message: UUID, kind: str) -> str:
    """The same for a letter that is sent again after a fault, so that mail programs can show it once."""
    return hmac.digest(_key(), f"{message} {kind}".encode(), hashlib.sha256).hex()[:32]


def _key() -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"surefoot outbox", hashlib.sha256)


@dataclass(frozen=True)
class Letter:
    """A subject and a text with gaps.

    >>> Letter("Hello {organisation}", "{link}").filled(organisation="North", link="L", closes="today")
    Letter(subject='Hello North', text='L')
    """

    subject: str
    text: str

    def checked(self, what: str) -> Letter:
        """The same, tidy. Raises BadInput for a gap that nobody fills, and where the link is missing."""
        subject, text = " ".join(self.subject.split()), self.text.replace("\r\n", "\n").strip() + "\n"
        for part, words, most in (("subject", subject, MOST_SUBJECT), ("text", text, MOST_TEXT)):
            if not words.strip() or len(words) > most:
                raise BadInput(f"{what}, {part}", f"{len(words.strip()):,} characters", f"1 to {most:,}")
            _check_gaps(f"{what}, {part}", words)
        if "{link}" not in text:
            raise BadInput(f"{what}, text", "no {link}", "the gap {link}, where each person's own link stands")
        if "{link}" in subject:
            raise BadInput(f"{what}, subject", "{link}", "the link in the text alone: subjects are shown to others")
        return Letter(subject, text)

    def filled(self, **values: str) -> Letter:
        """With its gaps filled."""
        subject, text = (_filled(words, values) for words in (self.subject, self.text))
        return Letter(" ".join(subject.split()), text)


def _filled(words: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda gap: values[gap[1]], words)


def _check_gaps(where: str, words: str) -> None:
    known = ", ".join(f"{{{gap}}}" for gap in GAPS)
    try:
        parts = list(string.Formatter().parse(words))
    except ValueError:
        raise BadInput(where, "a brace { or } that stands alone", f"the gaps {known}, and no other brace") from None
    if "{{" in words or "}}" in words:
        raise BadInput(where, "two braces in a row", f"the gaps {known}, and no other brace")
    for _, gap, form, conversion in parts:
        if gap is not None and (gap not in GAPS or form or conversion):
            raise BadInput(where, f"the gap {{{gap}}}", f"the gaps {known}")


@lru_cache(maxsize=2)
def usual_letter(kind: str) -> Letter:
    """The letter that stands until a lead writes another: "invitation" or "reminder"."""
    table = tomllib.loads((resources.files("surefoot") / "bank" / "letters.toml").read_text(encoding="utf-8"))
    return Letter(table[kind]["subject"], table[kind]["text"].lstrip("\n")).checked(kind)

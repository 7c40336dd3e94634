"""A respondent's link: one secret, from which everything else is derived and which the server never keeps.

From the secret come three names that tell nothing of one another: where the invitation is found, where the draft is
found, and the key that the draft is sealed with. Only who holds the link can say which draft belongs to which
invitation.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import random
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

BYTES = 18
_TEXT = re.compile(r"[A-Za-z0-9_-]{24}")
_BLOCK = 1024
_NONCE = 12
Thing = TypeVar("Thing")


@dataclass(frozen=True, repr=False)
class Link:
    """The secret of one link: 18 random bytes, 24 characters in an address. It is never written anywhere.

    >>> link = Link(bytes(18))
    >>> link.text
    'AAAAAAAAAAAAAAAAAAAAAAAA'
    >>> Link.read(link.text) == link, Link.read("no link") is None
    (True, True)
    """

    secret: bytes

    @classmethod
    def new(cls) -> Link:
        """A link that nobody can guess (144 random bits)."""
        return cls(secrets.token_bytes(BYTES))

    @classmethod
    def read(cls, text: str) -> Link | None:
        """The link in an address, or None where the text is no link."""
        if not _TEXT.fullmatch(text):
            return None
        try:
            return cls(base64.urlsafe_b64decode(text))
        except binascii.Error:
            return None

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return base64.urlsafe_b64encode(self.secret).decode("ascii")

    @property
    def invitation(self) -> str:
        """The name of the invitation: 64 hexadecimal digits."""
        return self._derived("invitation").hex()

    @property
    def draft(self) -> str:
        """The name of the draft; nobody can get from the one name to the other without the link."""
        return self._derived("draft").hex()

    def seal(self, answers: dict[str, Any]) -> bytes:
        """Answers that only the link can open again, filled up so that their length tells little."""
        plain = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode()
        plain += b" " * (-len(plain) % _BLOCK)
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._derived("key")).encrypt(nonce, plain, self.draft.encode())

    def open(self, sealed: bytes) -> dict[str, Any] | None:
        """What was sealed, or None where it was sealed with another link or changed since."""
        try:
            plain = AESGCM(self._derived("key")).decrypt(sealed[:_NONCE], sealed[_NONCE:], self.draft.encode())
        except InvalidTag:
            return None
        found: dict[str, Any] = json.loads(plain)
        return found

    def shuffled(self, things: Sequence[Thing], purpose: str) -> list[Thing]:
        """Things in an order of this link's own, the same at every visit."""
        order = random.Random(self._derived(f"order {purpose}"))
        return order.sample(list(things), len(things))

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, f"surefoot {purpose}".encode(), hashlib.sha256)

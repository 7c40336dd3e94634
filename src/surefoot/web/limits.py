"""How often somebody may try: counted in memory by a keyed digest, so that no address is ever kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque

_KEY = secrets.token_bytes(32)
_LOCK = threading.Lock()
_TRIES: dict[bytes, deque[float]] = {}
_MOST_NAMES = 10_000


def too_often(*names: str, most: int, seconds: float) -> bool:
    """Note a try under each name, and say whether any of them had too many lately.

    names: an e-mail address, an address of the network, ...; kept for `seconds` as a digest that only this process can
    make, and lost when it ends.
    """
    now = time.monotonic()
    with _LOCK:
        while len(_TRIES) > _MOST_NAMES:
            _TRIES.pop(next(iter(_TRIES)))
        return max(_count(name, now, seconds) for name in names) > most


def forget(*names: str) -> None:
    """Forget the tries under some names, since one of them was right."""
    with _LOCK:
        for name in names:
            _TRIES.pop(_digest(name), None)


def _count(name: str, now: float, seconds: float) -> int:
    tries = _TRIES.setdefault(_digest(name), deque())
    while tries and tries[0] < now - seconds:
        tries.popleft()
    tries.append(now)
    return len(tries)


def _digest(name: str) -> bytes:
    return hmac.digest(_KEY, name.casefold().encode(), hashlib.sha256)

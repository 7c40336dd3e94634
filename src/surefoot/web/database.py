"""Where the server keeps what it knows: the database that a setting names, and the server's own key."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from surefoot.errors import BadInput
from surefoot.whole import write_whole

FILE = "surefoot.sqlite3"
KEY_FILE = "server-key"
# FULL: a commit that was answered survives a power cut. secure_delete: what is deleted is overwritten at once.
_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; "
    "PRAGMA mmap_size=134217728; PRAGMA cache_size=-8000;"
)


def database(data: Path, url: str | None) -> dict[str, Any]:
    """Django's settings of the database: SQLite in the data folder, or PostgreSQL at an address. Raises BadInput."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(data / FILE),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": _PRAGMAS},
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise BadInput("database", f"{parts.scheme or 'nothing'}://...", "postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def server_key(data: Path, given: str | None) -> str:
    """The key that signs sessions and forms: the one given, or the one in the data folder; empty where there is none.

    Django refuses to work with an empty key.
    """
    path = data / KEY_FILE
    return given or (path.read_text(encoding="ascii").strip() if path.exists() else "")


def make_server_key(data: Path) -> None:
    """Make the key of a data folder, once, readable by its owner alone."""
    if not (data / KEY_FILE).exists():
        write_whole(data / KEY_FILE, secrets.token_urlsafe(64) + "\n", private=True)

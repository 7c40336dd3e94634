"""All tables as they are at one moment, written to a file while the server runs."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from surefoot.errors import BadInput, Refused
from surefoot.web.archive import MANIFEST, SCHEMA, applied_migrations, digest_of, tables_of, write_table
from surefoot.whole import whole

NEVER_CLOSED = ("open", "closing")


@dataclass(frozen=True)
class Backup:
    """What was written. waves: those that were not closed, so that the file can tie answers to links."""

    tables: int
    rows: int
    bytes: int
    digest: str
    waves: tuple[str, ...]

    @property
    def linkable(self) -> bool:
        """Whether the file helps to tie answers to links."""
        return bool(self.waves)


def write_backup(path: Path, *, now: datetime, linkable: bool = False) -> Backup:
    """Write all tables as they are at one moment to a new file that its owner alone can read, whole or not at all.

    linkable: write it although a wave is open. Raises Refused without it, and BadInput where the file is there already
    or the database holds no programme.
    """
    if path.exists():
        raise BadInput(str(path), "a file that is there already", "a new name: a backup is not written over another")
    with _one_moment():
        migrations = applied_migrations()
        tables = tables_of(migrations)
        waves = _unclosed(tables)
        _check(waves, linkable)
        with whole(path) as place:
            return _write(place, migrations, tables, waves, now)


def check_backup(*, linkable: bool = False) -> None:
    """Raise Refused where a backup of now would be linkable and nobody said that it may be."""
    _check(_unclosed(tables_of(applied_migrations())), linkable)


def _check(waves: list[tuple[str, str]], linkable: bool) -> None:
    if waves and not linkable:
        reason = f"the wave {waves[0][0]} is not closed, and a copy from now helps to tie answers to links, for ever"
        remedy = "Close the wave first; or add --linkable, and delete the copy at the close."
        raise Refused("no linkable copy", reason, remedy)


def _write(
    place: Path,
    migrations: dict[str, str],
    tables: list[type[models.Model]],
    waves: list[tuple[str, str]],
    now: datetime,
) -> Backup:
    with os.fdopen(os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            written = {table._meta.db_table: write_table(archive, table) for table in tables}
            manifest = {
                "schema": SCHEMA,
                "made": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "database": connection.vendor,
                "migrations": migrations,
                "linkable": bool(waves),
                "waves_not_closed": [{"wave": name, "closes": closes} for name, closes in waves],
                "tables": written,
                "digest": digest_of(written),
            }
            archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())
        size = file.seek(0, os.SEEK_END)
    rows = sum(one["rows"] for one in written.values())
    return Backup(len(written), rows, size, str(manifest["digest"]), tuple(name for name, _ in waves))


def _unclosed(tables: list[type[models.Model]]) -> list[tuple[str, str]]:
    """Waves that are open or being closed, each with its last day. Raises BadInput where there is no programme."""
    found: Any = next((table for table in tables if table._meta.label == "web.Wave"), None)
    if found is None:
        raise BadInput("database", "no tables of a programme", "the database that `surefoot serve` made")
    rows = found._base_manager.filter(state__in=NEVER_CLOSED).order_by("study__slug", "name")
    return [
        (f"{slug}/{name}", day.isoformat()) for slug, name, day in rows.values_list("study__slug", "name", "closes")
    ]


@contextmanager
def _one_moment() -> Iterator[None]:
    """Let everything that is read be of one moment, while others write. Not `atomic` for SQLite: that would lock it."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")

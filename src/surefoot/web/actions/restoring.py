"""A backup noted, and restored into an empty database: every table as it was, then brought up to date."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from surefoot.errors import BadInput, Refused
from surefoot.web.actions.closing import close_wave, finish_closing
from surefoot.web.archive import check_tables, read_manifest, row_of, table_lines, tables_of
from surefoot.web.audit import written
from surefoot.web.models import Wave

_BATCH = 500
_EXPECTED = "a file as `surefoot backup` made it"
BY = "restore"


def note_backup(*, file: str, linkable: bool, by: str) -> None:
    """Say in the audit log that somebody takes a copy of everything; before it is taken, so that it says so too."""
    with written("make-backup", file, by=by, linkable=linkable):
        pass


def restore_backup(path: Path, *, today: date, linkable: bool = False) -> Mapping[str, Any]:
    """Fill an empty database with a backup and bring it up to date; the manifest of the backup comes out.

    A wave that was open then and whose last day is over is closed at once, so its answers can no longer be tied to
    links by what the database holds. linkable: restore a backup that was made while a wave was open. Raises Refused
    without it or where the database is not empty, and BadInput where the file is not whole.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = read_manifest(archive, path)
            _check_free(manifest, linkable)
            tables = tables_of(manifest["migrations"])
            check_tables(archive, manifest, tables)
            _fill(archive, manifest, tables)
    except zipfile.BadZipFile:
        raise BadInput(
            str(path), "a file that is no backup, or a broken one", "one that `surefoot backup` made"
        ) from None
    call_command("migrate", verbosity=0, interactive=False)
    _close_what_ended(today)
    return manifest


def _check_free(manifest: Mapping[str, Any], linkable: bool) -> None:
    if connection.introspection.table_names():
        reason = "this database holds tables already, and nothing is written over"
        raise Refused("restore into an empty place", reason, "Name a new --data folder, or an empty --database.")
    if manifest["linkable"] and not linkable:
        names = ", ".join(one["wave"] for one in manifest["waves_not_closed"])
        reason = f"this backup was made while people answered ({names}), so it helps to tie answers to links"
        remedy = (
            "If the wave was closed since then, delete this file and restore a backup from after the close; "
            "if the survey is still running, add --linkable."
        )
        raise Refused("no linkable copy", reason, remedy)


def _fill(archive: zipfile.ZipFile, manifest: Mapping[str, Any], tables: list[type[models.Model]]) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(list(manifest["migrations"].items()))
    try:
        with transaction.atomic():
            for table in tables:
                _empty(table)
            for table in tables:
                _load(table, table_lines(archive, table))
            _continue_numbers(tables)
    except (ValueError, KeyError, TypeError, ValidationError) as problem:
        raise BadInput("backup", f"a row that cannot be read ({problem})", _EXPECTED) from None


def _empty(table: type[models.Model]) -> None:
    """Take out what the migrations themselves put into a table."""
    if table._base_manager.exists():
        table._base_manager.all()._raw_delete(connection.alias)


def _load(table: type[models.Model], lines: Iterable[bytes]) -> None:
    """raw: columns that fill themselves with the time of writing keep what they held."""
    fields = table._meta.concrete_fields
    for some in _batches(row_of(table, line) for line in lines):
        size = connection.ops.bulk_batch_size(fields, some)
        for start in range(0, len(some), size):
            table._base_manager.all()._insert(  # type: ignore[attr-defined]
                some[start : start + size], fields=fields, using=connection.alias, raw=True
            )


def _batches(rows: Iterator[models.Model]) -> Iterator[list[models.Model]]:
    while some := list(islice(rows, _BATCH)):
        yield some


def _continue_numbers(tables: list[type[models.Model]]) -> None:
    """Let numbers that count up go on after the highest that was restored."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def _close_what_ended(today: date) -> None:
    ended = Wave.objects.filter(state=Wave.OPEN, closes__lt=today).values_list("study__slug", "name")
    for study, name in list(ended):
        close_wave(study=study, wave=name, by=BY)
    finish_closing()

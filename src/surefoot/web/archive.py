"""The format of a backup: a zip with one file of JSON lines a table, and a manifest. The same for every database.

Tables are those of the migrations that the backup names, not of today's models, so an older backup can be read. Rows
stand in the order of their primary keys, which are random where people answered: no order of writing comes along.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from surefoot.errors import BadInput
from surefoot.evidence import canonical

SCHEMA = "surefoot/backup/1"
MANIFEST = "manifest.json"
LEFT_OUT = frozenset({"sessions"})
"""Apps whose rows are in no backup: who holds one shall not be signed in as somebody."""


def applied_migrations() -> dict[str, str]:
    """The last migration of each app that the database has had; empty where it has no tables."""
    loader = MigrationLoader(connection)
    return {app: name for app, name in loader.applied_migrations if not _followed(loader, app, name)}


def _followed(loader: MigrationLoader, app: str, name: str) -> bool:
    children = loader.graph.node_map[app, name].children if (app, name) in loader.graph.node_map else ()
    return any(child.key[0] == app and child.key in loader.applied_migrations for child in children)


def tables_of(migrations: Mapping[str, str]) -> list[type[models.Model]]:
    """The tables after some migrations, by name. Raises BadInput where this version does not know a migration."""
    loader = MigrationLoader(connection)
    nodes = list(migrations.items())
    unknown = [f"{app} {name}" for app, name in nodes if (app, name) not in loader.graph.node_map]
    if unknown:
        raise BadInput(
            "backup", f"the migration {unknown[0]}", "a backup that this version of Surefoot, or an older, made"
        )
    known = loader.project_state(nodes).apps.get_models(include_auto_created=True)
    kept = [table for table in known if table._meta.app_label not in LEFT_OUT and not table._meta.proxy]
    return sorted(kept, key=lambda table: table._meta.db_table)


def row_lines(table: type[models.Model]) -> Iterator[bytes]:
    """The rows of a table as lines, by primary key."""
    fields = table._meta.concrete_fields
    rows = table._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=2000):
        said = {field.attname: _plain(field, value) for field, value in zip(fields, row, strict=True)}
        yield json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def row_of(table: type[models.Model], line: bytes) -> models.Model:
    """A row from its line. Raises ValueError, KeyError or Django's ValidationError where it is none of the table."""
    said = json.loads(line)
    fields = table._meta.concrete_fields
    return table(**{field.attname: _value(field, said[field.attname]) for field in fields})


def _plain(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | str) else str(value)


def _value(field: Any, said: Any) -> Any:
    if said is None or isinstance(field, models.JSONField):
        return said
    return base64.b64decode(said) if isinstance(field, models.BinaryField) else field.to_python(said)


def write_table(archive: zipfile.ZipFile, table: type[models.Model]) -> dict[str, Any]:
    """Write a table into a backup; its line of the manifest comes out: rows and digest."""
    digest, rows = hashlib.sha256(), 0
    with archive.open(_entry(table), "w", force_zip64=True) as out:
        for line in row_lines(table):
            out.write(line)
            digest.update(line)
            rows += 1
    return {"rows": rows, "digest": digest.hexdigest()}


def table_lines(archive: zipfile.ZipFile, table: type[models.Model]) -> Iterator[bytes]:
    """The lines of a table in a backup."""
    with archive.open(_entry(table)) as entry:
        yield from entry


def _entry(table: type[models.Model]) -> str:
    return f"tables/{table._meta.db_table}.jsonl"


def digest_of(tables: Mapping[str, Any]) -> str:
    """The digest of all tables, from the digests of each."""
    return hashlib.sha256(canonical(dict(tables))).hexdigest()


def read_manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """The manifest of a backup. Raises BadInput where there is none, or where it is not whole."""
    try:
        manifest = json.loads(archive.read(MANIFEST))
        whole = manifest["schema"] == SCHEMA and manifest["digest"] == digest_of(manifest["tables"])
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile):
        whole, manifest = False, {}
    if not whole:
        raise BadInput(str(path), "a manifest that is not there or not whole", "a file that `surefoot backup` made")
    return dict(manifest)


def check_tables(archive: zipfile.ZipFile, manifest: Mapping[str, Any], tables: Iterable[type[models.Model]]) -> None:
    """Raise BadInput where a table of a backup is not what its manifest says."""
    for table in tables:
        digest = hashlib.sha256()
        try:
            for line in table_lines(archive, table):
                digest.update(line)
        except (KeyError, zipfile.BadZipFile, EOFError):
            digest = hashlib.sha256(b"missing")
        if digest.hexdigest() != manifest["tables"].get(table._meta.db_table, {}).get("digest"):
            found = f"another content of {table._meta.db_table} than its manifest says"
            raise BadInput("backup", found, "a file that is as `surefoot backup` wrote it")

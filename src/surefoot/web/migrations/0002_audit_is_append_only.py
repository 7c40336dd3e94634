"""Triggers: the database itself refuses to change or delete an event of the audit log."""

from __future__ import annotations

from typing import Any

from django.db import migrations

TABLE = "web_auditevent"


def add(apps: Any, editor: Any) -> None:
    """Add the triggers, in the words of the database."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE FUNCTION surefoot_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        )
        editor.execute(
            f"CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION surefoot_refuse()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        editor.execute(
            f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        )


def remove(apps: Any, editor: Any) -> None:
    """Take the triggers away again."""
    if editor.connection.vendor == "postgresql":
        editor.execute(f"DROP TRIGGER audit_append_only ON {TABLE}")
        editor.execute("DROP FUNCTION surefoot_refuse()")
        return
    for verb in ("update", "delete"):
        editor.execute(f"DROP TRIGGER audit_no_{verb}")


class Migration(migrations.Migration):
    """The audit log only grows."""

    dependencies = [("web", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]

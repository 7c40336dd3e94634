"""`surefoot backup`: a copy of everything that the server holds, made while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, print_json, say
from surefoot.cli.serve import needs_web

EPILOG = "Example: surefoot backup programme.backup --data our-programme"
Data = Annotated[Path, typer.Option(help="The folder of the database and of the server's key.")]
Database = Annotated[
    str | None, typer.Option(metavar="URL", help="PostgreSQL instead of SQLite: postgresql://user@host/name.")
]


def backup_programme(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.")],
    data: Data = Path("surefoot-data"),
    database: Database = None,
    linkable: Annotated[
        bool, typer.Option("--linkable", help="Although a wave is open: the file can then tie answers to links.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Back up the programme, while it is served or not: one file for SQLite and PostgreSQL alike."""
    needs_web("backup")
    from surefoot.web.keeping import backup

    made = backup(file, data=data, database=database, linkable=linkable)
    if as_json:
        told = {"file": str(file), "tables": made.tables, "bytes": made.bytes, "digest": made.digest}
        print_json({"schema": "surefoot/backed-up/1", **told, "waves_not_closed": list(made.waves)})
        return
    say(f"Wrote {file}: {made.tables} tables, {made.bytes:,} bytes. It holds every answer: keep it locked away.")
    say("Not in it: the server's key (server-key in the data folder) and who is signed in.")
    if made.linkable:
        say(f"LINKABLE: made while people answered ({', '.join(made.waves)}). Delete it when the wave is closed.")

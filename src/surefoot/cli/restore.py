"""`surefoot restore`: a backup made into a programme again, in an empty place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.backup import Data, Database
from surefoot.cli.console import AsJson, Example, print_json, say, say_written
from surefoot.cli.serve import needs_web
from surefoot.errors import BadInput

EPILOG = "Example: surefoot restore programme.backup --data our-programme-again"


def restore_programme(
    file: Annotated[Path | None, typer.Argument(help="A file that `surefoot backup` made.")] = None,
    data: Data = Path("surefoot-data"),
    database: Database = None,
    linkable: Annotated[
        bool, typer.Option("--linkable", help="Although the backup was made while a wave was open.")
    ] = False,
    example: Example = None,
    as_json: AsJson = False,
) -> None:
    """Restore a backup into an empty data folder or an empty PostgreSQL database; then serve it."""
    needs_web("restore")
    from surefoot.web.keeping import restore, write_example

    if example is not None:
        say_written([write_example(example)], as_json)
        return
    if file is None:
        raise BadInput("restore", "no file", "`surefoot restore FILE`; `--example DIR` writes one")
    manifest = restore(file, data=data, database=database, linkable=linkable)
    if as_json:
        told = {key: manifest[key] for key in ("made", "database", "linkable", "digest")}
        print_json({"schema": "surefoot/restored/1", "file": str(file), **told, "tables": len(manifest["tables"])})
        return
    say(f"Restored {len(manifest['tables'])} tables from {file}, made {manifest['made']}.")
    say("The server's key is not in a backup. Without the old server-key in the data folder, second factors are lost.")
    if manifest["linkable"]:
        say("Waves whose last day is over were closed. Delete the backup as soon as every wave of it is closed.")

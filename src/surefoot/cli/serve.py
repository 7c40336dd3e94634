"""`surefoot serve`: the survey on the web."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import say
from surefoot.errors import BadInput

EPILOG = "Example: surefoot serve --data our-programme"


def serve_programme(
    data: Annotated[Path, typer.Option(help="The folder of the database and of the server's key.")] = Path(
        "surefoot-data"
    ),
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="PostgreSQL instead of SQLite: postgresql://user@host/name.")
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on; others than loopback need HTTPS in front.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    study: Annotated[
        Path | None, typer.Option(metavar="STUDY", help="A study's folder to bring in, unless it is there already.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer; one a core is good.")] = 2,
) -> None:
    """Serve the survey on the web: answering pages, and the programme's pages for those who run it."""
    try:
        from surefoot.web.server import serve
    except ModuleNotFoundError as missing:
        found = f"no module {missing.name}"
        raise BadInput("serve", found, "the extra `web`: pip install 'surefoot[web]'") from None
    serve(data, database=database, host=host, port=port, workers=workers, study=study, say=_say_at_once)


def _say_at_once(text: str) -> None:
    """Say a line now, though the program goes on: whoever started it may read from a file."""
    import sys

    say(text)
    sys.stdout.flush()

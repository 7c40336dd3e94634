"""`surefoot serve`: the survey on the web."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from surefoot.cli.console import say
from surefoot.errors import BadInput

EPILOG = "Example: surefoot serve --data our-programme"
NEEDED = ("django", "granian", "whitenoise", "nhsuk_frontend_jinja", "cryptography")


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
        Path | None,
        typer.Option(metavar="FOLDER", help="A study or programme to bring in, unless it is there."),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer; one a core is good.")] = 2,
) -> None:
    """Serve the survey on the web: answering pages, and the programme's pages for those who run it."""
    server().serve(data, database=database, host=host, port=port, workers=workers, study=study, say=say_at_once)


def server() -> ModuleType:
    """The module of the server. Raises BadInput where what it needs is not installed."""
    needs_web("serve")
    from surefoot.web import server as found

    return found


def needs_web(command: str) -> None:
    """Raise BadInput where what the web needs is not installed."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise BadInput(command, f"no module {missing[0]}", "the extra `web`: pip install 'surefoot[web]'")


def say_at_once(text: str) -> None:
    """Say a line now, though the program goes on: whoever started it may read from a file."""
    import sys

    say(text)
    sys.stdout.flush()

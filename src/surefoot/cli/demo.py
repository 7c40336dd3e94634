"""`surefoot demo`: the demo programme and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, print_json, progress_bar, say
from surefoot.cli.serve import say_at_once, server
from surefoot.errors import BadInput

EPILOG = "Example: surefoot demo --out demo"
DATA = "server"


def make_demo(
    out: Annotated[Path, typer.Option(help="The folder to write the demo programme and its report to.")],
    seed: Annotated[int, typer.Option(min=0, help="The seed of the simulation.")] = 2026,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then show it on the web, on this machine alone, until Ctrl-C.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on; the next free, if taken.")] = 8000,
    as_json: AsJson = False,
) -> None:
    """Make the demo programme (five providers, simulated answers) and its report; with --serve, on the web too."""
    if serve and as_json:
        raise BadInput("demo", "--serve with --json", "one of them: --json is for programs that wait for the end")
    from surefoot.demo import write_programme
    from surefoot.publication import publish
    from surefoot.study import open_study

    with progress_bar(as_json) as step:
        made = publish(open_study(write_programme(out, seed=seed)), out / "report", progress=step)
    if as_json:
        print_json(made.to_json())
        return
    say("\n".join(made.lines()))
    if serve:
        _serve(out, port)


def _serve(out: Path, port: int) -> None:
    """The demo programme on the web: its own data folder beside the files, loopback, SQLite."""
    web = server()
    say("Bringing the demo programme into the web app.")
    web.serve(out / DATA, port=port, workers=1, study=out, say=say_at_once, next_free=True)

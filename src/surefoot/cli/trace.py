"""`surefoot trace`: what a figure was made from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, print_json, progress_bar, say

EPILOG = "Example: surefoot trace figure-0123456789abcdef --in our-study"


def trace_figure(
    figure: Annotated[str, typer.Argument(metavar="ID", help="A figure's id, as reports print it.")],
    programme: Annotated[Path, typer.Option("--in", metavar="PROGRAMME", help="The folder of the programme or study.")],
    as_json: AsJson = False,
) -> None:
    """Say what a figure was made from, and make it again from the answers: equal or not."""
    from surefoot.trace import trace

    with progress_bar(as_json) as step:
        found = trace(figure, programme, progress=step)
    if as_json:
        print_json(found.to_json())
        return
    say("\n".join(found.lines()))

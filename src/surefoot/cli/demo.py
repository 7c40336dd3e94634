"""`surefoot demo`: the demo programme and its report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, print_json, progress_bar, say

EPILOG = "Example: surefoot demo --out demo"


def make_demo(
    out: Annotated[Path, typer.Option(help="The folder to write the demo programme and its report to.")],
    seed: Annotated[int, typer.Option(min=0, help="The seed of the simulation.")] = 2026,
    as_json: AsJson = False,
) -> None:
    """Make the demo programme (five providers, simulated answers) and its report."""
    from surefoot.demo import write_programme
    from surefoot.publication import publish
    from surefoot.study import open_study

    with progress_bar(as_json) as step:
        made = publish(open_study(write_programme(out, seed=seed)), out / "report", progress=step)
    if as_json:
        print_json(made.to_json())
        return
    say("\n".join(made.lines()))

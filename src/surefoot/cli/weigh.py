"""`surefoot weigh`: who answered a study, and what its weights do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, Example, print_json, progress_bar, say, say_written
from surefoot.errors import BadInput

EPILOG = "Example: surefoot weigh our-study"


def weigh_study(
    study: Annotated[Path | None, typer.Argument(metavar="STUDY", help="The study's folder.")] = None,
    wave: Annotated[str | None, typer.Option(help="The wave; the last one if none is named.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write a page and tables (CSV) into this folder.")] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Say who answered against the headcounts, what those who did not could change, and what the weights do."""
    if example is not None:
        from surefoot.demo import write_programme
        from surefoot.study.margins import RAKE, Weights

        say_written([write_programme(example, weights=Weights(RAKE))], as_json)
        return
    if study is None:
        raise BadInput("weigh", "no study", "`surefoot weigh STUDY`; `--example DIR` writes one")
    from surefoot.study import open_study
    from surefoot.turnout import weigh_study as weigh

    with progress_bar(as_json) as step:
        made = weigh(open_study(study), wave=wave, folder=out, progress=step)
    if as_json:
        print_json(made.to_json())
        return
    say("\n".join(made.lines()))

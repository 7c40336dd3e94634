"""`surefoot compare`: planned comparisons, raw beside pooled, exploration and change, for the analyst alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, Example, print_json, progress_bar, say, say_written
from surefoot.errors import BadInput

EPILOG = "Example: surefoot compare our-study --out comparisons"


def compare_study(
    study: Annotated[Path | None, typer.Argument(metavar="STUDY", help="The study's folder.")] = None,
    wave: Annotated[str | None, typer.Option(help="The wave; the last one if none is named.")] = None,
    question: Annotated[str | None, typer.Option(help="Only this question, by its id.")] = None,
    by: Annotated[str | None, typer.Option(metavar="BREAKDOWN", help="Only this breakdown; pool its groups.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write a page and tables to this folder.")] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Compare groups and waves, for the analyst alone: planned tests, raw beside pooled, exploration, change."""
    if example is not None:
        from surefoot.demo import write_two_waves

        say_written([write_two_waves(example)], as_json)
        return
    if study is None:
        raise BadInput("compare", "no study", "`surefoot compare STUDY`; --example writes one")
    from surefoot.comparison import compare_study as compare
    from surefoot.comparison import lines, write_view
    from surefoot.study import open_study

    with progress_bar(as_json) as step:
        view = compare(open_study(study), wave=wave, question=question, by=by, progress=step)
    written = write_view(view, out) if out is not None else []
    if as_json:
        print_json(view.to_json())
        return
    say("\n".join(lines(view)))
    for path in written:
        say(f"Wrote {path}")

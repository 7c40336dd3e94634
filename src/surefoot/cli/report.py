"""`surefoot report`: the where-to-start report, draft or final."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, Example, print_json, progress_bar, say, say_written
from surefoot.errors import BadInput, Refused

EPILOG = "Example: surefoot report our-study --out report"


def report_study(
    study: Annotated[Path | None, typer.Argument(metavar="STUDY", help="The study's folder.")] = None,
    out: Annotated[Path | None, typer.Option(help="The folder to write the report to.")] = None,
    wave: Annotated[str | None, typer.Option(help="The wave; the last one if none is named.")] = None,
    final: Annotated[bool, typer.Option("--final", help="Not a draft: counted as the wave's release.")] = False,
    checked_by: Annotated[str | None, typer.Option(help="Who checked the output; needed with --final.")] = None,
    revises: Annotated[
        str | None, typer.Option(help="With --final: why the wave's earlier final release is replaced.")
    ] = None,
    accept_left_out: Annotated[
        bool, typer.Option("--accept-left-out", help="With --final: the checker knows of organisations left out.")
    ] = False,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Make the where-to-start report of a study: report.html, report.xlsx, tables/*.csv and release.json."""
    if example is not None:
        from surefoot.demo import write_programme

        say_written([write_programme(example)], as_json)
        return
    if study is None or out is None:
        raise BadInput("report", "no study or no --out", "`surefoot report STUDY --out DIR`; --example writes one")
    from surefoot.publication import publish
    from surefoot.study import open_study

    if accept_left_out and not final:
        raise BadInput("report", "--accept-left-out without --final", "both for a final release, none for a draft")
    if revises is not None and not final:
        raise BadInput("report", "--revises without --final", "both to replace a final release, none for a draft")
    signed = _checker(final, checked_by)
    with progress_bar(as_json) as step:
        made = publish(
            open_study(study),
            out,
            wave=wave,
            final_by=signed,
            revises=revises,
            accept_left_out=accept_left_out,
            progress=step,
        )
    if as_json:
        print_json(made.to_json())
        return
    say("\n".join(made.lines()))


def _checker(final: bool, checked_by: str | None) -> str | None:
    if final and not (checked_by or "").strip():
        raise Refused("named checker", "a final release needs the name of who checked it", "Add --checked-by NAME.")
    if checked_by is not None and not final:
        raise BadInput("report", "--checked-by without --final", "both for a final release, none for a draft")
    return checked_by

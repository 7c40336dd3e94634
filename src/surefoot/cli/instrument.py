"""`surefoot instrument`: questionnaires in and out of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, Example, print_json, say, say_written
from surefoot.errors import BadInput

EPILOG = "Example: surefoot instrument convert ai-baseline questionnaire.xlsx"
app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Questionnaires: from and to the formats of other tools."
)


@app.callback()
def _instrument() -> None:
    """Questionnaires: from and to the formats of other tools."""


@app.command(name="convert", epilog=EPILOG)
def convert_instrument(
    source: Annotated[
        str | None,
        typer.Argument(metavar="IN", help="A TOML instrument, one of the bank, an XLSForm (.xlsx) or a .qsf file."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Argument(
            metavar="OUT", help=".toml, .xlsx (XLSForm), .tsv (LimeSurvey), .csv (blank table) or .html (to print)."
        ),
    ] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Convert a questionnaire, and say what was carried and what could not be."""
    from surefoot.questionnaires import convert
    from surefoot.questionnaires import example as write_example

    if example is not None:
        say_written(write_example(example), as_json)
        return
    if source is None or out is None:
        raise BadInput("instrument convert", "no IN and OUT", "two files; `--example DIR` writes one to try with")
    made = convert(source, out)
    if as_json:
        print_json(made.to_json())
        return
    say("\n".join(made.lines()))

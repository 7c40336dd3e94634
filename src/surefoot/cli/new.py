"""`surefoot new`: make a study folder, or preview one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, print_json, say
from surefoot.errors import BadInput

EPILOG = "Example: surefoot new our-study"


def new_study(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the study; a new one is filled.")],
    instrument: Annotated[
        str | None,
        typer.Option(
            help="An instrument of the bank, or a TOML file. Without it: ai-baseline, or inferred from --answers."
        ),
    ] = None,
    answers: Annotated[list[Path] | None, typer.Option(help="A file of answers; may be given several times.")] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="A question to break down by: its id or column header; may be given several times."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="The title of the study and its report.")] = None,
    copy_instrument: Annotated[
        bool, typer.Option("--copy-instrument", help="Write the instrument into the folder, to read or edit it there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a study folder, or preview an existing one: which breakdowns could be shown at 30, 50 and 70 % response."""
    from datetime import UTC, datetime

    from surefoot.scaffold import not_known, preview, preview_lines, scaffold
    from surefoot.study import open_study

    made = None
    if not (folder / "study.toml").exists():
        today = datetime.now(UTC).date()
        made = scaffold(
            folder,
            today=today,
            instrument=instrument,
            answers=answers or [],
            by=by or [],
            title=title,
            copy_instrument=copy_instrument,
        )
    elif instrument or answers or by or title is not None or copy_instrument:
        expected = f"a new folder, or `surefoot new {folder}` alone for its preview; edit study.toml to change it"
        raise BadInput(str(folder / "study.toml"), "a study that is there already", expected)
    study = open_study(folder)
    previews = list(preview(study)) if study.organisations else []
    if as_json:
        content = {"schema": "surefoot/preview/1", "study": str(folder), "made": made is not None}
        unsure = list(made.unsure) if made else []
        found = {"not_known": list(not_known(study)), "previews": [each.to_json() for each in previews]}
        print_json({**content, "unsure": unsure, **found})
        return
    told = f"Made {made.path}: say there who is asked, and run this command again." if made else ""
    say(told or f"Study: {study.title}")
    if made and made.unsure:
        say("Its questions are inferred. Unsure, to be mended in instrument.toml and mappings/answers.toml:")
        say("\n".join(f"  {sentence}" for sentence in made.unsure))
    say("\n".join(preview_lines(study, previews)))

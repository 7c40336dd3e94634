"""`surefoot read`: answers from the exports of survey tools."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from surefoot.cli.console import AsJson, Example, print_json, progress_bar, say, say_written
from surefoot.errors import BadInput

if TYPE_CHECKING:
    from surefoot.readers import Account

EPILOG = "Example: surefoot read export.csv --out answers.parquet"


def read_files(  # noqa: PLR0913 - one parameter an option
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="Exports of a survey tool.")] = None,
    dialect: Annotated[
        str | None, typer.Option("--as", metavar="DIALECT", help="Say the dialect; else it is sniffed.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="A mapping that was kept (TOML).")] = None,
    qsf: Annotated[
        Path | None, typer.Option(help="The questionnaire of a Qualtrics export; else one beside it with its name.")
    ] = None,
    instrument: Annotated[str | None, typer.Option(help="An instrument to read against: of the bank, or TOML.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the answers here (Parquet).")] = None,
    save_mapping: Annotated[Path | None, typer.Option(help="Write the mapping here (TOML), to edit and keep.")] = None,
    save_instrument: Annotated[Path | None, typer.Option(help="Write the instrument here (TOML).")] = None,
    keep_unfinished: Annotated[bool, typer.Option(help="Keep answers that were not finished.")] = False,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Read exports of a survey tool, and account for every row and column: read = kept + excluded."""
    from surefoot.readers import example as write_example
    from surefoot.readers import read

    if example is not None:
        say_written(write_example(example), as_json)
        return
    if not files:
        raise BadInput("read", "no file", "one or more files of answers; `--example DIR` writes some")
    if len(files) > 1 and (out or save_mapping or save_instrument):
        raise BadInput("read", f"{len(files)} files and one place to write", "one file with --out or --save-...")
    if len(files) > 1 and qsf:
        raise BadInput("read", f"{len(files)} files and one --qsf", "one file with --qsf, or a .qsf beside each")
    _check_places(files, [out, save_mapping, save_instrument])
    from surefoot.instrument import open_instrument

    asked = open_instrument(instrument) if instrument else None
    accounts: list[Account] = []
    for file in files:
        with progress_bar(as_json) as step:
            told = (lambda done, total, file=file: step(f"Reading {file.name}", done, total)) if step else None
            reading = read(
                file,
                dialect=dialect,
                mapping=mapping,
                instrument=asked,
                keep_unfinished=keep_unfinished,
                questionnaire=qsf,
                progress=told,
            )
        reading.save(out=out, mapping=save_mapping, instrument=save_instrument)
        accounts.append(reading.account)
    if as_json:
        told_as = [account.to_json() for account in accounts]
        print_json(told_as[0] if len(told_as) == 1 else {"schema": "surefoot/readings/1", "readings": told_as})
        return
    for account in accounts:
        say("\n".join(account.lines()))


def _check_places(files: Iterable[Path], places: Iterable[Path | None]) -> None:
    """Before anything is read: no file of answers is written over, and each place can be written."""
    taken = {file.resolve() for file in files}
    for place in filter(None, places):
        if place.resolve() in taken:
            raise BadInput(str(place), "a file that is read or written already", "a file of its own")
        if place.is_dir() or not place.parent.is_dir():
            found = "a folder" if place.is_dir() else "no folder to write it to"
            raise BadInput(str(place), found, "a file in a folder that is there")
        taken.add(place.resolve())

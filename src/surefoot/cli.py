"""The command line: argument parsing only. Every command is one call into the modules below; heavy ones load late."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from surefoot.errors import BadInput, Refused

if TYPE_CHECKING:
    from surefoot.readers import Account

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Surefoot: AI, where do we start? From staff answers to a decision that can be re-opened.",
)
BAD_INPUT, REFUSED = 2, 3

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines; no progress.")]
Example = Annotated[
    Path | None,
    typer.Option(
        "--example", metavar="DIR", help="Write a small working example of what this command reads, and stop."
    ),
]


def main() -> None:
    """Run the command line; bad input ends with exit code 2, a refusal by rule with 3, both with one sentence."""
    try:
        app(standalone_mode=True)
    except (BadInput, Refused) as problem:
        _end(problem)
    except OSError as problem:
        where, found = problem.filename or "output", problem.strerror or str(problem)
        _end(BadInput(str(where), found, "a place that can be read and written"))


def _end(problem: BadInput | Refused) -> NoReturn:
    typer.echo(f"surefoot: {problem}", err=True)
    sys.exit(BAD_INPUT if isinstance(problem, BadInput) else REFUSED)


def _print(text: str) -> None:
    typer.echo(text)


def _print_json(content: dict[str, Any]) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on stderr for work that takes longer than a second; none for machines."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def step(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(escape(what), total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield step


@app.command(name="new", epilog="Example: surefoot new our-study")
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

    from surefoot.scaffold import preview, preview_lines, scaffold
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
        _print_json({**content, "unsure": unsure, "previews": [each.to_json() for each in previews]})
        return
    told = f"Made {made.path}: say there who is asked, and run this command again." if made else ""
    _print(told or f"Study: {study.title}")
    if made and made.unsure:
        _print("Its questions are inferred. Unsure, to be mended in instrument.toml and mappings/answers.toml:")
        _print("\n".join(f"  {sentence}" for sentence in made.unsure))
    _print("\n".join(preview_lines(study, previews)))


@app.command(name="read", epilog="Example: surefoot read export.csv --out answers.parquet")
def read_files(
    files: Annotated[list[Path] | None, typer.Argument(metavar="FILE...", help="Exports of a survey tool.")] = None,
    dialect: Annotated[
        str | None, typer.Option("--as", metavar="DIALECT", help="Say the dialect; else it is sniffed.")
    ] = None,
    mapping: Annotated[Path | None, typer.Option(help="A mapping that was kept (TOML).")] = None,
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
        _written(write_example(example), as_json)
        return
    if not files:
        raise BadInput("read", "no file", "one or more files of answers; `--example DIR` writes some")
    if len(files) > 1 and (out or save_mapping or save_instrument):
        raise BadInput("read", f"{len(files)} files and one place to write", "one file with --out or --save-...")
    _check_places(files, [out, save_mapping, save_instrument])
    from surefoot.instrument import open_instrument

    asked = open_instrument(instrument) if instrument else None
    accounts: list[Account] = []
    for file in files:
        with _progress(as_json) as step:
            told = (lambda done, total, file=file: step(f"Reading {file.name}", done, total)) if step else None
            reading = read(
                file, dialect=dialect, mapping=mapping, instrument=asked, keep_unfinished=keep_unfinished, progress=told
            )
        reading.save(out=out, mapping=save_mapping, instrument=save_instrument)
        accounts.append(reading.account)
    if as_json:
        told_as = [account.to_json() for account in accounts]
        _print_json(told_as[0] if len(told_as) == 1 else {"schema": "surefoot/readings/1", "readings": told_as})
        return
    for account in accounts:
        _print("\n".join(account.lines()))


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


@app.command(name="report", epilog="Example: surefoot report our-study --out report")
def report_study(
    study: Annotated[Path | None, typer.Argument(metavar="STUDY", help="The study's folder.")] = None,
    out: Annotated[Path | None, typer.Option(help="The folder to write the report to.")] = None,
    wave: Annotated[str | None, typer.Option(help="The wave; the last one if none is named.")] = None,
    final: Annotated[bool, typer.Option("--final", help="Not a draft: counted as the wave's release.")] = False,
    checked_by: Annotated[str | None, typer.Option(help="Who checked the output; needed with --final.")] = None,
    accept_left_out: Annotated[
        bool, typer.Option("--accept-left-out", help="With --final: the checker knows of organisations left out.")
    ] = False,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Make the where-to-start report of a study: report.html, report.xlsx, tables/*.csv and release.json."""
    if example is not None:
        from surefoot.demo import write_programme

        _written([write_programme(example)], as_json)
        return
    if study is None or out is None:
        raise BadInput("report", "no study or no --out", "`surefoot report STUDY --out DIR`; --example writes one")
    from surefoot.publication import publish
    from surefoot.study import open_study

    if accept_left_out and not final:
        raise BadInput("report", "--accept-left-out without --final", "both for a final release, none for a draft")
    signed = _checker(final, checked_by)
    with _progress(as_json) as step:
        made = publish(
            open_study(study), out, wave=wave, final_by=signed, accept_left_out=accept_left_out, progress=step
        )
    if as_json:
        _print_json(made.to_json())
        return
    _print("\n".join(made.lines()))


def _checker(final: bool, checked_by: str | None) -> str | None:
    if final and not (checked_by or "").strip():
        raise Refused("named checker", "a final release needs the name of who checked it", "Add --checked-by NAME.")
    if checked_by is not None and not final:
        raise BadInput("report", "--checked-by without --final", "both for a final release, none for a draft")
    return checked_by


@app.command(name="trace", epilog="Example: surefoot trace figure-0123456789abcdef --in our-study")
def trace_figure(
    figure: Annotated[str, typer.Argument(metavar="ID", help="A figure's id, as reports print it.")],
    programme: Annotated[Path, typer.Option("--in", metavar="PROGRAMME", help="The folder of the programme or study.")],
    as_json: AsJson = False,
) -> None:
    """Say what a figure was made from, and make it again from the answers: equal or not."""
    from surefoot.trace import trace

    with _progress(as_json) as step:
        found = trace(figure, programme, progress=step)
    if as_json:
        _print_json(found.to_json())
        return
    _print("\n".join(found.lines()))


@app.command(name="demo", epilog="Example: surefoot demo --out demo")
def make_demo(
    out: Annotated[Path, typer.Option(help="The folder to write the demo programme and its report to.")],
    seed: Annotated[int, typer.Option(min=0, help="The seed of the simulation.")] = 2026,
    as_json: AsJson = False,
) -> None:
    """Make the demo programme (five providers, simulated answers) and its report."""
    from surefoot.demo import write_programme
    from surefoot.publication import publish
    from surefoot.study import open_study

    with _progress(as_json) as step:
        made = publish(open_study(write_programme(out, seed=seed)), out / "report", progress=step)
    if as_json:
        _print_json(made.to_json())
        return
    _print("\n".join(made.lines()))


def _written(paths: list[Path], as_json: bool) -> None:
    if as_json:
        _print_json({"schema": "surefoot/written/1", "written": [str(path) for path in paths]})
        return
    for path in paths:
        _print(f"Wrote {path}")

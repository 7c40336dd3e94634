"""The command line: argument parsing only. Every command is one call into the modules below; heavy ones load late.

One module a command. A new command is one module here and one line in `app`.
"""

from __future__ import annotations

import sys
from typing import NoReturn

import typer

from surefoot.cli import (
    backup,
    compare,
    demo,
    instrument,
    new,
    read,
    release,
    report,
    restore,
    serve,
    themes,
    trace,
    weigh,
)
from surefoot.errors import BadInput, Refused

BAD_INPUT, REFUSED = 2, 3

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Surefoot: AI, where do we start? From staff answers to a decision that can be re-opened.",
)
app.command(name="new", epilog=new.EPILOG)(new.new_study)
app.command(name="read", epilog=read.EPILOG)(read.read_files)
app.command(name="weigh", epilog=weigh.EPILOG)(weigh.weigh_study)
app.command(name="report", epilog=report.EPILOG)(report.report_study)
app.command(name="compare", epilog=compare.EPILOG)(compare.compare_study)
app.command(name="trace", epilog=trace.EPILOG)(trace.trace_figure)
app.add_typer(instrument.app, name="instrument")
app.add_typer(themes.app, name="themes")
app.add_typer(release.app, name="release")
app.command(name="serve", epilog=serve.EPILOG)(serve.serve_programme)
app.command(name="backup", epilog=backup.EPILOG)(backup.backup_programme)
app.command(name="restore", epilog=restore.EPILOG)(restore.restore_programme)
app.command(name="demo", epilog=demo.EPILOG)(demo.make_demo)


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

"""What every command shares: its options, its output, and the progress bar."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines; no progress.")]
Example = Annotated[
    Path | None,
    typer.Option(
        "--example", metavar="DIR", help="Write a small working example of what this command reads, and stop."
    ),
]


def say(text: str) -> None:
    """Print a result."""
    typer.echo(text)


def print_json(content: dict[str, Any]) -> None:
    """Print a result as one JSON object; never NaN."""
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
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


def say_written(paths: list[Path], as_json: bool) -> None:
    """Say which files were written."""
    if as_json:
        print_json({"schema": "surefoot/written/1", "written": [str(path) for path in paths]})
        return
    for path in paths:
        say(f"Wrote {path}")

"""`surefoot release`: what can be worked out from a release, by somebody who wants to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from surefoot.cli.console import AsJson, Example, print_json, progress_bar, say, say_written
from surefoot.errors import BadInput

EPILOG = "Example: surefoot release attack our-study/releases/wave-2 --with our-study/releases/wave-1"
app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Releases: try to work out what they hide.")


@app.callback()
def _release() -> None:
    """Releases: try to work out what they hide."""


@app.command(name="attack", epilog=EPILOG)
def attack_release(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A report's folder, or a wave's in `releases`.")
    ] = None,
    other: Annotated[
        Path | None, typer.Option("--with", metavar="OTHER_DIR", help="Another release of the same study.")
    ] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Try to work out hidden counts from a release alone; one that gives any away is refused (exit code 3)."""
    if example is not None:
        from surefoot.demo import write_released

        say_written([write_released(example)], as_json)
        return
    if folder is None:
        raise BadInput("release attack", "no DIR", "the folder of a release; `--example DIR` writes one to try with")
    from surefoot.release.attack import attack, withstands

    with progress_bar(as_json) as step:
        result = attack(folder, other=other, progress=step and (lambda done, total: step("Attacking", done, total)))
    if as_json:
        print_json(result.to_json())
    else:
        say("\n".join(result.lines()))
    withstands(result, str(folder))

"""`surefoot themes`: from comments to themes that people named, coded and applied."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from surefoot.cli.console import AsJson, Example, print_json, say, say_written
from surefoot.errors import BadInput

if TYPE_CHECKING:
    from surefoot.themes import Agreement
    from surefoot.themes.steps import Opened

HELP = "Comments: suggest themes, code by people, measure agreement, apply; harm goes to the safeguarding lead first."
FEW = 11
app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help=HELP)
StudyArgument = Annotated[Path | None, typer.Argument(metavar="STUDY", help="The study's folder.")]
QuestionArgument = Annotated[str | None, typer.Argument(metavar="QUESTION", help="The id of a question with comments.")]


@app.callback()
def _themes() -> None:
    """Comments: suggest themes, code by people, measure agreement, apply; harm goes to the safeguarding lead first."""


@app.command(name="suggest", epilog="Example: surefoot themes suggest our-study")
def suggest_themes(
    study: StudyArgument = None,
    question: QuestionArgument = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Suggest themes of the comments, on this machine alone, and write a codebook for a person to fill in."""
    if _example(example, as_json):
        return
    from surefoot.themes import steps

    found = [(opened, steps.suggest_themes(opened)) for opened in _opened("suggest", study, question)]
    if as_json:
        entries = [_suggested(opened, themes) for opened, themes in found]
        print_json({"schema": "surefoot/themes-suggested/1", "questions": entries})
        return
    for opened, themes in found:
        say(_said(opened))
        for theme in themes:
            say(f"  {theme.id}: {', '.join(theme.words)} ({_few(theme.size)} people)")
        if not themes:
            say(f"  Too few comments for suggestions: read them, and write {opened.folder / 'codebook.toml'} by hand.")
            continue
        say(f"  These are suggestions, not themes. Name themes in {opened.folder / 'codebook.toml'}")


@app.command(name="code", epilog="Example: surefoot themes code our-study comment --coder Ann")
def write_coding_sheet(
    study: StudyArgument = None,
    question: QuestionArgument = None,
    coder: Annotated[str | None, typer.Option(help="The name of who will code.")] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Write the coding sheet of one coder (CSV): redacted comments, to be coded with the themes of the codebook."""
    if _example(example, as_json):
        return
    from surefoot.themes import steps

    if not coder:
        raise BadInput("themes code", "no --coder", "the name of who will code")
    opened = _one("code", study, question)
    path, left = steps.prepare_sheet(opened, coder)
    if as_json:
        print_json({"schema": "surefoot/themes-sheet/1", "sheet": str(path), "to_code": _masked(left)})
        return
    many = _few(left).capitalize()
    say(f'{many} comments to code in {path}: themes in the column "themes", ; between them, or "none".')


@app.command(name="agree", epilog="Example: surefoot themes agree our-study comment")
def measure_agreement(
    study: StudyArgument = None,
    question: QuestionArgument = None,
    coder: Annotated[list[str] | None, typer.Option(help="Two coders, where there are more than two sheets.")] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Say how far two coders agree: Krippendorff's alpha, Cohen's kappa and plain agreement, for each theme."""
    if _example(example, as_json):
        return
    from surefoot.themes import CONVENTION, steps

    opened = _one("agree", study, question)
    found = steps.agreement(opened, *(coder or [])[:2])
    if as_json:
        print_json({"schema": "surefoot/agreement/1", "agreement": [_agreed(one) for one in found]})
        return
    say(f"Two coders, {_few(found[0].comments)} comments. alpha with its 95 % interval, kappa, same decision")
    for one in found:
        say(f"  {one.theme or 'all themes':<24} {_alpha(one):<24} {_number(one.kappa):<6} {one.agreement:.0%}")
    say(CONVENTION)


@app.command(name="apply", epilog="Example: surefoot themes apply our-study comment --by Ann")
def apply_themes(
    study: StudyArgument = None,
    question: QuestionArgument = None,
    by: Annotated[str | None, typer.Option(help="The name of who applies the codes.")] = None,
    coder: Annotated[str | None, typer.Option(help="Take this coder's codes, without a consensus.")] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Make the final codes of the comments, so that their themes are counted and released like any question."""
    if _example(example, as_json):
        return
    from surefoot.themes import steps

    opened = _one("apply", study, question)
    made = steps.apply_codes(opened, by=by or "", coder=coder, now=datetime.now(UTC))
    if as_json:
        content = {
            "question": f"{opened.question}-themes",
            "themes": list(made.codebook.ids),
            "comments": _masked(len(made.codes)),
        }
        print_json({"schema": "surefoot/themes-applied/1", **content, "coders": list(made.coders), "by": made.by})
        return
    many, themes = _few(len(made.codes)).capitalize(), len(made.codebook.themes)
    say(f"{many} comments are sorted by {themes} themes ({', '.join(made.coders)}).")
    say(f"`surefoot report` counts them as the question {opened.question}-themes.")
    say(f"Choose quotes in {opened.folder / 'quotes.toml'}")


@app.command(name="safeguarding", epilog="Example: surefoot themes safeguarding our-study")
def show_safeguarding(
    study: StudyArgument = None,
    read: Annotated[bool, typer.Option("--read", help="The lead signs to have read every comment.")] = False,
    hold: Annotated[list[str] | None, typer.Option(help="The id of a comment to hold back; may be repeated.")] = None,
    release: Annotated[list[str] | None, typer.Option(help="The id of a comment to release; may be repeated.")] = None,
    by: Annotated[str | None, typer.Option(help="Who reads, holds back or releases.")] = None,
    as_json: AsJson = False,
    example: Example = None,
) -> None:
    """Write every comment to a file for the safeguarding lead alone; note what was read, held back and released."""
    if _example(example, as_json):
        return
    from surefoot.themes import steps
    from surefoot.themes.collection import folder_of
    from surefoot.themes.safeguarding import FILE, unread

    opened, now = _opened("safeguarding", study, None, every=True), datetime.now(UTC)
    if hold:
        steps.hold_back(opened, hold, by=by or "", now=now)
    if release:
        steps.release_held(opened, release, by=by or "", now=now)
    if read:
        steps.read_all(opened, by=by or "", now=now)
    if hold or release or read:
        opened = _opened("safeguarding", study, None, every=True)
    place = folder_of(opened[0].study)
    held, left = sum(one.held for one in opened), sum(unread(one.collection, place) for one in opened)
    if as_json:
        content = {"file": str(place / FILE), "held_back": _masked(held), "not_read": _masked(left)}
        print_json({"schema": "surefoot/safeguarding/1", **content})
        return
    say(f"For {opened[0].study.comments.safeguarding_lead} alone: {place / FILE}")
    say(f"Not read by the lead yet: {_few(left)}. Held back: {_few(held)}.")
    say("The list of words misses most harm that is told in other words: read every comment, not only those on top.")


# What they share ----------------------------------------------------------------------------------------------------


def _example(folder: Path | None, as_json: bool) -> bool:
    """Whether an example was asked for; it is written then."""
    if folder is None:
        return False
    from surefoot.demo import write_comment_study

    say_written([write_comment_study(folder)], as_json)
    return True


def _opened(command: str, study: Path | None, question: str | None, *, every: bool = False) -> tuple[Opened, ...]:
    from surefoot.study import open_study
    from surefoot.themes.steps import open_comments

    if study is None:
        expected = f"`surefoot themes {command} STUDY`; --example writes a study to try with"
        raise BadInput(f"themes {command}", "no study", expected)
    return open_comments(open_study(study), question, every=every)


def _one(command: str, study: Path | None, question: str | None) -> Opened:
    """The comments on one question: the only one that asks for words, unless another is named."""
    found = _opened(command, study, question)
    if len(found) > 1:
        names = ", ".join(one.question for one in found)
        raise BadInput(f"themes {command}", "no QUESTION, and several with comments", f"one of {names}")
    return found[0]


def _masked(number: int) -> int | None:
    """A number for machines: null where it is some, and fewer than 11."""
    return number if not number or number >= FEW else None


def _few(number: int) -> str:
    return f"{number}" if number >= FEW else "none" if not number else f"fewer than {FEW}"


def _said(opened: Opened) -> str:
    held = f"; {_few(opened.held)} held back for the safeguarding lead" if opened.held else ""
    return f'"{opened.question}": {_few(len(opened.texts))} different comments{held}'


def _suggested(opened: Opened, themes: Any) -> dict[str, Any]:
    found = [{"id": t.id, "words": list(t.words), "size": _masked(t.size), "method": t.method} for t in themes]
    return {
        "question": opened.question,
        "comments": _masked(len(opened.texts)),
        "folder": str(opened.folder),
        "suggestions": found,
    }


def _agreed(one: Agreement) -> dict[str, Any]:
    return {
        "theme": one.theme or None,
        "comments": _masked(one.comments),
        "agreement": round(one.agreement, 3),
        "alpha": None if one.alpha is None else round(one.alpha, 3),
        "low": None if one.low is None else round(one.low, 3),
        "high": None if one.high is None else round(one.high, 3),
        "kappa": None if one.kappa is None else round(one.kappa, 3),
    }


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _alpha(one: Agreement) -> str:
    interval = "" if one.low is None or one.high is None else f" ({one.low:.2f} to {one.high:.2f})"
    return f"{_number(one.alpha)}{interval}"

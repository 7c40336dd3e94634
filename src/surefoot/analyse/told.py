"""What a release tells beside its figures: files, wordings, and groups that are in none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from surefoot.readers import Account
from surefoot.release import (
    Plan,
    Release,
)
from surefoot.study import ORGANISATION as BY_ORGANISATION

IN_NO_FIGURE = "The few people of such small groups are in no figure, so that the large groups can be shown."


def say_left_out(made: Release, rest: tuple[str, ...]) -> Release:
    """Say of small groups whose few people are in no figure that they are in none."""
    whole = {entry.group for entry in made.not_shown if entry.question is None and entry.group.breakdown in rest}
    said = tuple(replace(n, reason=IN_NO_FIGURE) if n.group in whole else n for n in made.not_shown)
    return replace(made, not_shown=said)


def told_accounts(accounts: Sequence[Account], planned: Plan) -> tuple[dict[str, object], ...]:
    """Rows read, kept and excluded by file, for the annex; nothing where an organisation is not shown.

    With a hidden organisation these counts, less those that are shown, would be its own.
    """
    if planned.left_out or any(group.breakdown == BY_ORGANISATION for group in planned.hidden):
        return ()
    return tuple(
        {
            "dialect": a.dialect,
            "file": Path(a.file).name,
            "rows": a.rows,
            "kept": a.kept,
            "excluded": dict(a.excluded),
            "duplicates": dict(a.duplicates),
            "break_offs": dict(a.break_offs),
        }
        for a in accounts
    )


def told_wordings(accounts: Sequence[Account], planned: Plan) -> dict[str, dict[str, tuple[str, ...]]]:
    """Who asked in other words than the instrument's; an organisation that is not shown is not named here either."""
    hidden = {*planned.left_out, *(group.code for group in planned.hidden if group.breakdown == BY_ORGANISATION)}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for account in accounts:
        for question in account.questions:
            for wording in question.asked_as if account.organisation not in hidden else ():
                texts = found.setdefault(question.id, {})
                texts[wording] = (*texts.get(wording, ()), account.organisation or Path(account.file).name)
    return found

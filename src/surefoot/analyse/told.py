"""What a release tells beside its figures: files, wordings, and groups that are in none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from surefoot.readers import Account
from surefoot.readers.told import each_in_words, told_one, told_rows
from surefoot.release import Plan, Release
from surefoot.study import ORGANISATION as BY_ORGANISATION

ALL_FILES = "all files"
IN_NO_FIGURE = "The few people of such small groups are in no figure, so that the large groups can be shown."


def say_left_out(made: Release, rest: tuple[str, ...]) -> Release:
    """Say of small groups whose few people are in no figure that they are in none."""
    whole = {entry.group for entry in made.not_shown if entry.question is None and entry.group.breakdown in rest}
    said = tuple(replace(n, reason=IN_NO_FIGURE) if n.group in whole else n for n in made.not_shown)
    return replace(made, not_shown=said)


def told_accounts(accounts: Sequence[Account], planned: Plan) -> tuple[dict[str, object], ...]:
    """Rows read, kept and excluded by file, for the annex; where an organisation is not shown, excluded rows of all.

    With a hidden organisation the others, less those that are shown, would be its own. None stands for fewer than 11;
    of rows read, also for a number that would tell those.
    """
    if planned.left_out or any(group.breakdown == BY_ORGANISATION for group in planned.hidden):
        out = {reason: told_one(count) for reason, count in _left_out(accounts).items()}
        whole = {"rows": None, "kept": None, "excluded": out, "duplicates": {}, "break_offs": {}}
        return ({"dialect": "", "file": ALL_FILES, **whole},) if out else ()
    return tuple(_account(account) for account in accounts)


def _account(account: Account) -> dict[str, object]:
    rows, kept, excluded = told_rows(account.kept, account.excluded)
    return {
        "dialect": account.dialect,
        "file": Path(account.file).name,
        "rows": rows,
        "kept": kept,
        "excluded": excluded,
        "duplicates": dict(account.duplicates),
        "break_offs": dict(account.break_offs),
    }


def left_out_rows(accounts: Sequence[Account]) -> dict[str, int | None]:
    """Rows of several files that went into no figure, by reason, as they may be told beside those of each file.

    None where the files in which they are few have fewer than 11 together: less the other files they would be told.
    """
    few: Counter[str] = Counter()
    for account in accounts:
        few.update({reason: count for reason, count in account.excluded.items() if told_one(count) is None})
    return {reason: None if told_one(few[reason]) is None else count for reason, count in _left_out(accounts).items()}


def left_out_in_words(accounts: Sequence[Account]) -> dict[str, str]:
    """The same in words."""
    return each_in_words(_left_out(accounts), left_out_rows(accounts))


def _left_out(accounts: Sequence[Account]) -> dict[str, int]:
    whole: Counter[str] = Counter()
    for account in accounts:
        whole.update(account.excluded)
    return {reason: count for reason, count in whole.items() if count}


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

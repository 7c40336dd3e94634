"""Which wave is analysed, the one before it, and what changed between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from surefoot.analyse.counted import Counted
from surefoot.errors import BadInput
from surefoot.estimate import Comparison, changes
from surefoot.readers import Account
from surefoot.release import (
    Release,
    kept_release,
    questions_that_differ,
    shown_alike,
)
from surefoot.responses import WAVE, Responses
from surefoot.study import ORGANISATION as BY_ORGANISATION


def chosen_wave(answers: Responses, wave: str | None) -> str:
    """The wave that is analysed: the last one unless another is named. Raises BadInput where nobody has it."""
    chosen = answers.waves[-1] if wave is None else wave
    if chosen not in answers.waves:
        raise BadInput("wave", f'"{chosen}"', f"one of {', '.join(answers.waves)}")
    return chosen


def wave_before(answers: Responses, wave: str) -> str | None:
    """The wave before this one that anybody answered, None where it is the first."""
    before = answers.waves[: answers.waves.index(wave)]
    people = np.bincount(answers.codes(WAVE), minlength=len(answers.waves))
    return next((name for place, name in reversed(list(enumerate(before))) if people[place]), None)


def since(
    made: Counted, before: Counted, earlier: Release, differing: Sequence[str]
) -> tuple[tuple[Comparison, ...], tuple[str, ...]]:
    """Every change since the wave before, and the questions that were asked otherwise then and so are not compared.

    Where that wave has a final release, only what it shows, and shows alike, is compared: to tell other numbers of it
    now would be a second release of the same people. Where other organisations answered then, only organisations are
    compared: the whole group would seem to change by who is in it.
    """
    kept = kept_release(made.study, before.wave)
    instrument = made.study.instrument
    since_then = questions_that_differ(kept, instrument) if kept else ()
    others = tuple(q.id for q in instrument.questions if q.id in {*since_then, *differing})
    alike = shown_alike(kept, earlier) if kept else frozenset(f.id for f in earlier.figures if f.shown)
    found = [figure for figure in before.comparable if figure.id in alike]
    if made.together != before.together:
        found = [figure for figure in found if figure.group.breakdown.split(".")[0] == BY_ORGANISATION]
    return changes(found, made.comparable, instrument, differing=others), others


def asked_otherwise(now: Sequence[Account], before: Sequence[Account]) -> tuple[str, ...]:
    """Questions whose words in the files of one wave are not those in the files of another, and so are not compared.

    A file without other words has the instrument's; a question that all files of a wave lack is no other question.
    """
    worded = [_words_by_question(accounts) for accounts in (now, before)]
    return tuple(name for name, texts in worded[0].items() if name in worded[1] and texts != worded[1][name])


def _words_by_question(accounts: Sequence[Account]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for account in accounts:
        for question in account.questions:
            if question.id not in account.absent:
                found.setdefault(question.id, set()).update(question.asked_as or ("",))
    return found

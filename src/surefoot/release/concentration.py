"""Group disclosure: groups in which nearly everybody answered alike, so that to know the group is to know them."""

from __future__ import annotations

import numpy as np

from surefoot.instrument import Question
from surefoot.release.incidence import Answers, Flags, Incidence, Integers
from surefoot.release.leak import residuals


def concentrated(question: Question, answers: Answers, counts: Integers) -> Flags:
    """Where one answer says too much, by group.

    counts: int array [answer, group]. In a single choice or a number, any answer of all or all but one of a group; in a
    multi or ranked question, a box ticked (a rank given) by all or all but one. An option whose absence is sensitive
    says too much where nobody chose it. A group without answers says nothing.
    """
    base = counts.sum(axis=0)
    telling = counts if question.kind in ("single", "number") else counts[1:]
    full = telling.max(axis=0, initial=0) >= base - 1
    return np.asarray((base > 0) & (full | _telling_absence(question, answers, counts)))


def _telling_absence(question: Question, answers: Answers, counts: Integers) -> Flags:
    absent = np.zeros(counts.shape[1], dtype=bool)
    for place, option in enumerate(question.options):
        if not option.sensitive_absence:
            continue
        if question.kind == "single":
            absent |= counts[place] == 0
        elif answers.item == question.items[place]:
            absent |= counts[1:].sum(axis=0) == 0
    return absent


def concentrated_rest(
    who: Incidence, question: Question, answers: Answers, shown: Flags
) -> tuple[tuple[int, Integers], ...]:
    """Derivable remainders in which one answer says too much: the shown group, and the shown groups taken from it."""
    found = []
    for outer, taken, rest in residuals(who, shown, answers.base):
        counts = answers.table[:, rest].sum(axis=1, keepdims=True)
        if len(taken) and bool(concentrated(question, answers, counts)[0]):
            found.append((outer, taken))
    return tuple(found)

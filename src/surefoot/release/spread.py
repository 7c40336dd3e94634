"""How the people of a group are spread over organisations: what shares by headcount or weight would tell of that."""

from __future__ import annotations

import numpy as np

from surefoot.estimate.sums import picks, sums
from surefoot.instrument import Question
from surefoot.release.scene import SAFE_WIDTH
from surefoot.study import ORGANISATION, Study
from surefoot.tally import SW, N, Tally

_ROUNDING = 0.005


def few_in_cells(tally: Tally, study: Study, minimum: int) -> frozenset[str]:
    """Questions that make groups, where one of these has a few people in some organisation, but not nobody.

    Where organisations count by their headcount, or people by weights, the share of such a group in everybody is no
    longer its size by all: with sizes and headcounts, which are known, it tells how it is spread over organisations.
    The question that staff are counted by is one of them, whether or not it is a breakdown: classes are joined by it.
    """
    if ORGANISATION not in tally.axes or not any(organisation.headcount for organisation in study.organisations):
        return frozenset()
    names = {name for b in study.breakdowns for name in (b.question, b.crossed_with)} | {study.headcount_by}
    return frozenset(
        question.id
        for question in study.instrument.questions
        if question.id in names and _few(tally, question, minimum)
    )


def _few(tally: Tally, question: Question, minimum: int) -> bool:
    cells = sums(tally, ORGANISATION, question, list(picks(question))).inside[N]
    return bool(((cells > 0) & (cells < minimum)).any())


def told_by_weights(tally: Tally, question: Question, minimum: int) -> bool:
    """Whether weighted shares for everybody bound a few people of some organisation too closely.

    For a question that is shown for everybody alone: each share, rounded to a whole percent, is one sum of counts by
    organisation, each times its mean weight, which may be known; nothing else is said of organisations.
    """
    chosen = list(picks(question))
    if ORGANISATION not in tally.axes or not chosen:
        return False
    found = sums(tally, ORGANISATION, question, chosen)
    count, weight = found.inside[N], found.inside[SW].astype(np.float64)
    base, people = found.base[SW].astype(np.float64), found.base[N]
    whole, few = base.sum(axis=1, keepdims=True), (count > 0) & (count < minimum)
    with np.errstate(divide="ignore", invalid="ignore"):
        each, share = weight / count, weight.sum(axis=1, keepdims=True) / whole
        most = np.minimum(people, np.floor((share + _ROUNDING) * whole / each))
        least = np.maximum(0, np.ceil(((share - _ROUNDING) * whole - (whole - base)) / each))
    return bool((few & (most - least < np.minimum(SAFE_WIDTH, people))).any())

"""Ordered scales compared across groups: the odds of a higher level in each group against all others that are shown.

Exploration, for the analyst alone: these are no Figures and no findings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from surefoot.estimate.figure import Figure, Group
from surefoot.estimate.proportional_odds import proportional_odds
from surefoot.estimate.sums import Pick, Sums, sums
from surefoot.instrument import Question
from surefoot.interval import Floats
from surefoot.study import ALL, Study
from surefoot.tally import N, Tally

FITS, DOUBTFUL, UNKNOWN = "one odds ratio fits the whole scale", "the shares differ in other ways too", "not worked out"
_ALPHA = 0.05


@dataclass(frozen=True)
class OrdinalComparison:
    """One group against all others of its breakdown, on one question with an ordered scale.

    ratio, low, high: how many times as high the odds of a higher level are, 95 %; None where the groups do not overlap.
    base: people of the group with an answer on the scale; effective_base: what they are worth after weighting. outside:
    share of the group's answers that are no level, such as "don't know enough"; outside_rest: that of the others.
    assumption: whether one odds ratio says it all, in words. misfit_p: of the test of that; None where none was made.
    """

    question: str
    group: Group
    base: int
    effective_base: float
    ratio: float | None
    low: float | None
    high: float | None
    outside: float
    outside_rest: float
    assumption: str
    misfit_p: float | None


def ordinal(
    tally: Tally,
    study: Study,
    figures: Iterable[Figure],
    *,
    by: str,
    question: str | None = None,
    minimum: int = 11,
) -> tuple[OrdinalComparison, ...]:
    """Every question with an ordered scale of at least three levels, for each group of a breakdown that is shown.

    figures: as released; they say which groups are shown for which question, and only these take part, so nothing that
    is hidden can be told. minimum: the fewest people on the scale; groups with fewer take no part. Weighted answers
    count as those of effective samples. Nothing is compared in samples in clusters: this model does not know of them.
    """
    if len(tally.units) > 1:
        return ()
    open_groups = shown_groups(figures)
    found = []
    for asked in study.instrument.questions:
        groups = open_groups.get((asked.id, by), ())
        if asked.id in (question or asked.id,) and is_ordered(asked) and len(groups) > 1:
            found += list(_of(tally, asked, by, groups, minimum))
    return tuple(found)


def shown_groups(figures: Iterable[Figure]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Codes of the groups that are shown, by question and breakdown."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for figure in figures:
        if figure.shown and figure.group.breakdown != ALL:
            found.setdefault((figure.question, figure.group.breakdown), {})[figure.group.code] = None
    return {key: tuple(codes) for key, codes in found.items()}


def is_ordered(question: Question) -> bool:
    """Whether a question has a scale of at least three levels in an order."""
    if question.kind != "single" or question.scale is None or question.derived:
        return False
    ordered = question.scale.ordered or question.scale.has_sides
    return ordered and len({o.position for o in question.options if o.position is not None}) >= 3


def _of(
    tally: Tally, question: Question, by: str, groups: Collection[str], minimum: int
) -> Iterator[OrdinalComparison]:
    levels, outside = (sums(tally, by, question, chosen) for chosen in (_levels(question), _outside(question)))
    enough = levels.base[N][0] >= minimum
    places = {name: p for p, name in enumerate(tally.axes[by].labels) if name in groups and enough[p]}
    if len(places) < 2:
        return
    for label, place in places.items():
        others = tuple(other for other in places.values() if other != place)
        pair = [levels.merged((place,)), levels.merged(others)]
        beside = [float(outside.merged(which).share[0, 0]) for which in ((place,), others)]
        yield _compared(question, Group(by, label), pair, beside)


def _levels(question: Question) -> tuple[Pick, ...]:
    """One pick for each level, lowest first; the base is all levels."""
    positions = sorted({o.position for o in question.options if o.position is not None})
    codes = [tuple(c for c, o in enumerate(question.options) if o.position == p) for p in positions]
    base = tuple(code for level in codes for code in level)
    return tuple(Pick("", question.id, level, base) for level in codes)


def _outside(question: Question) -> tuple[Pick, ...]:
    codes = question.scale.off_scale_codes if question.scale is not None else ()
    return (Pick("", question.id, codes),)


def _compared(question: Question, group: Group, pair: Sequence[Sums], beside: Sequence[float]) -> OrdinalComparison:
    counts = np.stack([_effective(part) for part in pair])
    fitted = proportional_odds(counts) if (counts.sum(axis=1) > 0).all() else None
    ratio, low, high = fitted.interval() if fitted is not None else (None, None, None)
    misfit = fitted.misfit_p if fitted is not None else None
    return OrdinalComparison(
        question=question.id,
        group=group,
        base=int(pair[0].base[N][0, 0]),
        effective_base=float(pair[0].effective_base[0, 0]),
        ratio=ratio,
        low=low,
        high=high,
        outside=beside[0],
        outside_rest=beside[1],
        assumption=UNKNOWN if misfit is None else FITS if misfit >= _ALPHA else DOUBTFUL,
        misfit_p=misfit,
    )


def _effective(part: Sums) -> Floats:
    """Counts by level of the effective sample."""
    return np.asarray(np.nan_to_num(part.share[:, 0]) * part.effective_base[:, 0])

"""Comparisons: organisations in the planned family, and answers of one question against each other.

Comparisons between groups never use the finite population correction: two groups of staff differ by chance even where
everybody answered, and with the correction null studies would show a difference in most cases.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from surefoot.estimate.design import comparing
from surefoot.estimate.effective import effective_sizes
from surefoot.estimate.figure import NET, Comparison, Figure, Group
from surefoot.estimate.linear import measure
from surefoot.estimate.sums import joint_selector
from surefoot.instrument import Planned, Question
from surefoot.interval import Floats, Interval, bonett_price, holm, reach_of_difference, wilson, z_value
from surefoot.study import Study
from surefoot.tally import SW, Integers, Tally

PLANNED, PAIRS, AREAS = "planned", "pairs", "areas"
PERMUTATIONS = 1999
POWER = 0.8


@dataclass(frozen=True)
class _Planned:
    """Counts behind one planned comparison: people who count as +1 and -1, and all, by group.

    They are counts of effective samples, so they need not be whole: weighted shares, of as many people of equal weight
    as say as much as the group does. With equal weights they are the people.
    """

    plan: Planned
    groups: tuple[Group, ...]
    plus: Floats
    minus: Floats
    n: Floats
    figures: tuple[str, ...]


def compare(
    tally: Tally, study: Study, figures: Sequence[Figure], *, wave: str = "1", hidden: Sequence[object] = ()
) -> tuple[Comparison, ...]:
    """All planned comparisons with their pairs, and the order of the areas of most immediate use.

    hidden: groups, and (group, question) pairs, that will not be released; they take part in no comparison. A planned
    comparison with fewer than two groups left stays in the family with p None, so that the family never shrinks with
    the answers.
    """
    planned = [_planned(tally, study, plan, figures, set(hidden)) for plan in study.instrument.planned]
    made = [part for part in planned if part is not None]
    tests = [_homogeneity(part, wave, len(made)) for part in made]
    family = _adjusted(tests)
    pairs = [pair for part in made for pair in _pairs(part, wave)]
    return (*family, *pairs, *_areas(study, figures, wave, set(hidden)))


def _adjusted(tests: Sequence[Comparison]) -> list[Comparison]:
    """Holm over the whole family: a test that could not be made counts as one that found nothing."""
    adjusted = holm([1.0 if test.p is None else test.p for test in tests])
    pairs = zip(tests, adjusted, strict=True)
    return [replace(test, p_adjusted=None if test.p is None else float(p)) for test, p in pairs]


def _planned(
    tally: Tally, study: Study, plan: Planned, figures: Sequence[Figure], hidden: set[object]
) -> _Planned | None:
    if plan.by not in tally.axes:
        return None
    question = study.instrument[plan.question]
    weights = tally.answers(plan.by, plan.question)[SW]
    of = _figures_of(figures, plan)
    groups = [Group(plan.by, label) for label in tally.axes[plan.by].labels]
    scored = _scored(question, plan)
    scores = {code: score for codes, score in zip(scored, (1.0, -1.0), strict=True) for code in codes}
    scoring = measure(tally, question, question.id, scores)
    sizes = effective_sizes(tally, plan.by, scoring, comparing(tally, study))
    kept = [
        place
        for place, group in enumerate(groups)
        if sizes[place] > 0 and group in of and group not in hidden and (group, question.id) not in hidden
    ]
    n = sizes[kept]
    plus, minus = (weights[kept][:, list(codes)].sum(axis=1) for codes in scored)
    scale = n / weights[kept].sum(axis=1)
    ids = tuple(of[groups[place]].id for place in kept)
    return _Planned(plan, tuple(groups[place] for place in kept), plus * scale, minus * scale, n, ids)


def _scored(question: Question, plan: Planned) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Codes that count as plus and as minus one."""
    if question.scale is None:
        return (), ()
    if plan.options:
        return tuple(question.scale.option_ids.index(option) for option in plan.options), ()
    return question.scale.codes(1), question.scale.codes(-1)


def _figures_of(figures: Sequence[Figure], plan: Planned) -> dict[Group, Figure]:
    """The figure that a planned comparison compares, by group."""
    kind, selector = ("share", joint_selector(plan.options)) if plan.options else (NET, "")
    wanted = (f for f in figures if (f.kind, f.question, f.selector) == (kind, plan.question, selector))
    return {f.group: f for f in wanted if f.group.breakdown == plan.by}


# All groups at once -----------------------------------------------------------------------------------------------


def _homogeneity(part: _Planned, wave: str, tests: int) -> Comparison:
    """Permutation chi-square on the scores: shuffle people over groups of fixed sizes, compare the spread of means.

    With weights the people are those of the effective samples, rounded to whole ones.
    """
    enough = len(part.groups) >= 2
    return Comparison(
        family=PLANNED,
        method=f"permutation chi-square, {PERMUTATIONS} permutations; Holm over the planned family",
        question=part.plan.question,
        wave=wave,
        groups=part.groups,
        figures=part.figures,
        p=permutation_p(*whole_people(part.plus, part.minus, part.n)) if enough else None,
        smallest_found=_smallest_found(part, tests) if enough else None,
        selectors=part.plan.options,
    )


def whole_people(plus: Floats, minus: Floats, n: Floats) -> tuple[Integers, Integers, Integers]:
    """Counts of effective samples as whole people by score, no more of one score than of all: plus, minus and n."""
    people = np.maximum(1, np.rint(n)).astype(np.int64)
    up, down = (np.rint(side / n * people).astype(np.int64) for side in (plus, minus))
    return up, np.minimum(down, people - up), people


def permutation_p(
    plus: Integers, minus: Integers, n: Integers, *, permutations: int = PERMUTATIONS, seed: int = 1
) -> float:
    """P value of equal means of scores (+1, 0, -1) in all groups, by permutation of people over groups.

    plus, minus, n: people by group. The seed is fixed, so that the same answers always give the same words.
    Source: Good 2005, Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd edition, chapter 3.
    """
    rng = np.random.default_rng(seed)
    left = np.tile(np.array([plus.sum(), minus.sum(), (n - plus - minus).sum()]), (permutations, 1))
    spreads = np.zeros(permutations)
    overall = (plus.sum() - minus.sum()) / n.sum()
    for size in n:
        drawn = _draw(rng, left, int(size))
        left = left - drawn
        spreads += size * ((drawn[:, 0] - drawn[:, 1]) / size - overall) ** 2
    seen = float((n * ((plus - minus) / n - overall) ** 2).sum())
    return float((1 + (spreads >= seen - 1e-9).sum()) / (permutations + 1))


def _draw(rng: np.random.Generator, left: Integers, size: int) -> Integers:
    """One group's people by score in every permutation, drawn without replacement from those who are left."""
    first = rng.hypergeometric(left[:, 0], left[:, 1] + left[:, 2], size)
    second = rng.hypergeometric(left[:, 1], left[:, 2], size - first)
    return np.stack([first, second, size - first - second], axis=1)


def _smallest_found(part: _Planned, tests: int) -> float:
    """The gap of one organisation of middling size from all others that the test would find with 80 % power.

    The test is taken at the level of Holm's first step over the planned family, and as a chi-square with as many
    degrees of freedom as groups less one; its noncentrality is n_g (1 - n_g / n) gap^2 / variance.
    Source: Cohen 1988, Statistical Power Analysis for the Behavioral Sciences, 2nd edition, chapter 8.
    """
    from scipy.special import chdtri, chndtrinc

    n, size = float(part.n.sum()), float(np.median(part.n))
    up, down = part.plus.sum() / n, part.minus.sum() / n
    variance = up + down - (up - down) ** 2
    freedom = len(part.groups) - 1
    noncentrality = float(chndtrinc(chdtri(freedom, 0.05 / max(1, tests)), freedom, 1 - POWER))
    return float(np.sqrt(noncentrality * variance / (size * (1 - size / n))))


def _pair_level(part: _Planned) -> float:
    return 1 - 0.05 / max(1, len(part.groups) * (len(part.groups) - 1) // 2)


def _pairs(part: _Planned, wave: str) -> Iterator[Comparison]:
    """Simultaneous (Bonferroni) intervals of the difference of every pair, by the method of variance estimates
    recovery."""
    if len(part.groups) < 2:
        return
    level = _pair_level(part)
    each, name = _each(part, level), "Wilson" if part.plan.options else "Bonett-Price"
    for a, b in itertools.combinations(range(len(part.groups)), 2):
        gap = float(each.value[a] - each.value[b])
        below, above = reach_of_difference(*(Interval(each.value[k], each.low[k], each.high[k]) for k in (a, b)))
        yield Comparison(
            family=PAIRS,
            method=f"MOVER of {name} intervals, simultaneous by Bonferroni",
            question=part.plan.question,
            wave=wave,
            groups=(part.groups[a], part.groups[b]),
            figures=(part.figures[a], part.figures[b]),
            difference=gap,
            low=gap - float(below),
            high=gap + float(above),
            selectors=part.plan.options,
        )


def _each(part: _Planned, level: float) -> Interval:
    """Each group's own interval: of a net by Bonett and Price, of a share by Wilson.

    For shares the combination of two is method 10 of Newcombe 1998, Statistics in Medicine 17, 873-890.
    """
    if part.plan.options:
        return wilson(np.minimum(part.plus, part.n), part.n, level=level)
    return bonett_price(part.plus, part.minus, part.n, level=level)


# Answers of one question ------------------------------------------------------------------------------------------


def _areas(study: Study, figures: Sequence[Figure], wave: str, hidden: set[object]) -> Iterator[Comparison]:
    """Every two options of the question on the area of most immediate use, compared within the same people."""
    for question in study.instrument.measuring("most-immediate-use"):
        if Group() in hidden or (Group(), question.id) in hidden:
            continue
        shares = [
            f for f in figures if f.question == question.id and f.kind == "share" and f.group == Group() and f.shown
        ]
        named = [f for f in shares if not _is_no_area(question, f.selector)]
        yield from _adjusted([_paired(a, b, wave) for a, b in itertools.combinations(named, 2)])


def _is_no_area(question: Question, selector: str) -> bool:
    """Answers that name no area ("none", "other", "I don't know") are never first."""
    option = next((o for o in question.options if o.id == selector), None)
    return option is None or option.position is None


def _paired(a: Figure, b: Figure, wave: str) -> Comparison:
    """The difference of two shares of one question in the same people: Bonett and Price, on the effective sample."""
    n = min(_effective(a), _effective(b))
    plus, minus = (a.value or 0.0) * n, (b.value or 0.0) * n
    everybody = all(f.low is not None and f.low == f.high for f in (a, b))
    made = bonett_price([plus], [minus], [n], n_eff=[np.inf] if everybody else None)
    gap, half = float(made.value[0]), float(made.high[0] - made.low[0]) / 2
    error = half / z_value(0.95)
    centre = (float(made.high[0]) + float(made.low[0])) / 2
    return Comparison(
        family=AREAS,
        method="Bonett-Price interval of paired shares; Holm over all pairs of areas",
        question=a.question,
        wave=wave,
        groups=(a.group,),
        figures=(a.id, b.id),
        difference=gap,
        low=float(made.low[0]),
        high=float(made.high[0]),
        p=2 * (1 - NormalDist().cdf(abs(centre) / error)) if error > 0 else float(gap == 0),
        selectors=(a.selector, b.selector),
    )


def _effective(figure: Figure) -> float:
    """The sample size that gives the figure's own interval, so that strata and finite populations carry over."""
    if figure.value is None or figure.low is None or figure.high is None or figure.high <= figure.low:
        return float(figure.base)
    half, p = (figure.high - figure.low) / 2, min(max(figure.value, 0.02), 0.98)
    return max(float(figure.base) * 0.5, z_value(figure.level) ** 2 * p * (1 - p) / half**2)

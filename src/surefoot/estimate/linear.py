"""Estimates as ratios of weighted sums, with the sums of scores from which a design gives their variance.

The score of a person of weight w and value v is w (v - estimate) / W, W being the weight of the base: estimates move
by about that much if she is there or not (linearisation; Woodruff 1971, Journal of the American Statistical Association
66, 411-414).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surefoot.estimate.design import Design
from surefoot.instrument import Question
from surefoot.interval import Floats
from surefoot.responses import MISSING, Missing
from surefoot.tally import SW, Integers, N, Tally, missing_place, squares_of

Groups = Sequence[tuple[int, ...]]
"""Groups as places on an axis; several places are one group together."""


@dataclass(frozen=True)
class Measure:
    """What is averaged: the value of each code of an item, and which codes are in the base; one array entry a code."""

    item: str
    values: Floats
    base: Floats


def measure(
    tally: Tally, question: Question, item: str, values: dict[int, float], base: Sequence[int] | None = None
) -> Measure:
    """The mean of the values of codes; codes without a value count as 0.

    base: the codes that are in the base, where that is not every answer. In multi and ranked questions an unticked box
    is in it.
    """
    axis = tally.items[item]
    answers = range(len(axis) - len(MISSING)) if base is None else base
    inside, scores = np.zeros(len(axis)), np.zeros(len(axis))
    inside[list(answers)] = 1.0
    if question.kind in ("multi", "ranked"):
        inside[missing_place(Missing.UNTICKED)] = 1.0
    scores[list(values)] = list(values.values())
    return Measure(item, scores * inside, inside)


def number_measure(tally: Tally, question: Question) -> Measure:
    """The mean of a number, in its own unit: the distinct values are the codes."""
    labels = tally.items[question.id].labels[: -len(MISSING)]
    values = {place: int(label) / 10.0**question.decimals for place, label in enumerate(labels)}
    return measure(tally, question, question.id, values)


@dataclass(frozen=True)
class Linear:
    """Estimates of one quantity in several groups; arrays [group], and [unit, group] for sums of scores.

    value: the estimate, NaN without a base. spread: the weighted variance of values about it. totals, squares: sums of
    scores and of their squares. people: of the base, unweighted. weight: of the base, in steps of the scale.
    effective: the effective base by the weights alone, (sum w)^2 / sum w^2.
    """

    value: Floats
    spread: Floats
    totals: Floats
    squares: Floats
    people: Integers
    weight: Floats
    effective: Floats

    def with_group(self, place: int, other: Linear) -> Linear:
        """The same with the estimate of one group taken from another, which has that group alone."""
        changed = {}
        for name in ("value", "spread", "totals", "squares", "people", "weight", "effective"):
            changed[name] = np.array(getattr(self, name), copy=True)
            changed[name][..., place] = getattr(other, name)[..., 0]
        return Linear(**changed)

    def variance(self, design: Design) -> Floats:
        """The variance of the estimates under a design, by group."""
        return design.variance(self.totals, self.squares)

    def standard_error(self, design: Design) -> Floats:
        """The standard error of the estimates under a design, by group."""
        return np.asarray(np.sqrt(self.variance(design)))

    def freedom(self, design: Design) -> Integers:
        """Degrees of freedom by group: clusters (or people) less strata, of those in the base."""
        return design.freedom(self.people)

    def design_effect(self, design: Design, weight_scale: int, *, replace: bool = False) -> Floats:
        """The variance over that of a simple random sample of as many people, drawn from as many as the weights say.

        replace: over that of a sample from an endless population. Source: svymean of R survey, deff.
        """
        n, population = self.people.sum(axis=0), self.weight / weight_scale
        with np.errstate(divide="ignore", invalid="ignore"):
            simple = self.spread / (n - 1) * (1.0 if replace else (population - n) / population)
            return np.asarray(self.variance(design) / simple)


def measured(tally: Tally, grouping: str, of: Measure, groups: Groups | None = None) -> Linear:
    """The mean of a measure in each group of a grouping. groups: places that form one group together."""
    table = _merged(tally.tables[grouping, of.item], groups)
    n, weight, square = table[N], table[SW].astype(np.float64), squares_of(table)
    base = (weight @ of.base).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (weight @ of.values).sum(axis=0) / base
        spread = (weight @ of.values**2).sum(axis=0) / base - value**2
        totals = (weight @ of.values - value * (weight @ of.base)) / base
        moments = [square @ part for part in (of.values**2, of.values, of.base)]
        squares = (moments[0] - 2 * value * moments[1] + value**2 * moments[2]) / base**2
        effective = base**2 / moments[2].sum(axis=0)
    people = (n @ of.base).astype(np.int64)
    spread, totals, squares = (np.nan_to_num(part) for part in (np.maximum(spread, 0), totals, np.maximum(squares, 0)))
    return Linear(value, spread, totals, squares, people, base, np.nan_to_num(effective))


def _merged(table: Integers, groups: Groups | None) -> Integers:
    if groups is None:
        return table
    return np.stack([table[:, :, list(places)].sum(axis=2) for places in groups], axis=2)


def combined(parts: Linear, shares: Sequence[float]) -> Linear:
    """Estimates of separate groups as one: their mean by known shares of the population, which sum to one.

    This is the post-stratified mean, and its variance that of residuals by post-stratum. A group without a base must
    have no share. Source: Särndal, Swensson and Wretman 1992, section 7.6; postStratify of R survey.
    """
    a = np.asarray(shares, dtype=np.float64)
    value, used = np.where(a > 0, parts.value, 0.0), a > 0
    mean = float((a * value).sum())
    apart = float((a * (parts.spread + np.where(used, value - mean, 0.0) ** 2)).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = 1.0 / np.where(used, a**2 / parts.effective, 0.0).sum()
    return Linear(
        value=np.array([mean]),
        spread=np.array([apart]),
        totals=(a * parts.totals).sum(axis=1, keepdims=True),
        squares=(a**2 * parts.squares).sum(axis=1, keepdims=True),
        people=parts.people[:, used].sum(axis=1, keepdims=True),
        weight=np.array([float(parts.weight[used].sum())]),
        effective=np.array([effective if np.isfinite(effective) else 0.0]),
    )


def raked(
    tally: Tally,
    grouping: str,
    of: Measure,
    margins: Sequence[Integers],
    *,
    last: Sequence[Floats] = (),
    rounds: int = 10,
) -> Linear:
    """The mean of a measure over everybody, where weights were raked, so that margins are known and add no error.

    grouping: all margins crossed. margins: for each, the class of every cell of that grouping. last: for each margin,
    the weight that a cell has in the end over that after the last fit to this margin; 1 where raking went on until
    nothing changed. Scores are taken from their mean in each class of each margin in turn, for some rounds.
    Source: Deville, Särndal and Sautory 1993, Journal of the American Statistical Association 88, 1013-1020; the order
    of steps and the plain means are those of svyrecvar of R survey.
    """
    whole = measured(tally, grouping, of, [tuple(range(len(tally.axes[grouping])))])
    table = tally.tables[grouping, of.item]
    weight, square, n = table[SW].astype(np.float64), squares_of(table), table[N].sum(axis=0).astype(np.float64)
    scores = (of.values - float(whole.value[0]) * of.base) / float(whole.weight[0])
    centre, people = np.zeros(len(n)), n.sum(axis=1)
    for _ in range(rounds):
        for margin, ratio in zip(margins, last or [np.ones(len(n))] * len(margins), strict=True):
            left = ratio * (n @ scores - people * centre)
            mean = np.bincount(margin, left) / np.maximum(np.bincount(margin, people), 1)
            centre = centre + mean[margin] / ratio
    apart = scores[None, :] - centre[:, None]
    totals = (weight * apart).sum(axis=(1, 2))[:, None]
    return Linear(
        whole.value,
        whole.spread,
        totals,
        (square * apart**2).sum(axis=(1, 2))[:, None],
        whole.people,
        whole.weight,
        whole.effective,
    )

"""Two ways to an interval: of people who were all asked, by their weights alone, and of a sample drawn by a design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from surefoot.estimate.design import NO_DESIGN, Design, answered_only, design_of
from surefoot.estimate.designed import designed, measures, net_measure
from surefoot.estimate.frame import Stratum
from surefoot.estimate.linear import number_measure
from surefoot.estimate.scope import Scope, Scopes, boost_of
from surefoot.estimate.sums import Pick, Sums, sums
from surefoot.instrument import Question
from surefoot.interval import Floats, Interval, bonett_price, mover, wilson_from_share, z_value
from surefoot.responses import MISSING
from surefoot.study import ORGANISATION
from surefoot.tally import SW, Integers, N, squares_of


@dataclass(frozen=True)
class Made:
    """What a way gives: the effective base by group (and pick), and the interval of any level."""

    effective_base: Floats
    interval: Callable[[float], Interval]


class Way(Protocol):
    """A way to the intervals of the shares, the net and the mean of a question in every group of a scope."""

    def shares(self, scope: Scope, question: Question, chosen: Sequence[Pick], whole: Sums) -> Made:
        """Intervals of several shares, [pick, group]."""

    def net(self, scope: Scope, question: Question, both: Sequence[Pick], whole: Sums) -> Made:
        """The interval of the difference of two shares, [1, group]."""

    def mean(self, scope: Scope, question: Question) -> Made:
        """The interval of the mean of a number, [1, group]."""


def way_of(scopes: Scopes) -> Way:
    """The way for a tally: by design where its people were drawn in strata or clusters."""
    if scopes.tally.units == NO_DESIGN:
        return ByWeights(scopes)
    return ByDesign(scopes, design_of(scopes.tally, scopes.study))


# Everybody was asked ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ByWeights:
    """Effective bases by Kish, organisations combined by the method of variance estimates recovery."""

    scopes: Scopes

    def shares(self, scope: Scope, question: Question, chosen: Sequence[Pick], whole: Sums) -> Made:
        """Wilson's interval at the effective base."""

        def of(level: float) -> Callable[[Sums, Floats | float], Interval]:
            return lambda sums_of, boost: wilson_from_share(
                sums_of.share, boosted(sums_of.effective_base, boost), level=level
            )

        return Made(whole.effective_base, self._combined(scope, question, chosen, whole, of))

    def net(self, scope: Scope, question: Question, both: Sequence[Pick], whole: Sums) -> Made:
        """Bonett and Price's interval at the effective base."""

        def of(level: float) -> Callable[[Sums, Floats | float], Interval]:
            return lambda sides, boost: _net(sides, boost, level)

        return Made(whole.effective_base, self._combined(scope, question, both, whole, of))

    def mean(self, scope: Scope, question: Question) -> Made:
        """A normal interval, SE^2 = (1 - fraction) n/(n-1) sum w^2 (y - mean)^2 / W^2; equals svymean of R survey."""
        cells = self.scopes.tally.answers(scope.grouping, question.id)
        labels = self.scopes.tally.items[question.id].labels[: -len(MISSING)]
        values = np.array([int(label) for label in labels]) / 10.0**question.decimals
        mean, error, effective = _mean(cells, values, scope.fraction)
        return Made(
            effective, lambda level: Interval(mean, mean - z_value(level) * error, mean + z_value(level) * error)
        )

    def _combined(
        self,
        scope: Scope,
        question: Question,
        chosen: Sequence[Pick],
        whole: Sums,
        of: Callable[[float], Callable[[Sums, Floats | float], Interval]],
    ) -> Callable[[float], Interval]:
        """Pooled estimates, replaced by stratified ones for the groups that have strata."""
        organisations = sums(self.scopes.tally, ORGANISATION, question, chosen) if any(scope.strata) else None
        reached = self.scopes.reached(ORGANISATION, question) if organisations else scope.reached

        def interval(level: float) -> Interval:
            part, made = of(level), of(level)(whole, scope.boost)
            if organisations is None:
                return made
            each: Callable[[Stratum], Interval] = lambda stratum: part(  # noqa: E731
                organisations.merged(stratum.places), _stratum_boost(stratum, reached)
            )
            return _stratified(scope, made, each, organisations)

        return interval


def _stratified(scope: Scope, pooled: Interval, part: Callable[[Stratum], Interval], organisations: Sums) -> Interval:
    parts = [np.array(values, copy=True) for values in (pooled.value, pooled.low, pooled.high)]
    for place, strata in enumerate(scope.strata):
        asked = [s for s in strata if organisations.merged(s.places).base[N].min() > 0]
        if not asked:
            continue
        pieces = [part(stratum) for stratum in asked]
        total = sum(stratum.weight for stratum in asked)
        stacked = Interval(*(np.stack([getattr(p, name) for p in pieces]) for name in ("value", "low", "high")))
        combined = mover(stacked, [stratum.weight / total for stratum in asked])
        for array, values in zip(parts, (combined.value, combined.low, combined.high), strict=True):
            array[..., place] = values[..., 0]
    return Interval(*parts)


def _stratum_boost(stratum: Stratum, reached: Floats) -> Floats:
    """The finite population correction of a stratum. reached: of the organisations, as in `Scope`."""
    return boost_of(np.array(stratum.headcount), np.array(reached[list(stratum.places)].sum()))


def boosted(size: Floats, boost: Floats | float) -> Floats:
    """An effective sample size after the finite population correction; nobody stays nobody, even in a census."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(size > 0, size * boost, 0.0))


def _net(sides: Sums, boost: Floats | float, level: float) -> Interval:
    """Positive minus negative share; the counts are those of an effective sample. One row for the pair of picks."""
    plus, minus = sides.inside[SW]
    n_eff = boosted(sides.effective_base[0], boost)
    made = bonett_price(plus, minus, sides.base[SW, 0], n_eff=n_eff, level=level)
    return Interval(made.value[None], made.low[None], made.high[None])


def _mean(cells: Integers, values: Floats, fraction: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean of a number in every group, its standard error, and the effective base. cells: [lane, group, value]."""
    weight, squares, n = cells[SW].sum(axis=1), squares_of(cells), cells[N].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (cells[SW] * values).sum(axis=1) / weight
        spread = (squares * (values[None, :] - mean[:, None]) ** 2).sum(axis=1)
        error = np.where(fraction < 1, np.sqrt((1 - fraction) * n / (n - 1) * spread) / weight, 0.0)
        effective = np.nan_to_num(weight.astype(float) ** 2 / squares.sum(axis=1))
    return mean, error, effective


# People were drawn in strata or clusters --------------------------------------------------------------------------


@dataclass(frozen=True)
class ByDesign:
    """Effective bases by the variance that the design gives; organisations combined in the estimate itself."""

    scopes: Scopes
    design: Design

    def _for(self, question: Question) -> Design:
        return answered_only(self.design, self.scopes.tally, question)

    def shares(self, scope: Scope, question: Question, chosen: Sequence[Pick], whole: Sums) -> Made:
        """Wilson's interval at the effective size of each share."""
        tally = self.scopes.tally
        made = designed(tally, self._for(question), scope.grouping, scope.strata, measures(tally, question, chosen))
        return Made(made.effective, made.shares)

    def net(self, scope: Scope, question: Question, both: Sequence[Pick], whole: Sums) -> Made:
        """Bonett and Price's interval at the effective size of the net."""
        tally, design = self.scopes.tally, self._for(question)
        made = designed(tally, design, scope.grouping, scope.strata, [net_measure(tally, question, both)])
        sides = designed(tally, design, scope.grouping, scope.strata, measures(tally, question, both)).value
        return Made(made.effective, lambda level: made.net(sides[0], sides[1], level))

    def mean(self, scope: Scope, question: Question) -> Made:
        """Student's interval with the degrees of freedom of the design; groups are pooled."""
        tally = self.scopes.tally
        made = designed(tally, self._for(question), scope.grouping, (), [number_measure(tally, question)])

        def interval(level: float) -> Interval:
            found = made.mean(level)
            return Interval(found.value[0], found.low[0], found.high[0])

        return Made(made.effective[0], interval)

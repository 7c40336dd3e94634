"""Figures of samples drawn in strata and clusters: estimates by group, and the people that their precision is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surefoot.estimate.design import Design
from surefoot.estimate.frame import Stratum
from surefoot.estimate.linear import Linear, Measure, combined, measure, measured
from surefoot.estimate.sums import Pick
from surefoot.instrument import Question
from surefoot.interval import Floats, Interval, adjusted_for_freedom, bonett_price, t_interval, wilson_from_share
from surefoot.study import ORGANISATION
from surefoot.tally import Tally

TINY = 1e-12
NEXT_TO_NOTHING = 1e-9
"""The effective size of a group that lies in one cluster: its interval is everything that is possible."""


@dataclass(frozen=True)
class Designed:
    """Estimates of several quantities of one question in every group: arrays [quantity, group].

    effective: what their precision is worth in people of a simple random sample without finite population correction,
    at most the effective base by the weights alone. boost: that correction. people: unweighted, of the base. freedom:
    degrees of freedom.
    """

    value: Floats
    error: Floats
    effective: Floats
    boost: Floats
    people: Floats
    freedom: Floats

    def size(self, level: float) -> Floats:
        """The effective sample size for an interval of a level: corrected, and smaller with few degrees of freedom."""
        with np.errstate(invalid="ignore"):
            size = self.effective * self.boost
        adjusted = adjusted_for_freedom(np.where(np.isfinite(size), size, 0.0), self.people, self.freedom, level=level)
        some = np.where(self.effective > 0, np.maximum(adjusted, NEXT_TO_NOTHING), 0.0)
        return np.where(np.isinf(size), np.inf, some)

    def shares(self, level: float) -> Interval:
        """Wilson's interval at the effective sample size."""
        return wilson_from_share(self.value, self.size(level), level=level)

    def net(self, plus: Floats, minus: Floats, level: float) -> Interval:
        """Bonett and Price's interval of the first quantity, the net of two shares, at the effective size."""
        value, size = self.value[:1], self.size(level)[:1]
        made = bonett_price(plus, minus, np.ones_like(plus), n_eff=size[0], level=level)
        low, high = np.minimum(made.low, value), np.maximum(made.high, value)
        return Interval(value, np.where(np.isinf(size), value, low), np.where(np.isinf(size), value, high))

    def mean(self, level: float) -> Interval:
        """Student's interval of the first quantity; NaN bounds without degrees of freedom."""
        known = (self.freedom[0] > 0) | np.isinf(self.boost[0])
        made = t_interval(self.value[0], np.where(known, self.error[0], np.nan), self.freedom[0], level=level)
        return Interval(made.value[None], made.low[None], made.high[None])


def designed(
    tally: Tally, design: Design, grouping: str, strata: Sequence[Sequence[Stratum]], of: Sequence[Measure]
) -> Designed:
    """Estimates of some measures by group; a group with strata is combined from them by what each weighs.

    Where a share is 0 or 1, or all clusters have the same, their sums show no variance: then the largest design effect
    of the other quantities stands in. Source: Korn and Graubard 1998, Survey Methodology 24, 193-201.
    """
    made = [_by_group(tally, grouping, strata, each) for each in of]
    plain = design.uncorrected()
    variance, endless = (np.stack([each.variance(d) for each in made]) for d in (design, plain))
    spread, by_weight = (np.stack([getattr(each, name) for each in made]) for name in ("spread", "effective"))
    known = (endless > TINY * np.maximum(spread, TINY)) & (spread > TINY)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = np.where(known, by_weight * endless / np.where(known, spread, 1.0), 0.0)
        boost = np.where(known, endless / variance, 1 / _left(design, made))
    effect = np.maximum(np.where(known, effect, effect.max(axis=0, initial=0.0)), 1.0)
    return Designed(
        value=np.stack([each.value for each in made]),
        error=np.sqrt(variance),
        effective=by_weight / effect,
        boost=boost,
        people=np.stack([each.people.sum(axis=0) for each in made]).astype(np.float64),
        freedom=np.stack([each.freedom(design) for each in made]).astype(np.float64),
    )


def _by_group(tally: Tally, grouping: str, strata: Sequence[Sequence[Stratum]], of: Measure) -> Linear:
    """Estimates of one measure by group: pooled, or combined from strata of organisations where a group has some."""
    pooled = measured(tally, grouping, of)
    for place, members in enumerate(strata):
        parts = measured(tally, ORGANISATION, of, [stratum.places for stratum in members]) if members else None
        if parts is None or not bool((parts.weight > 0).any()):
            continue
        weights = np.where(parts.weight > 0, [stratum.weight for stratum in members], 0.0)
        if weights.sum() > 0:
            pooled = pooled.with_group(place, combined(parts, weights / weights.sum()))
    return pooled


def _left(design: Design, made: Sequence[Linear]) -> Floats:
    """The part of the variance that the finite population corrections leave, on average over people in the base."""
    left = 1 - design.fraction * np.where(design.second < 1, design.second, 1.0)
    people = np.stack([each.people for each in made]).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((people * left[None, :, None]).sum(axis=1) / people.sum(axis=1))


def measures(tally: Tally, question: Question, chosen: Sequence[Pick]) -> list[Measure]:
    """The shares of some picks as means of 0 and 1."""
    return [measure(tally, question, pick.item, dict.fromkeys(pick.codes, 1.0), pick.base) for pick in chosen]


def net_measure(tally: Tally, question: Question, both: Sequence[Pick]) -> Measure:
    """The net of two sides as the mean of +1, -1 and 0."""
    up, down = (dict.fromkeys(pick.codes, value) for pick, value in zip(both, (1.0, -1.0), strict=True))
    return measure(tally, question, question.id, up | down)

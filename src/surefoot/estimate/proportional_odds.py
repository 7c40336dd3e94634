"""The proportional-odds model of two groups on an ordered scale, by maximum likelihood. Pure array mathematics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, expit, logit, xlogy

from surefoot.interval import Floats, z_value

_FARTHEST = 12.0
"""A log odds ratio beyond this means that the two groups do not overlap on the scale: no odds ratio can be given."""


@dataclass(frozen=True)
class ProportionalOdds:
    """What was fitted to two rows of counts.

    thresholds: of the second row, on the logit scale, one less than levels. effect: by how much the log odds of being
    above each threshold are higher in the first row; error: its standard error. misfit_p: p of the test that one effect
    is enough for all thresholds; 1 where there is only one threshold.
    """

    thresholds: Floats
    effect: float
    error: float
    log_likelihood: float
    misfit_p: float

    def interval(self, level: float = 0.95) -> tuple[float, float, float]:
        """The odds ratio of the first row against the second, with its bounds."""
        reach = z_value(level) * self.error
        ratio, low, high = np.exp([self.effect, self.effect - reach, self.effect + reach])
        return float(ratio), float(low), float(high)


def proportional_odds(counts: Floats) -> ProportionalOdds | None:
    """Fit logit P(level <= k) = threshold_k - effect in the first row, and without the effect in the second.

    counts: people by level, lowest first [2, level]; those of effective samples need not be whole. Levels that nobody
    is at are left out. None where fewer than two levels are left, or where the rows do not overlap.
    Source: McCullagh 1980, Journal of the Royal Statistical Society B 42, 109-142. The test of one effect for all
    thresholds is the likelihood ratio against rows that are free (Agresti 2010, Analysis of Ordinal Categorical Data,
    2nd edition, chapter 3).

    >>> fitted = proportional_odds(np.array([[10.0, 20.0, 30.0], [30.0, 20.0, 10.0]]))
    >>> [round(number, 2) for number in fitted.interval()]
    [5.0, 2.44, 10.23]
    """
    from scipy.optimize import minimize

    kept = np.asarray(counts, dtype=np.float64)
    kept = kept[:, kept.sum(axis=0) > 0]
    if kept.shape[1] < 2 or (kept.sum(axis=1) <= 0).any():
        return None
    first = logit(np.clip(np.cumsum(kept.sum(axis=0))[:-1] / kept.sum(), 1e-6, 1 - 1e-6))
    start = np.array([first[0], *np.log(np.maximum(np.diff(first), 1e-6)), 0.0])
    found = minimize(_loss, start, args=(kept,), jac=True, method="BFGS", options={"gtol": 1e-7 * kept.sum()})
    thresholds, effect = _unpacked(found.x)
    if abs(effect) > _FARTHEST:
        return None
    information = _information(np.array([*thresholds, effect]), kept)
    covariance = np.linalg.pinv(information)
    free = float(xlogy(kept, kept / kept.sum(axis=1, keepdims=True)).sum())
    freedom = kept.shape[1] - 2
    misfit = float(chdtrc(freedom, max(0.0, 2 * (free + float(found.fun))))) if freedom else 1.0
    return ProportionalOdds(thresholds, effect, float(np.sqrt(covariance[-1, -1])), -float(found.fun), misfit)


def _unpacked(point: Floats) -> tuple[Floats, float]:
    """Thresholds that never cross: the first, and the logarithms of the steps to the next; then the effect."""
    return point[0] + np.concatenate([[0.0], np.cumsum(np.exp(point[1:-1]))]), float(point[-1])


def _loss(point: Floats, counts: Floats) -> tuple[float, Floats]:
    """Minus the log likelihood and its slope."""
    thresholds, effect = _unpacked(point)
    value, slopes = _log_likelihood(np.array([*thresholds, effect]), counts)
    by_threshold = slopes[:-1]
    later = np.cumsum(by_threshold[::-1])[::-1]
    return -value, -np.concatenate([[later[0]], later[1:] * np.exp(point[1:-1]), slopes[-1:]])


def _log_likelihood(parameters: Floats, counts: Floats) -> tuple[float, Floats]:
    """The log likelihood of thresholds and effect, and its slope in each."""
    below = expit(parameters[:-1] - np.array([[parameters[-1]], [0.0]]))
    share = np.maximum(np.diff(below, axis=1, prepend=0.0, append=1.0), 1e-300)
    pull = counts / share
    slopes = below * (1 - below) * (pull[:, :-1] - pull[:, 1:])
    return float(xlogy(counts, share).sum()), np.array([*slopes.sum(axis=0), -slopes[0].sum()])


def _information(parameters: Floats, counts: Floats) -> Floats:
    """Minus the second derivatives of the log likelihood, from differences of its slopes."""
    step = 1e-5
    rows = []
    for place in range(len(parameters)):
        up, down = parameters.copy(), parameters.copy()
        up[place] += step
        down[place] -= step
        rows.append((_log_likelihood(down, counts)[1] - _log_likelihood(up, counts)[1]) / (2 * step))
    table = np.stack(rows)
    return np.asarray((table + table.T) / 2)

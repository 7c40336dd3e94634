"""Partial pooling of counts: groups whose shares differ, on the logit scale, as a normal distribution says.

Pure array mathematics, by sums over grids and without simulation: given the mean and the spread of the groups, their
shares are independent, so the whole posterior is a table over mean and spread and one row of likelihoods a group.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, log_expit, logit, ndtr

from surefoot.interval import Floats

SPREAD_SCALE = 0.5
"""The scale of the half-normal prior of the spread between groups, on the logit scale."""
_SPREADS = 40
_REACH = 4.0
_MOST_STEPS = 1200
_FINEST, _COARSEST = 0.01, 0.06


@dataclass(frozen=True)
class Posterior:
    """What is known of the shares of several groups after pooling; arrays over one grid of logits [m].

    spreads: the grid of spreads [t]. weight: probability of each spread and mean [t, m]. likelihood: of each group at
    each logit, its highest 1 [g, m]. kernels: probability that a group lies so many steps from the mean [t, 2m - 1].
    density: probability of each group's logit [g, m].
    """

    logits: Floats
    spreads: Floats
    weight: Floats
    likelihood: Floats
    kernels: Floats
    density: Floats

    @property
    def means(self) -> Floats:
        """The mean share of each group, 0 to 1."""
        return np.asarray(self.density @ expit(self.logits))

    def quantile(self, chance: float) -> Floats:
        """The share below which each group's lies with this probability, between steps of the grid."""
        reached = np.cumsum(self.density, axis=1)
        half = (self.logits[1] - self.logits[0]) / 2
        return np.array([expit(np.interp(chance, row, self.logits + half)) for row in reached])

    @property
    def spread(self) -> tuple[float, float, float]:
        """The spread between groups on the logit scale: its mean, and the bounds that hold it with 95 %."""
        chances = self.weight.sum(axis=1)
        edges = self.spreads + self.spreads[0]
        low, high = np.interp((0.025, 0.975), [0.0, *np.cumsum(chances)], [0.0, *edges])
        return float(chances @ self.spreads), float(low), float(high)

    def draws(self, count: int, rng: np.random.Generator) -> Floats:
        """Shares of all groups drawn together from the posterior [count, g]."""
        size = len(self.logits)
        cells = rng.choice(self.weight.size, size=count, p=self.weight.ravel())
        spread, mean = np.divmod(cells, size)
        steps = np.arange(size) - mean[:, None] + size - 1
        around = self.kernels[spread[:, None], steps]
        found = [self._drawn(around * row, rng) for row in self.likelihood]
        return np.stack(found, axis=1)

    def _drawn(self, chances: Floats, rng: np.random.Generator) -> Floats:
        """One group's share in every draw: a step by its probability, and a place within the step."""
        reached = np.cumsum(chances, axis=1)
        wanted = rng.random(len(chances)) * reached[:, -1]
        places = np.minimum((reached < wanted[:, None]).sum(axis=1), len(self.logits) - 1)
        within = (rng.random(len(chances)) - 0.5) * (self.logits[1] - self.logits[0])
        return np.asarray(expit(self.logits[places] + within))


def partially_pooled(successes: Floats, n: Floats, *, spread_scale: float = SPREAD_SCALE) -> Posterior:
    """The posterior of the shares of several groups that are thought to be alike, as far as the answers allow.

    successes, n: float arrays [g], n above 0; counts of an effective sample need not be whole. The logits of the shares
    are normal around a mean; the typical share may be anything with the same probability (a logistic prior of the
    mean); the spread is half-normal. Source: Gelman 2006, Bayesian Analysis 1, 515-534, on weak priors for the spread
    of few groups; Gelman et al. 2013, Bayesian Data Analysis, 3rd edition, section 5.3, on sums over grids.

    >>> partially_pooled(np.array([9.0, 21.0, 40.0]), np.array([30.0, 60.0, 100.0])).means.round(2).tolist()
    [0.35, 0.36, 0.38]
    """
    successes, n = np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    grid = _grid(successes, n, spread_scale)
    likelihood = _likelihood(successes, n, grid)
    spreads = (np.arange(_SPREADS) + 0.5) * _REACH * spread_scale / _SPREADS
    kernels = _kernels(spreads, len(grid), grid[1] - grid[0])
    marginal = _around(likelihood[None], kernels[:, None])
    prior = -((spreads / spread_scale) ** 2)[:, None] / 2 + (log_expit(grid) + log_expit(-grid))[None]
    log_weight = np.log(marginal).sum(axis=1) + prior
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    inward = _around(weight[:, None] / marginal, kernels[:, None]).sum(axis=0)
    density = likelihood * inward
    return Posterior(grid, spreads, weight, likelihood, kernels, density / density.sum(axis=1, keepdims=True))


def _grid(successes: Floats, n: Floats, spread_scale: float) -> Floats:
    """Equal steps over all logits that the answers leave possible, a quarter of the sharpest group's error each."""
    share = (successes + 0.5) / (n + 1)
    error = 1 / np.sqrt((n + 1) * share * (1 - share))
    low = float((logit(share) - 6 * error).min()) - 2 * spread_scale
    high = float((logit(share) + 6 * error).max()) + 2 * spread_scale
    step = float(np.clip(error.min() / 4, _FINEST, _COARSEST))
    return np.linspace(low, high, min(_MOST_STEPS, int((high - low) / step) + 2))


def _likelihood(successes: Floats, n: Floats, grid: Floats) -> Floats:
    failures = n - successes
    logs = successes[:, None] * log_expit(grid) + failures[:, None] * log_expit(-grid)
    return np.asarray(np.exp(logs - logs.max(axis=1, keepdims=True)))


def _kernels(spreads: Floats, size: int, step: float) -> Floats:
    """Normal probability of each whole number of steps from the mean; so a spread of almost nothing is no trouble."""
    edges = (np.arange(2 * size) - size + 0.5) * step
    return np.asarray(np.diff(ndtr(edges / spreads[:, None]), axis=1))


def _around(rows: Floats, kernels: Floats) -> Floats:
    """Sums of rows weighted by the kernels around every step, by the fast Fourier transform; never nothing."""
    size = rows.shape[-1]
    length = 1 << int(np.ceil(np.log2(3 * size)))
    product = np.fft.rfft(rows, length) * np.fft.rfft(kernels, length)
    return np.asarray(np.maximum(np.fft.irfft(product, length)[..., size - 1 : 2 * size - 1], 1e-300))

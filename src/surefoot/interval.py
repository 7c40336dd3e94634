"""Pure array mathematics of intervals: no survey, no files, no opinions about wording.

Every function takes numpy arrays (or anything that becomes one), broadcasts, and returns arrays of the same shape.
Shares are 0 to 1. NaN means that nothing can be said (no base).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike


@dataclass(frozen=True)
class Interval:
    """A point estimate with its lower and upper bound; three float arrays of one shape."""

    value: Floats
    low: Floats
    high: Floats

    def rounded(self, digits: int) -> tuple[Any, Any, Any]:
        """The three arrays as lists, rounded half away from zero."""
        value, low, high = (round_half_away(part, digits).tolist() for part in (self.value, self.low, self.high))
        return value, low, high


def round_half_away(x: Numbers, digits: int = 0) -> Floats:
    """Round half away from zero, the one rounding of the product. NaN stays NaN.

    The nudge of 1e-9 undoes binary representation: 0.285 is stored as 0.28499..., and a reader expects 0.29.

    >>> round_half_away([0.5, 1.5, -2.5, 0.285], 0).tolist(), float(round_half_away(0.285, 2))
    ([1.0, 2.0, -3.0, 0.0], 0.29)
    """
    array = np.asarray(x, dtype=np.float64)
    scaled = np.abs(array) * 10.0**digits
    return np.asarray(np.copysign(np.floor(scaled + 0.5 + 1e-9), array) / 10.0**digits + 0.0)


def round_one(x: float, digits: int = 0) -> float:
    """One number rounded as `round_half_away` rounds arrays, for code that has numbers one at a time.

    >>> round_one(-2.5), round_one(0.285, 2)
    (-3.0, 0.29)
    """
    if math.isnan(x):
        return x
    scaled = math.floor(abs(x) * 10.0**digits + 0.5 + 1e-9)
    return math.copysign(scaled, x) / 10.0**digits + 0.0


def z_value(level: float) -> float:
    """The standard normal quantile of a two-sided interval of the given level, e.g. 1.96 for 0.95.

    >>> round(z_value(0.95), 6), round(z_value(0.90), 6)
    (1.959964, 1.644854)
    """
    return NormalDist().inv_cdf((1 + level) / 2)


def effective_n(n: Numbers, population: Numbers | None = None, deff: Numbers = 1.0) -> Floats:
    """The sample size that a simple random sample from an endless population would need for the same precision.

    n_eff = n / deff * (N - 1) / (N - n) where the population N is given (finite population correction), else n / deff.
    Infinite where n = N: everybody answered. NaN populations mean "unknown": no correction there.
    """
    size = np.asarray(n, dtype=np.float64) / np.asarray(deff, dtype=np.float64)
    if population is None:
        return size
    count, total = np.asarray(n, dtype=np.float64), np.asarray(population, dtype=np.float64)
    if np.any(count > total):
        raise ValueError("more answers than people: n is larger than the population")
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = np.where(total > count, size * (total - 1) / (total - count), np.inf)
    return np.asarray(np.where(np.isnan(total), size, corrected))


def wilson(
    successes: Numbers, n: Numbers, *, population: Numbers | None = None, deff: Numbers = 1.0, level: float = 0.95
) -> Interval:
    """Interval for a share, from counts, exact enough for teams of thirty.

    successes, n: arrays of one shape, 0 <= successes <= n. population: headcount of the same shape; given, the interval
    is about these staff now (finite population correction) and collapses to the value where everybody answered.
    deff: design effect of the weights. Shares are 0 to 1, NaN where n is 0.
    Raises ValueError where successes > n or n > population.
    Source: Wilson 1927, JASA 22, 209-212; n_eff = (n / deff) * (N - 1) / (N - n).

    >>> wilson([21], [42], population=[60]).rounded(3)
    ([0.5], [0.418], [0.582])
    """
    x, size = np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if np.any(x > size):
        raise ValueError("more successes than answers")
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(x / size)
    return wilson_from_share(share, effective_n(size, population, deff), level=level)


def wilson_from_share(share: Numbers, n_eff: Numbers, *, level: float = 0.95) -> Interval:
    """Wilson's interval for a share already estimated, at an effective sample size (infinite: the value itself)."""
    p, n, z2 = np.asarray(share, dtype=np.float64), np.asarray(n_eff, dtype=np.float64), z_value(level) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    low, high = np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    return Interval(p, np.asarray(np.minimum(low, p)), np.asarray(np.maximum(high, p)))


def snap_outward(interval: Interval, successes: Numbers, n: Numbers, population: Numbers) -> Interval:
    """Widen bounds to counts that are possible, and cut off what is not.

    Of `population` people, at least `successes` and at most `successes + population - n` have the property, and always
    a whole number of them. NaN populations leave the bounds as they are.
    """
    x, size, total = (np.asarray(part, dtype=np.float64) for part in (successes, n, population))
    return snap_between(interval, x, x + total - size, total)


def snap_between(interval: Interval, least: Numbers, most: Numbers, population: Numbers) -> Interval:
    """Widen bounds to whole numbers of `population` people, none of them under `least` or over `most`.

    The value itself stays inside. NaN populations leave the bounds as they are.
    """
    total = np.asarray(population, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.maximum(np.floor(interval.low * total + 1e-9), least) / total
        high = np.minimum(np.ceil(interval.high * total - 1e-9), most) / total
    known = ~np.isnan(total) & (total > 0)
    return Interval(
        interval.value,
        np.where(known, np.minimum(low, interval.value), interval.low),
        np.where(known, np.maximum(high, interval.value), interval.high),
    )


def bonett_price(
    plus: Numbers, minus: Numbers, n: Numbers, *, n_eff: Numbers | None = None, level: float = 0.95
) -> Interval:
    """Interval for the difference of two shares of one group: (plus - minus) / n.

    plus, minus: counts of the two answers; n: all answers, of one shape. n_eff: effective sample size; the counts are
    scaled by n_eff / n before one is added to each. Infinite n_eff (everybody answered) gives the value itself.
    Source: Bonett and Price 2012, Journal of Educational and Behavioral Statistics 37, 479-488.

    >>> bonett_price([30], [10], [60]).rounded(3)
    ([0.333], [0.134], [0.511])
    """
    b, r, size = (np.asarray(part, dtype=np.float64) for part in (plus, minus, n))
    scaled = size if n_eff is None else np.asarray(n_eff, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (b - r) / size
        finite = np.isfinite(scaled)
        factor = np.where(finite, scaled, 1.0) / size
        total = np.where(finite, scaled, size) + 2
        share_plus, share_minus = (b * factor + 1) / total, (r * factor + 1) / total
        centre = share_plus - share_minus
        half = z_value(level) * np.sqrt((share_plus + share_minus - centre**2) / total)
    low, high = np.minimum(np.clip(centre - half, -1, 1), value), np.maximum(np.clip(centre + half, -1, 1), value)
    return Interval(np.asarray(value), np.where(finite, low, value), np.where(finite, high, value))


def mover(parts: Interval, weights: Numbers) -> Interval:
    """Combine independent strata into one interval: the method of variance estimates recovery.

    parts: arrays whose first axis is the stratum; weights: shares of the population on that axis, summing to one.
    Source: Zou and Donner 2008, Statistics in Medicine 27, 1693-1702; Yan and Su 2010, Statistics in Biopharmaceutical
    Research 2, 409-416.

    >>> mover(wilson([10, 20], [20, 40]), [0.5, 0.5]).rounded(3)
    ([0.5], [0.375], [0.625])
    """
    w = np.asarray(weights, dtype=np.float64)
    w = w.reshape(w.shape + (1,) * (parts.value.ndim - w.ndim))
    value = np.atleast_1d((w * parts.value).sum(axis=0))
    below = np.sqrt(((w * (parts.value - parts.low)) ** 2).sum(axis=0))
    above = np.sqrt(((w * (parts.high - parts.value)) ** 2).sum(axis=0))
    return Interval(value, np.asarray(value - below), np.asarray(value + above))


def reach_of_difference(first: Interval, second: Interval) -> tuple[Floats, Floats]:
    """How far the interval of first less second goes below and above the difference: the variance estimates recovered.

    Two independent estimates of the same shape, each with an interval of its own. For shares with Wilson intervals it
    is method 10 of Newcombe 1998, Statistics in Medicine 17, 873-890; for any two, Zou and Donner 2008, ibid. 27.

    >>> below, above = reach_of_difference(wilson([20], [40]), wilson([10], [40]))
    >>> below.round(3).tolist(), above.round(3).tolist()
    ([0.212], [0.183])
    """
    below = np.hypot(first.value - first.low, second.high - second.value)
    above = np.hypot(first.high - first.value, second.value - second.low)
    return np.asarray(below), np.asarray(above)


def holm(p_values: Numbers) -> Floats:
    """P values adjusted for a family of tests by Holm's method, in the order given. NaN counts as a test not made.

    Source: Holm 1979, Scandinavian Journal of Statistics 6, 65-70.

    >>> holm([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    adjusted = np.full(p.shape, np.nan)
    order = np.argsort(np.where(np.isnan(p), np.inf, p), kind="stable")
    order = order[~np.isnan(p[order])]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


# Intervals of estimates with their own standard error -------------------------------------------------------------


def t_value(level: float, freedom: Numbers) -> Floats:
    """The two-sided quantile of Student's t; infinite without degrees of freedom.

    >>> t_value(0.95, [10, 0]).round(6).tolist()
    [2.228139, inf]
    """
    from scipy.special import stdtrit

    df = np.asarray(freedom, dtype=np.float64)
    return np.asarray(np.where(df > 0, stdtrit(np.maximum(df, 1), (1 + level) / 2), np.inf))


def t_interval(value: Numbers, error: Numbers, freedom: Numbers, *, level: float = 0.95) -> Interval:
    """The estimate give or take Student's t times its standard error.

    >>> t_interval([10.0], [1.0], [10]).rounded(3)
    ([10.0], [7.772], [12.228])
    """
    x, size = np.asarray(value, dtype=np.float64), np.asarray(error, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        half = np.where(size == 0, 0.0, t_value(level, freedom) * size)
    return Interval(x, np.asarray(x - half), np.asarray(x + half))


def logit_interval(share: Numbers, error: Numbers, freedom: Numbers, *, level: float = 0.95) -> Interval:
    """The interval of a share on the scale of log odds, taken back. NaN at shares of 0 and 1.

    Source: svyciprop of R survey, method "logit".

    >>> logit_interval([0.5], [0.05], [30]).rounded(3)
    ([0.5], [0.399], [0.601])
    """
    p = np.asarray(share, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds, apart = np.log(p / (1 - p)), t_value(level, freedom) * np.asarray(error) / (p * (1 - p))
        low, high = (1 / (1 + np.exp(-bound)) for bound in (odds - apart, odds + apart))
    return Interval(p, np.asarray(low), np.asarray(high))


def adjusted_for_freedom(n_eff: Numbers, n: Numbers, freedom: Numbers, *, level: float = 0.95) -> Floats:
    """An effective sample size made smaller where few degrees of freedom leave the standard error itself uncertain.

    n: people in the base. Source: Korn and Graubard 1998, Survey Methodology 24, 193-201.

    >>> adjusted_for_freedom([100.0], [150], [4]).round(1).tolist()
    [50.7]
    """
    size = np.asarray(n, dtype=np.float64)
    ratio = t_value(level, np.maximum(size - 1, 1)) / t_value(level, freedom)
    return np.asarray(np.asarray(n_eff, dtype=np.float64) * np.minimum(ratio, 1.0) ** 2)


def beta_interval(share: Numbers, error: Numbers, freedom: Numbers, n: Numbers, *, level: float = 0.95) -> Interval:
    """The exact interval of a share at its effective sample size, adjusted for degrees of freedom.

    n: people in the base. Source: Korn and Graubard 1998; svyciprop of R survey, method "beta".

    >>> beta_interval([0.5], [0.05], [30], [150]).rounded(3)
    ([0.5], [0.395], [0.605])
    """
    from scipy.special import betaincinv

    p, tail = np.asarray(share, dtype=np.float64), (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        n_eff = adjusted_for_freedom(p * (1 - p) / np.asarray(error) ** 2, n, freedom, level=level)
        low = betaincinv(n_eff * p, n_eff * (1 - p) + 1, tail)
        high = betaincinv(n_eff * p + 1, n_eff * (1 - p), 1 - tail)
    return Interval(p, np.asarray(low), np.asarray(high))

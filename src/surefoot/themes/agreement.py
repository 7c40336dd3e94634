"""How far two people who coded the same comments agree: Krippendorff's alpha, Cohen's kappa, and plain agreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Codes = Mapping[str, frozenset[str]]
"""The themes that one coder gave to each comment."""
CONVENTION = (
    "By convention an alpha of at least 0.80 is called reliable, and 0.67 to 0.80 enough for tentative conclusions "
    "(Krippendorff); neither is a law of nature. Rare themes give a low alpha even where coders hardly ever differ."
)
_RESAMPLES = 2000
FEWEST_FOR_INTERVAL = 20


@dataclass(frozen=True)
class Agreement:
    """Agreement on one theme, or on all of them together (theme: "").

    comments: coded by both. alpha, kappa: None where nobody used the theme or everybody did, for then there is nothing
    to agree about. low, high: bootstrap interval of alpha over comments, 95 %.
    """

    theme: str
    comments: int
    agreement: float
    alpha: float | None
    kappa: float | None
    low: float | None = None
    high: float | None = None


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal values. units: the values that each unit was given, by as many as coded it.

    Units with one value say nothing and are left out. None where all values are the same, or there are none.
    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, equation for nominal data.

    >>> round(krippendorff_alpha([(0, 1), (1, 1), (0, 1), (0, 0), (0, 0), (0, 1), (0, 0), (0, 0), (1, 0), (0, 0)]), 3)
    0.095
    """
    paired = [Counter(unit) for unit in units if len(unit) > 1]
    total: Counter[Hashable] = Counter()
    apart = 0.0
    for counts in paired:
        total.update(counts)
        size = counts.total()
        apart += (size * size - sum(n * n for n in counts.values())) / (size - 1)
    return _alpha(apart, list(total.values()))


def _alpha(apart: float, counts: Sequence[int]) -> float | None:
    """1 - observed / expected disagreement. apart: disagreeing pairs, each unit's divided by its values less one."""
    size = sum(counts)
    expected = size * size - sum(n * n for n in counts)
    return None if not expected else 1 - (size - 1) * apart / expected


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Cohen's kappa of two coders who valued the same units; None where chance alone gives full agreement.

    Source: Cohen 1960, Educational and Psychological Measurement 20, 37-46.
    """
    size = len(first)
    if not size:
        return None
    a, b = Counter(first), Counter(second)
    by_chance = sum(a[value] * b[value] for value in a) / size**2
    same = sum(x == y for x, y in zip(first, second, strict=True)) / size
    return None if by_chance == 1 else (same - by_chance) / (1 - by_chance)


def agree(first: Codes, second: Codes, themes: Sequence[str]) -> tuple[Agreement, ...]:
    """Agreement of two coders: on all decisions together, then on each theme, over the comments that both coded.

    A decision is whether one theme is given to one comment.
    """
    ids = sorted(set(first) & set(second))
    a = np.array([[theme in first[name] for theme in themes] for name in ids], dtype=bool).reshape(-1, len(themes))
    b = np.array([[theme in second[name] for theme in themes] for name in ids], dtype=bool).reshape(-1, len(themes))
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, max(1, len(ids)), (_RESAMPLES, len(ids)))
    whole = _measured("", a, b, drawn)
    return (whole, *(_measured(theme, a[:, [k]], b[:, [k]], drawn) for k, theme in enumerate(themes)))


def _measured(theme: str, a: Any, b: Any, drawn: Any) -> Agreement:
    size = len(a)
    if not size:
        return Agreement(theme, 0, float("nan"), None, None)
    one, two = a.ravel().tolist(), b.ravel().tolist()
    alpha, kappa = krippendorff_alpha(list(zip(one, two, strict=True))), cohen_kappa(one, two)
    low, high = _interval(a, b, drawn) if alpha is not None and size >= FEWEST_FOR_INTERVAL else (None, None)
    return Agreement(theme, size, float(np.mean(a == b)), alpha, kappa, low, high)


def _interval(a: Any, b: Any, drawn: Any) -> tuple[float | None, float | None]:
    """The 2.5th and 97.5th percentile of alpha over comments drawn with replacement."""
    apart, yes = (a != b).sum(axis=1)[drawn].sum(axis=1), (a.sum(axis=1) + b.sum(axis=1))[drawn].sum(axis=1)
    values = 2 * a.size
    expected = values**2 - yes**2 - (values - yes) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas = 1 - (values - 1) * 2 * apart / expected
    known = alphas[expected > 0]
    if len(known) < _RESAMPLES / 2:
        return None, None
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)

"""Groups raw and partially pooled side by side, with the probability of each rank in the place of a league table.

For the analyst alone: these are no Figures, so no release, finding or report can hold them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from surefoot.estimate.figure import NET, SIDE_HIGH, SIDE_LOW, Figure, Group
from surefoot.estimate.hierarchy import SPREAD_SCALE, Posterior, partially_pooled
from surefoot.interval import Floats, bonett_price, wilson_from_share
from surefoot.study import ORGANISATION

DRAWS = 4000
SEED = 1
BOUNDS = (0.025, 0.975)
_SIDES = "side:"


@dataclass(frozen=True)
class PooledShare:
    """One group's share (0 to 1) or net (-1 to 1) by itself and pooled with the others.

    raw, pooled: value, low and high, 95 %, both about staff like these. ranks: the probability of each rank, the first
    of being highest. half, double: the pooled value with half and double the scale of the prior of the spread.
    """

    group: Group
    base: int
    effective_base: float
    raw: tuple[float, float, float]
    pooled: tuple[float, float, float]
    ranks: tuple[float, ...]
    half: float
    double: float


@dataclass(frozen=True)
class Pooling:
    """One share or net in all groups of a breakdown that are shown.

    spread: between the groups, on the logit scale: mean, low and high; of a net, of the side that is taken by those who
    take one.
    """

    kind: str
    question: str
    selector: str
    wave: str
    groups: tuple[PooledShare, ...]
    spread: tuple[float, float, float]


@dataclass(frozen=True)
class _Counts:
    """Counts of an effective sample by group: people inside a share, and all."""

    inside: Floats
    n: Floats


def pool(figures: Iterable[Figure], *, by: str = ORGANISATION, question: str | None = None) -> tuple[Pooling, ...]:
    """Every share and net of the groups of a breakdown, raw and partially pooled.

    figures: as released; those that are not shown take no part, so nothing that is hidden can be told. question: only
    this one. A quantity with fewer than two groups that are shown is left out.
    """
    found: dict[tuple[str, str, str], list[Figure]] = {}
    shown = [f for f in figures if f.shown and f.group.breakdown == by and question in (None, f.question)]
    for figure in shown:
        if figure.kind in (NET, "share"):
            found.setdefault((figure.question, figure.kind, figure.selector), []).append(figure)
    return tuple(_pooled(found, found))


def _pooled(found: dict[tuple[str, str, str], list[Figure]], keys: Iterable[tuple[str, str, str]]) -> Iterator[Pooling]:
    for name, kind, selector in keys:
        group = found[name, kind, selector]
        if len(group) < 2 or selector.startswith(_SIDES):
            continue
        if kind == "share":
            yield pooled_share(group)
        else:
            sides = [found.get((name, "share", side), []) for side in (SIDE_HIGH, SIDE_LOW)]
            if all([f.group for f in side] == [f.group for f in group] for side in sides):
                yield pooled_net(group, sides[0], sides[1])


def pooled_share(figures: Sequence[Figure]) -> Pooling:
    """One share in several groups; figures: one a group, all shown."""
    counts = _counts(figures)
    once, half, double = _thrice(counts)
    low, high = (once.quantile(chance) for chance in BOUNDS)
    ranks = _ranks(once.draws(DRAWS, np.random.default_rng(SEED)))
    raw = wilson_from_share(counts.inside / counts.n, counts.n)
    triples = (np.stack([raw.value, raw.low, raw.high]), np.stack([once.means, low, high]))
    return _pooling(figures, triples, ranks, (half.means, double.means), once.spread)


def pooled_net(figures: Sequence[Figure], plus: Sequence[Figure], minus: Sequence[Figure]) -> Pooling:
    """One net in several groups, in two parts: who takes a side, and which side they take.

    The two parts of a multinomial are independent given the shares, and so are their priors: a net is the share who
    take a side times twice the share of these on the positive side, less one.
    """
    n = np.array([figure.effective_base for figure in figures])
    up, down = (np.array([figure.value or 0.0 for figure in side]) * n for side in (plus, minus))
    sided, side = _thrice(_Counts(up + down, n)), _thrice(_Counts(up, np.maximum(up + down, 1e-9)))
    values = [a.means * (2 * b.means - 1) for a, b in zip(sided, side, strict=True)]
    rng = np.random.default_rng(SEED)
    draws = sided[0].draws(DRAWS, rng) * (2 * side[0].draws(DRAWS, rng) - 1)
    low, high = np.quantile(draws, BOUNDS, axis=0)
    raw = bonett_price(up, down, n)
    triples = (np.stack([raw.value, raw.low, raw.high]), np.stack([values[0], low, high]))
    return _pooling(figures, triples, _ranks(draws), (values[1], values[2]), side[0].spread)


def _counts(figures: Sequence[Figure]) -> _Counts:
    n = np.array([figure.effective_base for figure in figures])
    return _Counts(np.array([figure.value or 0.0 for figure in figures]) * n, n)


def _thrice(counts: _Counts) -> tuple[Posterior, Posterior, Posterior]:
    """With the prior as it is, and with half and double its scale."""
    once, half, double = (
        partially_pooled(counts.inside, counts.n, spread_scale=SPREAD_SCALE * factor) for factor in (1.0, 0.5, 2.0)
    )
    return once, half, double


def _ranks(draws: Floats) -> Floats:
    """The probability of each rank [group, rank], the first the highest."""
    ranks = (-draws).argsort(axis=1).argsort(axis=1)
    return np.stack([(ranks == rank).mean(axis=0) for rank in range(draws.shape[1])], axis=1)


def _pooling(
    figures: Sequence[Figure],
    triples: tuple[Floats, Floats],
    ranks: Floats,
    sensitivity: tuple[Floats, Floats],
    spread: tuple[float, float, float],
) -> Pooling:
    raw, pooled = triples
    groups = [
        PooledShare(
            group=figure.group,
            base=figure.base,
            effective_base=figure.effective_base,
            raw=_triple(raw[:, place]),
            pooled=_triple(pooled[:, place]),
            ranks=tuple(float(chance) for chance in ranks[place]),
            half=float(sensitivity[0][place]),
            double=float(sensitivity[1][place]),
        )
        for place, figure in enumerate(figures)
    ]
    first = figures[0]
    return Pooling(first.kind, first.question, first.selector, first.wave, tuple(groups), spread)


def _triple(numbers: Floats) -> tuple[float, float, float]:
    value, low, high = (float(number) for number in numbers)
    return value, low, high

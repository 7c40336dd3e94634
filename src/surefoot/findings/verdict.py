"""What is certain enough to be said: decisions about several figures at once, wrong about any in at most 5 %.

A rule that asks four questions has four chances to be wrong. So every rule decides about all its figures together, and
"in at most 5 % of studies" holds for the rule and not only for each of its sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from surefoot.interval import holm
from surefoot.release import Figure

RISK = 0.05
NET_RISK = 0.04
"""For nets a point is kept in hand: for `everywhere` and `each_side`, which decide about the same figures and nearly
always err together; and because the bounds of nets are a little too narrow this far out (at 5 %: 6.2 % measured)."""
_ONE_SIDED = NormalDist().inv_cdf(0.95)


def sides(figures: Sequence[Figure]) -> tuple[int, ...]:
    """For each net +1 or -1 where it is certainly on that side of zero, else 0; by Holm's method.

    Two-sided, since either side could be said where the truth is exactly zero.
    """
    leaning = [lean(figure) for figure in figures]
    pairs = zip(figures, leaning, strict=True)
    adjusted = holm([min(1.0, 2 * chance(figure, 0.0, side)) for figure, side in pairs])
    return tuple(side if p < NET_RISK else 0 for side, p in zip(leaning, adjusted, strict=True))


def everywhere(rows: Sequence[Sequence[Figure]]) -> tuple[int, ...]:
    """For each row of nets +1 or -1 where all of them are certainly on that side of zero, else 0.

    A row is as certain as its least certain net, so each is tested one-sided at the full level (an intersection-union
    test: Berger 1982, Technometrics 24, 295-300); Holm over the rows.
    """
    leaning = [lean(row[0]) if row else 1 for row in rows]
    pairs = zip(rows, leaning, strict=True)
    adjusted = holm([max((chance(figure, 0.0, side) for figure in row), default=1.0) for row, side in pairs])
    return tuple(side if p < NET_RISK else 0 for side, p in zip(leaning, adjusted, strict=True))


def each_side(figures: Sequence[Figure]) -> tuple[int, ...]:
    """For each net +1 or -1 where it is certainly on that side of zero, else 0; by Bonferroni's method.

    Not by Holm's: its second step would add to the errors of `everywhere`.
    """
    limit = NET_RISK / (2 * max(1, len(figures)))
    leaning = [lean(figure) for figure in figures]
    return tuple(s if chance(f, 0.0, s) < limit else 0 for f, s in zip(figures, leaning, strict=True))


def above(pairs: Sequence[tuple[Figure, float]]) -> tuple[bool, ...]:
    """Whether each figure is certainly above its bound; by Holm's method."""
    return tuple(bool(p < RISK) for p in holm([chance(figure, bound, 1) for figure, bound in pairs]))


def highest(figures: Sequence[Figure], bounds: Sequence[float]) -> tuple[float | None, ...]:
    """The highest of some bounds that each figure is certainly above, None where it is above none; by Bonferroni.

    Only over the figures: of its bounds, a figure is first wrong about the lowest that it is not above.
    """
    limit = RISK / max(1, len(figures))
    passed = [[bound for bound in bounds if chance(figure, bound, 1) < limit] for figure in figures]
    return tuple(max(found, default=None) for found in passed)


def lean(figure: Figure) -> int:
    """The side that a net is on, certain or not."""
    return 1 if (figure.value or 0.0) > 0 else -1


def chance(figure: Figure, bound: float, side: int) -> float:
    """The one-sided p value of a figure beyond a bound: how likely so clear a value would be if the truth were there.

    It follows from the figure's own one-sided 95 % bound, whose distance from the value is 1.645 standard errors on
    that side; where it just touches, p is 0.05. Where everybody answered, what is so is certain.
    """
    limit = figure.at_least if side > 0 else figure.at_most
    if figure.value is None or limit is None:
        return 1.0
    gap, reach = side * (figure.value - bound), side * (figure.value - limit)
    if gap <= 0:
        return 1.0
    return 0.0 if reach <= 0 else NormalDist().cdf(-_ONE_SIDED * gap / reach)

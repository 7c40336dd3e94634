"""Stage A: whether adding and subtracting shown groups gives a set of people that is too small, and what mends it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from surefoot.release.incidence import Flags, Incidence, Integers

Cut = frozenset[int]
"""Places of published groups that together give a leak: at least one of them must not be shown."""
MOST = 9
"""Bound of the multiples of a group in a leak: wider than -3 to 3, since groups that others add up to are left out."""


class OutOfTime(Exception):
    """A program was not solved in the time given; the caller fails closed."""


@dataclass(frozen=True)
class Clock:
    """The time that is left for solving programs."""

    seconds: float
    start: float

    @classmethod
    def of(cls, seconds: float) -> Clock:
        """A clock that starts now."""
        return cls(seconds, time.monotonic())

    @property
    def left(self) -> float:
        """Seconds left. Raises OutOfTime when there are none."""
        left = self.seconds - (time.monotonic() - self.start)
        if left <= 0:
            raise OutOfTime
        return left


def residuals(who: Incidence, shown: Flags, people: Integers) -> Iterator[tuple[int, Integers, Flags]]:
    """What is left of a shown group when the shown groups of a breakdown that lie inside it are taken away.

    Yields the group's place, the places taken away, and the bool array [profile] of who is left. Only breakdowns
    whose groups lie either inside or outside, and only profiles with people.
    """
    real = people > 0
    members_of = [who.member[partition] & real for partition in who.partitions]
    for outer in np.flatnonzero(shown):
        inside = who.member[outer] & real
        for partition, members in zip(who.partitions, members_of, strict=True):
            if who.breakdowns[outer] == who.breakdowns[partition[0]]:
                continue
            overlap, whole = (members & inside).any(axis=1), ~(members & ~inside).any(axis=1)
            taken = partition[overlap & whole & shown[partition]]
            if bool((overlap & ~whole & shown[partition]).any()):
                continue
            yield int(outer), taken, np.asarray(inside & ~who.member[taken].any(axis=0))


def simple_cuts(who: Incidence, shown: Flags, people: Integers, minimum: int) -> set[Cut]:
    """Leaks that one subtraction shows: a shown group minus the shown groups of one breakdown inside it."""
    found: set[Cut] = set()
    for outer, taken, rest in residuals(who, shown, people):
        if 0 < people[rest].sum() < minimum:
            found.add(frozenset({outer, *(int(place) for place in taken)}))
    return found


def find_leak(who: Incidence, shown: Flags, people: Integers, minimum: int, clock: Clock) -> Cut | None:
    """One leak, as the groups that it uses, or None where there is none.

    A leak is a whole-number combination of shown groups that counts some people once and all others not at all, and
    counts at least 1 and fewer than `minimum`. Integer program: member' y = v, v in {0, 1}, 1 <= people' v < minimum.
    Raises OutOfTime.
    """
    rows = independent(who, shown, people)
    matrix, weights = _distinct_columns(who.member[rows][:, people > 0], people[people > 0])
    if not len(rows) or _one_breakdown_only(who, rows, matrix):
        return None
    y = _solve_leak(matrix, weights, minimum, clock)
    return None if y is None else frozenset(int(rows[place]) for place in np.flatnonzero(y))


def independent(who: Incidence, shown: Flags, people: Integers) -> Integers:
    """Shown groups without those that others add up to, so that the program has no two ways to say the same."""
    kept = shown & ((who.member & (people > 0)).any(axis=1))
    complete = []
    for outer, taken, rest in residuals(who, kept, people):
        if not rest.any() and len(taken):
            complete.append((outer, taken))
    for outer, taken in complete:
        if outer != 0 and kept[outer] and kept[taken].all():
            kept[outer] = False
    sizes = who.counts(people)
    for outer, taken in complete:
        if outer == 0 and kept[taken].all():
            kept[taken[np.argmax(sizes[taken])]] = False
    return np.flatnonzero(kept)


def _distinct_columns(matrix: Flags, weights: Integers) -> tuple[Flags, Integers]:
    columns, place = np.unique(matrix, axis=1, return_inverse=True)
    total = np.zeros(columns.shape[1], dtype=np.int64)
    np.add.at(total, place.reshape(-1), weights)
    return columns, total


def _one_breakdown_only(who: Incidence, rows: Integers, matrix: Flags) -> bool:
    """Whether at most one breakdown is shown: then one subtraction is all there is, and that has been checked."""
    return len(set(who.breakdowns[rows].tolist()) - {0}) <= 1


def _solve_leak(matrix: Flags, weights: Integers, minimum: int, clock: Clock) -> Integers | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    a = matrix.T.astype(np.float64)
    total = (weights @ a)[None, :]
    result: Any = milp(
        np.zeros(a.shape[1]),
        integrality=np.ones(a.shape[1]),
        bounds=Bounds(-MOST, MOST),
        constraints=[LinearConstraint(a, 0, 1), LinearConstraint(total, 1, minimum - 1)],
        options={"time_limit": max(0.01, clock.left)},
    )
    if result.status == 2:
        return None
    if result.x is None:
        raise OutOfTime
    return np.asarray(np.rint(result.x), dtype=np.int64)


def hitting_set(cuts: Sequence[Cut], weights: Integers, clock: Clock) -> Cut:
    """The lightest set of groups that has one of every cut; everybody (place 0) is never in it.

    Raises OutOfTime, also where a cut holds nothing but everybody.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    used = sorted(set().union(*cuts) - {0})
    rows = np.array([[float(place in cut) for place in used] for cut in cuts]).reshape(len(cuts), len(used))
    if not used or bool((rows.sum(axis=1) == 0).any()):
        raise OutOfTime
    result: Any = milp(
        weights[used] + 1e-3,
        integrality=np.ones(len(used)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(rows, 1, np.inf)],
        options={"time_limit": max(0.01, clock.left)},
    )
    if result.x is None:
        raise OutOfTime
    return frozenset(used[place] for place in np.flatnonzero(result.x > 0.5))


def smallest_cover(who: Incidence, shown: Flags, people: Integers, minimum: int, clock: Clock) -> Flags:
    """Which of the shown groups can stay shown, hiding as few people's groups as will do. Raises OutOfTime."""
    cuts: set[Cut] = set()
    sizes = who.counts(people)
    hidden: Cut = frozenset()
    while True:
        kept = shown.copy()
        kept[list(hidden)] = False
        found = simple_cuts(who, kept, people, minimum) or _as_set(find_leak(who, kept, people, minimum, clock))
        if not found:
            return kept
        cuts |= found
        hidden = hitting_set(sorted(cuts, key=sorted), sizes, clock)


def _as_set(cut: Cut | None) -> set[Cut]:
    return set() if cut is None else {cut}

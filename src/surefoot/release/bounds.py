"""Stage B: what exact bounds an attacker can put on hidden counts of answers, and whether they are wide enough.

The attacker knows, of one item, the exact count of every answer in every group that is shown for it, the base in every
group that is shown for anything, that no count is negative, and which profiles have people. Every table that agrees
with all of that is possible; the true one is among them. A hidden count is safe if the possible tables differ in it by
at least the safe width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surefoot.estimate.sums import picks
from surefoot.instrument import Question
from surefoot.release.incidence import Answers, Flags, Integers
from surefoot.release.leak import Clock
from surefoot.release.scene import Scene
from surefoot.release.tables import Tables, furthest


def targets_of(question: Question, answers: Answers, joint: Sequence[tuple[str, ...]] = ()) -> Flags:
    """What an attacker would like to count: every share that is made of the item, and everybody who answered.

    Of a box or a rank, left empty is no answer of its own. joint: options whose shares are made together.
    """
    size = len(answers.labels)
    if question.kind == "single":
        codes = list(dict.fromkeys(tuple(pick.codes) for pick in picks(question, joint)))
    else:
        codes = [(code,) for code in range(0 if question.kind == "number" else 1, size)]
    rows = [np.isin(np.arange(size), part) for part in codes if part]
    return np.vstack([*rows, np.ones(size, dtype=bool)])


def unsafe(scene: Scene, reach: Reach, clock: Clock) -> tuple[int, int] | None:
    """One hidden count whose bounds are too narrow, as (target, group); None where all are wide enough.

    First what subtraction alone bounds, then possible tables far apart, count by count. reach: what was found before,
    with the same or more groups shown; it is widened. Raises OutOfTime.
    """
    narrow = np.argwhere(simple_width(scene) < scene.safe_width)
    if len(narrow):
        return int(narrow[0][0]), int(narrow[0][1])
    if not len(reach.open(scene)):
        return None
    tables = Tables(scene, clock)
    while len(left := reach.open(scene)):
        target, group = int(left[0][0]), int(left[0][1])
        if not _is_wide(tables, reach, target, group):
            return target, group
    return None


def _is_wide(tables: Tables, reach: Reach, target: int, group: int) -> bool:
    """Whether possible tables differ in a count by its safe width: by rounding, by its bounds, or else for certain."""
    scene, factors = tables.scene, tables.sum_of(target, group)
    safe = int(scene.safe_width[target, group])

    def reached(table: Integers | None) -> bool:
        if table is not None:
            reach.meet(scene.totals(table))
        return bool(reach.high[target, group] - reach.low[target, group] >= safe)

    if reached(tables.within(factors, reach.low[target, group] + safe, np.inf)):
        return True
    if reached(tables.within(factors, -np.inf, reach.high[target, group] - safe)):
        return True
    low, high = tables.ends(factors)
    if high - low < safe:
        return False
    return reached(furthest(tables, factors)) or reached(furthest(tables, -factors))


def simple_width(scene: Scene) -> Integers:
    """[target, group]: the most by which a hidden count can differ, as far as single subtractions tell.

    Of the people left in a shown group when others are taken away, a hidden group inside has at most all with the
    answer; of its known base, at least those for whom there is no room among the people left with other answers.
    """
    base = scene.who.counts(scene.answers.base)
    known = scene.known & ~scene.shown
    width = np.full((len(scene.targets), len(base)), int(base[0]), dtype=np.int64)
    for around in scene.derivable:
        inside = ~(scene.who.member & ~around & (scene.who.people > 0)).any(axis=1)
        by_answer = scene.answers.table[:, around].sum(axis=1)
        with_it = (scene.targets @ by_answer)[:, None]
        without = by_answer.sum() - with_it
        high = np.where(known[None, :], np.minimum(with_it, base[None, :]), with_it)
        low = np.where(known[None, :], np.maximum(0, base[None, :] - without), 0)
        width[:, inside] = np.minimum(width[:, inside], (high - low)[:, inside])
    return width


@dataclass(frozen=True, eq=False)
class Reach:
    """The lowest and highest value of each count over the possible tables met so far; whole numbers all.

    A table that is possible stays possible when more groups are hidden, so what was reached once holds on.
    """

    low: Integers
    high: Integers

    @classmethod
    def of(cls, counts: Integers) -> Reach:
        """Nothing but the true counts, [target, group]."""
        return cls(counts.copy(), counts.copy())

    def open(self, scene: Scene) -> Integers:
        """Counts not yet shown to be safe: (target, group) pairs."""
        return np.argwhere(self.high - self.low < scene.safe_width)

    def meet(self, counts: Integers) -> None:
        """Take note of the counts of one more possible table."""
        np.minimum(self.low, counts, out=self.low)
        np.maximum(self.high, counts, out=self.high)

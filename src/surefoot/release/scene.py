"""The scene of an attack on one item: who is in which group, what is known, and how far apart bounds have to be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from surefoot.release.incidence import Answers, Flags, Incidence, Integers
from surefoot.release.leak import residuals

SAFE_WIDTH = 3


@dataclass(frozen=True, eq=False)
class Scene:
    """What there is to attack in one item.

    shown: groups whose answers are shown; known: groups whose base is known (shown for other questions, and routing
    tells the rest), a superset of `shown`; both bool arrays [group].
    ceiling: int array [group], the most people that everybody knows there can be, such as the headcount; -1: no limit.
    targets: what is counted, a bool array [target, answer]: single answers, sides of a scale, all answers.
    """

    who: Incidence
    answers: Answers
    shown: Flags
    known: Flags
    ceiling: Integers
    targets: Flags

    def totals(self, table: Integers) -> Integers:
        """[target, group] of a table [answer, profile]."""
        return self.who.counts(self.targets.astype(np.int64) @ table)

    @cached_property
    def safe_width(self) -> Integers:
        """[target, group]: how far apart the bounds of a hidden count must be; 0 where the group is shown.

        The least of 3, the group's base, and the count of the target in every shown or derivable group around it.
        """
        base = self.who.counts(self.answers.base)
        width = np.repeat(np.minimum(SAFE_WIDTH, base)[None, :], len(self.targets), axis=0)
        real = self.who.people > 0
        for around in self.derivable:
            inside = ~(self.who.member & ~around & real).any(axis=1) & self._fewer(around)
            count = self.targets @ self.answers.table[:, around].sum(axis=1)
            width[:, inside] = np.minimum(width[:, inside], count[:, None])
        width[:, self.shown] = 0
        width[-1, self.known] = 0
        return np.asarray(width)

    def _fewer(self, around: Flags) -> Flags:
        """Groups with fewer people than some others: what is left of those is no group around itself.

        Of a shown group with the very same people the count is published; of a rest it would be what is hidden.
        """
        if any(np.array_equal(around, member) for member in self.who.member[self.shown]):
            return np.ones(len(self.who.groups), dtype=bool)
        return np.asarray((around & ~self.who.member & (self.who.people > 0)).any(axis=1))

    @cached_property
    def derivable(self) -> list[Flags]:
        """Bool arrays [profile] of the people in shown groups, and in what is left when others are taken away."""
        rests = residuals(self.who, self.shown, self.who.people)
        return [*self.who.member[self.shown], *(rest for _, taken, rest in rests if len(taken))]

"""Protecting one question: the groups for which it is not shown, so that no hidden answer can be worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from surefoot.instrument import Question
from surefoot.release.bounds import Reach, targets_of, unsafe
from surefoot.release.concentration import concentrated, concentrated_rest
from surefoot.release.incidence import Answers, Flags, Incidence, Integers
from surefoot.release.leak import Clock, OutOfTime, smallest_cover
from surefoot.release.policy import Policy
from surefoot.release.scene import Scene

SMALL, ALIKE, SECONDARY, UNPROVED, CROSS = "small", "alike", "secondary", "unproved", "cross"
"""Reasons: too few people; (nearly) all answered alike; it would give away another; not proved safe in time; a table
that the study did not declare. For the analyst alone: each tells something about what it hides."""


@dataclass(frozen=True, eq=False)
class Case:
    """One question to protect.

    shown: groups that are shown at all. allowed: those that no other question forbids to show here. ceiling: the most
    people that there can be, as everybody knows, -1 without limit. joint: options whose shares are made together.
    """

    who: Incidence
    question: Question
    items: tuple[Answers, ...]
    shown: Flags
    allowed: Flags
    ceiling: Integers
    policy: Policy
    joint: tuple[tuple[str, ...], ...] = ()
    stage_b: bool = True
    reached: dict[str, Reach] = field(default_factory=dict)

    def content(self) -> dict[str, Any]:
        """Everything that the protection follows from, for its digest."""
        return {
            "question": [self.question.id, self.question.kind, bool(self.question.show_if)],
            "sensitive": [option.id for option in self.question.options if option.sensitive_absence],
            "targets": [targets_of(self.question, item, self.joint).astype(int).tolist() for item in self.items],
            "groups": [str(group) for group in self.who.groups],
            "member": np.packbits(self.who.member).tolist(),
            "people": self.who.people.tolist(),
            "items": [
                [item.item, list(item.labels), item.table.tolist(), item.not_asked.tolist()] for item in self.items
            ],
            "shown": np.flatnonzero(self.shown).tolist(),
            "allowed": np.flatnonzero(self.allowed).tolist(),
            "ceiling": self.ceiling.tolist(),
            "policy": [self.policy.minimum_base, self.policy.zero_full_rule, self.stage_b],
        }

    def enough(self) -> Flags:
        """Groups with enough answers to every item; also those that were not asked, which is no secret."""
        bases = np.stack([self.who.counts(item.base) for item in self.items])
        unasked = np.stack([self.who.counts(item.not_asked) for item in self.items]) == self.who.sizes
        by_design = unasked.all(axis=0) & (bool(unasked[:, 0].all()) | (not self.question.show_if))
        return np.asarray((bases >= self.policy.minimum_base).all(axis=0) | by_design)

    def alike(self) -> Flags:
        """Groups in which (nearly) everybody answered alike."""
        if not self.policy.zero_full_rule:
            return np.zeros(len(self.who.groups), dtype=bool)
        each = [concentrated(self.question, item, self.who.counts(item.table)) for item in self.items]
        return np.asarray(np.any(each, axis=0))

    def cover(self, shown: Flags, clock: Clock) -> Flags:
        """Stage A on the people who answered, for every item whose people are others."""
        for people in {item.base.tobytes(): item.base for item in self.items}.values():
            shown = smallest_cover(self.who, shown, people, self.policy.minimum_base, clock)
        return shown

    def exposed(self, shown: Flags, clock: Clock) -> int | None:
        """A group that must be hidden too, None where all is safe."""
        if self.policy.zero_full_rule:
            for item in self.items:
                for outer, taken in concentrated_rest(self.who, self.question, item, shown):
                    return self._smallest(shown, taken, outer)
        if not self.stage_b or self.question.kind == "number":
            return None
        for item in self.items:
            scene = self._scene(item, shown)
            reach = self.reached.setdefault(item.item, Reach.of(scene.totals(item.table)))
            found = unsafe(scene, reach, clock)
            if found is not None:
                return self._smallest(shown, self._kin(shown, found[1]), 0)
        return None

    def _scene(self, item: Answers, shown: Flags) -> Scene:
        return Scene(self.who, item, shown, self.shown, self.ceiling, targets_of(self.question, item, self.joint))

    def _kin(self, shown: Flags, group: int) -> Integers:
        """Shown groups whose hiding widens a group's bounds: of its breakdown, and inside the same shown group."""
        alike = shown & (self.who.breakdowns == self.who.breakdowns[group])
        outer = self.who.member[shown & (self.who.breakdowns > 0)]
        inside: Flags = ~np.asarray((self.who.member[None, :, :] & ~outer[:, None, :]).any(axis=2))
        close = alike & inside[inside[:, group]].any(axis=0)
        return np.flatnonzero(close if close.any() else alike)

    def _smallest(self, shown: Flags, preferred: Integers, last: int) -> int:
        """The smallest shown group among the preferred ones, else among all but the last, else the last."""
        sizes = self.who.counts(self.items[0].base)
        others = np.setdiff1d(np.flatnonzero(shown), [0, last])
        for places in (preferred[shown[preferred] & (preferred != 0)], others, np.array([last]), np.array([0])):
            if len(places) and shown[places].any():
                return int(places[np.argmin(sizes[places])])
        raise OutOfTime


def protect(case: Case, clock: Clock) -> dict[int, str]:
    """The groups (places) for which a question is not shown though they are shown otherwise, each with the reason."""
    enough, alike = case.enough(), case.alike()
    reasons = dict.fromkeys(np.flatnonzero(case.shown & ~enough).tolist(), SMALL)
    reasons |= dict.fromkeys(np.flatnonzero(case.shown & enough & alike).tolist(), ALIKE)
    try:
        shown, why = _safe(case, case.shown & case.allowed & enough & ~alike, clock), SECONDARY
    except OutOfTime:
        shown, why = np.zeros(len(case.shown), dtype=bool), UNPROVED
    rest = np.flatnonzero(case.shown & ~shown).tolist()
    return dict.fromkeys(rest, why) | reasons


def _safe(case: Case, shown: Flags, clock: Clock) -> Flags:
    """Hide one group more until nothing hidden can be worked out. Raises OutOfTime.

    Stage A once is enough: what fewer groups add up to, more groups add up to as well.
    """
    shown = case.cover(shown, clock)
    while shown.any() and (exposed := case.exposed(shown, clock)) is not None:
        shown = shown.copy()
        shown[exposed] = False
    return shown

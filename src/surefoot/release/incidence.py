"""Who is in which group: groups by profiles, as everybody can know them, and the counts that they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from surefoot.estimate.figure import EVERYONE, Group
from surefoot.instrument import Question
from surefoot.responses import MISSING, Missing
from surefoot.tally import PROFILE, N, Tally, missing_place

Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Incidence:
    """Every group and every profile of a tally.

    groups: all of them, everybody first. breakdowns: for each group, the number of its grouping. member: bool array
    [group, profile]. people: int array [profile], everyone who took part. A profile is the people who share all groups.
    """

    groups: tuple[Group, ...]
    breakdowns: Integers
    member: Flags
    people: Integers

    @cached_property
    def sizes(self) -> Integers:
        """People in each group."""
        return self.counts(self.people)

    @cached_property
    def place(self) -> dict[Group, int]:
        """Each group's place in `groups`."""
        return {group: place for place, group in enumerate(self.groups)}

    def counts(self, by_profile: Integers) -> Integers:
        """Counts by profile added up to counts by group; the last axis is the profile, then the group."""
        return np.asarray(by_profile @ self.member.T.astype(np.int64))

    @cached_property
    def partitions(self) -> tuple[Integers, ...]:
        """The places of the groups of each breakdown; everybody is no breakdown."""
        numbers = range(1, int(self.breakdowns.max(initial=0)) + 1)
        return tuple(np.flatnonzero(self.breakdowns == number) for number in numbers)

    def without(self, breakdown: int) -> Flags:
        """Which groups are not of one breakdown."""
        return np.asarray(self.breakdowns != breakdown)


def incidence(tally: Tally) -> Incidence:
    """Read groups and profiles from a tally; profile labels are the places in every other grouping."""
    names = [name for name in tally.axes if name != PROFILE]
    groups = [Group(name, label) for name in names for label in tally.axes[name].labels]
    numbers = [number for number, name in enumerate(names) for _ in tally.axes[name].labels]
    labels = tally.axes[PROFILE].labels
    places = np.array([[int(part) for part in label.split("|")] for label in labels], dtype=np.int64)
    places = places.reshape(len(labels), len(names))
    member = [places[:, number] == own for number, name in enumerate(names) for own in range(len(tally.axes[name]))]
    people = next(iter(_tables(tally, PROFILE)), np.zeros((len(labels), 0), dtype=np.int64)).sum(axis=1)
    groups[0] = EVERYONE
    return Incidence(tuple(groups), np.array(numbers, dtype=np.int64), np.array(member), np.asarray(people))


def _tables(tally: Tally, grouping: str) -> Iterator[Integers]:
    return (tally.cells(grouping, item)[N] for item in tally.items)


@dataclass(frozen=True, eq=False)
class Answers:
    """The answers of one item by profile. table: [answer, profile]; in multi and ranked items, left empty is the first.

    labels: the answers. not_asked: people by profile who were not asked.
    """

    item: str
    labels: tuple[str, ...]
    table: Integers
    not_asked: Integers

    @cached_property
    def base(self) -> Integers:
        """People by profile who gave an answer."""
        return np.asarray(self.table.sum(axis=0))


def answers_of(tally: Tally, question: Question) -> tuple[Answers, ...]:
    """The answers of every item of a question, by profile."""
    return tuple(_answers(tally, question, item) for item in question.items if item in tally.items)


def _answers(tally: Tally, question: Question, item: str) -> Answers:
    cells: npt.NDArray[Any] = tally.cells(PROFILE, item)[N]
    labels = tally.items[item].labels[: -len(MISSING)]
    table = cells[:, : len(labels)].T.copy()
    if question.kind in ("multi", "ranked"):
        table[0] += cells[:, missing_place(Missing.UNTICKED)]
    return Answers(item, labels, np.asarray(table), np.asarray(cells[:, missing_place(Missing.NOT_ASKED)]))

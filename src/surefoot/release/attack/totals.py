"""Small totals: one to ten people found by adding and subtracting published groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surefoot.release.attack.knowledge import Knowledge
from surefoot.release.attack.program import SECONDS
from surefoot.release.attack.published import ALL, Group, Region

LARGEST = 10
MOST_TIMES = 9
"""How often a group may be added or subtracted: more than three times, since groups that others sum to are left out."""
MOST_PROFILES = 4000
Incidence = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SmallTotal:
    """A sum of published groups that is a set of one to ten people.

    groups: each group with how often it is added (or subtracted, if negative); total: people in the set.
    """

    question: str
    groups: tuple[tuple[Group, int], ...]
    total: int
    wave: str = "1"


@dataclass
class Totals:
    """Looks for small totals, question by question; questions with the same groups and bases are looked at once."""

    knowledge: Knowledge

    def __post_init__(self) -> None:
        self.unresolved = 0
        self._seen: dict[tuple[tuple[Group, int], ...], tuple[tuple[Group, int], ...] | None] = {}

    def find(self, question: str) -> SmallTotal | None:
        """One small total of a question, or None where no sum of its groups is one."""
        bases = tuple(
            (group, base)
            for group, base in self.knowledge.bases(question).items()
            if base > 0 and self._region(group) is not None and question not in (self._region(group) or {})
        )
        if bases not in self._seen:
            self._seen[bases] = self._solve(bases) if bases else None
        found = self._seen[bases]
        if found is None:
            return None
        sizes = dict(bases)
        return SmallTotal(
            question, found, sum(times * sizes[group] for group, times in found), self.knowledge.publication.wave
        )

    def _region(self, group: Group) -> Region | None:
        return self.knowledge.publication.region(group)

    def _solve(self, bases: Sequence[tuple[Group, int]]) -> tuple[tuple[Group, int], ...] | None:
        regions = [region for group, _ in bases if (region := self._region(group)) is not None]
        inside = incidence(regions, list(self._empty()), self.knowledge.publication.dimensions)
        if inside is None:
            self.unresolved += 1
            return None
        kept = spanning(inside, [group.breakdown for group, _ in bases])
        times = self._combine(inside[kept], np.array([bases[place][1] for place in kept], dtype=np.float64))
        if times is None:
            return None
        return tuple((bases[place][0], int(n)) for place, n in zip(kept, times, strict=True) if n)

    def _empty(self) -> Iterator[Region]:
        """Regions of which the release itself says that nobody is in them."""
        yield from (region for _, region, _, high in self.knowledge.sizes if high == 0)

    def _combine(self, inside: Incidence, sizes: Incidence) -> Incidence | None:
        """Whole factors by which groups sum to a set of 1 to 10 people; None where there are none, or time ran out."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        found = milp(
            np.zeros(len(inside)),
            integrality=np.ones(len(inside)),
            bounds=Bounds(-MOST_TIMES, MOST_TIMES),
            constraints=[LinearConstraint(inside.T, 0, 1), LinearConstraint(sizes[None, :], 1, LARGEST)],
            options={"time_limit": SECONDS},
        )
        self.unresolved += found.status == 1
        return None if found.x is None else np.rint(found.x)


def spanning(inside: Incidence, breakdowns: Sequence[str]) -> list[int]:
    """Places of groups of which every other one is a sum or a difference, so that no two sums say the same.

    Where the groups of a breakdown make up another group, that group is left out; where they make up everybody, who is
    first, one of them is.
    """
    kept = np.ones(len(inside), dtype=bool)
    names = np.array(breakdowns)
    whole = range(len(inside) - 1, -1, -1)
    for place, name in ((place, name) for place in whole for name in dict.fromkeys(breakdowns)):
        parts = np.flatnonzero(kept & (names == name) & (inside <= inside[place]).all(axis=1))
        if not kept[place] or name == names[place] or not len(parts):
            continue
        if np.array_equal(inside[parts].sum(axis=0), inside[place]):
            kept[parts[np.argmax(inside[parts].sum(axis=1))] if names[place] == ALL else place] = False
    return np.flatnonzero(kept).tolist()


def incidence(
    regions: Sequence[Region], empty: Sequence[Region], dimensions: Mapping[str, Sequence[str]]
) -> Incidence | None:
    """Which kind of people is in which group: groups by distinct kinds; None where there are too many kinds.

    Codes that no group tells apart are one. Kinds that are known to be empty are left out.
    """
    used = [name for name in dimensions if any(name in region for region in regions)]
    telling = [region for region in empty if set(region) <= set(used)]
    codes = [_distinct(name, dimensions[name], [*regions, *telling]) for name in used]
    if np.prod([float(len(part)) for part in codes]) > MOST_PROFILES:
        return None
    table = np.array([_kinds(region, used, codes) for region in regions], dtype=bool)
    nobody = np.any([_kinds(region, used, codes) for region in telling], axis=0) if telling else False
    return np.unique(table[:, ~np.broadcast_to(nobody, table.shape[1])], axis=1).astype(np.float64)


def _kinds(region: Region, used: Sequence[str], codes: Sequence[Sequence[str]]) -> npt.NDArray[np.bool_]:
    """Which kinds of people are in a region: one entry for each combination of codes."""
    found = np.ones(1, dtype=bool)
    for name, listed in zip(used, codes, strict=True):
        inside = np.array([name not in region or code in region[name] for code in listed], dtype=bool)
        found = np.outer(found, inside).ravel()
    return found


def _distinct(name: str, codes: Sequence[str], regions: Sequence[Region]) -> list[str]:
    """One code for each way of being in regions or not."""
    found: dict[tuple[bool, ...], str] = {}
    for code in codes:
        found.setdefault(tuple(name in region and code in region[name] for region in regions), code)
    return list(found.values())

"""All the kinds of people there can be: dimensions crossed with answers, no larger than what is published needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import prod

import numpy as np
import numpy.typing as npt

from surefoot.release.attack.published import Region

Columns = npt.NDArray[np.int64]
Clique = tuple[str, ...]


def cliques_of(dimensions: Sequence[str], together: Iterable[frozenset[str]]) -> tuple[Clique, ...]:
    """Sets of dimensions that must be crossed so that every set in `together` lies within one of them.

    They are the cliques of a chordal graph (elimination of the dimension that adds fewest edges), so tables of counts
    that agree where cliques overlap are the margins of one table of people: crossing more would tell nothing more.
    Source: Lauritzen 1996, Graphical Models, chapter 2; Dobra and Fienberg 2000, PNAS 97, 11885-11892.
    """
    near: dict[str, set[str]] = {name: set() for name in dimensions}
    for one in together:
        for a, b in combinations(sorted(one), 2):
            near[a].add(b)
            near[b].add(a)
    found: list[frozenset[str]] = []
    while near:
        name = min(near, key=lambda n: (_fill(near, n), len(near[n])))
        neighbours = near.pop(name)
        found.append(frozenset({name} | neighbours))
        for other in neighbours:
            near[other] = (near[other] | neighbours) - {name, other}
    return tuple(tuple(n for n in dimensions if n in c) for c in found if not any(c < d for d in found)) or ((),)


def _fill(near: Mapping[str, set[str]], name: str) -> int:
    return sum(b not in near[a] for a, b in combinations(sorted(near[name]), 2))


@dataclass(frozen=True)
class Crossing:
    """Numbers one variable for each kind of people and answer, clique by clique."""

    codes: Mapping[str, tuple[str, ...]]
    answers: tuple[str, ...]
    cliques: tuple[Clique, ...]

    @cached_property
    def tables(self) -> tuple[Columns, ...]:
        """The numbers of the variables, one array for each clique; the last axis is the answer."""
        found, start = [], 0
        for clique in self.cliques:
            shape = (*(len(self.codes[name]) for name in clique), len(self.answers))
            found.append(np.arange(start, start + prod(shape), dtype=np.int64).reshape(shape))
            start += prod(shape)
        return tuple(found)

    @property
    def size(self) -> int:
        """How many variables there are."""
        return sum(table.size for table in self.tables)

    def columns(self, region: Region, answers: Iterable[str]) -> Columns:
        """The variables whose sum is the number of people of a region who gave one of the answers."""
        place = next(i for i, clique in enumerate(self.cliques) if set(region) <= set(clique))
        return self._within(place, region, answers)

    def _within(self, place: int, region: Region, answers: Iterable[str]) -> Columns:
        axes = [
            [i for i, code in enumerate(self.codes[name]) if name not in region or code in region[name]]
            for name in self.cliques[place]
        ]
        wanted = set(answers)
        axes.append([i for i, answer in enumerate(self.answers) if answer in wanted])
        return self.tables[place][np.ix_(*axes)].ravel()

    def agreements(self) -> Iterator[tuple[Columns, Columns]]:
        """Pairs of sums that must be equal, since two cliques speak of the same people."""
        joined = [0]
        while len(joined) < len(self.cliques):
            here, there = max(
                ((i, j) for i in joined for j in range(len(self.cliques)) if j not in joined),
                key=lambda pair: len(set(self.cliques[pair[0]]) & set(self.cliques[pair[1]])),
            )
            joined.append(there)
            yield from self._shared(here, there)

    def _shared(self, here: int, there: int) -> Iterator[tuple[Columns, Columns]]:
        shared = [name for name in self.cliques[here] if name in self.cliques[there]]
        for index in np.ndindex(*(len(self.codes[name]) for name in shared)):
            region = {name: frozenset([self.codes[name][i]]) for name, i in zip(shared, index, strict=True)}
            for answer in self.answers:
                yield self._within(here, region, [answer]), self._within(there, region, [answer])

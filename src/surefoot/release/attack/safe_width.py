"""How wide the range of a hidden count has to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from surefoot.release.attack.knowledge import Counts
from surefoot.release.attack.published import EVERYBODY, NOWHERE, ORGANISATION, Group, Hidden, Publication, Region
from surefoot.release.attack.puzzle import Puzzle

SAFE = 3
"""The widest that a range ever has to be."""


class Around(NamedTuple):
    """People around a cell whose count is known: a shown group, without those of its parts that are shown too."""

    region: Region
    whole: Region
    parts: tuple[Region, ...]


@dataclass
class SafeWidth:
    """S = min(3, base, smallest count of the answer in what is published around the cell): a range as wide is safe.

    Published around it is a shown group that holds the cell, and the part of such a group that is left when its shown
    parts are taken away. Where parts of the cell itself are shown, only what is left of it is hidden: that counts.
    """

    puzzle: Puzzle
    hidden: Hidden
    answers: frozenset[str]
    truth: Counts

    @property
    def publication(self) -> Publication:
        """The release."""
        return self.puzzle.knowledge.publication

    @property
    def region(self) -> Region:
        """Who is in the cell's group."""
        return self.publication.region(self.hidden.group) or {}

    def found(self, width: int) -> tuple[int, int]:
        """The smallest and the largest that S can be; they are one where the truth is given.

        width: of the range that is known; once S is no more than that, nobody needs to know it closer.
        """
        known = self.truth.get((*self.hidden.group, self.hidden.question, ""))
        low, high = self._range(self.region, self.puzzle.item.given, known)
        for region in (self.region, *self._left()):
            for around in self._around(region):
                if high <= width:
                    return low, high
                least, most = self._range(around.region, self.answers, self._actual(around))
                low, high = min(low, least), min(high, most)
        return low, high

    def _range(self, region: Region, answers: frozenset[str], known: int | None) -> tuple[int, int]:
        if known is not None:
            return min(SAFE, known), min(SAFE, known)
        least, most = (self.puzzle.end(region, answers, SAFE, largest=largest) for largest in (False, True))
        return least, most

    def _actual(self, around: Around) -> int | None:
        """The true count of what is around, where the truth holds all its parts."""
        counts = [self._true_count(region) for region in (around.whole, *around.parts)]
        known = [count for count in counts if count is not None]
        return known[0] - sum(known[1:]) if len(known) == len(counts) else None

    def _true_count(self, region: Region) -> int | None:
        group = next((g for shown, g in self.shown if shown == region), None)
        return None if group is None else self.truth.get((*group, self.hidden.question, self.hidden.selector))

    @cached_property
    def shown(self) -> list[tuple[Region, Group]]:
        """Groups for which this count is shown, with their regions."""
        if self.hidden.question == "":
            rows = self.publication.turnout.items()
            names = [EVERYBODY if name == "all" else Group(ORGANISATION, name) for name, row in rows if row.answered]
            return [(region, group) for group in names if (region := self.publication.region(group)) is not None]
        return [
            (region, figure.group)
            for figure, region in self.puzzle.knowledge.figures.get(self.hidden.question, ())
            if figure.kind == "share" and figure.selector == self.hidden.selector and figure.shown
        ]

    @cached_property
    def _regions(self) -> list[Region]:
        return [region for region, _ in self.shown]

    def _around(self, region: Region) -> Iterator[Around]:
        holding = (shown for shown in self._regions if shown != self.region and _holds(shown, region))
        yield from (Around(shown, shown, ()) for shown in holding)
        for kept in (names for size in range(len(region)) for names in combinations(region, size + 1)):
            wider = {name: region[name] for name in kept}
            for name in wider:
                yield from self._rest(name, wider, wider=len(wider) < len(region))

    def _rest(self, name: str, region: Region, *, wider: bool) -> Iterator[Around]:
        """What is left of a shown parent when its shown parts are taken away, if that is more than the cell.

        wider: whether the region is more than the cell already.
        """
        outside = {key: codes for key, codes in region.items() if key != name}
        for parent in self._parents(name, region):
            whole = {key: codes for key, codes in {**outside, name: parent}.items() if not self._all(key, codes)}
            for taken in self._taken(name, outside, parent - region[name]):
                rest = parent.difference(*taken)
                others = rest - region[name]
                more = self._anybody({**outside, name: others}) if others else wider
                if more and whole in self._regions:
                    yield Around({**outside, name: rest}, whole, tuple({**outside, name: codes} for codes in taken))

    def _taken(self, name: str, outside: Region, within: frozenset[str]) -> Iterator[tuple[frozenset[str], ...]]:
        """Shown parts of some codes of a dimension that can be taken away together: single codes, or unions first."""
        shown = {
            region[name] for region in self._regions if name in region and {**outside, name: region[name]} == region
        }
        inside = sorted((codes for codes in shown if codes <= within), key=lambda part: (-len(part), sorted(part)))
        yield tuple(codes for codes in inside if len(codes) == 1)
        found: list[frozenset[str]] = []
        for codes in inside:
            if codes.isdisjoint(frozenset().union(*found)):
                found.append(codes)
        yield tuple(found)

    def _parts(self, name: str, outside: Region) -> frozenset[str]:
        """Codes of a dimension for which the count is shown, within what is said of other dimensions."""
        parts = [region[name] for region in self._regions if name in region and len(region[name]) == 1]
        return frozenset(code for codes in parts for code in codes if {**outside, name: codes} in self._regions)

    def _left(self) -> Iterator[Region]:
        """The cell without those of its parts that are shown."""
        for name in self.publication.dimensions:
            codes = self.region.get(name, frozenset(self.publication.dimensions[name]))
            parts = self._parts(name, {key: found for key, found in self.region.items() if key != name})
            left = {**self.region, name: codes - parts}
            if codes & parts and left[name] and self._anybody(left):
                yield left

    def _anybody(self, region: Region) -> bool:
        return self.puzzle.end(region, frozenset(self.puzzle.item.answers), SAFE, largest=True) > 0

    def _all(self, name: str, codes: frozenset[str]) -> bool:
        return codes >= frozenset(self.publication.dimensions[name])

    def _parents(self, name: str, region: Region) -> Iterator[frozenset[str]]:
        yield frozenset(self.publication.dimensions[name]) | {NOWHERE}
        if name == ORGANISATION:
            kinds = self.publication.types
            mine = {kinds.get(code) for code in region[name]}
            yield frozenset(code for code, kind in kinds.items() if kind in mine)


def _holds(outer: Region, inner: Region) -> bool:
    return all(name in inner and inner[name] <= codes for name, codes in outer.items())

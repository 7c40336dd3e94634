"""How wide the range of a hidden count has to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from surefoot.release.attack.knowledge import Counts
from surefoot.release.attack.published import EVERYBODY, NOWHERE, ORGANISATION, Group, Hidden, Publication, Region
from surefoot.release.attack.puzzle import Puzzle

SAFE = 3
"""The widest that a range ever has to be."""


@dataclass
class SafeWidth:
    """S = min(3, base, smallest count of the answer in what is published around the cell): a range as wide is safe.

    Published around it is a shown group that holds the cell, and the part of such a group that is left when its shown
    parts are taken away. Where parts of the cell itself are shown, only what is left of it is hidden: that counts.
    """

    puzzle: Puzzle
    hidden: Hidden
    answers: frozenset[str]

    @property
    def publication(self) -> Publication:
        """The release."""
        return self.puzzle.knowledge.publication

    @property
    def region(self) -> Region:
        """Who is in the cell's group."""
        return self.publication.region(self.hidden.group) or {}

    def found(self, truth: Counts, enough: int = 0) -> int:
        """S, with the base from the truth where it is given, else the largest that it can be.

        enough: a width that is known to be there; once S is no more than that, nobody needs to know it closer.
        """
        base = truth.get((*self.hidden.group, self.hidden.question, ""))
        width = min(SAFE, self._most(self.region, self.puzzle.item.given) if base is None else base)
        for region in (self.region, *self._left()):
            for around in self._around(region):
                if width <= enough:
                    return width
                width = min(width, self._most(around, self.answers))
        return width

    def _most(self, region: Region, answers: frozenset[str]) -> int:
        return self.puzzle.most(region, answers, SAFE)

    @cached_property
    def shown(self) -> list[Region]:
        """Regions for which this count is shown."""
        if self.hidden.question == "":
            rows = self.publication.turnout.items()
            names = [EVERYBODY if name == "all" else Group(ORGANISATION, name) for name, row in rows if row.answered]
            return [region for group in names if (region := self.publication.region(group)) is not None]
        knowledge = self.puzzle.knowledge
        return [
            region
            for figure, region in knowledge.figures.get(self.hidden.question, ())
            if figure.kind == "share" and figure.selector == self.hidden.selector and knowledge.span(figure)
        ]

    def _around(self, region: Region) -> Iterator[Region]:
        yield from (shown for shown in self.shown if shown != self.region and _holds(shown, region))
        for name in region:
            yield from self._rest(name, region)

    def _rest(self, name: str, region: Region) -> Iterator[Region]:
        """What is left of a shown parent when all its shown parts are taken away, if that is more than the cell."""
        outside = {key: codes for key, codes in region.items() if key != name}
        parts = self._parts(name, outside)
        for parent in self._parents(name, region):
            rest = parent - parts
            others = rest - region[name]
            whole = {key: codes for key, codes in {**outside, name: parent}.items() if not self._all(key, codes)}
            if others and region[name] <= rest and whole in self.shown and self._anybody({**outside, name: others}):
                yield {**outside, name: rest}

    def _parts(self, name: str, outside: Region) -> frozenset[str]:
        """Codes of a dimension for which the count is shown, within what is said of other dimensions."""
        parts = [region[name] for region in self.shown if name in region and len(region[name]) == 1]
        return frozenset(code for codes in parts for code in codes if {**outside, name: codes} in self.shown)

    def _left(self) -> Iterator[Region]:
        """The cell without those of its parts that are shown."""
        for name in self.publication.dimensions:
            codes = self.region.get(name, frozenset(self.publication.dimensions[name]))
            parts = self._parts(name, {key: found for key, found in self.region.items() if key != name})
            left = {**self.region, name: codes - parts}
            if codes & parts and left[name] and self._anybody(left):
                yield left

    def _anybody(self, region: Region) -> bool:
        return self._most(region, frozenset(self.puzzle.item.answers)) > 0

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

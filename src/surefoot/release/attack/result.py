"""What an attack found: cells that are recovered or narrowed, small totals, and how much survives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from surefoot.errors import Refused
from surefoot.release.attack.knowledge import Counts
from surefoot.release.attack.published import (
    ALL,
    EVERYBODY,
    ORGANISATION,
    SERVICE_TYPE,
    Group,
    Publication,
)
from surefoot.release.attack.totals import SmallTotal

SCHEMA = "surefoot/attack/1"
SOME = 10
"""The most of a kind that is told in words; JSON has all."""
COVERED = (
    "adding and subtracting all shown groups; shares, nets, medians and intervals turned back into counts; totals "
    "weighted by headcount; who took part; routed questions; groups by organisations that nobody declared; numbers "
    "left in the files; two releases of one wave."
)
NOT_COVERED = (
    "what colleagues know of each other; who answered in two waves; means; shares in which people weigh differently "
    "(their bases are); report.html and report.xlsx, which are made from the same figures."
)


@dataclass(frozen=True)
class Cell:
    """A hidden count that the attacker found too much about: it is known to lie from `low` to `high`.

    safe_width: the width S that would have been safe, the largest that it can be. question is "" where the count is of
    all who answered.
    """

    group: Group
    question: str
    selector: str
    low: int
    high: int
    safe_width: int
    wave: str = "1"

    @property
    def recovered(self) -> bool:
        """Whether the count is known exactly."""
        return self.low == self.high


@dataclass(frozen=True)
class AttackResult:
    """The account of one attack on one release.

    cells: counts of the release, shown or hidden; suppressed: those that are hidden. recovered, narrowed: hidden cells
    that are known too closely. possible: cells that may be; without the truth nobody can say, since S depends on counts
    that roundings leave open (0 % of 1,000 people are none or up to five). mistaken: cells that the attacker
    wrongly believed to know (only where the truth was given). unresolved: cells, questions or totals on which the
    attacker ran out of time or whose figures contradict each other; simplified: questions that were attacked with a
    part of the sizes of pairs of groups only. groups_surviving_share: 0 to 1, by base.
    """

    cells: int
    suppressed: int
    recovered: tuple[Cell, ...]
    narrowed: tuple[Cell, ...]
    small_totals: tuple[SmallTotal, ...]
    groups_surviving_share: float
    possible: tuple[Cell, ...] = ()
    mistaken: tuple[Cell, ...] = ()
    unresolved: tuple[str, ...] = ()
    simplified: int = 0
    printed: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether nothing was found; what could not be resolved does not pass."""
        return not (self.recovered or self.narrowed or self.small_totals or self.unresolved or self.printed)

    def to_json(self) -> dict[str, Any]:
        """The result as a plain object with its schema; groups as objects."""
        return {
            "schema": SCHEMA,
            "passed": self.passed,
            "cells": self.cells,
            "suppressed": self.suppressed,
            "recovered": [_cell(cell) for cell in self.recovered],
            "narrowed": [_cell(cell) for cell in self.narrowed],
            "possible": [_cell(cell) for cell in self.possible],
            "mistaken": [_cell(cell) for cell in self.mistaken],
            "small_totals": [_total(total) for total in self.small_totals],
            "printed": list(self.printed),
            "groups_surviving_share": self.groups_surviving_share,
            "unresolved": list(self.unresolved),
            "simplified": self.simplified,
        }

    @property
    def reason(self) -> str:
        """Why the release does not withstand the attack, in words; empty where it does."""
        found = {
            "hidden counts that are known exactly": len(self.recovered),
            "hidden counts that are known too closely": len(self.narrowed),
            "totals of one to ten people": len(self.small_totals),
            "places in the files that say what they should not": len(self.printed),
            "parts that could not be attacked to the end": len(self.unresolved),
        }
        return ", ".join(f"{what}: {number}" for what, number in found.items() if number)

    def lines(self) -> list[str]:
        """The account in words, for a terminal: what was found, and what such an attack shows and does not."""
        groups = f"{self.groups_surviving_share:.0%} of groups, by number of people, are shown"
        cells = [*self.recovered, *self.narrowed]
        return [
            f"Attacked {self.cells:,} counts, {self.suppressed:,} of them hidden; {groups}.",
            f"  Recovered exactly: {len(self.recovered)}. Narrowed too much: {len(self.narrowed)}. "
            f"Totals of one to ten people: {len(self.small_totals)}. Said by mistake: {len(self.printed)}.",
            *(f"  {_told(cell)}" for cell in cells[:SOME]),
            *(f"  {_total_told(total)}" for total in self.small_totals[:SOME]),
            *(f"  {said}" for said in self.printed[:SOME]),
            *(f"  Not attacked to the end: {part}" for part in self.unresolved[:SOME]),
            *([f"  Too close if roundings hide small counts: {len(self.possible)}"] if self.possible else []),
            *([f"  Attacked with a part of what is known, being large: {self.simplified}"] if self.simplified else []),
            f"  Covered: {COVERED}",
            f"  Not covered: {NOT_COVERED}",
            "The release withstands this attack." if self.passed else "The release does not withstand this attack.",
        ]


def withstands(result: AttackResult, what: str) -> None:
    """Raise Refused for a release that does not withstand its attack."""
    if not result.passed:
        remedy = "Do not publish it; report it as a fault, or mend what was changed by hand."
        raise Refused("a release withstands attack", f"{what}: {result.reason}", remedy)


def _told(cell: Cell) -> str:
    value = f"is {cell.low}" if cell.recovered else f"lies from {cell.low} to {cell.high}"
    of = f"{cell.question} {cell.selector}".strip() or "people"
    return f"{cell.group.breakdown}={cell.group.code}, {of} (wave {cell.wave}): {value}"


def _total_told(total: SmallTotal) -> str:
    sign = {True: "+", False: "-"}
    groups = " ".join(f"{sign[times > 0]}{abs(times)}x {group.breakdown}={group.code}" for group, times in total.groups)
    return f"{total.question or 'people'} (wave {total.wave}): {total.total} people are {groups}"


def _cell(cell: Cell) -> dict[str, Any]:
    return {**asdict(cell), "group": cell.group._asdict()}


def _total(total: SmallTotal) -> dict[str, Any]:
    groups = [{**group._asdict(), "times": times} for group, times in total.groups]
    return {"question": total.question, "wave": total.wave, "total": total.total, "groups": groups}


def surviving(publication: Publication, truth: Counts) -> float:
    """The share of groups, weighted by people, for which anything is shown; 1 where nothing is divided.

    Sizes of hidden groups come from the truth where it is given, else from what is left of the whole.
    """
    shown, whole = 0.0, 0.0
    for breakdown in publication.breakdowns:
        if breakdown == ALL:
            continue
        parts = dict(_shown(publication, breakdown))
        missing = [group for group in publication.groups(breakdown) if group not in parts]
        sizes = [truth.get((*group, "", "")) for group in missing]
        known = sum(parts.values())
        left = max(0, _whole(publication, breakdown) - known) if missing else 0
        shown += known
        whole += known + (left if None in sizes else sum(size or 0 for size in sizes))
    return shown / whole if whole else 1.0


def _shown(publication: Publication, breakdown: str) -> Iterator[tuple[Group, int]]:
    bases: dict[Group, int] = {}
    for figure in publication.stated:
        if figure.shown and figure.group.breakdown == breakdown:
            bases[figure.group] = max(bases.get(figure.group, 0), figure.base or 0)
    yield from bases.items()


def _whole(publication: Publication, breakdown: str) -> int:
    """How many people a breakdown divides: those who answered its question."""
    divided = [part for part in publication.parts(breakdown) if part not in (ORGANISATION, SERVICE_TYPE)]
    bases: Mapping[str, list[int]] = {part: [] for part in divided or [""]}
    for figure in publication.stated:
        if figure.group == EVERYBODY and (figure.question in bases or not divided):
            bases[figure.question if divided else ""].append(figure.base or 0)
    everybody = max((f.base or 0 for f in publication.stated if f.group == EVERYBODY), default=0)
    return min(max(found, default=everybody) for found in bases.values())

"""Tables that nobody declared: what the share of a group tells of how it is spread over organisations.

A share in which organisations count by their headcount (strata, or weights to headcounts) is no longer the group's size
by all: with the number of people in each organisation, it bounds how many of the group are in which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from surefoot.interval import Floats
from surefoot.release.attack.crossing import Columns
from surefoot.release.attack.knowledge import Counts, Knowledge
from surefoot.release.attack.program import Program, Row, Search, matrix
from surefoot.release.attack.published import ALL, EVERYBODY, NOWHERE, ORGANISATION, Group, Publication, Stated
from surefoot.release.attack.result import Cell
from surefoot.release.attack.safe_width import SAFE
from surefoot.release.attack.totals import LARGEST

_NEARLY = 0.005 + 1e-9


@dataclass(frozen=True)
class Spread:
    """How the people of each group of one question are spread over organisations: groups by organisations.

    organisations: with the number of people who answered and the headcount of each. The last group holds those who left
    the question empty.
    """

    knowledge: Knowledge
    question: str
    groups: tuple[str, ...]
    organisations: Mapping[str, tuple[int, int]]
    base: int

    @property
    def _places(self) -> Columns:
        shape = (len(self.groups) + 1, len(self.organisations))
        return np.arange(shape[0] * shape[1], dtype=np.int64).reshape(shape)

    def narrow(self) -> Iterator[tuple[str, str, int, int]]:
        """Organisation, group, and how few and how many there are, where that is one to ten people, closely known."""
        places = self._places
        program = Program(places.size, places.size, list(self._rows()))
        if not program.feasible():
            return
        cells = [(o, g) for g in range(len(self.groups)) for o in range(len(self.organisations))]
        targets = [Row(places[g, [o]], np.ones(1), -np.inf, np.inf) for o, g in cells]
        lows, highs = Search(program, matrix(targets, places.size), SAFE).run()
        names = list(self.organisations)
        for (o, g), low, high in zip(cells, lows, highs, strict=True):
            if high - low < SAFE and 1 <= high <= LARGEST:
                yield names[o], self.groups[g], int(low), int(high)

    def _rows(self) -> Iterator[Row]:
        """Everybody who answered, by organisation; whoever answered the question; people of each group; the shares."""
        places = self._places
        for column, (answered, _) in enumerate(self.organisations.values()):
            yield _sum(places[:, column], answered, answered)
        yield _sum(places[:-1].ravel(), self.base, self.base)
        for row, group in enumerate(self.groups):
            yield _sum(places[row], self._least(Group(self.question, group)), np.inf)
        for figure, _ in self.knowledge.figures.get(self.question, ()):
            if figure.group == EVERYBODY and figure.kind == "share" and figure.shown and figure.selector in self.groups:
                yield from self._shares(figure)

    def _least(self, group: Group) -> int:
        """At least so many are in a group: the largest base of anything that it is shown for."""
        bases = (figure.base or 0 for figure in self.knowledge.publication.stated if figure.group == group)
        return max(bases, default=0)

    def _shares(self, figure: Stated) -> Iterator[Row]:
        inside, value = self._places[self.groups.index(figure.selector)], float(figure.value or 0)
        low, high = value - _NEARLY, value + _NEARLY
        if figure.pooled:
            yield _sum(inside, low * self.base, high * self.base)
        elif figure.weighted:
            yield self._weighted(inside, low, -1)
            yield self._weighted(inside, high, 1)
        else:
            yield Row(inside, self._by_headcount(0), -np.inf, high)
            yield Row(inside, self._by_headcount(self._silent), low, np.inf)

    @property
    def _silent(self) -> int:
        return sum(answered for answered, _ in self.organisations.values()) - self.base

    def _weighted(self, inside: Columns, end: float, side: int) -> Row:
        """People of the group, by weight, are at most (or at least) a share of those who answered, by weight."""
        weight = np.array([staff / answered for answered, staff in self.organisations.values()])
        everybody = self._places[:-1]
        factors = np.concatenate([weight, np.tile(-end * weight, len(everybody))])
        columns = np.concatenate([inside, everybody.ravel()])
        return Row(columns, factors, *((-np.inf, 0.0) if side > 0 else (0.0, np.inf)))

    def _by_headcount(self, silent: int) -> Floats:
        """What one person adds to a share in which organisations count by headcount, if so many left it empty there."""
        whole = sum(staff for _, staff in self.organisations.values())
        return np.array([staff / whole / max(1, answered - silent) for answered, staff in self.organisations.values()])


def _sum(columns: Columns, low: float, high: float) -> Row:
    return Row(columns, np.ones(len(columns)), low, high)


def spread_of(knowledge: Knowledge, question: str) -> Spread | None:
    """What is published of how a question's groups are spread over organisations.

    None where its shares are pooled, or weighted in a way that the release does not tell to the end, or where it is not
    known of every organisation in the total how many answered.
    """
    publication = knowledge.publication
    figures = [f for f, _ in knowledge.figures.get(question, ()) if f.group == EVERYBODY and f.kind == "share"]
    shown = [figure for figure in figures if figure.shown and figure.base]
    organisations = _turnouts(publication)
    if question == ORGANISATION or not organisations or all(figure.pooled for figure in shown):
        return None
    if any(figure.weighted for figure in shown) and not _weighted_to_headcounts(publication, organisations):
        return None
    groups = tuple(code for code in publication.dimensions[question] if code != NOWHERE)
    return Spread(knowledge, question, groups, organisations, shown[0].base or 0)


def _turnouts(publication: Publication) -> dict[str, tuple[int, int]]:
    """Answers and headcounts of the organisations in the total; nothing where they are not all of it."""
    rows = {name: publication.turnout[name] for name in publication.types if name in publication.turnout}
    known = {n: (row.answered, row.headcount) for n, row in rows.items() if row.answered and row.headcount}
    whole = publication.turnout.get(ALL)
    if whole is None or whole.answered != sum(answered for answered, _ in known.values()):
        return {}
    return known


def _weighted_to_headcounts(publication: Publication, organisations: Mapping[str, tuple[int, int]]) -> bool:
    """Whether everybody weighs as their organisation's staff are to its answers, and no weight is cut."""
    margins, trim = publication.weighted_to, publication.trim
    rates = [staff / answered for answered, staff in organisations.values()]
    mean = sum(staff for _, staff in organisations.values()) / sum(answered for answered, _ in organisations.values())
    return margins == (ORGANISATION,) and max(rates) <= trim * mean


def undeclared(knowledge: Knowledge, truth: Counts) -> tuple[list[Cell], list[Cell], list[Cell]]:
    """Cells of groups by organisations that are known to hold a few people: certain, possible, and wrongly believed.

    A cell that is printed is no secret. truth: counts for scoring; a cell that is empty there gives nobody away.
    """
    found: tuple[list[Cell], list[Cell], list[Cell]] = ([], [], [])
    publication = knowledge.publication
    printed = {figure.group for figure in publication.stated if figure.shown}
    for question in publication.dimensions:
        spread = spread_of(knowledge, question)
        for organisation, code, low, high in spread.narrow() if spread else ():
            group = Group(f"{ORGANISATION}.{question}", f"{organisation}.{code}")
            actual = truth.get((*group, "", ""), low)
            if group not in printed and (actual or (*group, "", "") not in truth):
                cell = Cell(group, "", "", low, high, SAFE, publication.wave)
                found[2 if not low <= actual <= high else 0 if low or actual else 1].append(cell)
    return found

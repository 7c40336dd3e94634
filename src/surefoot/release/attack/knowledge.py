"""What the published figures say about one question, as sums of people that lie between two numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from surefoot.release.attack.published import (
    EVERYBODY,
    NOWHERE,
    ORGANISATION,
    SERVICE_TYPE,
    Asked,
    Group,
    Publication,
    Region,
    Stated,
)
from surefoot.release.attack.spread import Bounds, counts_of, ends

SILENT = "(no answer)"
OTHERS = "(another answer)"
Counts = Mapping[tuple[str, str, str, str], int]
"""Exact counts by breakdown, code, question and selector; the selector "" is the base, the question "" all people."""


class Term(NamedTuple):
    """People of a region who gave one of the answers, times a factor."""

    region: Region
    answers: frozenset[str]
    factor: float = 1.0


class Claim(NamedTuple):
    """A sum of terms that lies between two numbers, both included."""

    terms: tuple[Term, ...]
    low: float
    high: float


class Mixture(NamedTuple):
    """A share of several organisations, each weighted by its headcount: group, factor by answer, low, high."""

    group: Group
    factors: Mapping[str, float]
    low: float
    high: float


@dataclass(frozen=True)
class Item:
    """What is counted at once: a question with one answer, or one option of a question with several."""

    asked: Asked
    option: str | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """Every answer, silence included."""
        return (*(self.asked.options if self.option is None else (self.option, OTHERS)), SILENT)

    @property
    def given(self) -> frozenset[str]:
        """Every answer that is in the base; of those who took part, all."""
        return frozenset(self.answers) - ({SILENT} if self.asked.id else set())

    def selected(self, selector: str) -> frozenset[str]:
        """The answers of a selector, empty where this item does not hold it."""
        return self.asked.answers(selector) & self.given


PEOPLE = Item(Asked("", "single", ("(answered)",), {}))
"""Not a question: how many people answered at all."""


def items(asked: Asked) -> Iterator[Item]:
    """The items of a question; none for numbers and texts."""
    if asked.kind == "single" and asked.options:
        yield Item(asked)
    elif asked.kind in ("multi", "ranked"):
        yield from (Item(asked, option) for option in asked.options)


@dataclass
class Knowledge:
    """Everything that a publication says; exact: counts of what is shown are known, not only their rounded shares.

    intervals: printed intervals are used too, and nobody left empty what a routed question was asked after.
    """

    publication: Publication
    exact: Counts = field(default_factory=dict)
    intervals: bool = True

    @cached_property
    def bounds(self) -> Bounds:
        """What printed intervals add."""
        return Bounds(self.publication)

    @cached_property
    def figures(self) -> dict[str, tuple[tuple[Stated, Region], ...]]:
        """Figures by question, each with its region."""
        found: dict[str, list[tuple[Stated, Region]]] = {}
        for figure in self.publication.stated:
            region = self.publication.region(figure.group)
            if region is not None:
                found.setdefault(figure.question, []).append((figure, region))
        return {question: tuple(listed) for question, listed in found.items()}

    def span(self, figure: Stated) -> tuple[int, int] | None:
        """Smallest and largest count that a published share can stand for."""
        known = self.exact.get((*figure.group, figure.question, figure.selector))
        if known is not None:
            return known, known
        if figure.value is None or figure.base is None or not figure.pooled:
            return None
        counts = counts_of(figure.value, figure.base)
        return ends(self.bounds.narrowed(figure, counts) if self.intervals else counts)

    # Claims about answers

    def about(self, item: Item) -> Iterator[Claim]:
        """What the figures of a question say about its own answers."""
        for figure, region in self.figures.get(item.asked.id, ()):
            yield from self._base(item, figure, region)
            if not figure.shown:
                continue
            if figure.kind == "share":
                yield from self._share(item, figure, region)
            elif figure.kind == "net" and figure.pooled:
                yield from self._net(item, figure, region)
            elif figure.kind == "median" and figure.pooled:
                yield from self._median(item, figure, region)
        yield from self._routing(item)

    def _routing(self, item: Item) -> Iterator[Claim]:
        """Whoever answered a question that is asked after one answer has given that answer, or left it empty later."""
        for later in self.publication.questions.values():
            for question, given in later.asked_after:
                if question == item.asked.id and given <= item.given:
                    figures = (figure for figure, _ in self.figures.get(later.id, ()))
                    # Some leave the first question empty and answer the later one; taken on only where it must be so.
                    answers = given if self.intervals else given | {SILENT}
                    yield from self._at_least_the_bases(figures, answers)

    def _base(self, item: Item, figure: Stated, region: Region) -> Iterator[Claim]:
        if figure.base is None or figure.kind == "mean":
            return
        placed = frozenset(o for o, position in item.asked.positions.items() if position is not None)
        yield _equal(region, placed & item.given if figure.kind == "median" else item.given, figure.base)

    def _share(self, item: Item, figure: Stated, region: Region) -> Iterator[Claim]:
        answers, span = item.selected(figure.selector), self.span(figure)
        if answers and span is not None:
            yield Claim((Term(region, answers),), *span)

    def _net(self, item: Item, figure: Stated, region: Region) -> Iterator[Claim]:
        if figure.base is None or figure.value is None:
            return
        span = ends(counts_of(figure.value, figure.base, least=-figure.base))
        high, low = item.selected("side:high"), item.selected("side:low")
        if span is not None and high and low:
            yield Claim((Term(region, high), Term(region, low, -1.0)), *span)

    def _median(self, item: Item, figure: Stated, region: Region) -> Iterator[Claim]:
        """Below the middle position are fewer than half of the placed answers, up to it at least half."""
        placed = {o: p for o, p in item.asked.positions.items() if p is not None}
        if figure.base is None or figure.value is None:
            return
        below = frozenset(o for o, p in placed.items() if p < figure.value - 1e-9)
        up_to = frozenset(o for o, p in placed.items() if p <= figure.value + 1e-9)
        half = figure.base / 2
        if below:
            yield Claim((Term(region, below),), 0, half - 0.25)
        if up_to:
            yield Claim((Term(region, up_to),), half, figure.base)

    def mixtures(self, item: Item) -> Iterator[Mixture]:
        """Figures for several organisations that are averages of their shares, not of their people.

        Of a routed question they are weighted by how many were asked, which is not published: nothing is used.
        """
        if item.asked.asked_after:
            return
        for figure, _ in self.figures.get(item.asked.id, ()):
            usable = figure.stratified and figure.shown and not figure.weighted and self.span(figure) is None
            if not usable or figure.value is None:
                continue
            factors = dict.fromkeys(item.selected(figure.selector), 1.0) if figure.kind == "share" else {}
            if figure.kind == "net":
                factors = dict.fromkeys(item.selected("side:high"), 1.0) | dict.fromkeys(
                    item.selected("side:low"), -1.0
                )
            if factors:
                yield Mixture(figure.group, factors, figure.value - 0.005 - 1e-9, figure.value + 0.005 + 1e-9)

    # Claims about people, whatever they answered

    def people(self, item: Item) -> Iterator[Claim]:
        """How many people are where: turnout, headcounts, and the questions by which people are divided."""
        everybody = frozenset(item.answers)
        for question, region, low, high in self.sizes:
            if question != item.asked.id:
                yield Claim((Term(region, everybody),), low, high)
        for region, low, high in self._turnout():
            yield Claim((Term(region, everybody),), low, high)
        if item is PEOPLE:
            yield from self._at_least_the_bases(self.publication.stated, PEOPLE.given)

    @cached_property
    def sizes(self) -> tuple[tuple[str, Region, int, int], ...]:
        """Sizes of groups, from questions that are breakdowns: the share of a role in an organisation counts it."""
        found = []
        for question in self.publication.dimensions:
            for figure, region in self.figures.get(question, ()):
                if question in region or figure.kind != "share" or figure.base is None:
                    continue
                codes = frozenset(self.publication.dimensions[question]) - {NOWHERE}
                found.append((question, {**region, question: codes}, figure.base, figure.base))
                answers, span = self.publication.questions[question].answers(figure.selector), self.span(figure)
                if span is not None and answers:
                    found.append((question, {**region, question: answers}, *span))
        return tuple({_key(*one): one for one in found}.values())

    def _turnout(self) -> Iterator[tuple[Region, int, int]]:
        rows = {EVERYBODY if n == "all" else Group(ORGANISATION, n): row for n, row in self.publication.turnout.items()}
        for group, row in (rows | dict(self.publication.coverage)).items():
            region = self.publication.region(group)
            if region is None:
                continue
            if row.answered is not None:
                yield region, row.answered, row.answered
            elif "fewer" in row.status or row.headcount is not None:
                most = self.publication.minimum - 1 if "fewer" in row.status else row.headcount or 0
                yield region, 0, most

    def _at_least_the_bases(self, figures: Iterable[Stated], answers: frozenset[str]) -> Iterator[Claim]:
        bases: dict[Group, int] = {}
        for figure in figures:
            bases[figure.group] = max(bases.get(figure.group, 0), figure.base or 0)
        for group, base in bases.items():
            region = self.publication.region(group)
            if region is not None and base:
                yield Claim((Term(region, answers),), base, float("inf"))

    # What strata need

    def bases(self, question: str) -> dict[Group, int]:
        """Published bases of a question by group."""
        return {f.group: f.base for f, _ in self.figures.get(question, ()) if f.base is not None and f.kind != "median"}

    def members(self, group: Group) -> tuple[str, ...]:
        """The organisations of a group that is made of organisations."""
        types = self.publication.types
        return tuple(o for o, kind in types.items() if group.breakdown != SERVICE_TYPE or kind == group.code)


def _equal(region: Region, answers: Iterable[str], count: int) -> Claim:
    return Claim((Term(region, frozenset(answers)),), count, count)


def _key(question: str, region: Region, low: int, high: int) -> tuple[object, ...]:
    return (question, tuple(sorted((name, tuple(sorted(codes))) for name, codes in region.items())), low, high)

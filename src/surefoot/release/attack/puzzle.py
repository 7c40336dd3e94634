"""One question as a puzzle: variables for every kind of person and answer, and rows for all that is published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from surefoot.release.attack.crossing import Crossing, cliques_of
from surefoot.release.attack.knowledge import PEOPLE, SILENT, Claim, Item, Knowledge, Mixture, Term
from surefoot.release.attack.program import Program, Row, matrix
from surefoot.release.attack.published import NOWHERE, ORGANISATION, Group, Region

MOST_VARIABLES = 6000
"""Above it, sizes of pairs of groups are left out, the least telling first."""
SMALL = 10


class Guess(NamedTuple):
    """What an attacker has to guess about the method.

    nowhere: some people belong to no organisation. strata: "apart" (each organisation a stratum), "merged" (those that
    are not shown form one together), or "" (weighted totals are not used).
    """

    nowhere: bool
    strata: str


GUESSES = (Guess(False, "apart"), Guess(False, "merged"), Guess(True, "apart"), Guess(True, "merged"), Guess(True, ""))


@dataclass
class Puzzle:
    """The integer program of one item under one guess, for the cells that are wanted."""

    knowledge: Knowledge
    item: Item
    guess: Guess
    wanted: tuple[Region, ...] = ()
    simplified: bool = field(default=False, init=False)
    reached: dict[object, int] = field(default_factory=dict, init=False)

    @cached_property
    def claims(self) -> list[Claim]:
        """All claims in this item's own terms, without what would make the crossing too large."""
        about, people = self._own(self.knowledge.about(self.item)), self._own(self.knowledge.people(self.item))
        for most in (np.inf, SMALL, 0):
            kept = [*about, *(c for c in people if c.high <= most or len(c.terms[0].region) < 2)]
            if self._crossing(kept).size <= MOST_VARIABLES:
                return kept
            self.simplified = True
        return [*about, *(c for c in people if len(c.terms[0].region) < 2)]

    def _own(self, claims: Iterable[Claim]) -> list[Claim]:
        return [Claim(tuple(self.own(term) for term in claim.terms), claim.low, claim.high) for claim in claims]

    def own(self, term: Term) -> Term:
        """A term whose region speaks of other dimensions than the question itself: its own codes are answers."""
        codes = term.region.get(self.item.asked.id)
        if codes is None:
            return term
        answers = frozenset(SILENT if code == NOWHERE else code for code in codes)
        others = {name: found for name, found in term.region.items() if name != self.item.asked.id}
        return Term(others, term.answers & answers, term.factor)

    @cached_property
    def codes(self) -> dict[str, tuple[str, ...]]:
        """Dimensions and codes that people are divided by, the question itself left out."""
        found = {name: c for name, c in self.knowledge.publication.dimensions.items() if name != self.item.asked.id}
        if self.guess.nowhere and ORGANISATION in found:
            found[ORGANISATION] = (*found[ORGANISATION], NOWHERE)
        return found

    def _crossing(self, claims: Iterable[Claim]) -> Crossing:
        regions = [term.region for claim in claims for term in claim.terms]
        sets = {frozenset(self.own(Term(region, frozenset())).region) for region in [*regions, *self.wanted]}
        return Crossing(self.codes, self.item.answers, cliques_of(tuple(self.codes), sets))

    @cached_property
    def crossing(self) -> Crossing:
        """The variables."""
        return self._crossing(self.claims)

    @cached_property
    def program(self) -> Program:
        """All rows: claims, agreement of overlapping tables, weighted totals."""
        rows = [self._row(claim.terms, claim.low, claim.high) for claim in self.claims]
        rows += [_difference(left, right) for left, right in self.crossing.agreements()]
        extra = _Shares(self)
        if self.guess.strata and self.item is not PEOPLE:
            rows += [row for mixture in self.knowledge.mixtures(self.item) for row in extra.rows(mixture)]
        return Program(self.crossing.size + extra.count, self.crossing.size, rows)

    def _row(self, terms: Iterable[Term], low: float, high: float) -> Row:
        parts = [(self.columns(term), term.factor) for term in terms]
        factors = [np.full(len(columns), factor) for columns, factor in parts]
        return Row(np.concatenate([columns for columns, _ in parts]), np.concatenate(factors), low, high)

    def columns(self, term: Term) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The variables of a term."""
        own = self.own(term)
        return self.crossing.columns(own.region, own.answers).ravel()

    def end(self, region: Region, answers: frozenset[str], cap: int, *, largest: bool) -> int:
        """The largest (or smallest) that a sum can be, at most the cap; for a sum outside the crossing the loosest."""
        own = self.own(Term(region, answers))
        if not any(set(own.region) <= set(clique) for clique in self.crossing.cliques):
            return cap if largest else 0
        key = (tuple(sorted((name, tuple(sorted(codes))) for name, codes in region.items())), answers, largest)
        if key not in self.reached:
            costs = matrix([self.target(region, answers)], self.program.size).toarray().ravel()
            found, _ = self.program.minimise(-costs if largest else costs, whole=False)
            known = np.floor(-found + 1e-6) if largest else np.ceil(found - 1e-6)
            self.reached[key] = int(np.clip(known, 0, cap)) if np.isfinite(known) else cap * largest
        return self.reached[key]

    def target(self, region: Region, answers: Iterable[str]) -> Row:
        """A sum that is wanted."""
        return self._row([Term(region, frozenset(answers))], -np.inf, np.inf)


def _difference(left: np.ndarray, right: np.ndarray) -> Row:
    factors = np.concatenate([np.ones(len(left)), -np.ones(len(right))])
    return Row(np.concatenate([left, right]), factors, 0.0, 0.0)


@dataclass
class _Shares:
    """Rows for totals that are weighted by headcount, with a share as a variable where a base is not known."""

    puzzle: Puzzle
    count: int = 0
    made: dict[tuple[str, str], int] = field(default_factory=dict)

    def rows(self, mixture: Mixture) -> Iterator[Row]:
        """The total as a sum of shares times headcounts, and what its unknown shares mean for counts."""
        knowledge = self.puzzle.knowledge
        members, staff = knowledge.members(mixture.group), knowledge.publication.headcounts
        bases = knowledge.bases(self.puzzle.item.asked.id)
        known = {m: bases[Group(ORGANISATION, m)] for m in members if Group(ORGANISATION, m) in bases}
        rest = bases.get(mixture.group, 0) - sum(known.values())
        asked = [m for m in members if known.get(m, rest) > 0]
        if not asked or any(m not in staff for m in asked):
            return
        total = sum(staff[m] for m in asked)
        unknown = [m for m in asked if m not in known]
        columns, factors = [], []
        for names, base in _strata(asked, known, unknown, rest, merged=self.puzzle.guess.strata == "merged"):
            weight = sum(staff[m] for m in names) / total
            for answer, sign in mixture.factors.items():
                where = self._counts(names, answer) if base else self._share(names[0], answer)
                columns.append(where)
                factors.append(np.full(len(where), sign * weight / (base or 1)))
        yield Row(np.concatenate(columns), np.concatenate(factors), mixture.low, mixture.high)
        yield from self._links(unknown, rest)

    def _counts(self, names: tuple[str, ...], answer: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return self.puzzle.columns(Term({ORGANISATION: frozenset(names)}, frozenset([answer])))

    def _share(self, name: str, answer: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        if (name, answer) not in self.made:
            self.made[name, answer] = self.puzzle.crossing.size + self.count
            self.count += 1
        return np.array([self.made[name, answer]], dtype=np.int64)

    def _links(self, unknown: Iterable[str], rest: int) -> Iterator[Row]:
        """A count is at most its share times the largest base that is possible, and shares sum to at most one."""
        for name in unknown:
            mine = {answer: column for (owner, answer), column in self.made.items() if owner == name}
            for answer, column in mine.items():
                counts = self._counts((name,), answer)
                yield Row(np.append(counts, column), np.append(np.ones(len(counts)), -float(rest)), -np.inf, 0.0)
            if mine:
                yield Row(np.array(list(mine.values()), dtype=np.int64), np.ones(len(mine)), 0.0, 1.0)


def _strata(
    asked: list[str], known: dict[str, int], unknown: list[str], rest: int, *, merged: bool
) -> Iterator[tuple[tuple[str, ...], int]]:
    """Organisations that form a stratum, and its base; 0 where the base is not known."""
    yield from (((m,), known[m]) for m in asked if m in known)
    if unknown and (merged or len(unknown) == 1):
        yield tuple(unknown), rest
    else:
        yield from (((m,), 0) for m in unknown)

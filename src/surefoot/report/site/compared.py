"""Organisations against each other: the comparisons that the questionnaire planned, as they were released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surefoot.findings import Finding
from surefoot.instrument import Question
from surefoot.release import Comparison
from surefoot.report.chapters import Outline
from surefoot.report.graphs import Graph
from surefoot.report.reading import Reading, selected, subject
from surefoot.report.views import dots
from surefoot.report.words import POINTS, measured
from surefoot.study import ORGANISATION


@dataclass(frozen=True)
class Pair:
    """Two organisations, their difference in points with its interval, and whether it is one."""

    names: str
    difference: str
    differs: bool


@dataclass(frozen=True)
class Compared:
    """One planned number in all organisations: what was found, the graph, and every pair."""

    id: str
    title: str
    said: tuple[Finding, ...]
    graph: Graph
    pairs: tuple[Pair, ...]


def compared(outline: Outline) -> tuple[Compared, ...]:
    """Every number that was planned to be compared between organisations, and of which pairs are released."""
    reading = outline.reading
    plans = dict.fromkeys((p.question, p.options) for p in reading.release.instrument.planned if p.by == ORGANISATION)
    made = (_compared(outline, reading.release.instrument[name], options) for name, options in plans)
    return tuple(one for one in made if one.pairs)


def _compared(outline: Outline, question: Question, options: Sequence[str]) -> Compared:
    reading, selector = outline.reading, "+".join(options)
    about = [f for f in reading.findings if f.rule == "differ" and f.question == question.id]
    groups = reading.beside(reading.answering((question,), reading.organisations))
    kind = "share" if selector else "net"
    what = f": {selected(question, selector)}" if selector else ""
    return Compared(
        f"compared-{question.id}",
        f"{subject(question)}{what}",
        tuple(about),
        dots(reading, question, kind, selector, groups, prefix="compared-"),
        tuple(_pairs(reading, question, options)),
    )


def _pairs(reading: Reading, question: Question, options: Sequence[str]) -> Iterator[Pair]:
    for one in reading.release.comparisons:
        between = one.family == "pairs" and all(group.breakdown == ORGANISATION for group in one.groups)
        if between and one.question == question.id and one.selectors == tuple(options) and one.difference is not None:
            yield _pair(reading, one)


def _pair(reading: Reading, one: Comparison) -> Pair:
    first, second = (reading.name(group) for group in one.groups)
    clear = one.low is not None and one.high is not None and (one.low > 0 or one.high < 0)
    return Pair(f"{first} less {second}", measured(one.difference, one.low, one.high, POINTS), clear)

"""The analyst's view as one HTML file, in the report's style: graphs of raw and pooled, and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from surefoot.comparison.tables import (
    changes_table,
    explored_tables,
    ordered_table,
    pairs_table,
    planned_table,
    ranks_table,
    what_is_compared,
)
from surefoot.comparison.view import ONLY_ANALYST, AnalystView, confounded
from surefoot.estimate.pooled import Pooling
from surefoot.findings import Finding
from surefoot.report import wording
from surefoot.report.graphs import TWICE, Cell, Column, Graph, Row
from surefoot.report.pages import environment
from surefoot.report.reading import subject
from surefoot.report.sheets import Table
from surefoot.report.views import asked
from surefoot.report.words import PERCENT, POINTS, capital, joined


@dataclass(frozen=True)
class PooledPart:
    """One quantity raw and pooled: its graph, and the probability of each rank."""

    graph: Graph
    ranks: Table
    planned: bool


@dataclass(frozen=True)
class Page:
    """Everything that the template says."""

    view: AnalystView
    only_analyst = ONLY_ANALYST
    simulated_words = wording.SIMULATED

    @property
    def simulated(self) -> bool:
        """Whether no person gave the answers."""
        return self.view.release.simulated

    @property
    def title(self) -> str:
        """The title of the study."""
        return self.view.release.study_title

    @property
    def subtitle(self) -> str:
        """The wave, and what is pooled."""
        by, wave = self.view.reading.breakdown_name(self.view.by), self.view.release.wave
        only = f", the question “{self._named(self.view.question)}” alone" if self.view.question else ""
        return f"Wave {wave}, by {by}{only}. Only groups that the release shows are in it."

    def _named(self, question: str) -> str:
        return subject(self.view.release.instrument[question])

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Anchors and titles of the parts."""
        found = [("planned", "Planned comparisons"), ("pooled", "Raw beside pooled"), ("explored", "Exploration")]
        found += [("ordered", "Ordered scales")] if self.view.ordered else []
        found += [("changed", f"Change since wave {self.view.reading.wave_before}")] if self.view.changes else []
        return found

    @property
    def said(self) -> tuple[Finding, ...]:
        """What the findings say of the planned comparisons."""
        wanted = {test.question for test in self.view.planned}
        return tuple(f for f in self.view.reading.findings if f.rule == "differ" and f.question in wanted)

    @property
    def planned(self) -> Table:
        """The planned family."""
        return planned_table(self.view)

    @property
    def pairs(self) -> Table:
        """The pairs behind it."""
        return pairs_table(self.view)

    @cached_property
    def pooled(self) -> tuple[PooledPart, ...]:
        """Every pooled quantity, planned ones first."""
        found = [
            PooledPart(pooled_graph(self.view, one), ranks_table(self.view, one), self.view.is_planned(one))
            for one in self.view.pooled
        ]
        return tuple(sorted(found, key=lambda part: not part.planned))

    @property
    def first(self) -> tuple[PooledPart, ...]:
        """The pooled quantities that stand open: the planned ones, or all of a single question."""
        return tuple(part for part in self.pooled if part.planned or self.view.question)

    @property
    def further(self) -> tuple[PooledPart, ...]:
        """The pooled quantities that are folded."""
        return tuple(part for part in self.pooled if part not in self.first)

    @cached_property
    def _explored(self) -> tuple[Table, Table]:
        return explored_tables(self.view)

    @property
    def leads(self) -> Table:
        """What exploration found."""
        return self._explored[0]

    @property
    def rest(self) -> Table:
        """What else was explored."""
        return self._explored[1]

    @property
    def confounded(self) -> bool:
        """Whether types of service stand beside their few organisations."""
        return confounded(self.view)

    @property
    def ordered(self) -> Table | None:
        """Odds ratios on ordered scales."""
        return ordered_table(self.view) if self.view.ordered else None

    @property
    def changes(self) -> Table | None:
        """The planned changes since the wave before."""
        return changes_table(self.view) if self.view.changes else None

    @property
    def differing(self) -> str:
        """Questions that were asked otherwise in the wave before, in words."""
        return joined([f"“{subject(question)}”" for question in self.view.reading.differing])


def pooled_graph(view: AnalystView, pooling: Pooling) -> Graph:
    """A row for each group: its number by itself, and pooled with the others."""
    question = view.release.instrument[pooling.question]
    what = what_is_compared(view, pooling.question, (pooling.selector,) if pooling.selector else ())
    value, low, high = pooling.spread
    name = f"pooled-{pooling.question}-{pooling.selector.replace('+', '-')}".rstrip("-")
    return Graph(
        id=name,
        kind=TWICE,
        title=f"{subject(question)}: {what}",
        columns=(Column("Raw: the group by itself", 0), Column("Pooled with the other groups", 0)),
        rows=tuple(_rows(view, pooling)),
        question=asked(question),
        note=(
            "In brackets 95% intervals, both about people like these. Spread between groups on the logit scale: "
            f"{value:.2f} ({low:.2f} to {high:.2f})."
        ),
        row_head=capital(view.reading.breakdown_name(view.by)),
        unit=PERCENT if pooling.kind == "share" else POINTS,
    )


def _rows(view: AnalystView, pooling: Pooling) -> Iterator[Row]:
    for one in pooling.groups:
        cells = tuple(Cell(*numbers) for numbers in (one.raw, one.pooled))
        unit = PERCENT if pooling.kind == "share" else POINTS
        yield Row(view.reading.name(one.group), cells, one.base, detail=cells[1].said(unit))


def render(view: AnalystView) -> str:
    """The page as HTML."""
    language = view.release.instrument.languages[0]
    return environment().get_template("compare.html").render(page=Page(view), language=language)

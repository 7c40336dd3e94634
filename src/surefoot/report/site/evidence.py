"""What one sentence rests on: its figures with their ids, its rule and reason, its graph, and how to trace it."""

from __future__ import annotations

from dataclasses import dataclass

from surefoot.findings import Finding
from surefoot.instrument import Question, words
from surefoot.release import Figure
from surefoot.report.chapters import Outline
from surefoot.report.graphs import Graph
from surefoot.report.reading import Reading, selected
from surefoot.report.views import sentence
from surefoot.report.words import measured

UNITS = {"share": "%", "net": "points"}


@dataclass(frozen=True)
class Line:
    """One figure: of whom, which answer, the number, how many answered, how it was made, of whom it speaks."""

    id: str
    group: str
    answer: str
    number: str
    base: str
    method: str
    claim: str
    wave: str


@dataclass(frozen=True)
class Rest:
    """Everything that one sentence rests on."""

    outline: Outline
    finding: Finding

    @property
    def _reading(self) -> Reading:
        return self.outline.reading

    @property
    def question(self) -> Question | None:
        """The question that it is about; None for a sentence about none."""
        return self._reading.release.instrument.by_id.get(self.finding.question)

    @property
    def wording(self) -> str:
        """The question as it was asked."""
        return words(self.question.text) if self.question else ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Its figures."""
        found = (self._reading.release.by_id.get(name) for name in self.finding.figures)
        return tuple(self._line(figure) for figure in found if figure is not None and figure.shown)

    def _line(self, figure: Figure) -> Line:
        question, cell = self._reading.release.instrument[figure.question], self._reading.cell(figure)
        return Line(
            id=figure.id,
            group=self._reading.name(figure.group),
            answer=selected(question, figure.selector) if figure.selector else sentence(figure.kind),
            number=measured(cell.value, cell.low, cell.high, UNITS.get(figure.kind, "")),
            base=f"{figure.base:,}",
            method=figure.method,
            claim=figure.claim.replace("staff", self._reading.people),
            wave=figure.wave,
        )

    @property
    def graph(self) -> Graph | None:
        """The graph that shows its first figure."""
        wanted = self.outline.link(self.finding)
        return next((graph for graph in self.outline.graphs if graph.id == wanted), None)

"""One organisation beside the group: its response, its main numbers, and every question with both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from surefoot.instrument import Question, words
from surefoot.release import EVERYONE, Group
from surefoot.report.blocks import Chapter
from surefoot.report.changes import change_graphs
from surefoot.report.chapters import Outline, grouped
from surefoot.report.graphs import BARS, DOTS, GRID, Cell, Column, Graph, Row
from surefoot.report.pieces import Fact
from surefoot.report.reading import Reading, selected, subject
from surefoot.report.views import asked, dots, grid, kind_of, note, scale, sentence
from surefoot.report.words import PERCENT, POINTS, thousands, whole


@dataclass(frozen=True)
class Key:
    """A number that was to be compared from the start: the organisation's own, large, and the group's beside it."""

    what: str
    own: Cell
    everybody: Cell
    unit: str

    @property
    def value(self) -> str:
        """The organisation's number without its interval."""
        number = self.own.said(self.unit).partition(" (")[0]
        return f"{number} points" if self.unit == POINTS else number

    @property
    def interval(self) -> str:
        """The interval in words; empty where everybody answered."""
        return self.own.said(self.unit).partition(" (")[2].rstrip(")")


@dataclass(frozen=True)
class Own:
    """The page of one organisation. Everything on it is in the Release."""

    outline: Outline
    group: Group

    @property
    def reading(self) -> Reading:
        """The release as it is read."""
        return self.outline.reading

    @property
    def name(self) -> str:
        """What the organisation is called."""
        return self.reading.name(self.group)

    @property
    def shown(self) -> bool:
        """Whether any number of the organisation is shown."""
        return not self.reading.wholly_hidden(self.group)

    @property
    def facts(self) -> list[Fact]:
        """How many answered here, and in the group."""
        own, everybody = (self.reading.participation.get(group) for group in (self.group, EVERYONE))
        found, people = [], self.reading.people
        if own is not None and own.answered is not None:
            detail = f"of {thousands(own.headcount)}" if own.headcount else "headcount not known"
            found.append(Fact(f"{sentence(people)} who answered here", f"{own.answered:,}", detail))
        if own is not None and own.rate is not None:
            beside = f"all {people}: {whole(everybody.rate)}%" if everybody and everybody.rate is not None else ""
            found.append(Fact("Response rate here", f"{whole(own.rate)}%", beside))
        return found

    @property
    def keys(self) -> tuple[Key, ...]:
        """The numbers that the questionnaire planned to compare, where the organisation's own is shown."""
        plans = self.reading.release.instrument.planned
        made = [self._key(name, chosen) for name, chosen in dict.fromkeys((p.question, p.options) for p in plans)]
        return tuple(key for key in made if key.own.value is not None)

    def _key(self, name: str, options: Sequence[str]) -> Key:
        question, selector = self.reading.release.instrument[name], "+".join(options)
        kind = "share" if selector else "net"
        own, everybody = (
            self.reading.cell(self.reading.figure(kind, question, selector, group)) for group in (self.group, EVERYONE)
        )
        sides = question.scale.poles if question.scale else None
        what = (
            selected(question, selector) if selector else f"{words(sides[1])} less {words(sides[0])}" if sides else ""
        )
        return Key(f"{subject(question)}: {what}", own, everybody, PERCENT if selector else POINTS)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters of the report, each with the graphs of this organisation beside the group."""
        made = (replace(one, blocks=(), lead="") for one in self.outline.chapters)
        return tuple(one for one in made if self.graphs(one))

    def graphs(self, chapter: Chapter) -> tuple[Graph, ...]:
        """The graphs of one chapter; none where nothing of the organisation is shown."""
        blocks = next(one.blocks for one in self.outline.chapters if one.id == chapter.id)
        asked_there = dict.fromkeys(question.id for block in blocks for question in block.questions)
        questions = [self.reading.release.instrument[name] for name in asked_there]
        shown = [q for q in questions if self.reading.base(q, self.group) is not None]
        return tuple(graph for part in grouped(shown) for graph in self._beside(part))

    def _beside(self, questions: Sequence[Question]) -> Iterator[Graph]:
        first, both = questions[0], (EVERYONE, self.group)
        if first.scale is not None and first.scale.has_sides and first.kind == "single":
            yield replace(grid(self.reading, questions, both, prefix="own-"), part="")
            return
        for question in questions:
            if kind_of(question) == BARS:
                yield self._answers(question)
            elif kind_of(question) == DOTS:
                yield replace(dots(self.reading, question, "mean", "", both, prefix="own-"), part="")
            else:
                yield replace(scale(self.reading, question, both, prefix="own-"), part="")

    def _answers(self, question: Question) -> Graph:
        """Answers by this organisation and everybody, a small bar in each cell."""
        both = (self.group, EVERYONE)
        rows = tuple(
            Row(
                words(option.text),
                tuple(self.reading.cell(self.reading.figure("share", question, option.id, group)) for group in both),
            )
            for option in question.options
        )
        return Graph(
            id=f"own-{question.id}",
            kind=GRID,
            title=subject(question),
            columns=tuple(Column(self.reading.name(group), 0) for group in both),
            rows=rows,
            question=asked(question),
            note=note(self.reading, (question,)),
            row_head="Answer",
        )

    @property
    def changes(self) -> tuple[Graph, ...]:
        """What changed here since the wave before, for the planned numbers."""
        plans = dict.fromkeys((p.question, "+".join(p.options)) for p in self.reading.release.instrument.planned)
        asked_of = ((self.reading.release.instrument[name], selector) for name, selector in plans)
        made = (graph for question, selector in asked_of for graph in change_graphs(self.reading, question, selector))
        return tuple(filter(None, map(self._of_both, made)))

    def _of_both(self, graph: Graph) -> Graph | None:
        names = {self.name, self.reading.name(EVERYONE)}
        rows = tuple(row for row in graph.rows if row.label in names)
        own = any(row.label == self.name for row in rows)
        return replace(graph, rows=rows, id=f"own-{graph.id}") if own else None

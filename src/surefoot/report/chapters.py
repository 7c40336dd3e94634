"""What the report tells, in which order: chapters by theme, blocks of sentences with their graphs, and the answer in a
page.

Chapters follow the constructs of the instrument. Questions without a known construct stand under the sections of their
own questionnaire, so any instrument gets a whole report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from surefoot.findings import Finding
from surefoot.instrument import Question, words
from surefoot.release import Group
from surefoot.report.blocks import Block, Chapter, Written
from surefoot.report.changes import change_graphs, change_lead
from surefoot.report.graphs import BARS, Graph
from surefoot.report.reading import Reading, subject
from surefoot.report.views import (
    battery,
    dots,
    grid,
    kind_of,
    matrix,
    question_graph,
    same_measure,
    scale,
)

WHO = ("service-area", "role-group", "contact", "respondent-kind")
"""Constructs that say who answered; personal questions belong with them."""

THEMES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("know", "What {people} know", ("understanding",)),
    (
        "use",
        "What {people} use",
        ("ever-used", "use-frequency", "use-setting", "work-use", "unapproved-use", "tools", "provision"),
    ),
    ("feel", "What {people} hope and fear", ("outlook", "comfort", "hoped-benefits", "feared-risks")),
    ("start", "Where {people} would start", ("net-benefit", "most-immediate-use")),
    ("need", "What {people} would need", ("needs", "training-wanted")),
)
"""Chapters: id, title, and the constructs that they are about, in the order of telling."""

WROTE = "comment-theme"
"""Construct of the themes of comments, which have a chapter of their own."""
WROTE_LEAD = (
    "People read the comments and sorted them by themes that they named. The shares are of those who wrote a comment; "
    "they say how often something was written, not how many people think so."
)

START = ("balance", "start")
"""Themes of findings that say where to start."""

TURNS = ("understanding", "ever-used", "work-use", "unapproved-use", "use-setting", "outlook")
"""Constructs in the order in which the first page tells of them."""
LESSER = ("differ", "cannot_judge", "change")
"""Rules whose sentence, where they do not fire, stands folded."""


@dataclass(frozen=True)
class Outline:
    """The whole report before it is written down."""

    reading: Reading

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters that have anything to say."""
        people = self.reading.people
        made = [
            Chapter(name, title.format(people=people), tuple(self._blocks(self._measuring(constructs))))
            for name, title, constructs in THEMES
        ]
        return tuple(chapter for chapter in (*made, *self._sections(), self._wrote()) if chapter.blocks)

    @property
    def known(self) -> bool:
        """Whether the instrument has questions whose meaning is known, and not only sections of its own."""
        measuring = self.reading.release.instrument.measuring
        return any(measuring(construct) for _, _, constructs in THEMES for construct in constructs)

    @cached_property
    def who(self) -> tuple[Block, ...]:
        """Who answered, by the questions that say so."""
        found = [q for q in self.reading.release.instrument.questions if q.construct in WHO or q.personal]
        return tuple(self._single(question, tables=False) for question in found if self._counts(question))

    @cached_property
    def breakdowns(self) -> tuple[Chapter, ...]:
        """One chapter for each breakdown that is published, with the graphs that compare."""
        made = [self._breakdown(name) for name in self.reading.breakdowns]
        return tuple(chapter for chapter in made if chapter is not None)

    @cached_property
    def changed(self) -> Chapter | None:
        """What changed since the wave before; None in a first wave."""
        plans = self.reading.release.instrument.planned
        planned = dict.fromkeys((plan.question, "+".join(plan.options)) for plan in plans)
        blocks = [block for key in planned if (block := self._changed(*key)).graphs]
        differing = [subject(question) for question in self.reading.differing]
        if not self.reading.all_changes and not differing:
            return None
        lead = change_lead(self.reading, differing)
        since = f"wave {self.reading.wave_before}" if self.reading.wave_before else "the wave before"
        return Chapter("changed", f"What changed since {since}", tuple(blocks), lead)

    def _changed(self, name: str, selector: str) -> Block:
        """One planned quantity in both waves, with its sentence where there is one."""
        question = self.reading.release.instrument[name]
        about = [f for f in self.told if (f.rule, f.question, f.subject) == ("change", name, selector)]
        return Block(
            f"change-{name}-{selector.replace('+', '-')}".rstrip("-"),
            subject(question),
            (question,),
            change_graphs(self.reading, question, selector),
            said=tuple(f for f in about if f.fired),
            unsure=tuple(f for f in about if not f.fired),
        )

    def _wrote(self) -> Chapter:
        """What people wrote: the themes of their comments, what each means, and quotes."""
        blocks = tuple(
            replace(self._single(q), kicker="Themes of the comments", themes=tuple(self._themes(q)))
            for q in self._measuring((WROTE,))
        )
        return Chapter("wrote", f"What {self.reading.people} wrote", blocks, WROTE_LEAD)

    def _themes(self, question: Question) -> Iterator[Written]:
        quotes = self.reading.release.quotes
        for option in question.options:
            if option.exclusive:
                continue
            said = tuple(
                (quote.text, self.reading.name(quote.group) if quote.group else "")
                for quote in quotes
                if (quote.question, quote.theme) == (question.id, option.id)
            )
            yield Written(words(option.text), words(option.definition), said)

    # Questions to blocks

    def _measuring(self, constructs: Iterable[str]) -> list[Question]:
        return [q for c in constructs for q in self.reading.release.instrument.measuring(c) if self._counts(q)]

    def _counts(self, question: Question) -> bool:
        return kind_of(question) is not None and self.reading.any_shown(question)

    def _sections(self) -> Iterator[Chapter]:
        known = {construct for _, _, constructs in THEMES for construct in constructs} | {*WHO, WROTE}
        instrument = self.reading.release.instrument
        left = [q for q in instrument.questions if q.construct not in known and not q.personal and self._counts(q)]
        titles = {section.id: words(section.title) for section in instrument.sections}
        for name in dict.fromkeys(q.section for q in left):
            title = titles.get(name or "", "") or ("Further questions" if titles else "What was answered")
            blocks = tuple(self._blocks([q for q in left if q.section == name]))
            yield Chapter(f"section-{name or 'other'}", title, blocks)

    def _blocks(self, questions: Sequence[Question]) -> Iterator[Block]:
        for group in grouped(questions):
            yield self._statements(group) if len(group) > 1 else self._single(group[0])

    def _single(self, question: Question, *, tables: bool = True) -> Block:
        organisations = self.reading.answering((question,), self.reading.organisations)
        planned = self._planned(question, organisations)
        alone = question.derived and planned
        graphs = ([] if alone else [question_graph(self.reading, question, organisations)]) + planned
        by_group = graphs[0].kind == BARS and tables and self.reading.several(organisations) and len(graphs) == 1
        table = (self._table(question, organisations),) if by_group else ()
        return self._told(Block(f"about-{question.id}", subject(question), (question,), tuple(graphs), table))

    def _planned(self, question: Question, groups: Sequence[Group], prefix: str = "") -> list[Graph]:
        """Dots for the answers whose share was to be compared, and for what was derived."""
        if not self.reading.several(groups) or question.scale is None or question.scale.has_sides:
            return []
        planned = [p.options for p in self.reading.release.instrument.planned if p.question == question.id]
        chosen = [options for options in planned if options] or (
            [(question.options[0].id,)] if question.derived else []
        )
        everybody = self.reading.beside(groups)
        return [dots(self.reading, question, "share", "+".join(o), everybody, prefix=prefix) for o in chosen]

    def _table(self, question: Question, groups: Sequence[Group]) -> Graph:
        made = scale(self.reading, question, self.reading.beside(groups), prefix="table-")
        return replace(
            made, title=f"{subject(question)}, by {self.reading.breakdown_name(groups[0].breakdown)}", part=""
        )

    def _statements(self, questions: Sequence[Question]) -> Block:
        first, organisations = questions[0], self.reading.answering(questions, self.reading.organisations)
        name = f"about-{first.group}"
        if kind_of(first) == BARS:
            graph = matrix(self.reading, questions)
            return self._told(Block(name, graph.title, tuple(questions), (graph,)))
        graphs = [battery(self.reading, questions)]
        each = (
            [self._by_organisation(question) for question in questions] if self.reading.several(organisations) else []
        )
        if each and first.scale is not None and first.scale.has_sides:
            graphs.insert(0, grid(self.reading, questions, self.reading.beside(organisations)))
        if each and first.construct == "net-benefit":
            graphs[1:], each = same_measure([*graphs[1:], *each])[:1], list(same_measure([*graphs[1:], *each])[1:])
            parts = tuple(self._part(question, graph) for question, graph in zip(questions, each, strict=True))
            return self._told(
                Block(name, "Benefits and risks, use by use", tuple(questions), tuple(graphs), parts=parts)
            )
        return self._told(Block(name, graphs[0].title, tuple(questions), tuple(graphs), tuple(each)))

    def _part(self, question: Question, graph: Graph) -> Block:
        """One statement with its sentences and its graph by organisation."""
        shown = replace(graph, title=subject(question), part="By organisation")
        return self._told(Block(f"about-{question.id}", subject(question), (question,), (shown,)))

    def _by_organisation(self, question: Question) -> Graph:
        made = scale(self.reading, question, self.reading.beside(self.reading.organisations))
        return replace(made, title=f"{subject(question)}, by organisation", part="")

    def _told(self, block: Block) -> Block:
        asked = {question.id for question in block.questions}
        about = [f for f in self.told if f.question in asked and f.rule != "change"]
        return replace(
            block,
            said=tuple(f for f in about if f.certain and not is_lesser(f)),
            unsure=tuple(f for f in about if not f.certain or is_lesser(f)),
        )

    # Breakdowns

    def _breakdown(self, name: str) -> Chapter | None:
        groups = self.reading.groups(name)
        if len(groups) < 2 or all(self.reading.wholly_hidden(group) for group in groups):
            return None
        constructs = [construct for _, _, all_of in THEMES for construct in all_of]
        compared = self._measuring(constructs) or [q for c in self._sections() for b in c.blocks for q in b.questions]
        graphs = [graph for part in grouped(compared) for graph in self._compared(name, groups, part)]
        if not graphs:
            return None
        title = f"By {self.reading.breakdown_name(name)}"
        block = Block(f"by-{name}-graphs", title, (), tuple(graphs))
        return Chapter(f"by-{name}", title, (block,))

    def _compared(self, name: str, groups: Sequence[Group], questions: Sequence[Question]) -> list[Graph]:
        """The graphs of one breakdown for one question or one group of statements; many questions have none."""
        first, prefix = questions[0], f"{name}-"
        everybody = self.reading.beside(groups)
        if first.id == name or not any(self.reading.base(first, group) for group in groups):
            return []
        if first.scale is not None and first.scale.has_sides:
            made = grid(self.reading, questions, everybody, prefix=prefix)
            return [replace(made, part="")]
        if kind_of(first) == "stacked" and len(questions) == 1 and not first.show_if:
            return [replace(scale(self.reading, first, everybody, prefix=prefix), part="")]
        made_of = self._planned(first, groups, prefix)
        return [replace(graph, title=f"{graph.title}: {graph.columns[0].text}", part="") for graph in made_of]

    # The answer in a page

    @cached_property
    def graph_of(self) -> dict[str, str]:
        """The anchor of the graph that shows a figure; the first one."""
        found: dict[str, str] = {}
        for graph in self.graphs:
            for figure in graph.figures:
                found.setdefault(figure, graph.id)
        return found

    @property
    def graphs(self) -> Iterator[Graph]:
        """Every graph of the report, in order."""
        changed = self.changed.blocks if self.changed else ()
        for blocks in (*(chapter.blocks for chapter in self.chapters), changed, self.who):
            for block in blocks:
                yield from block.all_graphs
        for chapter in self.breakdowns:
            for block in chapter.blocks:
                yield from block.graphs

    @property
    def tables(self) -> Iterator[Graph]:
        """Every table that stands without a graph of its own."""
        return (table for chapter in self.chapters for block in chapter.blocks for table in block.tables)

    def link(self, finding: Finding) -> str:
        """The anchor that a sentence leads to: the graph of its figures, else the block of its question."""
        for figure in finding.figures:
            if figure in self.graph_of:
                return self.graph_of[figure]
        for chapter in self.chapters:
            for block in chapter.blocks:
                if any(question.id == finding.question for question in block.questions):
                    return block.id
        return "who"

    @cached_property
    def told(self) -> tuple[Finding, ...]:
        """The findings that stand as sentences of their own; what holds in every organisation holds for all of them."""
        found = [finding for finding in self.reading.findings if finding.told]
        everywhere = {f.question for f in found if f.rule == "every" and f.fired}
        return tuple(f for f in found if not (f.rule == "net" and f.question in everywhere))

    @property
    def said(self) -> tuple[Finding, ...]:
        """What staff said, for certain, if only within a range: what they know first, then use, then the outlook."""
        asked = self.reading.release.instrument
        found = (
            f for f in self.told if f.certain and f.theme not in (*START, "who") and not asked[f.question].personal
        )
        return tuple(sorted(found, key=self._turn))

    def _turn(self, finding: Finding) -> int:
        construct = self.reading.release.instrument[finding.question].construct
        return TURNS.index(construct) if construct in TURNS else len(TURNS)

    @property
    def start(self) -> tuple[Finding, ...]:
        """Where they would start: what is certain."""
        return tuple(f for f in self.told if f.theme in START and f.certain and not is_lesser(f))

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """What is not known: the sentences that say so."""
        return tuple(f for f in self.told if not f.certain and not f.fired and not is_lesser(f))

    @property
    def lesser(self) -> tuple[Finding, ...]:
        """What matters less: no difference found, and shares that are neither many nor most."""
        return tuple(f for f in self.told if is_lesser(f))

    @cached_property
    def hidden(self) -> tuple[Group, ...]:
        """Organisations of which not one figure is shown."""
        return tuple(group for group in self.reading.organisations if self.reading.wholly_hidden(group))

    @cached_property
    def silent(self) -> tuple[Question, ...]:
        """Counted questions of which nothing is shown for anybody."""
        questions = self.reading.release.instrument.questions
        return tuple(
            q for q in questions if kind_of(q) is not None and not self.reading.any_shown(q) and not q.personal
        )


def is_lesser(finding: Finding) -> bool:
    """Whether a sentence matters less: no difference found, or a share that is neither many nor most."""
    return not finding.fired and finding.rule in LESSER


def grouped(questions: Sequence[Question]) -> list[list[Question]]:
    """Questions in order, those of one group that share a scale together.

    >>> from surefoot.instrument import Question, Scale
    >>> scale = Scale("s", ())
    >>> asked = [Question(i, "single", {}, scale=scale, group=g) for i, g in (("a", "x"), ("b", None), ("c", "x"))]
    >>> [[question.id for question in group] for group in grouped(asked)]
    [['a', 'c'], ['b']]
    """
    found: dict[tuple[str, str, str], list[Question]] = {}
    for question in questions:
        together = question.group is not None and question.kind == "single" and question.scale is not None
        key = (
            (question.group, question.kind, question.scale.id) if together and question.scale else (question.id, "", "")
        )
        found.setdefault((str(key[0]), key[1], key[2]), []).append(question)
    return list(found.values())

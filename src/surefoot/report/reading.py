"""A Release as the report reads it: look-ups by question, answer and group, names for people, and cells of graphs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from surefoot.findings import Finding
from surefoot.instrument import Question, words
from surefoot.interval import round_half_away
from surefoot.release import EVERYONE, FEW, NO_ANSWERS, NOT_ASKED, Comparison, Figure, Group, Participation, Release
from surefoot.report.graphs import AHEAD, BEHIND, UNCLEAR, Cell, Column
from surefoot.report.words import capital, joined, short
from surefoot.study import ALL, ORGANISATION, SERVICE_TYPE

PROTECTED, NOT_SHOWN = "not shown, to protect people", "not shown"


@dataclass(frozen=True)
class Reading:
    """The figures of a Release, found by what they are about, and as they are shown: rounded, each worked out once."""

    release: Release
    _cells: dict[str, Cell] = field(default_factory=dict, repr=False)
    _names: dict[Group, str] = field(default_factory=dict, repr=False)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that were released with the figures; none that rests on a figure that is not shown."""
        hidden = {figure.id for figure in self.release.figures if not figure.shown}
        found = (Finding.from_json(dict(table)) for table in self.release.findings)
        return tuple(finding for finding in found if not hidden & set(finding.figures))

    def figure(self, kind: str, question: Question, selector: str = "", group: Group = EVERYONE) -> Figure | None:
        """A figure, shown or not; None where there is none."""
        return self.release.figure(question.id, group, selector, kind=kind)

    @property
    def people(self) -> str:
        """The plural noun for those who were asked."""
        return str(self.release.people)

    # Groups and their names

    @cached_property
    def organisations(self) -> tuple[Group, ...]:
        """The organisations of the study, shown or not, in its order."""
        return tuple(Group(ORGANISATION, o.id) for o in self.release.organisations)

    def several(self, groups: Sequence[Group]) -> bool:
        """Whether groups say more than everybody does: a single one says the same, unless others were left out."""
        return len(groups) > 1 or bool(groups and self.release.narrowed_to)

    def beside(self, groups: Sequence[Group]) -> tuple[Group, ...]:
        """Everybody first, then the groups, where they say more."""
        return (EVERYONE, *groups) if self.several(groups) else (EVERYONE,)

    @cached_property
    def breakdowns(self) -> tuple[str, ...]:
        """The breakdowns that any figure is about, apart from organisations and everybody."""
        return tuple(name for name in self._groups if name not in (ALL, ORGANISATION))

    def groups(self, breakdown: str) -> tuple[Group, ...]:
        """The groups of a breakdown that any figure is about, shown or not, in the order of the figures."""
        return self.organisations if breakdown == ORGANISATION else self._groups.get(breakdown, ())

    @cached_property
    def _groups(self) -> dict[str, tuple[Group, ...]]:
        found: dict[str, dict[Group, None]] = {}
        for figure in self.release.figures:
            found.setdefault(figure.group.breakdown, {})[figure.group] = None
        return {name: tuple(groups) for name, groups in found.items()}

    @cached_property
    def in_no_total(self) -> tuple[Group, ...]:
        """Organisations with few answers whose people are left out of the totals, as the headcount of all shows."""
        everybody = self.participation.get(EVERYONE)
        few = tuple(group for group, part in self.participation.items() if group != EVERYONE and part.status == FEW)
        staff = [part.headcount for group, part in self.participation.items() if group != EVERYONE]
        known = [people for people in staff if people is not None]
        if everybody is None or everybody.headcount is None or len(known) < len(staff):
            return ()
        return few if everybody.headcount < sum(known) else ()

    def other_words(self, question: Question) -> str:
        """Who asked a question in other words, and in which; empty where nobody did."""
        worded = self.release.wordings.get(question.id, {})
        names = self._organisation_names
        said = (f"{joined([names.get(w, w) for w in who])}: “{wording}”" for wording, who in worded.items())
        return " ".join(f"Asked in other words by {one}" + ("" if one[-2] in ".?!" else ".") for one in said)

    def is_empty(self, group: Group) -> bool:
        """Whether the release itself says that nobody is in a group: the share of its option is shown as nought."""
        figure = self.release.figure(group.breakdown, EVERYONE, group.code)
        return figure is not None and figure.shown and not figure.value

    def unasked(self, question: Question) -> bool:
        """Whether nobody was asked a question, which is no secret."""
        figures = self.figures_about(question)
        return bool(figures) and all(figure.status == NOT_ASKED for figure in figures)

    def wholly_hidden(self, group: Group) -> bool:
        """Whether not one figure of a group is shown."""
        return group not in self._shown_groups

    @cached_property
    def _shown_groups(self) -> frozenset[Group]:
        return frozenset(f.group for f in self.release.figures if f.shown)

    def name(self, group: Group) -> str:
        """What a group is called."""
        if group not in self._names:
            self._names[group] = self._name(group)
        return self._names[group]

    def _name(self, group: Group) -> str:
        if group == EVERYONE:
            return f"All {self.people}"
        if group.breakdown == ORGANISATION:
            return self._organisation_names.get(group.code, group.code)
        outer, _, inner = group.breakdown.rpartition(".")
        if outer:
            left, _, right = group.code.partition(".")
            return f"{self.name(Group(outer, left))}: {self.name(Group(inner, right))}"
        if group.breakdown in self.release.instrument:
            options = {o.id: words(o.text) for o in self.release.instrument[group.breakdown].options}
            return options.get(group.code, plain(group.code))
        return plain(group.code)

    @cached_property
    def _organisation_names(self) -> dict[str, str]:
        return {o.id: o.name for o in self.release.organisations}

    def breakdown_name(self, breakdown: str) -> str:
        """What a breakdown is called: a few words of its question."""
        if breakdown == SERVICE_TYPE:
            return "type of service"
        if breakdown == ORGANISATION:
            return "organisation"
        parts = breakdown.split(".")
        if len(parts) > 1:
            return " and ".join(self.breakdown_name(part) for part in parts[::-1])
        if breakdown in self.release.instrument:
            question = self.release.instrument[breakdown]
            return words(question.short) or f"“{words(question.text)}”"
        return plain(breakdown).lower()

    def answering(self, questions: Sequence[Question], groups: Sequence[Group]) -> tuple[Group, ...]:
        """The groups that a question is told of: everybody, and those of tables that were declared."""
        return tuple(g for g in groups if g == EVERYONE or any(self.figures_of(q, g) for q in questions))

    # Cells

    def names_hidden(self, figure: Figure) -> bool:
        """Whether a figure says how many belong to a group that is not shown at all, unless nobody does."""
        group = Group(figure.question, figure.selector)
        return figure.kind == "share" and group in self._not_shown and not self.is_empty(group)

    @cached_property
    def _not_shown(self) -> frozenset[Group]:
        return frozenset(n.group for n in self.release.not_shown if n.question is None)

    def cell(self, figure: Figure | None) -> Cell:
        """A figure as a cell of a graph; where nothing is shown, the words that stand instead."""
        if figure is None:
            return Cell(words=PROTECTED)
        if self.names_hidden(figure):
            return Cell(words=NOT_SHOWN)
        if figure.value is None:
            asked = figure.status not in (NOT_ASKED, NO_ANSWERS)
            return Cell(words=PROTECTED if asked else figure.status, figure=figure.id if asked else "")
        found = self._cells.get(figure.id)
        if found is None:
            rounded = self.release.as_shown[figure.id]
            low, high = (None, None) if figure.low == figure.high else (rounded.low, rounded.high)
            found = self._cells[figure.id] = Cell(rounded.value, low, high, figure.id)
        return found

    def net_cell(self, question: Question, group: Group = EVERYONE) -> Cell:
        """The net of a scale with sides, with words for the side that is ahead and a sign for the eye.

        A side is ahead where the interval that stands beside it leaves out zero.
        """
        figure = self.figure("net", question, group=group)
        cell = self.cell(figure)
        if figure is None or cell.value is None:
            return cell
        low, high = (cell.value, cell.value) if cell.low is None or cell.high is None else (cell.low, cell.high)
        side = AHEAD if low > 0 else BEHIND if high < 0 else UNCLEAR
        return Cell(cell.value, cell.low, cell.high, cell.figure, self._ahead(question, side), side)

    def _ahead(self, question: Question, side: str) -> str:
        if side == UNCLEAR or question.scale is None or question.scale.poles is None:
            return "no clear side"
        pole = words(question.scale.poles[1 if side == AHEAD else 0])
        return f"{pole} ahead" if question.construct == "net-benefit" else f"{pole} side ahead"

    def shares(self, question: Question, group: Group = EVERYONE) -> tuple[Cell, ...]:
        """One cell for each answer of a question; empty where none of them is shown for the group."""
        cells = tuple(self.cell(self.figure("share", question, option.id, group)) for option in question.options)
        return cells if any(cell.value is not None for cell in cells) else ()

    def why(self, question: Question, group: Group = EVERYONE) -> str:
        """Why nothing of a question is shown for a group."""
        statuses = {f.status for f in self.figures_of(question, group)}
        return NOT_ASKED if statuses and statuses <= {NOT_ASKED, NO_ANSWERS} else PROTECTED

    @cached_property
    def _about(self) -> dict[tuple[str, Group], list[Figure]]:
        found: dict[tuple[str, Group], list[Figure]] = {}
        for figure in self.release.figures:
            found.setdefault((figure.question, figure.group), []).append(figure)
        return found

    def figures_of(self, question: Question, group: Group = EVERYONE) -> list[Figure]:
        """All figures of a question about a group, shown or not."""
        return self._about.get((question.id, group), [])

    def figures_about(self, question: Question) -> list[Figure]:
        """All figures of a question, shown or not."""
        return self._questions.get(question.id, [])

    @cached_property
    def _questions(self) -> dict[str, list[Figure]]:
        found: dict[str, list[Figure]] = {}
        for figure in self.release.figures:
            found.setdefault(figure.question, []).append(figure)
        return found

    def base(self, question: Question, group: Group = EVERYONE) -> int | None:
        """How many people answered a question, None where it is not shown."""
        bases = [f.base for f in self.figures_of(question, group) if f.shown]
        step = self.release.policy.round_base
        return max((int(round_half_away(base / step)) * step if step > 1 else base for base in bases), default=None)

    def claims(self, question: Question) -> frozenset[str]:
        """Of whom the shown figures about everybody speak: these staff now, or staff like these."""
        return frozenset(f.claim for f in self.figures_of(question) if f.shown)

    def any_shown(self, question: Question) -> bool:
        """Whether anything at all of a question is shown, for anybody."""
        return question.id in self._shown_questions

    @cached_property
    def _shown_questions(self) -> frozenset[str]:
        return frozenset(f.question for f in self.release.figures if f.shown)

    # The wave before

    @cached_property
    def all_changes(self) -> tuple[Comparison, ...]:
        """Every change since the wave before."""
        return tuple(c for c in self.release.comparisons if c.family == "waves")

    def changes(self, question: Question) -> tuple[Comparison, ...]:
        """The changes of one question since the wave before."""
        return tuple(change for change in self.all_changes if change.question == question.id)

    @property
    def wave_before(self) -> str:
        """The name of the wave before; empty where nothing of it is compared."""
        return next((figure.wave for figure in self.release.earlier_figures), "")

    @property
    def differing(self) -> tuple[Question, ...]:
        """Questions that were asked otherwise in the wave before."""
        return tuple(self.release.instrument[name] for name in self.release.differing)

    # Who took part

    @cached_property
    def participation(self) -> dict[Group, Participation]:
        """Headcount and answers by group."""
        return {part.group: part for part in self.release.participation}


def columns(question: Question) -> tuple[Column, ...]:
    """The answers of a question as columns; on a scale that has no order, no answer has a place."""
    ordered = question.scale is not None and (question.scale.ordered or question.scale.has_sides)
    return tuple(Column(words(option.text), option.position if ordered else None) for option in question.options)


def plain(code: str) -> str:
    """A code as words.

    >>> plain("adult-social-care")
    'Adult social care'
    """
    text = code.replace("-", " ").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def selected(question: Question, selector: str) -> str:
    """The words of an answer, or of several that are taken together, or of a side of the scale."""
    texts = {option.id: words(option.text) for option in question.options}
    sides = {"side:low": 0, "side:high": 1}
    if selector in sides and question.scale is not None and question.scale.poles is not None:
        return f"All on the side “{words(question.scale.poles[sides[selector]])}”"
    if selector == "side:middle":
        return "In the middle"
    return " or ".join(texts.get(part, part) for part in selector.split("+"))


def subject(question: Question) -> str:
    """A few words for a question, beginning with a capital letter."""
    return capital(words(question.short) or words(question.text).rstrip(". "))


def statements(questions: Sequence[Question]) -> tuple[str, ...]:
    """What the statements of a group are called: their short names, or what is left of their wording."""
    if all(question.short for question in questions):
        return tuple(subject(question) for question in questions)
    return short([words(question.text) for question in questions])

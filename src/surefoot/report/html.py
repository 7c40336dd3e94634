"""The report as one HTML file that needs nothing else: no script, no font, no picture from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from surefoot.findings import Finding
from surefoot.instrument import Question, words
from surefoot.release import EVERYONE, Figure, Group, Release, released
from surefoot.report import wording
from surefoot.report.blocks import Block, Chapter
from surefoot.report.chapters import Outline
from surefoot.report.files import account_line, rows_left_out
from surefoot.report.graphs import Graph
from surefoot.report.pages import environment
from surefoot.report.pieces import AnswerPart, Asked, EvidencePart, EvidenceRow, Fact, Hidden, Note, Use
from surefoot.report.reading import Reading, selected, subject
from surefoot.report.views import rates, sentence
from surefoot.report.who import WhoAnswered
from surefoot.report.words import joined, measured, thousands, whole
from surefoot.study import SERVICE_TYPE

_UNITS = {"share": "%", "net": "points"}


@dataclass(frozen=True)
class Page:
    """Everything that the template says, worked out once."""

    release: Release
    outline: Outline
    final_by: str | None = None

    @property
    def _reading(self) -> Reading:
        return self.outline.reading

    # Title

    simulated_words = wording.SIMULATED

    @property
    def simulated(self) -> bool:
        """Whether no person gave the answers."""
        return self.release.simulated

    @property
    def title(self) -> str:
        """The title of the study."""
        return self.release.study_title

    @property
    def kicker(self) -> str:
        """What kind of document this is."""
        wave = f", wave {self.release.wave}" if self.release.wave != "1" else ""
        return f"What {self._reading.people} said about AI{wave}" if self._about_ai else f"Survey report{wave}"

    @property
    def _about_ai(self) -> bool:
        return bool(self.release.instrument.measuring("net-benefit"))

    @property
    def mark(self) -> str:
        """Draft, or final with the name of who checked it."""
        revised = f"; revised: {self.release.revises}" if self.release.revises else ""
        return f"Final, checked by {self.final_by}{revised}" if self.final_by else "Draft, not a release"

    @property
    def subtitle(self) -> str:
        """Who was asked, and when the report was made."""
        names = [self._reading.name(group) for group in self._reading.organisations]
        if len(names) > 6:
            names = [*names[:5], f"{len(names) - 5} more organisations"]
        asked = f"{sentence(self._reading.people)} of {joined(names)}. " if names else ""
        return f"{asked}Figures made on {_day(self.release.made)}."

    # Contents

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Anchors and titles of the parts."""
        found = [("answer", "The answer in a page"), ("who", "Who answered")]
        found += [(chapter.id, chapter.title) for chapter in (*self.chapters, *self.breakdowns)]
        found += [(one.id, f"For {one.name}") for one in self.hidden]
        return [*found, ("annex", "Annex: methods, evidence and wording")]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters by theme, and what changed since the wave before."""
        changed = (self.outline.changed,) if self.outline.changed else ()
        return (*self.outline.chapters, *changed)

    @cached_property
    def breakdowns(self) -> tuple[Chapter, ...]:
        """The chapters by breakdown, with a caution where a type is the same as an organisation."""
        from dataclasses import replace

        caution = (
            "A type of service with fewer than three organisations cannot be told apart from them: do not read a "
            "difference here as one between types."
        )
        return tuple(
            replace(chapter, lead=caution if chapter.id == f"by-{SERVICE_TYPE}" else "")
            for chapter in self.outline.breakdowns
        )

    # The answer in a page

    @property
    def facts(self) -> list[Fact]:
        """The numbers that say how much the report rests on."""
        part = self._reading.participation.get(EVERYONE)
        people, organisations = self._reading.people, self._reading.organisations
        found = []
        if part is not None and part.answered is not None:
            detail = f"of {part.headcount:,}" if part.headcount else "headcount not known"
            if self._reading.in_no_total:
                left = self._reading.in_no_total
                names = joined([f"{self._reading.name(g)} ({self._staff(g)} {people})" for g in left])
                detail += f" in the other organisations; {names} {'is' if len(left) == 1 else 'are'} in no total"
            found.append(Fact(f"{sentence(people)} who answered", f"{part.answered:,}", detail))
        if part is not None and part.rate is not None:
            detail = "of those" if self._reading.in_no_total else "of all who could answer"
            found.append(Fact("Response rate", f"{whole(part.rate)}%", detail))
        line = self.release.who.weights
        if line is not None and line.effective_base is not None:
            found.append(Fact("Effective base", f"{line.effective_base:,}", "after weighting"))
        if organisations:
            shown = len(organisations) - len(self.outline.hidden)
            found.append(Fact("Organisations", f"{len(organisations)}", f"{shown} with numbers of their own"))
        return found

    def _staff(self, group: Group) -> str:
        return thousands(self._reading.participation[group].headcount)

    @property
    def answer(self) -> list[AnswerPart]:
        """What staff said, where they would start, and what is not known."""
        people = self._reading.people
        return [
            _part("said", f"What {people} said", self.outline.said, 9 if self.outline.known else 5),
            _part("where", f"Where {people} would start", self.outline.start, 6, tuple(self._caution())),
            replace(
                _part("unknown", "What is not known", self.outline.unknown, 5, tuple(self._unknown_notes())),
                kind="unknown",
                lesser=(*self.outline.unknown[5:], *self.outline.lesser),
            ),
        ]

    def _caution(self) -> Iterator[Note]:
        """One line for all that silent people could reverse; the chapters have one beside each sentence."""
        if any(finding.caveat for finding in self.outline.start):
            text = "Where fewer than 60% answered, or a lead is small, the others could reverse a sentence."
            yield Note(text, self.link(self.outline.start[0]), "What that would take stands beside each sentence there")

    def _unknown_notes(self) -> Iterator[Note]:
        if self.outline.hidden:
            names = joined([self._reading.name(group) for group in self.outline.hidden])
            anchor = self.hidden[0].id
            yield Note(
                f"What {self._reading.people} of {names} think is not shown.", anchor, "Why, and what to use instead"
            )
        unasked = tuple(q for q in self.outline.silent if self._reading.unasked(q))
        silent = tuple(q for q in self.outline.silent if q not in unasked)
        if silent:
            yield Note(f"No answer can be shown on {_named(silent)}.", "not-shown", "What is not shown, and why")
        if unasked:
            yield Note(f"Nobody was asked {_named(unasked)}.", "annex", "The questions")

    def link(self, finding: Finding) -> str:
        """The anchor of the graph that shows a sentence."""
        return self.outline.link(finding)

    def href(self, anchor: str) -> str:
        """The address of an anchor; here all of them are on one page."""
        return f"#{anchor}"

    def evidence_of(self, finding: Finding) -> str:
        """The address of a sentence's own page of evidence; none on one page."""
        return ""

    # Who answered

    @property
    def who_sentences(self) -> tuple[str, ...]:
        """The sentences on response, and on rows that were read and left out."""
        found = tuple(f.sentence for f in self.outline.told if f.rule == "represent")
        found += tuple(rows_left_out(self.release.accounts))
        return found if self.rates else (*found, "The headcount is not known, so there is no response rate.")

    @cached_property
    def rates(self) -> Graph | None:
        """The graph of response rates; none where no headcount is known."""
        known = any(part.headcount for part in self._reading.participation.values())
        return rates(self._reading) if known else None

    @property
    def answered(self) -> WhoAnswered:
        """Coverage, what the silent could change, early against late, and the weights."""
        return WhoAnswered(self._reading)

    @property
    def who(self) -> tuple[Block, ...]:
        """Who answered, by the questions that say so."""
        return self.outline.who

    @property
    def not_shown(self) -> list[str]:
        """What is not shown, in words."""
        minimum = self.release.policy.minimum_base
        hidden = dict.fromkeys(n.group for n in self.release.not_shown if n.question is None)
        empty = [group for group in hidden if self._reading.is_empty(group)]
        groups = [group for group in hidden if group not in empty]
        pairs = len({(n.group, n.question) for n in self.release.not_shown if n.question is not None})
        found = [
            f"Numbers are shown only where at least {minimum} people answered and where nobody’s answers can be worked "
            "out from them, not even by subtracting one number from another."
        ]
        if groups:
            found.append(f"Not shown at all: {joined([self._reading.name(group) for group in groups])}.")
        if empty:
            found.append(f"Chosen by nobody who answered: {joined([self._reading.name(group) for group in empty])}.")
        if pairs:
            found.append(
                f"In {pairs:,} further places one question is not shown for one group. The graphs say so there."
            )
        if not groups and not pairs:
            found.append("Nothing had to be held back.")
        return found

    @cached_property
    def hidden(self) -> tuple[Hidden, ...]:
        """One part for each organisation of which nothing is shown."""
        return tuple(self._hidden(group) for group in self.outline.hidden)

    def _hidden(self, group: Group) -> Hidden:
        name, minimum = self._reading.name(group), self.release.policy.minimum_base
        part = self._reading.participation.get(group)
        staff = f"{name} has {thousands(part.headcount)} {self._reading.people}. " if part and part.headcount else ""
        why = (
            f"{staff}Either fewer than {minimum} of them answered, or showing their numbers beside the others would "
            "let somebody work out a smaller group. Which of the two it is cannot be said without giving a number "
            "away.",
        )
        return Hidden(
            f"for-{group.code}",
            name,
            why,
            tuple(Use(*use) for use in wording.uses(name, self._reading.people, minimum)),
        )

    # Annex

    @property
    def methods(self) -> tuple[tuple[str, str], ...]:
        """What each number means."""
        weighted = (wording.WEIGHTS,) if self.release.who.weights else ()
        drawn = (wording.DESIGN,) if any("the design" in figure.method for figure in self.release.figures) else ()
        return wording.of_people((*drawn, *weighted, *wording.METHODS), self._reading.people)

    @property
    def glossary(self) -> tuple[tuple[str, str], ...]:
        """Words and their meanings."""
        return wording.of_people(wording.GLOSSARY, self._reading.people)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All sentences, told or not."""
        return self._reading.findings

    @property
    def policy(self) -> tuple[str, ...]:
        """What protects people."""
        return wording.policy(self.release.policy.minimum_base)

    @property
    def example_id(self) -> str:
        """Some evidence id that is shown."""
        return next(iter(self._shown_ids), "figure-0123456789abcdef")

    @property
    def provenance(self) -> list[tuple[str, str]]:
        """The names of everything that the report was made from."""
        found = [
            ("Study", self.release.study_id),
            ("Questionnaire", f"{self.release.instrument.name}, {self.release.instrument.id}"),
            ("Recipe", self.release.recipe),
            ("Release", self.release.stamp),
            ("Made", self.release.made),
            ("Policy", f"{self.release.policy.name}, minimum base {self.release.policy.minimum_base}"),
        ]
        return [*found, *(("Answers", account_line(account)) for account in self.release.accounts)]

    @cached_property
    def _shown_ids(self) -> tuple[str, ...]:
        """The ids of all figures in the graphs, tables and sentences of the report."""
        graphs = (*self.outline.graphs, *self.outline.tables)
        found = [i for graph in graphs for i in graph.figures] + [i for f in self.findings for i in f.figures]
        return tuple(i for i in dict.fromkeys(found) if i in self.release.by_id and self.release.by_id[i].shown)

    @cached_property
    def evidence(self) -> list[EvidencePart]:
        """Every shown figure with its id, by question."""
        by_question: dict[str, list[Figure]] = {}
        for figure in (self.release.by_id[i] for i in self._shown_ids):
            by_question.setdefault(figure.question, []).append(figure)
        found = [q for q in self.release.instrument.questions if q.id in by_question]
        return [EvidencePart(q, subject(q), words(q.text), tuple(self._rows(q, by_question[q.id]))) for q in found]

    def _rows(self, question: Question, figures: Sequence[Figure]) -> Iterator[EvidenceRow]:
        for figure in figures:
            cell = self._reading.cell(figure)
            answer = selected(question, figure.selector) if figure.selector else sentence(figure.kind)
            number = measured(cell.value, cell.low, cell.high, _UNITS.get(figure.kind, ""))
            wave = "" if figure.wave == self.release.wave else f", wave {figure.wave}"
            yield EvidenceRow(figure.id, self._reading.name(figure.group) + wave, answer, number, f"{figure.base:,}")

    def evidence_anchor(self, block: Block) -> str:
        """Where the evidence ids of a block stand."""
        return f"evidence-{block.questions[0].id}" if block.questions else "evidence"

    @property
    def introduction(self) -> str:
        """The introduction of the questionnaire."""
        return words(self.release.instrument.introduction)

    @property
    def questionnaire(self) -> list[Asked]:
        """All questions that people were asked, as they were asked."""
        return [_asked(question, self.release) for question in self.release.instrument.asked]


def _asked(question: Question, release: Release) -> Asked:
    options = " · ".join(words(option.text) for option in question.options)
    routed = [
        f"“{words(release.instrument[c.question].text)}” was answered with "
        + " or ".join(f"“{selected(release.instrument[c.question], option)}”" for option in c.any_of)
        for c in question.show_if
    ]
    return Asked(
        words(question.text),
        words(question.hint),
        options or {"text": "In own words", "number": "A number"}.get(question.kind, ""),
        f"Asked only where {' and '.join(routed)}." if routed else "",
    )


def _day(instant: str) -> str:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    try:
        day = datetime.fromisoformat(instant).astimezone(ZoneInfo("Europe/London"))
    except ValueError:
        return instant
    return f"{day.day} {day:%B %Y}"


def _part(name: str, title: str, findings: tuple[Finding, ...], most: int, notes: tuple[Note, ...] = ()) -> AnswerPart:
    """A part of the answer in a page, with what is too much for a page folded."""
    return AnswerPart(name, "certain", title, findings[:most], notes, findings[most:])


def _named(questions: tuple[Question, ...]) -> str:
    """Some questions by name, and how many more."""
    names = joined([f"“{subject(question)}”" for question in questions[:4]])
    return names + (f" and {len(questions) - 4} further questions" if len(questions) > 4 else "")


def render(release: Release, *, final_by: str | None = None) -> str:
    """The whole report as one HTML document. Raises Refused for anything that is not a Release."""
    return render_reading(Reading(released(release)), final_by)


def render_reading(reading: Reading, final_by: str | None = None) -> str:
    """As `render`, from a Release that is being read already."""
    page, language = Page(reading.release, Outline(reading), final_by), reading.release.instrument.languages[0]
    return environment().get_template("report.html").render(page=page, language=language)

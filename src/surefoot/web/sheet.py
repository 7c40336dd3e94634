"""A whole questionnaire on one page, as it is typed in from paper: all questions, read together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from surefoot.instrument import Instrument, Question, Section
from surefoot.questionnaires import conditions, without_question
from surefoot.web.answer import Mistake, first_field, read_answer
from surefoot.web.asked import AskedPage, filled
from surefoot.web.route import route

Form = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Line:
    """One question of the sheet. number: on paper; prefix: of the names of its fields; only_if: when it is answered."""

    number: int
    prefix: str
    section: Section | None
    only_if: str
    page: AskedPage


@dataclass(frozen=True)
class Sheet:
    """The questions of a paper in order, with what was typed in and the mistakes in it."""

    lines: tuple[Line, ...]

    @property
    def mistakes(self) -> tuple[Line, ...]:
        """The questions whose answers cannot be taken."""
        return tuple(line for line in self.lines if line.page.mistake)


def prefix(question: Question) -> str:
    """What the names of a question's fields begin with on a page of many.

    >>> prefix(Question("hours", "number", {"en": "How many hours?"}))
    'hours:'
    """
    return f"{question.id}:"


def read_sheet(instrument: Instrument, form: Form, known: str | None) -> Mapping[str, Any]:
    """What was typed in: the answers of those questions that the person's own answers lead to; or mistakes by question.

    A question that was left empty on paper was shown and not answered. What somebody answered though the paper told
    them not to counts for nothing, as on the pages. known: the question whose answer is known, which is not asked.
    """
    asked = [question for question in instrument.asked if question.id != known]
    read = {question.id: read_answer(replace(question, optional=True), _of(question, form)) for question in asked}
    wrong = {name: answer for name, answer in read.items() if isinstance(answer, Mistake)}
    if not wrong and all(answer is None for answer in read.values()):
        return {asked[0].id: Mistake("nothing-typed", first_field(asked[0]))}
    return wrong or route(instrument, read, known=known).kept


def is_wrong(read: Mapping[str, Any]) -> bool:
    """Whether reading a sheet gave mistakes instead of answers."""
    return any(isinstance(one, Mistake) for one in read.values())


def sheet(
    instrument: Instrument, known: str | None, *, language: str, form: Form | None = None, mistakes: Mapping[str, Any]
) -> Sheet:
    """The page of a sheet, empty or with what was typed in."""
    printed = without_question(instrument, known)
    when, sections = conditions(printed, language), {section.id: section for section in printed.sections}
    lines, before = [], None
    for number, question in enumerate(printed.asked, 1):
        section = sections.get(question.section or "") if question.section != before else None
        before = question.section
        posted = _of(question, form or (lambda name: ()))
        page = filled(printed, question, posted, mistakes.get(question.id), language)
        lines.append(Line(number, prefix(question), section, when[question.id], page))
    return Sheet(tuple(lines))


def _of(question: Question, form: Form) -> Form:
    return lambda name: form(prefix(question) + name)

"""The route: which questions somebody is asked, given what they have answered so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surefoot.instrument import Condition, Instrument, Question

Answers = Mapping[str, Any]
"""Answers by question id: an option id, a list of them (in order, where they are ranked), a whole number, a text, or
None where the question was shown and left empty. What was never shown is not in it."""


@dataclass(frozen=True)
class Route:
    """The questions on one person's way, in order; answers to questions that are no longer on it count for nothing."""

    instrument: Instrument
    questions: tuple[Question, ...]
    answers: Answers

    @property
    def first_open(self) -> Question | None:
        """The first question that was not shown yet; None where all were."""
        return next((question for question in self.questions if question.id not in self.answers), None)

    @property
    def kept(self) -> dict[str, Any]:
        """The answers that count: those on the route, in its order."""
        return {question.id: self.answers[question.id] for question in self.questions if question.id in self.answers}

    def place(self, question: str) -> int | None:
        """Where a question stands on the route, from 0; None where it is not on it."""
        return next((place for place, asked in enumerate(self.questions) if asked.id == question), None)

    def after(self, question: str) -> Question | None:
        """The question that follows; None after the last."""
        return self._neighbour(question, 1)

    def before(self, question: str) -> Question | None:
        """The question before; None at the first."""
        return self._neighbour(question, -1)

    def _neighbour(self, question: str, step: int) -> Question | None:
        place = self.place(question)
        wanted = -1 if place is None else place + step
        return self.questions[wanted] if 0 <= wanted < len(self.questions) else None


def route(instrument: Instrument, answers: Answers, *, known: str | None = None) -> Route:
    """Walk the instrument with some answers.

    known: a question whose answer the link says already (where somebody works), so it is not asked.
    """
    taken: dict[str, Any] = {}
    questions = []
    for question in instrument.asked:
        if question.id == known or not all(holds(condition, instrument, taken) for condition in question.show_if):
            continue
        questions.append(question)
        if question.id in answers:
            taken[question.id] = answers[question.id]
    return Route(instrument, tuple(questions), taken)


def holds(condition: Condition, instrument: Instrument, answers: Answers) -> bool:
    """Whether a condition holds. A derived question is its first option where any of its own conditions holds."""
    earlier = instrument[condition.question]
    if earlier.derived:
        if answers.get(str(earlier.derived_base)) is None:
            return False
        first = any(holds(part, instrument, answers) for part in earlier.derived)
        return earlier.options[0 if first else 1].id in condition.any_of
    chosen = answers.get(earlier.id)
    return any(option in condition.any_of for option in (chosen if isinstance(chosen, list) else [chosen]))

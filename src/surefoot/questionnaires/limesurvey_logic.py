"""Codes that LimeSurvey allows, and routing in its expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from surefoot.instrument import Condition, Instrument, Question, words

LONGEST_CODE = 20
_RESERVED = {"self", "that", "sum", "count", "other", "lang", "time", "token", "sid", "qid", "gid", "submitdate"}
_NOT_CODE = re.compile("[^A-Za-z0-9]+")


@dataclass
class Codes:
    """Codes of questions by id: letters and digits, a letter first, at most 20, each once.

    rows: of a statement in an array, the code of its row; `questions` holds the code of the array then.
    """

    instrument: Instrument
    questions: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=lambda: set(_RESERVED))

    def take(self, name: str) -> str:
        """A free code as near to a name as can be."""
        plain = _NOT_CODE.sub("", name)
        base = (plain if plain[:1].isalpha() else f"q{plain}")[:LONGEST_CODE]
        code, number = base, 2
        while code.casefold() in self._taken:
            code = f"{base[: LONGEST_CODE - len(str(number))]}{number}"
            number += 1
        self._taken.add(code.casefold())
        return code

    def variable(self, question: str) -> str:
        """The name that expressions use for a question's answer."""
        row = self.rows.get(question)
        return self.questions[question] + (f"_{row}" if row else "") + ".NAOK"


def answer_code(question: Question, option: str) -> str:
    """The code of an option: Y or N for yes and no, SQ001 for a box, else A1."""
    place = [entry.id for entry in question.options].index(option) + 1
    if is_yes_no(question):
        return "YN"[place - 1]
    return box_code(place) if question.kind == "multi" else f"A{place}"


def box_code(place: int) -> str:
    """The code of a box or row by its place from 1.

    >>> box_code(3)
    'SQ003'
    """
    return f"SQ{place:03}"


def is_yes_no(question: Question) -> bool:
    """Whether LimeSurvey's own yes/no question asks the same: two options with just these words."""
    texts = [words(option.text).strip().casefold() for option in question.options]
    languages = {code for option in question.options for code in option.text}
    return question.kind == "single" and texts == ["yes", "no"] and languages <= {"en"}


def relevance(question: Question, codes: Codes) -> str:
    """When a question is shown; "1" is always."""
    parts = [_holds(condition, codes) for condition in question.show_if]
    return " and ".join(f"({part})" for part in parts) if parts else "1"


def _holds(condition: Condition, codes: Codes) -> str:
    question = codes.instrument[condition.question]
    if question.derived:
        return _derived_holds(question, condition, codes)
    if question.kind == "multi":
        boxes = [answer_code(question, option) for option in condition.any_of]
        return _any(f'{codes.questions[question.id]}_{box}.NAOK == "Y"' for box in boxes)
    wanted = [answer_code(question, option) for option in condition.any_of]
    if question.kind == "ranked":
        ranks = [f"{codes.questions[question.id]}_{rank}.NAOK" for rank in range(1, len(question.options) + 1)]
        return _any(f'{rank} == "{code}"' for rank in ranks for code in wanted)
    return _any(f'{codes.variable(question.id)} == "{code}"' for code in wanted)


def _derived_holds(question: Question, condition: Condition, codes: Codes) -> str:
    """A derived question is asked of nobody, so what it follows from is said instead."""
    first = _any(f"({_holds(part, codes)})" for part in question.derived)
    answered = _answered(codes.instrument[str(question.derived_base)], codes)
    sides = [option.id in condition.any_of for option in question.options]
    if all(sides):
        return answered
    if not any(sides):
        return "0"
    return f"{answered} and ({first})" if sides[0] else f"{answered} and !({first})"


def _answered(base: Question, codes: Codes) -> str:
    if base.derived:
        return _answered(codes.instrument[str(base.derived_base)], codes)
    if base.kind == "multi":
        boxes = [f"{codes.questions[base.id]}_{box_code(place)}.NAOK" for place in range(1, len(base.options) + 1)]
        return f"(count({', '.join(boxes)}) > 0)"
    name = codes.variable(base.id) if base.kind != "ranked" else f"{codes.questions[base.id]}_1.NAOK"
    return f"!is_empty({name})"


def _any(parts: Iterable[str]) -> str:
    return " or ".join(parts) or "0"

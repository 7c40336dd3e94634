"""A questionnaire to print or to show: one HTML file that asks for nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from surefoot.instrument import Condition, Instrument, Question, Text, words
from surefoot.whole import write_whole

ORDER_ON_PAPER = "On paper every option stands in the order of the file, also where the order is to be random."


@dataclass(frozen=True)
class Asked:
    """A question on the page: its number, and when it is to be answered ("" where always)."""

    number: int
    question: Question
    only_if: str


@dataclass(frozen=True)
class Part:
    """A section of the page, or the questions of none."""

    title: Text
    text: Text
    asked: tuple[Asked, ...]


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("surefoot.questionnaires", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(words=words)
    return made


def write_printed(instrument: Instrument, path: Path) -> tuple[str, ...]:
    """Write the questionnaire as one HTML file, each language after the other; return sentences on what it lacks."""
    template = _environment().get_template("printed.html")
    languages = [(language, _parts(instrument, language)) for language in instrument.languages]
    write_whole(path, template.render(instrument=instrument, languages=languages, first=instrument.languages[0]))
    return (ORDER_ON_PAPER,) if any(question.order == "shuffled" for question in instrument.asked) else ()


def _parts(instrument: Instrument, language: str) -> list[Part]:
    sections = {section.id: section for section in instrument.sections}
    numbers = {question.id: place for place, question in enumerate(instrument.asked, 1)}
    parts = []
    for section, questions in groupby(instrument.asked, key=lambda question: sections.get(question.section or "")):
        asked = [Asked(numbers[q.id], q, _only_if(q, instrument, numbers, language)) for q in questions]
        parts.append(Part(section.title if section else {}, section.text if section else {}, tuple(asked)))
    return parts


def _only_if(question: Question, instrument: Instrument, numbers: dict[str, int], language: str) -> str:
    """When a question is to be answered, in words."""
    parts = [_said(condition, instrument, numbers, language) for condition in question.show_if]
    return f"Answer this only if {' and '.join(parts)}." if parts else ""


def _said(condition: Condition, instrument: Instrument, numbers: dict[str, int], language: str) -> str:
    earlier = instrument[condition.question]
    if earlier.derived:
        either = " or ".join(_said(part, instrument, numbers, language) for part in earlier.derived)
        first, second = (option.id in condition.any_of for option in earlier.options)
        base = numbers.get(str(earlier.derived_base))
        if first == second:
            return f"you answered question {base}" if first else "the lead asks you to"
        return f"({either})" if first else f"it is not so that ({either})"
    chosen = [f'"{words(option.text, language)}"' for option in earlier.options if option.id in condition.any_of]
    return f"you chose {' or '.join(chosen)} at question {numbers[earlier.id]}"

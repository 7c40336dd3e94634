"""A questionnaire to print or to show: one HTML file that asks for nothing from elsewhere."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from surefoot.instrument import Condition, Instrument, Question, Text, spoken, words
from surefoot.questionnaires.pictures import EASY_READ, option_symbol, question_symbol, symbol
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
    made.globals.update(say=_say, spoken_in=_spoken_in, symbol=symbol, easy=EASY_READ)
    made.globals.update(question_symbol=question_symbol, option_symbol=option_symbol)
    return made


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("surefoot.questionnaires") / "words" / "paper.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _say(key: str, language: str) -> str:
    """A phrase of the page in a language; in English where the page has no words in that one."""
    return _words().get(language, _words()["en"])[key]


def _spoken_in(text: Text, language: str) -> str:
    """The language of a wording, where it is another than that of the page around it; else ""."""
    found = spoken(text, language)[1]
    return "" if found.partition("-x-")[0] == language.partition("-x-")[0] else found


def write_printed(instrument: Instrument, path: Path) -> tuple[str, ...]:
    """Write the questionnaire as one HTML file, each language after the other; return sentences on what it lacks."""
    write_whole(path, printed_page(instrument, instrument.languages))
    return (ORDER_ON_PAPER,) if any(question.order == "shuffled" for question in instrument.asked) else ()


def printed_page(
    instrument: Instrument,
    languages: Sequence[str],
    *,
    before: Mapping[str, Sequence[str]] | None = None,
    warnings: Mapping[str, Sequence[str]] | None = None,
    notes: Mapping[str, str] | None = None,
    without: str | None = None,
) -> str:
    """The questionnaire as one HTML page, in some languages one after the other.

    before, warnings: by language, sentences that stand at the start, and before each comment box. notes: sentences at
    the end, by the language that each is in. without: a question that is not printed, since the answer is known.
    """
    asked = without_question(instrument, without)
    content = {
        "instrument": asked,
        "languages": [(language, _parts(asked, language)) for language in languages],
        "first": languages[0],
        "before": before or {},
        "warnings": warnings or {},
        "notes": notes or {},
        "translated": set(_words()),
    }
    return _environment().get_template("printed.html").render(content)


def without_question(instrument: Instrument, question: str | None) -> Instrument:
    """The instrument without a question whose answer is known, as it is printed."""
    kept = tuple(one for one in instrument.questions if one.id != question)
    return instrument if question is None else replace(instrument, questions=kept)


def conditions(instrument: Instrument, language: str) -> dict[str, str]:
    """When each question is to be answered, in words, by its id; "" where always. Numbers are those on paper."""
    numbers = {question.id: place for place, question in enumerate(instrument.asked, 1)}
    return {question.id: _only_if(question, instrument, numbers, language) for question in instrument.asked}


def _parts(instrument: Instrument, language: str) -> list[Part]:
    sections = {section.id: section for section in instrument.sections}
    numbers = {question.id: place for place, question in enumerate(instrument.asked, 1)}
    when = conditions(instrument, language)
    parts = []
    for section, questions in groupby(instrument.asked, key=lambda question: sections.get(question.section or "")):
        asked = tuple(Asked(numbers[q.id], q, when[q.id]) for q in questions)
        parts.append(Part(section.title if section else {}, section.text if section else {}, asked))
    return parts


def _only_if(question: Question, instrument: Instrument, numbers: dict[str, int], language: str) -> str:
    """When a question is to be answered, in words; what follows from a question that is not printed is left out."""
    parts = [_said(part, instrument, numbers, language) for part in question.show_if if part.question in instrument]
    said = _say("and", language).join(parts)
    return _say("only-if", language).format(conditions=said) if parts else ""


def _said(condition: Condition, instrument: Instrument, numbers: dict[str, int], language: str) -> str:
    earlier = instrument[condition.question]
    either_or = _say("or", language)
    if earlier.derived:
        either = either_or.join(_said(part, instrument, numbers, language) for part in earlier.derived)
        first, second = (option.id in condition.any_of for option in earlier.options)
        base = numbers.get(str(earlier.derived_base))
        if first == second:
            return _say("answered", language).format(number=base) if first else _say("asked-to", language)
        return f"({either})" if first else _say("not-so", language).format(conditions=either)
    chosen = [f'"{words(option.text, language)}"' for option in earlier.options if option.id in condition.any_of]
    return _say("chose", language).format(options=either_or.join(chosen), number=numbers[earlier.id])

"""Translations of the bank's wordings, in files of their own: `bank/translations/INSTRUMENT.LANGUAGE.toml`.

They are no part of an instrument, so its content id stays what it is. A translation belongs to a wording, never to the
id of a question: where somebody changes the English, no translation of the old words is shown.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Any

from surefoot.instrument.instrument import Instrument, Option, Question, Scale, Section, Text

SOURCE = "en"


@dataclass(frozen=True)
class Translation:
    """Wordings in one language. texts: by place and English wording; place: the id of a scale or of a question where
    the words are said in their own way, or "" for everywhere. reviewed: each file names who reviewed it."""

    language: str
    texts: Mapping[tuple[str, str], str]
    reviewed: bool

    def of(self, text: Text, place: str) -> str | None:
        """The translation of a text, or None where there is none."""
        wording = _one_line(text.get(SOURCE, ""))
        return self.texts.get((place, wording)) or self.texts.get(("", wording))


@lru_cache(maxsize=16)
def bank_translation(language: str) -> Translation:
    """All translations of the bank into a language; none where nobody made any."""
    tables = list(_tables(language))
    texts = {
        (str(place), _one_line(entry[SOURCE])): _one_line(entry[language])
        for table in tables
        for entry in table["text"]
        for place in entry.get("places", [""])
    }
    return Translation(language, texts, all(table["reviewed_by"] for table in tables))


def _tables(language: str) -> Iterator[dict[str, Any]]:
    folder = resources.files("surefoot") / "bank" / "translations"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(f".{language}.toml"):
            yield tomllib.loads(file.read_text(encoding="utf-8"))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def translated(instrument: Instrument, language: str) -> Instrument:
    """An instrument with the bank's wordings in a language wherever it has none of its own, to show and to print.

    Its answers are answers to the instrument as it was: keep that one's id, not this one's.
    """
    known = bank_translation(language)

    def put(text: Text, place: str = "") -> Text:
        found = None if language in text else known.of(text, place)
        return {**text, language: found} if found else text

    def option(one: Option, place: str) -> Option:
        return replace(one, text=put(one.text, place))

    def scale(one: Scale) -> Scale:
        return replace(one, options=tuple(option(part, one.id) for part in one.options))

    def question(one: Question) -> Question:
        answers = scale(one.scale) if one.scale else None
        return replace(one, text=put(one.text, one.id), hint=put(one.hint, one.id), scale=answers)

    def section(one: Section) -> Section:
        return replace(one, title=put(one.title), text=put(one.text))

    return replace(
        instrument,
        title=put(instrument.title),
        introduction=put(instrument.introduction),
        sections=tuple(map(section, instrument.sections)),
        questions=tuple(map(question, instrument.questions)),
    )


def untranslated(instrument: Instrument, language: str) -> tuple[str, ...]:
    """Wordings that people are shown in another language than theirs, each once, in the order in which they come."""
    texts = [instrument.title, instrument.introduction]
    for section in instrument.sections:
        texts += [section.title, section.text]
    for question in instrument.asked:
        texts += [question.text, question.hint, *(option.text for option in question.options)]
    return tuple(dict.fromkeys(next(iter(text.values())) for text in texts if text and language not in text))

"""An Instrument to an XLSForm: what the standard has no place for stands in columns and a sheet of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surefoot.instrument import Instrument, Option, Question, Scale, Section, Text, words
from surefoot.questionnaires.languages import language_name
from surefoot.questionnaires.workbook import Row, write_sheets
from surefoot.questionnaires.xlsform_layout import (
    DERIVED,
    INTRODUCTION,
    OWN_FIELDS,
    PREFIX,
    SECTION_TEXT,
    SHUFFLED,
    TABLE_LIST,
    TYPES,
    Headers,
    Names,
    Run,
    runs,
)
from surefoot.questionnaires.xlsform_logic import as_text, calculation, conditions_of, expression

_SURVEY = ("type", "name", "label::", "hint::", "relevant", "appearance", "parameters", "calculation")
_OWN = ("id", "role", "list", "short_*", *OWN_FIELDS, "show_if", "derived")
_CHOICES = (
    "list_name",
    "name",
    "label::",
    *(f"{PREFIX}{name}" for name in ("position", "exclusive", "sensitive_absence")),
)
_SHEET = ("what", "id", "key", "value")
KEPT = (
    "Constructs, short labels, derived questions, positions and the planned comparisons stand in columns and a sheet "
    'that begin with "surefoot": other tools ignore them, and Surefoot reads them back.'
)
REFERENCE = 'A text holds "${": XLSForm tools read it as a reference to a question; change it there.'


def write_xlsform(instrument: Instrument, path: Path) -> tuple[str, ...]:
    """Write an instrument as an XLSForm workbook and return sentences on what other tools will not show."""
    form = _Form(instrument)
    headers = Headers(_languages(instrument))
    survey = list(form.survey())
    sheets = {
        "survey": (headers.of(*_SURVEY, *(f"{PREFIX}{name}" for name in _OWN)), survey),
        "choices": (headers.of(*_CHOICES), list(form.choices())),
        "settings": (("form_title", "form_id", "default_language", "version"), [form.settings()]),
        "surefoot": (_SHEET, list(form.own())),
    }
    write_sheets(path, sheets)
    holds = any("${" in cell for row in survey for header, cell in row.items() if header.startswith(("label", "hint")))
    return (KEPT, REFERENCE) if holds else (KEPT,)


def _languages(instrument: Instrument) -> tuple[str, ...]:
    """The languages of the instrument, and any other in which a question has a text."""
    used = (name for question in instrument.questions for name in question.text)
    return tuple(dict.fromkeys([*instrument.languages, *used]))


@dataclass
class _Form:
    """The rows of a form. names: of questions, by their id."""

    instrument: Instrument

    def __post_init__(self) -> None:
        self._free = Names()
        self.names = {question.id: self._free.take(question.id) for question in self.instrument.questions}

    def survey(self) -> Iterator[Row]:
        """The sheet of questions."""
        if self.instrument.introduction:
            yield self._note(INTRODUCTION, self.instrument.introduction)
        opened: set[str] = set()
        for section, stretches in runs(self.instrument):
            if section is not None:
                yield from self._open(section, section.id in opened)
                opened.add(section.id)
            for run in stretches:
                yield from self._matrix(run) if run.matrix else (self._question(run.questions[0], section, None),)
            if section is not None:
                yield {"type": "end_group"}

    def _open(self, section: Section, again: bool) -> Iterator[Row]:
        name = self._free.take(section.id)
        own = {f"{PREFIX}id": section.id} if name != section.id else {}
        yield {"type": "begin_group", "name": name} | _texts("label::", section.title) | own
        if section.text and not again:
            yield self._note(SECTION_TEXT, section.text)

    def _note(self, role: str, text: Text) -> Row:
        return {"type": "note", "name": self._free.take(role)} | _texts("label::", text) | {f"{PREFIX}role": role}

    def _matrix(self, run: Run) -> Iterator[Row]:
        first = run.questions[0]
        name = self._free.take(str(first.group))
        shared = first.hint if all(question.hint == first.hint for question in run.questions) else {}
        own = {f"{PREFIX}id": str(first.group)} if name != first.group else {}
        yield {"type": "begin_group", "name": name, "appearance": TABLE_LIST} | _texts("label::", shared) | own
        yield from (self._question(question, run.section, shared) for question in run.questions)
        yield {"type": "end_group"}

    def _question(self, question: Question, section: Section | None, shared: Text | None) -> Row:
        """A row. shared: in a matrix, the hint that stands as its heading; None outside."""
        name = self.names[question.id]
        row = {"type": self._type(question), "name": name} | _texts("label::", question.text)
        row |= {} if shared else _texts("hint::", question.hint)
        row |= self._routing(question)
        if question.order == "shuffled":
            row["parameters"] = SHUFFLED
        row |= {f"{PREFIX}id": question.id} if name != question.id else {}
        row |= {f"{PREFIX}short_{code}": text for code, text in question.short.items()}
        native = {"group"} if shared is not None else set()
        native |= {"section"} if section is not None else set()
        fields = {key: getattr(question, key) for key in OWN_FIELDS if key not in native}
        return row | {f"{PREFIX}{key}": _cell(value) for key, value in fields.items() if value}

    def _type(self, question: Question) -> str:
        if question.derived:
            return "calculate"
        if question.kind == "number":
            return "decimal" if question.decimals else "integer"
        kind = TYPES[question.kind]
        return f"{kind} {question.scale.id}" if question.scale else kind

    def _routing(self, question: Question) -> Row:
        row: Row = {}
        if question.derived and question.scale:
            row["calculation"] = calculation(question, self.instrument, self.names)
            row |= {f"{PREFIX}role": DERIVED, f"{PREFIX}derived": as_text(question.derived)}
            row[f"{PREFIX}list"] = question.scale.id
        if question.show_if:
            row["relevant"] = expression(question.show_if, self.instrument, self.names)
            back = conditions_of(row["relevant"], {name: name for name in self.names.values()})
            meant = [(self.names[part.question], part.any_of) for part in question.show_if]
            if [(part.question, part.any_of) for part in back or ()] != meant:
                row[f"{PREFIX}show_if"] = as_text(question.show_if)
        return row

    # The other sheets ---------------------------------------------------------------------------------------------

    @property
    def scales(self) -> Mapping[str, Scale]:
        """Scales by their id, in the order of their first use."""
        return {question.scale.id: question.scale for question in self.instrument.questions if question.scale}

    def choices(self) -> Iterator[Row]:
        """The sheet of options."""
        for scale in self.scales.values():
            yield from (_choice(scale, option) for option in scale.options)

    def settings(self) -> Row:
        """The row of settings; the version is the instrument's own, so that changed words are another version."""
        return {
            "form_title": words(self.instrument.title, self.instrument.languages[0]),
            "form_id": self.instrument.name,
            "default_language": language_name(self.instrument.languages[0]),
            "version": self.instrument.id.removeprefix("instrument-"),
        }

    def own(self) -> Iterator[Row]:
        """What belongs to the whole instrument or to a scale and has no place in the standard."""
        instrument = self.instrument
        yield _own("instrument", "", "languages", json.dumps(list(instrument.languages)))
        for code, text in instrument.title.items():
            yield _own("instrument", "", f"title::{code}", text)
        if instrument.minutes:
            yield _own("instrument", "", "minutes", str(instrument.minutes))
        used = {question.section for question in instrument.questions}
        for section in instrument.sections:
            yield _own("section", section.id, "", "")
            if section.id not in used:
                yield from (_own("section", section.id, f"title::{code}", text) for code, text in section.title.items())
                yield from (_own("section", section.id, f"text::{code}", text) for code, text in section.text.items())
        for scale in self.scales.values():
            yield from _scale_rows(scale)
        for planned in instrument.planned:
            yield _own("planned", planned.question, planned.by, json.dumps(list(planned.options)))


def _scale_rows(scale: Scale) -> Iterator[Row]:
    if scale.ordered:
        yield _own("scale", scale.id, "ordered", "yes")
    for end, pole in zip(("low", "high"), scale.poles or (), strict=False):
        yield from (_own("scale", scale.id, f"{end}::{code}", text) for code, text in pole.items())


def _own(what: str, name: str, key: str, value: str) -> Row:
    return {"what": what, "id": name, "key": key, "value": value}


def _choice(scale: Scale, option: Option) -> Row:
    row = {"list_name": scale.id, "name": option.id} | _texts("label::", option.text)
    position = {} if option.position is None else {f"{PREFIX}position": str(option.position)}
    flags = {f"{PREFIX}{key}": "yes" for key in ("exclusive", "sensitive_absence") if getattr(option, key)}
    return row | position | flags


def _texts(before: str, text: Text) -> Row:
    return {f"{before}{language_name(code)}": found for code, found in text.items()}


def _cell(value: Any) -> str:
    return "yes" if value is True else str(value)

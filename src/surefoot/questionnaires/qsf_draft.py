"""Questions of ours in the making from a Qualtrics survey, with the columns that its exports have for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from surefoot.instrument import Option, Question, Scale, Section, Text
from surefoot.instrument.naming import distinct_slug
from surefoot.questionnaires.qsf_asked import Asked, Choice
from surefoot.questionnaires.questionnaire import ExportColumn

_NOT_ID = re.compile(r"[^A-Za-z0-9._-]+")


class _Statement(NamedTuple):
    """A statement of a matrix: its key and code in exports, and the question that it becomes."""

    key: str
    code: str
    name: str
    kind: str


@dataclass
class Draft:
    """What has been taken from a survey so far.

    places: by Qualtrics' name of a choice ("QID1/2", in a matrix "QID4/statement/answer"), the question and option of
    ours, for routing.
    """

    language: str
    questions: list[Question] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    columns: list[ExportColumn] = field(default_factory=list)
    not_carried: list[str] = field(default_factory=list)
    section_ids: set[str] = field(default_factory=set)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    scales: set[str] = field(default_factory=set)

    @property
    def languages(self) -> list[str]:
        """The survey's own language, then those of its translations."""
        used = (name for question in self.questions for name in question.text)
        return list(dict.fromkeys([self.language, *used]))

    def left_out(self, what: str, names: Iterable[str]) -> None:
        """Say which questions were left out, and what they are."""
        listed = ", ".join(names)
        if listed:
            self.not_carried.append(f"Left out, {what}: {listed}.")

    # Questions ----------------------------------------------------------------------------------------------------

    def add_single(self, asked: Asked) -> None:
        """A question with one choice, and a column for the text beside each choice that has one."""
        name = self._name(asked.tag)
        scale, ids = self._scale(name, asked.choices)
        self._add(asked, name, "single", scale)
        self.columns.append(ExportColumn(asked.id, asked.tag, name, values=_values(asked.choices, ids)))
        for choice in asked.choices:
            self.places[f"{asked.id}/{choice.key}"] = (name, ids[choice.key])
        self._add_texts(asked, name, dict.fromkeys(ids, ""), asked.choices)

    def add_several(self, asked: Asked, kind: str) -> None:
        """A question with a column for each choice: boxes, or ranks."""
        name = self._name(asked.tag)
        scale, ids = self._scale(name, asked.choices)
        self._add(asked, name, kind, scale)
        for choice in asked.choices:
            option, code = ids[choice.key], f"{asked.tag}_{choice.value}"
            self.columns.append(ExportColumn(f"{asked.id}-{choice.key}", code, name, option))
            self.places[f"{asked.id}/{choice.key}"] = (name, option)
        self._add_texts(asked, name, ids, asked.choices)

    def add_plain(self, asked: Asked, kind: str) -> None:
        """A question of text or number, alone."""
        name = self._name(asked.tag)
        self._add(asked, name, kind, None)
        for key in (asked.id, f"{asked.id}-TEXT"):
            self.columns.append(ExportColumn(key, asked.tag, name))

    def add_statements(self, asked: Asked, kind: str) -> None:
        """A matrix: one question a statement; the stem stands as the hint of each."""
        scale, ids = self._scale(self._spelled(asked.tag), asked.answers) if asked.answers else (None, {})
        group = self._spelled(asked.tag) if len(asked.choices) > 1 else None
        for statement in asked.choices:
            code = statement.tag or f"{asked.tag}_{statement.value}"
            name = self._name(code)
            own = scale if kind in ("single", "multi") else None
            hint = asked.text if statement.text else {}
            self._add(asked, name, kind, own, text=statement.text, hint=hint, group=group)
            asks = _Statement(f"{asked.id}-{statement.key}", code, name, kind)
            self.columns += self._statement_columns(asks, asked.answers, ids)
            if kind != "text" and statement.has_text:
                self.columns.append(ExportColumn(f"{asks.key}-TEXT", f"{code}_TEXT", name, role="other"))
            for answer in asked.answers:
                self.places[f"{asked.id}/{statement.key}/{answer.key}"] = (name, ids[answer.key])

    def _statement_columns(
        self, asks: _Statement, answers: tuple[Choice, ...], ids: dict[str, str]
    ) -> Iterator[ExportColumn]:
        if asks.kind == "multi":
            for answer in answers:
                key, code = f"{asks.key}-{answer.key}", f"{asks.code}_{answer.value}"
                yield ExportColumn(key, code, asks.name, ids[answer.key])
        else:
            values = _values(answers, ids) if asks.kind == "single" else {}
            yield ExportColumn(asks.key, asks.code, asks.name, values=values)

    # Parts --------------------------------------------------------------------------------------------------------

    def _add(
        self,
        asked: Asked,
        name: str,
        kind: str,
        scale: Scale | None,
        *,
        text: Text | None = None,
        hint: Text | None = None,
        group: str | None = None,
    ) -> None:
        shuffled = asked.is_shuffled and scale is not None and group is None
        text = text or asked.text or {self.language: name}
        order = "shuffled" if shuffled else "fixed"
        self.questions.append(Question(name, kind, text, scale, hint=hint or {}, group=group, order=order))

    def _add_texts(self, asked: Asked, name: str, ids: dict[str, str], choices: tuple[Choice, ...]) -> None:
        """Columns for texts beside choices; the oldest exports call the only one QID1-TEXT."""
        typed = [choice for choice in choices if choice.has_text]
        for choice in typed:
            key, code = f"{asked.id}-{choice.key}-TEXT", f"{asked.tag}_{choice.value}_TEXT"
            self.columns.append(ExportColumn(key, code, name, ids[choice.key], "other"))
        if len(typed) == 1:
            option = ids[typed[0].key]
            self.columns.append(ExportColumn(f"{asked.id}-TEXT", f"{asked.tag}_TEXT", name, option, "other"))

    def _spelled(self, tag: str) -> str:
        return _NOT_ID.sub("-", tag).strip("-._") or "question"

    def _name(self, tag: str) -> str:
        """The id of a question: its tag in exports, as far as ids allow, and not taken yet."""
        base = name = self._spelled(tag)
        number = 2
        while name in self.taken:
            name, number = f"{base}-{number}", number + 1
        self.taken.add(name)
        return name

    def _scale(self, name: str, choices: tuple[Choice, ...]) -> tuple[Scale | None, dict[str, str]]:
        """The scale of a question, and the option id of each choice by its key."""
        taken: set[str] = set()
        ids = {c.key: distinct_slug(next(iter(c.text.values()), ""), taken, "option") for c in choices}
        options = tuple(Option(ids[c.key], c.text or {self.language: c.key}, exclusive=c.exclusive) for c in choices)
        base, number = name, 2
        while name in self.scales:
            name, number = f"{base}-{number}", number + 1
        self.scales.add(name)
        return (Scale(name, options) if options else None), ids


def _values(choices: tuple[Choice, ...], ids: dict[str, str]) -> dict[str, str]:
    """The number that an export writes for each choice; one that stands for two choices stands for none."""
    values = [choice.value for choice in choices]
    return {choice.value: ids[choice.key] for choice in choices if values.count(choice.value) == 1}

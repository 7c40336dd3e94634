"""One question as a Qualtrics survey file holds it, with the file's lists and tables made one shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from surefoot.instrument import Text
from surefoot.instrument.naming import without_tags

Table = dict[str, Any]


def table_of(found: Any) -> Table:
    """A table by keys of text: Qualtrics writes an empty or gapless table as a list, and nothing as false or null."""
    if isinstance(found, dict):
        return {str(key): value for key, value in found.items()}
    if isinstance(found, list):
        return {str(place): value for place, value in enumerate(found)}
    return {}


@dataclass(frozen=True)
class Choice:
    """A choice, a statement or an answer of a question: its key in the file, text, number in exports, and tag.

    value: what an export writes for it. tag: what an export adds to the question's tag. has_text: a text can be typed
    beside it. exclusive: it stands alone.
    """

    key: str
    text: Text
    value: str
    tag: str
    has_text: bool = False
    exclusive: bool = False


@dataclass(frozen=True)
class Asked:
    """A question of a Qualtrics survey: its id there (QID5), its tag in exports, and its type in three words."""

    id: str
    tag: str
    type: str
    selector: str
    sub_selector: str
    text: Text
    choices: tuple[Choice, ...]
    answers: tuple[Choice, ...]
    parts: tuple[Asked, ...]
    payload: Table

    @property
    def is_number(self) -> bool:
        """Whether only a number may be typed."""
        settings = table_of(table_of(self.payload.get("Validation")).get("Settings"))
        return settings.get("ContentType") == "ValidNumber"

    @property
    def is_shuffled(self) -> bool:
        """Whether its choices are shown in random order."""
        return table_of(self.payload.get("Randomization")).get("Type") in ("All", "Advanced", "Subset")


def asked_of(payload: Table, language: str) -> Asked:
    """A question from its payload in the file."""
    others = table_of(payload.get("Language"))
    matrix = payload.get("QuestionType") == "Matrix"
    recodes = table_of(payload.get("RecodeValues"))
    naming = _Naming(payload, language, {name.lower(): table_of(found) for name, found in others.items()})
    stem = naming.text("QuestionText")
    parts = [table_of(part) for part in table_of(payload.get("AdditionalQuestions")).values()]
    return Asked(
        id=str(payload.get("QuestionID")),
        tag=str(payload.get("DataExportTag") or payload.get("QuestionID")),
        type=str(payload.get("QuestionType")),
        selector=str(payload.get("Selector") or ""),
        sub_selector=str(payload.get("SubSelector") or ""),
        text=stem,
        choices=naming.choices("Choices", {} if matrix else recodes, payload.get("ChoiceOrder")),
        answers=naming.choices("Answers", recodes, payload.get("AnswerOrder")),
        parts=tuple(_part(payload, part, language) for part in parts),
        payload=payload,
    )


def _part(payload: Table, part: Table, language: str) -> Asked:
    """One column of a side-by-side question: its statements in the order of the whole."""
    return asked_of({**part, "ChoiceOrder": payload.get("ChoiceOrder")}, language)


@dataclass(frozen=True)
class _Naming:
    """The texts of a question in its languages."""

    payload: Table
    language: str
    others: dict[str, Table]

    def text(self, *keys: str) -> Text:
        """The text at a place of the payload, in each language that has it."""
        texts = {self.language: _at(self.payload, keys)} | {
            name: _at(table, keys) for name, table in self.others.items()
        }
        cleaned = {name: without_tags(found) for name, found in texts.items()}
        return {name: found for name, found in cleaned.items() if found}

    def choices(self, kind: str, recodes: Table, order: Any) -> tuple[Choice, ...]:
        """Choices or answers in the order in which they are shown."""
        found = table_of(self.payload.get(kind))
        tags = table_of(self.payload.get("ChoiceDataExportTags")) if kind == "Choices" else {}
        wanted = [str(key) for key in table_of(order).values() if not isinstance(key, dict | list)]
        keys = [key for key in dict.fromkeys(wanted) if key in found]
        keys += [key for key in found if key not in keys]
        return tuple(self._choice(kind, key, table_of(found[key]), recodes, tags) for key in keys)

    def _choice(self, kind: str, key: str, found: Table, recodes: Table, tags: Table) -> Choice:
        value = str(recodes.get(key, key))
        return Choice(
            key,
            self.text(kind, key, "Display"),
            value,
            tag=str(tags.get(key) or ""),
            has_text=str(found.get("TextEntry", "")).lower() in ("true", "on", "1"),
            exclusive=found.get("ExclusiveAnswer") is True,
        )


def _at(table: Table, keys: tuple[str, ...]) -> str:
    found: Any = table
    for key in keys:
        found = table_of(found).get(key)
    return found if isinstance(found, str) else str(found) if isinstance(found, int | float) else ""

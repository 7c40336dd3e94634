"""Opening an instrument: from TOML to an Instrument, checking everything that the rest of the product relies on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument.instrument import (
    PLAIN_FIELDS,
    SCHEMA,
    Condition,
    Instrument,
    Option,
    Planned,
    Question,
    Scale,
    Section,
    Text,
)

KINDS = ("single", "multi", "ranked", "number", "text")
ORDERS = ("fixed", "shuffled")


def open_instrument(source: str | Path) -> Instrument:
    """Read an instrument from a TOML file, or by name from the bank ("ai-baseline").

    Raises BadInput with file, place, what was found and what was expected.
    """
    path = Path(source)
    if path.suffix == ".toml" or path.exists():
        return _read(_bytes_of(path), str(path))
    found = resources.files("surefoot") / "bank" / "instruments" / f"{source}.toml"
    if not found.is_file():
        raise BadInput("instrument", f'"{source}"', f"a .toml file or one of the bank: {', '.join(bank_names())}")
    return _read(found.read_bytes(), f"bank/{source}.toml")


def bank_names() -> tuple[str, ...]:
    """Names of the instruments that come with Surefoot."""
    folder = resources.files("surefoot") / "bank" / "instruments"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BadInput(str(path), f"no readable file ({problem.strerror})", "an instrument in TOML") from None


def _read(content: bytes, where: str) -> Instrument:
    try:
        table = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(where, f"text that is not TOML ({problem})", "an instrument in TOML, in UTF-8") from None
    return instrument_from_table(table, where)


def instrument_from_table(table: Mapping[str, Any], where: str = "instrument") -> Instrument:
    """Build an instrument from a parsed TOML table, checking everything that the rest of the product relies on."""
    if table.get("schema") != SCHEMA:
        raise BadInput(f"{where}, schema", repr(table.get("schema")), f'"{SCHEMA}"')
    reading = _Reading(where, tuple(table.get("languages", ("en",))))
    made = tuple(reading.scale(entry) for entry in table.get("scale", ()))
    _distinct((scale.id for scale in made), where, "scale")
    scales = {scale.id: scale for scale in made}
    questions = tuple(reading.question(entry, scales) for entry in table.get("question", ()))
    sections = tuple(reading.section(entry) for entry in table.get("section", ()))
    instrument = Instrument(
        name=reading.need(table, "name", "instrument"),
        title=reading.text(table, "title", "instrument"),
        languages=reading.languages,
        sections=sections,
        questions=questions,
        planned=tuple(reading.planned(entry) for entry in table.get("planned", ())),
        introduction=reading.text(table, "introduction", "instrument", optional=True),
        minutes=table.get("minutes"),
    )
    _check(instrument, where)
    return instrument


@dataclass(frozen=True)
class _Reading:
    """The place and languages of an instrument while it is read, so that every error can say where it is."""

    where: str
    languages: tuple[str, ...]

    def need(self, table: Mapping[str, Any], key: str, place: str) -> Any:
        if key not in table:
            raise BadInput(f"{self.where}, {place}", f"no {key}", f"a line {key} = ...")
        return table[key]

    def text(self, table: Mapping[str, Any], key: str, place: str, *, optional: bool = False) -> Text:
        if optional and key not in table:
            return {}
        found = self.need(table, key, place)
        if isinstance(found, str):
            return {self.languages[0]: found}
        if not isinstance(found, Mapping) or not all(isinstance(value, str) for value in found.values()):
            raise BadInput(f"{self.where}, {place}, {key}", repr(found), "a text, or one text a language")
        return dict(found)

    def scale(self, entry: Mapping[str, Any]) -> Scale:
        name = self.slug(entry, "scale")
        place = f'scale "{name}"'
        self.known(entry, _SCALE_KEYS, place)
        options = tuple(self.option(option, place) for option in self.need(entry, "options", place))
        _distinct((option.id for option in options), f"{self.where}, {place}", "option")
        if not options:
            raise BadInput(f"{self.where}, {place}", "no options", "at least one option")
        poles = entry.get("poles")
        both = (self.text(poles, "low", place), self.text(poles, "high", place)) if poles else None
        return Scale(name, options, bool(entry.get("ordered", False)), both)

    def option(self, entry: Mapping[str, Any], place: str) -> Option:
        self.known(entry, _OPTION_KEYS, f"{place}, option")
        return Option(
            id=self.slug(entry, f"{place}, option"),
            text=self.text(entry, "text", f"{place}, option"),
            position=self.position(entry, place),
            exclusive=bool(entry.get("exclusive", False)),
            sensitive_absence=bool(entry.get("sensitive_absence", False)),
            definition=self.text(entry, "definition", f"{place}, option", optional=True),
        )

    def position(self, entry: Mapping[str, Any], place: str) -> int | None:
        found = entry.get("position")
        if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
            raise BadInput(f"{self.where}, {place}, option, position", repr(found), "a whole number, or no position")
        return found

    def section(self, entry: Mapping[str, Any]) -> Section:
        name = self.need(entry, "id", "section")
        return Section(
            name, self.text(entry, "title", f'section "{name}"'), self.text(entry, "text", "", optional=True)
        )

    def slug(self, entry: Mapping[str, Any], place: str) -> str:
        name = self.need(entry, "id", place)
        if not isinstance(name, str) or not _SLUG.fullmatch(name):
            raise BadInput(
                f"{self.where}, {place}, id", repr(name), "letters, digits, hyphens, full stops or underscores"
            )
        return name

    def known(self, entry: Mapping[str, Any], keys: frozenset[str], place: str) -> None:
        """A misspelt key would silently lose a routing or a text, so it is an error."""
        unknown = sorted(set(entry) - keys)
        if unknown:
            raise BadInput(f"{self.where}, {place}", f'the key "{unknown[0]}"', f"one of {', '.join(sorted(keys))}")

    def question(self, entry: Mapping[str, Any], scales: Mapping[str, Scale]) -> Question:
        name = self.slug(entry, "question")
        place = f'question "{name}"'
        self.known(entry, _QUESTION_KEYS, place)
        kind = self.one_of(entry, "kind", KINDS, place)
        return Question(
            id=name,
            kind=kind,
            text=self.text(entry, "text", place),
            scale=self.scale_of(entry, kind, scales, place),
            hint=self.text(entry, "hint", place, optional=True),
            short=self.text(entry, "short", place, optional=True),
            show_if=self.conditions(entry, "show_if", place),
            derived=self.conditions(entry, "derived", place),
            order=self.one_of(entry, "order", ORDERS, place, "fixed"),
            **{key: entry[key] for key in PLAIN_FIELDS if key in entry},
        )

    def conditions(self, entry: Mapping[str, Any], key: str, place: str) -> tuple[Condition, ...]:
        found = entry.get(key, ())
        return tuple(
            Condition(self.need(part, "question", place), tuple(self.need(part, "any_of", place))) for part in found
        )

    def planned(self, entry: Mapping[str, Any]) -> Planned:
        by = self.need(entry, "by", "planned")
        return Planned(self.need(entry, "question", "planned"), by, tuple(entry.get("options", ())))

    def one_of(
        self, entry: Mapping[str, Any], key: str, allowed: tuple[str, ...], place: str, default: str | None = None
    ) -> str:
        found = entry.get(key, default)
        if found not in allowed:
            raise BadInput(f"{self.where}, {place}, {key}", repr(found), f"one of {', '.join(allowed)}")
        return str(found)

    def scale_of(self, entry: Mapping[str, Any], kind: str, scales: Mapping[str, Scale], place: str) -> Scale | None:
        if kind in ("number", "text"):
            return None
        found = self.need(entry, "scale", place)
        if found not in scales:
            raise BadInput(f"{self.where}, {place}, scale", f'"{found}"', f"one of the scales: {', '.join(scales)}")
        return scales[found]


_QUESTION_KEYS = frozenset(
    {"id", "kind", "text", "hint", "short", "scale", "show_if", "derived", "order", *PLAIN_FIELDS}
)
_SCALE_KEYS = frozenset({"id", "ordered", "poles", "options"})
_OPTION_KEYS = frozenset({"id", "text", "position", "exclusive", "sensitive_absence", "definition"})
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def _distinct(names: Iterator[str], where: str, what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadInput(where, f'two times the {what} "{name}"', f"each {what} id once")
        seen.add(name)


def _check(instrument: Instrument, where: str) -> None:
    if not instrument.questions:
        raise BadInput(where, "no questions", "at least one [[question]]")
    _distinct((question.id for question in instrument.questions), where, "question")
    asked: dict[str, Question] = {}
    for question in instrument.questions:
        place = f'{where}, question "{question.id}"'
        for condition in (*question.show_if, *question.derived):
            _check_condition(condition, asked, place)
        if question.derived:
            _check_derived(question, asked, place)
        if question.coded_from is not None and question.coded_from not in asked:
            raise BadInput(f"{place}, coded_from", repr(question.coded_from), "the id of an earlier question")
        if question.section is not None and question.section not in {section.id for section in instrument.sections}:
            raise BadInput(f"{place}, section", f'"{question.section}"', "the id of a [[section]]")
        asked[question.id] = question
    for planned in instrument.planned:
        if planned.question not in asked:
            raise BadInput(f"{where}, planned", f'"{planned.question}"', "the id of a question")
        _check_planned(planned, asked[planned.question], f'{where}, planned "{planned.question}"')


def _check_planned(planned: Planned, question: Question, where: str) -> None:
    if question.kind != "single" or question.scale is None:
        raise BadInput(where, f"a {question.kind} question", "a single-choice question")
    unknown = set(planned.options) - set(question.scale.option_ids)
    if unknown:
        raise BadInput(
            f"{where}, options", f'"{sorted(unknown)[0]}"', f"some of {', '.join(question.scale.option_ids)}"
        )
    if not planned.options and not question.scale.has_sides:
        raise BadInput(where, "no options", "the options whose share is compared, since the scale has no poles")


def _check_derived(question: Question, asked: Mapping[str, Question], where: str) -> None:
    if question.kind != "single" or len(question.options) != 2:
        raise BadInput(where, "a derived question of another kind", "a single question whose scale has two options")
    if question.derived_base not in asked:
        raise BadInput(f"{where}, derived_base", repr(question.derived_base), "the id of an earlier question")


def _check_condition(condition: Condition, asked: Mapping[str, Question], place: str) -> None:
    earlier = asked.get(condition.question)
    if earlier is None:
        raise BadInput(f"{place}, show_if", f'"{condition.question}"', "the id of an earlier question")
    unknown = set(condition.any_of) - {option.id for option in earlier.options}
    if unknown:
        raise BadInput(f"{place}, show_if", f'"{sorted(unknown)[0]}"', f'an option of the question "{earlier.id}"')

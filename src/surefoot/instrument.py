"""What is asked: Instrument, Section, Question, Scale and Option, read from one TOML file.

An instrument's identity is the hash of its content, so two studies that asked the same words share an id and a changed
comma makes another instrument.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.evidence import content_id

SCHEMA = "surefoot/instrument/1"
KINDS = ("single", "multi", "ranked", "number", "text")
ORDERS = ("fixed", "shuffled")
Text = dict[str, str]


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen.

    position: a whole number on the scale, or None for an answer that is no position ("I don't know enough to say"); it
    stays in every base and every graph. exclusive: in a multi question, an answer that stands alone ("none of these").
    sensitive_absence: that nobody chose it would say too much about a group, so a zero is not shown.
    """

    id: str
    text: Text
    position: int | None = None
    exclusive: bool = False
    sensitive_absence: bool = False


@dataclass(frozen=True)
class Scale:
    """A set of options. ordered: positions are levels. poles: names of the negative and positive side, where it has
    sides."""

    id: str
    options: tuple[Option, ...]
    ordered: bool = False
    poles: tuple[Text, Text] | None = None

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The ids of the options, in order; an answer's integer code is the index in this tuple."""
        return tuple(option.id for option in self.options)

    @property
    def has_sides(self) -> bool:
        """Whether the scale has a negative and a positive side, so that a net (positive minus negative) means
        something."""
        return self.poles is not None

    def codes(self, side: int) -> tuple[int, ...]:
        """Codes of the options on one side of a scale with poles: -1 negative, 0 middle, +1 positive."""
        placed = ((code, option.position) for code, option in enumerate(self.options))
        return tuple(code for code, position in placed if position is not None and _sign(position) == side)

    @property
    def off_scale_codes(self) -> tuple[int, ...]:
        """Codes of answers that are no position, such as "I don't know enough to say"."""
        return tuple(code for code, option in enumerate(self.options) if option.position is None)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


@dataclass(frozen=True)
class Condition:
    """A routing condition: `question` was answered with one of `any_of` (option ids)."""

    question: str
    any_of: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One thing that is asked.

    kind: single, multi, ranked, number or text. scale: for the first three. construct: what it measures, e.g.
    "net-benefit"; rules look for constructs, never for ids. group: statements that share a stem and a scale.
    show_if: all conditions must hold, else the question is *not asked*. personal: equality questions and the like,
    which
    serve coverage only and are never broken down. decimals: for numbers; 2 means that 1.25 is stored as 125. short: a
    few words that stand for the question in a sentence. derived: for a single question that nobody is asked but that
    follows from others; its first option holds where any of the conditions does, its second where none does, and it is
    missing where `derived_base` is.
    """

    id: str
    kind: str
    text: Text
    scale: Scale | None = None
    construct: str | None = None
    about: str | None = None
    group: str | None = None
    section: str | None = None
    hint: Text = field(default_factory=dict)
    show_if: tuple[Condition, ...] = ()
    order: str = "fixed"
    optional: bool = False
    personal: bool = False
    decimals: int = 0
    unit: str = ""
    short: Text = field(default_factory=dict)
    derived: tuple[Condition, ...] = ()
    derived_base: str | None = None

    @property
    def items(self) -> tuple[str, ...]:
        """The columns that hold its answers: one for single and number, one an option for multi and ranked, none for
        text."""
        if self.kind in ("single", "number"):
            return (self.id,)
        if self.scale is not None:
            return tuple(item_id(self.id, option.id) for option in self.scale.options)
        return ()

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of its scale; none for numbers and texts."""
        return self.scale.options if self.scale else ()


def item_id(question: str, option: str) -> str:
    """The name of the column for one option of a multi or ranked question.

    >>> item_id("areas", "meetings")
    'areas/meetings'
    """
    return f"{question}/{option}"


@dataclass(frozen=True)
class Planned:
    """One comparison that was planned before any answer was seen: a question by a breakdown ("organisation", "wave",
    ...).

    options: the answers whose joint share is compared. Empty for a scale with poles: there the net is compared.
    """

    question: str
    by: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A page or chapter of the questionnaire: a title and an introduction."""

    id: str
    title: Text
    text: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Instrument:
    """A questionnaire: sections, questions in order, the planned family of comparisons, in one or more languages."""

    name: str
    title: Text
    languages: tuple[str, ...]
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]
    planned: tuple[Planned, ...] = ()
    introduction: Text = field(default_factory=dict)
    minutes: int | None = None

    @cached_property
    def id(self) -> str:
        """The content id: the same words give the same id, and nothing else does."""
        return content_id("instrument", instrument_table(self))

    @cached_property
    def by_id(self) -> Mapping[str, Question]:
        """Questions by their id."""
        return {question.id: question for question in self.questions}

    def __getitem__(self, question: str) -> Question:
        return self.by_id[question]

    def __contains__(self, question: str) -> bool:
        return question in self.by_id

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions that people are asked: all but the derived ones."""
        return tuple(question for question in self.questions if not question.derived)

    def measuring(self, construct: str) -> tuple[Question, ...]:
        """All questions that measure a construct, in order."""
        return tuple(question for question in self.questions if question.construct == construct)

    @property
    def items(self) -> Iterator[tuple[Question, str]]:
        """Every column of answers that can be counted, with its question."""
        return ((question, item) for question in self.questions for item in question.items)


def words(text: Text, language: str = "en") -> str:
    """The wording in a language, or in the first language there is.

    >>> words({"en": "Yes", "cy": "Ie"}, "cy")
    'Ie'
    """
    return text.get(language) or next(iter(text.values()), "")


# Reading ----------------------------------------------------------------------------------------------------------


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
            **{key: entry[key] for key in _PLAIN_FIELDS if key in entry},
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


_PLAIN_FIELDS = ("construct", "about", "group", "section", "optional", "personal", "decimals", "unit", "derived_base")


_QUESTION_KEYS = frozenset(
    {"id", "kind", "text", "hint", "short", "scale", "show_if", "derived", "order", *_PLAIN_FIELDS}
)
_SCALE_KEYS = frozenset({"id", "ordered", "poles", "options"})
_OPTION_KEYS = frozenset({"id", "text", "position", "exclusive", "sensitive_absence"})
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


# Writing ----------------------------------------------------------------------------------------------------------


def instrument_table(instrument: Instrument) -> dict[str, Any]:
    """The instrument as the table that its TOML file holds; reading it again gives an equal Instrument."""
    scales = {question.scale.id: question.scale for question in instrument.questions if question.scale}
    table = {
        "schema": SCHEMA,
        "name": instrument.name,
        "title": instrument.title,
        "introduction": instrument.introduction,
        "languages": list(instrument.languages),
        "minutes": instrument.minutes,
        "section": [_kept({"id": s.id, "title": s.title, "text": s.text}) for s in instrument.sections],
        "scale": [_scale_table(scale) for scale in scales.values()],
        "question": [_question_table(question) for question in instrument.questions],
        "planned": [
            _kept({"question": planned.question, "by": planned.by, "options": list(planned.options)})
            for planned in instrument.planned
        ],
    }
    return _kept(table)


def write_instrument(instrument: Instrument, path: Path) -> None:
    """Write an instrument as TOML, to edit and keep; written beside and renamed, never half."""
    import tomli_w

    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(tomli_w.dumps(instrument_table(instrument)), encoding="utf-8")
    temporary.replace(path)


def _kept(table: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty or at its default, so that adding a field to the format changes no existing id."""
    return {key: value for key, value in table.items() if value not in (None, "", {}, [], (), False, 0)}


def _scale_table(scale: Scale) -> dict[str, Any]:
    options = []
    for option in scale.options:
        entry = _kept(
            {
                "id": option.id,
                "text": option.text,
                "exclusive": option.exclusive,
                "sensitive_absence": option.sensitive_absence,
            }
        )
        options.append(entry | ({"position": option.position} if option.position is not None else {}))
    poles = {"low": scale.poles[0], "high": scale.poles[1]} if scale.poles else None
    return _kept({"id": scale.id, "ordered": scale.ordered, "poles": poles, "options": options})


def _condition_tables(conditions: tuple[Condition, ...]) -> list[dict[str, Any]]:
    return [{"question": part.question, "any_of": list(part.any_of)} for part in conditions]


def _question_table(question: Question) -> dict[str, Any]:
    return _kept(
        {
            "id": question.id,
            "kind": question.kind,
            "text": question.text,
            "hint": question.hint,
            "scale": question.scale.id if question.scale else None,
            "short": question.short,
            "show_if": _condition_tables(question.show_if),
            "derived": _condition_tables(question.derived),
            "order": question.order if question.order != "fixed" else None,
            **{key: getattr(question, key) for key in _PLAIN_FIELDS},
        }
    )

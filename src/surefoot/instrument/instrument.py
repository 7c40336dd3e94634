"""What an instrument is made of: Option, Scale, Question, Section, Planned; and the table that its file holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from surefoot.evidence import content_id
from surefoot.whole import write_whole

SCHEMA = "surefoot/instrument/1"
PLAIN_FIELDS = (
    "construct",
    "about",
    "group",
    "section",
    "optional",
    "personal",
    "decimals",
    "unit",
    "derived_base",
    "coded_from",
)
"""Fields of a question that a TOML file holds as they are."""
Text = dict[str, str]


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen.

    position: a whole number on the scale, or None for an answer that is no position ("I don't know enough to say"); it
    stays in every base and every graph. exclusive: in a multi question, an answer that stands alone ("none of these").
    sensitive_absence: that nobody chose it would say too much about a group, so a zero is not shown. definition: what
    is meant by it, where a few words do not say it.
    """

    id: str
    text: Text
    position: int | None = None
    exclusive: bool = False
    sensitive_absence: bool = False
    definition: Text = field(default_factory=dict)


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
    missing where `derived_base` is. coded_from: for a multi question that nobody is asked, the text question whose
    comments people sorted into its options.
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
    coded_from: str | None = None

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
        """The content id of what is asked: the same words give the same id, and nothing else does."""
        asked = tuple(question for question in self.questions if not question.coded_from)
        return content_id("instrument", instrument_table(replace(self, questions=asked)))

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
        """The questions that people are asked: all but the derived ones and those coded from comments."""
        return tuple(question for question in self.questions if not question.derived and not question.coded_from)

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
    return spoken(text, language)[0]


def spoken(text: Text, language: str) -> tuple[str, str]:
    """The wording in a language and the language that it is in; of Easy Read the plain language is next best.

    >>> spoken({"cy": "Ie", "en": "Yes"}, "en-x-easyread"), spoken({"en": "Yes"}, "cy")
    (('Yes', 'en'), ('Yes', 'en'))
    """
    for code in (language, language.partition("-x-")[0], *text):
        if text.get(code):
            return text[code], code
    return "", language


# As a table ----------------------------------------------------------------------------------------------------------


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

    write_whole(path, tomli_w.dumps(instrument_table(instrument)))


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
                "definition": option.definition,
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
            **{key: getattr(question, key) for key in PLAIN_FIELDS},
        }
    )

"""A question as its page shows it: words, fields, what was answered before, and the mistake where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from surefoot.instrument import Instrument, Option, Question, Section, Text, words
from surefoot.questionnaires import option_symbol, question_symbol
from surefoot.web.answer import MOST_LETTERS, NAME, Mistake, Posted, rank_field
from surefoot.web.catalogue import DEFAULT, say
from surefoot.web.link import Link
from surefoot.web.route import Route

SERVED = "respondent-kind"
"""An instrument that asks this asks people who are served, not staff."""


@dataclass(frozen=True)
class Field:
    """One choice of a page: the value that is sent, its words, whether (or at which place) it is chosen."""

    value: str
    text: Text
    chosen: bool = False
    rank: str = ""
    name: str = NAME
    exclusive: bool = False
    symbol: str = ""


@dataclass(frozen=True)
class AskedPage:
    """Everything that the page of a question says. served: people who are served are asked, not staff."""

    instrument: str
    question: Question
    fields: tuple[Field, ...]
    given: str
    mistake: str
    mistake_field: str
    served: bool
    section: Section | None = None
    place: int = 0
    total: int = 0
    back: str = ""

    @property
    def blank(self) -> bool:
        """Whether it shows nothing that anybody answered, so that it may be kept and shown to others."""
        return not (self.given or self.mistake or any(field.chosen or field.rank for field in self.fields))

    def key(self) -> tuple[Any, ...]:
        """What tells a blank page from every other, apart from the link in it and its language."""
        order = tuple(field.value for field in self.fields)
        return (self.instrument, self.question.id, self.place, self.total, self.back, order)

    @property
    def symbol(self) -> str:
        """The name of the picture of what the question is about, for Easy Read."""
        return question_symbol(self.question)

    @property
    def most(self) -> int:
        """The longest text that can be sent."""
        return MOST_LETTERS


def asked_page(
    way: Route,
    question: Question,
    link: Link,
    *,
    posted: Posted | None = None,
    mistake: Mistake | None = None,
    language: str = DEFAULT,
) -> AskedPage:
    """The page of a question on somebody's way, filled with what they sent, or with what was saved."""
    before, place = way.before(question.id), way.place(question.id) or 0
    read = posted or _saved(question, way.answers.get(question.id))
    return replace(
        filled(way.instrument, question, read, mistake, language, options=ordered(question, link)),
        section=_opened_section(way, question, before),
        place=place + 1,
        total=len(way.questions),
        back=f"/q/{before.id}" if before else "",
    )


def filled(
    instrument: Instrument,
    question: Question,
    read: Posted,
    mistake: Mistake | None,
    language: str,
    *,
    options: Sequence[Option] | None = None,
) -> AskedPage:
    """A question with what was answered, on no way yet. options: in the order of a link; else as they stand."""
    return AskedPage(
        instrument=instrument.id,
        question=question,
        fields=tuple(_field(question, option, read) for option in (options or question.options)),
        given="".join(read(NAME)),
        mistake=_told(mistake, language),
        mistake_field=_field_id(question, mistake),
        served=bool(instrument.measuring(SERVED)),
    )


def _opened_section(way: Route, question: Question, before: Question | None) -> Section | None:
    """The section that begins with this question, whose title and introduction its page shows."""
    if question.section is None or (before is not None and before.section == question.section):
        return None
    return next(section for section in way.instrument.sections if section.id == question.section)


def ordered(question: Question, link: Link) -> Sequence[Option]:
    """The options as they stand on the page: a shuffled list in the link's own order, those without a position last."""
    if question.order != "shuffled":
        return question.options
    placed = [option for option in question.options if option.position is not None]
    return [*link.shuffled(placed, question.id), *(o for o in question.options if o.position is None)]


def _field(question: Question, option: Option, read: Posted) -> Field:
    symbol = option_symbol(question, option)
    if question.kind == "ranked":
        name = rank_field(option.id)
        return Field(option.id, option.text, rank="".join(read(name)), name=name, symbol=symbol)
    chosen = option.id in read(NAME)
    return Field(option.id, option.text, chosen=chosen, exclusive=option.exclusive, symbol=symbol)


def _saved(question: Question, answer: Any) -> Posted:
    """A saved answer as its form would have sent it."""
    if question.kind == "ranked":
        ranks = {rank_field(option): str(rank) for rank, option in enumerate(answer or (), 1)}
        return lambda name: [ranks[name]] if name in ranks else []
    values = answer if isinstance(answer, list) else [] if answer is None else [_text(question, answer)]
    return lambda name: values if name == NAME else []


def _text(question: Question, answer: Any) -> str:
    """An answer as somebody would write it: a number with its decimals, a text as it is.

    >>> _text(Question("hours", "number", {"en": "How many hours?"}, decimals=1), 75)
    '7.5'
    """
    if question.kind == "number" and question.decimals:
        whole, part = divmod(abs(answer), 10**question.decimals)
        return f"{'-' if answer < 0 else ''}{whole}.{part:0{question.decimals}d}"
    return str(answer)


def _told(mistake: Mistake | None, language: str) -> str:
    if mistake is None:
        return ""
    values = {
        key: words(value, language) if isinstance(value, dict) else value for key, value in mistake.values.items()
    }
    return say(mistake.key, language, **values)


def _field_id(question: Question, mistake: Mistake | None) -> str:
    return mistake.about if mistake is not None and question.kind == "ranked" else NAME


@dataclass(frozen=True)
class Row:
    """One line of the check page."""

    question: Question
    answers: tuple[str | Text, ...]

    @property
    def ranked(self) -> bool:
        """Whether the answers are in an order that counts."""
        return self.question.kind == "ranked"


def summary(way: Route) -> tuple[Row, ...]:
    """All questions on the way with their answers; none where the question was left out.

    An answer is a text that somebody wrote, or the wording of an option by language.
    """
    return tuple(Row(question, _words(question, way.answers.get(question.id))) for question in way.questions)


def _words(question: Question, answer: Any) -> tuple[str | Text, ...]:
    if answer is None:
        return ()
    if question.kind in ("number", "text"):
        unit = f" {question.unit}" if question.unit else ""
        return (_text(question, answer) + unit,)
    texts = {option.id: option.text for option in question.options}
    return tuple(texts[one] for one in (answer if isinstance(answer, list) else [answer]))

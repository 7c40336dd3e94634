"""One answer as a form brings it: read, checked, and told apart from a mistake that its page can explain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from surefoot.instrument import Question

MOST_LETTERS = 5000
MOST = 10**12
NAME = "answer"


@dataclass(frozen=True)
class Mistake:
    """Why an answer cannot be taken: a key of the catalogue, what fills its gaps, and the field that it is about."""

    key: str
    about: str = NAME
    values: Mapping[str, Any] = field(default_factory=dict)


class _Wrong(Exception):
    def __init__(self, key: str, **values: Any) -> None:
        self.mistake = Mistake(key, values.pop("about", NAME), values)


Posted = Callable[[str], Sequence[str]]
"""The values of a field of a form, by its name."""


def read_answer(question: Question, posted: Posted) -> Any | Mistake:
    """The answer in a form, or the mistake in it.

    An option id, a list of option ids, a whole number (with the question's decimals), a text, or None: left empty,
    which only an optional question may be; others are passed with the button that says so.
    """
    try:
        found = _READ[question.kind](question, posted)
    except _Wrong as wrong:
        return wrong.mistake
    if found is None and not question.optional:
        return Mistake(f"nothing-{question.kind}", first_field(question))
    return found


def first_field(question: Question) -> str:
    """The name of the first field of a question, which a mistake in the whole of it leads to."""
    return rank_field(question.options[0].id) if question.kind == "ranked" else NAME


def rank_field(option: str) -> str:
    """The name of the field that holds the rank of an option."""
    return f"rank-{option}"


def _single(question: Question, posted: Posted) -> str | None:
    given = [value for value in posted(NAME) if value]
    if not given:
        return None
    if len(given) > 1 or given[0] not in {option.id for option in question.options}:
        raise _Wrong("not-an-option")
    return given[0]


def _multi(question: Question, posted: Posted) -> list[str] | None:
    given = set(posted(NAME))
    if given - {option.id for option in question.options}:
        raise _Wrong("not-an-option")
    alone = [option for option in question.options if option.exclusive and option.id in given]
    if alone and len(given) > 1:
        raise _Wrong("stands-alone", option=alone[0].text)
    return [option.id for option in question.options if option.id in given] or None


def _ranked(question: Question, posted: Posted) -> list[str] | None:
    ranks: dict[int, str] = {}
    for option in question.options:
        given = next((value for value in posted(rank_field(option.id)) if value), "")
        if not given:
            continue
        rank = int(given) if re.fullmatch(r"[0-9]{1,3}", given) else 0
        if not 1 <= rank <= len(question.options):
            raise _Wrong("not-a-rank", about=rank_field(option.id), most=len(question.options))
        if rank in ranks:
            raise _Wrong("rank-twice", about=rank_field(option.id), rank=rank)
        ranks[rank] = option.id
    if sorted(ranks) != list(range(1, len(ranks) + 1)):
        raise _Wrong("rank-gap", about=first_field(question), count=len(ranks))
    return [ranks[rank] for rank in sorted(ranks)] or None


def _number(question: Question, posted: Posted) -> int | None:
    given = "".join(posted(NAME)).strip().replace(",", "").replace("\N{MINUS SIGN}", "-")
    if not given:
        return None
    try:
        value = Decimal(given) if re.fullmatch(r"[+-]?\d{1,15}(\.\d*)?", given, re.ASCII) else None
    except InvalidOperation:
        value = None
    if value is None or abs(value) >= MOST:
        raise _Wrong("not-a-number")
    scaled = value.scaleb(question.decimals)
    if scaled != scaled.to_integral_value():
        raise _Wrong("too-fine" if question.decimals else "not-whole", decimals=question.decimals)
    return int(scaled)


def _text(_: Question, posted: Posted) -> str | None:
    given = unicodedata.normalize("NFC", "\n".join(posted(NAME)).replace("\r\n", "\n")).strip()
    given = "".join(letter for letter in given if letter == "\n" or unicodedata.category(letter)[0] != "C")
    if len(given) > MOST_LETTERS:
        raise _Wrong("too-long", most=MOST_LETTERS, over=len(given) - MOST_LETTERS)
    return given or None


_READ: Mapping[str, Callable[[Question, Posted], Any]] = {
    "single": _single,
    "multi": _multi,
    "ranked": _ranked,
    "number": _number,
    "text": _text,
}

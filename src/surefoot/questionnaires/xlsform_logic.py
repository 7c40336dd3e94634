"""Routing as XLSForm says it: conditions to an expression and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from surefoot.instrument import Condition, Instrument, Question

Clause = list[tuple[str, str]]
LONGEST = 5000
_TOKEN = re.compile(
    r"""\s*(?:\$\{\s*(?P<ref>[^{}]+?)\s*\}|'(?P<one>[^']*)'|"(?P<two>[^"]*)"|(?P<word>selected|and|or)\b|(?P<sign>[=(),]))""",
    re.IGNORECASE,
)


def expression(conditions: Iterable[Condition], instrument: Instrument, names: Mapping[str, str]) -> str:
    """All conditions as one expression. names: of questions in the form, by id."""
    clauses = [_clause(condition, instrument[condition.question], names) for condition in conditions]
    if len(clauses) > 1:
        clauses = [f"({clause})" if " or " in clause else clause for clause in clauses]
    return " and ".join(clauses)


def _clause(condition: Condition, question: Question, names: Mapping[str, str]) -> str:
    reference = f"${{{names[question.id]}}}"
    if not condition.any_of:
        return "false()"
    if question.kind == "single":
        return " or ".join(f"{reference} = '{option}'" for option in condition.any_of)
    return " or ".join(f"selected({reference}, '{option}')" for option in condition.any_of)


def calculation(question: Question, instrument: Instrument, names: Mapping[str, str]) -> str:
    """What a derived question is: its first option where any condition holds, else its second, of those in its base."""
    holds = " or ".join(_clause(condition, instrument[condition.question], names) for condition in question.derived)
    first, second = (option.id for option in question.options)
    return f"if(${{{names[str(question.derived_base)]}}} = '', '', if({holds}, '{first}', '{second}'))"


def conditions_of(text: str, ids: Mapping[str, str]) -> tuple[Condition, ...] | None:
    """An expression as conditions, or None where `show_if` cannot say it.

    ids: of the questions asked so far, by name in the form. Each part joined by "and" must be about one question.

    >>> conditions_of(
    ...     "${used} = 'yes' and (selected(${for}, 'work') or selected(${for}, 'study'))",
    ...     {"used": "used", "for": "what-for"},
    ... )
    (Condition(question='used', any_of=('yes',)), Condition(question='what-for', any_of=('work', 'study')))
    """
    try:
        clauses = _Parser(_tokens(text)).whole()
    except (_NotSimple, RecursionError):
        return None
    found = []
    for clause in clauses:
        names = {name for name, _ in clause}
        if len(names) != 1 or not names <= set(ids):
            return None
        found.append(Condition(ids[clause[0][0]], tuple(option for _, option in clause)))
    return tuple(found)


class _NotSimple(Exception):
    """The expression is more than `show_if` can say."""


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    text = text.strip()
    if len(text) > LONGEST:
        raise _NotSimple
    while at < len(text):
        shaped = _TOKEN.match(text, at)
        if not shaped or shaped.lastgroup is None:
            raise _NotSimple
        kind = "text" if shaped.lastgroup in ("one", "two") else shaped.lastgroup
        tokens.append((kind, shaped[shaped.lastgroup].lower() if kind == "word" else shaped[shaped.lastgroup]))
        at = shaped.end()
    return tokens


class _Parser:
    """Reads tokens to clauses that must all hold, each a list of alternatives."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens

    def whole(self) -> list[Clause]:
        found = self.either()
        if self.tokens:
            raise _NotSimple
        return found

    def either(self) -> list[Clause]:
        found = self.all()
        while self.next_is("word", "or"):
            other = self.all()
            if len(found) != 1 or len(other) != 1:
                raise _NotSimple
            found = [found[0] + other[0]]
        return found

    def all(self) -> list[Clause]:
        found = self.one()
        while self.next_is("word", "and"):
            found = found + self.one()
        return found

    def one(self) -> list[Clause]:
        if self.next_is("sign", "("):
            found = self.either()
            self.need("sign", ")")
            return found
        if self.next_is("word", "selected"):
            self.need("sign", "(")
            name = self.take("ref")
            self.need("sign", ",")
            option = self.take("text")
            self.need("sign", ")")
        else:
            name = self.take("ref")
            self.need("sign", "=")
            option = self.take("text")
        if not option:
            raise _NotSimple
        return [[(name, option)]]

    def next_is(self, kind: str, value: str) -> bool:
        if self.tokens and self.tokens[0] == (kind, value):
            del self.tokens[0]
            return True
        return False

    def need(self, kind: str, value: str) -> None:
        if not self.next_is(kind, value):
            raise _NotSimple

    def take(self, kind: str) -> str:
        if not self.tokens or self.tokens[0][0] != kind:
            raise _NotSimple
        return self.tokens.pop(0)[1]


def as_text(conditions: Iterable[Condition]) -> str:
    """Conditions in a cell of ours, where no expression holds them."""
    return json.dumps([[part.question, list(part.any_of)] for part in conditions], ensure_ascii=False)


def from_text(cell: str) -> tuple[Condition, ...] | None:
    """Conditions from a cell of ours, or None where it holds none."""
    try:
        return tuple(Condition(str(name), tuple(map(str, any_of))) for name, any_of in json.loads(cell))
    except (ValueError, TypeError):
        return None

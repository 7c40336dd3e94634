"""To what answers are weighted: Weights and Margin, read from the table `[weights]` of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument import Instrument

POST_STRATIFY, RAKE = "post-stratify", "rake"
METHODS = (POST_STRATIFY, RAKE)
USUAL_TRIM = 5.0
"""The greatest weight, as a multiple of the mean, unless a study says otherwise."""


@dataclass(frozen=True)
class Margin:
    """A question whose options the frame counts: people by option id; options that it does not name are unknown."""

    question: str
    headcount: Mapping[str, int]


@dataclass(frozen=True)
class Weights:
    """How answers are weighted to the frame.

    method: "post-stratify" (to cells: organisation by `headcount_by` group, or one margin) or "rake" (to several
    margins in turn). trim: the greatest weight, as a multiple of the mean. margins: further ones than the headcounts.
    """

    method: str
    trim: float = USUAL_TRIM
    margins: tuple[Margin, ...] = ()

    def identity(self) -> list[Any]:
        """What shapes the figures, for the recipe of a study."""
        return [self.method, str(self.trim), [[margin.question, dict(margin.headcount)] for margin in self.margins]]


def weights_from(table: Mapping[str, Any], where: str) -> Weights:
    """The weights that a table asks for. Raises BadInput."""
    _check_keys(table, ("method", "trim", "margin"), where)
    method, trim = table.get("method"), table.get("trim", USUAL_TRIM)
    if method not in METHODS:
        raise BadInput(f"{where}, method", repr(method), f'"{POST_STRATIFY}" or "{RAKE}"')
    if not isinstance(trim, int | float) or isinstance(trim, bool) or not isfinite(trim) or trim <= 1:
        raise BadInput(f"{where}, trim", repr(trim), "the greatest weight as a multiple of the mean, more than 1")
    margins = table.get("margin", ())
    if not isinstance(margins, Sequence) or isinstance(margins, str):
        raise BadInput(f"{where}, margin", repr(margins), "tables under [[weights.margin]]")
    return Weights(method, float(trim), tuple(_margin(entry, f"{where}, margin") for entry in margins))


def _margin(entry: Any, where: str) -> Margin:
    table = entry if isinstance(entry, Mapping) else {}
    _check_keys(table, ("question", "headcount"), where)
    question, headcount = table.get("question"), table.get("headcount")
    if not isinstance(question, str) or not isinstance(headcount, Mapping) or not headcount:
        raise BadInput(where, repr(entry), "a question, and headcount = { option = people }")
    for option, people in headcount.items():
        if not isinstance(people, int) or isinstance(people, bool) or people < 0:
            raise BadInput(f"{where}, headcount", f"{option} = {people!r}", "a whole number of people, 0 or more")
    if not any(headcount.values()):
        raise BadInput(f"{where}, headcount", "nobody at all", "the people whom each option stands for")
    return Margin(question, dict(headcount))


def _check_keys(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    strange = sorted(set(table) - set(known))
    if strange:
        raise BadInput(where, f'the key "{strange[0]}"', f"one of {', '.join(sorted(known))}")


def check_margins(weights: Weights, instrument: Instrument, *, counted: bool, where: str) -> None:
    """Refuse margins that the instrument does not have, and a frame that does not fit the method.

    counted: whether any organisation has a headcount. Raises BadInput.
    """
    for margin in weights.margins:
        _check_question(margin, instrument, f"{where}, margin")
    names = [margin.question for margin in weights.margins]
    if len(set(names)) < len(names):
        raise BadInput(f"{where}, margin", "two margins of one question", "each question once")
    if not counted and not names:
        raise BadInput(where, "no headcounts to weight to", "headcounts of organisations, or [[weights.margin]]")
    if weights.method == POST_STRATIFY and len(names) > (0 if counted else 1):
        expected = f'the headcounts or one margin alone; "{RAKE}" takes several margins'
        raise BadInput(where, f"{POST_STRATIFY} to several margins", expected)


def _check_question(margin: Margin, instrument: Instrument, where: str) -> None:
    if margin.question not in instrument or instrument[margin.question].kind != "single":
        singles = [question.id for question in instrument.questions if question.kind == "single"]
        raise BadInput(where, f'"{margin.question}"', f"a single-choice question, one of: {', '.join(singles)}")
    options = [option.id for option in instrument[margin.question].options]
    for option in margin.headcount:
        if option not in options:
            place = f'{where}, question "{margin.question}", headcount'
            raise BadInput(place, f'the option "{option}"', f"one of {', '.join(options)}")

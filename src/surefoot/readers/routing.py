"""Routing: a question whose condition does not hold was not asked; an answer given all the same is kept and noted."""

from __future__ import annotations

from typing import Any

import numpy as np

from surefoot.instrument import Condition, Instrument, Question, item_id
from surefoot.readers.answers import Codes
from surefoot.readers.told import in_words, told_one
from surefoot.responses import Missing, number_missing

NOT_ASKED, UNKNOWN = int(Missing.NOT_ASKED), int(Missing.UNKNOWN)
Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Routing:
    """Applies `show_if` question by question, in the order of the instrument."""

    def __init__(self, instrument: Instrument, rows: int) -> None:
        self.instrument = instrument
        self.rows = rows
        self.sentences: list[str] = []
        self._codes: dict[str, Codes] = {}

    def settle(self, question: Question, items: dict[str, Codes]) -> dict[str, Codes]:
        """The items of a question, not asked where routing hid it and nothing was answered."""
        number = question.kind == "number"
        answered = np.zeros(self.rows, dtype=bool)
        for codes in items.values():
            answered |= codes > number_missing(Missing.NOT_ASKED) if number else codes >= 0
        fails, undecidable = self._hidden(question)
        self._note(question, answered & fails)
        hide, doubt = fails & ~answered, undecidable & ~answered
        settled = {}
        for item, codes in items.items():
            absent, unknown = (number_missing(Missing(kind)) if number else kind for kind in (NOT_ASKED, UNKNOWN))
            doubted = np.where(doubt & (codes != absent), unknown, codes)
            settled[item] = np.where(hide, absent, doubted)
        self._codes |= settled
        return settled

    def settle_text(self, question: Question, status: Codes) -> Codes:
        """The same for a text question, whose status is 0 where it was answered."""
        fails, undecidable = self._hidden(question)
        self._note(question, (status == 0) & fails)
        doubted = np.where(undecidable & (status < 0) & (status != NOT_ASKED), UNKNOWN, status)
        return np.where(fails & (status < 0), NOT_ASKED, doubted)

    def _note(self, question: Question, where: Mask) -> None:
        if where.any():
            rows = in_words(told_one(int(where.sum())))
            sentence = f'"{question.id}": {rows} rows answered it although its condition does not hold; kept.'
            self.sentences.append(sentence)

    def _hidden(self, question: Question) -> tuple[Mask, Mask]:
        """Where the conditions fail, and where the file does not say whether they hold."""
        fails, undecidable = np.zeros(self.rows, dtype=bool), np.zeros(self.rows, dtype=bool)
        for condition in question.show_if:
            holds, unknown = self._holds(condition)
            fails |= ~holds & ~unknown
            undecidable |= unknown
        return fails, undecidable & ~fails

    def _holds(self, condition: Condition) -> tuple[Mask, Mask]:
        earlier = self.instrument[condition.question]
        if earlier.derived:
            return self._holds_derived(earlier, condition)
        if earlier.kind == "single":
            wanted = [code for code, option in enumerate(earlier.options) if option.id in condition.any_of]
            codes = self._codes[earlier.id]
            return np.isin(codes, wanted), codes == UNKNOWN
        boxes = [self._codes[item_id(earlier.id, option)] for option in condition.any_of]
        ticked: Mask = np.any([codes >= 1 for codes in boxes], axis=0)
        unknown: Mask = np.any([codes == UNKNOWN for codes in boxes], axis=0) & ~ticked
        return ticked, unknown

    def _holds_derived(self, earlier: Question, condition: Condition) -> tuple[Mask, Mask]:
        """The same for a question that nobody is asked: its first option holds where any of its conditions does."""
        found = [self._holds(part) for part in earlier.derived]
        first: Mask = np.any([holds for holds, _ in found], axis=0)
        unknown: Mask = np.any([doubt for _, doubt in found], axis=0) & ~first
        base = self._codes[self.instrument[str(earlier.derived_base)].items[0]]
        wanted = [earlier.options[0].id in condition.any_of, earlier.options[1].id in condition.any_of]
        holds = ((first & wanted[0]) | (~first & ~unknown & wanted[1])) & (base >= 0)
        return holds, unknown & (base >= 0)

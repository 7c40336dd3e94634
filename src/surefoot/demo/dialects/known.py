"""Known answers as people would have given them, whatever tool then writes them down."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from surefoot.instrument import Instrument, Question
from surefoot.responses import NUMBER_MISSING_BASE, ROW, Responses

Chosen = list[tuple[int, ...]]


@dataclass(frozen=True)
class Known:
    """The answers of Responses, question by question, one entry a row."""

    made: Responses

    @property
    def instrument(self) -> Instrument:
        """What was asked."""
        return self.made.instrument

    def __len__(self) -> int:
        return len(self.made)

    def chosen(self, question: Question) -> Chosen:
        """The options that each person chose, as codes: one, several in the order of the scale, or by rank."""
        columns = [self.made.codes(item).tolist() for item in question.items]
        if question.kind == "single":
            return [(code,) if code >= 0 else () for code in columns[0]]
        rows = zip(*columns, strict=True)
        if question.kind == "multi":
            return [tuple(place for place, code in enumerate(row) if code == 1) for row in rows]
        return [
            tuple(place for _, place in sorted((code, place) for place, code in enumerate(row) if code >= 1))
            for row in rows
        ]

    def numbers(self, question: Question) -> list[str]:
        """Numbers as people write them, "" where there is none."""
        codes = self.made.codes(question.id).tolist()
        return ["" if code <= NUMBER_MISSING_BASE // 2 else _number(code, question.decimals) for code in codes]

    @cached_property
    def _texts(self) -> dict[tuple[int, str], str]:
        return {(row[ROW], row["question"]): row["text"] for row in self.made.texts.iter_rows(named=True)}

    def texts(self, question: Question) -> list[str]:
        """The words of each person, "" where there are none; of a choice, the words beside an option."""
        return [self._texts.get((row, question.id), "") for row in range(len(self))]


def _number(code: int, decimals: int) -> str:
    return format(Decimal(code).scaleb(-decimals), "f")

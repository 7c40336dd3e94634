"""Cells to codes: each distinct cell is understood once, then all rows are coded at the speed of Polars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Question, item_id, words
from surefoot.readers.boxes import mark_of
from surefoot.readers.mapping import KINDS_OF_MISSING, TICKED, ColumnMapping, Mapping
from surefoot.readers.numbers import parse_number
from surefoot.readers.split import known_pieces
from surefoot.readers.table import RawTable
from surefoot.readers.wording import Lookup, option_lookup
from surefoot.responses import Missing, number_missing

Codes = np.ndarray[Any, np.dtype[np.int64]]
NOT_ANSWERED, UNTICKED, UNKNOWN = int(Missing.NOT_ANSWERED), int(Missing.UNTICKED), int(Missing.UNKNOWN)
_LARGEST = 2**61


@dataclass
class Coder:
    """Codes the columns of one table. strict: an unknown cell is an error; else it counts as unknown and is noted.

    table: kept rows only; rows: their numbers as a spreadsheet shows them. unresolved: by header, cells without a
    meaning and in how many rows each stands.
    """

    table: RawTable
    mapping: Mapping
    rows: Codes
    strict: bool
    unresolved: dict[str, dict[str, int]] = field(default_factory=dict)

    def fail(self, header: str, cell: str, expected: str) -> BadInput:
        """The error for a cell that cannot be understood, with its row as a spreadsheet shows it."""
        first = int((self.table[header] == cell).arg_true()[0])
        shown = cell if len(cell) <= 80 else cell[:77] + "..."
        return BadInput(f'{self.table.where}, row {self.rows[first]}, column "{header}"', f'"{shown}"', expected)

    def code(
        self, header: str, resolve: Callable[[str], int | None], blank: int, expected: str, undecided: int = UNKNOWN
    ) -> Codes:
        """One code a row: `resolve` is asked once for each distinct cell and answers None where it does not know."""
        values = self.table[header]
        distinct = [str(value) for value in values.unique(maintain_order=True).drop_nulls()]
        codes = {}
        for cell in distinct:
            code = resolve(cell)
            if code is None:
                self._note_undecided(header, cell, expected)
                code = undecided
            codes[cell] = code
        if not codes:
            return np.full(len(values), blank, dtype=np.int64)
        coded = values.replace_strict(list(codes), list(codes.values()), default=blank, return_dtype=pl.Int64)
        return coded.to_numpy().astype(np.int64)

    def _note_undecided(self, header: str, cell: str, expected: str) -> None:
        if self.strict:
            raise self.fail(header, cell, expected)
        self.unresolved.setdefault(header, {})[cell] = int((self.table[header] == cell).sum())

    @property
    def blank(self) -> int:
        """The kind of missing that a blank cell stands for in this file."""
        return KINDS_OF_MISSING[self.table.blank]

    def missing_of(self, cell: str, header: str) -> int | None:
        """The kind of missing that a cell stands for in this file, or None."""
        column = self.table.by_header[header]
        kind = self.mapping.missing.get(cell) or column.missing.get(cell)
        return KINDS_OF_MISSING.get(kind) if kind else None


# Choices ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """How the cells of one column stand for the options of a question."""

    coder: Coder
    question: Question
    header: str
    column: ColumnMapping
    lookup: Lookup
    codes: dict[str, int]

    @classmethod
    def of(cls, coder: Coder, question: Question, header: str, column: ColumnMapping) -> Choice:
        """Prepare the look-up; a target in `values` that is no option is an error of the mapping."""
        codes = {option.id: index for index, option in enumerate(question.options)}
        for target in column.values.values():
            if target and target not in codes and target not in KINDS_OF_MISSING:
                place = f'mapping, columns."{header}", values'
                raise BadInput(
                    place, f'"{target}"', f'an option of "{question.id}": {", ".join(codes)}; or a kind of missing'
                )
        labels = coder.table.by_header[header].labels
        return cls(coder, question, header, column, option_lookup(question.scale, labels), codes)

    @property
    def expected(self) -> str:
        """The options, for messages."""
        shown = [words(option.text) or option.id for option in self.question.options]
        more = f", ... ({len(shown)} options)" if len(shown) > 12 else ""
        return f"one of: {'; '.join(shown[:12])}{more} (or an entry in the mapping's values)"

    def resolve(self, cell: str) -> int | None:
        """The code of a cell that holds one option: by the mapping, the option's id or text, then marks of missing."""
        if cell in self.column.values:
            target = self.column.values[cell]
            return self.codes.get(target, KINDS_OF_MISSING.get(target)) if target else None
        found = self.lookup.find(cell)
        if found is not None:
            return self.codes[found]
        missing = self.coder.missing_of(cell, self.header)
        return missing if missing is not None else self._by_digits(cell)

    def _by_digits(self, cell: str) -> int | None:
        if not self.column.digits or not cell.lstrip("-").isdecimal():
            return None
        if self.column.digits == "order":
            return int(cell) - 1 if 1 <= int(cell) <= len(self.codes) else None
        places = {option.position: index for index, option in enumerate(self.question.options)}
        return places.get(int(cell))


def code_single(coder: Coder, question: Question, header: str, column: ColumnMapping) -> Codes:
    """Codes of a single-choice question; blank is not answered."""
    choice = Choice.of(coder, question, header, column)
    return coder.code(header, choice.resolve, coder.blank, choice.expected)


def code_number(coder: Coder, question: Question, header: str, column: ColumnMapping) -> Codes:
    """Numbers on the question's declared decimals; blank is not answered."""

    def resolve(cell: str) -> int | None:
        if cell in column.values:
            kind = column.values[cell]
            return number_missing(Missing(KINDS_OF_MISSING[kind])) if kind in KINDS_OF_MISSING else None
        number = parse_number(cell)
        missing = coder.missing_of(cell, header)
        if missing is not None and (number is None or cell in coder.mapping.missing):
            return number_missing(Missing(missing))
        return None if number is None else _scaled(number, question.decimals)

    expected = f"a number with at most {question.decimals} decimals" if question.decimals else "a whole number"
    blank = number_missing(Missing(coder.blank))
    undecided = number_missing(Missing.UNKNOWN)
    return coder.code(header, resolve, blank, f"{expected} (or an entry in the mapping's values)", undecided)


def _scaled(number: Decimal, decimals: int) -> int | None:
    scaled = number.scaleb(decimals)
    whole = int(scaled)
    return whole if whole == scaled and abs(whole) < _LARGEST else None


# Several columns, or several options a cell -----------------------------------------------------------------------


def code_boxes(coder: Coder, question: Question, columns: dict[str, ColumnMapping], explicit: bool) -> dict[str, Codes]:
    """Codes of a multi question with one column an option: 1 where ticked; `settle_boxes` says what the rest is."""
    items = {}
    for header, column in columns.items():
        items[item_id(question.id, column.option)] = _code_box(coder, question, header, column)
    return settle_boxes(question, items, explicit, coder.blank)


def _code_box(coder: Coder, question: Question, header: str, column: ColumnMapping) -> Codes:
    lookup = option_lookup(question.scale)

    def resolve(cell: str) -> int | None:
        if column.role == "other":
            return NOT_ANSWERED if coder.missing_of(cell, header) is not None else 1
        if cell in column.values:
            target = column.values[cell]
            return 1 if target == TICKED else KINDS_OF_MISSING.get(target)
        missing = coder.missing_of(cell, header)
        if missing is not None:
            return UNTICKED if missing == NOT_ANSWERED else missing
        if lookup.find(cell) == column.option:
            return 1
        return {TICKED: 1, "unticked": UNTICKED}.get(mark_of(cell) or "")

    return coder.code(header, resolve, NOT_ANSWERED, '"ticked" or "unticked" for this cell in the mapping\'s values')


def settle_boxes(
    question: Question, items: dict[str, Codes], explicit: bool, blank: int = NOT_ANSWERED
) -> dict[str, Codes]:
    """Boxes left empty are unticked where another box of the question is ticked.

    Without a tick: all boxes are as the file says where it marks each empty box (explicit). Where it does not, they are
    not answered if the question offers "none of these", else unknown: nothing ticked and not answered look the same.
    blank: the kind of missing of a blank cell, where the file tells what was not asked from what was not answered.
    """
    if not items:
        return items
    stacked = np.stack(list(items.values()))
    ticked = (stacked == 1).any(axis=0)
    marked = (stacked == UNTICKED).all(axis=0) & explicit
    silent = _silent(question, blank)
    unknown = (stacked == UNKNOWN).any(axis=0) & ~ticked
    rest = np.where(unknown, UNKNOWN, np.where(marked, UNTICKED, silent))
    settled = {}
    for item, codes in items.items():
        empty = codes != 1
        settled[item] = np.where(
            empty & ticked, np.where(codes == UNKNOWN, UNKNOWN, UNTICKED), np.where(empty, rest, codes)
        )
    return settled


def _silent(question: Question, blank: int) -> int:
    """What a question without any tick is: only "none of these" tells nothing ticked from not answered."""
    if blank != NOT_ANSWERED:
        return blank
    return NOT_ANSWERED if any(option.exclusive for option in question.options) else UNKNOWN


def code_ranks(coder: Coder, question: Question, columns: dict[str, ColumnMapping]) -> dict[str, Codes]:
    """Ranks, one column an option: whole numbers from 1; blank is not answered."""
    top = len(question.options)

    def code(header: str, column: ColumnMapping) -> Codes:
        def resolve(cell: str) -> int | None:
            if cell in column.values:
                return KINDS_OF_MISSING.get(column.values[cell])
            missing = coder.missing_of(cell, header)
            if missing is not None:
                return missing
            return int(cell) if cell.isdecimal() and 1 <= int(cell) <= top else None

        return coder.code(header, resolve, coder.blank, f"a rank from 1 to {top}")

    items = {item_id(question.id, column.option): code(header, column) for header, column in columns.items()}
    ranked = (np.stack(list(items.values())) >= 1).any(axis=0)
    empty = (NOT_ANSWERED, coder.blank)
    return {item: np.where(ranked & np.isin(codes, empty), UNTICKED, codes) for item, codes in items.items()}


def code_cells(coder: Coder, question: Question, header: str, column: ColumnMapping) -> dict[str, Codes]:
    """Codes of a multi or ranked question whose options share a cell; the longest known option is found first."""
    choice = Choice.of(coder, question, header, column)
    known = choice.lookup.plain_keys()
    combinations: dict[tuple[int, ...], int] = {}

    def resolve(cell: str) -> int | None:
        if not column.separator:
            code = choice.resolve(cell)
            chosen = None if code is None else [code]
        else:
            chosen = _chosen(choice, known_pieces(cell, column.separator, column.values, known), cell)
        if chosen is None:
            return None
        return combinations.setdefault(tuple(dict.fromkeys(chosen)), len(combinations))

    numbers = coder.code(header, resolve, -100, choice.expected)
    return _spread(question, numbers, combinations, coder.blank)


def _chosen(choice: Choice, pieces: list[str], cell: str) -> list[int] | None:
    whole = choice.coder.missing_of(cell, choice.header)
    if whole is not None:
        return [whole]
    codes = [choice.resolve(piece) for piece in pieces]
    return [code for code in codes if code is not None] if None not in codes else None


def _spread(
    question: Question, numbers: Codes, combinations: dict[tuple[int, ...], int], blank: int
) -> dict[str, Codes]:
    """One column an option from the number of each row's combination of options."""
    silent = blank if question.kind == "ranked" else _silent(question, blank)
    table = np.full((len(combinations) + 2, len(question.options)), silent, dtype=np.int64)
    table[-1] = UNKNOWN
    for chosen, number in combinations.items():
        options = [code for code in chosen if code >= 0]
        table[number] = UNTICKED if options else chosen[0]
        for rank, code in enumerate(options):
            table[number, code] = rank + 1 if question.kind == "ranked" else 1
    rows = np.where(numbers == -100, len(combinations), np.where(numbers == UNKNOWN, len(combinations) + 1, numbers))
    spread = table[rows]
    return {item_id(question.id, option.id): spread[:, index] for index, option in enumerate(question.options)}

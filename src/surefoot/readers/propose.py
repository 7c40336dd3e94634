"""Propose a mapping of a file to an instrument that is given; what matches nothing is listed, never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, Question, item_id
from surefoot.readers.boxes import as_boxes, mark_of
from surefoot.readers.infer import Proposal
from surefoot.readers.mapping import TICKED, ColumnMapping
from surefoot.readers.mapping import Mapping as FileMapping
from surefoot.readers.numbers import parse_number
from surefoot.readers.setaside import set_aside
from surefoot.readers.split import SEPARATORS, known_pieces
from surefoot.readers.table import Column, RawTable
from surefoot.readers.told import in_words, told_one
from surefoot.readers.wording import Lookup, option_lookup, question_lookup

MOST_VALUES = 1000
NAMES_APART = " "
"""Kobo and ODK join the names of options by spaces, as names have none."""
MOST_TIMES = 2
"""In how many rows the same words may have been typed under "Other"."""
_ROW = re.compile(r"^.+?\s*\[(?P<part>[^\[\]]+)\]$", re.DOTALL)
NO_QUESTION = "no question of the instrument"


def answer_headers(columns: tuple[Column, ...], instrument: Instrument) -> frozenset[str]:
    """Headers that are a question's id or wording, so that their name alone does not make them personal."""
    known = question_lookup(instrument.asked)
    return frozenset(column.header for column in columns if known.find(column.header) or known.find(column.text))


def propose(table: RawTable, instrument: Instrument) -> Proposal:
    """The mapping that headers and wordings suggest. Values that match no option get an empty target and are unsure."""
    found = _find_questions(table, instrument)
    if not found:
        shown = ", ".join(f'"{column.header}"' for column in table.columns[:6])
        expected = f'headers that are ids or wordings of "{instrument.name}", or a mapping'
        raise BadInput(f"{table.where}, header row", f"no question of the instrument (headers: {shown})", expected)
    return propose_found(table, instrument, found, NO_QUESTION)


def propose_found(
    table: RawTable, instrument: Instrument, found: Mapping[str, ColumnMapping], unfound: str
) -> Proposal:
    """The mapping of columns whose questions are known. unfound: why the others are ignored."""
    aside = set_aside(table, frozenset(found))
    columns: dict[str, ColumnMapping] = {}
    unsure: list[str] = []
    for column in table.columns:
        if column.header in found:
            columns[column.header] = _with_values(table, column, found[column.header], instrument, unsure)
        else:
            columns[column.header] = aside.get(column.header, ColumnMapping(role="ignore", why=unfound))
    columns = _with_box_marks(table, columns, instrument)
    absent = [
        question.id for question in instrument.asked if not any(c.question == question.id for c in columns.values())
    ]
    if absent:
        unsure.append(f"No column was found for: {', '.join(absent)}. They count as not asked.")
    return Proposal(instrument, FileMapping(table.dialect, columns, dict(table.missing)), unsure)


# Columns to questions ---------------------------------------------------------------------------------------------


def _find_questions(table: RawTable, instrument: Instrument) -> dict[str, ColumnMapping]:
    known = question_lookup(instrument.asked)
    found: dict[str, ColumnMapping] = {}
    taken: set[str] = set()
    for column in table.columns:
        entry = _find(column, known, instrument)
        if entry is None:
            continue
        place = item_id(entry.question, entry.option) if entry.option else entry.question
        if entry.role != "other" and place in taken:
            continue
        found[column.header] = entry
        taken.add(place)
    return _others_that_tick(found, table)


def _find(column: Column, known: Lookup, instrument: Instrument) -> ColumnMapping | None:
    if column.role == "other":
        return _find_other(column, known, instrument)
    if column.role == "again":
        return None
    name = known.find(column.header) or known.find(column.text)
    if name and "/" in name:
        question, _, option = name.partition("/")
        return ColumnMapping(question, option)
    if name and not (column.part and instrument[name].kind in ("multi", "ranked")):
        return ColumnMapping(name)
    return _find_part(column, known, instrument) if column.part else _find_row(column, known, instrument)


def _find_row(column: Column, known: Lookup, instrument: Instrument) -> ColumnMapping | None:
    """The only row of a grid, `Stem [statement]`: a file with one such column does not show that it is a grid."""
    shaped = _ROW.match(column.text)
    name = (known.find(shaped["part"]) if shaped else None) or ""
    return ColumnMapping(name) if name in instrument and instrument[name].group else None


def _find_part(column: Column, known: Lookup, instrument: Instrument) -> ColumnMapping | None:
    """One of several columns: a box of a multi question, or a statement that is a question of its own."""
    name = known.find(column.part_text) if column.part_text and column.stem else None
    homes = (known.find(column.group), known.find(column.stem))
    home = next((found for found in homes if found and found in instrument), None)
    if home and instrument[home].kind in ("multi", "ranked"):
        options = option_lookup(instrument[home].scale)
        option = options.find(column.part) if not column.part.isdigit() else None
        option = option or options.find(column.part_text)
        return ColumnMapping(home, option) if option else None
    return ColumnMapping(name) if name and name in instrument else None


def _find_other(column: Column, known: Lookup, instrument: Instrument) -> ColumnMapping | None:
    home = known.find(column.group) or known.find(column.stem) or known.find(column.header.removesuffix("_TEXT"))
    home = home.partition("/")[0] if home else None
    if home is None or home not in instrument:
        return None
    return ColumnMapping(home, _other_option(instrument[home], column), role="other")


def _other_option(question: Question, column: Column) -> str:
    if question.kind != "multi":
        return ""
    options = option_lookup(question.scale)
    return options.find(column.part) or options.find(column.part_text) or options.find("other") or ""


def _others_that_tick(found: dict[str, ColumnMapping], table: RawTable) -> dict[str, ColumnMapping]:
    """A text beside an option ticks it only where no column of its own does."""
    boxes = {(entry.question, entry.option) for entry in found.values() if entry.role != "other" and entry.option}
    numbered = {header for header, entry in found.items() if table.by_header[header].part.isdigit()}
    return {
        header: replace(entry, option="")
        if entry.role == "other" and ((entry.question, entry.option) in boxes or header in numbered)
        else entry
        for header, entry in found.items()
    }


# Cells to options -------------------------------------------------------------------------------------------------


def _with_values(
    table: RawTable, column: Column, entry: ColumnMapping, instrument: Instrument, unsure: list[str]
) -> ColumnMapping:
    question = instrument[entry.question]
    if entry.role == "other" or entry.option or question.kind == "text":
        return entry
    counts = table[column.header].drop_nulls().value_counts(sort=True)
    present = [str(value) for value in counts[column.header].head(MOST_VALUES)]
    missing = {value: column.missing[value] for value in present if value in column.missing}
    asked = [value for value in present if value not in table.missing and value not in missing]
    if question.kind == "number":
        values = {value: "" for value in asked if parse_number(value) is None}
        values |= {value: "unknown" for value in asked if value in column.labels}
        _note_unmatched(table[column.header], column.header, values, unsure)
        return replace(entry, values=values | missing)
    lookup = option_lookup(question.scale, column.labels)
    separator = (column.separator or _separator(asked, lookup)) if question.kind in ("multi", "ranked") else ""
    values = _values(asked, lookup, separator)
    if table.own_words:
        values |= _own_words(table[column.header], column.header, values, lookup, unsure)
    _note_unmatched(table[column.header], column.header, values, unsure)
    return replace(entry, separator=separator, values=values | missing)


def _own_words(
    values: pl.Series, header: str, targets: Mapping[str, str], lookup: Lookup, unsure: list[str]
) -> dict[str, str]:
    """What people seem to have typed under "Other": cells of one or two rows that match no option."""
    other = lookup.find("other") or lookup.find("Other (please specify)")
    cells = Counter(values.drop_nulls().to_list())
    rare = [
        value
        for value, target in targets.items()
        if not target and sum(count for cell, count in cells.items() if value in cell) <= MOST_TIMES
    ]
    if other is None or not rare:
        return {}
    found = f"{len(rare)} different cells" if len(rare) > 1 else "1 cell"
    unsure.append(
        f'"{header}": {found} match no option and are rare; taken as typed under "Other". The words are not kept.'
    )
    return dict.fromkeys(rare, other)


def _values(present: list[str], lookup: Lookup, separator: str) -> dict[str, str]:
    if not separator:
        return {value: lookup.find(value) or "" for value in present}
    exact = lookup.plain_keys()
    found: dict[str, str] = {}
    for cell in present:
        for piece in known_pieces(cell, separator, {}, exact):
            found.setdefault(piece, lookup.find(piece) or "")
    return found


def _separator(present: list[str], lookup: Lookup) -> str:
    """The separator that makes most pieces known options."""
    exact = lookup.plain_keys()

    def known(separator: str) -> int:
        cells = [known_pieces(cell, separator, {}, exact) for cell in present]
        good = sum(all(lookup.find(piece) for piece in pieces) for pieces in cells)
        return good * 10 + (separator == ";")

    return max((*SEPARATORS, NAMES_APART), key=known)


def _note_unmatched(values: pl.Series, header: str, targets: Mapping[str, str], unsure: list[str]) -> None:
    unmatched = [value for value, target in targets.items() if not target]
    if unmatched:
        rows = int(values.is_in(unmatched).sum())
        where = f" in {in_words(told_one(rows))} rows" if rows else ""
        unsure.append(
            f'"{header}": {len(unmatched)} values{where} match no option; the mapping lists them with an empty target.'
        )


def _with_box_marks(
    table: RawTable, columns: dict[str, ColumnMapping], instrument: Instrument
) -> dict[str, ColumnMapping]:
    """What the marks in the boxes of multi questions mean, told from all boxes of a question together."""
    result = dict(columns)
    for question in instrument.questions:
        boxes = [
            table.by_header[header]
            for header, entry in columns.items()
            if question.kind == "multi" and entry.question == question.id and entry.option and entry.role != "other"
        ]
        marks = as_boxes(table, boxes) if boxes else None
        for header, values in (marks or {}).items():
            result[header] = replace(result[header], values=values)
        if boxes and marks is None:
            result |= {
                box.header: replace(result[box.header], values=_undecided(table, box, question)) for box in boxes
            }
    return result


def _undecided(table: RawTable, box: Column, question: Question) -> dict[str, str]:
    lookup = option_lookup(question.scale)
    present = table[box.header].drop_nulls().unique().sort().head(MOST_VALUES).to_list()
    known = {value: TICKED if lookup.find(value) else mark_of(value) or "" for value in present}
    return {value: target for value, target in known.items() if value not in table.missing}

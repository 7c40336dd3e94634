"""Propose an instrument and a mapping from a file alone: what each column seems to ask, and what had to be guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, Option, Question, Scale
from surefoot.instrument.naming import distinct_slug
from surefoot.readers.boxes import as_boxes, as_ranks
from surefoot.readers.equality import asks_for_a_characteristic
from surefoot.readers.mapping import KINDS_OF_MISSING, ColumnMapping
from surefoot.readers.mapping import Mapping as FileMapping
from surefoot.readers.numbers import decimals_of, parse_number
from surefoot.readers.scales import OFF_SCALE, Order, known_order, pole_texts
from surefoot.readers.setaside import BLANK_COLUMN, set_aside
from surefoot.readers.split import find_separator, is_ranking, listed_options
from surefoot.readers.table import Column, RawTable
from surefoot.readers.wording import plain

_TEXT_HEADER = re.compile(
    r"(^|[\W_])(txt|text|comments?|verbatim|specify|details)$|please (describe|explain|specify)", re.I
)
NO_ROUTING = "Routing is not in the file: a blank may also mean that the question was not asked."
PERSONAL = "taken as personal, so nothing is broken down by it; take `personal = true` away where it is not."
RESULTS = "Most columns hold numbers: check that each row is one person's answers, and not a result of many."
_BLANK_MARKS = ("-", "–", "—", ".", "NULL", "null", "#N/A", "NaN", "nan")
_CODE = re.compile(r"^[A-Za-z]{1,5}\d{1,4}$")
_YES_NO = {"yes", "no", "true", "false", "ja", "nein", "nee", "oui", "non", "si", "sí", "sì", "sim", "não"}
_ALONE = re.compile(r"^(none\b|nothing\b|no,|not applicable)", re.IGNORECASE)
LONGEST_OPTION = 250
MOST_OPTIONS = 150
MOST_DECIMALS = 6


@dataclass
class Proposal:
    """An instrument, a mapping to it, and sentences on what is unsure."""

    instrument: Instrument
    mapping: FileMapping
    unsure: list[str]


@dataclass(frozen=True)
class _Guess:
    """What a column seems to ask. ordered: whether its options are levels; order: the known scale that says so."""

    kind: str
    options: tuple[Option, ...] = ()
    order: Order | None = None
    ordered: bool = False
    group: str = ""
    decimals: int = 0


@dataclass
class _Draft:
    """What grows while a file is being understood."""

    table: RawTable
    questions: list[Question] = field(default_factory=list)
    columns: dict[str, ColumnMapping] = field(default_factory=dict)
    notes: dict[str, list[str]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    scales: list[Scale] = field(default_factory=list)
    home: dict[str, str] = field(default_factory=dict)

    def add(self, question: Question, columns: Mapping[str, ColumnMapping]) -> None:
        self.questions.append(question)
        self.columns |= columns
        for header in columns:
            self.home[header] = question.id
            self.home.setdefault(self.table.by_header[header].group or header, question.id)

    def note(self, header: str, sentence: str) -> None:
        """Something that had to be guessed for a column; columns with the same guess share one sentence."""
        self.notes.setdefault(sentence, []).append(header)

    @property
    def unsure(self) -> list[str]:
        """The guesses as sentences."""
        return [f"{_listed(headers)}: {sentence}" for sentence, headers in self.notes.items()]

    def shared(self, question: str, guess: _Guess) -> Scale:
        """One Scale for all questions with the same options."""
        known = next((scale for scale in self.scales if scale.options == guess.options), None)
        if known is None:
            order = guess.order
            poles = pole_texts(order) if order else None
            known = Scale(f"{question}-answers", guess.options, guess.ordered or order is not None, poles)
            self.scales.append(known)
        return known


def infer(table: RawTable) -> Proposal:
    """An instrument and a mapping that fit a file whose questionnaire is not at hand."""
    draft = _Draft(table)
    draft.columns |= set_aside(table)
    for cluster in _clusters(table, draft.columns):
        _understand(draft, cluster)
    _attach_others(draft)
    if not draft.questions:
        raise BadInput(table.where, "no column that holds answers", "at least one column with answers to a question")
    numbers = sum(question.kind == "number" for question in draft.questions)
    first = [RESULTS] if numbers > 1 and 2 * numbers >= len(draft.questions) else []
    unsure = [*first, *draft.unsure, *([] if table.blank == "not-asked" else [NO_ROUTING])]
    instrument = Instrument(
        name="inferred",
        title={"en": f"Questions inferred from a {table.dialect} file"},
        languages=("en",),
        sections=(),
        questions=tuple(draft.questions),
    )
    ordered = {column.header: draft.columns[column.header] for column in table.columns}
    return Proposal(instrument, FileMapping(table.dialect, ordered, dict(table.missing), instrument), unsure)


def _listed(headers: list[str]) -> str:
    shown = ", ".join(f'"{header}"' for header in headers[:6])
    return shown if len(headers) <= 6 else f"{shown} and {len(headers) - 6} more"


def _clusters(table: RawTable, known: Mapping[str, ColumnMapping]) -> list[list[Column]]:
    """Columns that belong together, in the order of the file; columns of "other" texts are left for later."""
    clusters: dict[str, list[Column]] = {}
    for column in table.columns:
        if column.header not in known and column.role != "other":
            key = f"group {column.group}" if column.group and column.part else f"column {column.header}"
            clusters.setdefault(key, []).append(column)
    return list(clusters.values())


def _understand(draft: _Draft, cluster: list[Column]) -> None:
    if not any(_is_filled(draft.table[column.header]) for column in cluster):
        draft.columns |= {column.header: ColumnMapping(role="ignore", why=BLANK_COLUMN) for column in cluster}
        return
    if cluster[0].part and not cluster[0].separator:
        boxes = as_boxes(draft.table, cluster)
        ranks = None if boxes else as_ranks(draft.table, cluster)
        if boxes or ranks:
            _add_parts(draft, cluster, boxes or ranks or {}, "multi" if boxes else "ranked")
            return
        statements = _values_of(draft.table, cluster)
        for column in cluster:
            _add_column(draft, column, statements if len(cluster) > 1 else None, group=cluster[0].group)
        return
    for column in cluster:
        _add_column(draft, column, None, group=column.group if column.part else "")


# Boxes and ranks --------------------------------------------------------------------------------------------------


def _add_parts(draft: _Draft, cluster: list[Column], marks: Mapping[str, Mapping[str, str]], kind: str) -> None:
    name = distinct_slug(_group_name(cluster), draft.taken, "question")
    taken = set(KINDS_OF_MISSING)
    options, columns = [], {}
    others = [c for c in draft.table.columns if c.role == "other" and c.group == cluster[0].group and c.part]
    parts = {column.part for column in cluster}
    for column in [*cluster, *(other for other in others if other.part not in parts)]:
        text = _option_text(column, marks)
        option = Option(distinct_slug(text, taken, "option"), {"en": text}, exclusive=bool(_ALONE.match(text)))
        options.append(option)
        role = column.role if column.role == "other" else ""
        columns[column.header] = ColumnMapping(name, option.id, role, values=marks.get(column.header, {}))
    scale = draft.shared(name, _Guess(kind, tuple(options)))
    stem = cluster[0].stem or cluster[0].group
    draft.add(Question(name, kind, {"en": stem}, scale), columns)
    draft.note(stem, f"taken as a {kind} question, one column for each option.")
    if all(_CODE.match(option.text["en"]) for option in options):
        draft.note(stem, "its options are called by their codes; their wordings are not in the file.")


def _group_name(cluster: list[Column]) -> str:
    """The beginning that the headers of a question share (Q3 of Q3_1, Q3_2), else its group's name."""
    stems = {column.header.rpartition("_")[0] for column in cluster}
    shared = stems.pop() if len(stems) == 1 else ""
    return shared or _short_name(cluster[0].group, cluster[0].stem)


def _option_text(column: Column, marks: Mapping[str, Mapping[str, str]]) -> str:
    """The option's wording: below the heading, or in the cells of exports that write it there."""
    ticks = [value for value, target in marks.get(column.header, {}).items() if target == "ticked"]
    words = [tick for tick in ticks if len(tick) > 3 and not tick.isdigit() and column.part.isdigit()]
    return column.part_text or (words[0] if words else "") or column.part


def _attach_others(draft: _Draft) -> None:
    """Texts beside an option belong to the question of their group, or are questions of their own where it is none."""
    for column in draft.table.columns:
        if column.role == "other" and column.header not in draft.columns:
            home = draft.home.get(column.group)
            if home is None or not _is_filled(draft.table[column.header]):
                _add_text(draft, column, home)
            else:
                draft.columns[column.header] = ColumnMapping(home, role="other")


def _is_filled(values: pl.Series) -> bool:
    return len(values) > values.null_count()


def _add_text(draft: _Draft, column: Column, home: str | None) -> None:
    if home is not None:
        draft.columns[column.header] = ColumnMapping(home, role="other")
    elif _is_filled(draft.table[column.header]):
        _add_question(draft, column, _Guess("text"), ColumnMapping())
    else:
        draft.columns[column.header] = ColumnMapping(role="ignore", why=BLANK_COLUMN)


# Columns ----------------------------------------------------------------------------------------------------------


def _values_of(table: RawTable, cluster: Iterable[Column]) -> Counter[str]:
    """Distinct cells and how often each occurs, over one or more columns, marks of missing left out."""
    counts: Counter[str] = Counter()
    for column in cluster:
        filled = table[column.header].drop_nulls()
        for value, count in filled.value_counts(sort=True).iter_rows():
            if value not in table.missing and value not in column.missing:
                counts[value] += count
    return counts


def _add_column(draft: _Draft, column: Column, shared: Counter[str] | None, group: str = "") -> None:
    own = _values_of(draft.table, [column])
    counts = shared if shared is not None and len(shared) <= MOST_OPTIONS else own
    counts, blanks = _without_blank_marks(counts)
    mapping = ColumnMapping(values=dict.fromkeys(blanks, "not-answered") | dict(column.missing))
    if blanks:
        draft.note(column.header, f'a cell that holds only "{blanks[0]}" was taken as left empty.')
    if column.separator and counts:
        _add_several(draft, column, (column.separator, listed_options(counts, column.separator)), mapping)
    elif column.labels and all(value in column.labels for value in own if value not in blanks):
        _add_labelled(draft, column, mapping, group)
    elif _is_numeric(counts):
        _add_numeric(draft, column, counts, mapping, group)
    else:
        several = None if group and column.part else find_separator(counts)
        if _is_text(column, counts, several is not None):
            _add_question(draft, column, _Guess("text"), mapping)
        elif several:
            _add_several(draft, column, several, mapping)
        else:
            _add_single(draft, column, list(counts), mapping, group)


def _without_blank_marks(counts: Counter[str]) -> tuple[Counter[str], list[str]]:
    blanks = [value for value in counts if value in _BLANK_MARKS]
    return Counter({value: count for value, count in counts.items() if value not in blanks}), blanks


def _is_numeric(counts: Counter[str]) -> bool:
    rows = sum(counts.values())
    numbers = sum(count for value, count in counts.items() if parse_number(value) is not None)
    return bool(rows) and numbers >= 0.9 * rows


def _is_text(column: Column, counts: Counter[str], several: bool) -> bool:
    """Free text: long, with line breaks, or hardly ever the same twice. several: cells hold lists of few options."""
    rows = sum(counts.values())
    if not rows or column.role == "text" or _TEXT_HEADER.search(column.header):
        return True
    if several or {plain(value) for value in counts} <= _YES_NO:
        return False
    if any("\n" in value or len(value) > LONGEST_OPTION for value in counts):
        return True
    repeated = sum(count for count in counts.values() if count > 1)
    recurring = sum(count > 1 for count in counts.values())
    too_varied = len(counts) > MOST_OPTIONS or (len(counts) > 12 and recurring < 3)
    return too_varied or repeated < (0.8 if len(counts) > 12 else 0.4) * rows


def _add_labelled(draft: _Draft, column: Column, mapping: ColumnMapping, group: str) -> None:
    """Codes with labels: the labels in the file's order are the options."""
    taken = set(KINDS_OF_MISSING)
    named = {code: distinct_slug(text, taken, "option") for code, text in column.labels.items()}
    order = known_order(list(column.labels.values()))
    placed = dict(order.placed) if order else {}
    options = tuple(Option(named[code], {"en": text}, placed.get(text)) for code, text in column.labels.items())
    values = dict(mapping.values) | named
    _add_question(draft, column, _Guess("single", options, order, group=group), replace(mapping, values=values))


def _add_levels(draft: _Draft, column: Column, counts: Counter[str], mapping: ColumnMapping, group: str) -> bool:
    """Whole numbers of a small range are options in their order; a labelled "don't know" stands beside them."""
    off = [value for value in counts if OFF_SCALE.search(plain(column.labels.get(value, "")))]
    numbers = {value: parse_number(value) for value in counts if value not in off}
    whole = all(number is not None and number == int(number) and abs(number) <= 11 for number in numbers.values())
    if not whole or len(numbers) > 11 or (len(counts) > 7 and not group):
        return False
    codes = [*sorted(numbers, key=lambda value: numbers[value] or 0), *off]
    if not all(code.lstrip("-").isdigit() for code in codes):
        return False
    options = tuple(
        Option(code.replace("-", "minus-"), {"en": column.labels.get(code, code)}, None if code in off else int(code))
        for code in codes
    )
    values = dict(mapping.values) | {code: option.id for code, option in zip(codes, options, strict=True)}
    number = f"{len(codes)} options in their order" if len(codes) > 1 else "1 option"
    draft.note(column.header, f"numeric codes without labels, taken as {number}.")
    guess = _Guess("single", options, ordered=True, group=group)
    _add_question(draft, column, guess, replace(mapping, values=values))
    return True


def _add_numeric(draft: _Draft, column: Column, counts: Counter[str], mapping: ColumnMapping, group: str) -> None:
    if _add_levels(draft, column, counts, mapping, group):
        return
    numbers = {value: parse_number(value) for value in counts}
    odd = [value for value, number in numbers.items() if number is None or value in column.labels]
    if odd:
        draft.note(column.header, f"taken as numbers; {len(odd)} different cells are none and count as unknown.")
    decimals = max((decimals_of(value) for value, number in numbers.items() if number is not None), default=0)
    if decimals > MOST_DECIMALS:
        why = f"numbers with more than {MOST_DECIMALS} decimals: a result, hardly an answer"
        draft.columns[column.header] = ColumnMapping(role="ignore", why=why)
        return
    mapping = replace(mapping, values=dict(mapping.values) | dict.fromkeys(odd, "unknown"))
    _add_question(draft, column, _Guess("number", decimals=decimals), mapping)


def _add_several(draft: _Draft, column: Column, found: tuple[str, list[str]], mapping: ColumnMapping) -> None:
    """Several options a cell: the pieces that recur are the options."""
    separator, texts = found
    kind = "ranked" if column.ranked or is_ranking(_values_of(draft.table, [column]), separator) else "multi"
    taken = set(KINDS_OF_MISSING)
    named = {text: distinct_slug(text, taken, "option") for text in texts}
    alone = kind == "multi"
    options = tuple(Option(named[text], {"en": text}, exclusive=alone and bool(_ALONE.match(text))) for text in texts)
    shown = "line breaks" if separator == "\n" else f'"{separator}"'
    sentence = f"taken as several options a cell, separated by {shown}; {len(options)} options found in the cells."
    whole = [text for text in texts if separator in text]
    if whole and not column.ranked:
        draft.note(column.header, f'taken as one option, since its parts always stand together: "{whole[0]}".')
    if column.ranked:
        sentence = f"{len(options)} options found in the columns of its ranks."
    elif kind == "ranked":
        sentence = f"all cells list the same {len(options)} options in different orders, so they were taken as ranks."
    draft.note(column.header, sentence)
    values = dict(mapping.values) | named
    _add_question(draft, column, _Guess(kind, options), replace(mapping, separator=separator, values=values))


def _add_single(draft: _Draft, column: Column, texts: list[str], mapping: ColumnMapping, group: str) -> None:
    """One option a cell: the distinct cells are the options, in the order of a known scale where they fit one."""
    spellings = _one_spelling(texts)
    texts = list(dict.fromkeys(spellings.values()))
    order = known_order(texts)
    texts = [text for text, _ in order.placed] + list(order.off) if order else texts
    placed = dict(order.placed) if order else {}
    taken = set(KINDS_OF_MISSING)
    named = {text: distinct_slug(text, taken, "option") for text in texts}
    options = tuple(Option(named[text], {"en": column.labels.get(text, text)}, placed.get(text)) for text in texts)
    if len(texts) < len(spellings):
        draft.note(column.header, "spellings that differ only in case, spacing or dashes were taken as one option.")
    if not {plain(text) for text in texts if not OFF_SCALE.search(plain(text))} <= _YES_NO:
        draft.note(column.header, _order_note(texts, column, order))
    values = dict(mapping.values) | {spelling: named[text] for spelling, text in spellings.items()}
    _add_question(draft, column, _Guess("single", options, order, group=group), replace(mapping, values=values))


def _one_spelling(texts: list[str]) -> dict[str, str]:
    """Each text to the first one that reads the same."""
    first: dict[str, str] = {}
    return {text: first.setdefault(plain(text) or text, text) for text in texts}


def _order_note(texts: list[str], column: Column, order: Order | None) -> str:
    if all(_CODE.match(text) and text not in column.labels for text in texts):
        return f"codes without labels, {len(texts)} found in the cells; their meaning and order are not in the file."
    if order:
        return f'the order of its {len(texts)} options was taken from the known scale "{order.name}".'
    found = f"{len(texts)} options" if len(texts) > 1 else "only 1 option"
    return f"{found} found in the cells, in no known order; options that nobody chose are not in a file."


def _add_question(draft: _Draft, column: Column, guess: _Guess, mapping: ColumnMapping) -> None:
    name = distinct_slug(_short_name(column.header, column.text), draft.taken, "question")
    scale = draft.shared(name, guess) if guess.options else None
    text = {"en": column.text or column.header}
    personal = asks_for_a_characteristic(column.header, column.text)
    if personal:
        draft.note(column.header, PERSONAL)
    group, decimals = guess.group or None, guess.decimals
    question = Question(name, guess.kind, text, scale, group=group, decimals=decimals, personal=personal)
    draft.add(question, {column.header: replace(mapping, question=name)})


def _short_name(header: str, text: str) -> str:
    """The header where it is a code, so that names stay short; else its opening words."""
    return header if len(header) <= 40 else " ".join((text or header).split()[:6])

"""The questionnaire of a survey tool beside its export: wordings, recode numbers and order, which exports lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, Scale, words
from surefoot.readers import qualtrics
from surefoot.readers.infer import Proposal
from surefoot.readers.mapping import ColumnMapping
from surefoot.readers.propose import propose_found
from surefoot.readers.scales import known_order, pole_texts
from surefoot.readers.table import Column, RawTable
from surefoot.readers.wording import Lookup, plain

if TYPE_CHECKING:  # the formats of questionnaires are loaded where one is read: most files have none
    from surefoot.questionnaires import ExportColumn, Questionnaire

NO_QUESTION = "no question of the questionnaire (.qsf)"


def companion_of(path: Path, table: RawTable, said: Path | None, kept: str) -> Path | None:
    """The questionnaire of an export: the one that was said or kept in a mapping, else one beside it with its name.

    said: on the command line; kept: in the mapping, looked for beside the export first. Raises BadInput where a
    questionnaire was said of an export of another tool.
    """
    beside = path.with_suffix(".qsf")
    named = said or next((place for place in (path.parent / kept, Path(kept)) if kept and place.is_file()), None)
    if kept and named is None:
        raise BadInput("mapping, questionnaire", f'no file "{kept}" beside {path.name}', "the .qsf of the survey")
    if table.dialect != qualtrics.NAME:
        if named is not None:
            raise BadInput(
                path.name, f"an export of {table.dialect}", f"one of Qualtrics, to which {named.name} belongs"
            )
        return None
    return named or (beside if beside.is_file() else None)


def with_questionnaire(table: RawTable, path: Path) -> tuple[RawTable, Questionnaire]:
    """The table with the labels of recode numbers where it holds numbers, and the questionnaire. Raises BadInput."""
    from surefoot.questionnaires import read_qsf

    questionnaire = read_qsf(path)
    found = export_columns(table, questionnaire)
    refuse_misfit(table, path, questionnaire, found)
    numeric = _is_numeric(table, found, questionnaire.instrument)
    columns = tuple(
        _with_labels(column, found[column.header], questionnaire.instrument, numeric)
        if column.header in found
        else column
        for column in table.columns
    )
    written = "the numbers of options" if numeric else "the texts of options"
    note = f"Wordings, options and their order were taken from {path.name}; the file holds {written}."
    return replace(table, columns=columns, notes=(*table.notes, note)), questionnaire


def export_columns(table: RawTable, questionnaire: Questionnaire) -> dict[str, ExportColumn]:
    """What the questionnaire says of each column, by header: found by the tool's id, in old exports by the code.

    Every survey of the tool has a QID1: an id alone, with another code and another wording, is another survey's.
    """
    from surefoot.questionnaires import column_key

    by_key, by_code = questionnaire.by_key, questionnaire.by_code
    found = {}
    for column in table.columns:
        entry = by_key.get(column_key(column.key)) if column.key else by_code.get(column.header)
        if entry is None:
            continue
        if not column.key or column.header == entry.code or same_wording(column, entry, questionnaire.instrument):
            found[column.header] = entry
    return found


def refuse_misfit(table: RawTable, path: Path, questionnaire: Questionnaire, found: Mapping[str, ExportColumn]) -> None:
    """Raise BadInput where most questions have no column, or most wordings of the header row are others."""
    expected = "the .qsf of the same survey, from which the file was exported"
    asked = {column.question for column in questionnaire.columns}
    have = len({entry.question for entry in found.values()})
    if 2 * have < len(asked) or not have:
        reason = f"{table.where} has columns for {have} of its {len(asked)} questions"
        raise BadInput(path.name, f"this .qsf does not fit this file: {reason}", expected)
    columns = [(table.by_header[header], entry) for header, entry in found.items() if entry.role != "other"]
    same = [same_wording(column, entry, questionnaire.instrument) for column, entry in columns]
    others, compared = same.count(False), len(same) - same.count(None)
    if 2 * others > compared:
        reason = f"in {table.where}, {others} of {compared} wordings in the header row are others than in the .qsf"
        raise BadInput(path.name, f"this .qsf does not fit this file: {reason}", expected)


_PLACEHOLDER = "click to write"
_SAME_WORDS = 0.6
"""The least share of a heading's words that the questionnaire has too: exports shorten wordings and join them."""


def same_wording(column: Column, entry: ExportColumn, instrument: Instrument) -> bool | None:
    """Whether a heading words the question as the questionnaire does; None where either says nothing of its own."""
    question = instrument[entry.question]
    texts = [*question.text.values(), *question.hint.values()]
    heading, known = plain(column.text), plain(" ".join(texts))
    if not heading or _PLACEHOLDER in heading or _PLACEHOLDER in known:
        return None
    chosen = (plain(text) for o in question.options if o.id == entry.option for text in o.text.values())
    wording = " ".join([known, *chosen])
    parts = heading.split()
    return heading in wording or sum(part in wording.split() for part in parts) >= _SAME_WORDS * len(parts)


def _cells(table: RawTable, header: str) -> set[str]:
    return set(table[header].drop_nulls().unique().to_list()) - set(table.missing)


def _is_numeric(table: RawTable, found: Mapping[str, ExportColumn], instrument: Instrument) -> bool:
    """Whether the export writes numbers: told from columns whose cells can be only one of numbers and texts."""
    numbers = texts = 0
    for header, entry in found.items():
        cells = _cells(table, header)
        if entry.values and cells:
            lookup = Lookup((text, o.id) for o in instrument[entry.question].options for text in o.text.values())
            as_numbers, as_texts = cells <= set(entry.values), all(lookup.find(cell) for cell in cells)
            numbers += as_numbers and not as_texts
            texts += as_texts and not as_numbers
    return numbers > texts


def _with_labels(column: Column, entry: ExportColumn, instrument: Instrument, numeric: bool) -> Column:
    texts = {option.id: next(iter(option.text.values()), option.id) for option in instrument[entry.question].options}
    labels = {number: texts[option] for number, option in entry.values.items()} if numeric else {}
    return replace(column, labels=labels)


def propose_questionnaire(table: RawTable, questionnaire: Questionnaire) -> Proposal:
    """The questionnaire's own instrument, and the mapping that follows from it."""
    instrument = with_known_orders(questionnaire.instrument)
    entries = export_columns(table, questionnaire)
    found = {header: ColumnMapping(entry.question, entry.option, entry.role) for header, entry in entries.items()}
    proposal = propose_found(table, instrument, found, NO_QUESTION)
    columns = {header: _with_numbers(table, header, c, entries) for header, c in proposal.mapping.columns.items()}
    unsure = [f"Not in the questionnaire as it was read: {sentence}" for sentence in questionnaire.not_carried]
    mapping = replace(proposal.mapping, columns=columns, instrument=instrument)
    return Proposal(instrument, mapping, [*proposal.unsure, *unsure])


def with_known_orders(instrument: Instrument) -> Instrument:
    """The instrument with levels where the wordings of a scale's options tell them, in the order that it has."""
    known: dict[str, Scale] = {}
    questions = []
    for question in instrument.questions:
        if question.kind == "single" and question.scale and not question.scale.ordered:
            scale = known.setdefault(question.scale.id, _with_known_order(question.scale))
            questions.append(replace(question, scale=scale))
        else:
            questions.append(question)
    return replace(instrument, questions=tuple(questions))


def _with_known_order(scale: Scale) -> Scale:
    """A scale with positions, where they agree with the order of its options from either end."""
    texts = [words(option.text) for option in scale.options]
    order = known_order(texts)
    placed = dict(order.placed) if order else {}
    positions = [placed[text] for text in texts if text in placed]
    if order is None or len(set(texts)) < len(texts) or positions not in (sorted(positions), sorted(positions)[::-1]):
        return scale
    options = tuple(replace(o, position=placed.get(text)) for o, text in zip(scale.options, texts, strict=True))
    return replace(scale, options=options, ordered=True, poles=pole_texts(order))


def _with_numbers(
    table: RawTable, header: str, column: ColumnMapping, entries: Mapping[str, ExportColumn]
) -> ColumnMapping:
    """The numbers of options mean what the questionnaire says, whatever the texts of other options look like."""
    if header not in entries or not table.by_header[header].labels:
        return column
    return replace(column, values=dict(column.values) | dict(entries[header].values))

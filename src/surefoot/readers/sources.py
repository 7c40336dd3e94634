"""Read all files of a study, each aligned to its instrument, and put them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import words
from surefoot.readers.account import Account, first_of, question_accounts
from surefoot.readers.answers import Codes
from surefoot.readers.apply import Applied, Progress, apply
from surefoot.readers.door import simple
from surefoot.readers.duplicates import refuse_double
from surefoot.readers.infer import Proposal
from surefoot.readers.mapping import ColumnMapping, Mapping, open_mapping
from surefoot.readers.propose import NO_QUESTION, propose
from surefoot.readers.reading import OWN, account_of, open_file
from surefoot.readers.rows import Rows, rows_of
from surefoot.readers.table import RawTable
from surefoot.readers.wording import Lookup
from surefoot.responses import ORGANISATION, ROW, SOURCE, WAVE, Responses, is_responses, read_responses
from surefoot.study import Source, Study

ELSEWHERE = "organisation not in the study"
NOWHERE = "organisation not given"
_NAMED = {"organisation", "organization", "org", "provider", "employer", "trust", "practice", "company", "workplace"}


def read_study(study: Study, progress: Progress = None) -> tuple[Responses, list[Account]]:
    """Read all sources of a study. Returns its answers and one account a source, in order.

    Every answer has an organisation of the study, or its row is left out with the reason. A question without a column
    in a source is not asked there. Raises BadInput where a file cannot be read, or an answer is no known option.
    """
    if not study.sources:
        raise BadInput(f'study "{study.id}"', "no [[source]]", "at least one file of answers")
    parts: list[Responses] = []
    accounts: list[Account] = []
    prints: dict[str, dict[str, pl.Series]] = {wave: {} for wave in study.waves}
    for done, source in enumerate(study.sources):
        made, account = _read_source(study, source, prints[source.wave])
        parts.append(_placed(made, study, done))
        accounts.append(account)
        if progress:
            progress(done + 1, len(study.sources))
    return _together(study, parts), accounts


def _read_source(study: Study, source: Source, prints: dict[str, pl.Series]) -> tuple[Responses, Account]:
    """Read one file. prints: of the rows of the files before it in its wave, by name; its own are added."""
    folder = study.folder or Path()
    path = folder / source.file
    if path.is_file() and is_responses(path):
        return _read_own(study, source, path)
    mapping = open_mapping(folder / source.mapping) if source.mapping else None
    opened = open_file(
        path, source.dialect or (mapping.dialect if mapping else None) or None, mapping, study.instrument
    )
    refuse_double(source.file, opened.fingerprints, prints)
    prints[source.file] = opened.fingerprints
    proposal = Proposal(study.instrument, mapping, []) if mapping else propose(opened.table, study.instrument)
    rows = rows_of(opened.table, proposal.mapping, empty=opened.empty, keep_unfinished=source.keep_unfinished)
    if study.organisations and source.organisation is None and source.mapping is None:
        proposal = _with_organisation_column(study, opened.table, proposal)
    places, mapping = _organisations(study, source, opened.table, proposal.mapping, rows)
    applied = apply(opened.table, mapping, study.instrument, rows, strict=True, late_from=study.late_from(source.wave))
    account = account_of(opened, replace(proposal, mapping=mapping), rows, applied)
    unmatched = _unmatched(study, opened.table, proposal.mapping, rows)
    account = replace(account, unmatched=unmatched, organisation=source.organisation or "")
    return _with_organisation(applied, study, places[rows.kept]), account


def _with_organisation(applied: Applied, study: Study, places: Codes) -> Responses:
    made = applied.responses
    table = made.table.with_columns(pl.Series(ORGANISATION, places, dtype=pl.Int16))
    return replace(made, table=table, organisations=study.organisation_ids)


# Organisations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Asked:
    """The column that says where somebody works."""

    header: str
    column: ColumnMapping


def _organisations(
    study: Study, source: Source, table: RawTable, mapping: Mapping, rows: Rows
) -> tuple[Codes, Mapping]:
    """An organisation's index for each row (-1 where there is none), and the mapping with its column decided.

    Rows of other organisations are left out. Raises BadInput where no row has an organisation of the study.
    """
    height = table.frame.height
    if not study.organisations:
        return np.full(height, -1, dtype=np.int64), mapping
    asked = _asked(study, mapping)
    if source.organisation is not None:
        own = study.organisation_ids.index(source.organisation)
        decided = _decided(study, table, mapping, asked) if asked else mapping
        return np.full(height, own, dtype=np.int64), decided
    if asked is None or asked.header not in table.frame.columns:
        return _only_organisation(study, source, table, mapping), mapping
    places = _places(study, table, asked)
    rows.leave_out(places == -1, NOWHERE)
    rows.leave_out(places == -2, ELSEWHERE)
    if not (places >= 0).any():
        raise _no_organisation(study, table, asked.header)
    return places, _decided(study, table, mapping, asked)


def _only_organisation(study: Study, source: Source, table: RawTable, mapping: Mapping) -> Codes:
    if len(study.organisations) == 1:
        return np.zeros(table.frame.height, dtype=np.int64)
    for header in table.frame.columns:
        if _is_no_question(mapping, header) and _NAMED & set(simple(header).split()):
            raise _no_organisation(study, table, header)
    expected = 'organisation = "..." in its [[source]], or a column for the organisation question'
    raise BadInput(f"study.toml, source {source.file}", "no way to tell whose answers these are", expected)


def _is_no_question(mapping: Mapping, header: str) -> bool:
    column = mapping.columns.get(header)
    return column is None or (column.role == "ignore" and column.why == NO_QUESTION)


def _no_organisation(study: Study, table: RawTable, header: str) -> BadInput:
    """The error for a column that should name organisations of the study: what it holds, and what they are called."""
    counts = table[header].drop_nulls().value_counts(sort=True)
    return _none_of_them(study, f'{table.where}, column "{header}"', counts[header].to_list())


def _unmatched(study: Study, table: RawTable, mapping: Mapping, rows: Rows) -> tuple[str, ...]:
    """All spellings in rows that were left out since they name no organisation of the study, the commonest first."""
    where = rows.reasons == ELSEWHERE
    asked = _asked(study, mapping)
    if asked is None or not where.any():
        return ()
    counts = table[asked.header].filter(pl.Series(where)).value_counts(sort=True)
    return _spelled(counts[asked.header].to_list())


def _spelled(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each as one line that is not long."""
    lines = [" ".join(name.split()) for name in names]
    return tuple(f'"{line}"' if len(line) <= 60 else f'"{line[:57]}..."' for line in lines)


def known_organisations(study: Study) -> tuple[str, ...]:
    """What files may call the organisations of a study: ids, with the name where it is another."""
    return tuple(o.id if o.name == o.id else f"{o.id} ({o.name})" for o in study.organisations)


def _none_of_them(study: Study, where: str, names: list[str]) -> BadInput:
    held = f" ({first_of(_spelled(names))})" if names else ""
    expected = (
        f'{", ".join(known_organisations(study))}; or organisation = "..." in its [[source]], or values in its mapping'
    )
    return BadInput(where, f"no organisation of the study in any row{held}", expected)


def _asked(study: Study, mapping: Mapping) -> _Asked | None:
    for header, column in mapping.with_role("organisation").items():
        return _Asked(header, column)
    if study.organisation_question is None:
        return None
    for header, column in mapping.of(study.organisation_question).items():
        if column.role != "other":
            return _Asked(header, column)
    return None


def _with_organisation_column(study: Study, table: RawTable, proposal: Proposal) -> Proposal:
    """The proposal with a column that is no question but names organisations of the study taken as theirs."""
    if _asked(study, proposal.mapping) is not None:
        return proposal
    columns = dict(proposal.mapping.columns)
    for header, column in proposal.mapping.with_role("ignore").items():
        cells = table[header].unique().drop_nulls() if column.why == NO_QUESTION else ()
        known = [_place(study, cell, column) >= 0 for cell in cells]
        if any(known) and 2 * sum(known) >= len(known):
            columns[header] = ColumnMapping(role="organisation")
            sentence = f'"{header}": taken as the organisation of each row.'
            return Proposal(study.instrument, replace(proposal.mapping, columns=columns), [*proposal.unsure, sentence])
    return proposal


def _places(study: Study, table: RawTable, asked: _Asked) -> Codes:
    """Index of the organisation; -1 where the cell is blank, -2 where it names another."""
    values = table[asked.header]
    known = {cell: _place(study, cell, asked.column) for cell in values.unique().drop_nulls()}
    if not known:
        return np.full(len(values), -1, dtype=np.int64)
    return values.replace_strict(list(known), list(known.values()), default=-1, return_dtype=pl.Int64).to_numpy()


def _place(study: Study, cell: str, column: ColumnMapping) -> int:
    ids = study.organisation_ids
    names = [(o.id, o.id) for o in study.organisations] + [(o.name, o.id) for o in study.organisations]
    lookup = Lookup(names)
    option = column.values.get(cell, "") or _option(study, cell)
    candidates = [column.values.get(cell, ""), cell, option, _option_text(study, option)]
    found = next((name for name in (lookup.find(candidate) for candidate in candidates if candidate) if name), None)
    return ids.index(found) if found is not None else -2


def _option(study: Study, cell: str) -> str:
    if study.organisation_question is None:
        return ""
    question = study.instrument[study.organisation_question]
    return Lookup([(text, o.id) for o in question.options for text in (o.id, *o.text.values())]).find(cell) or ""


def _option_text(study: Study, option: str) -> str:
    if study.organisation_question is None:
        return ""
    question = study.instrument[study.organisation_question]
    return next((words(entry.text) for entry in question.options if entry.id == option), "")


def _decided(study: Study, table: RawTable, mapping: Mapping, asked: _Asked) -> Mapping:
    """The mapping with every cell of the organisation's column decided: an option, or unknown where it is none."""
    if not asked.column.question:
        return mapping
    options = {option.id for option in study.instrument[asked.column.question].options}
    values = {}
    for cell in table[asked.header].unique().drop_nulls().sort():
        target = asked.column.values.get(cell, "") or _option(study, cell)
        values[cell] = target if target in options else _option_of_place(study, cell, asked.column)
    column = replace(asked.column, values=values)
    return replace(mapping, columns=dict(mapping.columns) | {asked.header: column})


def _option_of_place(study: Study, cell: str, column: ColumnMapping) -> str:
    """The option that stands for the organisation that a cell names in its own way."""
    place = _place(study, cell, column)
    if place < 0:
        return "unknown"
    organisation = study.organisations[place]
    return _option(study, organisation.id) or _option(study, organisation.name) or "unknown"


# Together ---------------------------------------------------------------------------------------------------------


def _read_own(study: Study, source: Source, path: Path) -> tuple[Responses, Account]:
    """A file that Surefoot wrote: its organisations are matched by id, or all rows are the source's organisation's."""
    made = read_responses(path)
    if made.instrument.id != study.instrument.id:
        expected = f"answers to the study's instrument, {study.instrument.id}"
        raise BadInput(path.name, f"answers to {made.instrument.id}", expected)
    reasons = Rows(np.full(len(made), "", dtype=object))
    places = _own_places(study, source, made)
    if study.organisations:
        reasons.leave_out(places == -1, NOWHERE)
        reasons.leave_out(places == -2, ELSEWHERE)
        if len(made) and not (places >= 0).any():
            raise _none_of_them(study, path.name, list(made.organisations))
    kept = made.filtered(reasons.kept)
    excluded = dict(sorted({**made.excluded, **reasons.excluded}.items()))
    table = kept.table.with_columns(pl.Series(ORGANISATION, places[reasons.kept], dtype=pl.Int16))
    kept = replace(kept, table=table, organisations=study.organisation_ids, excluded=excluded)
    questions = question_accounts(kept, {})
    absent = tuple(q.id for q in questions if q.kind != "text" and q.not_asked == len(kept) > 0)
    others = Counter(made.codes(ORGANISATION)[reasons.reasons == ELSEWHERE].tolist())
    unmatched = _spelled([made.organisations[code] for code, _ in others.most_common()])
    account = Account(
        OWN, path.name, made.read, len(kept), excluded, questions=questions, unmatched=unmatched, absent=absent
    )
    return kept, account


def _own_places(study: Study, source: Source, made: Responses) -> Codes:
    if not study.organisations:
        return np.full(len(made), -1, dtype=np.int64)
    if source.organisation is not None:
        return np.full(len(made), study.organisation_ids.index(source.organisation), dtype=np.int64)
    ids = study.organisation_ids
    index = np.array([ids.index(name) if name in ids else -2 for name in made.organisations] + [-1], dtype=np.int64)
    places: Codes = index[made.codes(ORGANISATION)]
    return places


def _placed(made: Responses, study: Study, number: int) -> Responses:
    """A part with the study's organisations, waves and sources in its reserved columns, and whose wordings it has."""
    wave = study.waves.index(study.sources[number].wave)
    table = made.table.with_columns(
        pl.lit(wave, dtype=pl.Int16).alias(WAVE),
        pl.lit(number, dtype=pl.Int16).alias(SOURCE),
    )
    source = study.sources[number]
    who = (source.organisation or source.file,)
    wordings = {question: dict.fromkeys(texts, who) for question, texts in made.wordings.items()}
    return replace(made, table=table, wordings=wordings)


def _all_wordings(parts: list[Responses]) -> dict[str, dict[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for part in parts:
        for question, texts in part.wordings.items():
            for wording, who in texts.items():
                before = found.setdefault(question, {}).get(wording, ())
                found[question][wording] = tuple(dict.fromkeys((*before, *who)))
    return found


def _together(study: Study, parts: list[Responses]) -> Responses:
    excluded: dict[str, int] = {}
    texts: list[pl.DataFrame] = []
    offset = 0
    for part in parts:
        for reason, count in part.excluded.items():
            excluded[reason] = excluded.get(reason, 0) + count
        texts.append(part.texts.with_columns(pl.col(ROW) + offset))
        offset += len(part)
    return replace(
        parts[0],
        instrument=study.instrument,
        table=pl.concat([part.table for part in parts], how="diagonal"),
        organisations=study.organisation_ids,
        waves=study.waves,
        sources=tuple(source.file for source in study.sources),
        excluded=excluded,
        texts=pl.concat(texts),
        wordings=_all_wordings(parts),
        simulated=study.simulated or any(part.simulated for part in parts),
    )

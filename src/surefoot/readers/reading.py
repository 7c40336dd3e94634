"""Read one file of answers: sniff its dialect, leave persons at the door, map columns, code rows, account for all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, Question, write_instrument
from surefoot.readers import googleforms, kobo, limesurvey, msforms, plain, qualtrics, sav, stata, surveymonkey
from surefoot.readers.account import Account, phase_counts, question_accounts, twice
from surefoot.readers.apply import Applied, Progress, apply
from surefoot.readers.breakoffs import break_offs
from surefoot.readers.companion import NO_QUESTION as UNASKED
from surefoot.readers.companion import companion_of, propose_questionnaire, with_questionnaire
from surefoot.readers.content import open_grid
from surefoot.readers.door import EMPTY, at_the_door
from surefoot.readers.duplicates import Duplicates, duplicates_of, fingerprints_of
from surefoot.readers.infer import Proposal, infer
from surefoot.readers.mapping import Mapping, open_mapping
from surefoot.readers.propose import NO_QUESTION, answer_headers, propose
from surefoot.readers.rows import Rows, rows_of
from surefoot.readers.setaside import PHASE_ONLY
from surefoot.readers.table import Grid, RawTable
from surefoot.readers.told import told
from surefoot.responses import Responses, is_responses, read_responses, write_responses

if TYPE_CHECKING:
    from surefoot.questionnaires import Questionnaire

log = logging.getLogger(__name__)
OWN = "surefoot"
NOT_MAPPED = "not in the mapping"


class Reader(NamedTuple):
    """A dialect: whether a grid is written in it, how to read it, and by what people recognise it."""

    sniff: Callable[[Grid], bool]
    read: Callable[[Grid], RawTable]
    signs: str


READERS: dict[str, Reader] = {
    sav.NAME: Reader(sav.sniff, sav.read, sav.SIGNS),
    stata.NAME: Reader(stata.sniff, stata.read, stata.SIGNS),
    qualtrics.NAME: Reader(qualtrics.sniff, qualtrics.read, qualtrics.SIGNS),
    limesurvey.NAME: Reader(limesurvey.sniff, limesurvey.read, limesurvey.SIGNS),
    surveymonkey.NAME: Reader(surveymonkey.sniff, surveymonkey.read, surveymonkey.SIGNS),
    msforms.NAME: Reader(msforms.sniff, msforms.read, msforms.SIGNS),
    googleforms.NAME: Reader(googleforms.sniff, googleforms.read, googleforms.SIGNS),
    kobo.NAME: Reader(kobo.sniff, kobo.read, kobo.SIGNS),
    plain.NAME: Reader(plain.sniff, plain.read, plain.SIGNS),
}
"""Dialects by name, in the order in which they are asked: `plain` takes what no other recognises."""


@dataclass(frozen=True)
class Reading:
    """What one file gave: the answers, and the mapping and instrument by which it was read (given or proposed)."""

    responses: Responses
    mapping: Mapping | None
    instrument: Instrument
    dialect: str
    account: Account

    def save(
        self, *, out: Path | None = None, mapping: Path | None = None, instrument: Path | None = None
    ) -> tuple[Path, ...]:
        """Write the answers (Parquet), the mapping and the instrument (TOML), each where a path is given."""
        if out is not None:
            write_responses(self.responses, out)
        if mapping is not None:
            if self.mapping is None:
                raise BadInput("mapping", "answers that Surefoot wrote", "an export, which has a mapping to keep")
            self.mapping.save(mapping)
        if instrument is not None:
            write_instrument(self.instrument, instrument)
        return tuple(path for path in (out, mapping, instrument) if path is not None)


@dataclass(frozen=True)
class Opened:
    """A file whose rows and columns are understood, before any question is.

    empty: rows without any cell filled; duplicates: rows that may be one person twice; fingerprints: one number a row;
    all told before personal columns were dropped.
    """

    table: RawTable
    empty: pl.Series
    dropped: tuple[str, ...]
    duplicates: Duplicates = field(default_factory=Duplicates)
    questionnaire: Questionnaire | None = None
    fingerprints: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.UInt64))


def read(
    path: str | Path,
    *,
    dialect: str | None = None,
    mapping: Mapping | str | Path | None = None,
    instrument: Instrument | None = None,
    keep_unfinished: bool = False,
    questionnaire: Path | None = None,
    progress: Progress = None,
) -> Reading:
    """Read a file of answers to Responses, with an account of every row and column.

    dialect: a key of READERS; sniffed from the content where None. mapping: a kept one (then every cell must have a
    meaning); proposed where None (then a cell without one counts as unknown, and the account is unsure of it).
    questionnaire: the .qsf of a Qualtrics survey, else the one beside the file with its name. instrument: where None,
    the mapping's own, the questionnaire's, or inferred. What is inferred can be replayed as it stands: its mapping says
    "unknown" of those cells, where one to a given instrument leaves them to be decided. Raises BadInput with file, row
    and column.
    """
    path = Path(path)
    if path.is_file() and is_responses(path):
        if dialect not in (None, OWN):
            raise BadInput(path.name, f'answers that Surefoot wrote, where "{dialect}" was said', "no dialect")
        return _own(path, instrument)
    kept = open_mapping(mapping) if isinstance(mapping, str | Path) else mapping
    opened = open_file(path, dialect or (kept.dialect if kept else None), kept, instrument, questionnaire)
    proposal = _proposal(opened, kept, instrument)
    rows = rows_of(opened.table, proposal.mapping, empty=opened.empty, keep_unfinished=keep_unfinished)
    applied = apply(
        opened.table, proposal.mapping, proposal.instrument, rows, strict=kept is not None, progress=progress
    )
    account = account_of(opened, proposal, rows, applied)
    inferred = kept is None and instrument is None
    replayed = proposal.mapping.with_unknown(applied.undecided) if inferred else proposal.mapping
    return Reading(applied.responses, replayed, proposal.instrument, opened.table.dialect, account)


def open_file(
    path: Path,
    dialect: str | None,
    mapping: Mapping | None,
    instrument: Instrument | None,
    questionnaire: Path | None = None,
) -> Opened:
    """Open a file in its dialect, with its questionnaire where there is one, and leave personal columns at the door."""
    grid = open_grid(path)
    table = _reader(dialect, grid).read(grid)
    companion = companion_of(path, table, questionnaire, mapping.questionnaire if mapping else "")
    asked = None
    if companion is not None:
        table, asked = with_questionnaire(table, companion)
    wanted = frozenset(h for h, column in mapping.columns.items() if column.question) if mapping else frozenset()
    if instrument is not None and mapping is None:
        wanted = answer_headers(table.columns, instrument)
    names = [column.header for column in table.columns]
    empty = table.frame.select(pl.all_horizontal(pl.col(names).is_null()).alias(EMPTY))[EMPTY]
    duplicates = duplicates_of(table)
    inside, dropped = at_the_door(table, wanted)
    if mapping is not None:
        personal = set(mapping.with_role("personal")) & set(inside.frame.columns)
        inside, dropped = inside.without(personal), dropped + sorted(personal)
    return Opened(inside, empty, tuple(dropped), duplicates, asked, fingerprints_of(table))


def _reader(dialect: str | None, grid: Grid) -> Reader:
    if dialect:
        return _said(dialect, grid)
    return next(reader for reader in READERS.values() if reader.sniff(grid))


def _said(dialect: str, grid: Grid) -> Reader:
    """The reader of a dialect that was said, not sniffed: header rows of another would be taken for answers."""
    if dialect not in READERS:
        raise BadInput("dialect", f'"{dialect}"', f"one of {', '.join(READERS)}")
    if not READERS[dialect].sniff(grid):
        like = next((name for name, reader in READERS.items() if reader.sniff(grid)), plain.NAME)
        found = f'a file that is not "{dialect}" but looks like "{like}"'
        raise BadInput(grid.where, found, f"{READERS[dialect].signs}; or no dialect")
    return READERS[dialect]


def _proposal(opened: Opened, kept: Mapping | None, instrument: Instrument | None) -> Proposal:
    table, questionnaire = opened.table, opened.questionnaire
    own = propose_questionnaire(table, questionnaire) if questionnaire and not instrument else None
    if kept is None:
        return own or (infer(table) if instrument is None else propose(table, instrument))
    if own and kept.questionnaire and not kept.instrument:
        columns = dict(own.mapping.columns) | dict(kept.columns)
        missing = dict(own.mapping.missing) | dict(kept.missing)
        return Proposal(own.instrument, replace(kept, columns=columns, missing=missing), own.unsure)
    chosen = instrument or kept.instrument
    if chosen is None:
        raise BadInput("mapping", "no instrument", "an [instrument] in the mapping, or an instrument beside it")
    return Proposal(chosen, kept, [])


def account_of(opened: Opened, proposal: Proposal, rows: Rows, applied: Applied) -> Account:
    """The account of a reading, in counts."""
    table, mapping = opened.table, proposal.mapping
    ignored = {header: NOT_MAPPED for header in table.frame.columns if header not in mapping.columns}
    ignored |= {header: column.why or "ignored" for header, column in mapping.with_role("ignore").items()}
    ignored |= {header: column.why or PHASE_ONLY for header, column in mapping.with_role("date").items()}
    for role in ("status", "finished", "progress", "submitted"):
        ignored |= dict.fromkeys(mapping.with_role(role), f"says which rows to keep ({role})")
    not_read = (NOT_MAPPED, NO_QUESTION, UNASKED)
    unread = tuple(header for header, why in ignored.items() if why in not_read)
    unsure = [*table.notes, *proposal.unsure, *applied.unsure]
    account = Account(
        dialect=table.dialect,
        file=table.where,
        rows=len(rows.reasons),
        kept=len(applied.responses),
        excluded=rows.excluded,
        dropped=opened.dropped,
        ignored=ignored,
        questions=question_accounts(applied.responses, applied.statuses),
        unsure=tuple(unsure) if applied.responses.table.height else (*unsure, "No row was kept."),
        unread=unread,
        absent=tuple(q.id for q in applied.responses.instrument.asked if not _has_column(mapping, q)),
        duplicates=twice(opened.duplicates),
        break_offs=told(break_offs(table, mapping, applied.responses.instrument, rows)),
        phases=told(phase_counts(applied.responses)),
    )
    log.info("read %d rows, kept %d, dropped %d personal columns", account.rows, account.kept, len(account.dropped))
    return account


def _has_column(mapping: Mapping, question: Question) -> bool:
    """Whether a column holds its answers; the text beside an option alone is none."""
    return any(column.role != "other" or question.kind == "text" for column in mapping.of(question.id).values())


def _own(path: Path, instrument: Instrument | None) -> Reading:
    """Answers that Surefoot wrote: they carry their instrument and need no mapping."""
    made = read_responses(path)
    if instrument is not None and made.instrument.id != instrument.id:
        raise BadInput(path.name, f"answers to {made.instrument.id}", f"answers to {instrument.id}, or a mapping")
    account = Account(OWN, path.name, made.read, len(made), dict(made.excluded), questions=question_accounts(made, {}))
    return Reading(replace(made), None, made.instrument, OWN, account)

"""Account: what a reading did with a file, in counts only, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from surefoot.instrument import Question, words
from surefoot.readers.answers import Codes
from surefoot.readers.breakoffs import BEFORE_FIRST
from surefoot.readers.duplicates import Duplicates
from surefoot.readers.told import SMALLEST_TOLD, each_in_words, in_words, listed, told, told_one, told_rows
from surefoot.responses import EARLY, LATE, NUMBER_MISSING_BASE, PHASE, Missing, Responses

SCHEMA = "surefoot/reading/1"
MOST_NAMES = 20


def first_of(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """The first names, and how many more there are.

    >>> first_of(["a", "b", "c"], most=2), first_of(["a"])
    ('a, b and 1 more', 'a')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


_MISSING = ("not_asked", "not_answered", "unticked", "unknown")
_KINDS = ("answered", "not_asked", "not_answered", "unknown")


@dataclass(frozen=True)
class QuestionAccount:
    """How one question came in: rows answered and rows of three kinds of missing add up to the rows kept.

    text: with the hint behind it, which for a statement of a matrix is the question above them all.
    unticked counts boxes (of multi questions), not rows: those left empty in rows that did answer. asked_as: the
    wordings of the file that are not the instrument's.
    """

    id: str
    kind: str
    text: str
    options: tuple[str, ...]
    answered: int
    not_asked: int
    not_answered: int
    unticked: int
    unknown: int
    asked_as: tuple[str, ...] = ()

    def told(self) -> dict[str, int | None]:
        """Its counts as they may be told: None for 1 to 10 people, and for what would give such a count away."""
        rows = {kind: int(getattr(self, kind)) for kind in _KINDS}
        return {**told(rows), "unticked": told_one(self.unticked)}

    def lines(self) -> list[str]:
        """The question in words: one line of counts, one of options."""
        rows = {kind: int(getattr(self, kind)) for kind in (*_KINDS, "unticked")}
        words_of = each_in_words(rows, self.told())
        missing = [f"{words_of[kind]} {kind.replace('_', ' ')}" for kind in _MISSING if rows[kind]]
        first = f"{words_of['answered'].replace('some', 'nearly all')} answered"
        lines = [f"  {self.kind:<8}  {self.id}: {self.text}", f"            {', '.join([first, *missing])}"]
        lines += [f'            asked in other words: "{wording}"' for wording in self.asked_as]
        return [*lines, f"            options: {' | '.join(self.options)}"] if self.options else lines


@dataclass(frozen=True)
class Account:
    """The account of one reading: rows == kept + the sum of excluded, always.

    dropped: personal columns that never came in. ignored: other columns that were not read, and why.
    unsure: sentences on what had to be guessed, for the lead to confirm in the mapping. unmatched: all spellings
    of organisations that the study does not have. unread: those of `ignored` that may hold answers, since they are
    neither metadata nor left out by the mapping. absent: questions without a column. organisation: whose answers
    these all are, where the study says it.
    duplicates: rows that may be one person twice, all of them kept. break_offs: unfinished rows by the last question
    that they answer. phases: kept rows that came early, late, or without a date. Of these three, None stands for fewer
    than 11, and for a count that would give such a one away.
    """

    dialect: str
    file: str
    rows: int
    kept: int
    excluded: dict[str, int] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    ignored: dict[str, str] = field(default_factory=dict)
    questions: tuple[QuestionAccount, ...] = ()
    unsure: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    organisation: str = ""
    duplicates: dict[str, int | None] = field(default_factory=dict)
    break_offs: dict[str, int | None] = field(default_factory=dict)
    phases: dict[str, int | None] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The account as a plain object with its schema: counts as they may be told, null where they may not."""
        rows, kept, excluded = told_rows(self.kept, self.excluded)
        questions = [{**asdict(question), **question.told()} for question in self.questions]
        counts = {"rows": rows, "kept": kept, "excluded": excluded, "questions": questions}
        return {"schema": SCHEMA, **asdict(self), **counts}

    def lines(self) -> list[str]:
        """The account in words, for a terminal: counts only."""
        told = [f"{self.file}: {self.dialect}; {self._rows()}"]
        reasons = told_rows(self.kept, self.excluded)[2]
        told += [f"  excluded  {in_words(count)} {reason}" for reason, count in reasons.items()]
        told += [f"  no organisation of the study  {first_of(self.unmatched)}"] if self.unmatched else []
        told += self._people()
        told += [f"  personal columns dropped  {', '.join(self.dropped)}"] if self.dropped else []
        told += [f"  ignored   {header}: {why}" for header, why in self.ignored.items()]
        told += [line for question in self.questions for line in question.lines()]
        return told + [f"  unsure    {sentence}" for sentence in self.unsure]

    def _rows(self) -> str:
        """Rows read, kept and excluded; rows read, or the sum of those excluded, only where they tell of no few."""
        rows, kept, _ = told_rows(self.kept, self.excluded)
        out = self.rows - self.kept
        some = "some" if rows is None and out >= SMALLEST_TOLD else in_words(told_one(out))
        parts = f"{in_words(kept)} kept + {some} excluded"
        return f"rows read = {parts}" if rows is None else f"{rows:,} rows read = {parts}"

    def _people(self) -> list[str]:
        """Lines on rows as people: those who may be in the file twice, broke off, or came late."""
        lines = [
            f"  perhaps twice  {in_words(count)} rows {_TWICE[kind]}; kept" for kind, count in self.duplicates.items()
        ]
        if self.break_offs:
            ends = {name if name == BEFORE_FIRST else f"after {name}": n for name, n in self.break_offs.items()}
            lines.append(f"  unfinished rows broke off  {listed(ends)}")
        if self.phases:
            lines.append(f"  answered  {listed(self.phases)} ({_LATE})")
            if "early" in self.phases and "late" not in self.phases:
                lines.append("  early and late are not compared: nobody answered late, as when all answer on one day")
        return lines


_LATE = "late: after the day by which half had answered, or from the reminder on"
_TWICE = {"rows": "equal an earlier row in every cell", "ids": "have the id or e-mail address of an earlier row"}


def twice(duplicates: Duplicates) -> dict[str, int | None]:
    """Rows that may be one person twice, by what says so; empty where there is none."""
    counts = asdict(duplicates)
    return {kind: told_one(count) for kind, count in counts.items() if count}


def phase_counts(made: Responses) -> dict[str, int]:
    """How many answered early, late, or on no known day; empty where no day is known."""
    codes = made.codes(PHASE)
    names = {"early": EARLY, "late": LATE, "on no known day": -1}
    counts = {name: int((codes == code).sum()) for name, code in names.items()}
    return {} if counts["on no known day"] == len(made) else {name: count for name, count in counts.items() if count}


def question_accounts(made: Responses, statuses: dict[str, Codes]) -> tuple[QuestionAccount, ...]:
    """Counts for each question that people are asked. statuses: of text questions, where they are known."""
    return tuple(_question(made, question, statuses) for question in made.instrument.asked)


def _question(made: Responses, question: Question, statuses: dict[str, Codes]) -> QuestionAccount:
    status = _status(made, question, statuses)
    boxes = 0
    if question.kind in ("multi", "ranked"):
        boxes = sum(int((made.codes(item) == int(Missing.UNTICKED)).sum()) for item in question.items)
    return QuestionAccount(
        id=question.id,
        kind=question.kind,
        text=f"{words(question.text)} ({words(question.hint)})" if question.hint else words(question.text),
        options=tuple(words(option.text) for option in question.options),
        answered=int((status == 0).sum()),
        not_asked=int((status == int(Missing.NOT_ASKED)).sum()),
        not_answered=int((status == int(Missing.NOT_ANSWERED)).sum()),
        unticked=boxes + int((status == int(Missing.UNTICKED)).sum()),
        unknown=int((status == int(Missing.UNKNOWN)).sum()),
        asked_as=tuple(made.wordings.get(question.id, ())),
    )


def _status(made: Responses, question: Question, statuses: dict[str, Codes]) -> Codes:
    """One a row: 0 where the question was answered, else the kind of missing."""
    if question.kind == "text":
        return statuses[question.id] if question.id in statuses else _text_status(made, question.id)
    codes = np.stack([made.codes(item) for item in question.items])
    if question.kind == "number":
        kinds = codes[0] - NUMBER_MISSING_BASE
        return np.where((kinds >= int(Missing.UNKNOWN)) & (kinds < 0), kinds, 0)
    if question.kind == "single":
        return np.where(codes[0] >= 0, 0, codes[0])
    answered = (codes >= 0).any(axis=0) | (codes == int(Missing.UNTICKED)).all(axis=0)
    shown: Codes = codes.min(axis=0)
    absent = np.where(codes == int(Missing.NOT_ASKED), 0, codes).min(axis=0)
    return np.where(answered, 0, np.where(absent < 0, absent, shown))


def _text_status(made: Responses, question: str) -> Codes:
    status = np.full(len(made), int(Missing.UNKNOWN), dtype=np.int64)
    rows = made.texts.filter(made.texts["question"] == question)["@row"].to_numpy()
    status[rows] = 0
    return status

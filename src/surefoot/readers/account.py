"""Account: what a reading did with a file, in counts only, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from surefoot.instrument import Question, words
from surefoot.readers.answers import Codes
from surefoot.readers.breakoffs import BEFORE_FIRST
from surefoot.readers.duplicates import Duplicates
from surefoot.responses import EARLY, LATE, NUMBER_MISSING_BASE, PHASE, Missing, Responses

SCHEMA = "surefoot/reading/1"
SMALLEST_TOLD = 11
FEW = f"fewer than {SMALLEST_TOLD}"


MOST_NAMES = 20


def first_of(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """The first names, and how many more there are.

    >>> first_of(["a", "b", "c"], most=2), first_of(["a"])
    ('a, b and 1 more', 'a')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def told(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of people as they may be told: None for 1 to 10, and for the next smallest where it would give one away.

    >>> told({"q1": 30, "q2": 4}), told({"q1": 30, "q2": 12, "q3": 4})
    ({'q1': None, 'q2': None}, {'q1': 30, 'q2': None, 'q3': None})
    """
    hidden = {name for name, count in counts.items() if 0 < count < SMALLEST_TOLD}
    shown = sorted((count, name) for name, count in counts.items() if count >= SMALLEST_TOLD)
    if hidden and sum(counts[name] for name in hidden) < SMALLEST_TOLD:
        hidden |= {name for _, name in shown[:1]}
    return {name: None if name in hidden else count for name, count in counts.items()}


@dataclass(frozen=True)
class QuestionAccount:
    """How one question came in: rows answered and rows of three kinds of missing add up to the rows kept.

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

    def lines(self) -> list[str]:
        """The question in words: one line of counts, one of options."""
        kinds = ("not_asked", "not_answered", "unticked", "unknown")
        missing = [f"{getattr(self, kind)} {kind.replace('_', ' ')}" for kind in kinds if getattr(self, kind)]
        counts = ", ".join([f"{self.answered} answered", *missing])
        told = [f"  {self.kind:<8}  {self.id}: {self.text}", f"            {counts}"]
        told += [f'            asked in other words: "{wording}"' for wording in self.asked_as]
        return [*told, f"            options: {' | '.join(self.options)}"] if self.options else told


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
        """The account as a plain object with its schema."""
        return {"schema": SCHEMA, **asdict(self)}

    def lines(self) -> list[str]:
        """The account in words, for a terminal: counts only."""
        told = [
            f"{self.file}: {self.dialect}; {self.rows} rows read = {self.kept} kept + {self.rows - self.kept} excluded"
        ]
        told += [f"  excluded  {count} {reason}" for reason, count in self.excluded.items()]
        told += [f"  no organisation of the study  {first_of(self.unmatched)}"] if self.unmatched else []
        told += self._people()
        told += [f"  personal columns dropped  {', '.join(self.dropped)}"] if self.dropped else []
        told += [f"  ignored   {header}: {why}" for header, why in self.ignored.items()]
        told += [line for question in self.questions for line in question.lines()]
        return told + [f"  unsure    {sentence}" for sentence in self.unsure]

    def _people(self) -> list[str]:
        """Lines on rows as people: those who may be in the file twice, broke off, or came late."""
        lines = [f"  perhaps twice  {_few(count)} rows {_TWICE[kind]}; kept" for kind, count in self.duplicates.items()]
        if self.break_offs:
            ends = {name if name == BEFORE_FIRST else f"after {name}": n for name, n in self.break_offs.items()}
            lines.append(f"  unfinished rows broke off  {_listed(ends)}")
        if self.phases:
            lines.append(f"  answered  {_listed(self.phases)} ({_LATE})")
            if "early" in self.phases and "late" not in self.phases:
                lines.append("  early and late are not compared: nobody answered late, as when all answer on one day")
        return lines


_LATE = "late: after the day by which half had answered, or from the reminder on"
_TWICE = {"rows": "equal an earlier row in every cell", "ids": "have the id or e-mail address of an earlier row"}


def _few(count: int | None) -> str:
    return FEW if count is None else f"{count:,}"


def _listed(counts: Mapping[str, int | None]) -> str:
    """Counts in words; those that are not told come last, without a number."""
    shown = [f"{count:,} {name}" for name, count in counts.items() if count is not None]
    hidden = [name for name, count in counts.items() if count is None]
    if hidden:
        shown.append(f"{', '.join(hidden)}: not told, since a count under {SMALLEST_TOLD} could be worked out")
    return "; ".join(shown)


def twice(duplicates: Duplicates) -> dict[str, int | None]:
    """Rows that may be one person twice, by what says so; empty where there is none."""
    counts = asdict(duplicates)
    return {kind: None if count < SMALLEST_TOLD else count for kind, count in counts.items() if count}


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
        text=words(question.text),
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

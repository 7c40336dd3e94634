"""Submitted answers as Responses: one row a person, integer codes, and the four kinds of missing told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import polars as pl

from surefoot.instrument import Instrument, Question
from surefoot.responses import (
    EARLY,
    LATE,
    ORGANISATION,
    PHASE,
    ROW,
    TEXT_SCHEMA,
    Missing,
    Responses,
    number_missing,
    responses,
)
from surefoot.web.route import Answers


def responses_of(
    instrument: Instrument,
    rows: Iterable[tuple[str, Answers]],
    *,
    organisations: Sequence[str],
    wave: str,
    phases: Sequence[int] | None = None,
) -> Responses:
    """Responses from pairs of an organisation's id and answers, in the order in which they come.

    phases: of each, 1 before reminders went out and 2 after; None where there were no reminders.
    A question that is not among somebody's answers was not asked; one with None was shown and left empty.
    """
    pairs = list(rows)
    columns: dict[str, Any] = {ORGANISATION: [organisations.index(name) for name, _ in pairs]}
    if phases is not None:
        columns[PHASE] = [EARLY if phase == 1 else LATE for phase in phases]
    texts: list[dict[str, Any]] = []
    for question in instrument.asked:
        if question.kind == "text":
            given = ((row, answers.get(question.id)) for row, (_, answers) in enumerate(pairs))
            texts += [{ROW: row, "question": question.id, "text": text} for row, text in given if text]
            continue
        coded = [_codes(question, answers) for _, answers in pairs]
        for place, item in enumerate(question.items):
            columns[item] = np.array([codes[place] for codes in coded], dtype=np.int64)
    return responses(
        instrument,
        columns,
        organisations=tuple(organisations),
        waves=(wave,),
        texts=pl.DataFrame(texts, schema=TEXT_SCHEMA),
    )


def _codes(question: Question, answers: Answers) -> list[int]:
    """The codes of a question's items for one person, in the order of the items."""
    if question.id not in answers:
        return _all(question, Missing.NOT_ASKED)
    given = answers[question.id]
    if given is None:
        return _all(question, Missing.NOT_ANSWERED)
    if question.kind == "number":
        return [int(given)]
    ids = [option.id for option in question.options]
    if question.kind == "single":
        return [ids.index(given)]
    if question.kind == "multi":
        return [1 if option in given else int(Missing.UNTICKED) for option in ids]
    return [given.index(option) + 1 if option in given else int(Missing.UNTICKED) for option in ids]


def _all(question: Question, kind: Missing) -> list[int]:
    return [number_missing(kind) if question.kind == "number" else int(kind)] * len(question.items)


def answers_of(made: Responses, row: int) -> dict[str, Any]:
    """The answers of one row as somebody would have given them; the way back from `responses_of`, without texts."""
    found: dict[str, Any] = {}
    for question in made.instrument.asked:
        codes = [int(made.codes(item)[row]) for item in question.items]
        if codes and codes[0] not in (int(Missing.NOT_ASKED), number_missing(Missing.NOT_ASKED)):
            found[question.id] = _given(question, codes)
    return found


def _given(question: Question, codes: list[int]) -> Any:
    if question.kind == "number":
        return codes[0] if codes[0] > number_missing(Missing.NOT_ASKED) else None
    if question.kind == "single":
        return question.options[codes[0]].id if codes[0] >= 0 else None
    chosen = [(code, option.id) for code, option in zip(codes, question.options, strict=True) if code > 0]
    ordered = sorted(chosen) if question.kind == "ranked" else chosen
    return [option for _, option in ordered] or None

"""What a dialect can tell of known answers: its losses, each a rule of its own, and the Responses that are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from surefoot.instrument import Condition, Instrument, Question, item_id
from surefoot.responses import ORGANISATION, SOURCE, Missing, Responses, number_missing, responses

Row = dict[str, int]
NOT_ASKED, NOT_ANSWERED = int(Missing.NOT_ASKED), int(Missing.NOT_ANSWERED)
UNTICKED, UNKNOWN = int(Missing.UNTICKED), int(Missing.UNKNOWN)

LOSSES: Mapping[str, str] = {
    "blank": "A blank cell is *not asked* where routing hides the question, else *not answered*: the file does not say "
    "whether the question was in that questionnaire.",
    "no-tick": "Where nothing is ticked, the file does not say whether the question was answered: it is *unknown*, or "
    '*not answered* where the question offers an answer such as "none of these".',
    "own-words": "Words beside an option stand in its place, or are not exported.",
    "separator": "Options that hold the separator are told apart only where the instrument names them.",
    "letters": "Letters that the file's encoding lacks become question marks.",
}
"""What a dialect may lose, in words for the documentation."""


def expected(made: Responses, losses: frozenset[str]) -> Responses:
    """The answers that are left when a file of these losses has been read with the instrument.

    The plain way, row by row: what a reader must give. Organisations, waves and weights are in no file.
    """
    instrument = made.instrument
    columns: dict[str, list[int]] = {item: [] for question in instrument.asked for item in question.items}
    codes = {item: made.codes(item).tolist() for item in columns}
    for row in range(len(made)):
        left: Row = {}
        for question in instrument.asked:
            left |= _left(question, {item: codes[item][row] for item in question.items}, left, instrument, losses)
        for item, code in left.items():
            columns[item].append(code)
    texts = made.texts
    if "own-words" in losses:
        asked = [question.id for question in instrument.asked if question.kind == "text"]
        texts = texts.filter(texts["question"].is_in(asked))
    blank = {ORGANISATION: np.full(len(made), -1), SOURCE: np.zeros(len(made), dtype=np.int64)}
    left_over = responses(instrument, columns | blank, sources=("file",), texts=texts)
    return replace(left_over, simulated=made.simulated)


def _left(question: Question, found: Row, before: Row, instrument: Instrument, losses: frozenset[str]) -> Row:
    """The codes of one person's answer to one question, given what is left of the earlier ones."""
    number = question.kind == "number"
    coded = {kind: number_missing(Missing(kind)) if number else kind for kind in (NOT_ASKED, NOT_ANSWERED, UNKNOWN)}
    answered = any(code > coded[NOT_ASKED] if number else code >= (question.kind == "multi") for code in found.values())
    if answered:
        return {item: _kept(question, code) for item, code in found.items()}
    states = [holds(condition, before, instrument) for condition in question.show_if]
    if False in states:
        return dict.fromkeys(found, coded[NOT_ASKED])
    if None in states:
        return dict.fromkeys(found, coded[UNKNOWN])
    if question.kind != "multi":
        return dict.fromkeys(found, coded[NOT_ANSWERED])
    if "no-tick" not in losses and all(code == UNTICKED for code in found.values()):
        return found
    alone = any(option.exclusive for option in question.options)
    return dict.fromkeys(found, NOT_ANSWERED if alone else UNKNOWN)


def _kept(question: Question, code: int) -> int:
    """An item of a question that was answered: what is no tick and no rank was left empty."""
    return UNTICKED if question.kind in ("multi", "ranked") and code < 1 else code


def holds(condition: Condition, row: Row, instrument: Instrument) -> bool | None:
    """Whether a condition holds for a person; None where the file does not say."""
    question = instrument[condition.question]
    if question.derived:
        return _holds_derived(question, condition, row, instrument)
    if question.kind == "single":
        code = row[question.id]
        return None if code == UNKNOWN else code >= 0 and question.options[code].id in condition.any_of
    codes = [row[item_id(question.id, option)] for option in condition.any_of]
    if any(code >= 1 for code in codes):
        return True
    return None if UNKNOWN in codes else False


def _holds_derived(question: Question, condition: Condition, row: Row, instrument: Instrument) -> bool | None:
    base = instrument[str(question.derived_base)]
    if row[base.items[0]] < 0:
        return False
    states = [holds(part, row, instrument) for part in question.derived]
    wanted = [option.id in condition.any_of for option in question.options]
    if True in states:
        return wanted[0]
    return None if None in states else wanted[1]

"""Derived questions: what their counts tell about the questions that they follow from."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from surefoot.instrument import Condition, Question, item_id
from surefoot.release.incidence import Flags, Incidence, Integers, answers_of
from surefoot.release.scene import SAFE_WIDTH
from surefoot.study import Study
from surefoot.tally import Tally


def exact_source(derived: Question, source: Question) -> bool:
    """Whether a derived question counts exactly what one answer (or several of a single choice) of another counts."""
    if len(derived.derived) != 1:
        return False
    return source.kind == "single" or len(derived.derived[0].any_of) == 1


def telling(
    tally: Tally, study: Study, who: Incidence, derived: Question, hidden: Mapping[str, Mapping[int, str]]
) -> Flags:
    """Groups in which a derived question, holding where any condition does, would bound a hidden count too closely.

    A hidden source counts at most as many as the derived question, and at least what the other sources leave to it.
    hidden: by question, the places of the groups where it is not shown. Gives a bool array [group].
    """
    union = who.counts(answers_of(tally, derived)[0].table[0])
    sources = [(condition, _counts(tally, study, who, condition)) for condition in derived.derived]
    most = {
        number: np.where(_is_hidden(who, hidden, condition.question), base, count)
        for number, (condition, (count, base)) in enumerate(sources)
    }
    found = np.zeros(len(who.groups), dtype=bool)
    for number, (condition, (_, base)) in enumerate(sources):
        others = sum((part for other, part in most.items() if other != number), np.zeros_like(base))
        width = np.minimum(base, union) - np.maximum(0, union - others)
        found |= _is_hidden(who, hidden, condition.question) & (width < np.minimum(SAFE_WIDTH, base))
    return found


def _is_hidden(who: Incidence, hidden: Mapping[str, Mapping[int, str]], question: str) -> Flags:
    return np.isin(np.arange(len(who.groups)), list(hidden.get(question, ())))


def _counts(tally: Tally, study: Study, who: Incidence, condition: Condition) -> tuple[Integers, Integers]:
    """How often a condition holds at most, and of how many, by group."""
    question = study.instrument.by_id[condition.question]
    items = answers_of(tally, question)
    wanted = set(condition.any_of)
    if question.kind == "single":
        codes = [code for code, option in enumerate(question.options) if option.id in wanted]
        counts = [items[0].table[codes].sum(axis=0)]
    else:
        names = {item_id(question.id, option) for option in wanted}
        counts = [item.table[1:].sum(axis=0) for item in items if item.item in names]
    return who.counts(np.asarray(sum(counts))), who.counts(items[0].base)

"""Findings: rules that hold for all answers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.estimate import compare, estimate, participation
from surefoot.findings import Finding, find
from surefoot.instrument import Instrument, Question, open_instrument
from surefoot.release import SURVEY, Group, Plan, Release, release
from surefoot.responses import ORGANISATION as WHERE
from surefoot.responses import Missing, responses
from surefoot.study import ORGANISATION, Organisation, Study
from surefoot.tally import count

STAFF = {"alder": 40, "birch": 60, "cedar": 200}
ASKED = ("understanding", "ever-used", "where-used", "first-area", "outlook-own-work", "outlook-own-job")
BALANCES = ("balance-engagement", "balance-productivity")


def instrument() -> Instrument:
    """Some questions of the staff survey, one for each rule."""
    whole = open_instrument("ai-baseline")
    kept = tuple(replace(q, show_if=()) for q in whole.questions if q.id in (*ASKED, *BALANCES))
    planned = tuple(p for p in whole.planned if p.question in (*ASKED, *BALANCES))
    return replace(whole, questions=kept, planned=planned)


INSTRUMENT = instrument()
STUDY = Study(
    "random",
    "Random",
    INSTRUMENT,
    organisations=tuple(Organisation(name, name.title(), headcount={"all": n}) for name, n in STAFF.items()),
)


def columns(rng: np.random.Generator, question: Question, rows: int) -> Mapping[str, object]:
    """Answers to a question, leaning to one option or to none; some are left empty."""
    gap = rng.random(rows) < 0.1
    if question.kind == "multi":
        ticks = {item: np.where(rng.random(rows) < rng.random(), 1, int(Missing.UNTICKED)) for item in question.items}
        return {item: np.where(gap, int(Missing.NOT_ANSWERED), codes) for item, codes in ticks.items()}
    chances = rng.dirichlet(np.full(len(question.options), rng.choice([0.3, 3.0])))
    drawn = rng.choice(len(question.options), size=rows, p=chances)
    return {question.id: np.where(gap, int(Missing.NOT_ANSWERED), drawn)}


def study_released(seed: int) -> Release:
    """A release of random answers; each organisation has its own response, and hides where it is small."""
    rng = np.random.default_rng(seed)
    took_part = {name: int(rng.integers(0, n + 1)) for name, n in STAFF.items()}
    where = np.repeat(np.arange(len(STAFF)), list(took_part.values()))
    answers = {name: codes for q in INSTRUMENT.questions for name, codes in columns(rng, q, len(where)).items()}
    tally = count(responses(INSTRUMENT, {WHERE: where, **answers}, organisations=tuple(STAFF)), STUDY)
    few = tuple(name for name, n in took_part.items() if n < SURVEY.minimum_base)
    hidden = {Group(ORGANISATION, name): "small" for name in few}
    alone = tuple((name,) for name in STAFF if name not in few)
    planned = Plan(strata=(*alone, few) if few else alone, hidden=hidden)
    figures = estimate(tally, STUDY, strata=planned.strata_of)
    comparisons = compare(tally, STUDY, figures, hidden=planned.all_hidden)
    now = datetime(2026, 10, 1, tzinfo=UTC)
    return release(figures, comparisons, participation(tally, STUDY), planned, STUDY, SURVEY, now=now)


def said(findings: tuple[Finding, ...]) -> set[str]:
    """All sentences."""
    return {finding.sentence for finding in findings}


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_findings_rest_on_what_is_shown(seed: int) -> None:
    """A finding refers only to figures that are shown, and says nothing of an organisation that is not."""
    shown = study_released(seed)
    hidden = [n.group.code.title() for n in shown.not_shown if n.question is None]
    for finding in find(shown):
        assert all(shown.by_id[figure].shown for figure in finding.figures)
        assert {part.figure for part in finding.parts if part.figure} <= set(finding.figures)
        assert not [name for name in hidden if name in finding.sentence + finding.caveat]
        assert not {group.title() for claim in finding.claims for group in claim.groups} & set(hidden)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_sentences_read_as_sentences(seed: int) -> None:
    """A sentence has words, a capital or a number first, one full stop at its end, and no double space."""
    for finding in find(study_released(seed)):
        for text in filter(None, (finding.sentence, finding.caveat)):
            assert re.fullmatch(r"[A-Z0-9“].{10,}[^.]\.", text), text
            assert not re.search(r"  | [.,;:]|None|nan|--|\+\+", text), text
        assert finding.rationale
        assert "claims" not in finding.to_json()


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_other_answers_give_other_words(one: int, other: int) -> None:
    """No sentence is stored: the same answers give the same words, other answers give others."""
    first, second = (find(study_released(seed)) for seed in (one, other))
    assert said(first) == said(find(study_released(one)))
    numbers = [{s for s in said(found) if re.search(r"\d%|point", s)} for found in (first, second)]
    assert one == other or not any(numbers) or numbers[0] != numbers[1]
    assert {f.id for f in first} & {f.id for f in second} or not first or not second

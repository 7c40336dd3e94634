"""Random studies for rules that must hold for all of them: instruments, organisations, breakdowns and answers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from surefoot.instrument import Instrument, Question, instrument_from_table
from surefoot.responses import DEFAULT_WEIGHT_SCALE, Missing, Responses, number_missing, responses
from surefoot.study import Breakdown, Organisation, Study

Made = tuple[Study, Responses]
Studies = Callable[..., st.SearchStrategy[Made]]
KINDS = ("single", "multi", "ranked", "number")
SCALES = ("plain", "ordered", "poles")


def scale_table(name: str, options: int, shape: str) -> dict[str, Any]:
    """A scale of some options; a shape with positions leaves the last option off the scale, as "don't know" is."""
    last = options - 1 if options > 2 else options
    made = [
        {"id": f"o{k}", "text": f"Option {k}"} | ({"position": k - 1} if shape != "plain" and k < last else {})
        for k in range(options)
    ]
    poles = {"poles": {"low": "Bad", "high": "Good"}} if shape == "poles" else {}
    return {"id": name, "options": made, "ordered": shape == "ordered", **poles}


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """An instrument with two questions to break down by, and one to four others of any kind."""
    kinds = ["single", "single", *draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4))]
    scales = [scale_table(f"s{k}", draw(st.integers(1, 4)), draw(st.sampled_from(SCALES))) for k in range(len(kinds))]
    questions = [
        {"id": f"q{k}", "kind": kind, "text": f"Question {k}", "decimals": draw(st.integers(0, 2))}
        | ({} if kind == "number" else {"scale": f"s{k}"})
        for k, kind in enumerate(kinds)
    ]
    table = {"schema": "surefoot/instrument/1", "name": "random", "title": "Random"}
    return instrument_from_table({**table, "scale": scales, "question": questions})


def random_columns(rng: np.random.Generator, question: Question, rows: int) -> dict[str, Any]:
    """Answers to one question; about a third of the people are missing, in one of the four ways."""
    missing = rng.choice([int(kind) for kind in Missing], size=rows)
    lost = rng.random(rows) < 0.3
    if question.kind == "number":
        kinds = np.array([number_missing(Missing(int(kind))) for kind in missing], dtype=np.int64)
        return {question.id: np.where(lost, kinds, rng.integers(-3, 4, rows))}
    if question.kind == "single":
        return {question.id: np.where(lost, missing, rng.integers(0, len(question.options), rows))}
    top = len(question.options) if question.kind == "ranked" else 1
    ticks = rng.integers(0, top + 1, size=(len(question.items), rows))
    ticks = np.where(ticks == 0, int(Missing.UNTICKED), ticks)
    return {item: np.where(lost, missing, ticks[k]) for k, item in enumerate(question.items)}


def random_responses(
    study: Study, seed: int, rows: int, weights: str, design: bool, weight_scale: int = DEFAULT_WEIGHT_SCALE
) -> Responses:
    """Answers of people to a study; the same seed gives the same answers."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for question in study.instrument.questions:
        columns |= random_columns(rng, question, rows)
    columns["@organisation"] = rng.integers(-1, len(study.organisations), rows)
    if weights == "unequal":
        columns["@weight"] = rng.integers(1, 5 * weight_scale, rows)
    if design:
        columns["@stratum"] = rng.integers(0, 2, rows)
        columns["@cluster"] = rng.integers(0, 3, rows)
    return responses(study.instrument, columns, organisations=study.organisation_ids, weight_scale=weight_scale)


@st.composite
def random_studies(draw: st.DrawFn, *, design: bool = False, rows: int = 30, headcounts: bool = True) -> Made:
    """A study and its answers: up to three organisations of up to two types, breakdowns, and crosses of both kinds."""
    instrument = draw(instruments())
    number = draw(st.integers(0, 3))
    staff = st.integers(rows, 3 * rows).map(lambda n: {"all": n}) if headcounts else st.just({})
    organisations = tuple(
        Organisation(f"org-{k}", f"Organisation {k}", draw(st.sampled_from(("care", "clinic"))), draw(staff))
        for k in range(number)
    )
    crosses = [Breakdown("q1", "q0"), *([Breakdown("q0", "organisation")] if number else [])]
    choices = [Breakdown("q0"), Breakdown("q1"), *crosses]
    breakdowns = tuple(draw(st.lists(st.sampled_from(choices), unique=True, max_size=len(choices))))
    study = Study("random", "Random", instrument, organisations, breakdowns)
    seed, size = draw(st.integers(0, 2**32 - 1)), draw(st.integers(0, rows))
    weights, scale = draw(st.sampled_from((("equal", 2**10), ("unequal", 2**10), ("equal", 2**20), ("unequal", 2**20))))
    return study, random_responses(study, seed, size, weights, design and draw(st.booleans()), scale)


@pytest.fixture(scope="session")
def studies() -> Studies:
    """The strategy of random studies; design=True adds strata and clusters, rows bounds the number of people."""
    return random_studies


@pytest.fixture(scope="session")
def answered_again() -> Callable[[Study, int], Responses]:
    """A function that answers a study anew, from another seed."""
    return lambda study, seed: random_responses(study, seed, 25, "equal", False)

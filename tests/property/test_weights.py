"""Rules of weights that hold for every frame: margins are met, the order of people does not matter, none is lost."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from surefoot.errors import Refused
from surefoot.instrument import instrument_from_table
from surefoot.responses import Responses, responses
from surefoot.study import Organisation, Study
from surefoot.study.margins import RAKE, Weights
from surefoot.weights import weigh

ROLES = ("a", "b", "c")
MINIMUM = 11
INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "random",
        "title": "Random",
        "scale": [{"id": "roles", "options": [{"id": role, "text": role} for role in ROLES]}],
        "question": [{"id": "role", "kind": "single", "text": "Role", "scale": "roles"}],
    }
)
COUNTS = st.lists(
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 60)), min_size=3, max_size=3), min_size=1, max_size=4
)


def survey(counts: list[list[tuple[int, int]]], weights: Weights) -> tuple[Study, Responses]:
    """Organisations with people who answered and silent people in each role."""
    names = [f"o{place}" for place in range(len(counts))]
    staff = [dict(zip(ROLES, (answered + silent for answered, silent in own), strict=True)) for own in counts]
    organisations = tuple(Organisation(name, name, headcount=own) for name, own in zip(names, staff, strict=True))
    rows = [(o, r) for o, own in enumerate(counts) for r, (answered, _) in enumerate(own) for _ in range(answered)]
    columns = {"@organisation": [o for o, _ in rows], "role": [r for _, r in rows]}
    made = responses(INSTRUMENT, columns, organisations=names)
    return Study("random", "Random", INSTRUMENT, organisations, headcount_by="role", weights=weights), made


def margin(made: Responses, column: str, classes: int) -> np.ndarray:
    """The share of all weight in each class."""
    weight = made.codes("@weight")
    return np.bincount(made.codes(column), weights=weight, minlength=classes) / weight.sum()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(counts=COUNTS, method=st.sampled_from(["post-stratify", RAKE]), seed=st.integers(0, 9999))
def test_margins_are_met_and_order_does_not_matter(counts: list[list[tuple[int, int]]], method: str, seed: int) -> None:
    """Organisations that are large enough have their headcount's share, and shuffled people keep their weights."""
    study, answers = survey(counts, Weights(method, 1000.0))
    assume(all(sum(answered for answered, _ in own) >= MINIMUM for own in counts))
    try:
        made = weigh(answers, study, MINIMUM)
    except Refused:  # margins of joined classes can contradict each other
        assume(False)
        return
    assert made is not None
    staff = np.array([o.staff for o in study.organisations], dtype=float)
    assert margin(made.responses, "@organisation", len(staff)) == pytest.approx(staff / staff.sum(), rel=1e-3)
    assert len(made.responses) == len(answers)
    assert made.effective_base <= len(answers) + 1e-6
    order = np.random.default_rng(seed).permutation(len(answers))
    shuffled = weigh(replace(answers, table=answers.table[order.tolist()]), study, MINIMUM)
    assert shuffled is not None
    before, after = made.responses.codes("@weight")[order], shuffled.responses.codes("@weight")
    assert np.abs(before - after).max() <= 1  # adding up in another order can move the last bit


@settings(max_examples=25, deadline=None)
@given(counts=COUNTS, trim=st.floats(1.2, 4.0))
def test_trimmed_weights_stay_under_the_limit(counts: list[list[tuple[int, int]]], trim: float) -> None:
    """No weight is above the limit, and the mean stays one."""
    study, answers = survey(counts, Weights("post-stratify", trim))
    assume(len(answers) >= MINIMUM)
    made = weigh(answers, study, MINIMUM)
    assert made is not None
    assert made.greatest <= trim * (1 + 1e-4)
    assert made.responses.codes("@weight").mean() == pytest.approx(made.responses.weight_scale, rel=1e-5)

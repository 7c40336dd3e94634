"""Suppression never leaks: whatever the groups and answers, what is hidden has bounds that are wide."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from surefoot.release import plan
from surefoot.release.incidence import Answers, Incidence, answers_of, incidence
from surefoot.release.leak import residuals
from surefoot.tally import count

_PATH = Path(__file__).parents[2] / "benchmarks" / "random_studies.py"
_SPEC = importlib.util.spec_from_file_location("random_studies", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
random_studies = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = random_studies
_SPEC.loader.exec_module(random_studies)


def real_width(who: Incidence, item: Answers, shown: np.ndarray, known: np.ndarray, answer: int, group: int) -> float:
    """How far apart the whole-number bounds of a hidden count are, by two linear programs."""
    layers, member = len(item.labels), who.member.astype(float)
    rows = np.vstack([np.kron(np.eye(layers), member[shown]), np.kron(np.ones((1, layers)), member[known & ~shown])])
    right = np.concatenate([who.counts(item.table)[:, shown].ravel(), who.counts(item.base)[known & ~shown]])
    gain = np.zeros((layers, member.shape[1]))
    gain[answer] = member[group]
    low, high = (s * linprog(s * gain.ravel(), A_eq=rows, b_eq=right, bounds=(0, None)).fun for s in (1, -1))
    return float(np.floor(high + 1e-6) - np.ceil(low - 1e-6))


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), cross=st.booleans(), skipped=st.sampled_from([0.0, 0.05]))
def test_no_hidden_count_is_recovered(seed: int, cross: bool, skipped: float) -> None:
    """Of every hidden count, at least two values are possible, but where a derivable group around it has a true 0."""
    shape = random_studies.Shape(
        staff=(20, 150),
        organisations=3,
        breakdowns=(3, 3),
        singles=2,
        multis=0,
        routed=1,
        nonresponse=skipped,
        cross=cross,
    )
    study, answers = random_studies.random_study(seed, shape)
    tally = count(answers, study)
    who, found = incidence(tally), plan(tally, study)
    known = np.array([not found.hides(group) for group in who.groups])
    for question in study.instrument.questions[2:]:
        shown = np.array([not found.hides(group, question.id) for group in who.groups])
        if not shown.any():
            continue
        (item,) = answers_of(tally, question)
        assert (who.counts(item.base)[shown] >= 11).all()
        rests = [rest for _, taken, rest in residuals(who, shown, who.people) if len(taken)]
        derivable = [*who.member[shown], *rests]
        hidden = np.flatnonzero(~shown & (who.counts(item.base) > 0))
        for group in hidden[:4]:
            around = [members for members in derivable if not (who.member[group] & ~members).any()]
            for answer in range(len(item.labels)):
                if min(item.table[answer, members].sum() for members in around) > 0:
                    assert real_width(who, item, shown, known, answer, int(group)) >= 1

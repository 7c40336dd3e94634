"""Stage B by rounding equals Stage B by whole numbers from the start: the slow program is the specification."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from surefoot.release.bounds import Reach, simple_width, targets_of, unsafe
from surefoot.release.incidence import Integers, answers_of, incidence
from surefoot.release.leak import Clock
from surefoot.release.scene import Scene
from surefoot.tally import count

_PATH = Path(__file__).parents[2] / "benchmarks" / "random_studies.py"
_SPEC = importlib.util.spec_from_file_location("random_studies", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
random_studies = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = random_studies
_SPEC.loader.exec_module(random_studies)


def slow_width(scene: Scene, target: int, group: int) -> int:
    """How far apart the whole-number bounds of a hidden count are, by two integer programs over everything known."""
    layers, member = len(scene.answers.labels), scene.who.member.astype(float)
    known, limited = scene.known & ~scene.shown, ~scene.known & (scene.ceiling >= 0)
    base = scene.who.counts(scene.answers.base)
    exact = np.vstack([np.kron(np.eye(layers), member[scene.shown]), np.kron(np.ones((1, layers)), member[known])])
    right = np.concatenate([scene.who.counts(scene.answers.table)[:, scene.shown].ravel(), base[known]])
    rows = [LinearConstraint(exact, right, right)]
    if limited.any():
        rows.append(LinearConstraint(np.kron(np.ones((1, layers)), member[limited]), 0, scene.ceiling[limited]))
    gain = np.zeros((layers, member.shape[1]))
    gain[scene.targets[target]] = member[group]
    ends = [
        milp(sign * gain.ravel(), integrality=np.ones(gain.size), bounds=Bounds(0, np.inf), constraints=rows).fun
        for sign in (1, -1)
    ]
    return round(-ends[1] - ends[0])


def narrow_counts(scene: Scene) -> set[tuple[int, int]]:
    """Every hidden count whose bounds are too narrow, the slow way."""
    hidden = np.argwhere(scene.safe_width > 0)
    return {(int(t), int(g)) for t, g in hidden if slow_width(scene, t, g) < scene.safe_width[t, g]}


def scene_of(seed: int, hidden: int) -> Scene:
    """A small study with a cross; some of its groups are not shown, some of these known by their base."""
    shape = random_studies.Shape(
        staff=(15, 90), organisations=3, breakdowns=(3, 2, 2), singles=1, multis=0, routed=0, cross=True
    )
    study, answers = random_studies.random_study(seed, shape)
    tally = count(answers, study)
    who, question = incidence(tally), study.instrument["s0"]
    random = np.random.default_rng(seed)
    shown = who.counts(who.people) > 0
    shown[random.choice(len(shown) - 1, size=min(hidden, len(shown) - 1), replace=False) + 1] = False
    known = shown | (random.random(len(shown)) < 0.4)
    ceiling: Integers = np.where(random.random(len(shown)) < 0.2, who.sizes + random.integers(0, 4), -1)
    item = answers_of(tally, question)[0]
    return Scene(who, item, shown, known, ceiling, targets_of(question, item))


@settings(max_examples=12)
@given(seed=st.integers(0, 10**6), hidden=st.integers(2, 14))
def test_unsafe_equals_the_slow_program(seed: int, hidden: int) -> None:
    """Nothing is called safe that the slow program finds narrow, nor the other way round."""
    scene = scene_of(seed, hidden)
    found = unsafe(scene, Reach.of(scene.totals(scene.answers.table)), Clock.of(600))
    narrow = narrow_counts(scene)
    simple = {(int(t), int(g)) for t, g in np.argwhere(simple_width(scene) < scene.safe_width)}
    assert simple <= narrow
    assert (found in narrow) if found else not narrow

"""A small run of the benchmark of comparisons: seldom false where nothing differs, not deaf where something does."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest


@cache
def benchmark() -> ModuleType:
    """The benchmark as a module, so that tests and the long run share one definition of a false sentence."""
    path = Path(__file__).parents[2] / "benchmarks" / "comparisons.py"
    spec = importlib.util.spec_from_file_location("comparisons_benchmark", path)
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = made
    spec.loader.exec_module(made)
    return made


@pytest.mark.parametrize(
    ("name", "waves"),
    [
        ("small", False),
        ("rare answers", True),
        ("weighted, small and very unequal", False),
        ("clustered in teams", False),
    ],
)
def test_null_studies_are_seldom_false(name: str, waves: bool) -> None:
    """In 40 studies of one mind, no more false sentences and tests than a rate of 5 % allows."""
    made = benchmark()
    scenario = next(scenario for scenario in made.SCENARIOS if scenario.name == name)
    outcomes = made.null_studies(scenario, range(1, 41), waves=waves)
    assert made.passes(sum(one.told for one in outcomes) / 40, 40)
    assert made.passes(sum(one.found for one in outcomes) / 40, 40)


def test_what_differs_is_found() -> None:
    """A gap of 40 points at one of five organisations of 120, and a change of 20 points, are told nearly always."""
    made = benchmark()
    assert made.power(120, 0.4, "share-a", 5) >= 0.8
    assert made.power(120, 0.2, "share-a", 5, waves=True) >= 0.8
    assert made.power(60, 0.0, "share-a", 5) <= 0.2


def test_false_studies_would_be_seen() -> None:
    """The measure is not blind: where an organisation truly differs, the outcome says so."""
    import numpy as np

    made = benchmark()
    scenario = made.Scenario("planted", (120,) * 5)
    rng = np.random.default_rng(1)
    given = made.answers(scenario, made.shifted(scenario, 0.5, "net-a", 2), rng)
    seen = made.outcome(made.said(scenario, given), "planned")
    assert (seen.told, seen.found) == (True, True)
    assert not made.outcome(made.said(scenario, given), "planned", "net-b").told

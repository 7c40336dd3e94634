"""The attacker of benchmarks/link_attack.py, in small: nothing in a closed database, most links in a leaky one."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture
def attacker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark as a module, with one organisation."""
    place = Path(__file__).parents[3] / "benchmarks" / "link_attack.py"
    spec = importlib.util.spec_from_file_location("link_attack", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "link_attack", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ORGANISATIONS", ("north",))
    return module


def test_attacker_links_before_the_close_and_not_after(attacker: Any, web: Path, tmp_path: Path) -> None:
    """The log of an open wave gives most links away; in the closed files no strategy has more than luck."""
    (closed, truth), (leaky, _) = attacker.attack_sqlite(tmp_path, people=60, seed=7)
    assert len(truth) > 30
    assert attacker.rate([(leaky["log"], truth)]).right > len(truth) / 2
    assert closed["log"] == {}
    # One right guess is chance; nine or more by luck has a probability of one in a million.
    assert max(attacker.rate([(guesses, truth)]).right for guesses in closed.values()) < 9


def test_attacker_links_by_the_order_of_rows(attacker: Any) -> None:
    """Where both sides stand in the same order, the strategy that compares orders is always right."""
    keys, texts = [f"key {n}" for n in range(20)], [f"text {n}" for n in range(20)]
    first = attacker.Seen(dict.fromkeys(keys, 1), {"rowid": {key: n for n, key in enumerate(keys)}})
    second = attacker.Seen(dict.fromkeys(texts, 1), {"rowid": {text: n for n, text in enumerate(texts)}})
    truth = dict(zip(keys, texts, strict=True))
    guesses = attacker.guesses_by_order(first, second)
    assert attacker.rate([(guesses["rowid with rowid"], truth)]).right == 20
    assert attacker.rate([(guesses["rowid with rowid, backwards"], truth)]).right == 0


def test_bound_is_exact(attacker: Any) -> None:
    """Clopper and Pearson: 0 of 299 bounds the rate below 1 % with 95 % confidence, 0 of 298 does not."""
    assert attacker.Rate(0, 299, 1).upper < 0.01 < attacker.Rate(0, 298, 1).upper

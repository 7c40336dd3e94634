"""Partial pooling: equal to a slow simulation, honest about weak groups, never a figure."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from surefoot.estimate import EVERYONE, Figure, Group
from surefoot.estimate.hierarchy import partially_pooled
from surefoot.estimate.pooled import Pooling, pool


def share(code: str, inside: float, n: float, **other: Any) -> Figure:
    """The share of one organisation: people inside it, of n."""
    settings = {"kind": "share", "question": "used", "selector": "yes", "group": Group("organisation", code)} | other
    return Figure(
        study="s",
        instrument="i",
        wave="1",
        method="m",
        claim="c",
        base=round(n),
        effective_base=n,
        value=inside / n,
        low=0.0,
        high=1.0,
        **settings,
    )


def slow(successes: np.ndarray, n: np.ndarray, scale: float, draws: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Means, ranks and the mean spread by weighing draws from the prior: shares nothing with the method under test."""
    rng = np.random.default_rng(11)
    spread, mean = np.abs(rng.normal(0, scale, draws)), rng.logistic(size=draws)
    shares = expit(mean[:, None] + spread[:, None] * rng.normal(size=(draws, len(n))))
    logs = (successes * np.log(shares) + (n - successes) * np.log1p(-shares)).sum(axis=1)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    ranks = (-shares).argsort(axis=1).argsort(axis=1)
    chances = np.array([[(weight * (ranks[:, g] == r)).sum() for r in range(len(n))] for g in range(len(n))])
    return weight @ shares, chances, float(weight @ spread)


@pytest.mark.parametrize("scale", [0.25, 0.5, 1.0])
def test_posterior_is_that_of_a_slow_simulation(scale: float) -> None:
    """Sums over grids equal a million weighted draws from the prior, to what so many draws can tell."""
    successes, n = np.array([2.0, 9.0, 5.0]), np.array([12.0, 14.0, 20.5])
    means, ranks, spread = slow(successes, n, scale, 1_000_000)
    made = partially_pooled(successes, n, spread_scale=scale)
    assert made.means == pytest.approx(means, abs=0.003)
    assert made.spread[0] == pytest.approx(spread, abs=0.01)
    drawn = made.draws(20_000, np.random.default_rng(3))
    assert drawn.mean(axis=0) == pytest.approx(made.means, abs=0.004)
    found = (-drawn).argsort(axis=1).argsort(axis=1)
    assert [[(found[:, g] == r).mean() for r in range(3)] for g in range(3)] == pytest.approx(ranks, abs=0.02)


def test_quantiles_are_those_of_draws() -> None:
    """The bounds from the grid hold what draws hold."""
    made = partially_pooled(np.array([30.0, 45.0, 4.0]), np.array([60.0, 80.0, 15.0]))
    drawn = np.quantile(made.draws(40_000, np.random.default_rng(5)), [0.025, 0.975], axis=0)
    assert made.quantile(0.025) == pytest.approx(drawn[0], abs=0.006)
    assert made.quantile(0.975) == pytest.approx(drawn[1], abs=0.006)


@pytest.mark.parametrize("successes", [[0.0, 0.0, 0.0], [12.0, 15.0, 11.0]])
def test_nobody_or_everybody_is_no_trouble(successes: list[float]) -> None:
    """Where all groups are at one end the posterior is still proper, and no share is 0 or 1."""
    made = partially_pooled(np.array(successes), np.array([12.0, 15.0, 11.0]))
    assert ((made.means > 0) & (made.means < 1)).all()
    assert made.density.sum(axis=1) == pytest.approx(1.0)


def test_a_fine_grid_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps half as long and twice as many spreads give the same means to four digits."""
    successes, n = np.array([200.0, 100.0, 500.0, 30.0, 20.0]), np.array([400.0, 220.0, 900.0, 60.0, 60.0])
    coarse = partially_pooled(successes, n)
    monkeypatch.setattr("surefoot.estimate.hierarchy._SPREADS", 160)
    monkeypatch.setattr("surefoot.estimate.hierarchy._FINEST", 0.004)
    monkeypatch.setattr("surefoot.estimate.hierarchy._COARSEST", 0.004)
    monkeypatch.setattr("surefoot.estimate.hierarchy._MOST_STEPS", 4000)
    fine = partially_pooled(successes, n)
    assert len(fine.logits) > 2 * len(coarse.logits)
    assert coarse.means == pytest.approx(fine.means, abs=2e-4)
    assert coarse.quantile(0.025) == pytest.approx(fine.quantile(0.025), abs=2e-3)


def test_small_groups_are_drawn_towards_the_others() -> None:
    """A group of 15 far from the rest moves further than one of 900, and both stay on their side."""
    (made,) = pool([share("a", 450, 900), share("b", 95, 200), share("c", 13, 15), share("d", 700, 900)])
    moved = {p.group.code: p.raw[0] - p.pooled[0] for p in made.groups}
    assert moved["c"] > 5 * abs(moved["d"]) > 0
    assert made.groups[2].pooled[0] > made.groups[0].pooled[0]


def test_a_looser_prior_pools_less() -> None:
    """Half the scale draws closer to the others, double less close."""
    (made,) = pool([share("a", 30, 60), share("b", 28, 60), share("c", 14, 15)])
    odd = made.groups[2]
    assert odd.half < odd.pooled[0] < odd.double < odd.raw[0]


def test_ranks_are_probabilities() -> None:
    """Each group has some rank and each rank some group; alike groups have no order."""
    (made,) = pool([share(name, 30, 60) for name in "abcd"])
    table = np.array([p.ranks for p in made.groups])
    assert table.sum(axis=0) == pytest.approx(1.0)
    assert table.sum(axis=1) == pytest.approx(1.0)
    assert table == pytest.approx(0.25, abs=0.04)


def test_same_figures_give_the_same_ranks() -> None:
    """The seed is fixed."""
    figures = [share("a", 30, 60), share("b", 28, 60)]
    assert pool(figures) == pool(figures)


def net(code: str, plus: float, minus: float, n: float) -> list[Figure]:
    """The figures of one organisation's scale with sides."""
    about = {"question": "view"}
    return [
        share(code, plus, n, selector="side:high", **about),
        share(code, minus, n, selector="side:low", **about),
        share(code, plus - minus, n, kind="net", selector="", **about),
    ]


def nets(made: tuple[Pooling, ...]) -> Pooling:
    """The one net."""
    (found,) = (p for p in made if p.kind == "net")
    return found


def test_net_is_pooled_in_two_parts() -> None:
    """A net's pooled value follows from who takes a side and which; sides are not told apart from it."""
    made = pool([f for code, up in (("a", 40), ("b", 20), ("c", 30)) for f in net(code, up, 10, 60)])
    assert len(made) == 1
    found = nets(made)
    sided = partially_pooled(np.array([50.0, 30.0, 40.0]), np.full(3, 60.0)).means
    side = partially_pooled(np.array([40.0, 20.0, 30.0]), np.array([50.0, 30.0, 40.0])).means
    assert [p.pooled[0] for p in found.groups] == pytest.approx(sided * (2 * side - 1))
    assert all(p.pooled[1] < p.pooled[0] < p.pooled[2] for p in found.groups)


def test_hidden_groups_take_no_part() -> None:
    """A figure that is not shown changes nothing, and everybody is no group."""
    figures = [share("a", 30, 60), share("b", 28, 60)]
    hidden = share("c", 50, 60, status="suppressed")
    assert pool([*figures, hidden, share("", 58, 120, group=EVERYONE)]) == pool(figures)


def test_one_group_is_not_pooled() -> None:
    """With nobody to pool with there is nothing to say."""
    assert pool([share("a", 30, 60)]) == ()


def test_pooled_things_are_no_figures() -> None:
    """Nothing that is pooled can become part of a release."""
    (made,) = pool([share("a", 30, 60), share("b", 28, 60)])
    assert not any(isinstance(thing, Figure) for thing in (made, *made.groups))
    assert not hasattr(made.groups[0], "id")

"""Comparisons: differences found and not found, fixed families, hidden groups, and the order of areas."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from surefoot.estimate import Comparison, Group, compare, estimate
from surefoot.estimate.compare import permutation_p, whole_people
from surefoot.estimate.effective import effective_sizes
from surefoot.estimate.linear import measure
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.interval import bonett_price, wilson
from surefoot.responses import responses
from surefoot.study import Organisation, Study
from surefoot.tally import Tally, count

INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "small",
        "title": "Small",
        "scale": [
            {
                "id": "view",
                "poles": {"low": "Risks", "high": "Benefits"},
                "options": [
                    {"id": "risks", "text": "Risks", "position": -1},
                    {"id": "benefits", "text": "Benefits", "position": 1},
                    {"id": "unsure", "text": "I don't know enough to say"},
                ],
            },
            {"id": "use", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
            {
                "id": "area",
                "options": [{"id": f"area-{k}", "text": f"Area {k}", "position": k} for k in range(3)]
                + [{"id": "none", "text": "None"}],
            },
        ],
        "question": [
            {"id": "view", "kind": "single", "text": "View", "scale": "view"},
            {"id": "use", "kind": "single", "text": "Ever used", "scale": "use"},
            {"id": "area", "kind": "single", "text": "First", "scale": "area", "construct": "most-immediate-use"},
        ],
        "planned": [
            {"question": "view", "by": "organisation"},
            {"question": "use", "by": "organisation", "options": ["yes"]},
        ],
    }
)


def counted(view: list[list[int]], use: list[list[int]] | None = None, area: list[int] | None = None) -> Any:
    """A tally and its study, from people by answer for each organisation."""
    use = use or [[sum(row), 0] for row in view]
    area = area or [sum(map(sum, view)), 0, 0, 0]
    rows = sum(map(sum, view))

    def codes(table: list[list[int]]) -> list[int]:
        return [code for row in table for code, people in enumerate(row) for _ in range(people)]

    where = [place for place, row in enumerate(view) for _ in range(sum(row))]
    names = tuple(f"org-{place}" for place in range(len(view)))
    columns = {"view": codes(view), "use": codes(use), "area": codes([area])[:rows], "@organisation": where}
    study = Study("s", "S", INSTRUMENT, tuple(Organisation(name, name) for name in names))
    return count(responses(INSTRUMENT, columns, organisations=names), study), study


def weighted(view: list[list[int]], weights: list[list[float]]) -> Any:
    """A tally and its study, where every answer of an organisation has a weight of its own."""
    codes = [(place, code) for place, row in enumerate(view) for code, people in enumerate(row) for _ in range(people)]
    names = tuple(f"org-{place}" for place in range(len(view)))
    columns = {
        "view": [code for _, code in codes],
        "use": [0] * len(codes),
        "area": [0] * len(codes),
        "@organisation": [place for place, _ in codes],
        "@weight": [round(1024 * weights[place][code]) for place, code in codes],
    }
    study = Study("s", "S", INSTRUMENT, tuple(Organisation(name, name) for name in names))
    return count(responses(INSTRUMENT, columns, organisations=names), study), study


def compared(made: tuple[Tally, Study], **settings: Any) -> tuple[Comparison, ...]:
    """All comparisons of a tally."""
    tally, study = made
    return compare(tally, study, estimate(tally, study), **settings)


def family(found: tuple[Comparison, ...], name: str, question: str = "view") -> list[Comparison]:
    """The comparisons of one family and question."""
    return [c for c in found if (c.family, c.question) == (name, question)]


def test_strong_difference_is_found() -> None:
    """One organisation that thinks the opposite: the test and its pairs say so."""
    found = compared(counted([[5, 40, 5], [40, 5, 5], [5, 40, 5]]))
    (test,) = family(found, "planned")
    assert test.p == 1 / 2000
    assert test.p_adjusted == 2 / 2000
    pairs = family(found, "pairs")
    assert [(c.low or 0) > 0 or (c.high or 0) < 0 for c in pairs] == [True, False, True]
    assert pairs[0].difference == pytest.approx(1.4)


def test_equal_organisations_do_not_differ() -> None:
    """The same answers everywhere: p is one, and every pair's interval holds zero in its middle."""
    found = compared(counted([[5, 40, 5], [5, 40, 5]]))
    (test,) = family(found, "planned")
    (pair,) = family(found, "pairs")
    assert test.p == 1.0
    assert pair.difference == 0
    assert pair.low == pytest.approx(-(pair.high or 0))


def test_no_correction_for_headcounts() -> None:
    """Knowing that everybody answered changes no comparison between organisations."""
    tally, study = counted([[5, 40, 5], [10, 30, 10]])
    names = study.organisation_ids
    known = Study("s", "S", INSTRUMENT, tuple(Organisation(name, name, headcount={"all": 50}) for name in names))
    for one, other in zip(compared((tally, study)), compared((tally, known)), strict=True):
        if one.family != "areas":
            assert (one.p, one.low, one.high) == (other.p, other.low, other.high)


def test_family_is_never_smaller_than_planned() -> None:
    """A test that cannot be made, because its groups are hidden, still counts in Holm's family."""
    made = counted([[5, 40, 5], [30, 15, 5]], use=[[10, 40], [40, 10]])
    everything = compared(made)
    hidden = compared(made, hidden=[(Group("organisation", "org-0"), "view")])
    assert [c.p_adjusted for c in everything if c.family == "planned"] == [2 / 2000, 2 / 2000]
    assert [(c.p, c.p_adjusted) for c in hidden if c.family == "planned"] == [(None, None), (1 / 2000, 2 / 2000)]


def test_hidden_groups_take_no_part() -> None:
    """A hidden organisation is in no comparison; one hidden for a question only is in the others."""
    made = counted([[5, 40, 5], [30, 15, 5], [20, 20, 10]])
    org = Group("organisation", "org-1")
    whole, part = compared(made, hidden=[org]), compared(made, hidden=[(org, "view")])
    assert all(org not in c.groups for c in whole)
    assert all(org not in c.groups for c in part if c.question == "view")
    assert any(org in c.groups for c in part if c.question == "use")
    assert family(whole, "planned")[0].groups == (Group("organisation", "org-0"), Group("organisation", "org-2"))


def test_hidden_question_has_no_order_of_areas() -> None:
    """Where the whole group's answers on the first area are hidden, so are their differences."""
    made = counted([[5, 40, 5]], area=[30, 10, 5, 5])
    assert family(compared(made), "areas", "area")
    for hidden in (Group(), (Group(), "area")):
        assert not family(compared(made, hidden=[hidden]), "areas", "area")


def test_pairs_are_antisymmetric() -> None:
    """In the other order of organisations each pair has the other sign."""
    rows = [[5, 40, 5], [30, 15, 5], [20, 20, 10]]
    pairs = {c.groups: c for c in family(compared(counted(rows)), "pairs")}
    turned = family(compared(counted(rows[::-1])), "pairs")
    names = {Group("organisation", f"org-{k}"): Group("organisation", f"org-{2 - k}") for k in range(3)}
    for c in turned:
        other = pairs[names[c.groups[1]], names[c.groups[0]]]
        assert (c.difference, c.low, c.high) == pytest.approx(
            (-(other.difference or 0), -(other.high or 0), -(other.low or 0))
        )


def test_pairs_of_shares_stay_possible() -> None:
    """Nobody against everybody is a difference of one, and no bound is beyond it."""
    (pair,) = family(compared(counted([[0, 20, 0], [0, 20, 0]], use=[[20, 0], [0, 20]])), "pairs", "use")
    assert pair.difference == 1.0
    assert pair.high == 1.0
    one, other = wilson([20], [20]), wilson([0], [20])
    assert pair.low == pytest.approx(1 - np.hypot(1 - one.low[0], other.high[0]))


def test_smallest_gap_found_shrinks_with_more_people() -> None:
    """Four times the people would find about half the gap."""
    few, many = (family(compared(counted(rows)), "planned")[0] for rows in ([[10, 30, 10]] * 2, [[40, 120, 40]] * 2))
    assert few.smallest_found is not None
    assert many.smallest_found is not None
    assert many.smallest_found / few.smallest_found == pytest.approx(0.5, abs=0.03)


def test_smallest_gap_is_found_with_power_of_80_percent() -> None:
    """One organisation that differs from the others by the gap named: the test finds it in 70 to 90 % of studies."""
    rng = np.random.default_rng(5)
    test = family(compared(counted([[15, 35, 10]] * 3)), "planned")[0]
    gap = float(test.smallest_found or 0)
    centre, shift = np.array([0.25, 0.58, 0.17]), np.array([gap / 2, -gap / 2, 0])
    hits = 0
    for _ in range(200):
        n = np.full(3, 60)
        drawn = np.stack([rng.multinomial(60, centre + (shift if place == 0 else 0)) for place in range(3)])
        hits += permutation_p(drawn[:, 1], drawn[:, 0], n, permutations=499) < 0.05 / len(INSTRUMENT.planned)
    assert 140 <= hits <= 180


def test_permutation_p_is_uniform_under_the_null() -> None:
    """Of studies without any difference, at most as many have p below a level as the level says."""
    rng = np.random.default_rng(8)
    n = np.array([40, 60, 25])
    found = []
    for seed in range(300):
        drawn = rng.multinomial(n, [0.5, 0.2, 0.3])
        found.append(permutation_p(drawn[:, 0], drawn[:, 1], n, permutations=199, seed=seed))
    assert stats.kstest(found, "uniform").pvalue > 0.01
    assert np.mean(np.array(found) <= 0.05) < 0.05 + 1.645 * np.sqrt(0.05 * 0.95 / 300)


def test_permutation_p_is_that_of_fisher() -> None:
    """For two groups and one answer, it is Fisher's exact two-sided p value."""
    plus, n = np.array([3, 9]), np.array([12, 13])
    made = permutation_p(plus, np.zeros(2, dtype=int), n, permutations=20_000)
    exact = stats.fisher_exact([[3, 9], [9, 4]]).pvalue
    assert made == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000) + 1e-4)


def test_permutation_p_is_the_same_every_time() -> None:
    """The same answers always give the same words."""
    plus, minus, n = np.array([20, 25]), np.array([5, 9]), np.array([40, 45])
    assert permutation_p(plus, minus, n) == permutation_p(plus, minus, n)


def test_areas_are_compared_within_the_same_people() -> None:
    """Every two named areas, Holm over all; "none" is never first."""
    found = family(compared(counted([[0, 50, 0]], area=[30, 14, 2, 4])), "areas", "area")
    assert [c.selectors for c in found] == [("area-0", "area-1"), ("area-0", "area-2"), ("area-1", "area-2")]
    assert found[0].difference == pytest.approx(0.32)
    assert all((c.low or 0) > 0 for c in found)
    assert all((c.p_adjusted or 0) >= (c.p or 0) for c in found)


def test_equal_areas_are_not_told_apart() -> None:
    """Two areas named by as many people have a difference of nothing."""
    first = family(compared(counted([[0, 50, 0]], area=[20, 20, 5, 5])), "areas", "area")[0]
    assert first.difference == 0
    assert first.p == pytest.approx(1.0)


def test_areas_of_everybody_are_in_an_order() -> None:
    """Where all staff answered, their first area is known: a difference has no interval, and none is by chance."""
    tally, _ = counted([[0, 50, 0]], area=[20, 20, 6, 4])
    whole = Study("s", "S", INSTRUMENT, (Organisation("org-0", "org-0", headcount={"all": 50}),))
    found = family(compared((tally, whole)), "areas", "area")
    assert [(c.difference, c.low, c.high) for c in found] == [(g, g, g) for g in (c.difference for c in found)]
    assert [c.p for c in found] == [1.0, 0.0, 0.0]


def test_study_without_a_plan_compares_nothing() -> None:
    """No planned family, no tests of it."""
    bare = Instrument("b", {"en": "B"}, ("en",), (), (INSTRUMENT["view"],))
    study = Study("s", "S", bare)
    tally = count(responses(bare, {"view": [0, 1]}), study)
    assert compare(tally, study, estimate(tally, study)) == ()


def test_ids_do_not_depend_on_answers() -> None:
    """A comparison is named by what is compared and how."""
    one, other = compared(counted([[5, 40, 5], [9, 9, 9]])), compared(counted([[9, 3, 9], [30, 9, 2]]))
    assert [c.id for c in one] == [c.id for c in other]


def test_equal_weights_change_nothing() -> None:
    """Whatever all people of an organisation weigh, as long as they weigh the same."""
    rows = [[5, 40, 5], [20, 20, 10]]
    heavy = compared(weighted(rows, [[2.0] * 3, [0.5] * 3]))
    for one, other in zip(compared(counted(rows)), heavy, strict=True):
        if one.question == "view":
            assert (one.p, one.smallest_found) == (other.p, other.smallest_found)
            assert (other.difference, other.low, other.high) == (one.difference, one.low, one.high) or (
                other.difference == pytest.approx(one.difference) and other.low == pytest.approx(one.low)
            )


def test_unequal_weights_are_fewer_people() -> None:
    """Weighted shares are compared as those of the effective sample: a wider interval round the weighted gap."""
    rows = [[10, 30, 10], [30, 10, 10]]
    made = weighted(rows, [[1.0, 3.0, 1.0], [1.0, 1.0, 1.0]])
    (pair,) = family(compared(made), "pairs")
    share = np.array([90.0, 10.0]) / 110
    n_eff = 110**2 / (10 + 270 + 10)
    one = bonett_price([share[0] * n_eff], [share[1] * n_eff], [n_eff])
    other = bonett_price([10], [30], [50])
    gap = share[0] - share[1] + 0.4
    assert pair.difference == pytest.approx(gap)
    assert pair.low == pytest.approx(gap - np.hypot(one.value[0] - one.low[0], other.high[0] - other.value[0]))


@pytest.mark.parametrize("spread", [0.5, 1.0])
def test_weighted_test_keeps_its_level(spread: float) -> None:
    """Of weighted studies without any difference, at most 5 % have p up to 0.05, as far as 300 can tell."""
    rng = np.random.default_rng(21)
    found = []
    for seed in range(300):
        plus, minus, n = np.zeros(4), np.zeros(4), np.zeros(4)
        for place, people in enumerate((20, 40, 60, 200)):
            weight = np.exp(rng.normal(0, spread, people))
            score = rng.choice([1, -1, 0], p=[0.45, 0.25, 0.3], size=people)
            n[place] = weight.sum() ** 2 / (weight**2).sum()
            plus[place], minus[place] = (weight[score == s].sum() / weight.sum() * n[place] for s in (1, -1))
        found.append(permutation_p(*whole_people(plus, minus, n), permutations=199, seed=seed))
    assert np.mean(np.array(found) <= 0.05) < 0.05 + 1.645 * np.sqrt(0.05 * 0.95 / 300)


def test_clustered_test_keeps_its_level() -> None:
    """Teams whose people think alike: p up to 0.05 in at most 5 % of studies without any difference."""
    rng, base = np.random.default_rng(3), np.array([0.3, 0.45, 0.25])
    place = np.repeat(np.arange(4), 60)
    team = np.repeat(np.arange(40), 6)
    names = tuple(f"org-{k}" for k in range(4))
    study = Study("s", "S", INSTRUMENT, tuple(Organisation(name, name) for name in names))
    scores = {0: -1.0, 1: 1.0}
    found, naive = [], []
    for seed in range(200):
        shares = rng.dirichlet(base * 4, size=40)
        codes = (rng.random(240)[:, None] > shares.cumsum(axis=1)[team]).sum(axis=1).clip(0, 2)
        columns = {"view": codes, "@organisation": place, "@stratum": place, "@cluster": team}
        tally = count(responses(INSTRUMENT, columns, organisations=names), study)
        n = effective_sizes(tally, "organisation", measure(tally, INSTRUMENT["view"], "view", scores))
        share = tally.answers("organisation", "view")[0] / 60
        for sizes, kept in ((n, found), (np.full(4, 60.0), naive)):
            counts = whole_people(share[:, 1] * sizes, share[:, 0] * sizes, sizes)
            kept.append(permutation_p(*counts, permutations=199, seed=seed))
    bar = 0.05 + 1.645 * np.sqrt(0.05 * 0.95 / 200)
    assert np.mean(np.array(found) <= 0.05) < bar < np.mean(np.array(naive) <= 0.05)


def test_one_cluster_says_nothing_of_its_group() -> None:
    """Where a group has a single cluster it is in no comparison: nothing shows how far its clusters differ."""
    names = ("org-0", "org-1")
    study = Study("s", "S", INSTRUMENT, tuple(Organisation(name, name) for name in names))
    columns = {"view": [0, 1] * 30, "@organisation": [0] * 20 + [1] * 40, "@cluster": [0] * 20 + [1, 2] * 20}
    tally = count(responses(INSTRUMENT, columns, organisations=names), study)
    n = effective_sizes(tally, "organisation", measure(tally, INSTRUMENT["view"], "view", {1: 1.0}))
    assert n[0] == 0
    assert 0 < n[1] <= 40

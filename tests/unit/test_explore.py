"""Exploration and ordered scales: the right tests, only what is shown, and no more false leads than promised."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from surefoot.estimate import Figure, Group, estimate
from surefoot.estimate.explore import CHI_SQUARE, RAO_SCOTT, SHUFFLED, Explored, cramers_v, explore
from surefoot.estimate.ordinal import DOUBTFUL, FITS, UNKNOWN, OrdinalComparison, ordinal
from surefoot.estimate.proportional_odds import proportional_odds
from surefoot.instrument import instrument_from_table
from surefoot.responses import Missing, responses
from surefoot.study import Organisation, Study
from surefoot.tally import count

LEVELS = [{"id": f"l{k}", "text": f"Level {k}", "position": k} for k in range(4)]
UNSURE = {"id": "unsure", "text": "I don't know enough to say"}
INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "small",
        "title": "Small",
        "scale": [
            {"id": "level", "ordered": True, "options": [*LEVELS, UNSURE]},
            {"id": "box", "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]},
        ],
        "question": [
            {"id": "level", "kind": "single", "text": "Level", "scale": "level"},
            {"id": "boxes", "kind": "multi", "text": "Boxes", "scale": "box"},
            {"id": "hours", "kind": "number", "text": "Hours"},
        ],
    }
)
NAMES = ("north", "south", "west")
STUDY = Study("s", "S", INSTRUMENT, tuple(Organisation(name, name) for name in NAMES))
ROWS = [[10, 20, 30, 20, 5], [20, 25, 20, 10, 10], [30, 60, 80, 50, 20]]


def counted(rows: list[list[int]], **more: Any) -> tuple[Any, tuple[Figure, ...]]:
    """The tally and figures of people by level and organisation; everybody with an even number ticks the first box."""
    codes = [(place, code) for place, row in enumerate(rows) for code, n in enumerate(row) for _ in range(n)]
    n = len(codes)
    columns = {
        "level": [code for _, code in codes],
        "boxes/a": [1 if k % 2 else int(Missing.UNTICKED) for k in range(n)],
        "boxes/b": [int(Missing.UNTICKED)] * n,
        "hours": [k % 5 for k in range(n)],
        "@organisation": [place for place, _ in codes],
    }
    tally = count(responses(INSTRUMENT, columns | more, organisations=NAMES), STUDY)
    return tally, estimate(tally, STUDY) if len(tally.units) == 1 else ()


def explored(rows: list[list[int]], **more: Any) -> dict[tuple[str, str], Explored]:
    """What was explored, by question and box."""
    tally, figures = counted(rows, **more)
    return {(one.question, one.selector): one for one in explore(tally, STUDY, figures)}


def test_chi_square_is_that_of_scipy() -> None:
    """Enough people in every cell: Pearson's test; one test a box, none of numbers or of boxes that nobody ticked."""
    found = explored(ROWS)
    assert set(found) == {("level", ""), ("boxes", "a")}
    theirs = stats.chi2_contingency(np.array(ROWS).T)
    one = found["level", ""]
    assert (one.method, one.n) == (CHI_SQUARE, 410)
    assert one.p == pytest.approx(theirs.pvalue)
    assert one.widest.selector == "l2"
    assert (one.widest.highest.code, one.widest.lowest.code) == ("north", "south")
    assert one.widest.high - one.widest.low == pytest.approx(30 / 85 - 20 / 85)


def test_p_values_are_adjusted_over_everything() -> None:
    """Benjamini and Hochberg's steps, worked out by hand for two tests; the clearest stands first."""
    tally, figures = counted(ROWS)
    first, second = explore(tally, STUDY, figures)
    assert first.p <= second.p
    assert second.p_adjusted == pytest.approx(second.p)
    assert first.p_adjusted == pytest.approx(min(2 * first.p, second.p))


def test_few_expected_are_shuffled() -> None:
    """Where some cells are nearly empty the p value is that of shuffled people, here as of Fisher."""
    tally, figures = counted([[1, 6, 0, 0, 0], [7, 2, 0, 0, 0]])
    one = next(x for x in explore(tally, STUDY, figures) if x.question == "level")
    exact = stats.fisher_exact([[1, 6], [7, 2]]).pvalue
    assert one.method == SHUFFLED
    assert one.p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 4999) + 1e-3)


def test_weighted_answers_are_tested_by_rao_scott() -> None:
    """Unequal weights take the test of Rao and Scott; equal ones do not."""
    n = sum(map(sum, ROWS))
    weights = [1024 if k % 3 else 3072 for k in range(n)]
    assert explored(ROWS, **{"@weight": weights})["level", ""].method == RAO_SCOTT
    assert explored(ROWS, **{"@weight": [2048] * n})["level", ""] == explored(ROWS)["level", ""]


def test_strength_in_clusters_is_that_of_the_people_they_are_worth() -> None:
    """Where four people of a cluster always say the same, the strength is as of one of them; so is its interval."""
    ones = [[14, 7, 5, 3, 3], [4, 6, 10, 8, 4], [5, 5, 20, 20, 9]]
    fours = [[4 * n for n in row] for row in ones]
    n = sum(map(sum, fours))
    tally, _ = counted(fours, **{"@cluster": [k // 4 for k in range(n)]})
    shown = counted(fours)[1]
    clustered = next(one for one in explore(tally, STUDY, shown) if one.question == "level")
    assert clustered.method == RAO_SCOTT
    assert clustered.strength == pytest.approx(explored(ones)["level", ""].strength, abs=0.005)


def hide(figures: tuple[Figure, ...], code: str) -> list[Figure]:
    """The figures with one organisation hidden."""
    return [replace(f, status="suppressed") if f.group.code == code else f for f in figures]


def test_hidden_groups_are_in_nothing() -> None:
    """What an organisation that is not shown answered changes nothing of what is told."""
    told = []
    for third in (ROWS[2], [200, 3, 9, 40, 2]):
        tally, figures = counted([*ROWS[:2], third])
        shown = hide(figures, "west")
        told.append((explore(tally, STUDY, shown), ordinal(tally, STUDY, shown, by="organisation")))
    assert [one.question for one in told[0][0]] == [one.question for one in told[1][0]]
    assert told[0][1] == told[1][1]
    level = [next(x for x in explored_ if x.question == "level") for explored_, _ in told]
    assert level[0] == level[1]
    assert all(Group("organisation", "west") not in one.groups for one in level)


def test_cramers_v_holds_the_truth() -> None:
    """Of tables with a known strength, at least 93 % of intervals hold it."""
    rng = np.random.default_rng(9)
    shares = np.array([[0.4, 0.35, 0.25], [0.25, 0.35, 0.4]]) / 2
    expected = np.outer(shares.sum(axis=1), shares.sum(axis=0))
    truth = float(np.sqrt(((shares - expected) ** 2 / expected).sum()))
    held = 0
    for _ in range(500):
        table = rng.multinomial(200, shares.ravel()).reshape(2, 3)
        statistic = stats.chi2_contingency(table, correction=False).statistic
        _, low, high = cramers_v(float(statistic), 200.0, (2, 3))
        held += low <= truth <= high
    assert held >= 465


def test_null_exploration_is_uniform() -> None:
    """Where nothing differs, p values of all three kinds are what they say."""
    rng = np.random.default_rng(12)
    kinds: dict[str, list[float]] = {}
    for k in range(250):
        people = 20 if k % 2 else 80
        rows = rng.multinomial(people, [0.3, 0.3, 0.2, 0.1, 0.1], size=3).tolist()
        one = explored(rows)["level", ""]
        kinds.setdefault(one.method, []).append(one.p)
    assert set(kinds) == {SHUFFLED, CHI_SQUARE}
    for found in kinds.values():
        assert np.mean(np.array(found) <= 0.05) < 0.05 + 1.645 * np.sqrt(0.05 * 0.95 / len(found))


# Ordered scales ---------------------------------------------------------------------------------------------------


def ordered(rows: list[list[int]], **more: Any) -> dict[str, OrdinalComparison]:
    """Each organisation against all others."""
    tally, figures = counted(rows, **more)
    return {one.group.code: one for one in ordinal(tally, STUDY, figures, by="organisation")}


def test_odds_ratio_is_against_all_others() -> None:
    """The model of one organisation against the sum of the others, "don't know" apart and its share beside it."""
    found = ordered(ROWS)
    table = np.array(ROWS, dtype=float)
    for place, name in enumerate(NAMES):
        rest = np.delete(table, place, axis=0).sum(axis=0)
        fitted = proportional_odds(np.stack([table[place, :4], rest[:4]]))
        assert fitted is not None
        one = found[name]
        assert (one.ratio, one.low, one.high) == pytest.approx(fitted.interval())
        assert one.outside == pytest.approx(table[place, 4] / table[place].sum())
        assert one.outside_rest == pytest.approx(rest[4] / rest.sum())
        assert one.base == table[place, :4].sum()


def test_weights_widen_the_interval() -> None:
    """Unequal weights that have nothing to do with the answers leave fewer people, and a wider interval."""
    n = sum(map(sum, ROWS))
    plain, heavy = ordered(ROWS), ordered(ROWS, **{"@weight": [1024 if k % 2 else 5120 for k in range(n)]})
    for name in NAMES:
        one, other = plain[name], heavy[name]
        assert other.effective_base < 0.8 * one.effective_base
        assert np.log((other.high or 0) / (other.low or 1)) > 1.1 * np.log((one.high or 0) / (one.low or 1))


def test_assumption_is_said_in_words() -> None:
    """A scale whose both ends are fuller in one organisation has no one odds ratio."""
    found = ordered([[40, 5, 5, 40, 0], [10, 40, 40, 10, 0], [20, 20, 20, 20, 0]])
    assert found["south"].assumption == DOUBTFUL
    assert (found["south"].misfit_p or 1) < 0.001
    assert ordered([[10, 20, 20, 10, 0], [20, 40, 40, 20, 0], [30, 60, 60, 30, 0]])["south"].assumption == FITS


def test_groups_that_do_not_overlap_have_no_ratio() -> None:
    """Everybody at the top against nobody there: no number, and it says so."""
    found = ordered([[0, 0, 0, 50, 0], [20, 20, 10, 0, 0], [20, 30, 10, 0, 0]])
    assert found["north"].ratio is None
    assert found["north"].assumption == UNKNOWN


def test_few_people_on_the_scale_are_in_no_comparison() -> None:
    """An organisation most of whose people don't know enough has too few on the scale to be told of."""
    found = ordered([[2, 2, 2, 1, 30], *ROWS[1:]])
    assert set(found) == {"south", "west"}
    assert found == ordered([[0, 0, 0, 2, 35], *ROWS[1:]])


def test_a_table_of_mostly_empty_cells_is_not_tested() -> None:
    """Where a contrast stands on empty cells alone there is nothing to compare it with: p is 1, and nothing fails."""
    rows = [[30, 0, 0, 0, 0], [0, 30, 0, 0, 0], [0, 0, 15, 10, 5]]
    weight = [1000 + 7 * (k % 5) for k in range(sum(map(sum, rows)))]
    found = explored(rows, **{"@weight": weight})["level", ""]
    assert (found.method, found.p) == (RAO_SCOTT, 1.0)

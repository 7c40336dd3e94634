"""Interval arithmetic at its edges: no base, everybody, unknown headcounts, rounding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.interval import (
    bonett_price,
    effective_n,
    holm,
    mover,
    round_half_away,
    round_one,
    snap_outward,
    wilson,
    wilson_from_share,
)


@pytest.mark.parametrize(
    ("number", "digits", "expected"),
    [
        (0.285, 2, 0.29),
        (1.005, 2, 1.01),
        (0.5, 0, 1.0),
        (1.5, 0, 2.0),
        (2.5, 0, 3.0),
        (-0.5, 0, -1.0),
        (-2.5, 0, -3.0),
        (-0.285, 2, -0.29),
        (0.4999, 0, 0.0),
        (-0.2, 0, 0.0),
        (123456.5, 0, 123457.0),
    ],
)
def test_rounding_is_half_away_from_zero(number: float, digits: int, expected: float) -> None:
    """A 5 goes away from zero, on both sides, whatever its binary form; and there is no minus zero."""
    made = float(round_half_away(number, digits))
    assert made == expected
    assert str(made) == str(expected)


def test_rounding_keeps_not_a_number() -> None:
    """Nothing stays nothing."""
    assert np.isnan(round_half_away(np.nan, 1))


def test_effective_n_with_and_without_headcount() -> None:
    """(n / deff) (N - 1) / (N - n); plain where N is unknown; endless where everybody answered."""
    made = effective_n([42, 42, 60], [60, np.nan, 60], [1, 2, 1])
    assert made.tolist() == [42 * 59 / 18, 21, np.inf]


def test_more_answers_than_people_is_an_error() -> None:
    """A frame that is too small is never passed over."""
    with pytest.raises(ValueError, match="more answers than people"):
        effective_n([61], [60])
    with pytest.raises(ValueError, match="more successes than answers"):
        wilson([3], [2])


def test_wilson_without_a_base_is_nothing() -> None:
    """No answers: no value and no bounds."""
    made = wilson([0], [0])
    assert np.isnan([made.value[0], made.low[0], made.high[0]]).all()


def test_wilson_of_everybody_has_no_width() -> None:
    """A complete census leaves nothing open, at every share."""
    made = wilson([0, 7, 30], [30, 30, 30], population=[30, 30, 30])
    assert (made.low == made.value).all()
    assert (made.high == made.value).all()


def test_wilson_at_none_and_all_starts_at_the_edge() -> None:
    """Zero of n has its lower bound at exactly 0, n of n its upper bound at exactly 1."""
    made = wilson([0, 25], [25, 25])
    assert made.low[0] == 0.0
    assert made.high[1] == 1.0


def test_wilson_from_share_equals_wilson() -> None:
    """The two forms agree."""
    one, other = wilson([13], [40], population=[55]), wilson_from_share([13 / 40], effective_n([40], [55]))
    assert (one.low[0], one.high[0]) == (other.low[0], other.high[0])


def test_snapping_knows_what_is_certain() -> None:
    """Of 10 people 9 answered and 4 said yes: 4 or 5 of 10 did, whatever the interval says."""
    made = snap_outward(wilson([4], [9], population=[10]), [4], [9], [10])
    assert (made.low[0], made.high[0]) == (0.4, 0.5)


def test_snapping_leaves_unknown_headcounts_alone() -> None:
    """Without a headcount nothing is snapped."""
    plain = wilson([4], [9])
    made = snap_outward(plain, [4], [9], [np.nan])
    assert (made.low[0], made.high[0]) == (plain.low[0], plain.high[0])


def test_bonett_price_of_everybody_has_no_width() -> None:
    """A complete census of a net leaves nothing open."""
    made = bonett_price([6], [2], [10], n_eff=[np.inf])
    assert made.low[0] == made.value[0] == made.high[0] == 0.4


def test_bonett_price_scales_counts_to_the_effective_sample() -> None:
    """Half the effective sample is half the counts, before one is added to each."""
    made, half = bonett_price([30], [10], [60], n_eff=[30]), bonett_price([15], [5], [30])
    assert (made.low[0], made.high[0]) == pytest.approx((half.low[0], half.high[0]))


def test_mover_broadcasts_over_groups() -> None:
    """The first axis is the stratum; everything after it is carried along."""
    parts = wilson([[5, 10], [10, 20]], [[20, 20], [40, 40]])
    made = mover(parts, [0.25, 0.75])
    alone = mover(wilson([10, 20], [20, 40]), [0.25, 0.75])
    assert made.value.shape == (2,)
    assert (made.low[1], made.high[1]) == (alone.low[0], alone.high[0])


def test_holm_ignores_tests_that_were_not_made() -> None:
    """NaN is no test: it stays NaN and makes the family no larger. Nothing exceeds one, and an empty family is one."""
    made = holm([0.02, np.nan, 0.7, 0.9])
    assert made[[0, 2, 3]] == pytest.approx([0.06, 1.0, 1.0])
    assert np.isnan(made[1])
    assert holm([]).tolist() == []


def test_interval_rounds_all_three_parts() -> None:
    """The three arrays come as plain lists."""
    assert wilson([1], [3]).rounded(2) == ([0.33], [0.06], [0.79])


@given(st.floats(-1e6, 1e6), st.integers(0, 3))
def test_round_one_equals_array(x: float, digits: int) -> None:
    """The rounding of one number is that of arrays, to the last bit."""
    assert round_one(x, digits) == float(round_half_away(x, digits))

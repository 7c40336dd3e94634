"""Numbers from the papers in which the methods were published, and from independent arithmetic."""

import math
from itertools import product

import numpy as np
import pytest
from scipy import special

from surefoot.estimate import compare, estimate
from surefoot.instrument import instrument_from_table
from surefoot.interval import bonett_price, holm, mover, wilson, z_value
from surefoot.responses import responses
from surefoot.study import Organisation, Study
from surefoot.tally import count

WILSON = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
"""Newcombe 1998, Statistics in Medicine 17, 857-872, table I: the score method without continuity correction."""

NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]
"""Newcombe 1998, Statistics in Medicine 17, 873-890, table II: method 10, score intervals of two shares combined."""


@pytest.mark.parametrize(("x", "n", "low", "high"), WILSON)
def test_wilson_equals_newcombe(x: int, n: int, low: float, high: float) -> None:
    """Wilson's interval equals the published one, to the four digits that were printed."""
    made = wilson([x], [n])
    assert made.low[0] == pytest.approx(low, abs=5e-5)
    assert made.high[0] == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(("n", "x"), [(n, x) for n in (1, 2, 11, 30) for x in range(0, n + 1, max(1, n // 5))])
def test_wilson_inverts_the_score_test(n: int, x: int) -> None:
    """Both bounds are roots of (p - share)^2 = z^2 p (1 - p) / n, solved here by bisection. Wilson 1927."""
    share, z2 = x / n, special.ndtri(0.975) ** 2

    def root(inside: float, outside: float) -> float:
        for _ in range(80):
            middle = (inside + outside) / 2
            if (middle - share) ** 2 <= z2 * middle * (1 - middle) / n:
                inside = middle
            else:
                outside = middle
        return inside

    made = wilson([x], [n])
    assert made.low[0] == pytest.approx(0.0 if x == 0 else root(share, 0.0), abs=1e-9)
    assert made.high[0] == pytest.approx(1.0 if x == n else root(share, 1.0), abs=1e-9)


@pytest.mark.parametrize(("a", "m", "b", "n", "low", "high"), NEWCOMBE)
def test_difference_of_shares_equals_newcombe(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    """A planned pair of two organisations has Newcombe's interval of the difference of two shares."""
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "pair",
            "title": "Pair",
            "scale": [{"id": "s", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]}],
            "question": [{"id": "q", "kind": "single", "text": "?", "scale": "s"}],
            "planned": [{"question": "q", "by": "organisation", "options": ["yes"]}],
        }
    )
    answers = [0] * a + [1] * (m - a) + [0] * b + [1] * (n - b)
    made = responses(instrument, {"q": answers, "@organisation": [0] * m + [1] * n}, organisations=("a", "b"))
    study = Study("pair", "Pair", instrument, (Organisation("a", "A"), Organisation("b", "B")))
    tally = count(made, study)
    (pair,) = (c for c in compare(tally, study, estimate(tally, study)) if c.family == "pairs")
    assert pair.difference == pytest.approx(a / m - b / n)
    assert pair.low == pytest.approx(low, abs=6e-5)
    assert pair.high == pytest.approx(high, abs=6e-5)


@pytest.mark.parametrize(("b", "r", "n"), [(30, 10, 60), (0, 0, 12), (12, 0, 12), (3, 4, 11)])
def test_bonett_price_is_wald_with_four_more_people(b: int, r: int, n: int) -> None:
    """One person is added to each side and two to the base, then Wald's interval. Bonett and Price 2012, equation 3."""
    plus, minus = (b + 1) / (n + 2), (r + 1) / (n + 2)
    half = 1.959963984540054 * math.sqrt((plus + minus - (plus - minus) ** 2) / (n + 2))
    made = bonett_price([b], [r], [n])
    assert made.value[0] == pytest.approx((b - r) / n)
    assert made.low[0] == pytest.approx(max(-1.0, plus - minus - half), abs=1e-12)
    assert made.high[0] == pytest.approx(min(1.0, max(plus - minus + half, (b - r) / n)), abs=1e-12)


def test_bonett_price_covers() -> None:
    """Over 40,000 samples of 40 people the interval of a net holds the truth in 94 to 97 %, whatever the truth."""
    rng = np.random.default_rng(20)
    for up, down in ((0.5, 0.1), (0.3, 0.3), (0.2, 0.05)):
        drawn = rng.multinomial(40, [up, down, 1 - up - down], size=40_000)
        made = bonett_price(drawn[:, 0], drawn[:, 1], np.full(40_000, 40))
        covered = float(((made.low <= up - down) & (up - down <= made.high)).mean())
        assert 0.94 < covered < 0.97, (up, down, covered)


def test_holm_equals_the_textbook() -> None:
    """Of p = 0.01, 0.04, 0.03, 0.005 the first and the last survive at 5 %: the worked example of Holm's method.

    0.005 x 4, 0.01 x 3, 0.03 x 2, and 0.04 x 1 raised to 0.06, as R's p.adjust(p, "holm") gives.
    """
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_controls_every_step() -> None:
    """A p value survives exactly when it passes the step-down procedure of Holm 1979 as he wrote it."""
    for p in product((0.001, 0.012, 0.02, 0.04, 0.3), repeat=3):
        order = sorted(range(3), key=lambda k: p[k])
        rejected = set()
        for step, k in enumerate(order):
            if p[k] > 0.05 / (3 - step):
                break
            rejected.add(k)
        assert {k for k in range(3) if holm(p)[k] <= 0.05} == rejected


def test_mover_of_equal_strata_is_a_mean() -> None:
    """Two equal strata give their value, and half-widths that shrink by the square root of two. Zou and Donner 2008."""
    one = wilson([30], [100])
    both = mover(wilson([30, 30], [100, 100]), [0.5, 0.5])
    assert both.value[0] == pytest.approx(0.3)
    assert both.value[0] - both.low[0] == pytest.approx((one.value[0] - one.low[0]) / math.sqrt(2))
    assert both.high[0] - both.value[0] == pytest.approx((one.high[0] - one.value[0]) / math.sqrt(2))


def test_z_value_equals_scipy() -> None:
    """The normal quantile is that of an independent library."""
    for level in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
        assert z_value(level) == pytest.approx(special.ndtri((1 + level) / 2), abs=1e-12)

"""Do the intervals hold what they say? Coverage and width in small organisations, and false differences between them.

Shares are worked out exactly, over all samples that can be drawn; the rest is simulated, with a few thousand draws
unless `--draws N` asks for more. Prints tables and writes nothing.
"""

from __future__ import annotations

import argparse
from itertools import product

import numpy as np
from scipy import stats

from surefoot.estimate.sums import Sums
from surefoot.interval import Interval, bonett_price, effective_n, mover, snap_outward, wilson, wilson_from_share

STAFF, RESPONSE, SHARES = (30, 60, 120, 300), (0.4, 0.6, 0.8), (0.05, 0.2, 0.5)
SEED = 11


def held(made: Interval, truth: float) -> np.ndarray:
    """Whether each interval holds the truth, up to rounding error."""
    return (made.low <= truth + 1e-9) & (truth - 1e-9 <= made.high)


def shares() -> None:
    """Exact coverage and mean width of three intervals of a share of these staff now."""
    print("A share of N staff of whom n answered at random (exact): coverage and mean width of 95 % intervals")
    print(f"{'N':>5}{'n':>5}{'share':>7}   {'plain Wilson':>15}{'with correction':>18}{'and snapped':>15}")
    for staff, response, share in product(STAFF, RESPONSE, SHARES):
        n, having = round(staff * response), round(staff * share)
        x = np.arange(max(0, n - (staff - having)), min(n, having) + 1)
        chance = stats.hypergeom.pmf(x, staff, having, n)
        size, people = np.full(x.shape, n), np.full(x.shape, staff)
        known = wilson(x, size, population=people)
        row = f"{staff:>5}{n:>5}{having / staff:>7.3f}"
        for made in (wilson(x, size), known, snap_outward(known, x, size, people)):
            covered = float((chance * held(made, having / staff)).sum())
            row += f"{covered:>11.3f}{float((chance * (made.high - made.low)).sum()):>6.3f}"
        print(row)


def nets(draws: int) -> None:
    """Coverage of the net of these staff now, by Bonett and Price on the effective sample."""
    rng = np.random.default_rng(SEED)
    print(f"\nA net of N staff (simulated, {draws:,} draws): coverage and mean width")
    print(f"{'N':>5}{'n':>5}{'net':>8}{'coverage':>11}{'width':>8}")
    for staff, response, (up, down) in product(STAFF, (0.4, 0.7), ((0.5, 0.1), (0.3, 0.3))):
        n, counts = round(staff * response), [round(staff * up), round(staff * down)]
        truth = (counts[0] - counts[1]) / staff
        drawn = rng.multivariate_hypergeometric([*counts, staff - sum(counts)], n, size=draws)
        size = np.full(draws, n)
        made = bonett_price(drawn[:, 0], drawn[:, 1], size, n_eff=effective_n(size, np.full(draws, staff)))
        print(f"{staff:>5}{n:>5}{truth:>8.3f}{held(made, truth).mean():>11.3f}{(made.high - made.low).mean():>8.3f}")


def strata(draws: int) -> None:
    """Coverage of the stratified share of five organisations that differ in size, response and answers."""
    rng = np.random.default_rng(SEED)
    staff, response = np.array([60, 90, 200, 400, 900]), np.array([0.8, 0.7, 0.6, 0.5, 0.4])
    n, having = np.round(staff * response).astype(int), np.round(staff * [0.2, 0.5, 0.35, 0.6, 0.4]).astype(int)
    x = rng.hypergeometric(having, staff - having, n, size=(draws, 5)).T
    parts = wilson(x, np.repeat(n[:, None], draws, 1), population=np.repeat(staff[:, None], draws, 1))
    made, truth = mover(parts, staff / staff.sum()), having.sum() / staff.sum()
    naive = wilson(x.sum(axis=0), np.full(draws, n.sum()), population=np.full(draws, staff.sum()))
    print(f"\nThe share of five organisations together ({draws:,} draws): coverage and mean width")
    for name, interval in (("stratified by headcount", made), ("pooled", naive)):
        width = (interval.high - interval.low).mean()
        print(f"  {name:<26}{held(interval, truth).mean():>8.3f}{width:>8.3f}")


def weights(draws: int) -> None:
    """Coverage of a weighted share with the design effect of the share itself, and with Kish's, which is used."""
    rng = np.random.default_rng(SEED)
    print(f"\nA weighted share, log-normal weights, share 0.3 ({draws:,} draws): coverage, by design effect")
    print(f"{'n':>5}{'weights vary':>14}{'of the share':>14}{'Kish':>8}")
    for n, spread in product((11, 30, 100), (0.3, 0.7)):
        weight = np.round(np.exp(rng.normal(0, spread, (draws, n))) * 1024).astype(np.int64)
        inside = rng.random((draws, n)) < 0.3
        lanes = np.stack([np.ones_like(weight), weight, weight**2])
        sums = Sums((lanes * inside).sum(axis=2), lanes.sum(axis=2))
        row = f"{n:>5}{np.exp(spread**2) - 1:>14.2f}"
        with np.errstate(divide="ignore", invalid="ignore"):
            own = sums.share * (1 - sums.share) / sums.standard_error() ** 2 + 1
        for size in (np.where(np.isfinite(own), own, sums.effective_base), sums.effective_base):
            row += f"{held(wilson_from_share(sums.share, size), 0.3).mean():>11.3f}"
        print(row)


def differences(draws: int) -> None:
    """How often two organisations of one mind seem to differ, without and with the finite population correction."""
    rng = np.random.default_rng(SEED)
    print(f"\nTwo organisations drawn from one mind, share 0.4 ({draws:,} draws): rate of false differences")
    print(f"{'N':>5}{'n':>5}{'uncorrected':>13}{'corrected':>11}")
    for staff, response in product(STAFF, (0.6, 0.9)):
        n = round(staff * response)
        having = rng.binomial(staff, 0.4, size=(2, draws))
        x = rng.hypergeometric(having, staff - having, n)
        row = f"{staff:>5}{n:>5}"
        for population in (None, np.full(x.shape, staff)):
            both = wilson(x, np.full(x.shape, n), population=population)
            a, b = (Interval(both.value[k], both.low[k], both.high[k]) for k in (0, 1))
            gap = a.value - b.value
            low = gap - np.hypot(a.value - a.low, b.high - b.value)
            high = gap + np.hypot(a.high - a.value, b.value - b.low)
            row += f"{((low > 0) | (high < 0)).mean():>12.3f}"
        print(row)


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4000)
    draws = parser.parse_args().draws
    shares()
    for table in (nets, strata, weights, differences):
        table(draws)


if __name__ == "__main__":
    main()

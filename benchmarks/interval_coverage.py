"""Do 95 % intervals hold the truth, and how wide are they beside plain Wilson: at random response, and when it informs.

Shares of one organisation are worked out exactly, over all samples that can be drawn. Nets, five organisations together
and weighted shares are simulated, with as many draws as `--draws N` says; weighted ones go through the product from
answers to figures. Informative response: those who have the property answer with odds 1.5 or 2 times those of others.
Prints tables and writes nothing; ends with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
from scipy import stats

from surefoot.estimate import estimate
from surefoot.instrument import instrument_from_table
from surefoot.interval import (
    Interval,
    bonett_price,
    effective_n,
    mover,
    snap_between,
    snap_outward,
    wilson,
)
from surefoot.responses import Responses, responses
from surefoot.study import Breakdown, Organisation, Study
from surefoot.study.margins import POST_STRATIFY, RAKE, Weights
from surefoot.tally import count
from surefoot.weights import weigh

STAFF, RESPONSE, SHARES, ODDS = (30, 60, 120, 300), (0.4, 0.6, 0.8), (0.1, 0.2, 0.3, 0.5), (1.0, 1.5, 2.0)
LEAST, WIDEST = 0.94, 0.7
"""The bars: coverage in every cell, and mean width beside plain Wilson over the grid."""
SEED = 11


def held(made: Interval, truth: float) -> np.ndarray:
    """Whether each interval holds the truth, up to rounding error."""
    return (made.low <= truth + 1e-9) & (truth - 1e-9 <= made.high)


def share_interval(x: np.ndarray, n: int, staff: int) -> Interval:
    """The interval that figures have: Wilson, corrected for the staff, widened to possible counts of them."""
    size, people = np.full(x.shape, n), np.full(x.shape, staff)
    return snap_outward(wilson(x, size, population=people), x, size, people)


def exact(staff: int, n: int, having: int, odds: float) -> tuple[float, float, float]:
    """Coverage of a share, its mean width beside plain Wilson's, and coverage before bounds were widened to counts.

    odds: of answering, for those who have the property.
    """
    x = np.arange(max(0, n - (staff - having)), min(n, having) + 1)
    chance = stats.nchypergeom_fisher.pmf(x, staff, having, n, odds) if odds != 1 else _random(x, staff, having, n)
    made, plain = share_interval(x, n, staff), wilson(x, np.full(x.shape, n))
    width, usual = ((chance * (each.high - each.low)).sum() for each in (made, plain))
    smooth = wilson(x, np.full(x.shape, n), population=np.full(x.shape, staff))
    covered, before = (float((chance * held(each, having / staff)).sum()) for each in (made, smooth))
    return covered, float(width / usual), before


def _random(x: np.ndarray, staff: int, having: int, n: int) -> np.ndarray:
    return stats.hypergeom.pmf(x, staff, having, n)


def shares() -> Iterator[tuple[str, bool]]:
    """Every cell of the grid, exactly; then the worst of all shares and all responses from 40 to 80 %."""
    print("A share of N staff of whom n answered (exact): coverage by odds ratio of response, width / plain Wilson's")
    print(f"{'N':>5}{'n':>5}{'share':>8}" + "".join(f"{f'odds {odds:g}':>10}" for odds in ODDS) + f"{'width':>9}")
    cells = []
    for staff, response, share in product(STAFF, RESPONSE, SHARES):
        n, having = round(staff * response), round(staff * share)
        row = [exact(staff, n, having, odds) for odds in ODDS]
        cells.append((response, row[0][0], row[0][1]))
        text = "".join(f"{covered:>10.3f}" for covered, _, _ in row)
        print(f"{staff:>5}{n:>5}{having / staff:>8.3f}{text}{row[0][1]:>9.2f}")
    for response in RESPONSE:
        widths = [width for own, _, width in cells if own == response]
        print(f"  response {response:.0%}: width {np.mean(widths):.2f}, {np.min(widths):.2f} to {np.max(widths):.2f}")
    least, width = min(covered for _, covered, _ in cells), float(np.mean([width for _, _, width in cells]))
    yield f"shares: least coverage {least:.3f} (bar {LEAST}) in {len(cells)} cells", least >= LEAST
    yield f"shares: mean width {width:.2f} of plain Wilson (bar {WIDEST}) over those cells", width <= WIDEST
    every = [
        exact(staff, n, having, 1.0)
        for staff in STAFF
        for n in range(round(0.4 * staff), round(0.8 * staff) + 1, max(1, staff // 60))
        for having in range(staff + 1)
    ]
    worst, smooth = (min(cell[part] for cell in every) for part in (0, 2))
    _before("shares", smooth)
    yield f"shares: least coverage {worst:.3f} of all {len(every):,} shares and responses", worst >= LEAST


def _before(name: str, least: float) -> None:
    print(f"  {name}, before bounds were widened to whole people: least coverage {least:.3f}")


def nets(draws: int) -> Iterator[tuple[str, bool]]:
    """Nets of one organisation."""
    rng = np.random.default_rng(SEED)
    print(f"\nA net of N staff ({draws:,} draws): coverage, width / uncorrected Bonett-Price's")
    print(f"{'N':>5}{'n':>5}{'net':>8}{'coverage':>11}{'width':>8}")
    cells, before = [], []
    for staff, response, (up, down) in product(STAFF, RESPONSE, ((0.5, 0.1), (0.3, 0.3), (0.1, 0.1), (0.2, 0.5))):
        n, counts = round(staff * response), [round(staff * up), round(staff * down)]
        truth = (counts[0] - counts[1]) / staff
        drawn = rng.multivariate_hypergeometric([*counts, staff - sum(counts)], n, size=draws)
        size, people, net = np.full(draws, n), np.full(draws, staff), drawn[:, 0] - drawn[:, 1]
        plain = bonett_price(drawn[:, 0], drawn[:, 1], size)
        smooth = bonett_price(drawn[:, 0], drawn[:, 1], size, n_eff=effective_n(size, people))
        made = snap_between(smooth, net - (staff - n), net + (staff - n), people)
        cells.append((held(made, truth).mean(), _mean_width(made) / _mean_width(plain)))
        before.append(held(smooth, truth).mean())
        print(f"{staff:>5}{n:>5}{truth:>8.3f}{cells[-1][0]:>11.3f}{cells[-1][1]:>8.2f}")
    _before("nets", min(before))
    yield _simulated("nets", [covered for covered, _ in cells], draws)
    width = float(np.mean([width for _, width in cells]))
    yield f"nets: mean width {width:.2f} (bar {WIDEST})", width <= WIDEST


def _mean_width(made: Interval) -> float:
    return float((made.high - made.low).mean())


def _simulated(name: str, covered: list[float], draws: int) -> tuple[str, bool]:
    """A simulated bar, with its Monte Carlo allowance of 1.645 standard errors in each cell."""
    allowed = 1.645 * np.sqrt(LEAST * (1 - LEAST) / draws)
    least = min(covered)
    return f"{name}: least coverage {least:.3f} (bar {LEAST} less {allowed:.3f}) in {len(covered)} cells", bool(
        least >= LEAST - allowed
    )


def strata(draws: int) -> Iterator[tuple[str, bool]]:
    """The stratified share of five organisations that differ in size and answers."""
    rng = np.random.default_rng(SEED)
    print(f"\nThe share of five organisations together ({draws:,} draws): coverage, width / plain Wilson's by MOVER")
    cells, before = [], []
    sizes = ((30,) * 5, (60,) * 5, (30, 60, 120, 200, 300), (300,) * 5)
    minds = ((0.05,) * 5, (0.1,) * 5, (0.3,) * 5, (0.5,) * 5, (0.1, 0.2, 0.3, 0.4, 0.5))
    for staff, response, mind in product(map(np.array, sizes), RESPONSE, minds):
        n, having = np.round(staff * response).astype(int), np.round(staff * mind).astype(int)
        x = rng.hypergeometric(having, staff - having, n, size=(draws, 5)).T
        size, people = np.repeat(n[:, None], draws, 1), np.repeat(staff[:, None], draws, 1)
        smooth = mover(wilson(x, size, population=people), staff / staff.sum())
        total = np.full(draws, staff.sum())
        made = snap_outward(smooth, x.sum(axis=0), np.full(draws, n.sum()), total)
        plain = mover(wilson(x, size), staff / staff.sum())
        cells.append((held(made, having.sum() / staff.sum()).mean(), _mean_width(made) / _mean_width(plain)))
        before.append(held(smooth, having.sum() / staff.sum()).mean())
        named = f"{'+'.join(map(str, staff)):<22}{response:>5.0%}  shares {'/'.join(map(str, mind)):<20}"
        print(f"  {named}{cells[-1][0]:>8.3f}{cells[-1][1]:>6.2f}")
    _before("five organisations", min(before))
    yield _simulated("five organisations", [covered for covered, _ in cells], draws)
    width = float(np.mean([width for _, width in cells]))
    yield f"five organisations: mean width {width:.2f} (bar {WIDEST})", width <= WIDEST


ROLES = ("care", "desk", "lead")
INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "coverage",
        "title": "Coverage",
        "scale": [
            {"id": "roles", "options": [{"id": role, "text": role} for role in ROLES]},
            {"id": "yes-no", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
        ],
        "question": [
            {"id": "role", "kind": "single", "text": "Role", "scale": "roles"},
            {"id": "used", "kind": "single", "text": "Used", "scale": "yes-no"},
        ],
    }
)
CHANCES = np.array([0.15, 0.45, 0.6])
"""The share of each role who have used AI; a fifth of staff are leads, half give care."""
PARTS = np.array([0.5, 0.3, 0.2])


def staff_of(sizes: tuple[int, ...]) -> tuple[Study, Responses]:
    """A study of organisations of some sizes, and what all their staff would answer."""
    organisations, columns = [], []
    for place, staff in enumerate(sizes):
        counts = np.floor(staff * PARTS).astype(int)
        counts[0] += staff - counts.sum()
        organisations.append(
            Organisation(f"o{place}", f"o{place}", headcount=dict(zip(ROLES, counts.tolist(), strict=True)))
        )
        for role, people in enumerate(counts):
            used = np.arange(people) < round(people * CHANCES[role])
            columns.append(np.stack([np.full(people, place), np.full(people, role), np.where(used, 0, 1)]))
    rows = np.concatenate(columns, axis=1)
    study = Study("c", "C", INSTRUMENT, tuple(organisations), (Breakdown("role"),), headcount_by="role")
    named = {"@organisation": rows[0], "role": rows[1], "used": rows[2]}
    return study, responses(INSTRUMENT, named, organisations=study.organisation_ids)


def weighted(draws: int) -> Iterator[tuple[str, bool]]:
    """Weighted shares end to end, where roles answer alike and where leads answer with twice the odds of care staff."""
    print(f"\nA weighted share ({draws:,} draws, through the product): coverage, and by how much the mean is off")
    print(f"  {'organisations':<22}{'':>5}{'odds by role':>14}{'unweighted':>19}{'post-stratified':>19}{'raked':>19}")
    covered: list[float] = []
    for sizes, response, odds in product(((60,), (120,), (300,), (60, 90, 120, 200, 300)), RESPONSE, (1.0, 2.0)):
        study, everybody = staff_of(sizes)
        methods = (None, Weights(POST_STRATIFY), Weights(RAKE))
        studies = [replace(study, weights=method) for method in methods]
        rows = [_weighted_cell(each, everybody, (response, odds), draws) for each in studies]
        covered += [row[0] for row in rows[1:]] if odds == 1 else []
        text = "".join(f"{own:>10.3f} {100 * off:>+5.1f} pts" for own, off in rows)
        print(f"  {'+'.join(map(str, sizes)):<22}{response:>5.0%}{odds:>14g}{text}")
    yield _simulated("weighted, at random response", covered, draws)


def _weighted_cell(
    study: Study, everybody: Responses, taking_part: tuple[float, float], draws: int
) -> tuple[float, float]:
    """Coverage of the share of all staff, and how far its mean is off. taking_part: response, and odds of leads."""
    rng = np.random.default_rng(SEED)
    truth = float((everybody.codes("used") == 0).mean())
    found = []
    for _ in range(draws):
        answers = everybody.filtered(_takes_part(rng, everybody, *taking_part))
        made = weigh(answers, study, 11)
        tally = count(made.responses if made else answers, study)
        figure = next(f for f in estimate(tally, study) if f.selector == "yes" and f.group.breakdown == "all")
        value, low, high = figure.value or 0.0, figure.low or 0.0, figure.high or 0.0
        found.append((low - 1e-9 <= truth <= high + 1e-9, value - truth))
    return float(np.mean([own for own, _ in found])), float(np.mean([off for _, off in found]))


def _takes_part(rng: np.random.Generator, everybody: Responses, response: float, odds: float) -> np.ndarray:
    """Who answers: so many of each organisation, leads with odds greater than care staff, desk staff between."""
    chosen = np.zeros(len(everybody), dtype=bool)
    eager = odds ** (everybody.codes("role") / (len(ROLES) - 1))
    for place in range(len(everybody.organisations)):
        members = np.flatnonzero(everybody.codes("@organisation") == place)
        # The first n of exponential waiting times: sampling without replacement with these odds.
        waits = rng.exponential(1 / eager[members])
        chosen[members[np.argsort(waits)[: round(response * len(members))]]] = True
    return chosen


def main() -> int:
    """Print all tables, then each bar; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--weighted-draws", type=int, default=300)
    asked = parser.parse_args()
    bars = [*shares(), *nets(asked.draws), *strata(asked.draws), *weighted(asked.weighted_draws)]
    print()
    for bar, passed in bars:
        print(f"{'passed' if passed else 'MISSED'}  {bar}")
    return 0 if all(passed for _, passed in bars) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Integer programs: how small and how large each hidden sum can be, given everything that is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from surefoot.interval import Floats

Mask = npt.NDArray[np.bool_]
SECONDS = 300.0
"""Longest time for one program by the clock, far more than it takes; then the proven bound stands."""
ROUNDS = 6
ROOMY = 8
"""A range as wide as this with fractions of people is taken to be at least three wide with whole ones."""
SETTINGS = {"output_flag": False, "presolve": "off", "solver": "simplex", "threads": 1}
"""No presolve, since it would forget where the last program ended."""


@dataclass
class Row:
    """A sum of variables that lies between two numbers: columns, their factors, low, high."""

    columns: npt.NDArray[np.int64]
    factors: Floats
    low: float
    high: float


@dataclass
class Program:
    """Whole, non-negative variables under rows; those from `whole` on are continuous shares of 0 to 1."""

    size: int
    whole: int
    rows: Sequence[Row]

    @cached_property
    def _table(self) -> tuple[Any, Floats, Floats]:
        return (
            matrix(self.rows, self.size),
            np.array([row.low for row in self.rows], dtype=np.float64),
            np.array([row.high for row in self.rows], dtype=np.float64),
        )

    @cached_property
    def _most(self) -> Floats:
        return np.where(np.arange(self.size) < self.whole, np.inf, 1.0)

    @cached_property
    def _solver(self) -> Any:
        """The program with fractions of people, which each question leaves where the next one starts."""
        import highspy

        table, low, high = self._table
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.size, len(self.rows)
        program.col_cost_, program.col_lower_, program.col_upper_ = np.zeros(self.size), np.zeros(self.size), self._most
        program.row_lower_, program.row_upper_ = low, high
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_, program.a_matrix_.index_ = table.indptr, table.indices
        program.a_matrix_.value_ = table.data
        solver = highspy.Highs()
        for name, value in SETTINGS.items():
            solver.setOptionValue(name, value)
        solver.passModel(program)
        return solver

    def minimise(self, costs: Floats, *, whole: bool = True) -> tuple[float, Floats | None]:
        """The proven lower bound of a cost, and a solution if one was found; infinite where nothing fits the rows.

        whole: False lets counts be fractions, which is quick and never too narrow.
        """
        return self._whole(costs) if whole else self._fractions(costs)

    def _fractions(self, costs: Floats) -> tuple[float, Floats | None]:
        import highspy

        self._solver.changeColsCost(self.size, np.arange(self.size, dtype=np.int32), costs)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return np.inf, None
        if status != highspy.HighsModelStatus.kOptimal:
            return -np.inf, None
        return float(self._solver.getObjectiveValue()), np.array(self._solver.getSolution().col_value)

    def rounded(self, sum_: Floats, low: float, high: float) -> Floats | None:
        """Whole numbers of people that fit the rows, with a sum in a range; None where rounding found none.

        The cells nearest to a whole number are fixed at it, some at a time, and the rest found again; where nothing is
        left then, fewer at a time, and one at last at the other side.
        """
        solver, every = self._solver, np.arange(self.size, dtype=np.int32)
        places = np.flatnonzero(sum_).astype(np.int32)
        solver.addRow(float(low), float(high), len(places), places, sum_[places])
        found = self._dive()
        solver.deleteRows(1, np.array([len(self.rows)], dtype=np.int32))
        solver.changeColsBounds(self.size, every, np.zeros(self.size), self._most)
        return found

    def _dive(self) -> Floats | None:
        found, part = self._fractions(self._home)[1], 0.5
        while found is not None and len(left := self._broken(found)):
            near = left[: max(1, int(part * len(left)))].astype(np.int32)
            values = np.rint(found[near])
            next_ = self._fixed(near, values)
            if next_ is None and len(near) == 1:
                next_ = found = self._fixed(near, np.floor(found[near]) + np.ceil(found[near]) - values)
            elif next_ is None:
                self._solver.changeColsBounds(len(near), near, np.zeros(len(near)), self._most[near])
                part /= 4
            found = found if next_ is None else next_
        return found

    def _fixed(self, places: npt.NDArray[np.int32], values: Floats) -> Floats | None:
        self._solver.changeColsBounds(len(places), places, values, values)
        return self._fractions(self._home)[1]

    @cached_property
    def _home(self) -> Floats:
        """Costs of being far from one whole solution, a little at random: near it, few cells stand in between."""
        random, found = np.random.default_rng(3).random(self.size), self._whole(np.zeros(self.size))[1]
        return random if found is None else (np.rint(found) == 0) + 0.1 * random

    def _broken(self, found: Floats) -> npt.NDArray[np.int64]:
        """Counts that are no whole numbers, the nearest to one first."""
        away = np.abs(found - np.rint(found))[: self.whole]
        left = np.flatnonzero(away > 1e-6)
        return left[np.argsort(away[left])]

    def _whole(self, costs: Floats) -> tuple[float, Floats | None]:
        from scipy.optimize import Bounds, LinearConstraint, milp

        found = milp(
            costs,
            integrality=(np.arange(self.size) < self.whole).astype(int),
            bounds=Bounds(0, self._most),
            constraints=LinearConstraint(*self._table),
            options={"time_limit": SECONDS},
        )
        if found.status == 2:
            return np.inf, None
        if found.status == 0:
            return float(found.fun), found.x
        proven = found.mip_dual_bound
        return (-np.inf if proven is None else float(proven)), found.x

    def feasible(self) -> bool:
        """Whether anything fits the rows, fractions of people allowed."""
        return self.minimise(np.zeros(self.size), whole=False)[1] is not None


def matrix(rows: Sequence[Row], size: int) -> Any:
    """The rows as one sparse matrix."""
    from scipy.sparse import csr_array

    lengths = [0, *np.cumsum([len(row.columns) for row in rows]).tolist()]
    columns = np.concatenate([row.columns for row in rows]) if rows else np.zeros(0, dtype=np.int64)
    factors = np.concatenate([row.factors for row in rows]) if rows else np.zeros(0)
    return csr_array((factors, columns, lengths), shape=(len(rows), size))


@dataclass
class Seen:
    """The smallest and the largest value that each of many sums was seen to take."""

    least: Floats
    most: Floats

    @classmethod
    def nothing(cls, count: int) -> Seen:
        """Before anything was seen."""
        return cls(np.full(count, np.inf), np.full(count, -np.inf))

    def add(self, values: Floats) -> None:
        """One more value of every sum."""
        self.least, self.most = np.minimum(self.least, values), np.maximum(self.most, values)

    def at_least(self, width: int) -> Mask:
        """The sums whose values differ by a width or more."""
        return np.asarray(self.most - self.least >= width - 1e-6)


@dataclass
class Search:
    """Finds the range of many sums at once and stops at each as soon as it is seen to be wide.

    First with fractions of people, which is quick and gives bounds that hold for whole people too. A sum that is roomy
    by them is taken for wide; one that is just wide is shown to be so with whole people, or its bounds are proven.
    """

    program: Program
    targets: Any
    wide: int = 3

    def run(self) -> tuple[Floats, Floats]:
        """Proven bounds of every narrow sum; for a wide one, bounds that are at least so far apart."""
        count = self.targets.shape[0]
        self.low, self.high = np.zeros(count), np.full(count, np.inf)
        roomy = self._look_around(np.ones(count, dtype=bool), ROOMY)
        for place in np.flatnonzero(~roomy):
            self._bound(int(place), whole=False)
        open_ = ~roomy & (self.high - self.low < ROOMY) & (self.high > self.low)
        for place in np.flatnonzero(open_ & ~self._whole_at_both_ends(open_)):
            self._bound(int(place), whole=True)
        return self.low, self.high

    def _whole_at_both_ends(self, wanted: Mask) -> Mask:
        """Which sums are seen, with whole people, to vary by the width or to reach both their bounds."""
        seen = Seen.nothing(len(wanted))
        for place in np.flatnonzero(wanted):
            sum_ = self.targets[[place]].toarray().ravel()
            slack = max(0.0, (self.high[place] - self.low[place] - self.wide) // 2)
            ends = (self.low[place], self.low[place] + slack), (self.high[place] - slack, self.high[place])
            for low, high in ends:
                met = low <= seen.least[place] <= high or low <= seen.most[place] <= high
                if not met and not self._settled(seen)[place]:
                    solution = self.program.rounded(sum_, low, high)
                    if solution is not None:
                        seen.add(self._values(solution))
        return self._settled(seen)

    def _settled(self, seen: Seen) -> Mask:
        exact = (seen.least <= self.low) & (seen.most >= self.high)
        return np.asarray(seen.at_least(self.wide) | exact)

    def _bound(self, place: int, *, whole: bool) -> None:
        """Tighten the bounds of one sum to whole numbers."""
        costs = self.targets[[place]].toarray().ravel()
        low, high = (self.program.minimise(sign * costs, whole=whole)[0] for sign in (1, -1))
        self.low[place] = max(self.low[place], np.ceil(low - 1e-6))
        self.high[place] = min(self.high[place], np.floor(-high + 1e-6))

    def _look_around(self, wanted: Mask, width: int) -> Mask:
        """Which sums are seen to vary by a width, after a few programs that push all of them at random ways."""
        random, seen = np.random.default_rng(20), Seen.nothing(len(wanted))
        for _ in range(ROUNDS):
            narrow = wanted & ~seen.at_least(width)
            if not narrow.any():
                break
            push = np.where(narrow, random.choice([-1.0, 1.0], len(narrow)) * random.uniform(0.5, 1, len(narrow)), 0.0)
            for costs in (push, -push):
                solution = self.program.minimise(self.targets.T @ costs, whole=False)[1]
                if solution is not None:
                    seen.add(np.asarray(self.targets @ solution))
        return seen.at_least(width)

    def _values(self, solution: Floats) -> Floats:
        """The sums for whole numbers of people, rounded as they are; shares stay."""
        solution = np.append(np.rint(solution[: self.program.whole]), solution[self.program.whole :])
        return np.asarray(self.targets @ solution)

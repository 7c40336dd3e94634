"""Possible tables: what an attacker cannot tell from the true one, found with linear programs that are kept warm.

Answers by profile are whole numbers, but programs with fractions of people are a hundred times quicker: their bounds
are never too narrow, and rounding a few cells at a time leads from their solutions to whole tables. Each whole table is
checked against everything that is known before it counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from surefoot.release.incidence import Integers
from surefoot.release.leak import Clock
from surefoot.release.scene import Scene

Reals = npt.NDArray[np.float64]
STEPS = 60
"""The most programs on the way from fractions to a whole table."""
_WHOLE = 1e-6


@dataclass(frozen=True, eq=False)
class Known:
    """What is known of one item's table [answer, profile]: low <= rows @ table <= high.

    Each answer in each shown group; the base in each other group that is known; the most people there can be.
    """

    rows: Any
    low: Reals
    high: Reals

    @classmethod
    def of(cls, scene: Scene) -> Known:
        """The rows of a scene; the table is flattened answer by answer."""
        from scipy.sparse import csr_array, eye_array, kron, vstack

        layers = len(scene.answers.labels)
        member = csr_array(scene.who.member.astype(np.float64))
        limited = ~scene.known & (scene.ceiling >= 0)
        every = np.ones((1, layers))
        by_answer = kron(eye_array(layers), member[scene.shown])
        by_base, by_limit = kron(every, member[scene.known & ~scene.shown]), kron(every, member[limited])
        rows = csr_array(vstack([by_answer, by_base, by_limit]))
        high = rows @ scene.answers.table.ravel().astype(np.float64)
        low = high.copy()
        fixed = len(high) - int(limited.sum())
        low[fixed:], high[fixed:] = 0, scene.ceiling[limited]
        return cls(rows, low, high)

    def allows(self, table: Integers) -> bool:
        """Whether a table agrees with all that is known."""
        sums = self.rows @ table.ravel().astype(np.float64)
        return bool((table >= 0).all() and (sums >= self.low).all() and (sums <= self.high).all())


class Tables:
    """The possible tables of a scene, as a linear program kept warm from one question to the next."""

    def __init__(self, scene: Scene, clock: Clock) -> None:
        import highspy

        self.scene, self.clock, self.known = scene, clock, Known.of(scene)
        self._optimal = highspy.HighsModelStatus.kOptimal
        size = scene.answers.table.size
        self.most = np.where(scene.who.people > 0, float(scene.who.people.sum()), 0.0)
        self.most = np.tile(self.most, len(scene.answers.labels))
        self._every, self._zero = np.arange(size), np.zeros(size)
        # Fewest changes of the true table, so that few cells stand between two whole numbers; a little at random.
        self._near = (scene.answers.table.ravel() == 0) + 0.1 * np.random.default_rng(1).random(size)
        self._solver = _solver(self.known, self.most)

    def sum_of(self, target: int, group: int) -> Reals:
        """The factors, by cell of the flattened table, of a count that is wanted."""
        return np.outer(self.scene.targets[target], self.scene.who.member[group]).astype(np.float64).ravel()

    def ends(self, factors: Reals) -> tuple[int, int]:
        """The lowest and the highest that a sum can be, fractions of people allowed, tightened to whole numbers."""
        self._want(factors, -np.inf, np.inf)
        found = [self._solve(sign * factors) for sign in (1.0, -1.0)]
        low, high = (0.0 if table is None else float(factors @ table) for table in found)
        return int(np.ceil(low - _WHOLE)), int(np.floor(high + _WHOLE))

    def within(self, factors: Reals, low: float, high: float) -> Integers | None:
        """A possible table, whole numbers all, whose sum is in a range; None where none was found. Raises OutOfTime."""
        self._want(factors, low, high)
        found = self._solve(self._near)
        table = None if found is None else self._rounded(found)
        return table if table is not None and self.known.allows(table) else None

    def _want(self, factors: Reals, low: float, high: float) -> None:
        """Make the last row of the program the range of a sum, and free all cells."""
        places = np.flatnonzero(factors).astype(np.int32)
        self._solver.deleteRows(1, np.array([self._solver.getNumRow() - 1], dtype=np.int32))
        self._solver.addRow(float(low), float(high), len(places), places, factors[places])
        self._limit(self._every, self._zero, self.most)

    def _limit(self, cells: Integers, low: Reals, high: Reals) -> None:
        self._solver.changeColsBounds(len(cells), cells.astype(np.int32), low, high)

    def _solve(self, costs: Reals | None = None) -> Reals | None:
        """The cheapest table, fractions of people allowed; None where there is none. Raises OutOfTime."""
        if self.clock.left and costs is not None:
            self._solver.changeColsCost(len(costs), self._every.astype(np.int32), costs)
        self._solver.run()
        if self._solver.getModelStatus() != self._optimal:
            return None
        return np.array(self._solver.getSolution().col_value)

    def _rounded(self, table: Reals) -> Integers | None:
        """A whole table, reached by rounding the cells that are nearest to whole, half of them at a time or fewer."""
        part = 0.5
        for _ in range(STEPS):
            away = np.abs(table - np.rint(table))
            open_ = np.flatnonzero(away > _WHOLE)
            if not len(open_):
                return np.rint(table).astype(np.int64).reshape(self.scene.answers.table.shape)
            cells = open_[np.argsort(away[open_])[: max(1, int(len(open_) * part))]]
            found = self._fixed(cells, np.rint(table[cells]))
            if found is None and len(cells) == 1:
                other = np.floor(table[cells]) + np.ceil(table[cells]) - np.rint(table[cells])
                found = self._fixed(cells, other)
                if found is None:
                    return None
            if found is None:
                self._limit(cells, self._zero[cells], self.most[cells])
                part /= 4
            else:
                table = found
        return None

    def _fixed(self, cells: Integers, values: Reals) -> Reals | None:
        self._limit(cells, values, values)
        return self._solve()


def _solver(known: Known, most: Reals) -> Any:
    """The linear program, ready to be changed; its last row is the sum that is wanted."""
    import highspy

    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(most), len(known.low)
    program.col_cost_, program.col_lower_, program.col_upper_ = np.zeros(len(most)), np.zeros(len(most)), most
    program.row_lower_, program.row_upper_ = known.low, known.high
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_ = known.rows.indptr, known.rows.indices
    program.a_matrix_.value_ = known.rows.data
    solver = highspy.Highs()
    # Presolve would throw away what was found last; one thread, since questions are many and programs small.
    for name, value in {"output_flag": False, "presolve": "off", "solver": "simplex", "threads": 1}.items():
        solver.setOptionValue(name, value)
    solver.passModel(program)
    solver.addRow(-np.inf, np.inf, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
    return solver


def furthest(tables: Tables, factors: Reals) -> Integers | None:
    """The possible table in which a sum is highest, with whole numbers from the start: slow, and never wrong.

    None where none was found. Raises OutOfTime.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    found: Any = milp(
        -factors,
        integrality=np.ones(len(factors)),
        bounds=Bounds(0, tables.most),
        constraints=LinearConstraint(tables.known.rows, tables.known.low, tables.known.high),
        options={"time_limit": max(0.01, tables.clock.left)},
    )
    if found.x is None:
        return None
    table = np.rint(found.x).astype(np.int64).reshape(tables.scene.answers.table.shape)
    return table if tables.known.allows(table) else None

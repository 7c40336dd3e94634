"""What a Tally is: axes, tables of exact integers, and how tallies add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from surefoot.responses import (
    DEFAULT_WEIGHT_SCALE,
    MISSING,
    Missing,
)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.signedinteger[Any]]
Progress = Callable[[int, int], None]
PROFILE = "@profile"
N, SW, SW2, SW2_HIGH = range(4)
"""The lanes of every cell: people, sum of fixed-point weights, sum of their squares.

On a fine scale each square is split first: SW2 sums the low halves (32 bits), a fourth lane, SW2_HIGH, the high ones.
"""
HALF = 32
MOST_INTEGER = 2**63
MOST_WEIGHT = 3_037_000_499
"""The largest whole number whose square is below 2**63."""
MOST_PEOPLE = 2**31
"""With fewer people than this, sums of weights and of halves of squares stay below 2**63 whatever the weights."""


def lanes_of(weight_scale: int) -> int:
    """How many lanes a table has: three, or four where the scale is finer than the default.

    The scale alone decides, so that every engine and every part of the answers has the same lanes.
    Source: docs/decisions/0006-squares-in-two-halves.md.

    >>> lanes_of(2**10), lanes_of(2**20)
    (3, 4)
    """
    return 3 if weight_scale <= DEFAULT_WEIGHT_SCALE else 4


def squares_of(cells: Integers) -> Floats:
    """The sums of squared weights of cells [lane, ...], their halves put together, as floats [...]."""
    low = cells[SW2].astype(np.float64)
    return np.asarray(low if len(cells) <= SW2_HIGH else low + cells[SW2_HIGH] * float(2**HALF))


@dataclass(frozen=True)
class Axis:
    """The labels along one axis of a table, in order: groups of a breakdown, or codes of an item."""

    id: str
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Column:
    """One axis with the place of every row on it: an int array, one entry a row; -1 is nowhere (left out).

    Places may be of any width: widen them before arithmetic.
    """

    axis: Axis
    places: Places


@dataclass(frozen=True)
class Rows:
    """Answers made ready for counting: items and groupings as places on axes, weights, and sampling units.

    unit: index of each row's sampling unit in `units`, the (stratum, cluster) pairs, "" where the design has no strata
    or no clusters; one unit where there is no design. Profiles are counted over all units together: only what is
    released needs them, and by cluster their tables would be very large.
    """

    items: tuple[Column, ...]
    groupings: tuple[Column, ...]
    weight: Integers
    weight_scale: int
    unit: Integers
    units: tuple[tuple[str, str], ...] = (("", ""),)

    @property
    def lanes(self) -> int:
        """How many lanes the tables have."""
        return lanes_of(self.weight_scale)

    def units_by(self, grouping: Column) -> tuple[Integers | int, int]:
        """Each row's sampling unit in the tables of a grouping, and how many there are."""
        return (0, 1) if grouping.axis.id == PROFILE else (self.unit, len(self.units))


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of every item by every grouping.

    axes: grouping id to its groups. items: item to its codes: the options of a question (or values of a number),
    followed by the four kinds of missing. tables: (grouping, item) to an int64 array [lane, unit, group, code] with the
    lanes people, sum of weights, sum of squared weights (in two halves on a fine scale, see `squares_of`). units:
    (stratum, cluster) of each sampling unit; the tables of profiles have one unit.
    """

    axes: Mapping[str, Axis]
    items: Mapping[str, Axis]
    tables: Mapping[tuple[str, str], Integers]
    weight_scale: int
    units: tuple[tuple[str, str], ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tally):
            return NotImplemented
        same = (self.axes, self.items, self.weight_scale, self.units) == (
            other.axes,
            other.items,
            other.weight_scale,
            other.units,
        )
        return same and all(np.array_equal(table, other.tables[key]) for key, table in self.tables.items())

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Tally) -> Tally:
        """The tally of two sets of people; axes of groups and codes must be the same (see `zero`)."""
        if (self.axes, self.items, self.weight_scale, self.units) != (
            other.axes,
            other.items,
            other.weight_scale,
            other.units,
        ):
            raise ValueError("tallies of different axes or weight scales cannot be added")
        if any(_largest(table) + _largest(other.tables[key]) >= MOST_INTEGER for key, table in self.tables.items()):
            raise OverflowError("the weights or squared weights of these tallies do not add up within 63 bits")
        tables = {key: table + other.tables[key] for key, table in self.tables.items()}
        return Tally(self.axes, self.items, tables, self.weight_scale, self.units)

    def zero(self) -> Tally:
        """The tally of nobody, on the same axes."""
        tables = {key: np.zeros_like(table) for key, table in self.tables.items()}
        return Tally(self.axes, self.items, tables, self.weight_scale, self.units)

    def cells(self, grouping: str, item: str) -> Integers:
        """[lane, group, code] over all sampling units."""
        return np.asarray(self.tables[grouping, item].sum(axis=1))

    def answers(self, grouping: str, item: str) -> Integers:
        """[lane, group, code] of the answers alone, without the four kinds of missing."""
        return self.cells(grouping, item)[:, :, : len(self.items[item]) - len(MISSING)]

    def missing(self, grouping: str, item: str, kind: Missing) -> Integers:
        """People, by group, whose answer to an item is missing in one way."""
        return np.asarray(self.cells(grouping, item)[N, :, missing_place(kind)])


def _largest(table: Integers) -> float:
    """The sum of a table's largest lane: nothing that counting or adding makes is larger."""
    return float(table.sum(axis=(1, 2, 3), dtype=np.float64).max())


def missing_place(kind: Missing) -> int:
    """Where a kind of missing stands on an item's axis, counted from the end.

    >>> [missing_place(kind) for kind in MISSING]
    [-4, -3, -2, -1]
    """
    return -len(MISSING) - 1 - int(kind)

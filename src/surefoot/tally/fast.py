"""The fast engine: breakdowns fused, lanes packed into whole numbers, blocks that stay in cache, all cores.

The same integers as the plain engine, for large studies. It needs numba (the extra `speed`); where that is not
installed it says so once and counts with numpy.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from math import prod
from typing import Any

import numpy as np

from surefoot.tally.by_numpy import count_numpy, tables_of
from surefoot.tally.plain import lane_values, report, tally_of, uniform_weight
from surefoot.tally.tally import Column, Integers, Places, Progress, Rows, Tally

log = logging.getLogger(__name__)

BLOCK = 2**17
"""Rows counted before the packed sums are moved to 64 bits each."""
WEIGHT_BITS = 43
"""Bits of a packed word for the sum of a block's weights; the count of its people stands above them."""
MOST_PACKED_WEIGHT = 2**22
"""A block of heavier people could overflow: BLOCK * MOST_PACKED_WEIGHT**2 = 2**61."""
MOST_CODES = 2**7 - 1
"""Numbers with more distinct values are rare, and counted with numpy."""
MOST_FUSED = 256
"""Groups of fused breakdowns together: their sums for one question then stay in the cache of a core."""
Kernel = Callable[..., None]


@dataclass(frozen=True)
class Fused:
    """Breakdowns counted as one. sizes: groups of each, and one more where there are people who are nowhere on it.

    first: where its joint places begin among those of all fused sets.
    """

    columns: tuple[Column, ...]
    sizes: tuple[int, ...]
    units: int
    first: int

    @property
    def cells(self) -> int:
        """How many joint places there are, by sampling unit."""
        return self.units * prod(self.sizes)

    def places(self, unit: Integers | int, kind: Any) -> Places:
        """The joint place of every row."""
        made = np.full(len(self.columns[0].places), unit, dtype=kind)
        for column, size in zip(self.columns, self.sizes, strict=True):
            made *= kind(size)
            made += np.where(column.places < 0, size - 1, column.places).astype(kind)
        made += kind(self.first)
        return made

    def tables(self, counted: Integers) -> Iterator[tuple[str, Integers]]:
        """The table [lane, unit, group, code] of each breakdown, by its id; counted: [lane, all cells, code]."""
        own = counted[:, self.first : self.first + self.cells]
        joint = own.reshape(len(counted), self.units, *self.sizes, counted.shape[-1])
        for number, column in enumerate(self.columns):
            others = tuple(2 + place for place in range(len(self.sizes)) if place != number)
            yield column.axis.id, np.ascontiguousarray(joint.sum(axis=others)[:, :, : len(column.axis)])


def count_fast(rows: Rows, progress: Progress | None = None) -> Tally:
    """Count with compiled code on all cores; with numpy where numba is missing, or weights too fine or too unequal."""
    kernels = _kernels()
    heavy = len(rows.weight) > 0 and int(rows.weight.max()) > MOST_PACKED_WEIGHT
    if kernels is None or rows.lanes > 3 or heavy:
        return count_numpy(rows, progress)
    sets = tuple(fuse(rows))
    total = sets[-1].first + sets[-1].cells
    kind = np.uint16 if total <= 2**16 else np.uint32
    joint = np.stack([each.places(rows.units_by(each.columns[0])[0], kind) for each in sets])
    uniform = uniform_weight(rows.weight)
    if uniform is None:
        packed = (rows.weight | (1 << WEIGHT_BITS), rows.weight * rows.weight)

    def one(item: Column) -> dict[tuple[str, str], Integers]:
        if len(item.axis) > MOST_CODES:
            return {(g.axis.id, item.axis.id): table for g in rows.groupings for _, table in tables_of(rows, g, [item])}
        counted = np.zeros((3 if uniform is None else 1, total, len(item.axis)), dtype=np.int64)
        codes = item.places
        if uniform is None:
            kernels[1](codes, joint, *packed, counted)
        else:
            kernels[0](codes, joint, counted)
            counted = np.concatenate([counted * amount for amount in lane_values(uniform, 3)])
        return {(name, item.axis.id): table for each in sets for name, table in each.tables(counted)}

    return tally_of(rows, _each(one, rows, progress))


def fuse(rows: Rows) -> Iterator[Fused]:
    """Breakdowns put together so that few passes count them all: largest first, each where it still fits."""
    bins: list[Fused] = []
    for column in sorted(rows.groupings, key=lambda column: -len(column.axis)):
        size = len(column.axis) + int(bool((column.places < 0).any()))
        units = rows.units_by(column)[1]
        for place, each in enumerate(bins):
            if each.units == units and size * prod(each.sizes) <= MOST_FUSED:
                bins[place] = replace(each, columns=(*each.columns, column), sizes=(*each.sizes, size))
                break
        else:
            bins.append(Fused((column,), (size,), units, 0))
    first = 0
    for each in bins:
        yield replace(each, first=first)
        first += each.cells


def _each(
    one: Callable[[Column], dict[tuple[str, str], Integers]], rows: Rows, progress: Progress | None
) -> dict[tuple[str, str], Integers]:
    """Every item on some thread: the compiled code runs without Python's lock."""
    tables: dict[tuple[str, str], Integers] = {}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for made in pool.map(one, rows.items):
            tables |= made
            report(progress, len(tables), len(rows.items) * len(rows.groupings))
    return tables


@cache
def _kernels() -> tuple[Kernel, Kernel] | None:
    """The compiled loops, for equal and for unequal weights; None without numba, which is said once."""
    try:
        from numba import njit
    except ImportError:
        log.warning("the fast engine needs numba (install surefoot[speed]); counting with numpy instead")
        return None
    compiled = njit(nogil=True, cache=True, boundscheck=False)
    return compiled(_count_people), compiled(_count_weights)


def _count_people(codes: Places, joint: Places, counted: Integers) -> None:
    """Add the people of each joint place and code to counted [1, cell, code]."""
    length = np.uint32(counted.shape[2])
    sums = counted.reshape(-1)
    for number in range(len(joint)):
        places = joint[number]
        for row in range(len(codes)):
            sums[np.uint32(places[row]) * length + np.uint32(codes[row])] += 1


def _count_weights(codes: Places, joint: Places, packed: Integers, squares: Integers, counted: Integers) -> None:
    """Add people, weights and squares of each joint place and code to counted [3, cell, code].

    Four fused sets at a time are written out one by one: a loop over them would take twice as long.
    """
    length, two, one = np.uint32(counted.shape[2]), np.uint32(2), np.uint32(1)
    cells = counted.shape[1] * counted.shape[2]
    sums = np.zeros(2 * cells, dtype=np.int64)
    whole = counted.reshape(3, cells)
    mask = (1 << WEIGHT_BITS) - 1
    fours = len(joint) - len(joint) % 4
    for start in range(0, len(codes), BLOCK):
        stop = min(start + BLOCK, len(codes))
        for first in range(0, fours, 4):
            a, b, c, d = joint[first], joint[first + 1], joint[first + 2], joint[first + 3]
            for row in range(start, stop):
                code, both, square = np.uint32(codes[row]), packed[row], squares[row]
                place = (np.uint32(a[row]) * length + code) * two
                sums[place] += both
                sums[place + one] += square
                place = (np.uint32(b[row]) * length + code) * two
                sums[place] += both
                sums[place + one] += square
                place = (np.uint32(c[row]) * length + code) * two
                sums[place] += both
                sums[place + one] += square
                place = (np.uint32(d[row]) * length + code) * two
                sums[place] += both
                sums[place + one] += square
        for number in range(fours, len(joint)):
            a = joint[number]
            for row in range(start, stop):
                place = (np.uint32(a[row]) * length + np.uint32(codes[row])) * two
                sums[place] += packed[row]
                sums[place + one] += squares[row]
        for cell in range(cells):
            both = sums[2 * cell]
            whole[0, cell] += both >> WEIGHT_BITS
            whole[1, cell] += both & mask
            whole[2, cell] += sums[2 * cell + 1]
            sums[2 * cell] = 0
            sums[2 * cell + 1] = 0

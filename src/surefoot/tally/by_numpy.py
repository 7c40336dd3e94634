"""The default engine: counting with numpy, one `bincount` a table and lane."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from surefoot.tally.plain import lane_values, report, tally_of, uniform_weight
from surefoot.tally.tally import HALF, Column, Integers, N, Progress, Rows, Tally

_MOST_EXACT_FLOAT = 2**53


def count_numpy(rows: Rows, progress: Progress | None = None) -> Tally:
    """The default: one `bincount` a table and lane.

    Sums run in float64, which is exact for integers below 2**53; larger sums are taken in blocks of rows.
    """
    tables, total = {}, len(rows.groupings) * len(rows.items)
    for grouping in rows.groupings:
        for item, table in tables_of(rows, grouping, rows.items):
            tables[grouping.axis.id, item.axis.id] = table
            report(progress, len(tables), total)
    return tally_of(rows, tables)


def tables_of(rows: Rows, grouping: Column, items: Iterable[Column]) -> Iterable[tuple[Column, Integers]]:
    """The table [lane, unit, group, code] of each of some items by one grouping."""
    uniform = uniform_weight(rows.weight)
    alike = () if uniform is None else lane_values(uniform, rows.lanes)[1:]
    inside = grouping.places >= 0
    everyone = bool(inside.all())
    lanes: Sequence[Integers] = () if uniform is not None else _exact_lanes(rows.weight, rows.lanes)
    lanes = lanes if everyone else [lane[inside] for lane in lanes]
    unit, units = rows.units_by(grouping)
    base = grouping.places + np.int64(len(grouping.axis)) * unit
    for item in items:
        shape = (units, len(grouping.axis), len(item.axis))
        index = base * len(item.axis) + item.places
        index = index if everyone else index[inside]
        length = int(np.prod(shape))
        counted = [np.bincount(index, minlength=length)]
        counted += [_weighted(index, lane, length) for lane in lanes]
        counted += [counted[N] * amount for amount in alike]
        yield item, np.stack(counted).astype(np.int64).reshape(rows.lanes, *shape)


def _exact_lanes(weight: Integers, lanes: int) -> tuple[Integers, ...]:
    """The lanes after the first, by row, as `lane_values` has them."""
    square = weight * weight
    return (weight, square) if lanes == 3 else (weight, square & (2**HALF - 1), square >> HALF)


def _weighted(index: Integers, lane: Integers, length: int) -> Integers:
    """Exact sums of integers by place: float64 adds integers exactly below 2**53, so no block may reach it."""
    most = int(lane.max()) if len(lane) else 0
    total = np.zeros(length, dtype=np.int64)
    if most >= _MOST_EXACT_FLOAT:
        np.add.at(total, index, lane)
        return total
    block = (_MOST_EXACT_FLOAT - 1) // max(most, 1)
    for start in range(0, len(lane), block):
        part = slice(start, start + block)
        total += np.bincount(index[part], weights=lane[part], minlength=length).astype(np.int64)
    return total

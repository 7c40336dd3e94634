"""Ways of counting: the plain one is the specification, every other gives the equal Tally."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from surefoot.responses import (
    Responses,
)
from surefoot.study import Study
from surefoot.tally.rows import prepare
from surefoot.tally.tally import HALF, PROFILE, Column, Integers, N, Progress, Rows, Tally

_MOST_EXACT_FLOAT = 2**53


def count(responses: Responses, study: Study, *, engine: str = "numpy", progress: Progress | None = None) -> Tally:
    """Count every item by every grouping of a study: all, organisation, service type, its breakdowns, and profiles.

    engine: a name in ENGINES. progress: called with (tables done, tables in all).
    """
    return ENGINES[engine](prepare(responses, study), progress)


def count_plain(rows: Rows, progress: Progress | None = None) -> Tally:
    """The specification: one person at a time, in plain Python. Slow, and short enough to be read and believed."""
    tables = _empty_tables(rows)
    for number, (grouping, item) in enumerate(_pairs(rows)):
        table = tables[grouping.axis.id, item.axis.id]
        for row in range(len(rows.weight)):
            group, code = grouping.places[row], item.places[row]
            unit = 0 if grouping.axis.id == PROFILE else rows.unit[row]
            if group >= 0:
                for lane, amount in enumerate(lane_values(int(rows.weight[row]), rows.lanes)):
                    table[lane, unit, group, code] += amount
        _report(progress, number + 1, len(tables))
    return _tally(rows, tables)


def lane_values(weight: int, lanes: int) -> tuple[int, ...]:
    """What one person of a weight adds to each lane: one, the weight, and its square, whole or in two halves.

    >>> lane_values(3, 3), lane_values(2**20, 4)
    ((1, 3, 9), (1, 1048576, 0, 256))
    """
    square = weight * weight
    return (1, weight, square) if lanes == 3 else (1, weight, square % 2**HALF, square >> HALF)


def count_numpy(rows: Rows, progress: Progress | None = None) -> Tally:
    """The default: one `bincount` a table and lane.

    Sums run in float64, which is exact for integers below 2**53; larger sums are taken in blocks of rows.
    """
    uniform = _uniform_weight(rows.weight)
    alike = () if uniform is None else lane_values(uniform, rows.lanes)[1:]
    lanes = () if uniform is not None else _exact_lanes(rows.weight, rows.lanes)
    tables = {}
    total = len(rows.groupings) * len(rows.items)
    for grouping in rows.groupings:
        inside = grouping.places >= 0
        everyone = bool(inside.all())
        unit, units = rows.units_by(grouping)
        base = unit * len(grouping.axis) + grouping.places
        for item in rows.items:
            shape = (units, len(grouping.axis), len(item.axis))
            index = base * len(item.axis) + item.places
            index = index if everyone else index[inside]
            length = int(np.prod(shape))
            counted = [np.bincount(index, minlength=length)]
            counted += [_weighted(index, lane if everyone else lane[inside], length) for lane in lanes]
            counted += [counted[N] * amount for amount in alike]
            tables[grouping.axis.id, item.axis.id] = np.stack(counted).astype(np.int64).reshape(rows.lanes, *shape)
            _report(progress, len(tables), total)
    return _tally(rows, tables)


def _uniform_weight(weight: Integers) -> int | None:
    """The one weight that everybody has, if so: then a single count gives all lanes."""
    if not len(weight):
        return 1
    return int(weight[0]) if bool((weight == weight[0]).all()) else None


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


def _pairs(rows: Rows) -> Iterable[tuple[Column, Column]]:
    return ((grouping, item) for grouping in rows.groupings for item in rows.items)


def _empty_tables(rows: Rows) -> dict[tuple[str, str], Integers]:
    return {
        (g.axis.id, i.axis.id): np.zeros((rows.lanes, rows.units_by(g)[1], len(g.axis), len(i.axis)), dtype=np.int64)
        for g, i in _pairs(rows)
    }


def _tally(rows: Rows, tables: dict[tuple[str, str], Integers]) -> Tally:
    return Tally(
        axes={column.axis.id: column.axis for column in rows.groupings},
        items={column.axis.id: column.axis for column in rows.items},
        tables=tables,
        weight_scale=rows.weight_scale,
        units=rows.units,
    )


def _report(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


ENGINES: dict[str, Callable[[Rows, Progress | None], Tally]] = {"plain": count_plain, "numpy": count_numpy}
"""Ways of counting, by name. Every one gives the Tally that `count_plain` gives, compared with `==`."""

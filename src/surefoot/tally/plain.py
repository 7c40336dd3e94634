"""The plain engine: the specification of counting, and what every engine shares with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from surefoot.tally.tally import HALF, PROFILE, Column, Integers, Progress, Rows, Tally


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
        report(progress, number + 1, len(tables))
    return tally_of(rows, tables)


def lane_values(weight: int, lanes: int) -> tuple[int, ...]:
    """What one person of a weight adds to each lane: one, the weight, and its square, whole or in two halves.

    >>> lane_values(3, 3), lane_values(2**20, 4)
    ((1, 3, 9), (1, 1048576, 0, 256))
    """
    square = weight * weight
    return (1, weight, square) if lanes == 3 else (1, weight, square % 2**HALF, square >> HALF)


def uniform_weight(weight: Integers) -> int | None:
    """The one weight that everybody has, if so: then a single count gives all lanes."""
    if not len(weight):
        return 1
    return int(weight[0]) if bool((weight == weight[0]).all()) else None


def tally_of(rows: Rows, tables: Mapping[tuple[str, str], Integers]) -> Tally:
    """The Tally of counted tables, on the axes of the rows."""
    return Tally(
        axes={column.axis.id: column.axis for column in rows.groupings},
        items={column.axis.id: column.axis for column in rows.items},
        tables=tables,
        weight_scale=rows.weight_scale,
        units=rows.units,
    )


def report(progress: Progress | None, done: int, total: int) -> None:
    """Tell how far the counting is, if anybody asked."""
    if progress is not None:
        progress(done, total)


def _pairs(rows: Rows) -> Iterable[tuple[Column, Column]]:
    return ((grouping, item) for grouping in rows.groupings for item in rows.items)


def _empty_tables(rows: Rows) -> dict[tuple[str, str], Integers]:
    return {
        (g.axis.id, i.axis.id): np.zeros((rows.lanes, rows.units_by(g)[1], len(g.axis), len(i.axis)), dtype=np.int64)
        for g, i in _pairs(rows)
    }

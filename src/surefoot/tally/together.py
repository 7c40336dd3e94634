"""Tallies of parts of the answers put together, where each part has seen only its own values, profiles and clusters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from surefoot.responses import MISSING
from surefoot.tally.tally import PROFILE, Axis, Tally

Units = tuple[tuple[str, str], ...]


def together(parts: Iterable[Tally]) -> Tally:
    """The tally of everybody in some parts, equal to one counted at once, in whatever order the parts come.

    Axes that follow from the answers (values of numbers, profiles, sampling units) are joined first. Raises ValueError
    without any part, or where the parts come from different studies.
    """
    tallies = tuple(parts)
    if not tallies or len({(tuple(tally.axes), tuple(tally.items)) for tally in tallies}) > 1:
        raise ValueError("no parts to put together, or parts of different studies")
    axes = {name: _joined([tally.axes[name] for tally in tallies], _profile, 0) for name in tallies[0].axes}
    items = {name: _joined([tally.items[name] for tally in tallies], int, len(MISSING)) for name in tallies[0].items}
    units = _units(tallies)
    return reduce(add, (_spread(tally, axes, items, units) for tally in tallies))


def _joined(axes: Sequence[Axis], order: Callable[[str], Any], tail: int) -> Axis:
    """One axis of all labels, in the order in which counting everybody at once would have put them.

    tail: labels at the end that every part has.
    """
    if len(set(axes)) == 1:
        return axes[0]
    labels = {label for axis in axes for label in axis.labels[: len(axis) - tail]}
    last = axes[0].labels[len(axes[0]) - tail :]
    return Axis(axes[0].id, (*sorted(labels, key=order), *last))


def _profile(label: str) -> tuple[int, ...]:
    """Profiles stand in the order of their places."""
    return tuple(int(place) for place in label.split("|"))


def _units(tallies: Sequence[Tally]) -> Units:
    found = {unit for tally in tallies for unit in tally.units}
    return tuple(sorted(found, key=lambda unit: tuple(int(code or 0) for code in unit)))


def _spread(tally: Tally, axes: Mapping[str, Axis], items: Mapping[str, Axis], units: Units) -> Tally:
    """A part on the axes of the whole; the very part where they are its own."""
    if (tally.axes, tally.items, tally.units) == (axes, items, units):
        return tally
    by = {name: _places(axis.labels, axes[name].labels) for name, axis in tally.axes.items()}
    codes = {name: _places(axis.labels, items[name].labels) for name, axis in tally.items.items()}
    own_units = _places(tally.units, units)
    tables = {}
    for (grouping, item), table in tally.tables.items():
        own, length = ([0], 1) if grouping == PROFILE else (own_units, len(units))
        wide = np.zeros((len(table), length, len(axes[grouping]), len(items[item])), dtype=np.int64)
        wide[np.ix_(range(len(table)), own, by[grouping], codes[item])] = table
        tables[grouping, item] = wide
    return Tally(axes, items, tables, tally.weight_scale, units)


def _places(own: Sequence[Any], whole: Sequence[Any]) -> list[int]:
    place = {label: number for number, label in enumerate(whole)}
    return [place[label] for label in own]

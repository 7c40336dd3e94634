"""Counting: answers to a Tally of additive sufficient statistics, held as exact integers.

A Tally is a monoid: tallies of parts add up to the tally of the whole, whatever the parts, so every engine and every
partitioning gives the equal Tally (`==`). Nothing after this module ever touches a row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Condition, Question, item_id
from surefoot.responses import (
    CLUSTER,
    MISSING,
    NUMBER_MISSING_BASE,
    ORGANISATION,
    STRATUM,
    WEIGHT,
    Missing,
    Responses,
)
from surefoot.study import ALL, SERVICE_TYPE, Study
from surefoot.study import ORGANISATION as BY_ORGANISATION

Integers = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
PROFILE = "@profile"
N, SW, SW2 = range(3)
"""The three lanes of every cell: people, sum of fixed-point weights, sum of their squares."""
_MOST_EXACT_FLOAT = 2**53
_MOST_INTEGER = 2**63


@dataclass(frozen=True)
class Axis:
    """The labels along one axis of a table, in order: groups of a breakdown, or codes of an item."""

    id: str
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Column:
    """One axis with the place of every row on it: an int array, one entry a row; -1 is nowhere (left out)."""

    axis: Axis
    places: Integers


@dataclass(frozen=True)
class Rows:
    """Answers made ready for counting: items and groupings as places on axes, weights, and sampling units.

    unit: index of each row's sampling unit in `units`, the (stratum, cluster) pairs; one unit where there is no design.
    """

    items: tuple[Column, ...]
    groupings: tuple[Column, ...]
    weight: Integers
    weight_scale: int
    unit: Integers
    units: tuple[tuple[str, str], ...] = (("", ""),)


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of every item by every grouping.

    axes: grouping id to its groups. items: item to its codes: the options of a question (or values of a number),
    followed by the four kinds of missing. tables: (grouping, item) to an int64 array [lane, unit, group, code] with the
    lanes people, sum of weights, sum of squared weights. units: (stratum, cluster) of each sampling unit.
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
        if any(_squares(table) + _squares(other.tables[key]) >= _MOST_INTEGER for key, table in self.tables.items()):
            raise OverflowError("the squared weights of these tallies do not add up within 63 bits")
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


def _squares(table: Integers) -> float:
    """The sum of squared weights in a table: the largest sum that counting or adding can make."""
    return float(table[SW2].sum(dtype=np.float64))


def missing_place(kind: Missing) -> int:
    """Where a kind of missing stands on an item's axis, counted from the end.

    >>> [missing_place(kind) for kind in MISSING]
    [-4, -3, -2, -1]
    """
    return -len(MISSING) - 1 - int(kind)


# Preparing --------------------------------------------------------------------------------------------------------


def count(responses: Responses, study: Study, *, engine: str = "numpy", progress: Progress | None = None) -> Tally:
    """Count every item by every grouping of a study: all, organisation, service type, its breakdowns, and profiles.

    engine: a name in ENGINES. progress: called with (tables done, tables in all).
    """
    return ENGINES[engine](prepare(responses, study), progress)


def prepare(responses: Responses, study: Study) -> Rows:
    """Turn answers into places on axes. Raises BadInput where a weight is out of range."""
    responses = with_derived(responses)
    weight = responses.codes(WEIGHT)
    check_weights(weight)
    unit, units = _units(responses)
    groupings = tuple(groupings_of(responses, study))
    items = tuple(item_column(responses, question, item) for question, item in responses.instrument.items)
    return Rows(items, (*groupings, profiles(groupings)), weight, responses.weight_scale, unit, units)


def with_derived(responses: Responses) -> Responses:
    """Answers with the columns of derived questions filled in from the answers that they follow from."""
    derived = [question for question in responses.instrument.questions if question.derived]
    columns = [pl.Series(question.id, _derive(responses, question), dtype=pl.Int16) for question in derived]
    return replace(responses, table=responses.table.with_columns(columns)) if columns else responses


def _derive(responses: Responses, question: Question) -> Integers:
    """0 (the first option) where any condition holds, 1 where none does, missing where the base question is."""
    holds = np.zeros(len(responses), dtype=bool)
    for condition in question.derived:
        holds |= _holds(responses, condition)
    source = responses.instrument[str(question.derived_base)]
    base = responses.codes(source.items[0])
    if source.kind != "single":
        base = np.where(base == Missing.UNTICKED, 0, base)  # a box left empty in a question that was answered
    return np.where(base < 0, base, np.where(holds, 0, 1))


def _holds(responses: Responses, condition: Condition) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    asked = responses.instrument[condition.question]
    if asked.kind == "single":
        wanted = [code for code, option in enumerate(asked.options) if option.id in condition.any_of]
        return np.isin(responses.codes(asked.id), wanted)
    ticks = [responses.codes(item_id(asked.id, option)) == 1 for option in condition.any_of]
    return np.asarray(np.any(ticks, axis=0))


def check_weights(weight: Integers) -> None:
    """Refuse weights whose squares could overflow 64 bits when added up."""
    if not len(weight):
        return
    if int(weight.min()) < 0:
        raise BadInput("weights", "a negative weight", "fixed-point weights of 0 or more")
    if len(weight) * int(weight.max()) ** 2 >= _MOST_INTEGER:
        raise BadInput("weights", f"a weight of {int(weight.max())}", "weights whose squares add up within 63 bits")


def groupings_of(responses: Responses, study: Study) -> Iterable[Column]:
    """The groupings in which a study is counted: all people first, then organisation, service type and breakdowns."""
    rows = len(responses)
    yield Column(Axis(ALL, (ALL,)), np.zeros(rows, dtype=np.int64))
    if study.organisations:
        yield organisation_column(responses, study)
        yield from _service_types(responses, study)
    for breakdown in study.breakdowns:
        column = _question_column(responses, breakdown.question)
        if breakdown.crossed_with is None:
            yield column
            continue
        by_organisation = breakdown.crossed_with == BY_ORGANISATION
        outer = organisation_column(responses, study) if by_organisation else None
        yield cross(outer or _question_column(responses, breakdown.crossed_with), column, breakdown.id)


def organisation_column(responses: Responses, study: Study) -> Column:
    """Each row's organisation, on the axis of the study's organisations."""
    place = {name: index for index, name in enumerate(study.organisation_ids)}
    lookup = np.array([place.get(name, -1) for name in responses.organisations] + [-1], dtype=np.int64)
    return Column(Axis(BY_ORGANISATION, study.organisation_ids), lookup[responses.codes(ORGANISATION)])


def _service_types(responses: Responses, study: Study) -> Iterable[Column]:
    types = tuple(dict.fromkeys(o.service_type for o in study.organisations if o.service_type))
    if len(types) < 2:
        return
    lookup = [types.index(o.service_type) if o.service_type else -1 for o in study.organisations]
    place = np.array([*lookup, -1], dtype=np.int64)
    yield Column(Axis(SERVICE_TYPE, types), place[organisation_column(responses, study).places])


def _question_column(responses: Responses, name: str) -> Column:
    question = responses.instrument[name]
    codes = responses.codes(name)
    return Column(Axis(name, tuple(o.id for o in question.options)), np.where(codes >= 0, codes, -1))


def cross(outer: Column, inner: Column, name: str) -> Column:
    """Two groupings crossed: group labels are joined by a full stop; -1 in either is -1."""
    labels = tuple(f"{a}.{b}" for a in outer.axis.labels for b in inner.axis.labels)
    places = outer.places * len(inner.axis) + inner.places
    return Column(Axis(name, labels), np.where((outer.places < 0) | (inner.places < 0), -1, places))


def profiles(groupings: Iterable[Column]) -> Column:
    """The finest grouping: people who share every group share a profile; labels are their groups, joined by "|"."""
    columns = tuple(groupings)
    first, places = _distinct_rows(columns)
    distinct = np.stack([column.places[first] for column in columns], axis=1)
    labels = tuple("|".join(map(str, row)) for row in distinct.tolist())
    return Column(Axis(PROFILE, labels), places)


def _distinct_rows(columns: tuple[Column, ...]) -> tuple[Integers, Integers]:
    """A row of each distinct combination of places, and the rank of every row's own, in the order of the places.

    One column at a time: ranks so far times the next length, ranked again, stay small and need no sort of whole rows.
    """
    ranks = np.zeros(len(columns[0].places), dtype=np.int64)
    first = np.zeros(0, dtype=np.int64)
    for column in columns:
        keys = ranks * (len(column.axis) + 1) + column.places + 1
        _, first, ranks = np.unique(keys, return_index=True, return_inverse=True)
    return first, ranks.astype(np.int64)


def item_column(responses: Responses, question: Question, item: str) -> Column:
    """One item's answers as places: codes (or distinct values of a number) first, then the four kinds of missing."""
    codes = responses.codes(item)
    if question.kind == "number":
        return _number_column(item, codes)
    labels = item_labels(question)
    places = np.where(codes >= 0, codes, len(labels) - 1 - codes)
    return Column(Axis(item, labels + _MISSING_LABELS), places)


_MISSING_LABELS = tuple(kind.name.lower() for kind in MISSING)


def item_labels(question: Question) -> tuple[str, ...]:
    """The codes of an item of a question: its options; for a box "" and "ticked"; for a rank "", "1", "2" and so on."""
    if question.kind == "single":
        return tuple(option.id for option in question.options)
    if question.kind == "multi":
        return ("", "ticked")
    return ("", *(str(rank) for rank in range(1, len(question.options) + 1)))


def _number_column(item: str, codes: Integers) -> Column:
    """Distinct values are the codes of a number, so means and quantiles stay functions of exact counts."""
    answered = codes > NUMBER_MISSING_BASE // 2
    values, inverse = np.unique(codes[answered], return_inverse=True)
    places = np.empty(len(codes), dtype=np.int64)
    places[answered] = inverse
    kinds = np.where(codes[~answered] < NUMBER_MISSING_BASE // 2, codes[~answered] - NUMBER_MISSING_BASE, -1)
    places[~answered] = len(values) - 1 - kinds
    return Column(Axis(item, tuple(str(value) for value in values) + _MISSING_LABELS), places)


def _units(responses: Responses) -> tuple[Integers, tuple[tuple[str, str], ...]]:
    if not {STRATUM, CLUSTER} & set(responses.table.columns):
        return np.zeros(len(responses), dtype=np.int64), (("", ""),)
    pairs = np.stack([_design(responses, STRATUM), _design(responses, CLUSTER)], axis=1)
    distinct, places = np.unique(pairs, axis=0, return_inverse=True)
    return places.reshape(-1).astype(np.int64), tuple((str(a), str(b)) for a, b in distinct)


def _design(responses: Responses, name: str) -> Integers:
    return responses.codes(name) if name in responses.table.columns else np.zeros(len(responses), dtype=np.int64)


# Engines ----------------------------------------------------------------------------------------------------------


def count_plain(rows: Rows, progress: Progress | None = None) -> Tally:
    """The specification: one person at a time, in plain Python. Slow, and short enough to be read and believed."""
    tables = _empty_tables(rows)
    for number, (grouping, item) in enumerate(_pairs(rows)):
        table = tables[grouping.axis.id, item.axis.id]
        for row in range(len(rows.weight)):
            group, code, unit = grouping.places[row], item.places[row], rows.unit[row]
            if group >= 0:
                weight = int(rows.weight[row])
                table[N, unit, group, code] += 1
                table[SW, unit, group, code] += weight
                table[SW2, unit, group, code] += weight * weight
        _report(progress, number + 1, len(tables))
    return _tally(rows, tables)


def count_numpy(rows: Rows, progress: Progress | None = None) -> Tally:
    """The default: one `bincount` a table and lane.

    Sums run in float64, which is exact for integers below 2**53; larger sums are taken in blocks of rows.
    """
    uniform = _uniform_weight(rows.weight)
    lanes = () if uniform is not None else _exact_lanes(rows.weight)
    tables = {}
    total = len(rows.groupings) * len(rows.items)
    for grouping in rows.groupings:
        inside = grouping.places >= 0
        everyone = bool(inside.all())
        base = rows.unit * len(grouping.axis) + grouping.places
        for item in rows.items:
            shape = (len(rows.units), len(grouping.axis), len(item.axis))
            index = base * len(item.axis) + item.places
            index = index if everyone else index[inside]
            length = int(np.prod(shape))
            counted = [np.bincount(index, minlength=length)]
            counted += [_weighted(index, lane if everyone else lane[inside], length) for lane in lanes]
            if uniform is not None:
                counted += [counted[N] * uniform, counted[N] * uniform**2]
            tables[grouping.axis.id, item.axis.id] = np.stack(counted).astype(np.int64).reshape(3, *shape)
            _report(progress, len(tables), total)
    return _tally(rows, tables)


def _uniform_weight(weight: Integers) -> int | None:
    """The one weight that everybody has, if so: then a single count gives all three lanes."""
    if not len(weight):
        return 1
    return int(weight[0]) if bool((weight == weight[0]).all()) else None


def _exact_lanes(weight: Integers) -> tuple[Integers, Integers]:
    return weight, weight * weight


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
        (g.axis.id, i.axis.id): np.zeros((3, len(rows.units), len(g.axis), len(i.axis)), dtype=np.int64)
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

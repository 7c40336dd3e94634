"""Counting where the answers are, in a database: one statement an item, of grouping sets, and only sums come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from surefoot.instrument import Question, item_id
from surefoot.responses import CLUSTER, ORGANISATION, STRATUM, WEIGHT, Responses
from surefoot.study import ALL, SERVICE_TYPE, Study
from surefoot.study import ORGANISATION as BY_ORGANISATION
from surefoot.tally.engines import count
from surefoot.tally.rows import check_range, groupings_of, item_column, profiles, units_of, with_derived
from surefoot.tally.tally import HALF, PROFILE, Axis, Column, Integers, Tally, lanes_of

Run = Callable[[str], Iterable[Sequence[Any]]]
"""Runs one statement and gives its rows, such as `lambda sql: connection.execute(sql).fetchall()`."""


def count_in_database(run: Run, table: str, head: Responses, study: Study, *, where: str = "true") -> Tally:
    """Count answers that stay in a database, to the Tally that `count` gives for them; rows never leave it.

    run: sends a statement to PostgreSQL or DuckDB. table: as SQL writes it, with the columns of `Responses.table`, all
    of them whole numbers. head: Responses without rows whose table has those columns. where: which rows, in SQL.
    Raises BadInput where weights are out of range.
    """
    return _Counting(run, table, head, study, where).tally()


@dataclass(frozen=True)
class _Counting:
    run: Run
    table: str
    head: Responses
    study: Study
    where: str

    def tally(self) -> Tally:
        """Everything counted: first what kinds of people there are, then an item at a time."""
        if not self._people_counted():
            return count(self.head, self.study)
        axes = {column.axis.id: column.axis for column in (*groupings_of(self.kinds, self.study), self.profile)}
        items, tables = {}, {}
        for question, item in self.head.instrument.items:
            for grouping, axis, counted in self._item(question, item):
                items[item], tables[grouping, item] = axis, counted
        return Tally(axes, items, tables, self.head.weight_scale, self.units)

    def _people_counted(self) -> int:
        weight = _quoted(WEIGHT)
        extremes = f"coalesce(min({weight}), 0), coalesce(max({weight}), 0)"
        ((people, least, most),) = self.run(f"select count(*), {extremes} from {self.table} where {self.where}")
        check_range(int(people), int(least), int(most), self.head.weight_scale)
        return int(people)

    # What there is

    @cached_property
    def sets(self) -> dict[str, tuple[str, ...]]:
        """The columns that each grouping follows from; those of the profiles last, all together."""
        found: dict[str, tuple[str, ...]] = {ALL: ()}
        if self.study.organisations:
            found |= {BY_ORGANISATION: (ORGANISATION,), SERVICE_TYPE: (ORGANISATION,)}
        for breakdown in self.study.breakdowns:
            outer = ORGANISATION if breakdown.crossed_with == BY_ORGANISATION else breakdown.crossed_with
            found[breakdown.id] = tuple(name for name in (outer, breakdown.question) if name)
        return found

    @cached_property
    def design(self) -> tuple[str, ...]:
        """The columns of strata and clusters."""
        return tuple(name for name in (STRATUM, CLUSTER) if name in self.head.table.columns)

    @cached_property
    def kinds(self) -> Responses:
        """One row for every kind of people: every combination of groups that there is."""
        every = dict.fromkeys(name for names in self.sets.values() for name in self._sources(names))
        return self._distinct(tuple(every))

    @cached_property
    def profile(self) -> Column:
        """The profile of every kind of people."""
        return profiles(groupings_of(self.kinds, self.study))

    @cached_property
    def units(self) -> tuple[tuple[str, str], ...]:
        """The sampling units that there are."""
        return units_of(self._distinct(self.design))[1]

    def _distinct(self, names: tuple[str, ...]) -> Responses:
        if not names:
            return self._people((), [])
        columns = ", ".join(map(_quoted, names))
        rows = self.run(f"select distinct {columns} from {self.table} where {self.where}")
        return self._people(names, list(rows))

    def _people(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Responses:
        """Rows of a statement as Responses of only some columns; one row where there is no column."""
        codes = np.array(rows, dtype=np.int64).reshape(len(rows), len(names))
        table = pl.DataFrame({name: codes[:, place] for place, name in enumerate(names)} or {"@row": [0]})
        return with_derived(replace(self.head, table=table))

    def _sources(self, names: Iterable[str]) -> list[str]:
        """The columns in the database from which some columns follow: derived questions follow from others."""
        found: dict[str, None] = {}
        for name in names:
            question = self.head.instrument.by_id.get(name)
            needed = _derived_from(self.head, question) if question is not None and question.derived else [name]
            found |= dict.fromkeys(column for column in needed if column in self.head.table.columns)
        return list(found)

    # One item

    def _item(self, question: Question, item: str) -> Iterator[tuple[str, Axis, Integers]]:
        """The table of an item by every grouping, and the item's axis."""
        by = {name: tuple(self._sources(columns)) for name, columns in self.sets.items()}
        every = tuple(dict.fromkeys(name for columns in by.values() for name in columns))
        own = tuple(self._sources(_derived_from(self.head, question) if question.derived else [item]))
        wanted = {name: frozenset((*columns, *own, *self.design)) for name, columns in by.items()}
        wanted[PROFILE] = frozenset((*every, *own))
        columns = tuple(dict.fromkeys((*every, *own, *self.design)))
        found = self._grouped(columns, set(wanted.values()))
        for grouping, axis in self._axes.items():
            inside = [name for name in columns if name in wanted[grouping]]
            people, lanes = self._people(inside, found[wanted[grouping]][0]), found[wanted[grouping]][1]
            codes = item_column(people, question, item)
            yield grouping, codes.axis, self._table(grouping, axis, people, codes, lanes)

    @cached_property
    def _axes(self) -> dict[str, Axis]:
        return {c.axis.id: c.axis for c in (*groupings_of(self.kinds, self.study), self.profile)}

    def _table(self, grouping: str, axis: Axis, people: Responses, codes: Column, lanes: Integers) -> Integers:
        """Sums by kind of people added up to the table [lane, unit, group, code] of a grouping."""
        columns = {column.axis.id: column for column in groupings_of(people, self.study)}
        places = self._profiles(people) if grouping == PROFILE else columns[grouping].places
        unit = np.zeros(len(people), dtype=np.int64) if grouping == PROFILE else self._unit(people)
        units = 1 if grouping == PROFILE else len(self.units)
        table = np.zeros((len(lanes), units, len(axis), len(codes.axis)), dtype=np.int64)
        kept = places >= 0
        for lane, sums in enumerate(lanes):
            np.add.at(table[lane], (unit[kept], places[kept], codes.places[kept]), sums[kept])
        return table

    def _profiles(self, people: Responses) -> Integers:
        made = profiles(groupings_of(people, self.study))
        place = {label: number for number, label in enumerate(self.profile.axis.labels)}
        return np.array([place[label] for label in made.axis.labels], dtype=np.int64)[made.places]

    def _unit(self, people: Responses) -> Integers:
        places, own = units_of(people)
        return np.array([self.units.index(unit) for unit in own], dtype=np.int64)[places]

    def _grouped(
        self, columns: Sequence[str], sets: set[frozenset[str]]
    ) -> Mapping[frozenset[str], tuple[list[Any], Integers]]:
        """One statement: for each set of columns the codes of its combinations, and their lanes [lane, row]."""
        named = ", ".join(map(_quoted, columns))
        grouped = ", ".join(f"({', '.join(map(_quoted, sorted(each)))})" for each in sets)
        which = f"grouping({named})" if columns else "0"
        sums = ", ".join(_sums(lanes_of(self.head.weight_scale)))
        statement = f"select {which}, {f'{named}, ' if columns else ''}{sums} from {self.table} where {self.where}"
        rows = list(self.run(f"{statement} group by grouping sets ({grouped})"))
        found = {}
        for each in sets:
            mask = sum(1 << (len(columns) - 1 - place) for place, name in enumerate(columns) if name not in each)
            inside = [place + 1 for place, name in enumerate(columns) if name in each]
            own = [row for row in rows if int(row[0]) == mask]
            lanes = np.array([[int(value) for value in row[len(columns) + 1 :]] for row in own], dtype=np.int64)
            codes = [[int(row[place]) for place in inside] for row in own]
            found[each] = codes, lanes.reshape(len(own), -1).T
        return found


def _derived_from(head: Responses, question: Question) -> list[str]:
    """The items that a derived question follows from."""
    source = head.instrument[str(question.derived_base)]
    asked = [(head.instrument[condition.question], condition.any_of) for condition in question.derived]
    conditions = (
        [each.id] if each.kind == "single" else [item_id(each.id, option) for option in options]
        for each, options in asked
    )
    return list(dict.fromkeys([source.items[0], *(item for items in conditions for item in items)]))


def _sums(lanes: int) -> list[str]:
    """The lanes in SQL; whole numbers of any size in both databases."""
    weight = _quoted(WEIGHT)
    square = f"cast({weight} as bigint) * cast({weight} as bigint)"
    squares = [f"sum({square})"] if lanes == 3 else [f"sum(({square}) & {2**HALF - 1})", f"sum(({square}) >> {HALF})"]
    return ["count(*)", f"sum({weight})", *squares]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

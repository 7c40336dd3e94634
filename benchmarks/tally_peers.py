"""The counting task of `tally.py` as a careful user of other libraries would write it: n, sum w, sum w^2 by cell.

Every peer gets its data in the form that it likes best, in memory, before the clock starts. None is given the task of
making intervals, which the product is timed with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

Cells = Mapping[tuple[str, str], tuple[int, int, int]]


@dataclass(frozen=True)
class Task:
    """Columns of small codes: questions and groups by name, and a whole-number weight."""

    questions: Mapping[str, np.ndarray[Any, Any]]
    groups: Mapping[str, np.ndarray[Any, Any]]
    weight: np.ndarray[Any, Any]

    def frame(self) -> pl.DataFrame:
        """All of it as a table."""
        return pl.DataFrame({**self.questions, **self.groups, "w": self.weight})


@dataclass(frozen=True)
class Peer:
    """A way to count: makes its data ready, then counts some questions; gives people by (group column, question)."""

    ready: Callable[[Task], Any]
    count: Callable[[Any, Sequence[str], Sequence[str]], dict[tuple[str, str], int]]
    questions: int
    """How many of the questions are run; the rest is scaled, since each costs the same."""


def _numpy_ready(task: Task) -> Task:
    return task


def _numpy(task: Task, questions: Sequence[str], groups: Sequence[str]) -> dict[tuple[str, str], int]:
    """One bincount a lane and table, as the textbooks say."""
    found = {}
    w, squares = task.weight.astype(np.float64), task.weight.astype(np.float64) ** 2
    for group in groups:
        for question in questions:
            index = task.groups[group].astype(np.int64) * 16 + task.questions[question]
            people = np.bincount(index)
            np.bincount(index, weights=w)
            np.bincount(index, weights=squares)
            found[group, question] = int(people.max())
    return found


def _polars(frame: pl.DataFrame, questions: Sequence[str], groups: Sequence[str]) -> dict[tuple[str, str], int]:
    """All group-bys as one lazy plan, so that it can use every core."""
    keys = [(group, question) for group in groups for question in questions]
    wanted = [pl.len().alias("n"), pl.col("w").sum().alias("sw"), (pl.col("w") * pl.col("w")).sum().alias("sw2")]
    made = pl.collect_all([frame.lazy().group_by(*key).agg(wanted) for key in keys])
    return {key: int(table["n"].max()) for key, table in zip(keys, made, strict=True)}


def _duckdb_ready(task: Task) -> Any:
    import duckdb

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    frame = task.frame()  # noqa: F841  duckdb finds it by its name
    connection.execute("create table answers as select * from frame")
    return connection


def _duckdb(connection: Any, questions: Sequence[str], groups: Sequence[str]) -> dict[tuple[str, str], int]:
    """Grouping sets, one statement a question."""
    found = {}
    for question in questions:
        sets = ", ".join(f'("{group}", "{question}")' for group in groups)
        columns = ", ".join(f'"{group}"' for group in groups)
        rows = connection.execute(
            f'select {columns}, "{question}", count(*), sum(w), sum(w * w) from answers group by grouping sets ({sets})'
        ).fetchnumpy()
        people = rows["count_star()"]
        for group in groups:
            there = ~np.ma.getmaskarray(rows[group])
            found[group, question] = int(people[there].max())
    return found


def _pandas_ready(task: Task) -> Any:
    import pandas as pd

    return pd.DataFrame({**task.questions, **task.groups, "w": task.weight, "w2": task.weight**2})


def _pandas(frame: Any, questions: Sequence[str], groups: Sequence[str]) -> dict[tuple[str, str], int]:
    """Groupby and agg."""
    found = {}
    for group in groups:
        for question in questions:
            made = frame.groupby([group, question]).agg(n=("w", "size"), sw=("w", "sum"), sw2=("w2", "sum"))
            found[group, question] = int(made["n"].max())
    return found


def _crosstab(frame: Any, questions: Sequence[str], groups: Sequence[str]) -> dict[tuple[str, str], int]:
    """pandas.crosstab, three tables each."""
    import pandas as pd

    found = {}
    for group in groups:
        for question in questions:
            keys = frame[group], frame[question]
            people = pd.crosstab(*keys)
            pd.crosstab(*keys, values=frame["w"], aggfunc="sum")
            pd.crosstab(*keys, values=frame["w2"], aggfunc="sum")
            found[group, question] = int(people.to_numpy().max())
    return found


PEERS: Mapping[str, Peer] = {
    "duckdb": Peer(_duckdb_ready, _duckdb, 60),
    "numpy": Peer(_numpy_ready, _numpy, 60),
    "polars": Peer(Task.frame, _polars, 30),
    "pandas_groupby": Peer(_pandas_ready, _pandas, 3),
    "pandas_crosstab": Peer(_pandas_ready, _crosstab, 1),
}

"""Queries that are compiled once: respondents' pages ask the same few things, hundreds of times a second.

To put a query together takes the server longer than the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

KEY = "the key that is sought"
"""Stands in the query for the key; `Prepared` puts the real one in its place, as a parameter."""


@dataclass(frozen=True)
class Prepared:
    """A query for the row with a key. make: the values that are wanted, where the key equals KEY and nothing else."""

    make: Callable[[], QuerySet[Any, Any]]
    kept: dict[str, str] = field(default_factory=dict)

    def row(self, key: str) -> tuple[Any, ...] | None:
        """The values of the row with a key, or None where there is none."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql(), [key])
            found: tuple[Any, ...] | None = cursor.fetchone()
        return found

    def _sql(self) -> str:
        vendor = connection.vendor
        if vendor not in self.kept:
            sql, parameters = self.make().query.get_compiler(connection=connection).as_sql()
            if tuple(parameters) != (KEY,):
                raise ValueError(f"a prepared query takes one key, not {parameters}")
            self.kept[vendor] = sql
        return self.kept[vendor]

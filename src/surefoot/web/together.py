"""Writing together: what several respondents save at the same moment reaches the disk in one commit.

SQLite lets one transaction write at a time, and each waits until the disk has it: five milliseconds and more, a few
hundred saves a second at best. Threads that wait for their turn anyway let the first of them write for all. Each write
stands or falls by itself; none is acknowledged before the disk has it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection, transaction

Write = Callable[[], None]


@dataclass
class _Turn:
    """One write that waits, and what became of it."""

    write: Write
    done: bool = False
    problem: Exception | None = None


@dataclass
class Together:
    """Gathers the writes of a process's threads."""

    waiting: list[_Turn] = field(default_factory=list)
    gate: threading.Lock = field(default_factory=threading.Lock)
    leading: threading.Lock = field(default_factory=threading.Lock)

    def run(self, write: Write) -> None:
        """Write, in one transaction with whatever else waits. Raises what the write itself raises, or the commit."""
        mine = _Turn(write)
        with self.gate:
            self.waiting.append(mine)
        with self.leading:
            if not mine.done:
                with self.gate:
                    turns, self.waiting = self.waiting, []
                _commit(turns)
        if mine.problem is not None:
            raise mine.problem


def _commit(turns: list[_Turn]) -> None:
    try:
        with transaction.atomic():
            for turn in turns:
                _attempt(turn)
    except Exception as problem:  # the commit itself failed: nothing of all this was written
        for turn in turns:
            turn.problem = turn.problem or problem
    finally:
        for turn in turns:
            turn.done = True


def _attempt(turn: _Turn) -> None:
    """Write inside a savepoint, so that a write that fails takes no other with it."""
    try:
        with transaction.atomic():
            turn.write()
    except Exception as problem:
        turn.problem = problem


_TOGETHER = Together()


def write_together(write: Write) -> None:
    """Do a write that is whole in itself; on SQLite together with those of other threads of this process.

    PostgreSQL lets many transactions write at once and gathers their commits itself.
    """
    if connection.vendor == "sqlite":
        _TOGETHER.run(write)
    else:
        with transaction.atomic():
            write()

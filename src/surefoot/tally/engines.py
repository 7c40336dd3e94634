"""Ways of counting: the plain one is the specification, every other gives the equal Tally."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from surefoot.responses import Responses
from surefoot.study import Study
from surefoot.tally.by_numpy import count_numpy
from surefoot.tally.fast import count_fast
from surefoot.tally.plain import count_plain
from surefoot.tally.rows import prepare
from surefoot.tally.tally import Progress, Rows, Tally

MANY_ROWS = 300_000
"""From this many rows on, compiled code saves more than the second that it takes to load."""


def count(responses: Responses, study: Study, *, engine: str = "", progress: Progress | None = None) -> Tally:
    """Count every item by every grouping of a study: all, organisation, service type, its breakdowns, and profiles.

    engine: a name in ENGINES; without one, numpy, and the fast engine for very many rows where it is installed.
    progress: called with (tables done, tables in all).
    """
    usual = "fast" if len(responses) >= MANY_ROWS and find_spec("numba") else "numpy"
    return ENGINES[engine or usual](prepare(responses, study), progress)


ENGINES: dict[str, Callable[[Rows, Progress | None], Tally]] = {
    "plain": count_plain,
    "numpy": count_numpy,
    "fast": count_fast,
}
"""Ways of counting, by name. Every one gives the Tally that `count_plain` gives, compared with `==`."""

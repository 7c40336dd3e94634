"""Counts of people as they may be told to anybody, the analyst too: never 1 to 10, nor what gives such a one away."""

from __future__ import annotations

from collections.abc import Mapping

SMALLEST_TOLD = 11
FEW = f"fewer than {SMALLEST_TOLD}"


def told_one(count: int) -> int | None:
    """A count as it may be told: None for 1 to 10.

    >>> told_one(0), told_one(10), told_one(11)
    (0, None, 11)
    """
    return None if 0 < count < SMALLEST_TOLD else count


def told(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts whose sum is known, as they may be told: None for 1 to 10, and for the next smallest that gives one away.

    >>> told({"q1": 30, "q2": 4}), told({"q1": 30, "q2": 12, "q3": 4})
    ({'q1': None, 'q2': None}, {'q1': 30, 'q2': None, 'q3': None})
    """
    hidden = {name for name, count in counts.items() if 0 < count < SMALLEST_TOLD}
    shown = sorted((count, name) for name, count in counts.items() if count >= SMALLEST_TOLD)
    if hidden and sum(counts[name] for name in hidden) < SMALLEST_TOLD:
        hidden |= {name for _, name in shown[:1]}
    return {name: None if name in hidden else count for name, count in counts.items()}


def told_rows(kept: int, excluded: Mapping[str, int]) -> tuple[int | None, int | None, dict[str, int | None]]:
    """Rows read, kept, and left out by reason: None for fewer than 11, and for rows read where they would tell those.

    Rows read less those kept and the others that were left out would be the few.

    >>> told_rows(120, {"unfinished": 4}), told_rows(120, {"unfinished": 14})
    ((None, 120, {'unfinished': None}), (134, 120, {'unfinished': 14}))
    """
    counts = [kept, *excluded.values()]
    few = sum(count for count in counts if told_one(count) is None)
    rows = None if told_one(few) is None else sum(counts)
    return rows, told_one(kept), {reason: told_one(count) for reason, count in excluded.items()}


def in_words(count: int | None) -> str:
    """A count as it is told, in words.

    >>> in_words(None), in_words(1200)
    ('fewer than 11', '1,200')
    """
    return FEW if count is None else f"{count:,}"


def each_in_words(counts: Mapping[str, int], told_as: Mapping[str, int | None]) -> dict[str, str]:
    """Counts as they are told, in words; "some" where a count is larger, but would give another one away.

    >>> each_in_words({"q1": 30, "q2": 4}, told({"q1": 30, "q2": 4}))
    {'q1': 'some', 'q2': 'fewer than 11'}
    """
    return {
        name: "some" if shown is None and counts[name] >= SMALLEST_TOLD else in_words(shown)
        for name, shown in told_as.items()
    }


def listed(counts: Mapping[str, int | None]) -> str:
    """Counts in words; those that are not told come last, without a number."""
    shown = [f"{count:,} {name}" for name, count in counts.items() if count is not None]
    hidden = [name for name, count in counts.items() if count is None]
    if hidden:
        shown.append(f"{', '.join(hidden)}: not told, since a count under {SMALLEST_TOLD} could be worked out")
    return "; ".join(shown)

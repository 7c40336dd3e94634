"""Participation while a wave is open: how many were invited and how many sent their answers, and nothing of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from surefoot.release import PARTICIPATION


@dataclass(frozen=True)
class Taking:
    """One organisation, or all of them: counts as they may be shown. None: fewer than the smallest that is shown."""

    name: str
    invited: int
    completed: int | None
    started: int | None
    paper: int | None = None
    posted: int | None = None

    @property
    def rate(self) -> int | None:
        """Completed per hundred invited, whole; None where it is not shown."""
        return None if self.completed is None or not self.invited else round(100 * self.completed / self.invited)

    @property
    def wanting(self) -> str:
        """What is still missing before anything of it can be shown; empty where enough is there.

        How many are there is not said, so how many more is said as the most that it can be.
        """
        least = PARTICIPATION.minimum_base
        if self.completed is not None:
            return ""
        if self.invited < least:
            return f"Only {self.invited} are invited: a base of {least} cannot be reached."
        return f"At most {least} more answers are needed for a base of {least}."


def participation(
    counts: Mapping[str, tuple[int, int, int]],
    *,
    names: Mapping[str, str],
    paper: Mapping[str, int] | None = None,
    posters: Mapping[str, int] | None = None,
) -> Sequence[Taking]:
    """Counts by organisation (invited, completed, started and not finished) as the PARTICIPATION policy shows them.

    A count under the smallest base is None, a count of none too: "fewer than 11" says nothing of anybody. The total of
    all stands last, and only where no part of it is hidden, since the rest would give the hidden part away. paper: how
    many answers were typed in from paper, which no link counts.
    posters: how many came through a poster, apart from the rest, since one person could answer twice through it.
    """
    on_paper, by_poster = paper or {}, posters or {}
    shown = [
        Taking(names[key], invited, _few(done), _few(begun), _few(on_paper.get(key, 0)), _few(by_poster.get(key, 0)))
        for key, (invited, done, begun) in counts.items()
    ]
    invited, done, begun = (sum(count[place] for count in counts.values()) for place in range(3))
    whole = len(shown) > 1 and all(one.completed is not None for one in shown)
    started = begun if all(one.started is not None for one in shown) else None
    typed = sum(on_paper.get(key, 0) for key in counts) if all(one.paper is not None for one in shown) else None
    posted = sum(by_poster.get(key, 0) for key in counts) if all(one.posted is not None for one in shown) else None
    return [*shown, *([Taking("All", invited, done, started, typed, posted)] if whole else [])]


def _few(count: int) -> int | None:
    return count if count >= PARTICIPATION.minimum_base else None

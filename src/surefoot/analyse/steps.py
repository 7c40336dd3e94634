"""Telling how far a long analysis is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def of_wave(progress: Progress | None, wave: str | None) -> Progress | None:
    """Tell of steps by the name of their wave, so that no bar goes back."""
    return None if progress is None else lambda what, done, total: progress(f"{what} of wave {wave}", done, total)


def named(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    """Tell of one step by its name."""
    return None if progress is None else lambda done, total: progress(what, done, total)

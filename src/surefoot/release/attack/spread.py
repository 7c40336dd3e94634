"""From rounded shares back to counts: which whole numbers of people a published share can stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from surefoot.interval import Floats, round_half_away, snap_outward, wilson_from_share
from surefoot.release.attack.published import EVERYBODY, ORGANISATION, Publication, Stated

DIGITS = 2


def counts_of(value: float, base: int, *, least: int = 0, digits: int = DIGITS) -> tuple[int, ...]:
    """Every count whose share of the base rounds to the value. least: the smallest count, -base for a difference.

    >>> counts_of(0.33, 60), counts_of(0.33, 300)
    ((20,), (98, 99, 100))
    """
    if base <= 0:
        return ()
    reach = base * 0.5 / 10**digits + 1
    near = np.arange(max(least, int(value * base - reach)), min(base, int(value * base + reach) + 1) + 1)
    return tuple(near[np.isclose(round_half_away(near / base, digits), value, atol=1e-9)].tolist())


@dataclass(frozen=True)
class Bounds:
    """Learns how the release prints intervals from figures whose count is known, and reads the others with it.

    The formula is public (Wilson with finite population correction), the rounding is guessed, the published way first:
    a guess is used only where it reproduces every interval whose count is certain. Of few such intervals several
    guesses may fit, and to believe the wrong one is to be mistaken about counts.
    """

    publication: Publication

    def narrowed(self, figure: Stated, counts: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the counts whose interval would be printed as it is; all of them where we cannot tell."""
        if len(counts) < 2 or not self._usable(figure):
            return counts
        rounding = self.rounding[figure.population is not None]
        if rounding is None:
            return counts
        return tuple(count for count in counts if self._agrees(figure, count, rounding)) or counts

    @cached_property
    def rounding(self) -> dict[bool, str | None]:
        """The way of rounding bounds of figures without (False) and with a headcount (True), None where none fits."""
        known = list(self._known())
        return {
            counted: self._rounding([(f, count) for f, count in known if (f.population is not None) is counted])
            for counted in (False, True)
        }

    def _rounding(self, known: list[tuple[Stated, int]]) -> str | None:
        """The way of rounding that explains all the figures whose count is certain."""
        for guess in ("outward", "nearest"):
            if known and all(self._agrees(figure, count, guess) for figure, count in known):
                return guess
        return None

    def _known(self) -> Iterator[tuple[Stated, int]]:
        for figure in self.publication.stated:
            if self._usable(figure) and figure.base is not None and figure.value is not None:
                counts = counts_of(figure.value, figure.base)
                if len(counts) == 1:
                    yield figure, counts[0]

    def _usable(self, figure: Stated) -> bool:
        printed = None not in (figure.base, figure.value, figure.low, figure.high)
        return figure.kind == "share" and printed and figure.pooled and self._reached(figure) is not None

    def _reached(self, figure: Stated) -> int | None:
        """People whom the correction for a known headcount counts; 0 where none is claimed, None where we do not know.

        The base, if everybody is asked. Of a question that follows another it depends on how many were asked.
        """
        if figure.population is None:
            return 0
        own = figure.group == EVERYBODY or figure.group.breakdown == ORGANISATION
        asked = self.publication.questions.get(figure.question)
        return figure.base if own and asked is not None and not asked.asked_after else None

    def _agrees(self, figure: Stated, count: int, rounding: str) -> bool:
        base, reached = float(figure.base or 0), self._reached(figure) or 0
        staff = float(figure.population) if figure.population is not None else np.nan
        boost = 1.0 if np.isnan(staff) else (staff - 1) / (staff - reached) if staff > reached else np.inf
        smooth = wilson_from_share(np.array([count / base]), np.array([base * boost]))
        whole = snap_outward(smooth, [count], [base], [staff])
        # Which of the two was printed depends on whether everybody was asked, which is not always published.
        printed = (_printed((made.low, made.high), rounding) for made in (smooth, whole))
        return any(each == (figure.low, figure.high) for each in printed)


def _printed(ends: tuple[Floats, Floats], rounding: str) -> tuple[float, float]:
    low, high = float(ends[0][0]), float(ends[1][0])
    if rounding == "nearest":
        return float(round_half_away(low, DIGITS)), float(round_half_away(high, DIGITS))
    scale = 10**DIGITS
    return float(np.floor(low * scale + 1e-9) / scale), float(np.ceil(high * scale - 1e-9) / scale)


def ends(counts: Iterable[int]) -> tuple[int, int] | None:
    """Smallest and largest of some counts, None where there is none."""
    listed = sorted(counts)
    return (listed[0], listed[-1]) if listed else None

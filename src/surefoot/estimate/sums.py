"""Sums over people, by pick and group: the sufficient statistics of shares, and their standard errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from surefoot.estimate.figure import SIDE_HIGH, SIDE_LOW, SIDE_MIDDLE
from surefoot.instrument import Instrument, Question
from surefoot.interval import Floats
from surefoot.responses import MISSING, Missing
from surefoot.tally import SW, Integers, N, Tally, missing_place, squares_of


@dataclass(frozen=True)
class Sums:
    """Sums over people: of those inside a share, and of its base; arrays [lane, pick, group]."""

    inside: Integers
    base: Integers

    def merged(self, places: tuple[int, ...]) -> Sums:
        """The sums of several groups together, as one group."""
        return Sums(
            self.inside[..., list(places)].sum(axis=-1, keepdims=True),
            self.base[..., list(places)].sum(axis=-1, keepdims=True),
        )

    @cached_property
    def share(self) -> Floats:
        """Weighted share, NaN without a base."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(self.inside[SW] / self.base[SW])

    @cached_property
    def effective_base(self) -> Floats:
        """(sum w)^2 / sum w^2, Kish's effective sample size; 0 without a base."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.nan_to_num(self.base[SW].astype(np.float64) ** 2 / squares_of(self.base)))

    @property
    def alike(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Where all people of a base weigh the same, so that the weights change nothing."""
        return np.asarray(np.abs(self.effective_base - self.base[N]) <= 1e-9 * self.base[N])

    def standard_error(self, sample: float | Integers | None = None, fraction: float = 0.0) -> Floats:
        """Standard error of the share, from sums alone (no strata, no clusters).

        sample: people in the whole sample where the groups are domains of it, by default each group's own base.
        fraction: the sampling fraction, for the finite population correction.
        Source: linearised ratio; SE^2 = n/(n-1) [(1-p)^2 S2_in + p^2 S2_out] / W^2; equals svymean and svyby of R
        survey.
        """
        n = np.asarray(self.base[N] if sample is None else sample, dtype=np.float64)
        p, inside = self.share, squares_of(self.inside)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = (1 - p) ** 2 * inside + p**2 * (squares_of(self.base) - inside)
            return np.asarray(np.sqrt((1 - fraction) * n / (n - 1) * spread) / self.base[SW])


@dataclass(frozen=True)
class Pick:
    """What is estimated of a question: the answers (codes of an item) whose share it is.

    base: the codes that are its base, where that is not every answer.
    """

    selector: str
    item: str
    codes: tuple[int, ...]
    base: tuple[int, ...] | None = None


def picks(question: Question, joint: Sequence[tuple[str, ...]] = ()) -> Iterator[Pick]:
    """All shares of a question: one an option, one a side where its scale has sides, and joint shares of options.

    joint: sets of options whose shares are wanted together, such as "good" and "expert"; the selector is "good+expert".
    """
    if question.scale is None:
        return
    for code, option in enumerate(question.options):
        if question.kind == "single":
            yield Pick(option.id, question.id, (code,))
        else:
            yield Pick(option.id, question.items[code], (1,))
    if question.kind == "single" and question.scale.has_sides:
        for selector, side in ((SIDE_HIGH, 1), (SIDE_MIDDLE, 0), (SIDE_LOW, -1)):
            yield Pick(selector, question.id, question.scale.codes(side))
    for options in joint:
        codes = tuple(question.scale.option_ids.index(option) for option in options)
        yield Pick(joint_selector(options), question.id, codes)


def joint_selector(options: Sequence[str]) -> str:
    """The selector of several options taken together; of one option it is that option.

    >>> joint_selector(("good", "expert"))
    'good+expert'
    """
    return "+".join(options)


def joint_options(instrument: Instrument, question: str) -> tuple[tuple[str, ...], ...]:
    """The sets of several options that the planned comparisons of an instrument take together."""
    planned = (p.options for p in instrument.planned if p.question == question and len(p.options) > 1)
    return tuple(dict.fromkeys(planned))


def sums(tally: Tally, grouping: str, question: Question, chosen: Sequence[Pick]) -> Sums:
    """The sums of several shares of one question in every group.

    In multi and ranked questions an unticked box is in the base.
    """
    inside, bases = [], []
    for pick in chosen:
        cells = tally.cells(grouping, pick.item)
        answers = range(len(tally.items[pick.item]) - len(MISSING)) if pick.base is None else pick.base
        base = cells[:, :, list(answers)].sum(axis=2)
        if question.kind != "single":
            base = base + cells[:, :, missing_place(Missing.UNTICKED)]
        inside.append(cells[:, :, list(pick.codes)].sum(axis=2))
        bases.append(base)
    return Sums(np.stack(inside, axis=1), np.stack(bases, axis=1))

"""What an estimate is: Group, Figure, Comparison and Participation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from surefoot.evidence import content_id
from surefoot.study import ALL

NOW = "these staff now"
LIKE_THESE = "staff like these"
SHOWN, SUPPRESSED, NOT_ASKED, NO_ANSWERS = "shown", "suppressed", "not asked", "no answers"
NET, MEDIAN, MEAN = "net", "median", "mean"
SIDE_HIGH, SIDE_MIDDLE, SIDE_LOW = "side:high", "side:middle", "side:low"
"""Selectors of a whole side of a scale with poles, in the place of an option id."""


@dataclass(frozen=True, order=True)
class Group:
    """A group of people: a breakdown and one of its codes; ("all", "all") is everybody.

    >>> str(Group("organisation", "oakfield"))
    'organisation=oakfield'
    """

    breakdown: str = ALL
    code: str = ALL

    def __str__(self) -> str:
        return ALL if self.breakdown == ALL else f"{self.breakdown}={self.code}"


EVERYONE = Group()


@dataclass(frozen=True)
class Figure:
    """One number about one group, with its uncertainty; not rounded.

    kind: share (0 to 1), net (positive minus negative share, -1 to 1), median (position of the middle answer) or mean
    (the question's unit). selector: an option id or a side of the scale; "" for net, median and mean. base: unweighted
    people who gave an answer. effective_base: what they are worth after weighting. low, high: at `level`, two-sided.
    at_least, at_most: one-sided 95 % bounds, which the findings use. population: headcount behind the claim "these
    staff
    now", None for "staff like these". worst_case: the share or net among all staff if everybody who did not answer had
    answered one way, or the other (Manski's bounds). response: people who answered over headcount, None where it is
    unknown. value and bounds are None where there is nothing to show, and `status` says why.
    """

    study: str
    instrument: str
    kind: str
    question: str
    selector: str
    group: Group
    wave: str
    method: str
    claim: str
    base: int
    effective_base: float
    value: float | None
    low: float | None
    high: float | None
    at_least: float | None = None
    at_most: float | None = None
    level: float = 0.95
    worst_case: tuple[float, float] | None = None
    population: int | None = None
    response: float | None = None
    status: str = SHOWN
    unit: str = ""

    @cached_property
    def id(self) -> str:
        """The name of what was asked of whom and how; it never depends on the answers."""
        return content_id("figure", self.identity())

    def identity(self) -> dict[str, Any]:
        """What the id is the hash of; not how organisations are combined, which depends on who may be shown."""
        return {
            "study": self.study,
            "instrument": self.instrument,
            "kind": self.kind,
            "question": self.question,
            "selector": self.selector,
            "group": str(self.group),
            "wave": self.wave,
            "method": self.method.split(",")[0],
        }

    @property
    def shown(self) -> bool:
        """Whether there is a value to show."""
        return self.status == SHOWN

    @property
    def tipping_point(self) -> float | None:
        """By how much non-responders would have to differ from those who answered to bring a net of all staff to zero.

        r * d + (1 - r) * (d - t) = 0 gives t = d / (1 - r). None where everybody answered or the rate is unknown.
        """
        if self.value is None or self.response is None or self.response >= 1 or self.kind != NET:
            return None
        return abs(self.value) / (1 - self.response)


@dataclass(frozen=True)
class Comparison:
    """A test between groups, or between answers of one group. Never with finite population correction between groups.

    family: "planned", "pairs" or "areas". figures: ids of the figures compared. difference, low, high: for a pair; None
    for a test of all groups at once. p: of the test alone; p_adjusted: by Holm over its family. smallest_found: the gap
    that would have been found with 80 % power.
    """

    family: str
    method: str
    question: str
    wave: str
    groups: tuple[Group, ...]
    figures: tuple[str, ...]
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    smallest_found: float | None = None
    selectors: tuple[str, ...] = ()

    @cached_property
    def id(self) -> str:
        """The name of what was compared and how; it never depends on the answers."""
        content = {"family": self.family, "method": self.method, "figures": list(self.figures), "wave": self.wave}
        return content_id("comparison", content)


@dataclass(frozen=True)
class Participation:
    """How many of an organisation (or of all) answered. answered and rate are None where they are not shown."""

    group: Group
    headcount: int | None
    answered: int | None
    status: str = SHOWN

    @property
    def rate(self) -> float | None:
        """Answered over headcount, 0 to 1."""
        if self.answered is None or not self.headcount:
            return None
        return self.answered / self.headcount

"""Figures as they are shown: rounded once, half away from zero; bounds rounded outward."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import Any

from surefoot.estimate.figure import MEAN, MEDIAN, NET, SUPPRESSED, Figure
from surefoot.interval import round_one
from surefoot.release.policy import SURVEY, Policy

RECORD = {
    "id": "text",
    "kind": "text",
    "question": "text",
    "selector": "text",
    "breakdown": "text",
    "code": "text",
    "wave": "text",
    "claim": "text",
    "method": "text",
    "status": "text",
    "base": "whole",
    "effective_base": "whole",
    "population": "whole",
    "value": "number",
    "low": "number",
    "high": "number",
    "level": "number",
    "percent": "whole",
    "percent_low": "whole",
    "percent_high": "whole",
}
"""The columns of a figure as a record, and whether each holds text, whole numbers or numbers."""
DIGITS = {MEAN: 1, MEDIAN: 1}
"""Decimals of the values that are no shares."""
COARSE = 10
"""Effective bases of people who weigh differently are shown as multiples of this."""
_NUDGE = 1e-9


@dataclass(frozen=True)
class ShownFigure:
    """The numbers of a figure as a reader sees them; None where nothing is shown.

    value, low, high: shares and nets in steps of whole percentage points, divided by 100; others in their unit.
    percent and its bounds: the same as whole numbers, for shares and nets alone. Bounds are rounded outward.
    effective_base: None also where weights may not be told.
    """

    value: float | None
    low: float | None
    high: float | None
    base: int | None
    effective_base: int | None
    percent: int | None
    percent_low: int | None
    percent_high: int | None

    def to_json(self) -> dict[str, float | int | None]:
        """The numbers as a plain table."""
        return dict(vars(self))


NOTHING = ShownFigure(None, None, None, None, None, None, None, None)
"""What is seen of a suppressed figure."""


def shown(figure: Figure, policy: Policy = SURVEY) -> ShownFigure:
    """A figure rounded as it is shown, once.

    >>> from surefoot.estimate.figure import EVERYONE, Figure
    >>> figure = Figure("s", "i", "share", "q", "o", EVERYONE, "1", "m", "c", 42, 42.0, 0.5, 0.418, 0.582)
    >>> shown(figure).percent, shown(figure).percent_low, shown(figure).percent_high
    (50, 41, 59)
    """
    if figure.status == SUPPRESSED:
        return NOTHING
    step, digits = (policy.round_percent / 100, 2) if figure.kind in ("share", NET) else (None, DIGITS[figure.kind])
    step = step or 10.0**-digits
    steps = (_nearest(figure.value, step), _below(figure.low, step), _above(figure.high, step))
    value, low, high = (None if part is None else round(part * step, digits) + 0.0 for part in steps)
    percents = [
        None if part is None or figure.kind not in ("share", NET) else round(part * 100) for part in (value, low, high)
    ]
    return ShownFigure(
        value=value,
        low=low,
        high=high,
        base=int(round_one(figure.base / policy.round_base)) * policy.round_base,
        effective_base=_worth(figure),
        percent=percents[0],
        percent_low=percents[1],
        percent_high=percents[2],
    )


def _worth(figure: Figure) -> int | None:
    """The effective base, None where it is not known; where people weigh differently to the nearest ten.

    Of two kinds of people whose weights are known, it would otherwise tell how many of each are in the group.
    """
    if figure.base and not figure.effective_base:
        return None
    step = COARSE if "weighted" in figure.method else 1
    return int(round_one(figure.effective_base / step)) * step


def _nearest(number: float | None, step: float) -> int | None:
    return None if number is None else int(round_one(number / step))


def _below(number: float | None, step: float) -> int | None:
    return None if number is None else floor(number / step + _NUDGE)


def _above(number: float | None, step: float) -> int | None:
    return None if number is None else ceil(number / step - _NUDGE)


def record(figure: Figure, numbers: ShownFigure) -> dict[str, Any]:
    """A figure as one flat record with the columns of RECORD. numbers: the figure's, rounded as shown."""
    names = {"breakdown": figure.group.breakdown, "code": figure.group.code, "id": figure.id}
    joined = vars(figure) | names | vars(numbers)
    return {name: joined[name] for name in RECORD}

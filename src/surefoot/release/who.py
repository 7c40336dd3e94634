"""Who answered, as a release tells it: coverage, what the silent could change, early against late, and weights.

Everything here is rounded and protected already. Counts under the minimum base are never in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from surefoot.estimate.figure import Group, Participation

OVER = "over"
"""Status of a group in which more people answered than were counted: the frame is wrong."""


@dataclass(frozen=True)
class Bound:
    """A headline share or net of everybody, and what it would be if the silent all thought one way, or the other.

    All numbers are shares (0 to 1) or nets (-1 to 1) in whole percentage points, bounds rounded outward. tipping_point:
    by how much the silent would have to differ from those who answered to bring a net to nothing, or a share to one
    half; None where nobody is silent.
    """

    question: str
    kind: str
    selector: str
    value: float
    low: float
    high: float
    tipping_point: float | None


@dataclass(frozen=True)
class Shift:
    """A headline share or net of those who answered early less that of those who answered late, unweighted.

    difference and its bounds are in whole percentage points, bounds rounded outward; None where status is not "shown".
    """

    question: str
    kind: str
    selector: str
    difference: float | None
    low: float | None
    high: float | None
    status: str


@dataclass(frozen=True)
class WeightLine:
    """What the weights do.

    margins: what answers were weighted to. trim: the greatest weight allowed. trimmed: people whose weight was cut,
    None where they are fewer than the minimum base but some. misfit: how far a weighted class is from the frame at
    most, in percentage points, one decimal. least, greatest: as multiples of the mean, to the nearest half. All but the
    method are None where somebody is in a hidden group.
    """

    method: str
    margins: tuple[str, ...]
    trim: float
    trimmed: int | None
    misfit: float | None
    base: int
    effective_base: int | None
    design_effect: float | None
    least: float | None
    greatest: float | None


@dataclass(frozen=True)
class Who:
    """Who answered one wave.

    coverage: staff groups (and declared crosses with organisation) with headcount and people who answered, as
    Participation. bounds: headline figures. shifts: early less late; empty where the answers do not say when, or the
    two are not both large enough. r_indicator: 1 where every part of the frame answered alike. weights: None where
    everybody counts once. frame: sentences on what is wrong with, or missing from, the frame.
    """

    coverage: tuple[Participation, ...] = ()
    bounds: tuple[Bound, ...] = ()
    shifts: tuple[Shift, ...] = ()
    r_indicator: float | None = None
    weights: WeightLine | None = None
    frame: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a plain table."""
        return {
            "coverage": [_row(part) for part in self.coverage],
            "bounds": [asdict(bound) for bound in self.bounds],
            "shifts": [asdict(shift) for shift in self.shifts],
            "r_indicator": self.r_indicator,
            "weights": None if self.weights is None else asdict(self.weights) | {"margins": list(self.weights.margins)},
            "frame": list(self.frame),
        }

    @classmethod
    def from_json(cls, table: Mapping[str, Any]) -> Who:
        """From a plain table, such as a release holds; an empty one where it holds none."""
        weights = table.get("weights")
        return cls(
            coverage=tuple(_part(row) for row in table.get("coverage", ())),
            bounds=tuple(Bound(**row) for row in table.get("bounds", ())),
            shifts=tuple(Shift(**row) for row in table.get("shifts", ())),
            r_indicator=table.get("r_indicator"),
            weights=WeightLine(**{**weights, "margins": tuple(weights["margins"])}) if weights else None,
            frame=tuple(table.get("frame", ())),
        )


def _row(part: Participation) -> dict[str, Any]:
    numbers = {"headcount": part.headcount, "answered": part.answered, "status": part.status}
    return {"breakdown": part.group.breakdown, "code": part.group.code, **numbers}


def _part(row: Mapping[str, Any]) -> Participation:
    return Participation(Group(row["breakdown"], row["code"]), row["headcount"], row["answered"], row["status"])

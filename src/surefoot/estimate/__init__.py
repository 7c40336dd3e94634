"""Figures and comparisons: pure functions of a Tally."""

from surefoot.estimate.change import changes, endless
from surefoot.estimate.compare import compare
from surefoot.estimate.figure import (
    EVERYONE,
    LIKE_THESE,
    MEAN,
    MEDIAN,
    NET,
    NO_ANSWERS,
    NOT_ASKED,
    NOW,
    SHOWN,
    SIDE_HIGH,
    SIDE_LOW,
    SIDE_MIDDLE,
    SUPPRESSED,
    Comparison,
    Figure,
    Group,
    Participation,
)
from surefoot.estimate.figures import estimate, participation
from surefoot.estimate.rao_scott import RaoScott, rao_scott

__all__ = [
    "EVERYONE",
    "LIKE_THESE",
    "MEAN",
    "MEDIAN",
    "NET",
    "NOT_ASKED",
    "NOW",
    "NO_ANSWERS",
    "SHOWN",
    "SIDE_HIGH",
    "SIDE_LOW",
    "SIDE_MIDDLE",
    "SUPPRESSED",
    "Comparison",
    "Figure",
    "Group",
    "Participation",
    "RaoScott",
    "changes",
    "compare",
    "endless",
    "estimate",
    "participation",
    "rao_scott",
]

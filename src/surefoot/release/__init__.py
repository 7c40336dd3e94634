"""The only gate to the outside: policies, what is not shown, rounding, and the Release itself."""

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
from surefoot.release.answered import Answered
from surefoot.release.earlier import kept_release, questions_that_differ, shown_alike
from surefoot.release.files import RELEASE_FILE, read_release, release_table, write_release
from surefoot.release.narrowed import narrowed
from surefoot.release.plan import Plan, left_out, plan
from surefoot.release.policy import PARTICIPATION, POLICIES, SURVEY, Policy, policy_from
from surefoot.release.quotes import Quote
from surefoot.release.release import FEW, NotShown, Release, may_follow, release, released
from surefoot.release.shown import ShownFigure, shown
from surefoot.release.who import OVER, Bound, Shift, WeightLine, Who

__all__ = [
    "EVERYONE",
    "FEW",
    "LIKE_THESE",
    "MEAN",
    "MEDIAN",
    "NET",
    "NOT_ASKED",
    "NOW",
    "NO_ANSWERS",
    "OVER",
    "PARTICIPATION",
    "POLICIES",
    "RELEASE_FILE",
    "SHOWN",
    "SIDE_HIGH",
    "SIDE_LOW",
    "SIDE_MIDDLE",
    "SUPPRESSED",
    "SURVEY",
    "Answered",
    "Bound",
    "Comparison",
    "Figure",
    "Group",
    "NotShown",
    "Participation",
    "Plan",
    "Policy",
    "Quote",
    "Release",
    "Shift",
    "ShownFigure",
    "WeightLine",
    "Who",
    "kept_release",
    "left_out",
    "may_follow",
    "narrowed",
    "plan",
    "policy_from",
    "questions_that_differ",
    "read_release",
    "release",
    "release_table",
    "released",
    "shown",
    "shown_alike",
    "write_release",
]

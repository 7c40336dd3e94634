"""How cautious a room is: named policies, each with the smallest base that may be shown and how numbers are rounded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from surefoot.errors import BadInput, Refused

LOWEST_MINIMUM_BASE = 10
"""No study may set a smaller minimum base than this."""


@dataclass(frozen=True)
class Policy:
    """What may be shown in one room.

    minimum_base: the fewest unweighted people behind anything that is shown. zero_full_rule: whether a question is
    hidden where one answer holds all of a group or all but one. round_percent: shares are shown as multiples of this
    many percentage points. round_base: bases are shown as multiples of this; 1 shows them as they are.
    """

    name: str
    minimum_base: int = 11
    zero_full_rule: bool = True
    round_percent: int = 1
    round_base: int = 1


SURVEY = Policy("SURVEY")
PARTICIPATION = Policy("PARTICIPATION", zero_full_rule=False)
POLICIES: Mapping[str, Policy] = {policy.name: policy for policy in (SURVEY, PARTICIPATION)}
"""Policies by name. The rooms BALLOT, EXTRACT and PILOT get theirs when there are such rooms."""


def policy_from(settings: Mapping[str, Any], base: Policy = SURVEY) -> Policy:
    """A named policy with a study's own minimum base.

    settings: the study's table `policy`. The minimum may be raised freely; it is 11 unless it is set, and never under
    10. Raises BadInput for a setting that does not exist, Refused for a minimum that is too low.

    >>> policy_from({"minimum_base": 15}).minimum_base
    15
    """
    unknown = set(settings) - {"minimum_base"}
    if unknown:
        raise BadInput("study, policy", f'"{sorted(unknown)[0]}"', "the setting minimum_base")
    minimum = settings.get("minimum_base", base.minimum_base)
    if not isinstance(minimum, int) or isinstance(minimum, bool):
        raise BadInput("study, policy, minimum_base", repr(minimum), "a whole number of people")
    if minimum < LOWEST_MINIMUM_BASE:
        remedy = f"Set it to {LOWEST_MINIMUM_BASE} or more; {base.minimum_base} is usual."
        raise Refused("minimum base", f"groups of {minimum} people are too small to be shown", remedy)
    return replace(base, minimum_base=minimum)

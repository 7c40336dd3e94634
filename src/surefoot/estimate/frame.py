"""How many people each group stands for: headcounts by group, and the strata of a figure for several organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from surefoot.errors import BadInput
from surefoot.interval import Floats
from surefoot.study import ALL, ORGANISATION, SERVICE_TYPE, Study
from surefoot.tally import PROFILE, N, Tally

FEW = 10
"""No count of so few people is in any text."""
Strata = Sequence[tuple[str, ...]]
"""Organisations that form one stratum together: one each, or several that are too small to stand alone."""


@dataclass(frozen=True)
class Stratum:
    """Rows of the organisation axis that are merged, and the headcount that they stand for.

    weight: people whom a figure is about, the headcount unless a question is asked of some only.
    """

    places: tuple[int, ...]
    headcount: float
    service_type: str | None
    weight: float


def headcounts(study: Study, tally: Tally, grouping: str, left_out: Sequence[str] = ()) -> Floats:
    """Headcount of each group of a grouping, NaN where nobody counted it.

    Raises BadInput where more people answered than there are in an organisation: the frame is wrong, and every rate and
    interval would be.
    """
    labels, people = tally.axes[grouping].labels, respondents(tally, grouping)
    found = np.array([_headcount(study, grouping, label, left_out) for label in labels], dtype=np.float64)
    over = found < people
    if grouping == ORGANISATION and bool(over.any()):
        place = int(np.argmax(over))
        raise BadInput(
            f'study, organisation "{labels[place]}", headcount',
            f"{found[place]:.0f} staff but {_told(int(people[place]))} who answered",
            "a headcount by the same rules as the invitations",
        )
    return np.where(over, np.nan, found)


def _told(people: int) -> str:
    """How many people, unless they are too few to be told of; the analyst is no exception."""
    return str(people) if people > FEW else "more people"


def respondents(tally: Tally, grouping: str) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """People in each group of a grouping, whatever they answered."""
    for (by, _), table in tally.tables.items():
        if by == grouping:
            return np.asarray(table[N].sum(axis=(0, 2)))
    return np.zeros(len(tally.axes[grouping]), dtype=np.int64)


def _headcount(study: Study, grouping: str, label: str, left_out: Sequence[str]) -> float:
    counted = [o for o in study.organisations if o.id not in left_out]
    if grouping == study.headcount_by:
        return _sum([o.headcount.get(label) if o.headcount else None for o in counted])
    if grouping == ORGANISATION:
        return _sum([o.staff for o in counted if o.id == label])
    if grouping == SERVICE_TYPE:
        return _sum([o.staff for o in counted if o.service_type == label])
    return _sum([o.staff for o in counted]) if grouping == ALL else np.nan


def _sum(parts: Sequence[int | None]) -> float:
    known = [part for part in parts if part is not None]
    return float(sum(known)) if known and len(known) == len(parts) else np.nan


def staff_by_organisation(study: Study) -> dict[str, float]:
    """Headcounts of the organisations that have one."""
    return {o.id: float(o.staff) for o in study.organisations if o.staff}


def strata_of(study: Study, tally: Tally, strata: Strata | None, left_out: Sequence[str] = ()) -> tuple[Stratum, ...]:
    """The strata of figures for the whole group; none where organisations or headcounts are not known (then:
    pooled)."""
    if ORGANISATION not in tally.axes:
        return ()
    labels = tally.axes[ORGANISATION].labels
    staff = {o.id: o.staff for o in study.organisations}
    kinds = {o.id: o.service_type for o in study.organisations}
    chosen = strata if strata is not None else [(label,) for label in labels if label not in left_out]
    if any(staff[label] is None for members in chosen for label in members):
        return ()
    made = []
    for members in chosen:
        types = {kinds[label] for label in members}
        people = float(sum(staff[label] or 0 for label in members))
        places = tuple(labels.index(label) for label in members)
        made.append(Stratum(places, people, types.pop() if len(types) == 1 else None, weight=people))
    return tuple(made)


def groupings(tally: Tally) -> tuple[str, ...]:
    """The groupings that figures are made for: all but the profiles."""
    return tuple(name for name in tally.axes if name != PROFILE)

"""Change between two waves: the difference of each share, net and mean, with its interval.

The waves are taken as independent, since anonymous answers cannot be paired. Where the same people answered both times
they mostly think alike, so the interval is then wider than it need be, never narrower.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from surefoot.estimate.compare import POWER
from surefoot.estimate.figure import EVERYONE, MEAN, NET, Comparison, Figure
from surefoot.estimate.sums import joint_selector
from surefoot.instrument import Instrument
from surefoot.interval import Interval, holm, reach_of_difference, z_value
from surefoot.study import Organisation, Study

WAVES = "waves"
METHOD = "MOVER of the intervals of two independent waves"
KINDS = ("share", NET, MEAN)
_ENDLESS = 10**6
_RISK = 0.05
Key = tuple[str, str, str]
"""A kind, a question and a selector."""


def endless(study: Study) -> Study:
    """The study as if each organisation had a million times its staff: no finite population correction is left.

    Staff of two waves differ by chance even where everybody answered. What organisations weigh in the whole group
    stays as it is, and so do the names of all figures. Of a sample in strata and clusters, nobody counted how many
    there are.

    >>> endless(Study("s", "S", None, (Organisation("a", "A", headcount={"all": 60}),))).organisations[0].staff
    60000000
    """
    sampling = study.sampling.endless(_ENDLESS) if study.sampling else None
    organisations = tuple(_endless(organisation) for organisation in study.organisations)
    return replace(study, organisations=organisations, sampling=sampling)


def _endless(organisation: Organisation) -> Organisation:
    return replace(organisation, headcount={name: people * _ENDLESS for name, people in organisation.headcount.items()})


def headline(instrument: Instrument) -> tuple[Key, ...]:
    """The quantities whose change is told in sentences: those of the planned comparisons, once each.

    They were fixed before any answer was seen, and they alone form the family that is adjusted by Holm's method.
    """
    shares = (("share", p.question, joint_selector(p.options)) for p in instrument.planned if p.options)
    nets = ((NET, p.question, "") for p in instrument.planned if not p.options)
    return tuple(dict.fromkeys((*shares, *nets)))


def changes(
    earlier: Sequence[Figure], later: Sequence[Figure], instrument: Instrument, *, differing: Collection[str] = ()
) -> tuple[Comparison, ...]:
    """The change of every share, net and mean that is shown in both waves.

    earlier, later: figures of two waves without finite population correction (see `endless`), of which those that may
    not be shown have another status than "shown". differing: questions whose wording or options differ between the
    waves; they are not compared, and neither are themes of comments, which have no interval. A headline change that
    cannot be worked out still counts in the family.
    """
    before = {_place(figure): figure for figure in earlier if figure.shown and figure.kind in KINDS}
    pairs = [
        (before[_place(figure)], figure)
        for figure in later
        if figure.shown
        and _place(figure) in before
        and figure.question not in differing
        and not instrument[figure.question].coded_from
    ]
    wanted = headline(instrument)
    made = [_change(one, other, len(wanted)) for one, other in pairs]
    return tuple(_adjusted(made, [_key(other) if other.group == EVERYONE else None for _, other in pairs], wanted))


def _place(figure: Figure) -> tuple[str, str, str, object]:
    return (*_key(figure), figure.group)


def _key(figure: Figure) -> Key:
    return figure.kind, figure.question, figure.selector


def _change(earlier: Figure, later: Figure, family: int) -> Comparison:
    """The difference of two independent figures, each with an interval of its own.

    Source: Newcombe 1998, Statistics in Medicine 17, 873-890, method 10, for shares; Zou and Donner 2008, Statistics in
    Medicine 27, 1693-1702, for any two estimates. p is that of the distance to the bound on the side of zero.
    """
    before, now = _numbers(earlier), _numbers(later)
    gap = float(now.value - before.value)
    below, above = (float(reach) for reach in reach_of_difference(now, before))
    error = (below + above) / 2 / z_value(later.level)
    return Comparison(
        family=WAVES,
        method=METHOD,
        question=later.question,
        wave=later.wave,
        groups=(later.group,),
        figures=(earlier.id, later.id),
        difference=gap,
        low=gap - below,
        high=gap + above,
        p=_p(gap, below if gap > 0 else above, z_value(later.level)),
        smallest_found=None if later.kind == MEAN else error * _reach(family),
        selectors=(later.selector,) if later.selector else (),
    )


def _numbers(figure: Figure) -> Interval:
    value = figure.value or 0.0
    ends = (value if end is None else end for end in (figure.low, figure.high))
    return Interval(np.asarray(value), *(np.asarray(end) for end in ends))


def _p(gap: float, reach: float, z: float) -> float:
    """Two-sided p of a difference whose bound on the side of zero lies z standard errors away."""
    if reach <= 0:
        return float(gap == 0)
    return 2 * NormalDist().cdf(-abs(gap) / reach * z)


def _reach(family: int) -> float:
    """How many standard errors a change must have to be found with 80 % power at the level of Holm's first step."""
    normal = NormalDist()
    return normal.inv_cdf(1 - _RISK / (2 * max(1, family))) + normal.inv_cdf(POWER)


def _adjusted(made: Sequence[Comparison], keys: Sequence[Key | None], wanted: Sequence[Key]) -> Iterator[Comparison]:
    """P values of the headline changes, adjusted by Holm's method over all that were planned."""
    places = {key: place for place, key in enumerate(keys) if key in wanted}
    raw = [made[places[key]].p if key in places else None for key in wanted]
    adjusted = dict(zip(wanted, holm([1.0 if p is None else p for p in raw]), strict=True))
    for change, key in zip(made, keys, strict=True):
        yield change if key is None or key not in adjusted else replace(change, p_adjusted=float(adjusted[key]))

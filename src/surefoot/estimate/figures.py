"""Figures of a study: shares, nets, medians and means of every question in every group, with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from surefoot.estimate.design import NO_DESIGN
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
    Figure,
    Group,
    Participation,
)
from surefoot.estimate.frame import Strata, groupings, headcounts, respondents
from surefoot.estimate.scope import Scope, Scopes
from surefoot.estimate.sums import Pick, Sums, joint_options, picks, sums
from surefoot.estimate.ways import Way, way_of
from surefoot.instrument import Question
from surefoot.interval import Floats, Interval, snap_between, snap_outward
from surefoot.responses import Missing
from surefoot.study import ALL, ORGANISATION, SERVICE_TYPE, Study
from surefoot.tally import Integers, N, Tally

LEVEL = 0.95
ONE_SIDED = 0.90
"""A two-sided interval of this level has one-sided 95 % bounds."""


def estimate(
    tally: Tally,
    study: Study,
    *,
    wave: str = "1",
    strata: Callable[[str], Strata] | None = None,
    left_out: Sequence[str] = (),
) -> tuple[Figure, ...]:
    """Every figure of one wave of a study, unrounded and unreleased.

    strata: for each question, the organisations that form a stratum of the group's figures together; each for itself by
    default. left_out:
    organisations whose answers are in no table of this tally, so that no headcount of theirs is either.
    """
    scopes = Scopes(tally, study, strata, tuple(left_out))
    making = _Making(scopes, way_of(scopes), wave)
    return tuple(figure for grouping in groupings(tally) for figure in making.grouping(grouping))


def participation(tally: Tally, study: Study) -> tuple[Participation, ...]:
    """Headcount and people who answered, for each organisation and for all; nothing is hidden yet."""
    everybody = Participation(EVERYONE, _whole(headcounts(study, tally, ALL)[0]), int(respondents(tally, ALL)[0]))
    if ORGANISATION not in tally.axes:
        return (everybody,)
    staff, people = headcounts(study, tally, ORGANISATION), respondents(tally, ORGANISATION)
    rows = zip(tally.axes[ORGANISATION].labels, staff, people, strict=True)
    return (everybody, *(Participation(Group(ORGANISATION, label), _whole(n), int(a)) for label, n, a in rows))


def _whole(number: float) -> int | None:
    return None if np.isnan(number) else int(number)


# Making figures ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Estimates:
    """Estimates of one quantity (or of several, on a first axis) in every group: at 95 %, two-sided and one-sided.

    count: unweighted people inside the share, or positive less negative for a net, for the worst case; None where it
    has none. alike: where everybody in the base weighs the same.
    """

    base: Integers
    effective_base: Floats
    alike: npt.NDArray[np.bool_]
    two_sided: Interval
    one_sided: Interval
    count: Integers | None = None

    def row(self, place: int) -> _Estimates:
        """The estimates of one pick, where there are several."""
        two, one = (Interval(i.value[place], i.low[place], i.high[place]) for i in (self.two_sided, self.one_sided))
        count = None if self.count is None else self.count[place]
        return _Estimates(self.base[place], self.effective_base[place], self.alike[place], two, one, count)


@dataclass(frozen=True)
class _Making:
    scopes: Scopes
    way: Way
    wave: str

    @property
    def study(self) -> Study:
        return self.scopes.study

    @property
    def tally(self) -> Tally:
        return self.scopes.tally

    def grouping(self, grouping: str) -> Iterator[Figure]:
        for question in self.study.instrument.questions:
            if not question.items or question.items[0] not in self.tally.items:
                continue
            scope = self.scopes.for_question(grouping, question)
            chosen = tuple(picks(question, joint_options(self.study.instrument, question.id)))
            if chosen:
                shares = self._shares(scope, question, chosen, (LEVEL, ONE_SIDED))
                for place, pick in enumerate(chosen):
                    yield from self._figures(scope, question, "share", pick.selector, shares.row(place))
            if question.kind == "single" and question.scale is not None:
                yield from self._scale_figures(scope, question)
            if question.kind == "number":
                yield from self._figures(scope, question, MEAN, "", self._means(scope, question))

    def _scale_figures(self, scope: Scope, question: Question) -> Iterator[Figure]:
        scale = question.scale
        if scale is not None and scale.has_sides:
            yield from self._figures(scope, question, NET, "", self._nets(scope, question))
        elif scale is not None and scale.ordered:
            yield from self._figures(scope, question, MEDIAN, "", self._medians(scope, question))

    # Quantities

    def _shares(
        self, scope: Scope, question: Question, chosen: Sequence[Pick], levels: tuple[float, float]
    ) -> _Estimates:
        whole = sums(self.tally, scope.grouping, question, chosen)
        made = self.way.shares(scope, question, chosen, whole)
        if question.coded_from:
            value = made.interval(LEVEL).value
            exact = Interval(value, value, value)
            return _Estimates(whole.base[N], made.effective_base, whole.alike, exact, exact, whole.inside[N])
        staff = self.scopes.countable(scope, question, whole, chosen)
        two, one = (snap_outward(made.interval(level), whole.inside[N], whole.base[N], staff) for level in levels)
        return _Estimates(whole.base[N], made.effective_base, whole.alike, two, one, whole.inside[N])

    def _nets(self, scope: Scope, question: Question) -> _Estimates:
        both = _both_sides(question)
        whole = sums(self.tally, scope.grouping, question, both)
        made = self.way.net(scope, question, both, whole)
        staff = self.scopes.countable(scope, question, whole, both)[:1]
        net, silent = whole.inside[N, :1] - whole.inside[N, 1:], staff - whole.base[N, :1]
        levels = (LEVEL, ONE_SIDED)
        two, one = (snap_between(made.interval(level), net - silent, net + silent, staff) for level in levels)
        return _Estimates(whole.base[N], made.effective_base, whole.alike, two, one, net).row(0)

    def _medians(self, scope: Scope, question: Question) -> _Estimates:
        """The middle position, and the lowest and highest within joint (Bonferroni) limits of the cumulative shares."""
        placed = sorted((o.position, code) for code, o in enumerate(question.options) if o.position is not None)
        positions = np.array([position for position, _ in placed], dtype=np.float64)
        codes = tuple(code for _, code in placed)
        steps = [Pick("", question.id, codes[: k + 1], codes) for k in range(len(codes))]
        joint = (1 - (1 - level) / max(1, len(steps) - 1) for level in (LEVEL, ONE_SIDED))
        made = self._shares(scope, question, steps, (next(joint), next(joint)))
        two, one = (_middle(positions, interval) for interval in (made.two_sided, made.one_sided))
        return _Estimates(made.base, made.effective_base, made.alike, two, one).row(0)

    def _means(self, scope: Scope, question: Question) -> _Estimates:
        made = self.way.mean(scope, question)
        base = self.tally.answers(scope.grouping, question.id).sum(axis=2)
        alike, two, one = Sums(base, base).alike, made.interval(LEVEL), made.interval(ONE_SIDED)
        return _Estimates(base[N], made.effective_base, alike, two, one)

    # Figures

    def _figures(
        self, scope: Scope, question: Question, kind: str, selector: str, made: _Estimates
    ) -> Iterator[Figure]:
        silence = self._silence(scope, question)
        for place, label in enumerate(scope.labels):
            base, staff = int(made.base[place]), scope.staff[place]
            status = SHOWN if base and np.isfinite(made.two_sided.value[place]) else silence[place]
            yield Figure(
                study=self.study.id,
                instrument=self.study.instrument.id,
                kind=kind,
                question=question.id,
                selector=selector,
                group=Group(scope.grouping, label),
                wave=self.wave,
                method=(COMMENTS if question.coded_from else self._method(kind))
                + ("" if made.alike[place] else ", weighted")
                + ("" if question.coded_from else self._combined(scope, place, kind)),
                claim=WROTE if question.coded_from else LIKE_THESE if np.isnan(staff) else NOW,
                base=base,
                effective_base=float(made.effective_base[place]),
                value=_known(made.two_sided.value[place], status),
                low=_known(made.two_sided.low[place], status),
                high=_known(made.two_sided.high[place], status),
                at_least=_known(made.one_sided.low[place], status),
                at_most=_known(made.one_sided.high[place], status),
                worst_case=_worst_case(kind, made, place, staff) if status == SHOWN else None,
                population=_whole(staff),
                response=None if np.isnan(staff) or not staff else float(min(1.0, scope.people[place] / staff)),
                status=status,
                unit=question.unit,
            )

    def _method(self, kind: str) -> str:
        return _METHODS[kind] if self.tally.units == NO_DESIGN else _METHODS_BY_DESIGN[kind]

    def _combined(self, scope: Scope, place: int, kind: str) -> str:
        """How several organisations are combined: by strata, or pooled; nothing where there is one or none."""
        if scope.strata[place] and kind != MEAN:
            return ", stratified by headcount"
        several = ORGANISATION in self.tally.axes and len(self.tally.axes[ORGANISATION]) > 1
        return ", pooled" if several and scope.grouping in (ALL, SERVICE_TYPE) else ""

    def _silence(self, scope: Scope, question: Question) -> tuple[str, ...]:
        """Why there is nothing to show, by group: nobody was asked, or nobody who was asked answered."""
        item = question.items[0]
        everybody = self.tally.cells(scope.grouping, item)[N].sum(axis=1)
        not_asked = self.tally.missing(scope.grouping, item, Missing.NOT_ASKED)
        return tuple(NOT_ASKED if 0 < n == m else NO_ANSWERS for n, m in zip(everybody, not_asked, strict=True))


WROTE = "those who wrote"
"""Whom a share of comments is about."""
COMMENTS = "share of the comments, no interval: those who wrote stand for no one else"
_METHODS = {
    "share": "Wilson interval",
    NET: "Bonett-Price interval of the difference of two shares",
    MEDIAN: "median at the joint limits of the cumulative shares",
    MEAN: "normal interval of a mean",
}
_METHODS_BY_DESIGN = {
    "share": "Wilson interval at the effective size of the design",
    NET: "Bonett-Price interval of the difference of two shares at the effective size of the design",
    MEDIAN: "median at the joint limits of the cumulative shares at the effective size of the design",
    MEAN: "Student interval of a mean by the design",
}


def _worst_case(kind: str, made: _Estimates, place: int, staff: float) -> tuple[float, float] | None:
    """The quantity among all staff if everybody who did not answer had answered one way, or the other (Manski).

    People count, whatever they weigh. None where it has no bounds, and where nobody counted the staff.
    """
    base = int(made.base[place])
    if made.count is None or not staff or np.isnan(staff):
        return None
    inside, silent, everybody = int(made.count[place]), float(staff) - base, float(staff)
    return (inside - (silent if kind == NET else 0)) / everybody, (inside + silent) / everybody


def _known(number: float, status: str) -> float | None:
    return float(number) if status == SHOWN and np.isfinite(number) else None


def _both_sides(question: Question) -> tuple[Pick, Pick]:
    """The positive and the negative side of a scale, as picks."""
    up, down = (question.scale.codes(side) if question.scale else () for side in (1, -1))
    return Pick("", question.id, up), Pick("", question.id, down)


def _middle(positions: Floats, cumulative: Interval) -> Interval:
    """The median, and how low and how high it can be: the more people at low positions, the lower it is."""
    rows = (cumulative.value, cumulative.high, cumulative.low)
    value, low, high = (positions[_first_at_half(row)][None] for row in rows)
    return Interval(value, low, high)


def _first_at_half(cumulative: Floats) -> Integers:
    """The first position at which the cumulative share reaches one half; the last one where none before does."""
    reached = np.nan_to_num(cumulative) >= 0.5
    reached[-1] = True
    return np.asarray(reached.argmax(axis=0))

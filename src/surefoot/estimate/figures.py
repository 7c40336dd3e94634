"""Figures of a study: shares, nets, medians and means of every question in every group, with their intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from surefoot.errors import Refused
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
from surefoot.estimate.frame import Strata, Stratum, groupings, headcounts, respondents, strata_of
from surefoot.estimate.sums import Pick, Sums, joint_options, picks, sums
from surefoot.instrument import Question
from surefoot.interval import (
    Floats,
    Interval,
    bonett_price,
    mover,
    snap_between,
    snap_outward,
    wilson_from_share,
    z_value,
)
from surefoot.responses import MISSING, Missing
from surefoot.study import ALL, ORGANISATION, SERVICE_TYPE, Study
from surefoot.tally import SW, Integers, N, Tally, squares_of

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
    if len(tally.units) > 1:
        raise Refused("design", "the answers have strata or clusters", "Estimate them with a design-based library.")
    making = _Making(tally, study, wave, strata, tuple(left_out))
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
class _Scope:
    """The groups of one grouping: labels, headcounts, respondents, and the strata of each, if it is stratified.

    reached: respondents less those who skipped the question at hand, in the proportion of those who were asked it; the
    finite population correction knows no more of silent people who took part than of silent people who did not.
    """

    grouping: str
    labels: tuple[str, ...]
    staff: Floats
    people: Integers
    reached: Floats
    strata: tuple[tuple[Stratum, ...], ...]

    @property
    def boost(self) -> Floats:
        """The finite population correction of an effective sample size: (N - 1) / (N - n), 1 where N is unknown."""
        return _boost(self.staff, self.reached)

    @property
    def fraction(self) -> Floats:
        """The sampling fraction n / N, 0 where N is unknown."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.nan_to_num(self.reached / self.staff))


def _boost(staff: Floats, reached: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(staff > reached, (staff - 1) / (staff - reached), np.inf)
    return np.where(np.isnan(staff), 1.0, factor)


@dataclass(frozen=True)
class _Estimates:
    """Estimates of one quantity (or of several, on a first axis) in every group: at 95 %, two-sided and one-sided.

    count: unweighted people inside the share, or positive less negative for a net; for the worst case.
    """

    base: Integers
    effective_base: Floats
    two_sided: Interval
    one_sided: Interval
    count: Integers | None = None

    def row(self, place: int) -> _Estimates:
        """The estimates of one pick, where there are several."""
        two, one = (Interval(i.value[place], i.low[place], i.high[place]) for i in (self.two_sided, self.one_sided))
        count = None if self.count is None else self.count[place]
        return _Estimates(self.base[place], self.effective_base[place], two, one, count)


@dataclass(frozen=True)
class _Making:
    tally: Tally
    study: Study
    wave: str
    chosen_strata: Callable[[str], Strata] | None
    left_out: tuple[str, ...]
    scopes: dict[str, _Scope] = field(default_factory=dict)
    cut: dict[tuple[object, ...], tuple[Stratum, ...]] = field(default_factory=dict)

    def scope(self, grouping: str) -> _Scope:
        if grouping not in self.scopes:
            self.scopes[grouping] = _Scope(
                grouping,
                self.tally.axes[grouping].labels,
                headcounts(self.study, self.tally, grouping, self.left_out),
                respondents(self.tally, grouping),
                respondents(self.tally, grouping).astype(np.float64),
                (),
            )
        return self.scopes[grouping]

    def for_question(self, grouping: str, question: Question) -> _Scope:
        """The groups of a grouping with the strata that hold for one question."""
        wanted = self.chosen_strata(question.id) if self.chosen_strata is not None else None
        key = tuple(wanted) if wanted is not None else ()
        if key not in self.cut:
            self.cut[key] = strata_of(self.study, self.tally, wanted, self.left_out)
        strata = self._strata(grouping, self.cut[key])
        return replace(self.scope(grouping), reached=self._reached(grouping, question), strata=strata)

    def _reached(self, grouping: str, question: Question) -> Floats:
        item, people = question.items[0] if question.items else "", self.scope(grouping).people
        if not item:
            return people.astype(np.float64)
        asked = people - self.tally.missing(grouping, item, Missing.NOT_ASKED)
        skipped = sum(self.tally.missing(grouping, item, kind) for kind in (Missing.NOT_ANSWERED, Missing.UNKNOWN))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(people * np.where(asked > 0, 1 - skipped / asked, 1.0))

    def _strata(self, grouping: str, strata: tuple[Stratum, ...]) -> tuple[tuple[Stratum, ...], ...]:
        """Strata by group; empty tuples where the grouping is pooled, as it is where small organisations mix types."""
        labels = self.tally.axes[grouping].labels
        if grouping == ALL:
            return (strata,)
        mixed = any(stratum.service_type is None for stratum in strata)
        if grouping == SERVICE_TYPE and not mixed:
            return tuple(tuple(s for s in strata if s.service_type == label) for label in labels)
        return tuple(() for _ in labels)

    def grouping(self, grouping: str) -> Iterator[Figure]:
        for question in self.study.instrument.questions:
            scope = self.for_question(grouping, question)
            chosen = tuple(picks(question, joint_options(self.study.instrument, question.id)))
            if chosen:
                shares = self._shares(scope, question, chosen)
                for place, pick in enumerate(chosen):
                    yield from self._figures(scope, question, "share", pick.selector, shares.row(place))
            if question.kind == "single" and question.scale is not None:
                yield from self._scale_figures(scope, question)
            if question.kind == "number":
                yield from self._figures(scope, question, MEAN, "", self._means(scope, question))

    def _scale_figures(self, scope: _Scope, question: Question) -> Iterator[Figure]:
        scale = question.scale
        if scale is not None and scale.has_sides:
            yield from self._figures(scope, question, NET, "", self._nets(scope, question))
        elif scale is not None and scale.ordered:
            yield from self._figures(scope, question, MEDIAN, "", self._medians(scope, question))

    # Quantities

    def _shares(self, scope: _Scope, question: Question, chosen: Sequence[Pick]) -> _Estimates:
        whole = sums(self.tally, scope.grouping, question, chosen)
        two, one = (self._share_interval(scope, question, chosen, whole, level) for level in (LEVEL, ONE_SIDED))
        return _Estimates(whole.base[N], whole.effective_base, two, one, whole.inside[N])

    def _share_interval(
        self, scope: _Scope, question: Question, chosen: Sequence[Pick], whole: Sums, level: float
    ) -> Interval:
        n_eff = _boosted(whole.effective_base, scope.boost)
        made = wilson_from_share(whole.share, n_eff, level=level)
        if any(scope.strata):
            made = self._stratified_shares(scope, question, chosen, made, level)
        return snap_outward(made, whole.inside[N], whole.base[N], self._countable(scope, question, whole, chosen))

    def _countable(self, scope: _Scope, question: Question, whole: Sums, chosen: Sequence[Pick]) -> Floats:
        """Headcount where a share or a net of all staff is a count of them, by pick and group; NaN elsewhere.

        So where everybody was asked, and where the base is all answers: what a silent person would have said counts.
        """
        not_asked = self.tally.missing(scope.grouping, question.items[0], Missing.NOT_ASKED)
        all_answers = np.array([pick.base is None for pick in chosen])[:, None] | (whole.base[N] == scope.people)
        asked = (not_asked == 0) & (not question.show_if)
        return np.where(asked & all_answers, scope.staff, np.nan)

    def _stratified_shares(
        self, scope: _Scope, question: Question, chosen: Sequence[Pick], pooled: Interval, level: float
    ) -> Interval:
        organisations = sums(self.tally, ORGANISATION, question, chosen)
        reached = self._reached(ORGANISATION, question)
        scope = replace(scope, strata=self._eligible(scope.strata, question))

        def part(stratum: Stratum) -> Interval:
            sums_of = organisations.merged(stratum.places)
            n_eff = _boosted(sums_of.effective_base, _stratum_boost(stratum, reached))
            return wilson_from_share(sums_of.share, n_eff, level=level)

        return self._stratified(scope, pooled, part, organisations)

    def _stratified(
        self, scope: _Scope, pooled: Interval, part: Callable[[Stratum], Interval], organisations: Sums
    ) -> Interval:
        """Replace pooled estimates by stratified ones, for the groups that have strata."""
        parts = [np.array(values, copy=True) for values in (pooled.value, pooled.low, pooled.high)]
        for place, strata in enumerate(scope.strata):
            asked = [s for s in strata if organisations.merged(s.places).base[N].min() > 0]
            if not asked:
                continue
            pieces = [part(stratum) for stratum in asked]
            total = sum(stratum.weight for stratum in asked)
            stacked = Interval(*(np.stack([getattr(p, name) for p in pieces]) for name in ("value", "low", "high")))
            combined = mover(stacked, [stratum.weight / total for stratum in asked])
            for array, values in zip(parts, (combined.value, combined.low, combined.high), strict=True):
                array[..., place] = values[..., 0]
        return Interval(*parts)

    def _eligible(self, strata: tuple[tuple[Stratum, ...], ...], question: Question) -> tuple[tuple[Stratum, ...], ...]:
        """Strata with the share of each one's headcount that a routed question would be asked; else as they are."""
        if not question.show_if:
            return strata
        people = self.scope(ORGANISATION).people
        asked = people - self.tally.missing(ORGANISATION, question.items[0], Missing.NOT_ASKED)

        def weighted(stratum: Stratum) -> Stratum:
            places = list(stratum.places)
            took_part = int(people[places].sum())
            return replace(stratum, weight=stratum.headcount * int(asked[places].sum()) / took_part if took_part else 0)

        return tuple(tuple(weighted(stratum) for stratum in group) for group in strata)

    def _nets(self, scope: _Scope, question: Question) -> _Estimates:
        whole = self._sides(scope.grouping, question)
        two, one = (self._net_interval(scope, question, whole, level) for level in (LEVEL, ONE_SIDED))
        plus, minus = whole.inside[N]
        return _Estimates(whole.base[N], whole.effective_base, two, one, np.stack([plus - minus])).row(0)

    def _sides(self, grouping: str, question: Question) -> Sums:
        """The positive and the negative side, as two picks."""
        return sums(self.tally, grouping, question, _both_sides(question))

    def _net_interval(self, scope: _Scope, question: Question, whole: Sums, level: float) -> Interval:
        made = _net(whole, scope.boost, level)
        if any(scope.strata):
            made = self._stratified_nets(scope, question, made, level)
        staff = self._countable(scope, question, whole, _both_sides(question))[:1]
        net, silent = whole.inside[N, :1] - whole.inside[N, 1:], staff - whole.base[N, :1]
        return snap_between(made, net - silent, net + silent, staff)

    def _stratified_nets(self, scope: _Scope, question: Question, pooled: Interval, level: float) -> Interval:
        sides, reached = self._sides(ORGANISATION, question), self._reached(ORGANISATION, question)
        scope = replace(scope, strata=self._eligible(scope.strata, question))

        def part(stratum: Stratum) -> Interval:
            return _net(sides.merged(stratum.places), _stratum_boost(stratum, reached), level)

        return self._stratified(scope, pooled, part, sides)

    def _medians(self, scope: _Scope, question: Question) -> _Estimates:
        """The middle position, and the lowest and highest within joint (Bonferroni) limits of the cumulative shares."""
        placed = sorted((o.position, code) for code, o in enumerate(question.options) if o.position is not None)
        positions = np.array([position for position, _ in placed], dtype=np.float64)
        codes = tuple(code for _, code in placed)
        steps = [Pick("", question.id, codes[: k + 1], codes) for k in range(len(codes))]
        whole = sums(self.tally, scope.grouping, question, steps)
        joint = [1 - (1 - level) / max(1, len(steps) - 1) for level in (LEVEL, ONE_SIDED)]
        two, one = (self._share_interval(scope, question, steps, whole, level) for level in joint)
        made = _Estimates(whole.base[N], whole.effective_base, _middle(positions, two), _middle(positions, one))
        return made.row(0)

    def _means(self, scope: _Scope, question: Question) -> _Estimates:
        cells = self.tally.answers(scope.grouping, question.id)
        labels = self.tally.items[question.id].labels[: -len(MISSING)]
        return _means(cells, np.array([int(label) for label in labels]) / 10.0**question.decimals, scope.fraction)

    # Figures

    def _figures(
        self, scope: _Scope, question: Question, kind: str, selector: str, made: _Estimates
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
                method=_METHODS[kind] + _weighted(made, place) + self._combined(scope, place, kind),
                claim=LIKE_THESE if np.isnan(staff) else NOW,
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

    def _combined(self, scope: _Scope, place: int, kind: str) -> str:
        """How several organisations are combined: by strata, or pooled; nothing where there is one or none."""
        if scope.strata[place] and kind != MEAN:
            return ", stratified by headcount"
        several = ORGANISATION in self.tally.axes and len(self.tally.axes[ORGANISATION]) > 1
        return ", pooled" if several and scope.grouping in (ALL, SERVICE_TYPE) else ""

    def _silence(self, scope: _Scope, question: Question) -> tuple[str, ...]:
        """Why there is nothing to show, by group: nobody was asked, or nobody who was asked answered."""
        item = question.items[0]
        everybody = self.tally.cells(scope.grouping, item)[N].sum(axis=1)
        not_asked = self.tally.missing(scope.grouping, item, Missing.NOT_ASKED)
        return tuple(NOT_ASKED if 0 < n == m else NO_ANSWERS for n, m in zip(everybody, not_asked, strict=True))


_METHODS = {
    "share": "Wilson interval",
    NET: "Bonett-Price interval of the difference of two shares",
    MEDIAN: "median at the joint limits of the cumulative shares",
    MEAN: "normal interval of a mean",
}


def _weighted(made: _Estimates, place: int) -> str:
    """That people weigh differently, where they do."""
    base = int(made.base[place])
    return ", weighted" if abs(float(made.effective_base[place]) - base) > 1e-9 * base else ""


def _stratum_boost(stratum: Stratum, reached: Floats) -> Floats:
    """The finite population correction of a stratum. reached: of the organisations, as in `_Scope`."""
    return _boost(np.array(stratum.headcount), np.array(reached[list(stratum.places)].sum()))


def _worst_case(kind: str, made: _Estimates, place: int, staff: float) -> tuple[float, float] | None:
    """The quantity among all staff if everybody who did not answer had answered one way, or the other (Manski).

    People count, whatever they weigh. None where it has no bounds, and where nobody counted the staff.
    """
    base = int(made.base[place])
    if made.count is None or not staff or np.isnan(staff):
        return None
    inside, silent, everybody = int(made.count[place]), float(staff) - base, float(staff)
    return (inside - (silent if kind == NET else 0)) / everybody, (inside + silent) / everybody


def _boosted(size: Floats, boost: Floats | float) -> Floats:
    """An effective sample size after the finite population correction; nobody stays nobody, even in a census."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(size > 0, size * boost, 0.0))


def _known(number: float, status: str) -> float | None:
    return float(number) if status == SHOWN and np.isfinite(number) else None


def _both_sides(question: Question) -> tuple[Pick, Pick]:
    """The positive and the negative side of a scale, as picks."""
    up, down = (question.scale.codes(side) if question.scale else () for side in (1, -1))
    return Pick("", question.id, up), Pick("", question.id, down)


def _net(sides: Sums, boost: Floats | float, level: float) -> Interval:
    """Positive minus negative share; the counts are those of an effective sample. One row for the pair of picks."""
    plus, minus = sides.inside[SW]
    n_eff = _boosted(sides.effective_base[0], boost)
    made = bonett_price(plus, minus, sides.base[SW, 0], n_eff=n_eff, level=level)
    return Interval(made.value[None], made.low[None], made.high[None])


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


def _means(cells: Integers, values: Floats, fraction: Floats) -> _Estimates:
    """Mean of a number in every group, with SE^2 = (1 - fraction) n/(n-1) sum w^2 (y - mean)^2 / W^2.

    cells: [lane, group, value]. Source: linearised ratio; equals svymean of R survey.
    """
    weight, squares, n = cells[SW].sum(axis=1), squares_of(cells), cells[N].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (cells[SW] * values).sum(axis=1) / weight
        spread = (squares * (values[None, :] - mean[:, None]) ** 2).sum(axis=1)
        error = np.where(fraction < 1, np.sqrt((1 - fraction) * n / (n - 1) * spread) / weight, 0.0)
        effective = np.nan_to_num(weight.astype(float) ** 2 / squares.sum(axis=1))
    bounds = [Interval(mean, mean - z_value(x) * error, mean + z_value(x) * error) for x in (LEVEL, ONE_SIDED)]
    return _Estimates(n, effective, bounds[0], bounds[1])

"""Making of Who: from tallies, the plan and the figures to what may be told of who answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

import numpy as np

from surefoot.estimate.figure import EVERYONE, NET, SHOWN, SUPPRESSED, Figure, Group, Participation
from surefoot.estimate.frame import respondents
from surefoot.estimate.sums import Pick, joint_options, sums
from surefoot.instrument import Question
from surefoot.interval import bonett_price, reach_of_difference, round_one, wilson
from surefoot.release.incidence import Answers, Flags, Incidence, answers_of, incidence
from surefoot.release.leak import Clock, OutOfTime, find_leak, simple_cuts
from surefoot.release.plan import Plan, ceilings
from surefoot.release.policy import Policy
from surefoot.release.protection import Case, protect
from surefoot.release.who import OVER, Bound, Shift, WeightLine, Who
from surefoot.study import ALL, ORGANISATION, Organisation, Study
from surefoot.tally import N, Tally
from surefoot.weights import Weighing

OLD_FRAME_DAYS = 366
SECONDS = 20.0
"""The most time for proving that early and late answers give nobody away; they are not told where it is not enough."""
_NUDGE = 1e-9


@dataclass(frozen=True)
class Answered:
    """What Who is made of: the counted wave, its plan, what weighing did, and tallies of early, late, undated people.

    figures: as released. r_indicator: unrounded. phases: empty where early or late people are too few.
    """

    tally: Tally
    study: Study
    plan: Plan
    policy: Policy
    figures: Sequence[Figure]
    weighing: Weighing | None = None
    r_indicator: float | None = None
    phases: tuple[Tally, ...] = ()

    def who(self, today: date) -> Who:
        """What may be told. today: for the age of the frame."""
        return Who(
            coverage=tuple(self._coverage()),
            bounds=tuple(self._bounds()),
            shifts=tuple(self._shifts()),
            r_indicator=None if self.r_indicator is None or self._guarded else round_one(self.r_indicator, 2),
            weights=None if self.weighing is None else self._weights(self.weighing),
            frame=tuple(frame_notes(self.study, today)),
        )

    # Coverage

    def _coverage(self) -> Iterator[Participation]:
        """Staff groups against their headcount; crossed with organisation only where the study declares that table."""
        by, crossed = self.study.headcount_by, f"{ORGANISATION}.{self.study.headcount_by}"
        if by is None or by not in self.tally.axes:
            return
        staff = self._staff(by, self.tally.axes[by].labels)
        if crossed in self.tally.axes:
            staff |= {
                Group(crossed, f"{o.id}.{code}"): o.headcount.get(code, 0)
                for o in self._counted_by_group
                for code in self.tally.axes[by].labels
            }
        answered = self._answered(by) | (self._answered(crossed) if crossed in self.tally.axes else {})
        for group, headcount in staff.items():
            part = self._part(group, headcount, answered.get(group, 0))
            if headcount != 0 or part.answered is not None:  # A row for nobody would say that somebody answered.
                yield part

    @property
    def _counted_by_group(self) -> list[Organisation]:
        counted = [o for o in self.study.organisations if o.id not in self.plan.left_out]
        return [o for o in counted if o.headcount and ALL not in o.headcount]

    def _staff(self, by: str, labels: Sequence[str]) -> dict[Group, int | None]:
        """Headcount of each staff group; None where an organisation was not counted by group. Unlisted means nobody."""
        counted = [o for o in self.study.organisations if o.id not in self.plan.left_out]
        whole = len(self._counted_by_group) == len(counted)
        return {Group(by, code): sum(o.headcount.get(code, 0) for o in counted) if whole else None for code in labels}

    def _answered(self, grouping: str) -> dict[Group, int]:
        people = respondents(self.tally, grouping).tolist()
        return {Group(grouping, c): n for c, n in zip(self.tally.axes[grouping].labels, people, strict=True)}

    def _part(self, group: Group, headcount: int | None, answered: int) -> Participation:
        if self.plan.hides(group) or answered < self.policy.minimum_base:
            return Participation(group, headcount, None, SUPPRESSED)
        over = headcount is not None and answered > headcount
        return Participation(group, headcount, answered, OVER if over else SHOWN)

    # Those who are silent

    def _bounds(self) -> Iterator[Bound]:
        for question, kind, selector in headlines(self.study):
            figure = self._figure(question, kind, selector)
            if figure is None or figure.value is None or figure.worst_case is None:
                continue
            low, high = figure.worst_case
            yield Bound(
                question.id,
                kind,
                selector,
                round_one(figure.value, 2),
                floor(low * 100 + _NUDGE) / 100,
                ceil(high * 100 - _NUDGE) / 100,
                _tipping(figure),
            )

    def _figure(self, question: Question, kind: str, selector: str) -> Figure | None:
        wanted = (question.id, EVERYONE, kind, selector)
        return next((f for f in self.figures if (f.question, f.group, f.kind, f.selector) == wanted and f.shown), None)

    # Early against late

    def _shifts(self) -> Iterator[Shift]:
        """Where Stage A and Stage B hold with early and late as groups of their own."""
        if len(self.phases) < 2:
            return
        who = with_phases(self.phases)
        shown = np.array([not self.plan.hides(group) for group in who.groups]) & (who.sizes >= self.policy.minimum_base)
        if not self._nobody_comes_out(who, shown):
            return
        for question, kind, selector in headlines(self.study):
            if self._figure(question, kind, selector) is not None:
                safe = self._proved(who, shown, question)
                yield self._shift(question, kind, selector) if safe else _not_told(question, kind, selector)

    def _nobody_comes_out(self, who: Incidence, shown: Flags) -> bool:
        """Whether adding and subtracting shown groups, early and late among them, never leaves a few people."""
        minimum = self.policy.minimum_base
        try:
            leaks = simple_cuts(who, shown, who.people, minimum)
            return not leaks and find_leak(who, shown, who.people, minimum, Clock.of(SECONDS)) is None
        except OutOfTime:
            return False

    def _proved(self, who: Incidence, shown: Flags, question: Question) -> bool:
        """Whether nothing that is hidden of a question could be worked out if early and late were shown for it too."""
        hidden = {group for group, name in self.plan.hidden_questions if name == question.id}
        if question.derived:  # It follows from other questions, which early and late people could tell more of.
            return not hidden and not self._hidden
        allowed = shown & np.array([group not in hidden for group in who.groups])
        ceiling = np.append(
            ceilings(incidence(self.tally), self.tally, self.study, self.policy, self.plan.left_out), [-1, -1]
        )
        items = joined_answers([answers_of(phase, question) for phase in self.phases])
        joint = joint_options(self.study.instrument, question.id)
        found = protect(Case(who, question, items, shown, allowed, ceiling, self.policy, joint), Clock.of(SECONDS))
        return all(who.groups[place] in hidden for place in found)

    @property
    def _hidden(self) -> bool:
        """Whether a group with people in it is not shown; that a group is empty, its question's shares say anyway."""
        return bool(self.plan.left_out) or any(not self._nobody_in(group) for group in self.plan.hidden)

    @property
    def _guarded(self) -> bool:
        """Whether sizes of weights, or of response rates by cell, would give the size of some few people away."""
        return self._hidden or bool(self.plan.few_in_cells)

    def _nobody_in(self, group: Group) -> bool:
        labels = self.tally.axes[group.breakdown].labels
        return not int(respondents(self.tally, group.breakdown)[labels.index(group.code)])

    def _shift(self, question: Question, kind: str, selector: str) -> Shift:
        early, late = (_counts(phase, question, kind, selector) for phase in self.phases[:2])
        few = min(early[2], late[2]) < self.policy.minimum_base
        alike = any(max(plus, minus) >= base - 1 for plus, minus, base in (early, late))
        if few or alike:
            return _not_told(question, kind, selector)
        made = [bonett_price([p], [m], [n]) if kind == NET else wilson([p], [n]) for p, m, n in (early, late)]
        gap = float(made[0].value[0] - made[1].value[0])
        below, above = (float(reach[0]) for reach in reach_of_difference(*made))
        low, high = gap - below, gap + above
        bounds = floor(low * 100 + _NUDGE) / 100, ceil(high * 100 - _NUDGE) / 100
        return Shift(question.id, kind, selector, round_one(gap, 2), *bounds, SHOWN)

    # Weights

    def _weights(self, weighing: Weighing) -> WeightLine:
        """With a hidden group, no weight is told: a mean weight times a base would give its headcount ratio.

        Nor with a few people in a group of an organisation, whom classes that were joined would tell.
        """
        told = not self._guarded
        few = 0 < weighing.trimmed < self.policy.minimum_base
        return WeightLine(
            method=weighing.method,
            margins=weighing.margins,
            trim=weighing.trim,
            trimmed=None if few or not told else weighing.trimmed,
            misfit=round_one(weighing.misfit, 1) if told else None,
            base=len(weighing.responses),
            effective_base=round(weighing.effective_base) if told else None,
            design_effect=round_one(weighing.design_effect, 1) if told else None,
            least=_half(weighing.least) if told else None,
            greatest=_half(weighing.greatest) if told else None,
        )


def _not_told(question: Question, kind: str, selector: str) -> Shift:
    return Shift(question.id, kind, selector, None, None, None, SUPPRESSED)


def joined_answers(phases: Sequence[tuple[Answers, ...]]) -> tuple[Answers, ...]:
    """The answers of the same items in several tallies, by the profiles of all of them."""
    return tuple(
        Answers(
            parts[0].item,
            parts[0].labels,
            np.concatenate([part.table for part in parts], axis=1),
            np.concatenate([part.not_asked for part in parts]),
        )
        for parts in zip(*phases, strict=True)
    )


def _half(number: float) -> float:
    return round_one(number * 2) / 2


def headlines(study: Study) -> Iterator[tuple[Question, str, str]]:
    """The figures that a report stands on: nets, shares that were to be compared, and what was derived.

    An instrument without any of these gives the first answer of each single-choice question, ten at most.
    """
    found = list(_headlines(study))
    yield from (
        found
        or [
            (question, "share", question.options[0].id)
            for question in study.instrument.questions
            if question.kind == "single" and question.options and not question.personal
        ][:10]
    )


def _headlines(study: Study) -> Iterator[tuple[Question, str, str]]:
    groups = {name for b in study.breakdowns for name in (b.question, b.crossed_with)}
    for question in study.instrument.questions:
        if question.kind != "single" or question.scale is None or question.personal or question.id in groups:
            continue
        planned = [p.options for p in study.instrument.planned if p.question == question.id and p.options]
        if question.scale.has_sides:
            yield question, NET, ""
        elif planned or question.derived:
            for options in dict.fromkeys(planned or [(question.options[0].id,)]):
                yield question, "share", "+".join(options)


def _tipping(figure: Figure) -> float | None:
    """By how much the silent would have to differ to bring a net to nothing, or a share to one half; rounded down."""
    if figure.value is None or figure.response is None or figure.response >= 1:
        return None
    distance = abs(figure.value if figure.kind == NET else figure.value - 0.5)
    return floor(distance / (1 - figure.response) * 100 + _NUDGE) / 100


def _counts(tally: Tally, question: Question, kind: str, selector: str) -> tuple[int, int, int]:
    """People on the positive side (or with the property), on the negative side, and in the base."""
    scale = question.scale
    options = scale.option_ids if scale is not None else ()
    if kind == NET and scale is not None:
        picks = [Pick("", question.id, scale.codes(side)) for side in (1, -1)]
    else:
        picks = [Pick("", question.id, tuple(options.index(part) for part in selector.split("+")))]
    found = sums(tally, ALL, question, picks)
    inside, base = found.inside[N, :, 0].tolist(), int(found.base[N, 0, 0])
    return int(inside[0]), int(inside[1]) if kind == NET else base - int(inside[0]), base


def with_phases(phases: Sequence[Tally]) -> Incidence:
    """Groups and profiles of tallies of early, late and undated people, with early and late as groups of their own."""
    parts = [incidence(phase) for phase in phases]
    sizes = [len(part.people) for part in parts]
    member = np.concatenate([part.member for part in parts], axis=1)
    starts = np.cumsum([0, *sizes])
    flags = np.zeros((2, member.shape[1]), dtype=bool)
    for place in range(2):
        flags[place, starts[place] : starts[place + 1]] = True
    groups = (*parts[0].groups, Group("@phase", "early"), Group("@phase", "late"))
    number = int(parts[0].breakdowns.max(initial=0)) + 1
    breakdowns = np.append(parts[0].breakdowns, [number, number])
    return Incidence(groups, breakdowns, np.concatenate([member, flags]), np.concatenate([p.people for p in parts]))


def frame_notes(study: Study, today: date) -> Iterator[str]:
    """What is wrong with, or missing from, the frame, in sentences."""
    missing = [o.name for o in study.organisations if not o.headcount]
    if missing:
        yield f"Nobody counted the {study.people} of {', '.join(missing)}."
    if not study.organisations or len(missing) == len(study.organisations):
        return
    if study.frame_date is None:
        yield f"The study does not say on which day its {study.people} were counted."
    elif (today - study.frame_date).days > OLD_FRAME_DAYS:
        yield f"The {study.people} were counted on {study.frame_date.isoformat()}, more than a year before this report."
    counts = study.counted
    if counts is None:
        return
    kinds = {"bank staff": counts.bank, "agency staff": counts.agency, "volunteers": counts.volunteers}
    taken, out = ([name for name, own in kinds.items() if own is wanted] for wanted in (True, False))
    included = f"include {' and '.join(taken)}" if taken else "include none but employed people"
    excluded = f", but not {' or '.join(out)}" if taken and out else ""
    yield f"The headcounts {included}{excluded}; the same people should have been invited."

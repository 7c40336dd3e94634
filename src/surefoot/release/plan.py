"""What is not shown, and why: the plan of a release, made before any figure is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from surefoot.estimate.figure import Group
from surefoot.estimate.frame import groupings, headcounts
from surefoot.estimate.sums import joint_options
from surefoot.instrument import Question
from surefoot.release.cache import Cache
from surefoot.release.derivation import exact_source, telling
from surefoot.release.incidence import Flags, Incidence, Integers, answers_of, incidence
from surefoot.release.leak import Clock, OutOfTime, smallest_cover
from surefoot.release.policy import SURVEY, Policy
from surefoot.release.protection import CROSS, SECONDARY, SMALL, UNPROVED, Case, protect
from surefoot.release.spread import few_in_cells, told_by_weights
from surefoot.study import ORGANISATION, Study
from surefoot.tally import Progress, Tally


@dataclass(frozen=True)
class Plan:
    """What is not shown.

    left_out: organisations whose answers go into no figure at all. strata: organisations that stand for themselves,
    and last those that are not shown, merged into one; figures for several organisations are stratified by these.
    few_in_cells: questions that make groups, one of which has a few people in some organisation, whom shares by
    headcount and sizes of weights would tell: their own shares are pooled, or hidden where people weigh.
    hidden: groups shown for no question, with the reason. hidden_questions: (group, question) pairs not shown though
    the group is. coarsened: breakdowns hidden whole because their safety could not be proved in time. The reasons are
    for the analyst: they tell more than a release may.
    """

    left_out: tuple[str, ...] = ()
    strata: tuple[tuple[str, ...], ...] = ()
    hidden: Mapping[Group, str] = field(default_factory=dict)
    hidden_questions: Mapping[tuple[Group, str], str] = field(default_factory=dict)
    coarsened: tuple[str, ...] = ()
    few_in_cells: frozenset[str] = frozenset()

    def hides(self, group: Group, question: str | None = None) -> bool:
        """Whether a group is not shown: for this question, or at all."""
        return group in self.hidden or (question is not None and (group, question) in self.hidden_questions)

    def reason(self, group: Group, question: str) -> str | None:
        """Why a group's answers to a question are not shown, None where they are."""
        return self.hidden_questions.get((group, question)) or self.hidden.get(group)

    def strata_of(self, question: str) -> tuple[tuple[str, ...], ...]:
        """The strata for one question: organisations that are hidden for it are merged with those always hidden.

        None, so pooled, for a question that makes groups with a few people in some organisation, or where no
        organisation stands for itself.
        """
        if question in self.few_in_cells:
            return ()
        merged = [name for names in self.strata for name in names if self.hides(Group(ORGANISATION, name), question)]
        alone = tuple(names for names in self.strata if len(names) == 1 and names[0] not in merged)
        return (*alone, tuple(merged)) if merged and alone else alone

    @property
    def all_hidden(self) -> tuple[Group | tuple[Group, str], ...]:
        """Hidden groups and hidden (group, question) pairs, as `compare` wants them."""
        return (*self.hidden, *self.hidden_questions)


def left_out(tally: Tally, policy: Policy = SURVEY) -> tuple[str, ...]:
    """Organisations whose answers go into no figure, so that nothing can be subtracted to find them.

    Those under the minimum base, where all of them together are under it too; those without any answer as well, or the
    headcount of the total would say which they are. Where they are enough together they stay in the totals. Count
    again without these before making a plan.
    """
    if ORGANISATION not in tally.axes:
        return ()
    who = incidence(tally)
    sizes = {
        group.code: int(n) for group, n in zip(who.groups, who.sizes, strict=True) if group.breakdown == ORGANISATION
    }
    small = tuple(name for name, people in sizes.items() if people < policy.minimum_base)
    return small if sum(sizes[name] for name in small) < policy.minimum_base else ()


def plan(
    tally: Tally,
    study: Study,
    policy: Policy = SURVEY,
    *,
    left_out: tuple[str, ...] = (),
    progress: Progress | None = None,
    cache: Path | None = None,
    seconds: float = 60.0,
    stage_b: bool = True,
) -> Plan:
    """What must not be shown of a tally, so that no count of fewer than the minimum, and no hidden count, comes out.

    tally: without the rows of organisations that are left out. seconds: the most time for the groups, and again for
    each question; what is not proved safe by then is hidden. cache: a folder for results, never part of a release.
    stage_b: also bound every hidden answer. progress: called with (questions done, questions in all).
    """
    who, store = incidence(tally), Cache(cache, study.secret())
    shown, coarsened = _shown_groups(who, policy, seconds, store)
    ceiling = ceilings(who, tally, study, policy, left_out)
    planning = Planning(tally, study, policy, who, shown, ceiling, store, seconds, stage_b)
    pairs = planning.pairs(progress)
    reasons, few = _reasons(who, shown, coarsened, policy), planning.few_in_cells
    return Plan(left_out, _strata(who, shown, left_out), reasons, pairs, coarsened, few)


@dataclass(frozen=True, eq=False)
class Planning:
    """The questions of a study being protected, one by one, once the groups that are shown are settled."""

    tally: Tally
    study: Study
    policy: Policy
    who: Incidence
    shown: Flags
    ceiling: Integers
    store: Cache
    seconds: float
    stage_b: bool
    hidden: dict[str, dict[int, str]] = field(default_factory=dict)
    forbidden: dict[str, Flags] = field(default_factory=dict)

    @cached_property
    def undeclared(self) -> dict[str, bool]:
        """Questions whose options are groups, with whether their own shares may be shown for everybody."""
        return _breakdown_questions(self.study, self.who, self.shown)

    @cached_property
    def few_in_cells(self) -> frozenset[str]:
        """Questions that make groups, where one of these has a few people in some organisation."""
        return few_in_cells(self.tally, self.study, self.policy.minimum_base)

    def pairs(self, progress: Progress | None) -> dict[tuple[Group, str], str]:
        """Hidden (group, question) pairs with their reasons; derived questions come after those they follow from."""
        questions = sorted((q for q in self.study.instrument.questions if q.items), key=lambda q: len(q.derived))
        for number, question in enumerate(questions):
            self._decide(question)
            if progress is not None:
                progress(number + 1, len(questions))
        routed = [question for question in questions if question.show_if]
        while any((self._forbidden(q) & self.shown & ~self._places(q.id)).any() for q in routed):
            for question in questions:
                self._decide(question)
        pairs = ((place, question, why) for question, found in self.hidden.items() for place, why in found.items())
        return {(self.who.groups[place], question): why for place, question, why in pairs}

    def _decide(self, question: Question) -> None:
        forbidden = self._forbidden(question)
        if question.personal or question.id in self.undeclared:
            everyone = self.undeclared.get(question.id, bool(self.shown[0])) and not forbidden[0]
            everyone = everyone and not self._told_by_weights(question)
            self.hidden[question.id] = _crosses(self.who, everyone=everyone)
        elif question.derived:
            self._derived(question, self.shown & ~forbidden)
        else:
            self._protect(question, self.shown & ~forbidden)

    def _told_by_weights(self, question: Question) -> bool:
        """Whether weighted shares for everybody would tell of a few people of some organisation."""
        if self.study.weights is None:
            return False
        return question.id in self.few_in_cells or told_by_weights(self.tally, question, self.policy.minimum_base)

    def _protect(self, question: Question, allowed: Flags) -> None:
        """Protect a question, from the cache if that was worked out before."""
        joint = joint_options(self.study.instrument, question.id)
        items = answers_of(self.tally, question)
        case = Case(
            self.who, question, items, self.shown, allowed, self.ceiling, self.policy, joint, stage_b=self.stage_b
        )
        self.hidden[question.id] = _protected(case, self.store, self.seconds) if items and self.shown.any() else {}

    def _derived(self, question: Question, allowed: Flags) -> None:
        """Protect a derived question and what it follows from, until neither gives the other away."""
        source = self.study.instrument.by_id[question.derived[0].question]
        twin = exact_source(question, source)
        allowed = allowed & ~telling(self.tally, self.study, self.who, question, self.hidden)
        while True:
            if twin:
                allowed = allowed & ~self._places(source.id)
            self._protect(question, allowed)
            hidden = self._places(question.id)
            forbidden = self._forbidden(source) | hidden
            if not twin or CROSS in self.hidden[source.id].values() or not (hidden & ~self._places(source.id)).any():
                return
            self.forbidden[source.id] = forbidden
            self._protect(source, self.shown & ~forbidden)

    def _forbidden(self, question: Question) -> Flags:
        """Groups for which a question would give another away; none of them is ever taken back.

        Such as those for which the question that it is asked after is hidden: its base would count an answer. Asked
        after a question that makes groups, or after an equality question, its base would be a table of these by
        other groups, which the study did not declare.
        """
        found = self.forbidden.setdefault(question.id, np.zeros(len(self.shown), dtype=bool))
        for condition in question.show_if:
            hidden = self.hidden.get(condition.question, {})
            found[[place for place, why in hidden.items() if why != CROSS]] = True
            if condition.question in self.undeclared or self.study.instrument[condition.question].personal:
                found |= self._undeclared_by(condition.question)
        return found

    def _undeclared_by(self, question: str) -> Flags:
        """Groups that a question which makes groups is not crossed with; everybody too where its sizes are hidden."""
        declared = {b.crossed_with for b in self.study.breakdowns if b.question == question and b.crossed_with}
        known = [g.breakdown in declared or question in g.breakdown.split(".") for g in self.who.groups]
        known[0] = self.undeclared.get(question, True)
        return ~np.array(known)

    def _places(self, question: str) -> Flags:
        """Groups for which a question is hidden."""
        hidden = np.zeros(len(self.shown), dtype=bool)
        hidden[list(self.hidden.get(question, ()))] = True
        return hidden


def shown_groups(who: Incidence, policy: Policy, seconds: float) -> tuple[Flags, tuple[str, ...]]:
    """Stage A on everybody who took part: the groups that are shown, and breakdowns hidden whole for want of time."""
    large = who.sizes >= policy.minimum_base
    if not large[0]:
        return np.zeros(len(who.groups), dtype=bool), ()
    coarsened: list[str] = []
    while True:
        try:
            return smallest_cover(who, large, who.people, policy.minimum_base, Clock.of(seconds)), tuple(coarsened)
        except OutOfTime:
            left = [part for part in who.partitions if large[part].any()]
            if not left:
                return large, tuple(coarsened)
            widest = max(left, key=lambda part: int(large[part].sum()))
            large = large.copy()
            large[widest] = False
            coarsened.append(who.groups[int(widest[0])].breakdown)


def _shown_groups(who: Incidence, policy: Policy, seconds: float, store: Cache) -> tuple[Flags, tuple[str, ...]]:
    """As `shown_groups`, from the cache if that was worked out before; what ran out of time is tried again."""
    names, member = [str(group) for group in who.groups], np.packbits(who.member).tolist()
    key = store.key(["groups", names, member, who.people.tolist(), policy.minimum_base])
    kept = store.find(key)
    if kept is not None:
        return np.isin(np.arange(len(who.groups)), kept), ()
    shown, coarsened = shown_groups(who, policy, seconds)
    if not coarsened:
        store.keep(key, np.flatnonzero(shown).tolist())
    return shown, coarsened


def _breakdown_questions(study: Study, who: Incidence, shown: Flags) -> dict[str, bool]:
    """Questions whose options are groups, with whether their own shares may be shown for everybody.

    Broken down by other groups they would be a table that the study did not declare; for everybody their shares are
    the sizes of the groups, and so tell the size of one that is hidden, unless that is a true 0.
    """
    hidden = {who.groups[place].breakdown for place in np.flatnonzero(~shown & (who.sizes > 0))}
    names = {name for b in study.breakdowns for name in (b.question, b.crossed_with) if name in study.instrument.by_id}
    found = {str(name): name not in hidden for name in names}
    if study.organisation_question is not None:
        found[study.organisation_question] = ORGANISATION not in hidden
    return found


def _crosses(who: Incidence, *, everyone: bool) -> dict[int, str]:
    return {place: CROSS for place in range(len(who.groups)) if place or not everyone}


def _protected(case: Case, store: Cache, seconds: float) -> dict[int, str]:
    key = store.key(case.content())
    kept = store.find(key)
    if kept is not None:
        return {int(place): str(reason) for place, reason in kept}
    found = protect(case, Clock.of(seconds))
    if UNPROVED not in found.values():
        store.keep(key, [[place, reason] for place, reason in found.items()])
    return found


def ceilings(who: Incidence, tally: Tally, study: Study, policy: Policy, left_out: tuple[str, ...]) -> Integers:
    """The most people that everybody knows a group can have: its headcount, or fewer than the minimum where so said."""
    staff = np.concatenate([headcounts(study, tally, grouping, left_out) for grouping in groupings(tally)])
    limit = np.where(np.isnan(staff), -1, np.nan_to_num(staff)).astype(np.int64)
    few = np.array([group.breakdown == ORGANISATION for group in who.groups]) & (who.sizes < policy.minimum_base)
    limit[few] = policy.minimum_base - 1
    return limit


def _reasons(who: Incidence, shown: Flags, coarsened: tuple[str, ...], policy: Policy) -> dict[Group, str]:
    found = {}
    for place in np.flatnonzero(~shown):
        group = who.groups[place]
        small = who.sizes[place] < policy.minimum_base
        found[group] = SMALL if small else UNPROVED if group.breakdown in coarsened else SECONDARY
    return found


def _strata(who: Incidence, shown: Flags, left_out: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Each organisation that is shown, and all others that are not left out together, with answers or without."""
    organisations = [(g.code, place) for place, g in enumerate(who.groups) if g.breakdown == ORGANISATION]
    alone = tuple((code,) for code, place in organisations if shown[place])
    merged = tuple(code for code, place in organisations if not shown[place] and code not in left_out)
    return (*alone, merged) if merged else alone

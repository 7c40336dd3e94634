"""What is not shown, and why: the plan of a release, made before any figure is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from surefoot.estimate.figure import Group
from surefoot.release.cache import Cache
from surefoot.release.incidence import Flags, Incidence, answers_of, incidence
from surefoot.release.leak import Clock, OutOfTime, smallest_cover
from surefoot.release.policy import SURVEY, Policy
from surefoot.release.protection import CROSS, SECONDARY, SMALL, UNPROVED, Case, protect
from surefoot.study import ORGANISATION, Study
from surefoot.tally import Progress, Tally


@dataclass(frozen=True)
class Plan:
    """What is not shown.

    left_out: organisations whose answers go into no figure at all. strata: organisations that stand for themselves,
    and last those that are not shown, merged into one; figures for several organisations are stratified by these.
    hidden: groups shown for no question, with the reason. hidden_questions: (group, question) pairs not shown though
    the group is. coarsened: breakdowns hidden whole because their safety could not be proved in time. The reasons are
    for the analyst: they tell more than a release may.
    """

    left_out: tuple[str, ...] = ()
    strata: tuple[tuple[str, ...], ...] = ()
    hidden: Mapping[Group, str] = field(default_factory=dict)
    hidden_questions: Mapping[tuple[Group, str], str] = field(default_factory=dict)
    coarsened: tuple[str, ...] = ()

    def hides(self, group: Group, question: str | None = None) -> bool:
        """Whether a group is not shown: for this question, or at all."""
        return group in self.hidden or (question is not None and (group, question) in self.hidden_questions)

    def reason(self, group: Group, question: str) -> str | None:
        """Why a group's answers to a question are not shown, None where they are."""
        return self.hidden_questions.get((group, question)) or self.hidden.get(group)

    def strata_of(self, question: str) -> tuple[tuple[str, ...], ...]:
        """The strata for one question: organisations that are hidden for it are merged with those always hidden."""
        merged = [name for names in self.strata for name in names if self.hides(Group(ORGANISATION, name), question)]
        alone = tuple(names for names in self.strata if len(names) == 1 and names[0] not in merged)
        return (*alone, tuple(merged)) if merged else alone

    @property
    def all_hidden(self) -> tuple[Group | tuple[Group, str], ...]:
        """Hidden groups and hidden (group, question) pairs, as `compare` wants them."""
        return (*self.hidden, *self.hidden_questions)


def left_out(tally: Tally, policy: Policy = SURVEY) -> tuple[str, ...]:
    """Organisations whose answers go into no figure, so that nothing can be subtracted to find them.

    Those under the minimum base, where all of them together are under it too. Where they are enough together they
    stay in the totals. Count again without these before making a plan.
    """
    if ORGANISATION not in tally.axes:
        return ()
    who = incidence(tally)
    sizes = {
        group.code: int(n) for group, n in zip(who.groups, who.sizes, strict=True) if group.breakdown == ORGANISATION
    }
    small = tuple(name for name, people in sizes.items() if people < policy.minimum_base)
    together = sum(sizes[name] for name in small)
    return tuple(name for name in small if sizes[name]) if 0 < together < policy.minimum_base else ()


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
    who = incidence(tally)
    shown, coarsened = shown_groups(who, policy, seconds)
    few = np.array([group.breakdown == ORGANISATION for group in who.groups]) & (who.sizes < policy.minimum_base)
    store = Cache(cache, study.secret())
    declared = _breakdown_questions(study, who, shown)
    pairs: dict[tuple[Group, str], str] = {}
    questions = [question for question in study.instrument.questions if question.items]
    for number, question in enumerate(questions):
        if question.personal or question.id in declared:
            found = _crosses(who, everyone=declared.get(question.id, bool(shown[0])))
        else:
            case = Case(who, question, answers_of(tally, question), shown, few, policy, stage_b)
            found = _protected(case, store, seconds)
        pairs |= {(who.groups[place], question.id): reason for place, reason in found.items()}
        if progress is not None:
            progress(number + 1, len(questions))
    return Plan(left_out, _strata(who, shown), _reasons(who, shown, coarsened, policy), pairs, coarsened)


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
            left = [part for part in who.partitions() if large[part].any()]
            if not left:
                return large, tuple(coarsened)
            widest = max(left, key=lambda part: int(large[part].sum()))
            large = large.copy()
            large[widest] = False
            coarsened.append(who.groups[int(widest[0])].breakdown)


def _breakdown_questions(study: Study, who: Incidence, shown: Flags) -> dict[str, bool]:
    """Questions whose options are groups, with whether their own shares may be shown for everybody.

    Broken down by other groups they would be a table that the study did not declare; for everybody their shares are
    the sizes of the groups, and so tell the size of one that is hidden.
    """
    hidden = {group.breakdown for group, is_shown in zip(who.groups, shown, strict=True) if not is_shown}
    names = {name for b in study.breakdowns for name in (b.question, b.crossed_with) if name in study.instrument.by_id}
    found = {str(name): name not in hidden for name in names}
    if study.organisation_question is not None:
        found[study.organisation_question] = ORGANISATION not in hidden
    return found


def _crosses(who: Incidence, *, everyone: bool) -> dict[int, str]:
    return {place: CROSS for place in range(len(who.groups)) if place or not everyone}


def _protected(case: Case, store: Cache, seconds: float) -> dict[int, str]:
    """The protection of a question, from the cache if it was worked out before."""
    if not case.items or not case.shown.any():
        return {}
    key = store.key(case.content())
    kept = store.find(key)
    if kept is not None:
        return {int(place): str(reason) for place, reason in kept}
    found = protect(case, Clock.of(seconds))
    if UNPROVED not in found.values():
        store.keep(key, [[place, reason] for place, reason in found.items()])
    return found


def _reasons(who: Incidence, shown: Flags, coarsened: tuple[str, ...], policy: Policy) -> dict[Group, str]:
    found = {}
    for place in np.flatnonzero(~shown):
        group = who.groups[place]
        small = who.sizes[place] < policy.minimum_base
        found[group] = SMALL if small else UNPROVED if group.breakdown in coarsened else SECONDARY
    return found


def _strata(who: Incidence, shown: Flags) -> tuple[tuple[str, ...], ...]:
    """Each organisation that is shown, and all others with answers together."""
    organisations = [(g.code, place) for place, g in enumerate(who.groups) if g.breakdown == ORGANISATION]
    alone = tuple((code,) for code, place in organisations if shown[place])
    merged = tuple(code for code, place in organisations if not shown[place] and who.sizes[place])
    return (*alone, merged) if merged else alone

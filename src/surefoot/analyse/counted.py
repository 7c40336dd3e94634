"""One wave of a study, weighed and counted, with what is not shown of it decided."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from surefoot.analyse.steps import Progress, named
from surefoot.estimate import Figure, Participation, endless, estimate, participation
from surefoot.release import (
    Plan,
    Policy,
    left_out,
    plan,
    policy_from,
)
from surefoot.responses import EARLY, LATE, PHASE, WAVE, Responses
from surefoot.study import Study
from surefoot.tally import Tally, count
from surefoot.themes import ChosenQuote, chosen_quotes
from surefoot.weights import Weighing, r_indicator, weigh


@dataclass(frozen=True)
class Counted:
    """One wave of a study, counted, with what may not be shown of it decided. Nothing of it may be shown as it is.

    rest: breakdowns whose few people in small groups are in no figure. left_out: organisations that are in none.
    phases: tallies of those who answered early, late, and nobody knows when; empty where early or late are too few.
    quotes: words of people who are in these figures, chosen by a person; whether they may be shown is decided later.
    answers: those of the wave, without what goes into no figure; for telling who was added since an earlier release.
    """

    study: Study
    wave: str
    policy: Policy
    tally: Tally
    plan: Plan
    took_part: tuple[Participation, ...]
    rest: tuple[str, ...]
    left_out: tuple[str, ...]
    weighing: Weighing | None = None
    phases: tuple[Tally, ...] = ()
    r_indicator: float | None = None
    quotes: tuple[ChosenQuote, ...] = ()
    answers: Responses | None = None

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, about these staff now where their headcount is known."""
        return self._figures(self.study)

    @property
    def together(self) -> tuple[str, ...]:
        """The organisations that stand in figures of several together; few or no answers of one do not tell here."""
        return tuple(name for name in self.study.organisation_ids if name not in self.left_out)

    @cached_property
    def comparable(self) -> tuple[Figure, ...]:
        """The figures that will be shown, without finite population correction, for comparing them with others."""
        found = (figure for figure in self._figures(endless(self.study)) if figure.base >= self.policy.minimum_base)
        return tuple(figure for figure in found if not self.plan.reason(figure.group, figure.question))

    def _figures(self, study: Study) -> tuple[Figure, ...]:
        return estimate(self.tally, study, wave=self.wave, strata=self.plan.strata_of, left_out=self.left_out)


def count_wave(
    study: Study, answers: Responses, wave: str, *, engine: str, progress: Progress | None, stage_b: bool
) -> Counted:
    """Weigh and count one wave, and decide what is not shown of it."""
    policy = policy_from(study.policy)
    taken = answers.filtered(answers.codes(WAVE) == answers.waves.index(wave))
    taken, rest = without_rest(study, taken, policy.minimum_base)
    counting = named(progress, "Counting")
    took_part = participation(everybody := count(taken, study, engine=engine, progress=counting), study)
    out = left_out(everybody, policy)
    weighing = weigh(taken.without(out), study, policy.minimum_base, left_out=out)
    counted = weighing.responses if weighing else taken.without(out)
    tally = count(counted, study, engine=engine, progress=counting) if out or weighing else everybody
    planned = plan(
        tally,
        study,
        policy,
        left_out=out,
        progress=named(progress, "Protecting small groups"),
        cache=study.folder / ".surefoot-cache" if study.folder else None,
        stage_b=stage_b,
    )
    phases = _phases(counted, study, policy.minimum_base, engine)
    balance = r_indicator(counted, study, policy.minimum_base, out)
    quotes = chosen_quotes(study, counted)
    return Counted(study, wave, policy, tally, planned, took_part, rest, out, weighing, phases, balance, quotes, taken)


def _phases(answers: Responses, study: Study, minimum: int, engine: str) -> tuple[Tally, ...]:
    """Those who answered early, late, and nobody knows when, counted apart, each once whatever the weights."""
    codes = answers.codes(PHASE)
    if min(int((codes == phase).sum()) for phase in (EARLY, LATE)) < minimum:
        return ()
    return tuple(count(answers.filtered(codes == phase), study, engine=engine) for phase in (EARLY, LATE, -1))


def without_rest(study: Study, answers: Responses, minimum: int) -> tuple[Responses, tuple[str, ...]]:
    """Answers without the few who are in no group that can be shown, where a breakdown says so, and which do.

    One breakdown can make the groups of another smaller, so all are looked at again until nobody goes.
    """
    for breakdown in study.breakdowns:
        codes = answers.codes(breakdown.question)
        sizes = np.bincount(codes[codes >= 0], minlength=len(study.instrument[breakdown.question].options))
        alone = (codes < 0) | (sizes[np.maximum(codes, 0)] < minimum)
        if breakdown.leave_out_rest and 0 < int(alone.sum()) < minimum:
            fewer, others = without_rest(study, answers.filtered(~alone), minimum)
            return fewer, tuple(dict.fromkeys((breakdown.question, *others)))
    return answers, ()

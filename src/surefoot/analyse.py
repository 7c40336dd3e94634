"""The job as one sentence: read, weigh, count, estimate, release, find. The command line and the Python API call
nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from surefoot.errors import BadInput
from surefoot.estimate import Comparison, Figure, Participation, changes, compare, endless, estimate, participation
from surefoot.findings import Finding, find
from surefoot.readers import Account, read_study
from surefoot.release import (
    Answered,
    Plan,
    Policy,
    Release,
    kept_release,
    left_out,
    plan,
    policy_from,
    questions_that_differ,
    release,
    shown_alike,
)
from surefoot.responses import EARLY, LATE, PHASE, WAVE, Responses
from surefoot.study import ORGANISATION as BY_ORGANISATION
from surefoot.study import Study
from surefoot.tally import Tally, count
from surefoot.themes import ChosenQuote, chosen_quotes, with_themes
from surefoot.weights import Weighing, r_indicator, weigh

IN_NO_FIGURE = "The few people of such small groups are in no figure, so that the large groups can be shown."
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Counted:
    """One wave of a study, counted, with what may not be shown of it decided. Nothing of it may be shown as it is.

    rest: breakdowns whose few people in small groups are in no figure. left_out: organisations that are in none.
    phases: tallies of those who answered early, late, and nobody knows when; empty where early or late are too few.
    quotes: words of people who are in these figures, chosen by a person; whether they may be shown is decided later.
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


@dataclass(frozen=True)
class Analysis:
    """What came of analysing one wave of a study. Only `release` and `findings` may be shown to anybody."""

    study: Study
    wave: str
    accounts: tuple[Account, ...]
    plan: Plan
    release: Release
    findings: tuple[Finding, ...]
    counted: Counted


def analyse(
    study: Study,
    *,
    wave: str | None = None,
    now: datetime | None = None,
    engine: str = "",
    progress: Progress | None = None,
    stage_b: bool = True,
    final: bool = False,
) -> Analysis:
    """Analyse one wave of a study from its files: the last wave unless another is named.

    now: the instant that the release is stamped with. stage_b: also prove that no hidden answer can be bounded; only a
    release with that proof may be final. final: compare only with a wave before that has a final release itself. Raises
    BadInput where a file cannot be used.
    """
    answers, accounts = read_study(study, _named(progress, "Reading answers"))
    chosen = _wave(answers, wave)
    files = list(zip(study.sources, accounts, strict=True))
    own, before = (
        [account for source, account in files if source.wave == name]
        for name in (chosen, _wave_before(answers, chosen))
    )
    return analyse_responses(
        study,
        answers,
        accounts=own,
        differing=asked_otherwise(own, before),
        wave=chosen,
        now=now,
        engine=engine,
        progress=progress,
        stage_b=stage_b,
        final=final,
    )


def analyse_responses(
    study: Study,
    answers: Responses,
    *,
    accounts: Sequence[Account] = (),
    differing: Sequence[str] = (),
    wave: str | None = None,
    now: datetime | None = None,
    engine: str = "",
    progress: Progress | None = None,
    stage_b: bool = True,
    final: bool = False,
) -> Analysis:
    """Analyse answers that are in memory already; as `analyse`.

    accounts: of the files of that wave alone; those of another would tell what its own release hides. differing:
    questions that the wave before was asked in other words.
    """
    now = now or datetime.now(UTC)
    study, answers = with_themes(study, answers)
    chosen = _wave(answers, wave)
    made = _counted(study, answers, chosen, engine=engine, progress=progress, stage_b=stage_b)
    earlier = _wave_before(answers, chosen)
    if earlier is not None and final and kept_release(study, earlier) is None:
        earlier = None  # to tell its numbers here would be its first release, and its own a second one
    quietly = _of_wave(progress, earlier)
    before = _counted(study, answers, earlier, engine=engine, progress=quietly, stage_b=stage_b) if earlier else None
    told = _told(accounts, made.plan) if not made.rest else ()
    finished = _released(made, before, now, told, differing=differing)
    finished = replace(finished, who=_answered(made, finished).who(now.date()), wordings=_worded(accounts, made.plan))
    findings = find(finished)
    finished = replace(finished, findings=tuple(finding.to_json() for finding in findings))
    return Analysis(study, chosen, tuple(accounts), made.plan, finished, findings, made)


def _answered(made: Counted, shown: Release) -> Answered:
    """Who answered, from the counted wave and the figures that are released."""
    return Answered(
        tally=made.tally,
        study=made.study,
        plan=made.plan,
        policy=made.policy,
        figures=shown.figures,
        weighing=made.weighing,
        r_indicator=made.r_indicator,
        phases=made.phases,
    )


def _counted(
    study: Study, answers: Responses, wave: str, *, engine: str, progress: Progress | None, stage_b: bool
) -> Counted:
    """Weigh and count one wave, and decide what is not shown of it."""
    policy = policy_from(study.policy)
    taken = answers.filtered(answers.codes(WAVE) == answers.waves.index(wave))
    taken, rest = _without_rest(study, taken, policy.minimum_base)
    counting = _named(progress, "Counting")
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
        progress=_named(progress, "Protecting small groups"),
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


def _released(
    made: Counted,
    before: Counted | None,
    now: datetime,
    accounts: Sequence[dict[str, object]] = (),
    *,
    differing: Sequence[str] = (),
) -> Release:
    """The release of a wave, without findings; with the change since the wave before it, where there is one."""
    compared = compare(made.tally, made.study, made.figures, wave=made.wave, hidden=made.plan.all_hidden)
    earlier = _released(before, None, now) if before else None
    since, others = _since(made, before, earlier, differing) if before and earlier else ((), ())
    finished = release(
        made.figures,
        (*compared, *since),
        made.took_part,
        made.plan,
        made.study,
        made.policy,
        now=now,
        accounts=accounts,
        earlier=earlier,
        quotes=made.quotes,
    )
    return replace(_say_left_out(finished, made.rest), differing=others)


def _since(
    made: Counted, before: Counted, earlier: Release, differing: Sequence[str]
) -> tuple[tuple[Comparison, ...], tuple[str, ...]]:
    """Every change since the wave before, and the questions that were asked otherwise then and so are not compared.

    Where that wave has a final release, only what it shows, and shows alike, is compared: to tell other numbers of it
    now would be a second release of the same people. Where other organisations answered then, only organisations are
    compared: the whole group would seem to change by who is in it.
    """
    kept = kept_release(made.study, before.wave)
    instrument = made.study.instrument
    since_then = questions_that_differ(kept, instrument) if kept else ()
    others = tuple(q.id for q in instrument.questions if q.id in {*since_then, *differing})
    alike = shown_alike(kept, earlier) if kept else frozenset(f.id for f in earlier.figures if f.shown)
    found = [figure for figure in before.comparable if figure.id in alike]
    if made.together != before.together:
        found = [figure for figure in found if figure.group.breakdown.split(".")[0] == BY_ORGANISATION]
    return changes(found, made.comparable, instrument, differing=others), others


def asked_otherwise(now: Sequence[Account], before: Sequence[Account]) -> tuple[str, ...]:
    """Questions whose words in the files of one wave are not those in the files of another, and so are not compared.

    A file without other words has the instrument's; a question that all files of a wave lack is no other question.
    """
    worded = [_words_by_question(accounts) for accounts in (now, before)]
    return tuple(name for name, texts in worded[0].items() if name in worded[1] and texts != worded[1][name])


def _words_by_question(accounts: Sequence[Account]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for account in accounts:
        for question in account.questions:
            if question.id not in account.absent:
                found.setdefault(question.id, set()).update(question.asked_as or ("",))
    return found


def _wave_before(answers: Responses, wave: str) -> str | None:
    """The wave before this one that anybody answered, None where it is the first."""
    before = answers.waves[: answers.waves.index(wave)]
    people = np.bincount(answers.codes(WAVE), minlength=len(answers.waves))
    return next((name for place, name in reversed(list(enumerate(before))) if people[place]), None)


def _without_rest(study: Study, answers: Responses, minimum: int) -> tuple[Responses, tuple[str, ...]]:
    """Answers without the few who are in no group that can be shown, where a breakdown says so, and which do.

    One breakdown can make the groups of another smaller, so all are looked at again until nobody goes.
    """
    for breakdown in study.breakdowns:
        codes = answers.codes(breakdown.question)
        sizes = np.bincount(codes[codes >= 0], minlength=len(study.instrument[breakdown.question].options))
        alone = (codes < 0) | (sizes[np.maximum(codes, 0)] < minimum)
        if breakdown.leave_out_rest and 0 < int(alone.sum()) < minimum:
            fewer, others = _without_rest(study, answers.filtered(~alone), minimum)
            return fewer, tuple(dict.fromkeys((breakdown.question, *others)))
    return answers, ()


def _say_left_out(made: Release, rest: tuple[str, ...]) -> Release:
    """Say of small groups whose few people are in no figure that they are in none."""
    whole = {entry.group for entry in made.not_shown if entry.question is None and entry.group.breakdown in rest}
    said = tuple(replace(n, reason=IN_NO_FIGURE) if n.group in whole else n for n in made.not_shown)
    return replace(made, not_shown=said)


def _told(accounts: Sequence[Account], planned: Plan) -> tuple[dict[str, object], ...]:
    """Rows read, kept and excluded by file, for the annex; nothing where an organisation is not shown.

    With a hidden organisation these counts, less those that are shown, would be its own.
    """
    if planned.left_out or any(group.breakdown == BY_ORGANISATION for group in planned.hidden):
        return ()
    return tuple(
        {
            "dialect": a.dialect,
            "file": Path(a.file).name,
            "rows": a.rows,
            "kept": a.kept,
            "excluded": dict(a.excluded),
            "duplicates": dict(a.duplicates),
            "break_offs": dict(a.break_offs),
        }
        for a in accounts
    )


def _worded(accounts: Sequence[Account], planned: Plan) -> dict[str, dict[str, tuple[str, ...]]]:
    """Who asked in other words than the instrument's; an organisation that is not shown is not named here either."""
    hidden = {*planned.left_out, *(group.code for group in planned.hidden if group.breakdown == BY_ORGANISATION)}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for account in accounts:
        for question in account.questions:
            for wording in question.asked_as if account.organisation not in hidden else ():
                texts = found.setdefault(question.id, {})
                texts[wording] = (*texts.get(wording, ()), account.organisation or Path(account.file).name)
    return found


def _wave(answers: Responses, wave: str | None) -> str:
    chosen = answers.waves[-1] if wave is None else wave
    if chosen not in answers.waves:
        raise BadInput("wave", f'"{chosen}"', f"one of {', '.join(answers.waves)}")
    return chosen


def _of_wave(progress: Progress | None, wave: str | None) -> Progress | None:
    """Tell of steps by the name of their wave, so that no bar goes back."""
    return None if progress is None else lambda what, done, total: progress(f"{what} of wave {wave}", done, total)


def _named(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(what, done, total)

"""The job as one sentence: read, weigh, count, estimate, release, find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from surefoot.analyse.counted import Counted, count_wave
from surefoot.analyse.steps import Progress, named, of_wave
from surefoot.analyse.told import say_left_out, told_accounts, told_wordings
from surefoot.analyse.waves import asked_otherwise, chosen_wave, since, wave_before
from surefoot.estimate import compare
from surefoot.findings import Finding, find
from surefoot.readers import Account, read_study
from surefoot.release import (
    Answered,
    Plan,
    Release,
    kept_release,
    release,
)
from surefoot.responses import Responses
from surefoot.study import Study
from surefoot.themes import with_themes


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
    answers, accounts = read_study(study, named(progress, "Reading answers"))
    chosen = chosen_wave(answers, wave)
    files = list(zip(study.sources, accounts, strict=True))
    own, before = (
        [account for source, account in files if source.wave == name] for name in (chosen, wave_before(answers, chosen))
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
    chosen = chosen_wave(answers, wave)
    made = count_wave(study, answers, chosen, engine=engine, progress=progress, stage_b=stage_b)
    earlier = wave_before(answers, chosen)
    if earlier is not None and final and kept_release(study, earlier) is None:
        earlier = None  # to tell its numbers here would be its first release, and its own a second one
    quietly = of_wave(progress, earlier)
    before = count_wave(study, answers, earlier, engine=engine, progress=quietly, stage_b=stage_b) if earlier else None
    told = told_accounts(accounts, made.plan) if not made.rest else ()
    finished = released_wave(made, before, now, told, differing=differing)
    finished = replace(
        finished, who=who_answered(made, finished).who(now.date()), wordings=told_wordings(accounts, made.plan)
    )
    findings = find(finished)
    finished = replace(finished, findings=tuple(finding.to_json() for finding in findings))
    return Analysis(study, chosen, tuple(accounts), made.plan, finished, findings, made)


def who_answered(made: Counted, shown: Release) -> Answered:
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


def released_wave(
    made: Counted,
    before: Counted | None,
    now: datetime,
    accounts: Sequence[dict[str, object]] = (),
    *,
    differing: Sequence[str] = (),
) -> Release:
    """The release of a wave, without findings; with the change since the wave before it, where there is one."""
    compared = compare(made.tally, made.study, made.figures, wave=made.wave, hidden=made.plan.all_hidden)
    earlier = released_wave(before, None, now) if before else None
    changed, others = since(made, before, earlier, differing) if before and earlier else ((), ())
    finished = release(
        made.figures,
        (*compared, *changed),
        made.took_part,
        made.plan,
        made.study,
        made.policy,
        now=now,
        accounts=accounts,
        earlier=earlier,
        quotes=made.quotes,
    )
    return replace(say_left_out(finished, made.rest), differing=others)

"""Release random studies and let the independent attacker loose on what was written; print what it recovered.

python benchmarks/release_attack.py [studies] [first seed] [--exact] [--plain] [--report]
Five organisations of 60 to 900 staff, 60 % response, service types, three breakdowns, one of them crossed with the
organisations, and two waves: six in ten answer again, in the same groups. The attacker shares no code with the release;
it is given both waves' folders, and the truth only to be scored by. Of every group the complement is attacked too, as
what is left of a larger group. --exact also gives it the exact counts of everything shown, the worst case. --plain: one
wave, two breakdowns and no cross, with more questions. --report writes whole reports, whose other files are attacked
too, and not release.json alone. Exit code 1 if a hidden count was recovered or narrowed, a small total was found, or
fewer than 80 % of base-weighted groups survive on average.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from random_studies import Shape, random_study, two_waves
from surefoot.analyse import analyse_responses
from surefoot.estimate import estimate
from surefoot.release import write_release
from surefoot.release.attack import AttackResult, attack
from surefoot.report import write_report
from surefoot.responses import WAVE, Responses
from surefoot.study import Study
from surefoot.tally import Tally, count

PLAIN = Shape(singles=6, multis=1, boxes=4, routed=2)
SHORT = Shape(breakdowns=(8, 5, 3), cross=True, singles=3, multis=1, boxes=3, routed=1)
SURVIVE = 0.80
Truth = dict[tuple[str, str, str, str], int]


def truth_of(tally: Tally, study: Study) -> Truth:
    """Counts as the attack wants them, from estimates that nothing was hidden in: share times base."""
    found: Truth = {}
    for figure in estimate(tally, study, strata=lambda _: ()):
        key = (figure.group.breakdown, figure.group.code, figure.question)
        if figure.kind == "share":
            found[(*key, figure.selector)] = round((figure.value or 0.0) * figure.base)
            found[(*key, "")] = figure.base
    for grouping, axis in tally.axes.items():
        people = tally.cells(grouping, next(iter(tally.items)))[0].sum(axis=1)
        found |= {(grouping, label, "", ""): int(n) for label, n in zip(axis.labels, people, strict=True)}
    return found


def of_wave(answers: Responses, wave: str) -> Responses:
    """The answers of one wave."""
    return answers.filtered(answers.codes(WAVE) == answers.waves.index(wave))


def released(study: Study, answers: Responses, folder: Path, *, report: bool) -> dict[str, Path]:
    """Release every wave in turn, as a study's folder keeps them; the folder of each."""
    kept = replace(study, folder=folder)
    places = {}
    for wave in answers.waves:
        release = analyse_responses(kept, answers, wave=wave).release
        places[wave] = folder / "releases" / f"wave-{wave}"
        write_release(release, places[wave])
        if report:
            places[wave] = folder / f"report-{wave}"
            write_report(release, places[wave])
    return places


def trial(seed: int, shape: Shape, *, waves: int, exact: bool, report: bool) -> AttackResult:
    """One study, released, written and attacked."""
    study, answers = two_waves(seed, shape) if waves == 2 else random_study(seed, shape)
    truths = {wave: truth_of(count(of_wave(answers, wave), study), study) for wave in answers.waves}
    with tempfile.TemporaryDirectory() as folder:
        places = released(study, answers, Path(folder), report=report)
        first, *others = reversed(places.values())
        return attack(first, other=others[0] if others else None, truths=truths, exact=exact)


def told(results: Mapping[int, AttackResult], seconds: float) -> str:
    """The account of many attacks."""
    survive = [result.groups_surviving_share for result in results.values()]
    bad = sum(not result.passed for result in results.values())
    sums = {
        name: sum(len(getattr(result, name)) for result in results.values())
        for name in ("recovered", "narrowed", "possible", "mistaken", "small_totals", "printed", "unresolved")
    }
    cells, hidden = (sum(getattr(r, name) for r in results.values()) for name in ("cells", "suppressed"))
    return "\n".join(
        [
            f"{len(results)} studies from seed {min(results)}: {cells:,} cells, {hidden:,} of them hidden",
            ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in sums.items()),
            f"studies that fail: {bad}; groups that survive: {np.mean(survive):.1%} (least {np.min(survive):.1%})",
            f"CPU: {seconds / len(results):.1f} s a study, released and attacked",
        ]
    )


def main(arguments: list[str]) -> int:
    """Run the trials, print a line for each that fails and a summary after every fifty."""
    numbers = [int(part) for part in arguments if part.isdigit()]
    studies, first = [*numbers, 100][0], [*numbers[1:], 1][0]
    plain, exact, report = ("--" + name in arguments for name in ("plain", "exact", "report"))
    results: dict[int, AttackResult] = {}
    begun = time.process_time()
    for seed in range(first, first + studies):
        result = trial(seed, PLAIN if plain else SHORT, waves=1 if plain else 2, exact=exact, report=report)
        results[seed] = result
        if not result.passed:
            print(seed, "recovered", result.recovered, "narrowed", result.narrowed, "totals", result.small_totals)
            print(seed, "printed", result.printed, "unresolved", result.unresolved, flush=True)
        if len(results) % 50 == 0 or seed == first + studies - 1:
            print(told(results, time.process_time() - begun), flush=True)
    survive = np.mean([result.groups_surviving_share for result in results.values()])
    return int(not all(result.passed for result in results.values()) or survive < SURVIVE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

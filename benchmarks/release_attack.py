"""Release random studies and let the independent attacker loose on what was written; print what it recovered.

python benchmarks/release_attack.py [studies] [first seed] [--exact] [--full]
Five organisations of 60 to 900 staff, 60 % response, two breakdowns. The attacker shares no code with the release; it
is
given the folder, and the truth only to be scored by. --exact also gives it the exact counts of everything shown, the
worst
case. --full asks 45 questions a study instead of 10; more questions are more of the same, since none shares answers
with
another. Exit code 1 if a hidden count was recovered or narrowed, a small total was found, or fewer than 80 % of
base-weighted groups survive on average.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from random_studies import Shape, random_study
from surefoot.analyse import analyse_responses
from surefoot.estimate import estimate
from surefoot.release.attack import attack
from surefoot.report import write_report
from surefoot.study import Study
from surefoot.tally import Tally, count

SHORT = Shape(singles=6, multis=1, boxes=4, routed=2)
SURVIVE = 0.80


def truth_of(tally: Tally, study: Study) -> dict[tuple[str, str, str, str], int]:
    """Counts as the attack wants them, from estimates that nothing was hidden in: share times base."""
    found: dict[tuple[str, str, str, str], int] = {}
    for figure in estimate(tally, study, strata=lambda _: ()):
        key = (figure.group.breakdown, figure.group.code, figure.question)
        if figure.kind == "share":
            found[(*key, figure.selector)] = round((figure.value or 0.0) * figure.base)
            found[(*key, "")] = figure.base
    for grouping, axis in tally.axes.items():
        people = tally.cells(grouping, next(iter(tally.items)))[0].sum(axis=1)
        found |= {(grouping, label, "", ""): int(n) for label, n in zip(axis.labels, people, strict=True)}
    return found


def trial(seed: int, shape: Shape, *, exact: bool) -> tuple[object, float]:
    """One study, released, written and attacked; the attack's result and its CPU seconds."""
    study, answers = random_study(seed, shape)
    analysis = analyse_responses(study, answers)
    with tempfile.TemporaryDirectory() as folder:
        write_report(analysis.release, Path(folder) / "report")
        begun = time.process_time()
        result = attack(Path(folder) / "report", truth=truth_of(count(answers, study), study), exact=exact)
    return result, time.process_time() - begun


def main(arguments: list[str]) -> int:
    """Run the trials, print a line for each that fails and a summary."""
    numbers = [int(part) for part in arguments if part.isdigit()]
    studies, first = [*numbers, 200][0], [*numbers[1:], 1][0]
    shape = Shape() if "--full" in arguments else SHORT
    survive, cells, suppressed, bad, seconds = [], 0, 0, 0, 0.0
    for seed in range(first, first + studies):
        result, used = trial(seed, shape, exact="--exact" in arguments)
        survive.append(result.groups_surviving_share)
        cells, suppressed, seconds = cells + result.cells, suppressed + result.suppressed, seconds + used
        failed = result.recovered or result.narrowed or result.small_totals or result.printed
        bad += bool(failed)
        if failed or result.unresolved:
            print(seed, "recovered", result.recovered, "narrowed", result.narrowed, "totals", result.small_totals)
            print(seed, "printed", result.printed, "unresolved", result.unresolved, flush=True)
    print(f"{studies} studies from seed {first}: {cells:,} cells, {suppressed:,} of them hidden")
    print(f"studies with a leak: {bad}; groups that survive: {np.mean(survive):.1%} (least {np.min(survive):.1%})")
    print(f"CPU of the attack: {seconds / studies:.1f} s a study")
    return int(bad > 0 or np.mean(survive) < SURVIVE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

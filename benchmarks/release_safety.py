"""Plan the release of random studies, try to break each plan by the methods as written, and print what survives.

python benchmarks/release_safety.py [studies] [first seed] [--cross] [--small]
The checks share no code with the plan: they are the programs of the methods page, without any reduction.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from random_studies import Shape, random_study
from surefoot.release.incidence import Answers, Incidence, answers_of, incidence
from surefoot.release.plan import Plan, left_out, plan
from surefoot.responses import ORGANISATION
from surefoot.study import Study
from surefoot.tally import Tally, count

MINIMUM, WIDTH, SAMPLE = 11, 3, 40


def shown_for(who: Incidence, found: Plan, question: str | None) -> np.ndarray:
    """Groups that are shown, for a question or at all."""
    return np.array([not found.hides(group, question) for group in who.groups])


def leaks(who: Incidence, shown: np.ndarray, people: np.ndarray) -> bool:
    """Stage A as written: v = A'y, v in {0, 1}, y in -3..3, 1 <= w'v <= 10."""
    a = who.member[shown][:, people > 0].astype(float)
    w = people[people > 0].astype(float)
    groups, profiles = a.shape
    equal = np.hstack([a.T, -np.eye(profiles)])
    size = np.concatenate([np.zeros(groups), w])[None, :]
    result = milp(
        np.zeros(groups + profiles),
        integrality=np.ones(groups + profiles),
        bounds=Bounds(np.r_[np.full(groups, -3), np.zeros(profiles)], np.r_[np.full(groups, 3), np.ones(profiles)]),
        constraints=[LinearConstraint(equal, 0, 0), LinearConstraint(size, 1, MINIMUM - 1)],
        options={"time_limit": 20},
    )
    return result.x is not None


def narrow(who: Incidence, item: Answers, shown: np.ndarray, known: np.ndarray, target: tuple[int, int]) -> bool:
    """Stage B as written, for one hidden count: the real bounds, tightened to whole numbers, against the safe width."""
    answer, group = target
    layers, member = len(item.labels), who.member.astype(float)
    counts, base = who.counts(item.table), who.counts(item.base)
    rows = [np.kron(np.eye(layers), member[shown]), np.kron(np.ones((1, layers)), member[known & ~shown])]
    right = np.concatenate([counts[:, shown].ravel(), base[known & ~shown]])
    gain = np.zeros((layers, member.shape[1]))
    gain[answer] = member[group]
    ends = [
        linprog(sign * gain.ravel(), A_eq=csr_array(np.vstack(rows)), b_eq=right, bounds=(0, None)).fun * sign
        for sign in (1, -1)
    ]
    low, high = np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)
    around = [counts[answer, g] for g in np.flatnonzero(shown) if not (who.member[group] & ~who.member[g]).any()]
    around += [item.table[answer, rest].sum() for rest in rests(who, shown) if not (who.member[group] & ~rest).any()]
    return high - low < min(WIDTH, base[group], *around)


def rests(who: Incidence, shown: np.ndarray) -> list[np.ndarray]:
    """People of a shown group who are in no shown group of a breakdown, where that breakdown divides the group."""
    found = []
    for outer in who.member[shown]:
        for breakdown in range(1, who.breakdowns.max() + 1):
            groups = who.member[shown & (who.breakdowns == breakdown)]
            inside = [group for group in groups if (group & outer).any()]
            if not any((group & ~outer).any() for group in inside):
                found.append(outer & ~np.any(inside, axis=0) if inside else outer)
    return found


def broken(tally: Tally, study: Study, found: Plan, rng: np.random.Generator) -> tuple[int, int, int]:
    """(leaks of Stage A, narrow counts of Stage B, hidden counts tried) in a sample of what is hidden."""
    who = incidence(tally)
    known = shown_for(who, found, None)
    bad = int(leaks(who, known, who.people))
    cells = []
    declared = [q for q in study.instrument.questions if not q.id.startswith("b")]
    for question in rng.permutation(np.array(declared, dtype=object))[:6]:
        shown = shown_for(who, found, question.id)
        for item in answers_of(tally, question)[:1]:
            bad += int(shown.any() and leaks(who, shown, item.base))
    for question in declared:
        shown = shown_for(who, found, question.id)
        first = 1 if question.kind == "multi" else 0
        for item in answers_of(tally, question):
            cells += [
                (item, shown, (answer, group))
                for answer in range(first, len(item.labels))
                for group in np.flatnonzero(~shown)
                if who.counts(item.base)[group]
            ]
    chosen = rng.permutation(len(cells))[:SAMPLE]
    tight = sum(narrow(who, cells[k][0], cells[k][1], known, cells[k][2]) for k in chosen)
    return bad, int(tight), len(chosen)


def main(studies: int, first: int, shape: Shape) -> None:
    """Print one line a study, and the sums."""
    rows = []
    for seed in range(first, first + studies):
        study, answers = random_study(seed, shape)
        tally = count(answers, study)
        out = left_out(tally)
        kept = ~np.isin(answers.codes(ORGANISATION), [study.organisation_ids.index(name) for name in out])
        tally = count(answers.filtered(kept), study)
        start = time.process_time()
        found = plan(tally, study, left_out=out)
        spent = time.process_time() - start
        who = incidence(tally)
        sizes = who.sizes[1:]
        groups = sizes[shown_for(who, found, None)[1:]].sum() / max(1, sizes.sum())
        asked = [q.id for q in study.instrument.questions if not q.id.startswith("b")]
        pairs = np.mean([sizes[shown_for(who, found, q)[1:]].sum() / max(1, sizes.sum()) for q in asked])
        leaked, tight, tried = broken(tally, study, found, np.random.default_rng(seed))
        rows.append((groups, pairs, spent, leaked, tight, tried))
        print(
            f"seed {seed}: {len(answers)} answers, groups {groups:.1%}, groups by question {pairs:.1%}, "
            f"{spent:.1f} s CPU, leaks {leaked}, narrow {tight} of {tried}",
            flush=True,
        )
    table = np.array(rows)
    print(
        f"{studies} studies: mean {table[:, 0].mean():.1%} of base-weighted groups survive (lowest "
        f"{table[:, 0].min():.1%}), {table[:, 1].mean():.1%} by question; {table[:, 2].mean():.1f} s CPU a study "
        f"(most {table[:, 2].max():.1f}); leaks {table[:, 3].sum():.0f}; narrow {table[:, 4].sum():.0f} "
        f"of {table[:, 5].sum():.0f} tried"
    )


if __name__ == "__main__":
    numbers = [int(part) for part in sys.argv[1:] if part.isdigit()]
    hard = {"staff": (20, 200), "breakdowns": (8, 6), "unplaced": 0.02} if "--small" in sys.argv else {}
    main(*(numbers + [10, 0][len(numbers) :]), Shape(cross="--cross" in sys.argv, **hard))

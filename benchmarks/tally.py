"""How long counting takes: 100,000 people by 60 questions by 8 breakdowns, with numpy, beside the plain engine.

Goal: under 0.5 s CPU with numpy. Prints CPU and wall seconds and writes nothing. `--rows N` counts other sizes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from surefoot.instrument import Instrument, instrument_from_table
from surefoot.responses import Responses, responses
from surefoot.study import Breakdown, Study
from surefoot.tally import Rows, count, count_numpy, count_plain, prepare

GROUPS = (250, 42, 20, 10, 6, 5, 4, 2)
QUESTIONS, OPTIONS = 60, 7
GOAL_SECONDS = 0.5


@dataclass(frozen=True)
class Spent:
    """Seconds that one step took, and what it made."""

    cpu: float
    wall: float
    made: Any


def timed(step: Callable[[], Any]) -> Spent:
    """The quickest of three runs of a step, so that a busy machine counts less."""
    runs = []
    for _ in range(3):
        cpu, wall = time.process_time(), time.perf_counter()
        made = step()
        runs.append(Spent(time.process_time() - cpu, time.perf_counter() - wall, made))
    return min(runs, key=lambda run: run.cpu)


def instrument() -> Instrument:
    """Eight questions to break down by and sixty others, all single-choice."""
    sizes = {f"by-{size}": size for size in GROUPS} | {f"q{k}": OPTIONS for k in range(QUESTIONS)}
    scales = [
        {"id": name, "options": [{"id": str(k), "text": str(k)} for k in range(size)]} for name, size in sizes.items()
    ]
    questions = [{"id": name, "kind": "single", "text": name, "scale": name} for name in sizes]
    head = {"schema": "surefoot/instrument/1", "name": "bench", "title": "Bench"}
    return instrument_from_table({**head, "scale": scales, "question": questions})


def answered(asked: Instrument, rows: int, *, uniform: bool, scale: int = 2**10) -> Responses:
    """Random answers, a twentieth of them missing."""
    rng = np.random.default_rng(1)
    columns = {}
    for question in asked.questions:
        codes = rng.integers(0, len(question.options), rows)
        lost = (rng.random(rows) < 0.05) & question.id.startswith("q")
        columns[question.id] = np.where(lost, -2, codes)
    if not uniform:
        columns["@weight"] = rng.integers(300 * scale // 2**10, 4000 * scale // 2**10, rows)
    return responses(asked, columns, weight_scale=scale)


def task(prepared: Rows) -> Rows:
    """The sixty questions by everybody and the eight breakdowns: without profiles, which only a release needs."""
    return replace(prepared, items=prepared.items[len(GROUPS) :], groupings=prepared.groupings[:-1])


def show(name: str, spent: Spent, note: str = "") -> None:
    """One line of the printed table."""
    print(f"{name:<46}{spent.cpu:>9.3f}{spent.wall:>9.3f}  {note}")


def main() -> None:
    """Count, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    asked = instrument()
    study = Study("bench", "Bench", asked, breakdowns=tuple(Breakdown(f"by-{size}") for size in GROUPS))
    print(f"{rows:,} people x {QUESTIONS} questions x {len(GROUPS)} breakdowns of {', '.join(map(str, GROUPS))} groups")
    print(f"{'':<46}{'CPU s':>9}{'wall s':>9}")
    scales = (("equal weights", True, 2**10), ("unequal weights", False, 2**10), ("on a fine scale", False, 2**20))
    for name, uniform, scale in scales:
        made = answered(asked, rows, uniform=uniform, scale=scale)
        ready = timed(lambda made=made: prepare(made, study))
        counting = timed(lambda ready=ready: count_numpy(task(ready.made)))
        note = f"goal {GOAL_SECONDS} s CPU: {'met' if counting.cpu < GOAL_SECONDS else 'MISSED'}"
        show(f"count with numpy, {name}", counting, note)
        profiles = len(ready.made.groupings[-1].axis)
        show(f"prepare, {name}", ready, f"{profiles:,} profiles of groups")
        show("both", Spent(ready.cpu + counting.cpu, ready.wall + counting.wall, None))
    some = answered(asked, rows // 10, uniform=True)
    whole = timed(lambda: count(some, study))
    size = sum(table.nbytes for table in whole.made.tables.values()) / 2**20
    show(f"whole Tally with profiles, {rows // 10:,} people", whole, f"{size:,.0f} MiB, nearly all of it profiles")
    small = task(prepare(answered(asked, 1000, uniform=False), study))
    plain, fast = timed(lambda: count_plain(small)), timed(lambda: count_numpy(small))
    show("count plainly, 1,000 people, unequal weights", plain)
    show(
        "count with numpy, the same",
        fast,
        f"{plain.cpu / fast.cpu:,.0f} times faster, equal: {plain.made == fast.made}",
    )


if __name__ == "__main__":
    main()

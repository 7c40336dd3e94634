"""How long a user waits: the first help page, reading a large file, and the demo's report without its safety proof.

python benchmarks/speed.py [start] [reader] [report]; all three by default. CPU seconds beside wall time, since machines
are noisy. The bars are those of the main job: help under 0.2 s, 100,000 rows read in under 3 s, the demo's report under
1 s of CPU after start-up and without Stage B.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROWS, QUESTIONS = 100_000, 60


def timed(what: str, bar: str, job: Callable[[], object]) -> None:
    """Run a job and print its CPU and wall seconds beside the bar."""
    cpu, wall = time.process_time(), time.perf_counter()
    job()
    used, waited = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{what:<44} {used:6.2f} s CPU  {waited:6.2f} s wall   bar: {bar}")


def start() -> None:
    """`surefoot --help` as a whole process, the median of five."""
    command = [sys.executable, "-m", "surefoot", "--help"]
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    print(f"{'surefoot --help, median of five':<44} {'':>12}  {sorted(seconds)[2]:6.2f} s wall   bar: 0.2 s wall")


def reader() -> None:
    """A clean CSV of 100,000 rows and 60 questions, from bytes to answers."""
    from surefoot.readers import read

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write_large(path)
        size = path.stat().st_size / 1e6
        timed(f"read {ROWS:,} rows x {QUESTIONS} columns ({size:.0f} MB)", "3 s wall", lambda: read(path))


def write_large(path: Path) -> None:
    """Answers on a five-point scale, with blanks, as texts."""
    rng = np.random.default_rng(1)
    texts = np.array(["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree", ""])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"Statement {number}" for number in range(QUESTIONS)])
        for _ in range(ROWS // 1000):
            writer.writerows(texts[rng.integers(0, len(texts), (1000, QUESTIONS))].tolist())


def report() -> None:
    """The demo: answers in memory to the four kinds of file. What is imported when first used is imported before."""
    from surefoot.analyse import analyse_responses
    from surefoot.demo import simulate, study_of
    from surefoot.report import write_report

    study = study_of()
    answers = simulate(study)

    def job(folder: Path) -> None:
        write_report(analyse_responses(study, answers, stage_b=False).release, folder / "report")

    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        job(Path(first))
        timed("demo report, without Stage B, after start-up", "1 s CPU", lambda: job(Path(second)))
        timed(
            "demo analysis with Stage B, nothing kept",
            "none",
            lambda: analyse_responses(study, answers, stage_b=True),
        )


JOBS = {"start": start, "reader": reader, "report": report}

if __name__ == "__main__":
    for name in sys.argv[1:] or JOBS:
        JOBS[name]()

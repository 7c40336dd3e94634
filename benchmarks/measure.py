"""What the benchmarks share: timing a step, describing the machine, and writing what was measured as one JSON object.

Machines are noisy: CPU seconds stand beside wall time, and peers are measured in the same run, so that ratios mean
something.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

SCHEMA = "surefoot/benchmark/1"
RESULTS = Path(__file__).parent / "results"
PEERS = ("numpy", "scipy", "polars", "numba", "duckdb", "pandas", "pyarrow", "pyspark", "svy")


@dataclass(frozen=True)
class Spent:
    """Seconds that one step took, and what it made."""

    cpu: float
    wall: float
    made: Any = None

    def times(self, factor: float) -> Spent:
        """What a longer job of the same kind would take, where only a part of it was run."""
        return Spent(self.cpu * factor, self.wall * factor, self.made)


def timed(step: Callable[[], Any], runs: int = 3) -> Spent:
    """The quickest of some runs of a step, so that a busy machine counts less. CPU of all threads together."""
    found = []
    for _ in range(runs):
        cpu, wall = time.process_time(), time.perf_counter()
        made = step()
        found.append(Spent(time.process_time() - cpu, time.perf_counter() - wall, made))
    return min(found, key=lambda run: run.wall)


def peak_mebibytes() -> float:
    """The most memory that this process ever held, or held since `forget_peak`, in MiB."""
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10


def forget_peak() -> float:
    """Start the peak anew where the system can do that (Linux); gives the memory that is held now, in MiB."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _status("VmRSS") or peak_mebibytes()


def _status(name: str) -> float:
    """An entry of the process's status in MiB, 0 where the system has none."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith(f"{name}:"):
                return float(line.split()[1]) / 2**10
    return 0.0


def machine() -> dict[str, Any]:
    """What ran the benchmark: cores, processor family, Python and the packages that take part."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": {name: found for name in PEERS if (found := _version(name))},
        "load_before": round(os.getloadavg()[0], 2),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def write_result(name: str, content: Mapping[str, Any]) -> None:
    """Write `benchmarks/results/NAME.json`, and print it as the last line."""
    whole = {"schema": SCHEMA, "benchmark": name, "date": datetime.now(UTC).date().isoformat(), "machine": machine()}
    whole |= content
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(whole))


def rounded(numbers: Mapping[str, float], digits: int = 4) -> dict[str, float]:
    """Numbers as they are written: nobody measures more digits."""
    return {name: round(number, digits) for name, number in numbers.items()}


def table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns: the first to the left, the others to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())

"""How long counting takes: a million people by 60 questions by 8 breakdowns, beside other libraries in the same run.

python benchmarks/tally.py [--rows N] [--no-peers]
The task: people, sum of weights and sum of squares of every cell, and for ours the share and its interval too; answers
are codes in memory when the clock starts. Writes benchmarks/results/tally.json. Bars at a million rows: at least 8
times DuckDB's grouping sets, 10 times numpy and polars, 80 times pandas groupby, 300 times crosstab; the kernel within
1.6 of the scatter floor; peak memory at most twice the data.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from measure import Spent, peak_mebibytes, rounded, table, timed, write_result
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.interval import wilson_from_share
from surefoot.responses import Responses, responses
from surefoot.study import Breakdown, Study
from surefoot.tally import SW, Rows, Tally, count_fast, count_numpy, count_plain, prepare, squares_of
from tally_peers import PEERS, Task

GROUPS = (250, 42, 20, 10, 6, 5, 4, 2)
QUESTIONS, OPTIONS = 60, 7
BARS = {"duckdb": 8, "numpy": 10, "polars": 10, "pandas_groupby": 80, "pandas_crosstab": 300}
FLOOR_BAR, MEMORY_BAR = 1.6, 2.0


def instrument() -> Instrument:
    """Eight questions to break down by and sixty others, all single-choice."""
    sizes = {f"by-{size}": size for size in GROUPS} | {f"q{k}": OPTIONS for k in range(QUESTIONS)}
    scales = [
        {"id": name, "options": [{"id": str(k), "text": str(k)} for k in range(size)]} for name, size in sizes.items()
    ]
    questions = [{"id": name, "kind": "single", "text": name, "scale": name} for name in sizes]
    head = {"schema": "surefoot/instrument/1", "name": "bench", "title": "Bench"}
    return instrument_from_table({**head, "scale": scales, "question": questions})


def study(asked: Instrument) -> Study:
    """A study of all eight breakdowns."""
    return Study("bench", "Bench", asked, breakdowns=tuple(Breakdown(f"by-{size}") for size in GROUPS))


def answered(asked: Instrument, rows: int, *, uniform: bool) -> Responses:
    """Random answers, a twentieth of them missing."""
    rng = np.random.default_rng(1)
    columns = {}
    for question in asked.questions:
        codes = rng.integers(0, len(question.options), rows)
        lost = (rng.random(rows) < 0.05) & question.id.startswith("q")
        columns[question.id] = np.where(lost, -2, codes)
    if not uniform:
        columns["@weight"] = rng.integers(300, 4000, rows)
    return responses(asked, columns)


def task(prepared: Rows) -> Rows:
    """The sixty questions by everybody and the eight breakdowns: without profiles, which only a release needs."""
    return replace(prepared, items=prepared.items[len(GROUPS) :], groupings=prepared.groupings[:-1])


def estimates(tally: Tally) -> int:
    """The share of every cell with its 95 % interval; how many there are."""
    made = 0
    for grouping in tally.axes:
        cells = np.stack([tally.answers(grouping, item) for item in tally.items], axis=1)
        weight, squares = cells[SW].sum(axis=-1), squares_of(cells).sum(axis=-1)
        shares = cells[SW] / weight[..., None]
        made += wilson_from_share(shares, (weight.astype(np.float64) ** 2 / squares)[..., None]).value.size
    return made


def ours(rows: Rows) -> int:
    """The whole task: count with the fast engine, and make every interval."""
    return estimates(count_fast(rows))


def floor(rows: Rows) -> Spent:
    """What the stores alone cost: both sums of every row added at places that are known beforehand, on one core."""
    from numba import njit

    from surefoot.tally.fast import fuse

    sets, codes = tuple(fuse(rows)), rows.items[0]
    width = np.uint16(len(codes.axis))
    places = np.stack([each.places(0, np.uint16) * width + codes.places.astype(np.uint16) for each in sets])
    sums = np.zeros(2 * (sets[-1].first + sets[-1].cells) * width, dtype=np.int64)
    packed = rows.weight | (1 << 43), rows.weight * rows.weight
    compiled = njit(nogil=True)(scatter)
    compiled(places[:, :10], *packed, sums, 1)
    return timed(lambda: compiled(places, *packed, sums, len(rows.items)))


def scatter(places: np.ndarray, both: np.ndarray, squares: np.ndarray, sums: np.ndarray, questions: int) -> None:
    """Four pairs of additions a row, written out as in the engine."""
    a, b, c, d = places[0], places[1], places[2], places[3]
    two, one = np.uint32(2), np.uint32(1)
    for _ in range(questions):
        for row in range(places.shape[1]):
            first, second = both[row], squares[row]
            place = np.uint32(a[row]) * two
            sums[place] += first
            sums[place + one] += second
            place = np.uint32(b[row]) * two
            sums[place] += first
            sums[place + one] += second
            place = np.uint32(c[row]) * two
            sums[place] += first
            sums[place + one] += second
            place = np.uint32(d[row]) * two
            sums[place] += first
            sums[place + one] += second


def kernel(rows: Rows) -> Spent:
    """The fast engine's loop alone, on one core, as the floor is measured."""
    from surefoot.tally import fast

    sets = tuple(fast.fuse(rows))
    joint = np.stack([each.places(0, np.uint16) for each in sets])
    packed = rows.weight | (1 << fast.WEIGHT_BITS), rows.weight * rows.weight
    counted = np.zeros((3, sets[-1].first + sets[-1].cells, len(rows.items[0].axis)), dtype=np.int64)
    compiled = fast._kernels()[1]
    compiled(rows.items[0].places[:10], joint[:, :10], *(part[:10] for part in packed), counted)
    return timed(lambda: [compiled(item.places, joint, *packed, counted) for item in rows.items])


def peers(rows: Rows) -> dict[str, Spent]:
    """The same task by other libraries; where only some questions are run, seconds are scaled to all."""
    widened = Task(
        {item.axis.id: item.places for item in rows.items},
        {grouping.axis.id: grouping.places for grouping in rows.groupings[1:]},
        rows.weight,
    )
    truth = count_numpy(rows)
    found = {}
    for name, peer in PEERS.items():
        ready, names = peer.ready(widened), list(widened.questions)[: peer.questions]
        spent = timed(lambda ready=ready, names=names, peer=peer: peer.count(ready, names, list(widened.groups)), 2)
        most = {key: int(truth.cells(*key)[0].max()) for key in spent.made}
        if most != spent.made:
            raise AssertionError(f"{name} counted something else")
        found[name] = spent.times(len(rows.items) / peer.questions)
    return found


def memory(rows: int) -> dict[str, float]:
    """Peak memory of counting over the size of the data, in a process of its own."""
    code = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import tally, measure\n"
        "from surefoot.tally import count_fast\n"
        "asked = tally.instrument(); few = tally.task(tally.prepare(tally.answered(asked, 10, uniform=False),"
        " tally.study(asked)))\n"
        "count_fast(few); before = measure.forget_peak(); rows = tally.random_rows(int(sys.argv[2]))\n"
        "count_fast(rows); print(json.dumps([before, measure.peak_mebibytes(), tally.size(rows)]))"
    )
    command = [sys.executable, "-c", code, str(__file__).rpartition("/")[0] or ".", str(rows)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    before, peak, data = (float(part) for part in done.stdout.strip().strip("[]").split(","))
    return {"data_mebibytes": data, "peak_over_data": (peak - before) / data}


def random_rows(rows: int) -> Rows:
    """Rows as `prepare` makes them, drawn without anything wider in between, so that only they take memory."""
    asked = instrument()
    few = task(prepare(answered(asked, 100, uniform=False), study(asked)))
    rng = np.random.default_rng(1)

    def wide(column):
        kind = column.places.dtype
        return replace(column, places=rng.integers(0, len(column.axis), rows, dtype=kind))

    return replace(
        few,
        items=tuple(wide(item) for item in few.items),
        groupings=tuple(wide(grouping) for grouping in few.groupings),
        weight=rng.integers(300, 4000, rows),
        unit=np.zeros(rows, dtype=np.int64),
    )


def size(rows: Rows) -> float:
    """The data in MiB: codes, places of groups and weights."""
    arrays = [column.places for column in (*rows.items, *rows.groupings)] + [rows.weight]
    return sum(array.nbytes for array in arrays) / 2**20


def verdict(ratio: float, bar: float, *, most: bool = False) -> str:
    """Whether a bar is met."""
    return "met" if (ratio <= bar if most else ratio >= bar) else "MISSED"


def measured(rows: Rows) -> dict[str, Spent]:
    """Our own steps: counting with intervals, with either engine."""
    ours(rows)  # compiled once, and kept
    numpy_engine = timed(lambda: estimates(count_numpy(rows)), 2)
    return {"surefoot, fast engine, with intervals": timed(lambda: ours(rows), 5), "surefoot, numpy": numpy_engine}


def show(found: Mapping[str, Spent], mine: Spent) -> None:
    """The printed table."""
    lines = [("", "CPU s", "wall s", "times ours", "bar")]
    for name, spent in found.items():
        bar = f"{BARS[name]} {verdict(spent.wall / mine.wall, BARS[name])}" if name in BARS else ""
        lines.append((name, f"{spent.cpu:.3f}", f"{spent.wall:.3f}", f"{spent.wall / mine.wall:.1f}", bar))
    table(lines)


def main() -> None:
    """Count, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    asked = instrument()
    print(
        f"{options.rows:,} people x {QUESTIONS} questions x {len(GROUPS)} breakdowns of {', '.join(map(str, GROUPS))}"
    )
    rows = random_rows(options.rows)
    found = measured(rows)
    mine = next(iter(found.values()))
    found |= {} if options.no_peers else peers(rows)
    show(found, mine)
    least, loop, space = floor(rows), kernel(rows), memory(options.rows)
    over = loop.cpu / least.cpu
    print(f"kernel on one core {loop.cpu:.3f} s CPU, scatter floor {least.cpu:.3f}: {over:.2f}", end=" ")
    print(f"({verdict(over, FLOOR_BAR, most=True)}: at most {FLOOR_BAR})")
    print(f"peak memory over the data ({space['data_mebibytes']:.0f} MiB): {space['peak_over_data']:.2f}", end=" ")
    print(f"({verdict(space['peak_over_data'], MEMORY_BAR, most=True)}: at most {MEMORY_BAR})")
    small = task(prepare(answered(asked, 1000, uniform=False), study(asked)))
    plain = timed(lambda: count_plain(small), 1)
    print(f"the plain engine, 1,000 people: {plain.cpu:.2f} s CPU; equal: {plain.made == count_fast(small)}")
    write_result(
        "tally",
        {
            "rows": options.rows,
            "ratios": rounded({name: spent.wall / mine.wall for name, spent in found.items() if name in BARS}, 2),
            "kernel_over_floor": round(over, 3),
            "cpu_seconds": rounded({name: spent.cpu for name, spent in found.items()}),
            "wall_seconds": rounded({name: spent.wall for name, spent in found.items()}),
            "peak_over_data": round(space["peak_over_data"], 3),
            "peak_mebibytes": round(peak_mebibytes()),
        },
    )


if __name__ == "__main__":
    main()

"""What fine weights cost: 100,000 people by 60 questions by 8 breakdowns with numpy, by how people are weighted.

Equal weights need one count a table, unequal ones three lanes, and weights on a scale finer than 1,024 four, because
their squares are summed in two halves (decision 0006). `--rows N` counts other sizes.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np

from measure import table, timed
from surefoot.tally import count_numpy, prepare
from tally import answered, instrument, study, task

FINE = 2**20


def main() -> None:
    """Count, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    asked = instrument()
    coarse = prepare(answered(asked, rows, uniform=False), study(asked))
    fine = replace(coarse, weight=coarse.weight * (FINE // 2**10) + np.arange(rows) % 1024, weight_scale=FINE)
    equal = replace(coarse, weight=np.full(rows, 1024, dtype=np.int64))
    lines = [("", "CPU s", "wall s", "lanes")]
    for name, each in (("equal weights", equal), ("unequal weights", coarse), ("on a fine scale", fine)):
        spent = timed(lambda each=each: count_numpy(task(each)))
        lines.append((name, f"{spent.cpu:.3f}", f"{spent.wall:.3f}", str(each.lanes)))
    table(lines)


if __name__ == "__main__":
    main()

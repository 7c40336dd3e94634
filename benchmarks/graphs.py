"""Sixty graphs of six groups: the drawings alone, and with heading, key and table. Goal: the drawings under 0.05 s CPU.

Run it with `make bench`.
"""

import time

from surefoot.report.graphs import Cell, Column, Graph, Row, draw
from surefoot.report.pages import figure

COUNT = 60
GOAL = 0.05
SCALE = (*(Column(f"Answer {position}", position) for position in (2, 1, 0, -1, -2)), Column("I don't know enough"))


def graph(number: int) -> Graph:
    """One graph as the report has them: a scale with sides, six groups, intervals and nets."""
    rows = tuple(Row(f"Organisation {place}", cells(number + place), 120, net(number + place)) for place in range(6))
    return Graph(f"graph-{number}", "diverging", f"Statement {number}", SCALE, rows, net_head="Net")


def cells(seed: int) -> tuple[Cell, ...]:
    """Shares that differ from row to row, with intervals and the ids of their figures."""
    parts = [1 + (seed * step) % 7 for step in (3, 5, 11, 13, 17, 19)]
    shares = [part / sum(parts) for part in parts]
    return tuple(Cell(s, s - 0.04, s + 0.04, f"figure-{seed:08x}{i:08x}") for i, s in enumerate(shares))


def net(seed: int) -> Cell:
    """A net with its interval."""
    return Cell(seed % 9 / 10 - 0.4, -0.3, 0.5, f"figure-{seed:016x}", "benefits ahead")


def main() -> None:
    """Draw them and print CPU seconds and bytes."""
    graphs = [graph(number) for number in range(COUNT)]
    figure(graphs[0])
    start = time.process_time()
    drawn = [draw(one) for one in graphs]
    alone = time.process_time() - start
    start = time.process_time()
    whole = [figure(one) for one in graphs]
    both = time.process_time() - start
    size, all_size = (sum(map(len, made)) / COUNT / 1000 for made in (drawn, whole))
    print(f"{COUNT} drawings: {alone:.3f} s CPU (goal {GOAL}), {size:.1f} KB each")
    print(f"{COUNT} with heading, key and table: {both:.3f} s CPU, {all_size:.1f} KB each")


if __name__ == "__main__":
    main()

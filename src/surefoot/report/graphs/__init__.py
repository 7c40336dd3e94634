"""Graphs: a view of released figures to SVG and words, with the same numbers in a table beneath.

>>> from surefoot.report.graphs import Cell, Column, Graph, Row, draw
>>> row = Row("Oakfield", (Cell(0.34, 0.29, 0.4),))
>>> svg = draw(Graph("use", "dots", "One in three has used AI", (Column("Yes"),), (row,)))
>>> 'role="img"' in svg and "Oakfield: 34% (29 to 40)." in svg
True
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from surefoot.report.graphs.bars import extent, fills, scale_bars
from surefoot.report.graphs.grid import grid
from surefoot.report.graphs.points import bars, dots, rates
from surefoot.report.graphs.twice import twice
from surefoot.report.graphs.view import (
    AHEAD,
    BARS,
    BEHIND,
    DIVERGING,
    DOTS,
    GRID,
    HIDDEN,
    RATES,
    STACKED,
    TWICE,
    UNCLEAR,
    Cell,
    Column,
    Graph,
    Row,
)

__all__ = [
    "AHEAD",
    "BARS",
    "BEHIND",
    "DIVERGING",
    "DOTS",
    "DRAW",
    "GRID",
    "HIDDEN",
    "RATES",
    "STACKED",
    "TWICE",
    "UNCLEAR",
    "Cell",
    "Column",
    "Graph",
    "Row",
    "draw",
    "extent",
    "fills",
]

DRAW: Mapping[str, Callable[[Graph], Markup]] = {
    DIVERGING: scale_bars,
    STACKED: scale_bars,
    DOTS: dots,
    BARS: bars,
    RATES: rates,
    GRID: grid,
    TWICE: twice,
}
"""One line for each kind of graph."""


def draw(graph: Graph) -> Markup:
    """The graph as SVG (a grid: as a table whose cells are coloured, signed and worded)."""
    return DRAW[graph.kind](graph)

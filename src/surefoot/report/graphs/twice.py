"""The same number twice in each row, one under the other: two waves, or a group by itself and pooled."""

from __future__ import annotations

from markupsafe import Markup

from surefoot.report.graphs.points import GAP, Axis, axis, axis_line
from surefoot.report.graphs.svg import ACCENT, INK, LETTER, PAPER, SMALL, TRACK, Drawing
from surefoot.report.graphs.view import Cell, Graph, Row
from surefoot.report.words import POINTS

LANE = 18
"""Pixels from the first number of a row to the second."""
_FILLS = (PAPER, ACCENT)


def twice(graph: Graph) -> Markup:
    """Two dots with their intervals in each row: hollow for the first column, full for the second."""
    drawing, scale = Drawing(graph), axis(graph)
    _key(drawing)
    for row in graph.rows:
        _row(drawing, scale, row)
    axis_line(drawing, scale)
    return drawing.finished()


def _key(drawing: Drawing) -> None:
    """What the hollow and the full dot stand for, one under the other, so that it fits a phone."""
    for column, fill in zip(drawing.graph.columns, _FILLS, strict=False):
        drawing.parts.append(_dot("8", drawing.y + 10, fill))
        drawing.parts.append(f'<svg x="20" y="{drawing.y:g}" overflow="visible">')
        drawing.text(0, SMALL, column.text[: int(260 / LETTER)], size=SMALL)
        drawing.parts.append("</svg>")
        drawing.y += 20
    drawing.y += 8


def _row(drawing: Drawing, scale: Axis, row: Row) -> None:
    drawing.head(row, row.net.said(POINTS) if row.shown and row.net is not None else row.detail)
    if not row.shown:
        drawing.why(row)
        drawing.y += GAP
        return
    for cell, fill in zip(row.cells, _FILLS, strict=False):
        _lane(drawing, scale, cell, fill)
        drawing.y += LANE
    drawing.y += GAP


def _lane(drawing: Drawing, scale: Axis, cell: Cell, fill: str) -> None:
    y = drawing.y + 8
    drawing.line((2, 98), (y, y), TRACK, ' stroke-width="6"')
    if drawing.graph.unit == POINTS and scale.low < 0:
        drawing.line((scale.at(0), scale.at(0)), (y - 8, y + 8), INK, ' stroke-width="1.5"')
    if cell.value is None:
        return
    if cell.low is not None and cell.high is not None:
        drawing.line((scale.at(cell.low), scale.at(cell.high)), (y, y), ACCENT, ' stroke-width="3"')
    drawing.parts.append(_dot(f"{scale.at(cell.value):.2f}%", y, fill))


def _dot(x: str, y: float, fill: str) -> str:
    return f'<circle cx="{x}" cy="{y:g}" r="6" fill="{fill}" stroke="{ACCENT}" stroke-width="2.5"/>'

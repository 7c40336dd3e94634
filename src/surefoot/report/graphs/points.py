"""One number a row: dots with intervals, bars of options with intervals, and response rates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from surefoot.report.graphs.svg import ACCENT, HALO, HIGH, INK, QUIET, RULE, SMALL, TRACK, Drawing
from surefoot.report.graphs.view import Cell, Graph, Row
from surefoot.report.words import PERCENT, POINTS, number

GAP = 16


@dataclass(frozen=True)
class _Axis:
    """From a value to a place in per cent of the width."""

    low: float
    high: float
    step: float

    def at(self, value: float) -> float:
        place = 2 + 96 * (value - self.low) / (self.high - self.low)
        return min(98.0, max(2.0, place))

    @property
    def ticks(self) -> list[float]:
        count = round((self.high - self.low) / self.step)
        return [self.low + i * self.step for i in range(count + 1)]


def axis(graph: Graph) -> _Axis:
    """The smallest range of round numbers that holds every interval of the graph; shares begin at 0."""
    cells = [cell for row in graph.rows for cell in row.cells] + ([graph.reference] if graph.reference else [])
    values = [v for cell in cells for v in (cell.value, cell.low, cell.high) if v is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if graph.unit == PERCENT:
        return _Axis(0.0, 1.0, 0.25) if high > 0.5 else _Axis(0.0, 0.5, 0.1)
    if graph.unit == POINTS:
        reach = 1.0 if max(-low, high) > 0.5 else 0.5
        return _Axis(-reach if low < 0 else 0.0, reach, reach / 2)
    step = 10.0 ** math.floor(math.log10(max(high - min(low, 0.0), 1e-9)))
    step = step if (high - min(low, 0.0)) / step <= 5 else 2 * step
    return _Axis(step * math.floor(min(low, 0.0) / step), step * max(1, math.ceil(high / step)), step)


def dots(graph: Graph) -> Markup:
    """A dot and its interval for each row, and a line through all of them where the whole group stands."""
    drawing, scale = Drawing(graph), axis(graph)
    _reference(drawing, scale)
    top = drawing.y
    for row in graph.rows:
        _dot_row(drawing, scale, row)
    _axis_line(drawing, scale, top)
    return drawing.finished()


def _reference(drawing: Drawing, scale: _Axis) -> None:
    reference = drawing.graph.reference
    if reference is None or reference.value is None:
        return
    x = scale.at(reference.value)
    anchor = "end" if x > 60 else "start"
    words = f"{reference.words} {number(reference.value, drawing.graph.unit)}{_sign(drawing.graph)}"
    more = f'{HALO} text-anchor="{anchor}" dx="{-5 if x > 60 else 5}"'
    drawing.text(x, SMALL, words, size=SMALL, fill=QUIET, more=more)
    drawing.y = 26


def _sign(graph: Graph) -> str:
    return "\u00a0%" if graph.unit == PERCENT else ""


def _dot_row(drawing: Drawing, scale: _Axis, row: Row) -> None:
    cell = row.cells[0] if row.cells else Cell()
    drawing.head(row, cell.said(drawing.graph.unit) if row.shown else "")
    if not row.shown or cell.value is None:
        drawing.why(row)
        drawing.y += GAP
        return
    y = drawing.y + 8
    drawing.line((2, 98), (y, y), TRACK, ' stroke-width="8"')
    if cell.low is not None and cell.high is not None:
        drawing.line((scale.at(cell.low), scale.at(cell.high)), (y, y), ACCENT, ' stroke-width="4"')
    radius = 8 if row.strong else 7
    drawing.parts.append(
        f'<circle cx="{scale.at(cell.value):.2f}%" cy="{y:g}" r="{radius}" fill="{ACCENT}" stroke="#fff" '
        f'stroke-width="2"/>'
    )
    drawing.y += 16 + GAP


def _axis_line(drawing: Drawing, scale: _Axis, top: float) -> None:
    """The axis under the rows, its numbers, and the lines of zero and of the whole group."""
    graph, y = drawing.graph, drawing.y
    drawing.line((2, 98), (y, y), RULE)
    for i, tick in enumerate(scale.ticks):
        x, last = scale.at(tick), i == len(scale.ticks) - 1
        drawing.line((x, x), (y, y + 5), RULE)
        anchor = "start" if i == 0 else "end" if last else "middle"
        drawing.text(
            0 if i == 0 else 100 if last else x,
            y + 22,
            number(tick, graph.unit) + _sign(graph),
            size=SMALL,
            fill=QUIET,
            more=f' text-anchor="{anchor}"',
        )
    lines = [(0.0, ' stroke-width="1.5"')] if graph.unit == POINTS and scale.low < 0 else []
    if graph.reference is not None and graph.reference.value is not None:
        lines.append((graph.reference.value, ' stroke-width="1.5" stroke-dasharray="5 4"'))
    drawing.parts[0:0] = [_upright(scale.at(value), top - 22, y, more) for value, more in lines]
    drawing.y += 30


def _upright(x: float, top: float, bottom: float, more: str) -> str:
    return f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{max(0.0, top):g}" y2="{bottom:g}" stroke="{INK}"{more}/>'


def bars(graph: Graph) -> Markup:
    """A bar for each answer with a whisker for its interval; several answers may belong to one person."""
    drawing = Drawing(graph)
    most = max((v for row in graph.rows for c in row.cells for v in (c.value, c.high) if v is not None), default=1.0)
    reach = 1.0 if most > 0.5 else 0.5
    for row in graph.rows:
        cell = row.cells[0] if row.cells else Cell()
        drawing.head(row, cell.said(graph.unit) if row.shown else "")
        if not row.shown or cell.value is None:
            drawing.why(row)
        else:
            _bar(drawing, cell, 100 / reach)
        drawing.y += GAP
    drawing.y -= GAP - 6
    return drawing.finished()


def _bar(drawing: Drawing, cell: Cell, measure: float) -> None:
    value, y = cell.value or 0.0, drawing.y
    drawing.rect((0, 100), (y, 14), TRACK)
    drawing.rect((0, max(value * measure, 0.3)), (y, 14), HIGH[2])
    if cell.low is not None and cell.high is not None:
        low, high = cell.low * measure, min(cell.high * measure, 100.0)
        drawing.line((low, high), (y + 7, y + 7), INK, ' stroke-width="2"')
        for x in (low, high):
            drawing.line((x, x), (y + 2, y + 12), INK, ' stroke-width="2"')
    drawing.y += 14


def rates(graph: Graph) -> Markup:
    """Who answered, out of everybody: a full bar is the headcount."""
    drawing = Drawing(graph)
    for row in graph.rows:
        cell = row.cells[0] if row.cells else Cell()
        drawing.head(row, row.detail)
        if cell.value is None:
            drawing.why(row)
        else:
            drawing.rect((0.15, 99.7), (drawing.y, 22), TRACK, f' stroke="{RULE}"')
            drawing.rect((0.15, cell.value * 99.7), (drawing.y, 22), ACCENT)
            drawing.y += 22
        drawing.y += GAP
    drawing.y -= GAP - 4
    return drawing.finished()

"""One number a row: dots with intervals, bars of options with intervals, and response rates."""

from __future__ import annotations

import math
from dataclasses import dataclass

from markupsafe import Markup

from surefoot.report.graphs.svg import ACCENT, HIGH, INK, QUIET, RULE, SMALL, TRACK, Drawing
from surefoot.report.graphs.view import Cell, Graph, Row
from surefoot.report.words import PERCENT, POINTS, signed_unit

GAP = 16


@dataclass(frozen=True)
class Axis:
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


def axis(graph: Graph) -> Axis:
    """The smallest range of round numbers that holds every interval of the graph; shares begin at 0."""
    cells = [cell for row in graph.rows for cell in row.cells] + ([graph.reference] if graph.reference else [])
    values = [v for cell in cells for v in (cell.value, cell.low, cell.high) if v is not None]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if graph.unit == PERCENT:
        return Axis(0.0, 1.0, 0.25) if high > 0.5 else Axis(0.0, 0.5, 0.1)
    if graph.unit == POINTS:
        reach = 1.0 if max(-low, high) > 0.5 else 0.5
        return Axis(-reach if low < 0 else 0.0, reach, reach / 2)
    step = 10.0 ** math.floor(math.log10(max(high - min(low, 0.0), 1e-9)))
    step = step if (high - min(low, 0.0)) / step <= 5 else 2 * step
    return Axis(step * math.floor(min(low, 0.0) / step), step * max(1, math.ceil(high / step)), step)


def dots(graph: Graph) -> Markup:
    """A dot and its interval for each row, with a mark in each row where the whole group stands."""
    drawing, scale = Drawing(graph), axis(graph)
    _reference(drawing, scale)
    for row in graph.rows:
        _dot_row(drawing, scale, row)
    axis_line(drawing, scale)
    return drawing.finished()


def _reference(drawing: Drawing, scale: Axis) -> None:
    """What the mark in each row is, once, above all rows."""
    reference = drawing.graph.reference
    if reference is None or reference.value is None:
        return
    x = scale.at(reference.value)
    anchor, dx = ("end", -6) if x > 60 else ("start", 6)
    words = f"{reference.words} {signed_unit(reference.value, drawing.graph.unit)}"
    drawing.text(x, SMALL, words, size=SMALL, fill=QUIET, more=f' text-anchor="{anchor}" dx="{dx}"')
    drawing.line((x, x), (2, 20), more=_DASHED)
    drawing.y = 28


_DASHED = ' stroke-width="2" stroke-dasharray="4 3"'


def _dot_row(drawing: Drawing, scale: Axis, row: Row) -> None:
    cell = row.cells[0] if row.cells else Cell()
    drawing.head(row, cell.said(drawing.graph.unit) if row.shown else "")
    if not row.shown or cell.value is None:
        drawing.why(row)
        drawing.y += GAP
        return
    y = drawing.y + 8
    drawing.line((2, 98), (y, y), TRACK, ' stroke-width="8"')
    _marks(drawing, scale, y)
    if cell.low is not None and cell.high is not None:
        drawing.line((scale.at(cell.low), scale.at(cell.high)), (y, y), ACCENT, ' stroke-width="4"')
    x, radius = scale.at(cell.value), 8 if row.strong else 7
    drawing.parts.append(
        f'<circle cx="{x:.2f}%" cy="{y:g}" r="{radius}" fill="{ACCENT}" stroke="#fff" stroke-width="2"/>'
    )
    drawing.y += 16 + GAP


def _marks(drawing: Drawing, scale: Axis, y: float) -> None:
    """Zero, and the whole group, in one row."""
    if drawing.graph.unit == POINTS and scale.low < 0:
        drawing.line((scale.at(0), scale.at(0)), (y - 10, y + 10), more=' stroke-width="1.5"')
    reference = drawing.graph.reference
    if reference is not None and reference.value is not None:
        x = scale.at(reference.value)
        drawing.line((x, x), (y - 11, y + 11), more=_DASHED)


def axis_line(drawing: Drawing, scale: Axis) -> None:
    """The axis under the rows, and its numbers."""
    drawing.row()
    y, last = drawing.y, len(scale.ticks) - 1
    drawing.line((2, 98), (y, y), RULE)
    for i, tick in enumerate(scale.ticks):
        x = scale.at(tick)
        drawing.line((x, x), (y, y + 5), RULE)
        place, anchor = {0: (0.0, "start"), last: (100.0, "end")}.get(i, (x, "middle"))
        words = signed_unit(tick, drawing.graph.unit)
        drawing.text(place, y + 22, words, size=SMALL, fill=QUIET, more=f' text-anchor="{anchor}"')
    drawing.y += 30


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

"""Bars of whole scales: diverging where a scale has two sides, stacked where it only has an order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from surefoot.report.graphs.svg import (
    HIGH,
    INK,
    LEVELS,
    LOW,
    MIDDLE,
    QUIET,
    RULE,
    SMALL,
    Drawing,
    fits,
    hatch,
    ramp,
    text_on,
)
from surefoot.report.graphs.view import DIVERGING, Graph, Row
from surefoot.report.words import number, whole

BAR, GAP, AFTER = 30, 20, 0.07
MARGIN = 13.0
"""Room at the right, in per cent of the width, for the number behind the bar of answers outside of the scale."""


def fills(graph: Graph) -> dict[int, str]:
    """The colour of each column on the scale: two sides that differ in hue and in place, or one that gets darker."""
    placed = graph.placed
    if graph.kind != DIVERGING:
        return dict(zip(placed, ramp(LEVELS, len(placed)), strict=True))
    low = [i for i in placed if (graph.columns[i].position or 0) < 0]
    high = [i for i in placed if (graph.columns[i].position or 0) > 0][::-1]
    middle = [i for i in placed if graph.columns[i].position == 0]
    sides = [*zip(low, ramp(LOW, len(low)), strict=True), *zip(high, ramp(HIGH, len(high)), strict=True)]
    return {**dict(sides), **dict.fromkeys(middle, MIDDLE)}


def extent(graphs: Iterable[Graph]) -> tuple[float, float, float]:
    """How far any row of these graphs reaches to the left, to the right and outside of the scale; shares."""
    reaches = [_reach(graph, row) for graph in graphs for row in graph.rows if row.shown]
    left, right, off = (max((reach[i] for reach in reaches), default=0.0) for i in range(3))
    return max(left, 0.05), max(right, 0.05), off


def _reach(graph: Graph, row: Row) -> tuple[float, float, float]:
    off = sum(_share(row, i) for i in graph.off)
    if graph.kind != DIVERGING:
        return 0.0, sum(_share(row, i) for i in graph.placed), off
    middle = sum(_share(row, i) for i in graph.placed if graph.columns[i].position == 0)
    low = sum(_share(row, i) for i in graph.placed if (graph.columns[i].position or 0) < 0)
    high = sum(_share(row, i) for i in graph.placed if (graph.columns[i].position or 0) > 0)
    return low + middle / 2, high + middle / 2, off


def _share(row: Row, column: int) -> float:
    return row.cells[column].value or 0.0


def scale_bars(graph: Graph) -> Markup:
    """Rows of a scale; answers outside of it stand apart at the right, hatched, on the same measure."""
    left, right, off = graph.extent or extent([graph])
    if graph.kind != DIVERGING:
        left = 0.0
    apart = AFTER if graph.off else 0.0
    measure = (100.0 - (MARGIN if graph.off else 0.0)) / (left + right + apart + off)
    drawing = Drawing(graph, parts=[hatch(graph.id)] if graph.off else [])
    zero, aside = left * measure, (left + right + apart) * measure
    _heads(drawing, zero, aside)
    for row in graph.rows:
        _row(drawing, row, zero, aside, measure)
    drawing.y -= GAP - 8
    return drawing.finished()


def _heads(drawing: Drawing, zero: float, aside: float) -> None:
    """The names of the column apart and of the two sides, each on a line of its own."""
    graph, off = drawing.graph, drawing.graph.off
    if off:
        words = graph.columns[off[0]].text if len(off) == 1 else "Other answers"
        at_end = aside > 100 - len(words) * 2.6
        _quiet(drawing, 100 if at_end else aside, words, "end" if at_end else "start", 0)
        drawing.y += 20
    if graph.kind == DIVERGING and graph.poles:
        low, high = graph.poles
        if zero > len(low) * 3 + 5:
            _quiet(drawing, zero, f"\u25c2 {low}", "end", -8)
        else:
            _quiet(drawing, 0, f"\u25c2 {low}", "start", 0)
            drawing.y += 20
        _quiet(drawing, zero, f"{high} \u25b8", "start", 8)
        drawing.y += 24


def _quiet(drawing: Drawing, x: float, words: str, anchor: str, dx: int) -> None:
    drawing.text(x, drawing.y + SMALL, words, size=SMALL, fill=QUIET, more=f' text-anchor="{anchor}" dx="{dx}"')


def _row(drawing: Drawing, row: Row, zero: float, aside: float, measure: float) -> None:
    drawing.head(row, row.net.said("points") if row.net and row.shown else row.detail)
    if not row.shown:
        drawing.why(row)
        drawing.y += GAP - 4
        return
    graph, colours = drawing.graph, fills(drawing.graph)
    left = _reach(graph, row)[0] if graph.kind == DIVERGING else 0.0
    _segments(drawing, [(_share(row, i), colours[i]) for i in graph.placed], zero - left * measure, measure)
    if graph.kind == DIVERGING:
        for y in (drawing.y - 5, drawing.y + BAR):
            drawing.line((zero, zero), (y, y + 5), more=' stroke-width="2"')
    if graph.off:
        _apart(drawing, sum(_share(row, i) for i in graph.off), aside, measure)
    drawing.y += BAR + GAP


def _segments(drawing: Drawing, parts: Sequence[tuple[float, str]], x: float, measure: float) -> None:
    for share, fill in parts:
        width = share * measure
        outline = f' stroke="{RULE}"' if fill in (MIDDLE, *LEVELS[:3]) else ' stroke="#ffffff"'
        if share > 0:
            drawing.rect((x, width), (drawing.y, BAR), fill, outline)
        words = number(share)
        fit = fits(width, words)
        if fit is not None and whole(share) > 0:
            centre = f'{fit} text-anchor="middle"'
            drawing.text(x + width / 2, drawing.y + 20, words, size=15, fill=text_on(fill), more=centre)
        x += width


def _apart(drawing: Drawing, share: float, x: float, measure: float) -> None:
    fill = f"url(#{drawing.graph.id}-hatch)"
    drawing.rect((x, max(share * measure, 0.4)), (drawing.y, BAR), fill, f' stroke="{RULE}"')
    words = number(share) + "%"
    drawing.text(x + share * measure, drawing.y + 20, words, size=15, fill=INK, more=' dx="6"')

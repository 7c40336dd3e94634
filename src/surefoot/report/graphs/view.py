"""What a graph shows: Graph, Column, Row and Cell. Plain values, so that a graph knows nothing of surveys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from surefoot.report.words import PERCENT, clean, measured

DIVERGING, STACKED, DOTS, BARS = "diverging", "stacked", "dots", "bars"
RATES, GRID, TWICE = "rates", "grid", "twice"
PRINTED = 7
"""The most columns of a table that is printed."""
AHEAD, BEHIND, UNCLEAR, HIDDEN = "ahead", "behind", "unclear", "hidden"
"""Which side of a grid's cell is ahead; always said in words and by a sign as well as by colour."""


@dataclass(frozen=True)
class Cell:
    """One number: a share (0 to 1), a net (-1 to 1) or a mean, its interval and the evidence id of its figure.

    value: None where nothing is shown; `words` then says why. side: which side is ahead, for a grid.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    figure: str = ""
    words: str = ""
    side: str = ""

    def said(self, unit: str = PERCENT) -> str:
        """The number with its interval, or the reason why there is none."""
        return measured(self.value, self.low, self.high, unit) if self.value is not None else self.words or "not shown"


@dataclass(frozen=True)
class Column:
    """One answer, or one quantity: its words, and its position on the scale, None outside of the scale."""

    text: str
    position: int | None = None
    detail: str = ""

    @property
    def off_scale(self) -> bool:
        """Whether it is an answer that is no position, such as "I don't know enough to say"."""
        return self.position is None


@dataclass(frozen=True)
class Row:
    """One group of people, statement or answer. base: people who answered. net: the side that is ahead, by how much.

    why: the reason, where nothing of the row is shown. detail: a few words at the right of the label.
    """

    label: str
    cells: tuple[Cell, ...] = ()
    base: int | None = None
    net: Cell | None = None
    why: str = ""
    detail: str = ""
    strong: bool = False

    @property
    def shown(self) -> bool:
        """Whether there is anything to draw."""
        return not self.why and any(cell.value is not None for cell in self.cells)


@dataclass(frozen=True)
class Graph:
    """Everything that one graph shows and says.

    id: unique in a page. title: the sentence that the graph shows, or what it is about. question: the wording that was
    answered. note: base and response. row_head: what a row is. unit: of the cells; net_unit: of the rows' nets.
    extent: (left, right, off) of a diverging graph, so that several graphs share one scale. reference: a line through
    all rows. poles: the names of the two sides of a diverging graph. part: what stands
    as its heading where the heading above says the rest.
    """

    id: str
    kind: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    question: str = ""
    note: str = ""
    row_head: str = "Group"
    unit: str = PERCENT
    extent: tuple[float, float, float] | None = None
    reference: Cell | None = None
    net_head: str = ""
    poles: tuple[str, str] | None = None
    part: str = ""

    @cached_property
    def placed(self) -> tuple[int, ...]:
        """Indices of the columns on the scale, from the lowest position to the highest."""
        on = [i for i, column in enumerate(self.columns) if not column.off_scale]
        return tuple(sorted(on, key=lambda i: self.columns[i].position or 0))

    @cached_property
    def off(self) -> tuple[int, ...]:
        """Indices of the columns outside of the scale."""
        return tuple(i for i, column in enumerate(self.columns) if column.off_scale)

    @property
    def has_bases(self) -> bool:
        """Whether any row says how many people it rests on."""
        return any(row.base is not None for row in self.rows)

    @property
    def wide(self) -> bool:
        """Whether its table has more columns than a printed page is wide."""
        return 1 + self.has_bases + len(self.columns) + bool(self.net_head) > PRINTED

    @property
    def figures(self) -> tuple[str, ...]:
        """Evidence ids of everything it shows."""
        cells = [cell for row in self.rows for cell in (*row.cells, *((row.net,) if row.net else ()))]
        return tuple(dict.fromkeys(cell.figure for cell in cells if cell.figure))

    def words(self) -> str:
        """What a person who cannot see the graph needs to hear before the table."""
        return " ".join(clean(self._row_words(row)) for row in self.rows)

    def _row_words(self, row: Row) -> str:
        if not row.shown:
            return f"{row.label}: {row.why or 'not shown'}."
        if row.net is not None:
            return f"{row.label}: {row.net.words + ' ' if row.net.words else ''}{row.net.said('points')}."
        if len(row.cells) == 1:
            return f"{row.label}: {row.cells[0].said(self.unit)}."
        return f"{row.label}: {', '.join(self._parts(row))}."

    def _parts(self, row: Row) -> list[str]:
        pairs = zip(self.columns, row.cells, strict=True)
        return [f"{column.text} {cell.said(self.unit).partition(' (')[0]}" for column, cell in pairs]

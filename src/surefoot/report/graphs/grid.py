"""The grid of groups by statements: a real table, so that it is read cell by cell and folds on a phone."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from surefoot.report.graphs.view import AHEAD, BEHIND, HIDDEN, UNCLEAR, Cell, Column, Graph, Row
from surefoot.report.words import clean

SIGNS = {AHEAD: "\u25b2", BEHIND: "\u25bc", UNCLEAR: "\u25c6", HIDDEN: "\u2013"}
"""A shape for each side, beside the words: up, down, neither, nothing."""


MANY = 5
"""A grid of more columns than this scrolls inside its own frame where the page is not wide enough."""


def grid(graph: Graph) -> Markup:
    """Rows are groups, columns are statements. Roles are explicit, since the table folds into blocks on a phone."""
    heads = "".join(_head(column) for column in graph.columns)
    body = "".join(_row(graph, row) for row in graph.rows)
    title, many = escape(clean(graph.title)), len(graph.columns) > MANY
    made = (
        f'<table class="grid{" many" if many else ""}" role="table" aria-describedby="{escape(graph.id)}-note">'
        f'<caption class="hidden">{title}</caption><thead role="rowgroup"><tr role="row">'
        f'<th scope="col" role="columnheader">{escape(graph.row_head)}</th>{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )
    frame = f'<div class="scroll" role="group" tabindex="0" aria-label="Table: {title}">{made}</div>'
    return Markup(frame if many else made)


def _head(column: Column) -> str:
    detail = f"<small>{escape(clean(column.detail))}</small>" if column.detail else ""
    return f'<th scope="col" role="columnheader">{detail}{escape(clean(column.text))}</th>'


def _row(graph: Graph, row: Row) -> str:
    base = f"<small>{row.base:,} answered</small>" if row.base is not None else ""
    kind = ' class="strong"' if row.strong else ""
    made = "".join(_cell(graph, column, cell) for column, cell in zip(graph.columns, row.cells, strict=bool(row.cells)))
    if not row.cells:
        why = escape(clean(row.why or "not shown"))
        made = f'<td role="cell" colspan="{len(graph.columns)}" class="{HIDDEN}">{SIGNS[HIDDEN]} {why}</td>'
    return f'<tr role="row"{kind}><th scope="row" role="rowheader">{escape(clean(row.label))}{base}</th>{made}</tr>'


def _cell(graph: Graph, column: Column, cell: Cell) -> str:
    traced = f' data-figure="{escape(cell.figure)}"' if cell.figure else ""
    within = f'<span class="on-phone">{escape(clean(column.text))}</span>'
    side = cell.side if cell.value is not None else HIDDEN
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[side]}</span> ' if side in SIGNS else ""
    words = f'<span class="side">{escape(clean(cell.words))}</span>' if cell.words else ""
    if cell.value is None:
        return f'<td role="cell" class="{HIDDEN}"{traced}>{within}{sign}{words or "not shown"}</td>'
    bar = f'<span class="bar" style="width:{100 * cell.value:.0f}%"></span>' if not side else ""
    value, _, between = cell.said(graph.unit).partition(" ")
    between = f" <small>{between}</small> " if between else " "
    return f'<td role="cell" class="{side or "plain"}"{traced}>{within}{sign}<b>{value}</b>{between}{words}{bar}</td>'

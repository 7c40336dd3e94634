"""Pieces of SVG with a fluid width: places across are per cent of the graph's width, heights and letters are pixels.

So bars stretch with the page while words keep their size, on a phone as on paper, from one drawing without a script.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

from surefoot.report.graphs.view import Graph, Row
from surefoot.report.words import clean, lines

INK, BLACK, QUIET, RULE, PAPER = "#212b32", "#0b0c0c", "#4c6272", "#768692", "#ffffff"
LOW = ("#7a3606", "#a34d0e", "#c96f24")
HIGH = ("#00306b", "#005eb8", "#3d86cf")
LEVELS = ("#dcebf7", "#a9cbe8", "#5f9fd6", "#1f6cb5", "#003a78")
MIDDLE, ACCENT, TRACK = "#d8dde0", "#005eb8", "#e8edee"
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
Pair = tuple[float, float]
LABEL, SMALL = 16, 14
LINE = 21
NARROW, WIDE = 288.0, 700.0
"""Widths in pixels for which numbers inside bars are fitted: a phone of 320 pixels, and a page."""

LETTER, BOLD_LETTER = 8.7, 10.0
"""Widths of a letter in pixels, in the widest of the usual fonts."""

PHONE_LETTERS = int(NARROW / LETTER)


def room_beside(detail: str) -> int:
    """How many letters of a label fit beside a few bold words on a phone."""
    return int((NARROW - 8 - BOLD_LETTER * len(detail)) / LETTER) if detail else PHONE_LETTERS


def text_on(fill: str) -> str:
    """The colour of letters on a fill: white or black, whichever contrasts more."""
    return PAPER if contrast(PAPER, fill) >= contrast(BLACK, fill) else BLACK


def contrast(a: str, b: str) -> float:
    """Contrast of two colours, 1 to 21. Source: WCAG 2.2, contrast ratio and relative luminance."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# Hidden unless a style sheet for phones shows it, so that the drawing is right without any style sheet, too.
_KINDS = {"": "", "wide": ' class="wide"', "narrow": ' class="narrow" display="none"'}


def phone_lines(label: str, detail: str) -> tuple[str, ...]:
    """A label in lines for the phone; the last one leaves room for the detail, and is empty where there is none.

    >>> phone_lines("Harbour Street Surgery", "+27 (+19 to +33)")
    ('Harbour Street Surgery', '')
    """
    room = room_beside(detail)
    beside, above = lines(label, room), lines(label, PHONE_LETTERS)
    above = (*above, "") if len(above[-1]) > room else above
    return above if len(above) <= len(beside) else beside


@dataclass
class Drawing:
    """A graph while it is drawn: pieces of SVG, and how far down it has come.

    spare: pixels that labels in fewer lines save on a wide page; a style sheet moves the rows up by so much.
    """

    graph: Graph
    y: float = 0.0
    parts: list[str] = field(default_factory=list)
    spare: int = 0
    open: bool = False

    def row(self) -> None:
        """Begin a row, which moves up as one."""
        self.close()
        self.parts.append(f'<g style="--up:{self.spare}px">' if self.spare else "<g>")
        self.open = True

    def close(self) -> None:
        """End the row that was begun."""
        if self.open:
            self.parts.append("</g>")
        self.open = False

    def rect(self, across: Pair, down: Pair, fill: str, more: str = "") -> None:
        """A rectangle: (x, width) in per cent and (y, height) in pixels."""
        (x, width), (y, height) = across, down
        self.parts.append(
            f'<rect x="{x:.2f}%" y="{y:g}" width="{max(0.0, width):.2f}%" height="{height:g}" fill="{fill}"{more}/>'
        )

    def line(self, across: Pair, down: Pair, stroke: str = INK, more: str = "") -> None:
        """A line: (x1, x2) in per cent and (y1, y2) in pixels."""
        (x1, x2), (y1, y2) = across, down
        self.parts.append(f'<line x1="{x1:.2f}%" x2="{x2:.2f}%" y1="{y1:g}" y2="{y2:g}" stroke="{stroke}"{more}/>')

    def text(self, x: float, y: float, words: str, *, size: int = LABEL, fill: str = INK, more: str = "") -> None:
        """Words; x in per cent, y of the base line."""
        content = escape(clean(words))
        self.parts.append(f'<text x="{x:.2f}%" y="{y:g}" font-size="{size}" fill="{fill}"{more}>{content}</text>')

    def head(self, row: Row, detail: str = "") -> None:
        """The label of a row above its bar, and a few words at the right.

        A label too long for one line of a phone is there twice, in lines for the phone and in lines for the page.
        """
        phone = phone_lines(row.label, detail)
        page = lines(row.label, 78 - len(detail)) if len(phone) > 1 else phone
        self.spare += LINE * (len(phone) - len(page))
        self.row()
        bottom = self.y + LABEL + (len(phone) - 1) * LINE
        weight = ' font-weight="600"' if row.strong else ""
        for pieces, kind in ((phone, "narrow"), (page, "wide")) if page != phone else ((phone, ""),):
            for i, piece in enumerate(part for part in pieces if part):
                self.text(0, bottom - (len(pieces) - 1 - i) * LINE, piece, more=weight + _KINDS[kind])
        if detail:
            self.text(100, bottom, detail, size=15, more=' text-anchor="end" font-weight="600"')
        self.y += LINE * len(phone) + 4

    def why(self, row: Row) -> None:
        """The words that stand where a bar would be."""
        for piece in lines(row.why or "Not shown", PHONE_LETTERS + 3):
            self.text(0, self.y + SMALL, piece, size=SMALL, fill=QUIET, more=' font-style="italic"')
            self.y += 18

    def finished(self) -> Markup:
        """The whole SVG, with its title and description."""
        self.close()
        graph, height, name = self.graph, round(self.y) + 2, escape(self.graph.id)
        style = f' style="--tall:{height}px;--flat:{height - self.spare}px"' if self.spare else ""
        return Markup(
            f'<svg xmlns="http://www.w3.org/2000/svg" class="graph graph-{graph.kind}" role="img" '
            f'aria-labelledby="{name}-title {name}-desc" width="100%" height="{height}"{style} font-family="{FONT}">'
            f'<title id="{name}-title">{escape(clean(graph.title))}</title>'
            f'<desc id="{name}-desc">{escape(graph.words())}</desc>{"".join(self.parts)}</svg>'
        )


def hatch(name: str) -> str:
    """A pattern of slanted lines, for answers outside of the scale: told apart in grey, too."""
    return (
        f'<defs><pattern id="{escape(name)}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="7" height="7" fill="#f4f6f7"/>'
        f'<line x1="0" x2="0" y1="0" y2="7" stroke="{RULE}" stroke-width="3"/></pattern></defs>'
    )


def ramp(colours: tuple[str, ...], count: int) -> list[str]:
    """`count` colours from a row of them, evenly, the first always among them.

    >>> ramp(("a", "b", "c"), 2)
    ['a', 'c']
    """
    if count <= 1:
        return [colours[1 if len(colours) > 1 else 0]] * count
    return [colours[round(i * (len(colours) - 1) / (count - 1))] for i in range(count)]


def fits(percent: float, words: str) -> str | None:
    """Whether words fit into a bar of this width: "" always, a class where only on wide pages, None never."""
    needed = 8.2 * len(words) + 4
    if percent / 100 * NARROW >= needed:
        return ""
    return ' class="wide"' if percent / 100 * WIDE >= needed else None

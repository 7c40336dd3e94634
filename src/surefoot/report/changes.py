"""Two waves side by side: graphs, words and a table of what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from surefoot.instrument import Question
from surefoot.release import EVERYONE, MEAN, Comparison, Figure
from surefoot.report.graphs import TWICE, Cell, Column, Graph, Row
from surefoot.report.reading import Reading, selected, subject
from surefoot.report.sheets import Table, Value
from surefoot.report.views import asked, quoted
from surefoot.report.words import PERCENT, POINTS, joined, measured
from surefoot.study import ORGANISATION

SINGLE = (
    "The changes of single organisations were not tested: look at their intervals, and expect one in twenty to mislead."
)


def change_lead(reading: Reading, differing: Sequence[str]) -> str:
    """How two waves are compared, and what is not compared."""
    people = reading.people
    told = (
        f"The two waves are compared as if other {people} had answered each time, since anonymous answers cannot be "
        f"paired. Where many of the same {people} answered both times, the intervals of changes are wider than they "
        "need be, never narrower. They are also wider than those of one wave, which are about its staff at the time: "
        "two waves differ by chance even where everybody answers. Changes are worked out before rounding. "
    )
    if not any(change.groups[0] == EVERYONE for change in reading.all_changes):
        told += f"All {people} together are not compared: not the same organisations answered then. "
    names = joined([quoted(name) for name in differing])
    return told + (f"Asked in other words then, or with other answers, and so not compared: {names}." if names else "")


def change_graphs(reading: Reading, question: Question, selector: str) -> tuple[Graph, ...]:
    """The graph of one planned quantity in both waves: everybody, and each organisation that is shown in both."""
    kind = "share" if selector else "net"
    rows = [
        _row(reading, change)
        for change in reading.changes(question)
        if _is(reading, change, kind, selector) and change.groups[0].breakdown in ("all", ORGANISATION)
    ]
    return (_graph(reading, question, selector, rows),) if rows else ()


def _is(reading: Reading, change: Comparison, kind: str, selector: str) -> bool:
    later = reading.release.by_id.get(change.figures[1])
    return later is not None and (later.kind, later.selector) == (kind, selector)


def _graph(reading: Reading, question: Question, selector: str, rows: Sequence[Row]) -> Graph:
    what = quoted(selected(question, selector)) if selector else "One side minus the other"
    before, now = reading.wave_before, reading.release.wave
    single = f" {SINGLE}" if len(rows) > 1 else ""
    return Graph(
        id=f"twice-{question.id}-{selector.replace('+', '-')}".rstrip("-"),
        kind=TWICE,
        title=f"{subject(question)}: {what}, waves {before} and {now}",
        part=f"{what}, by wave",
        columns=(Column(f"Wave {before}", 0), Column(f"Wave {now}", 0)),
        rows=tuple(rows),
        question=asked(question),
        note=f"At the right the change in points; in brackets 95% intervals.{single}",
        row_head="Organisation" if len(rows) > 1 else "Group",
        unit=PERCENT if selector else POINTS,
        net_head="Change, points",
    )


def _row(reading: Reading, change: Comparison) -> Row:
    cells = tuple(reading.cell(reading.release.by_id[name]) for name in change.figures)
    unit = PERCENT if change.selectors else POINTS
    words = " to ".join(measured(cell.value, cell.low, cell.high, unit) for cell in cells)
    net = Cell(change.difference, change.low, change.high, words=f"from {words}, a change of")
    group = change.groups[0]
    return Row(reading.name(group), cells, net=net, strong=group == EVERYONE)


HEAD = ("question", "answer", "breakdown", "group", "kind", "unit", "before", "now", "change", "low", "high", "planned")


def changes_table(reading: Reading) -> Table | None:
    """Every change since the wave before, one a row; None in a first wave. Shares and nets are in points."""
    rows = tuple(_lines(reading))
    return Table("changes", f"Every change since wave {reading.wave_before}", HEAD, rows) if rows else None


def _lines(reading: Reading) -> Iterator[tuple[Value, ...]]:
    for change in reading.all_changes:
        earlier, later = (reading.release.by_id[name] for name in change.figures)
        if reading.names_hidden(later) or reading.names_hidden(earlier):
            continue
        yield _line(reading, change, earlier, later)


def _line(reading: Reading, change: Comparison, earlier: Figure, later: Figure) -> tuple[Value, ...]:
    question, group = reading.release.instrument[change.question], change.groups[0]
    mean = later.kind == MEAN
    numbers = (*(reading.cell(f).value for f in (earlier, later)), change.difference, change.low, change.high)
    shown = [None if n is None else round(n, 1) if mean else round(n * 100) for n in numbers]
    breakdown = "all" if group == EVERYONE else reading.breakdown_name(group.breakdown)
    answer = selected(question, later.selector) if later.selector else ""
    unit = question.unit if mean else "points" if later.kind == "net" else "%"
    planned = "yes" if change.p_adjusted is not None else "no"
    return (question.id, answer, breakdown, reading.name(group), later.kind, unit, *shown, planned)

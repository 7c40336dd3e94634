"""From released figures to graphs: which graph a question gets follows from its kind and scale, never from its id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from surefoot.instrument import Question, words
from surefoot.release import EVERYONE, Group
from surefoot.report.graphs import BARS, DIVERGING, DOTS, GRID, RATES, STACKED, Cell, Column, Graph, Row, extent
from surefoot.report.reading import PROTECTED, Reading, columns, plain, selected, statements, subject
from surefoot.report.words import PERCENT, PLAIN, POINTS, capital, joined, pattern, thousands, whole


def kind_of(question: Question) -> str | None:
    """The kind of graph for one question; None for words, which are never counted."""
    if question.kind == "text":
        return None
    if question.kind == "number":
        return DOTS
    if question.scale is None or question.kind != "single" or question.derived:
        return BARS
    if question.scale.has_sides:
        return DIVERGING
    return STACKED if question.scale.ordered else BARS


def question_graph(reading: Reading, question: Question, groups: Sequence[Group] = (), *, prefix: str = "") -> Graph:
    """The graph of one question: a scale by group, or the answers of everybody in the order of their shares."""
    kind = kind_of(question)
    if kind == DOTS:
        return dots(reading, question, "mean", "", reading.beside(groups), prefix=prefix)
    if kind == BARS:
        return bars(reading, question, prefix=prefix)
    return scale(reading, question, reading.beside(groups), prefix=prefix)


# Scales -----------------------------------------------------------------------------------------------------------


def scale(reading: Reading, question: Question, groups: Sequence[Group], *, prefix: str = "") -> Graph:
    """One row a group, one bar an answer."""
    groups = reading.answering((question,), groups)
    return Graph(
        id=f"graph-{prefix}{question.id}",
        kind=kind_of(question) or STACKED,
        title=subject(question),
        part=by(reading, groups),
        columns=columns(question),
        rows=tuple(_scale_row(reading, question, group, reading.name(group)) for group in groups),
        question=asked(question),
        note=note(reading, (question,), kind_of(question)),
        row_head=row_head(reading, groups),
        net_head=net_head(question),
        poles=poles(question),
    )


def battery(reading: Reading, questions: Sequence[Question], *, prefix: str = "") -> Graph:
    """Statements that share a scale, one row each, for everybody."""
    first = questions[0]
    rows = tuple(
        _scale_row(reading, question, EVERYONE, label, strong=False)
        for question, label in zip(questions, statements(questions), strict=True)
    )
    return Graph(
        id=f"graph-{prefix}{first.group}",
        kind=kind_of(first) or STACKED,
        title=group_title(questions),
        part=by(reading, ()),
        columns=columns(first),
        rows=rows,
        question=pattern([words(question.text) for question in questions]),
        note=note(reading, questions, kind_of(first)),
        row_head="Statement",
        net_head=net_head(first),
        poles=poles(first),
    )


def _scale_row(reading: Reading, question: Question, group: Group, label: str, *, strong: bool | None = None) -> Row:
    cells = reading.shares(question, group)
    has_sides = question.scale is not None and question.scale.has_sides
    return Row(
        label=label,
        cells=cells,
        base=reading.base(question, group) if cells else None,
        net=reading.net_cell(question, group) if has_sides and cells else None,
        why="" if cells else sentence(reading.why(question, group)),
        strong=group == EVERYONE if strong is None else strong,
    )


def same_measure(graphs: Sequence[Graph]) -> tuple[Graph, ...]:
    """The same graphs on one measure, so that a bar of one can be held against a bar of another."""
    scales = [graph for graph in graphs if graph.kind == DIVERGING]
    reach = extent(scales)
    return tuple(replace(graph, extent=reach) if graph.kind == DIVERGING else graph for graph in graphs)


# Grids ------------------------------------------------------------------------------------------------------------


def grid(reading: Reading, questions: Sequence[Question], groups: Sequence[Group], *, prefix: str = "") -> Graph:
    """Groups by statements: which side is ahead, in words, with the net and its interval."""
    low, high = poles(questions[0]) or ("low", "high")
    groups = reading.answering(questions, groups)
    heads = statements(questions)
    return Graph(
        id=f"grid-{prefix}{questions[0].group or questions[0].id}",
        kind=GRID,
        title=subject(questions[0]) if len(questions) == 1 else group_title(questions),
        part=by(reading, groups),
        columns=tuple(Column(h, 0, _detail(q, questions)) for h, q in zip(heads, questions, strict=True)),
        rows=tuple(_grid_row(reading, questions, group) for group in groups),
        note=(
            f"▲ {high} ahead, ▼ {low} ahead, ◆ no clear side. Each number is the share on the side of {high} minus the "
            f"share on the side of {low}, in points; in brackets its 95% interval."
        ),
        row_head=row_head(reading, groups),
        unit=POINTS,
    )


def _detail(question: Question, questions: Sequence[Question]) -> str:
    """What a statement is about, above its words, unless the words say it or it is the same for all."""
    kinds = {q.about for q in questions}
    repeated = len(kinds) < len(questions) and len(kinds) > 1
    return (question.about or "").replace("-", " ").capitalize() if repeated else ""


def _grid_row(reading: Reading, questions: Sequence[Question], group: Group) -> Row:
    cells = tuple(reading.net_cell(question, group) for question in questions)
    strong = group == EVERYONE
    if all(cell.value is None for cell in cells):
        return Row(reading.name(group), why=sentence(reading.why(questions[0], group)), strong=strong)
    bases = [base for question in questions if (base := reading.base(question, group)) is not None]
    return Row(reading.name(group), cells, max(bases, default=None), strong=strong)


def matrix(reading: Reading, questions: Sequence[Question]) -> Graph:
    """Statements by answers, for a scale without an order: a share in each cell, with a small bar."""
    heads = statements(questions)
    rows = tuple(
        _scale_row(reading, question, EVERYONE, head, strong=False)
        for question, head in zip(questions, heads, strict=True)
    )
    return Graph(
        id=f"matrix-{questions[0].group}",
        kind=GRID,
        title=group_title(questions),
        part=by(reading, ()),
        columns=columns(questions[0]),
        rows=rows,
        note=note(reading, questions),
        row_head="Statement",
    )


# One number a row -------------------------------------------------------------------------------------------------


def bars(reading: Reading, question: Question, *, prefix: str = "") -> Graph:
    """The answers of everybody, the most frequent first; those that name nothing ("none", "don't know") last.

    Answers that have an order, and those about the person, stand in the order of the questionnaire.
    """
    cells = reading.shares(question)
    pairs = list(zip(question.options, cells or [Cell(words=PROTECTED)] * len(question.options), strict=True))
    apart = any(option.position is not None for option, _ in pairs)
    if not _ordered(question):
        pairs.sort(
            key=lambda pair: ((apart and pair[0].position is None) or pair[0].exclusive, -(pair[1].value or 0.0))
        )
    why = sentence(reading.why(question)) if not cells else ""
    many = question.kind == "multi"
    several = (
        "One comment can have several themes." if question.coded_from else "One person could choose several answers."
    )
    extra = f" {several}" if many else ""
    return Graph(
        id=f"graph-{prefix}{question.id}",
        kind=BARS,
        title=subject(question),
        part=by(reading, ()),
        columns=(Column("Share", 0),),
        rows=tuple(Row(words(o.text), (cell,), why=why or _why(cell)) for o, cell in pairs),
        question=asked(question),
        note=note(reading, (question,)) + extra,
        row_head="Answer",
    )


def _ordered(question: Question) -> bool:
    return question.personal or (question.scale is not None and question.scale.ordered)


def _why(cell: Cell) -> str:
    return "" if cell.value is not None else sentence(cell.words or PROTECTED)


def dots(
    reading: Reading,
    question: Question,
    kind: str,
    selector: str,
    groups: Sequence[Group],
    *,
    prefix: str = "",
) -> Graph:
    """One number of one question, a dot for each group, and everybody as a line through all of them."""
    groups = reading.answering((question,), groups)
    cells = {group: reading.cell(reading.figure(kind, question, selector, group)) for group in groups}
    everybody = cells.get(EVERYONE)
    alone = len(groups) == 1
    reference = None
    if everybody is not None and everybody.value is not None and not alone:
        reference = Cell(everybody.value, figure=everybody.figure, words=reading.name(EVERYONE))
    what = {"mean": "Mean", "net": "Net"}.get(kind, selected(question, selector))
    return Graph(
        id=f"dots-{prefix}{question.id}-{selector.replace('+', '-') or kind}",
        kind=DOTS,
        title=subject(question),
        part=f"{quoted(what)}, {by(reading, groups).lower()}" if kind == "share" else by(reading, groups),
        columns=(Column(what, 0),),
        rows=tuple(_dot_row(reading, question, group, cell) for group, cell in cells.items()),
        question=asked(question),
        note=(f"Share who said {quoted(what)}. " if kind == "share" else "") + note(reading, (question,)),
        row_head=row_head(reading, groups),
        unit={"mean": PLAIN, "net": POINTS}.get(kind, PERCENT),
        reference=reference,
    )


def _dot_row(reading: Reading, question: Question, group: Group, cell: Cell) -> Row:
    return Row(
        reading.name(group),
        (cell,) if cell.value is not None else (),
        reading.base(question, group) if cell.value is not None else None,
        why=_why(cell),
        strong=group == EVERYONE,
    )


# Who answered -----------------------------------------------------------------------------------------------------


def rates(reading: Reading) -> Graph:
    """Response rates: a full bar is the headcount."""
    rows = tuple(_rate_row(reading, group) for group in reading.beside(reading.organisations))
    return Graph(
        id="graph-rates",
        kind=RATES,
        title="Response by organisation" if len(rows) > 1 else "Response",
        columns=(Column("Response rate", 0),),
        rows=rows,
        note=f"A full bar stands for all {reading.people} of an organisation who could answer.",
        row_head="Organisation",
    )


def _rate_row(reading: Reading, group: Group) -> Row:
    part = reading.participation.get(group)
    few = f"fewer than {reading.release.policy.minimum_base}"
    strong, name = group == EVERYONE, reading.name(group)
    if part is None or part.answered is None:
        of = f", of {thousands(part.headcount)}" if part is not None and part.headcount else ""
        return Row(name, why=f"{few.capitalize()} answered{of}", strong=strong)
    if part.rate is None:
        return Row(name, why=f"{part.answered:,} answered; headcount not known", strong=strong)
    words_ = f"{whole(part.rate)}% ({part.answered:,} of {thousands(part.headcount)})"
    return Row(name, (Cell(part.rate, words=words_),), part.answered, detail=words_, strong=strong)


# Words ------------------------------------------------------------------------------------------------------------


def asked(question: Question) -> str:
    """The wording of a question with its hint."""
    return f"{words(question.text)} {words(question.hint)}".strip()


def quoted(text: str) -> str:
    """Words in quotation marks."""
    return f"“{text}”"


def sentence(text: str) -> str:
    """Words that begin with a capital letter."""
    return capital(text)


def poles(question: Question) -> tuple[str, str] | None:
    """The names of the two sides of a scale."""
    if question.scale is None or question.scale.poles is None:
        return None
    low, high = question.scale.poles
    return words(low), words(high)


def net_head(question: Question) -> str:
    """The head of the column of nets: "Benefits minus risks"."""
    sides = poles(question)
    return sentence(f"{sides[1]} minus {sides[0]}, points") if sides else ""


def by(reading: Reading, groups: Sequence[Group]) -> str:
    """What the heading of a graph says where the heading above it says what it is about."""
    others = [group.breakdown for group in groups if group != EVERYONE]
    return f"By {reading.breakdown_name(others[0])}" if others else reading.name(EVERYONE)


def row_head(reading: Reading, groups: Sequence[Group]) -> str:
    """What the rows of a graph are."""
    breakdowns = [group.breakdown for group in groups if group != EVERYONE]
    return sentence(reading.breakdown_name(breakdowns[0])) if breakdowns else "Group"


def note(reading: Reading, questions: Sequence[Question], kind: str | None = None) -> str:
    """Base, routing and claim of a graph, in words. kind: of the graph; stacked bars have no intervals beside them."""
    bases = sorted(base for q in questions if (base := reading.base(q)) is not None)
    people = reading.people
    if not bases:
        return "No numbers of this question can be shown."
    size = f"{bases[0]:,}" if bases[0] == bases[-1] else f"{bases[0]:,} to {bases[-1]:,}"
    routed = any(question.show_if for question in questions)
    if any(question.coded_from for question in questions):
        return f"Base: {size} {people} who wrote a comment that was sorted by theme."
    whom = f"Base: {size} {people} who answered" + (", of those to whom it applies" if routed else "") + "."
    whom = " ".join(filter(None, [whom, *(reading.other_words(question) for question in questions)]))
    if not any(f.shown and f.low != f.high for q in questions for f in reading.figures_of(q)):
        return whom
    claims = sorted({claim for q in questions for claim in reading.claims(q)})
    about = joined([claim.replace("staff", reading.people) for claim in claims])
    return f"{whom} In {'the table, in ' if kind == STACKED else ''}brackets, the 95% interval for {about}."


def group_title(questions: Sequence[Question]) -> str:
    """What a group of statements is about: the sides of their scale, or what all their wordings share."""
    sides = poles(questions[0])
    if sides:
        return sentence(f"{sides[1]} and {sides[0]}")
    return pattern([words(question.text) for question in questions]) or sentence(plain(questions[0].group or ""))

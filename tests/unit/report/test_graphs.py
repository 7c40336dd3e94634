"""Graphs say what they show: drawing, description and table hold the same numbers, and hostile words stay words."""

import re
from xml.etree import ElementTree

import pytest

from surefoot.report.graphs import DRAW, GRID, Cell, Column, Graph, Row, draw, extent, fills
from surefoot.report.graphs.svg import HIGH, INK, LEVELS, LOW, PAPER, QUIET, RULE, contrast, text_on
from surefoot.report.pages import figure

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert('x')</script> & \"Sons\" \x00\x0b"
SCALE = (
    Column("Benefits are greater", 1),
    Column("About equal", 0),
    Column("Risks are greater", -1),
    Column("I don't know enough to say"),
)


def row(label: str, shares: tuple[float, ...], **more: object) -> Row:
    """A row of shares with intervals of 5 points either way."""
    cells = tuple(Cell(share, share - 0.05, share + 0.05, f"figure-{i:016x}") for i, share in enumerate(shares))
    return Row(label, cells, base=120, **more)  # type: ignore[arg-type]


def scale_graph(kind: str = "diverging", label: str = "Oakfield") -> Graph:
    """A graph of one shown row and one suppressed row."""
    net = Cell(0.3, 0.2, 0.4, "figure-00000000000000ff", "benefits ahead")
    rows = (row(label, (0.46, 0.14, 0.16, 0.24), net=net), Row("Riverside", why="Not shown: fewer than 11 answered"))
    return Graph("balance", kind, f"Benefits are ahead at {label}", SCALE, rows, net_head="Net")


def single_graph(kind: str, unit: str = "%", label: str = "Oakfield") -> Graph:
    """A graph with one number a row."""
    rows = (row(label, (0.34,), detail="34 of 100"), Row("Riverside", why="Not shown: fewer than 11 answered"))
    return Graph("one", kind, "Title", (Column("Yes"),), rows, unit=unit, reference=Cell(0.4, words="All staff"))


def every_graph(label: str = "Oakfield") -> list[Graph]:
    """One graph of each kind."""
    grid = Graph("g", GRID, "Grid", (Column("Talks"),), (row(label, (0.34,)), Row("Riverside", why="not shown")))
    scales = [scale_graph(kind, label) for kind in ("diverging", "stacked")]
    singles = [single_graph(kind, label=label) for kind in ("dots", "bars", "rates")]
    return [*scales, *singles, twice_graph(label), grid]


def twice_graph(label: str = "Oakfield", unit: str = "%") -> Graph:
    """A graph with a number of two waves and its change."""
    net = Cell(0.1, 0.02, 0.18, words="from 34% to 44%, a change of")
    rows = (row(label, (0.34, 0.44), net=net), Row("Riverside", why="Not shown: fewer than 11 answered"))
    return Graph("two", "twice", "Title", (Column("Wave 1"), Column("Wave 2")), rows, unit=unit, net_head="Change")


def parsed(graph: Graph) -> ElementTree.Element:
    """The drawing, which must be well-formed XML."""
    return ElementTree.fromstring(str(draw(graph)))


def words(element: ElementTree.Element) -> str:
    """All text of a drawing, with plain spaces."""
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


def test_every_kind_has_a_drawing() -> None:
    """A kind that a view can ask for is drawn, and the tests see all of them."""
    assert {graph.kind for graph in every_graph()} == set(DRAW)


@pytest.mark.parametrize("graph", every_graph()[:-1], ids=lambda graph: graph.kind)
def test_drawing_is_an_image_with_title_and_description(graph: Graph) -> None:
    """A screen reader hears the title and one sentence a row; the ids are the graph's own."""
    root = parsed(graph)
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}" == f"{graph.id}-title {graph.id}-desc"
    assert title.text == graph.title
    assert "Oakfield: " in str(desc.text)
    assert "Riverside: Not shown: fewer than 11 answered." in str(desc.text)


@pytest.mark.parametrize("graph", every_graph(HOSTILE), ids=lambda graph: graph.kind)
def test_hostile_labels_stay_words(graph: Graph) -> None:
    """Markup in a label is shown as text, and characters that no page may hold are left out."""
    for made in (str(draw(graph)), str(figure(graph))):
        assert "<script" not in made
        assert "\x00" not in made
        assert "\x0b" not in made
        assert "&lt;script&gt;" in made
    parsed(graph)


@pytest.mark.parametrize("graph", every_graph(), ids=lambda graph: graph.kind)
def test_suppressed_rows_say_why(graph: Graph) -> None:
    """A row that is not shown keeps its place and says why, in the drawing and in the table."""
    assert "ot shown" in words(parsed(graph))
    if graph.kind != GRID:
        table = figure(graph).partition("<table>")[2]
        assert "Not shown: fewer than 11 answered" in table


@pytest.mark.parametrize("graph", every_graph()[:-1], ids=lambda graph: graph.kind)
def test_table_holds_every_number_with_its_figure(graph: Graph) -> None:
    """Each cell of the table carries the number as written everywhere and the id of its figure."""
    table = figure(graph).partition("<table>")[2].partition("</table>")[0]
    found = {(figure_id, said) for figure_id, said in re.findall(r'<td data-figure="([^"]+)">([^<]*)</td>', table)}
    cells = {(cell.figure, cell.said(graph.unit)) for r in graph.rows for cell in r.cells}
    nets = {(r.net.figure, r.net.said("points")) for r in graph.rows if r.net and r.net.figure}
    assert found == cells | nets
    assert {figure_id for figure_id, _ in found} == set(graph.figures)


def test_bars_are_as_long_as_the_shares() -> None:
    """All bars of a graph share one measure, the column outside of the scale included, and stay inside the page."""
    drawn = [r for r in parsed(scale_graph()).iter(f"{SVG}rect") if str(r.get("width")).endswith("%")]
    lengths = [float(str(r.get("width"))[:-1]) for r in drawn]
    assert lengths == pytest.approx([length / 0.16 * lengths[0] for length in (0.16, 0.14, 0.46, 0.24)], abs=0.02)
    assert max(float(str(r.get("x"))[:-1]) + w for r, w in zip(drawn, lengths, strict=True)) <= 100


def test_answers_outside_the_scale_stand_apart() -> None:
    """ "I don't know enough" is right of everything else, with a gap, in a pattern of its own and with its number."""
    drawn = [r for r in parsed(scale_graph()).iter(f"{SVG}rect") if str(r.get("width")).endswith("%")]
    apart = [r for r in drawn if str(r.get("fill")).startswith("url(#")]
    ends = [float(str(r.get("x"))[:-1]) + float(str(r.get("width"))[:-1]) for r in drawn if r not in apart]
    assert len(apart) == 1
    assert float(str(apart[0].get("x"))[:-1]) > max(ends) + 2
    assert "24%" in words(parsed(scale_graph()))


def test_sides_meet_at_zero() -> None:
    """The middle answer is halved by the line at zero, so that sides can be compared by eye."""
    root = parsed(scale_graph())
    middle = next(r for r in root.iter(f"{SVG}rect") if r.get("fill") == fills(scale_graph())[1])
    zero = next(line for line in root.iter(f"{SVG}line") if line.get("stroke") == INK)
    centre = float(str(middle.get("x"))[:-1]) + float(str(middle.get("width"))[:-1]) / 2
    assert centre == pytest.approx(float(str(zero.get("x1"))[:-1]), abs=0.02)


def test_graphs_can_share_an_extent() -> None:
    """The widest reach over several graphs, so that bars of several graphs can be compared."""
    assert extent([scale_graph()]) == pytest.approx((0.23, 0.53, 0.24))
    assert extent([]) == (0.05, 0.05, 0.0)


def test_thin_segments_have_no_number() -> None:
    """A number that would not fit is left to the table, or to wider pages."""
    thin = Graph("t", "diverging", "T", SCALE, (row("A", (0.9, 0.04, 0.005, 0.055)),))
    texts = {t.text: t.get("class") for t in parsed(thin).iter(f"{SVG}text")}
    assert texts["90"] is None
    assert texts["4"] == "wide"
    assert "1" not in texts


@pytest.mark.parametrize("unit", ["%", "points", ""])
def test_dots_and_bars_stay_inside_for_extreme_values(unit: str) -> None:
    """Nothing is drawn outside of the page, whatever the values."""
    values = {"%": (0.0, 1.0, 0.003), "points": (-1.0, 1.0, 0.0), "": (0.0, 37.5, -4.0)}[unit]
    for kind in ("dots", "bars") if unit == "%" else ("dots",):
        rows = tuple(Row(f"Row {i}", (Cell(v, v, v),)) for i, v in enumerate(values))
        root = parsed(Graph("x", kind, "X", (Column("Share"),), rows, unit=unit))
        marks = [e.get(k, "") for e in root.iter() for k in ("x", "x1", "x2", "cx")]
        places = [float(mark[:-1]) for mark in marks if mark.endswith("%")]
        assert min(places) >= 0
        assert max(places) <= 100


@pytest.mark.parametrize("unit", ["%", "points"])
def test_both_numbers_of_a_row_stand_at_their_places(unit: str) -> None:
    """A hollow dot for the first wave and a full one for the second, each on the measure of the graph."""
    dots = [e for e in parsed(twice_graph(unit=unit)).iter() if e.tag.endswith("circle")]
    key, shown = dots[:2], dots[2:]
    assert [e.get("fill") for e in key] == [e.get("fill") for e in shown]
    first, second = (float(str(e.get("cx"))[:-1]) for e in shown)
    assert first < second
    assert "from 34% to 44%, a change of +10 (+2 to +18)" in words(parsed(twice_graph()))


def test_empty_graph_is_still_a_graph() -> None:
    """No rows, no columns: an image that says nothing rather than an error."""
    for kind in DRAW:
        ElementTree.fromstring(str(draw(Graph("e", kind, "Nothing", (), ()))))


def test_grid_speaks_in_words_and_signs() -> None:
    """Never by colour alone: each cell has a sign, a number with its interval, and words."""
    cells = (Cell(0.34, 0.2, 0.4, "figure-1", "benefits ahead", "ahead"), Cell(words="not shown"))
    grid = Graph(
        "g", GRID, "Grid", (Column("A", detail="x"), Column("B")), (Row("Oakfield", cells, 40),), unit="points"
    )
    made = words(parsed(grid))
    assert "▲ +34 (+20 to +40) benefits ahead" in made
    assert "– not shown" in made
    assert "40 answered" in made


def test_colours_keep_their_contrast() -> None:
    """Letters have at least 4.5 to 1, and bars 3 to 1 against the page or an outline that has."""
    for fill in (*LOW, *HIGH, *LEVELS):
        assert contrast(text_on(fill), fill) >= 4.5
    assert all(contrast(fill, PAPER) >= 3 for fill in (*LOW, *HIGH, RULE))
    assert contrast(QUIET, PAPER) >= 4.5


def test_long_labels_have_lines_for_the_phone() -> None:
    """No line of a label is longer than a phone of 320 pixels is wide."""
    label = "A tool made for health or care, such as one that reads scans or spots risks"
    root = parsed(single_graph("dots", label=label))
    narrow = [t.text or "" for t in root.iter(f"{SVG}text") if t.get("class") == "narrow"]
    assert " ".join(narrow) == label
    assert max(map(len, narrow)) <= 33

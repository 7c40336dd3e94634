"""The files: whole or not at all, the same numbers in all of them, and no word that becomes a formula."""

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from surefoot.errors import BadInput
from surefoot.release import EVERYONE, Group, NotShown, Release, read_release
from surefoot.report import EXPORTS, graph, table, wording, write_report
from surefoot.report.reading import Reading
from surefoot.report.sheets import FORMULA, figures_table, question_tables, text
from surefoot.report.views import question_graph


@pytest.fixture(scope="module")
def report(hidden_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of the survey with hostile words."""
    folder = tmp_path_factory.mktemp("reports") / "report"
    write_report(hidden_release, folder)
    return folder


def rows(path: Path) -> list[list[str]]:
    """A CSV file as it is."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_report_has_all_its_files(report: Path, hidden_release: Release) -> None:
    """One HTML file, one workbook, one table a counted question, and the release."""
    files = {path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file()}
    tables = {f"tables/{name}.csv" for name in ("area", "fair", "kind", "level", "list", "hours", "who-silent")}
    assert files == {"report.html", "report.xlsx", "release.json", "tables/figures.csv"} | tables
    assert read_release(report).stamp == hidden_release.stamp
    assert set(EXPORTS) == {".html", ".xlsx", ".csv", ".json"}


def test_paths_are_those_that_were_written(hidden_release: Release, tmp_path: Path) -> None:
    """The list of files names each of them where it is in the end."""
    paths = write_report(hidden_release, tmp_path / "out")
    assert sorted(paths) == sorted(path for path in (tmp_path / "out").rglob("*") if path.is_file())


def test_csv_numbers_are_those_of_the_release(report: Path, hidden_release: Release) -> None:
    """Whole percents with their bounds, as the release shows them."""
    head, everybody, *_ = rows(report / "tables" / "fair.csv")
    shown = {
        row["selector"]: row
        for row in hidden_release.records()
        if (row["question"], row["breakdown"]) == ("fair", "all")
    }
    named = dict(zip(head, everybody, strict=True))
    assert named["group"] == "All staff"
    assert named["base"] == str(shown["yes"]["base"])
    assert [named["I agree, %"], named["I agree, low"], named["I agree, high"]] == [
        str(shown["yes"][name]) for name in ("percent", "percent_low", "percent_high")
    ]


def test_hidden_rows_are_there_without_numbers(report: Path) -> None:
    """A group that is not shown is a row that says so."""
    found = [row for row in rows(report / "tables" / "level.csv") if row[1] == "Few & Sons"]
    assert [row[:4] for row in found] == [["organisation", "Few & Sons", "", "not shown"]]
    assert not any(found[0][4:])


def test_no_cell_of_a_csv_is_a_formula(report: Path) -> None:
    """Cells that begin like a formula have an apostrophe; negative numbers stay numbers; no byte-order mark."""
    for path in (report / "tables").glob("*.csv"):
        assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
        for row in rows(path):
            for cell in row:
                if cell.startswith(FORMULA):
                    assert float(cell) < 0
    assert any(cell.startswith("'=cmd") for row in rows(report / "tables" / "list.csv") for cell in row)


@pytest.mark.parametrize("first", FORMULA)
def test_text_is_kept_from_being_a_formula(first: str) -> None:
    """Every letter that starts a formula in some spreadsheet."""
    assert text(f"{first}1+1") == f"'{first}1+1"
    assert text(-3.5) == -3.5


def test_no_cell_of_the_workbook_is_a_formula_or_a_link(report: Path) -> None:
    """Words that look like formulas are words, exactly as they were written."""
    book = openpyxl.load_workbook(report / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert any(str(cell.value).startswith("=cmd") for cell in cells)


def test_workbook_can_be_found_one_s_way_in(report: Path, hidden_release: Release) -> None:
    """A sheet to read first, heads that stay in sight, and every shown figure with its id."""
    book = openpyxl.load_workbook(report / "report.xlsx")
    assert book.sheetnames[0] == "Read me"
    assert all(sheet.freeze_panes == "A2" for sheet in book.worksheets[1:])
    ids = {row[-1].value for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=2)} - {None}
    shown = {figure.id for figure in hidden_release.figures if figure.shown}
    assert ids
    assert ids <= shown
    with (report / "tables" / "figures.csv").open(encoding="utf-8", newline="") as file:
        assert {row["id"] for row in csv.DictReader(file)} == shown


def test_simulated_workbook_says_so_on_every_sheet(demo_release: Release, tmp_path: Path) -> None:
    """No sheet can be taken for a real result."""
    EXPORTS[".xlsx"](Reading(demo_release), tmp_path, None)
    book = openpyxl.load_workbook(tmp_path / "report.xlsx", read_only=True)
    for sheet in book.worksheets:
        assert any(wording.SIMULATED in str(row[0]) for row in sheet.iter_rows(max_row=4, values_only=True)), (
            sheet.title
        )
    book.close()


def test_earlier_report_is_replaced_whole(hidden_release: Release, plain_release: Release, tmp_path: Path) -> None:
    """Nothing of the earlier report is left, and nothing is left beside it."""
    folder = tmp_path / "report"
    write_report(hidden_release, folder)
    write_report(plain_release, folder)
    assert json.loads((folder / "release.json").read_text(encoding="utf-8"))["stamp"] == plain_release.stamp
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_folder_of_other_things_is_left_alone(plain_release: Release, tmp_path: Path) -> None:
    """Only an earlier report is replaced: never somebody's own files."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.txt"):
        write_report(plain_release, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_failure_leaves_the_earlier_report(
    plain_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one format fails, nothing is written and nothing is lost."""
    write_report(plain_release, tmp_path / "report")
    before = (tmp_path / "report" / "report.html").read_bytes()

    def broken(*_: object) -> list[Path]:
        raise OSError("disk full")

    monkeypatch.setattr("surefoot.report.exports.EXPORTS", {**EXPORTS, ".json": broken})
    with pytest.raises(OSError, match="disk full"):
        write_report(plain_release, tmp_path / "report")
    assert (tmp_path / "report" / "report.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_only_a_release_is_written(tmp_path: Path) -> None:
    """Anything else is refused at run time, before a file is made."""
    with pytest.raises(TypeError, match="only a Release"):
        write_report({"figures": []}, tmp_path / "report")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_every_table_is_as_wide_as_its_head(releases: dict[str, Release]) -> None:
    """Each row has a cell for each column, for every kind of question."""
    for release in releases.values():
        for made in question_tables(Reading(release)):
            assert {len(row) for row in made.rows} <= {len(made.head)}


def test_notebook_shows_graph_and_table(hidden_release: Release) -> None:
    """An analyst gets a drawing with its numbers, and a table, for each kind of question."""
    for question in ("area", "fair", "level", "list", "hours"):
        for by in (None, "organisation", "area"):
            assert "<svg" in graph(hidden_release, question, by=by)._repr_html_()
            assert "<table" in table(hidden_release, question, by=by)._repr_html_()


def test_notebook_brings_its_styles_and_says_little_of_itself(hidden_release: Release) -> None:
    """Styles hold inside the piece alone; its name in a console is one line."""
    piece = graph(hidden_release, "fair", by="organisation")
    styles = piece._repr_html_().partition("<style>")[2].partition("</style>")[0]
    selectors = re.findall(r"([^{}@;]+)\{[^{}]*\}", styles)
    assert len(selectors) > 50
    assert all(one.strip().startswith(".surefoot-piece") for each in selectors for one in each.split(","))
    assert "<style" not in piece
    assert len(repr(piece)) < 100


def test_options_of_hidden_groups_are_not_told_as_nought(hidden_release: Release) -> None:
    """Where a group is not shown at all, nor is how many chose it, unless nobody did; in no table and no list."""
    group = Group("area", "x")
    release = replace(hidden_release, not_shown=(*hidden_release.not_shown, NotShown(group, None, "")))
    reading = Reading(release)
    figure = release.figure("area", EVERYONE, "x")
    assert figure is not None
    assert reading.cell(figure).said() == "not shown"
    assert figure.id not in {row[0] for row in figures_table(reading).rows}
    assert "not shown" in next(made for made in question_tables(reading) if made.id == "area").rows[0]
    empty = replace(figure, value=0.0, low=0.0, high=0.0)
    figures = tuple(empty if one is figure else one for one in release.figures)
    assert not Reading(replace(release, figures=figures)).names_hidden(empty)


def test_words_follow_who_was_asked_and_what_is_drawn(hidden_release: Release) -> None:
    """People are not called staff, and no note promises an interval that is not beside its bar."""
    reading = Reading(replace(hidden_release, people="people"))
    stacked = question_graph(reading, hidden_release.instrument["level"], reading.organisations)
    assert "In the table, in brackets, the 95% interval for" in stacked.note
    assert "staff" not in stacked.note
    assert ("People like these", "A claim about other or future people of this kind") in [
        (name, text.partition(",")[0]) for name, text in wording.of_people(wording.GLOSSARY, "people")
    ]


@pytest.mark.parametrize(("question", "by"), [("missing", None), ("comment", None), ("fair", "missing")])
def test_notebook_names_what_there_is(plain_release: Release, question: str, by: str | None) -> None:
    """A question that is not there, or is not counted, is told with those that are."""
    with pytest.raises(BadInput, match="expected one of"):
        graph(plain_release, question, by=by)

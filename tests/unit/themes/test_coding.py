"""Coding sheets as people and spreadsheets leave them: nothing is lost, nothing is taken for another's."""

import csv
import io
from pathlib import Path

import pytest

from surefoot.errors import BadInput
from surefoot.themes.codebook import Codebook, Theme
from surefoot.themes.coding import NOT_HERE, read_sheet, sheet_path, write_sheet

BOOK = Codebook("comment", "Ann", (Theme("training", "Training", ""), Theme("trust", "Trust", "")))
TEXTS = {"comment-1": "More training please.", "comment-2": "I do not trust it.", "comment-3": "Nothing."}


def coded(path: Path, themes: dict[str, str]) -> None:
    """Fill in the column themes of a sheet."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(row | {"themes": themes.get(row["id"], row["themes"])} for row in rows)
    path.write_text(out.getvalue(), encoding="utf-8")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A sheet of Ann's, in which she has coded two of three comments."""
    path = sheet_path(tmp_path, "Ann B")
    assert write_sheet(path, TEXTS, BOOK, (), "Ann B") == 3
    coded(path, {"comment-1": "training", "comment-2": "trust"})
    return path


def test_same_id_twice_is_one_clear_error(sheet: Path) -> None:
    """A row that was copied would overwrite the first in silence."""
    with sheet.open("a", encoding="utf-8") as file:
        file.write("comment-1,again,,trust,Ann B\r\n")
    with pytest.raises(BadInput, match=r"row 5, id: found comment-1, as in row 2; expected each comment once"):
        read_sheet(sheet, BOOK)


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-16", "\t"), ("utf-16", ","), ("cp1252", ";"), ("utf-8-sig", ",")]
)
def test_sheet_is_read_as_spreadsheets_save_it(sheet: Path, encoding: str, separator: str) -> None:
    """Excel's "Unicode text" is UTF-16 with tabs."""
    rows = list(csv.reader(io.StringIO(sheet.read_text(encoding="utf-8"))))
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    sheet.write_bytes(out.getvalue().encode(encoding))
    found = read_sheet(sheet, BOOK).codes
    assert found == {"comment-1": frozenset({"training"}), "comment-2": frozenset({"trust"})}


def test_sheet_written_again_keeps_every_code(sheet: Path) -> None:
    """New comments come in; the code of a comment that is held back stays, without its words, and returns with it."""
    fewer = {name: text for name, text in TEXTS.items() if name != "comment-2"} | {"comment-4": "New."}
    assert write_sheet(sheet, fewer, BOOK, (), "Ann B") == 2
    assert set(read_sheet(sheet, BOOK).codes) == {"comment-1", "comment-2"}
    told = sheet.read_text(encoding="utf-8-sig")
    assert NOT_HERE in told and TEXTS["comment-2"] not in told
    assert write_sheet(sheet, TEXTS, BOOK, (), "ann  b") == 1
    assert TEXTS["comment-2"] in sheet.read_text(encoding="utf-8-sig")


def test_two_coders_whose_names_make_one_file_do_not_share_it(sheet: Path) -> None:
    """Ann B and Ann-B have sheets of one name: the second is told so, and nothing is written."""
    before = sheet.read_bytes()
    with pytest.raises(BadInput, match='the sheet of "Ann B"'):
        write_sheet(sheet_path(sheet.parent, "Ann-B"), TEXTS, BOOK, (), "Ann-B")
    assert sheet.read_bytes() == before

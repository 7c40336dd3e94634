"""Broken input ends in one sentence that says where, what and what was expected; no row is lost in silence."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from surefoot.errors import BadInput
from surefoot.readers import read

BROKEN = {
    "empty": (b"", "empty"),
    "blank lines": (b"\n\n \n", "empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", "empty"),
    "header without rows": (b"a,b\n", "header without rows"),
    "repeated header": (b"a,b,a\n1,2,3\n", '"a" more than once'),
    "short row": (b"a,b\n1,2\n3\n", "row 3: found 1 cell"),
    "long row": (b"a,b\n1,2\n3,4,5\n", "row 3: found 3 cells"),
    "mixed separators": (b"a;b;c\n1;2;3\n1,2,3\n", "row 3: found 1 cell"),
    "NUL bytes": (b"a,b\n1,\0\n", "NUL"),
    "open quote": (b'a,b\n1,"x\n2,3\n', "quotes"),
    "text after a quote": (b'a,b\n1,"x"y\n', "row 2"),
    "noise": (bytes((n * 7919 + n // 251) % 256 for n in range(200_000)), "NUL"),
    "printable noise": (b"x" * 1_000_000, "20,000 characters"),
    "damaged zip": (b"PK\x03\x04" + b"junk" * 50, "damaged"),
    "damaged parquet": (b"PAR1" + b"junk" * 50 + b"PAR1", "damaged"),
    "damaged sav": (b"$FL2" + b"junk" * 200, "damaged"),
    "pdf": (b"%PDF-1.7 x", "PDF"),
    "old excel": (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old or password-protected"),
}


def written(folder: Path, content: bytes) -> Path:
    """A file whose name says nothing about what is in it."""
    path = folder / "answers"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused(tmp_path: Path, name: str) -> None:
    """Each kind of breakage has its own sentence."""
    content, sentence = BROKEN[name]
    with pytest.raises(BadInput, match=sentence):
        read(written(tmp_path, content))


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    """A folder, or nothing, is no file of answers."""
    with pytest.raises(BadInput, match="a folder"):
        read(tmp_path)
    with pytest.raises(BadInput, match="no readable file"):
        read(tmp_path / "absent.csv")


def test_blank_rows_are_counted(tmp_path: Path) -> None:
    """A blank line between rows is a row that was read and left out."""
    account = read(written(tmp_path, b"a,b\nx,y\n\nx,z\n,\nx,y\n\n\n")).account
    assert (account.rows, account.kept, account.excluded) == (5, 3, {"empty row": 2})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_give_the_same_text(tmp_path: Path, encoding: str) -> None:
    """Letters, dashes and quotes survive; a guessed encoding is said to be guessed."""
    text = "used,comment\nYes,It’s fine – café\nNo,\nYes,nothing\n"
    reading = read(written(tmp_path, text.encode(encoding)))
    assert "It’s fine – café" in reading.responses.texts["text"].to_list()
    assert any("cp1252" in sentence for sentence in reading.account.unsure) == (encoding == "cp1252")


def test_excel_separator_line_and_lone_carriage_returns(tmp_path: Path) -> None:
    """`sep=;` names the separator; old line ends are line ends."""
    assert read(written(tmp_path, b"sep=;\r\na;b\r\nx;y\r\n")).account.rows == 1
    assert read(written(tmp_path, b"a,b\rx,y\rx,z\r")).account.rows == 2


def workbook(rows: list[list[object]]) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_workbooks_give_values(tmp_path: Path) -> None:
    """Numbers lose their ".0", truth values are words, and a blank row between others is counted."""
    content = workbook([["hours", "used", "why"], [3.0, True, "good"], [None, None, None], [12.5, False, "bad"]])
    reading = read(written(tmp_path, content))
    assert reading.account.excluded == {"empty row": 1}
    assert reading.responses.codes("hours").tolist() == [30, 125]
    assert reading.account.questions[1].options == ("TRUE", "FALSE")


def test_formulas_without_values_are_refused(tmp_path: Path) -> None:
    """A formula that was never calculated would read as blank: the row and column are named instead."""
    with pytest.raises(BadInput, match="a formula in row 2, column 1"):
        read(written(tmp_path, workbook([["a", "b"], ["=1+1", "x"]])))


def test_truncated_workbooks_are_refused(tmp_path: Path) -> None:
    """Half a workbook is none."""
    with pytest.raises(BadInput, match="damaged"):
        read(written(tmp_path, workbook([["a"], ["x"]])[:-200]))


def test_zip_bombs_are_not_unpacked(tmp_path: Path) -> None:
    """The unpacked size is checked before anything is unpacked."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(501_000_000))
    with pytest.raises(BadInput, match="bytes when unpacked"):
        read(written(tmp_path, content.getvalue()))


def test_wrong_questionnaires_are_refused(tmp_path: Path) -> None:
    """Two header rows as SurveyMonkey writes them are named, not read as answers of a plain table."""
    with pytest.raises(BadInput, match="surveymonkey"):
        read(written(tmp_path, b"Respondent ID,Used?,Why?,\n,Response,A,B\n1,Yes,x,\n2,No,,y\n"), dialect="plain")

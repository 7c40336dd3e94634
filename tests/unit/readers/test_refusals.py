"""Files that hold no answers are refused with one sentence that says what to do."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.errors import BadInput
from surefoot.readers import read

CONVERT = r"`surefoot instrument convert answers\.\w+ instrument\.toml`"


def archive(**files: str) -> bytes:
    """A ZIP archive; two underscores in a name stand for a full stop."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "."), text)
    return content.getvalue()


def test_xlsforms_are_questionnaires(tmp_path: Path) -> None:
    """A workbook with the sheets of an XLSForm is named, and so is the command that reads it."""
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.active.append(["type", "name", "label::English (en)", "relevant"])
    book.active.append(["select_one yn", "used", "Used AI?", None])
    book.create_sheet("choices").append(["list_name", "name", "label::English (en)"])
    book.save(tmp_path / "answers.xlsx")
    with pytest.raises(BadInput, match=rf"found a questionnaire \(XLSForm\); expected a file of answers; {CONVERT}"):
        read(tmp_path / "answers.xlsx")


def test_answers_about_types_and_names_are_no_xlsform(xlsx_file: Callable[..., Path]) -> None:
    """A table of answers may have columns "type", "name" and "label" on a sheet of another name."""
    assert read(xlsx_file([["type", "size", "label"], ["a", "Yes", "x"], ["b", "No", "y"]])).account.kept == 2


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (json.dumps({"SurveyEntry": {}, "SurveyElements": []}).encode(), rf"\(\.qsf\); expected .*{CONVERT}"),
        (b'{"answers": [1, 2]}', "found a JSON file"),
        (b'<?xml version="1.0"?>\n<document><LimeSurveyDocType>Survey</LimeSurveyDocType></document>', "LimeSurvey"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        (
            b"id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\n1\t\tS\t\tsid\t1\t7\n",
            "LimeSurvey questionnaire",
        ),
        (archive(form__csv="a,b\n1,2\n", readme__txt="x"), r"holds form\.csv; expected the file itself: unpack it"),
        (archive(a__csv="a\n1\n", b__sav="x"), r"holds a\.csv and 1 more"),
        (archive(survey__lss="x"), "a LimeSurvey archive"),
        (archive(mimetype="application/vnd.oasis", content__xml="x"), "OpenDocument"),
        (archive(photo__jpg="x"), "a ZIP archive that is no workbook"),
    ],
)
def test_other_files_are_named(tmp_path: Path, content: bytes, found: str) -> None:
    """Questionnaires, archives and pages are told by their content, whatever they are called."""
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=found):
        read(path)


def test_rows_cut_off_at_the_end_are_left_out_and_said(tmp_path: Path) -> None:
    """A last row without its end and with fewer cells was cut off; anywhere else it is an error."""
    path = tmp_path / "answers.csv"
    path.write_text("used,where,why\nYes,Oak,x\nNo,Elm,y\nYes,O")
    account = read(path).account
    assert (account.rows, account.kept) == (3, 2)
    assert account.excluded == {"row cut off at the end of the file": 1}
    assert any("others may be missing" in sentence for sentence in account.unsure)
    for text in ("used,where,why\nYes,Oak,x\nNo,Elm\n", "used,where,why\nYes,Oak\nNo,Elm,y"):
        path.write_text(text)
        with pytest.raises(BadInput, match="found 2 cells"):
            read(path)

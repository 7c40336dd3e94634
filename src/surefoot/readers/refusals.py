"""Files that hold no answers but are often taken for such: questionnaires and archives, each named with what to do."""

from __future__ import annotations

import io
import re
import zipfile

from surefoot.errors import BadInput

ANSWERS = "a file of answers"
CONVERT = "`surefoot instrument convert {0} instrument.toml` reads a questionnaire"
_XML = re.compile(rb"^\s*(\xef\xbb\xbf)?\s*<\?xml|^\s*<(html|!doctype)", re.IGNORECASE)
_LIMESURVEY_TSV = {"id", "related_id", "class", "type/scale", "name", "relevance"}


def refuse_other_files(content: bytes, where: str) -> None:
    """Raise BadInput for JSON, XML and web pages, which are questionnaires or nothing that is read here."""
    head = content[:100_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{") and b'"SurveyElements"' in content:
        raise BadInput(where, "a Qualtrics questionnaire (.qsf)", _expected(where))
    if b"<LimeSurveyDocType>" in head:
        raise BadInput(where, "a LimeSurvey questionnaire or archive in XML", f"{ANSWERS}, such as the export to CSV")
    if head.startswith((b"{", b"[")) and _is_json(content):
        raise BadInput(where, "a JSON file", f"{ANSWERS} as CSV, XLSX, Parquet, SPSS (.sav) or Stata (.dta)")
    if _XML.match(head):
        raise BadInput(
            where, "an XML file or a web page", f"{ANSWERS} as CSV, XLSX, Parquet, SPSS (.sav) or Stata (.dta)"
        )


def _is_json(content: bytes) -> bool:
    import json

    try:
        return isinstance(json.loads(content.decode("utf-8-sig")), dict | list)
    except (ValueError, RecursionError):
        return False


def _expected(where: str) -> str:
    return f"{ANSWERS}; {CONVERT.format(where)}"


def refuse_forms(titles: list[str], header: list[str], where: str) -> None:
    """Raise BadInput for a workbook that is an XLSForm: a sheet "survey" with types and names, and one of choices."""
    names = {cell.strip().casefold() for cell in header}
    sheets = {title.strip().casefold() for title in titles}
    labelled = any(name == "label" or name.startswith("label::") for name in names)
    if {"type", "name"} <= names and labelled and (sheets & {"choices", "settings"} or "survey" in sheets):
        raise BadInput(where, "a questionnaire (XLSForm)", _expected(where))


def refuse_tables(header: list[str], where: str) -> None:
    """Raise BadInput for a text that is a LimeSurvey questionnaire in its tab-separated form."""
    if len(_LIMESURVEY_TSV & {cell.strip().casefold() for cell in header}) >= 5:
        raise BadInput(where, "a LimeSurvey questionnaire", f"{ANSWERS}, such as the export to CSV")


def refuse_archives(content: bytes, where: str) -> None:
    """Raise BadInput for a ZIP archive that is no workbook, with the name of the file to take out of it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and "__MACOSX" not in name]
    answers = [
        name for name in names if name.casefold().endswith((".csv", ".xlsx", ".sav", ".dta", ".tsv", ".parquet"))
    ]
    if any(name.startswith("content.xml") or name == "mimetype" for name in names):
        raise BadInput(where, "an OpenDocument file", "a CSV or XLSX file: save it as one of them")
    if any(name.casefold().endswith((".lss", ".lsr")) for name in names):
        raise BadInput(where, "a LimeSurvey archive", f"{ANSWERS}, such as the export to CSV or SPSS")
    if answers:
        more = f" and {len(answers) - 1} more" if len(answers) > 1 else ""
        raise BadInput(where, f"a ZIP archive that holds {answers[0]}{more}", "the file itself: unpack it first")
    raise BadInput(where, "a ZIP archive that is no workbook", "a CSV, XLSX, Parquet, SPSS (.sav) or Stata (.dta) file")

"""Wordings that are uploaded: XLSForm and TOML, compared with what is asked, and refused in one sentence if bad."""

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surefoot.errors import BadInput
from surefoot.instrument import differences, open_instrument
from surefoot.questionnaires import write_xlsform
from surefoot.questionnaires.workbook import write_sheets
from surefoot.web import wording
from surefoot.web.wording import from_wording_text, read_wording, wording_text


def file(name: str, content: bytes) -> Any:
    """An uploaded file."""
    return SimpleUploadedFile(name, content)


def xlsform(folder: Path, *rows: dict[str, str]) -> bytes:
    """A small XLSForm with a list of two answers."""
    choices = [{"list_name": "yn", "name": name, "label": name.title()} for name in ("yes", "no")]
    place = folder / "form.xlsx"
    sheets = {"survey": (("type", "name", "label"), rows), "choices": (("list_name", "name", "label"), choices)}
    write_sheets(place, sheets)
    return place.read_bytes()


def packed(**parts: bytes) -> bytes:
    """A zip with the two parts that make a workbook, and others."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<x/>", **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_xlsform_is_previewed_compared_and_taken(opened: Any, client: Any, tmp_path: Path, web: Any) -> None:
    """The page says what is new and gone, the button takes what was shown, and the version is its content."""
    from surefoot.web import actions, store

    by = "lead@example.org"
    actions.add_study(slug="fresh", title="T", instrument=open_instrument("voice"), by=by)
    lead, page = client("programme-lead"), "/studies/fresh/instrument"
    row = {"type": "select_one yn", "name": "used", "label": "Have you used AI?"}
    sent = lead.post(page, {"instrument": file("form.xlsx", xlsform(tmp_path, row))}).content.decode()
    assert "New questions: 1" in sent
    assert "Questions that are gone: 6" in sent
    assert store.overview("fresh").instrument == open_instrument("voice").id  # type: ignore[union-attr]
    found = re.search(r'name="wording" value="([^"]+)"', sent)
    assert found
    import html

    assert lead.post(f"{page}/choose", {"wording": html.unescape(found[1])}).status_code == 302
    assert [q.id for q in store.instrument(store.overview("fresh").instrument).asked] == ["used"]  # type: ignore[union-attr]


def test_own_xlsform_comes_back_equal(tmp_path: Path) -> None:
    """What Surefoot wrote for a spreadsheet is read as the same instrument, and goes through the preview unchanged."""
    voice = open_instrument("voice")
    write_xlsform(voice, tmp_path / "voice.xlsx")
    read = read_wording(file("voice.xlsx", (tmp_path / "voice.xlsx").read_bytes())).instrument
    assert read.id == voice.id == from_wording_text(wording_text(read)).id


def test_formula_text_stays_text(tmp_path: Path) -> None:
    """A label that looks like a formula is a label."""
    row = {"type": "text", "name": "c", "label": '=HYPERLINK("http://example.org")'}
    read = read_wording(file("form.xlsx", xlsform(tmp_path, row))).instrument
    assert list(read["c"].text.values()) == ['=HYPERLINK("http://example.org")']


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.xlsx", b"%PDF-1.7", "no workbook of the kind .xlsx"),
        ("x.xls", b"\xd0\xcf\x11\xe0", "no workbook of the kind .xlsx"),
        ("x.toml", b"not = = toml", "not TOML"),
        ("x.toml", b"\xff\xfe", "not text in UTF-8"),
        ("x.toml", b'schema = "surefoot/instrument/1"\nname = "x"\ntitle = "x"\nscale = 3', "none of its kind"),
        ("x.xlsx", b"PK\x03\x04 and nothing else", "broken"),
        ("x.docx", packed().replace(b"xl/workbook.xml", b"wd/workbook.xml"), "holds no workbook"),
        ("x.xlsx", packed(), "no whole workbook"),
        ("x.xlsx", packed(**{"xl/a.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}), "entities"),
        ("x.xlsx", packed(**{"xl/a.xml": "<!DOCTYPE a>".encode("utf-16")}), "entities"),
        ("x.xlsx", packed(**{"xl/bomb.xml": bytes(wording.MOST_UNPACKED)}), "unpacks to too much"),
        ("x.xlsx", b"PK" + bytes(wording.MOST_WORKBOOK), "at most 2,097,152"),
        ("x.xlsx", packed(**{f"xl/{n}.xml": b"" for n in range(wording.MOST_PARTS)}), "unpacks to too much"),
    ],
)
def test_bad_file_is_refused_in_one_sentence(name: str, content: bytes, said: str) -> None:
    """Whatever it is called and however small it is packed: a sentence, and nothing large is read."""
    with pytest.raises(BadInput, match=said) as problem:
        read_wording(file(name, content))
    assert "\n" not in str(problem.value)


def test_size_that_lies_is_not_believed() -> None:
    """A part that says it is small and is not: no more is read than it says, and the workbook is broken."""
    honest = packed(**{"xl/a.xml": bytes(3_000_000)})
    lying = honest.replace((3_000_000).to_bytes(4, "little"), (30).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(BadInput, match="broken"):
        read_wording(file("x.xlsx", lying))


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"schema": "surefoot/instrument/1"}', "[" * 100_000])
def test_forged_preview_is_refused(text: str) -> None:
    """What a browser sends back as the wording is checked as if it were new."""
    with pytest.raises(BadInput):
        from_wording_text(text)


def test_wording_that_is_too_long_is_refused() -> None:
    """More than a form can send back is refused when it is uploaded, not when it is taken."""
    voice = open_instrument("voice")
    with pytest.raises(BadInput, match="at most 200,000"):
        wording_text(replace(voice, introduction={"en": "x" * 200_000}))


def test_differences_name_what_changed() -> None:
    """New, changed and gone, by the id of the question, each change in a sentence."""
    before = open_instrument("voice")
    first, second, *others = before.questions
    assert first.scale
    answers = replace(first.scale, options=first.scale.options[1:])
    changed = replace(first, text={**first.text, "en": "Who are you?"}, scale=answers, optional=True)
    new = replace(second, id="brand-new")
    found = differences(before, replace(before, questions=(changed, new, *others)))
    assert [(one.kind, one.question.id) for one in found.questions] == [
        ("changed", "who"), ("new", "brand-new"), ("gone", "comfort-paperwork"),
    ]  # fmt: skip
    assert found.questions[0].said == (
        "The question was “Which of these are you?”, and is now “Who are you?”.",
        "The answer “I use services” is gone.",
        "It may now be left out.",
    )
    assert not differences(before, before)


def test_differences_see_the_whole() -> None:
    """Another order, another language, other comparisons, other counting are told, too."""
    before = open_instrument("ai-baseline")
    turned = replace(before, questions=before.questions[::-1], languages=("en", "cy"), planned=())
    assert differences(before, turned).whole == (
        "The language cy is new.",
        "The questions stand in another order.",
        "Other comparisons are planned.",
    )
    levels = replace(before["contact"], construct="other")
    other = tuple(levels if one.id == "contact" else one for one in before.questions)
    (found,) = differences(before, replace(before, questions=other)).questions
    assert found.said == ("What is counted of it, or how, is other: its construct, levels, unit or section.",)
    assert json.dumps(found.said)

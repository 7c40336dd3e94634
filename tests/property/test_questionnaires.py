"""Random questionnaires go through an XLSForm without loss, and every other format takes them without an error."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.instrument import Instrument, bank_names, instrument_from_table, instrument_table, open_instrument
from surefoot.questionnaires import FORMATS, convert, read_xlsform, write_xlsform
from surefoot.questionnaires.limesurvey_logic import LONGEST_CODE

KINDS = ("single", "multi", "ranked", "number", "text")
IDS = ["a", "A", "b.c", "1st", "meta", "q_1st", "ever-used", "x_y", "data", "e"]
texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12).map(
    lambda text: text.replace("$", "£")
)
lines = st.one_of(texts, st.just("=1+1"), st.just(" two\nlines, and 'quotes' "), st.just("<b> & {x}"))


@st.composite
def said(draw: st.DrawFn, languages: list[str]) -> dict[str, str]:
    """A text in the first language and perhaps in the others."""
    others = [code for code in languages[1:] if draw(st.booleans())]
    return {code: draw(lines) for code in [languages[0], *others]}


@st.composite
def scale(draw: st.DrawFn, name: str, languages: list[str], size: int) -> dict[str, Any]:
    """A scale with whatever a scale can have."""
    ids = draw(
        st.lists(st.sampled_from(["yes", "no", "1", "2nd", "x.y", "Yes"]), min_size=size, max_size=size, unique=True)
    )
    options = [
        {"id": option, "text": draw(said(languages))}
        | draw(
            st.sampled_from([{}, {"position": 0}, {"position": -2}, {"exclusive": True}, {"sensitive_absence": True}])
        )
        for option in ids
    ]
    poles = {"poles": {"low": draw(said(languages)), "high": draw(said(languages))}} if draw(st.booleans()) else {}
    return {"id": name, "ordered": draw(st.booleans()), "options": options} | poles


@st.composite
def questionnaires(draw: st.DrawFn) -> Instrument:
    """An instrument with sections, groups, routing, derived questions and texts in up to three languages."""
    languages = ["en", *draw(st.lists(st.sampled_from(["cy", "en-x-easyread", "pl"]), unique=True, max_size=2))]
    scales = [draw(scale(f"s{k}", languages, draw(st.integers(1, 4)))) for k in range(2)] + [
        draw(scale("two", languages, 2))
    ]
    sections = [
        {"id": name, "title": draw(said(languages))} | ({"text": draw(said(languages))} if draw(st.booleans()) else {})
        for name in draw(st.lists(st.sampled_from(["start", "a", "end.x"]), unique=True))
    ]
    names = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=7, unique=True))
    asked: list[dict[str, Any]] = []
    for name in names:
        asked.append(draw(question(name, languages, scales, [s["id"] for s in sections], asked)))
    planned = [
        {"question": q["id"], "by": "organisation", "options": [_options(q, scales)[0]]}
        for q in asked
        if q["kind"] == "single"
    ]
    table = {
        "schema": "surefoot/instrument/1",
        "name": "random form",
        "title": draw(said(languages)),
        "languages": languages,
    }
    used = {q.get("scale") for q in asked}
    extra = {"introduction": draw(said(languages)), "minutes": 3} if draw(st.booleans()) else {}
    kept = [s for s in scales if s["id"] in used]
    return instrument_from_table(
        table | extra | {"scale": kept, "section": sections, "question": asked, "planned": planned[:2]}
    )


def _options(entry: dict[str, Any], scales: list[dict[str, Any]]) -> list[str]:
    return [option["id"] for found in scales if found["id"] == entry.get("scale") for option in found["options"]]


@st.composite
def condition(draw: st.DrawFn, asked: list[dict[str, Any]], scales: list[dict[str, Any]]) -> dict[str, Any]:
    """A condition on an earlier question."""
    earlier = draw(st.sampled_from(asked))
    return {
        "question": earlier["id"],
        "any_of": draw(st.lists(st.sampled_from(_options(earlier, scales)), unique=True)),
    }


@st.composite
def question(
    draw: st.DrawFn,
    name: str,
    languages: list[str],
    scales: list[dict[str, Any]],
    sections: list[str],
    asked: list[dict[str, Any]],
) -> dict[str, Any]:
    """A question of any kind, or one that is derived from earlier ones."""
    kind = draw(st.sampled_from((*KINDS, "single", "single", "single")))
    choosable = [entry for entry in asked if "scale" in entry]
    made: dict[str, Any] = {"id": name, "kind": kind, "text": draw(said(languages))}
    if kind not in ("number", "text"):
        made["scale"] = draw(st.sampled_from([entry["id"] for entry in scales]))
        made |= draw(st.sampled_from([{}, {"group": "a"}, {"group": "views"}, {"order": "shuffled"}]))
    made |= draw(
        st.sampled_from([{}, {"construct": "net-benefit", "about": "x"}, {"optional": True}, {"personal": True}])
    )
    made |= {"decimals": draw(st.integers(0, 2)), "unit": "hours"} if kind == "number" else {}
    made |= {"section": draw(st.sampled_from(sections))} if sections and draw(st.booleans()) else {}
    made |= {"hint": draw(said(languages))} if draw(st.booleans()) else {}
    made |= {"short": draw(said(languages))} if draw(st.booleans()) else {}
    if choosable and draw(st.booleans()):
        made["show_if"] = draw(st.lists(condition(choosable, scales), min_size=1, max_size=2))
    if choosable and kind == "single" and draw(st.integers(0, 3)) == 0:
        parts = draw(st.lists(condition(choosable, scales), min_size=1, max_size=2))
        made |= {"scale": "two", "derived": parts, "derived_base": draw(st.sampled_from(asked))["id"]}
        made.pop("show_if", None)
    return made


def through_xlsform(instrument: Instrument, folder: Path) -> Instrument:
    """Write, check with the reference converter, and read again."""
    from pyxform.xls2xform import convert as compiled

    path = folder / "form.xlsx"
    write_xlsform(instrument, path)
    assert "<h:html" in compiled(str(path)).xform
    return read_xlsform(path).instrument


@pytest.mark.parametrize("name", bank_names())
def test_bank_goes_through_xlsform_without_loss(tmp_path: Path, name: str) -> None:
    """The instruments of the bank compile and come back equal, with nothing to say."""
    instrument = open_instrument(name)
    assert through_xlsform(instrument, tmp_path) == instrument
    assert read_xlsform(tmp_path / "form.xlsx").not_carried == ()


@settings(max_examples=60)
@given(instrument=questionnaires())
def test_xlsform_both_ways_is_identity(tmp_path_factory: pytest.TempPathFactory, instrument: Instrument) -> None:
    """read(write(instrument)) is the instrument, to the last word, and the reference converter takes the form."""
    again = through_xlsform(instrument, tmp_path_factory.mktemp("form"))
    assert instrument_table(again) == instrument_table(instrument)
    assert again.id == instrument.id


@settings(max_examples=25)
@given(instrument=questionnaires())
def test_limesurvey_structure_is_whole(tmp_path_factory: pytest.TempPathFactory, instrument: Instrument) -> None:
    """Codes are allowed and distinct, every question is there in every language, numbers do not clash."""
    path = tmp_path_factory.mktemp("form") / "survey.tsv"
    sentences = FORMATS[".tsv"].write(instrument, path)  # type: ignore[misc]
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter="\t"))
    questions = [row for row in rows if row["class"] == "Q"]
    languages = {row["language"] for row in questions}
    assert len(questions) % max(1, len(languages)) == 0
    assert all(
        row["name"].isalnum() and row["name"][0].isalpha() and len(row["name"]) <= LONGEST_CODE for row in questions
    )
    numbers = {(row["id"], row["name"]) for row in rows if row["class"] in ("Q", "SQ")}
    assert len({number for number, _ in numbers}) == len({(row["id"]) for row in rows if row["class"] in ("Q", "SQ")})
    assert len({row["name"].casefold() for row in questions}) * len(languages) == len(questions)
    left = set(instrument.languages) - languages
    assert all(code in " ".join(sentences) for code in left) or not questions


@settings(max_examples=25)
@given(instrument=questionnaires())
def test_printed_questionnaire_is_valid(
    tmp_path_factory: pytest.TempPathFactory, assert_valid_html: Callable[[str], None], instrument: Instrument
) -> None:
    """The page is valid HTML, and holds the text of each question that people are asked."""
    path = tmp_path_factory.mktemp("form") / "form.html"
    FORMATS[".html"].write(instrument, path)  # type: ignore[misc]
    assert_valid_html(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("suffix", [suffix for suffix, found in FORMATS.items() if found.write])
def test_every_format_is_written_whole(tmp_path: Path, suffix: str) -> None:
    """A conversion writes its file, and its account in words and as an object agree."""
    made = convert("ai-baseline", tmp_path / f"out{suffix}")
    assert made.written.stat().st_size > 100
    assert made.to_json()["questions"] == [question.id for question in open_instrument("ai-baseline").asked]
    assert all(any(note in line for line in made.lines()) for note in made.notes)

"""Translations of the bank: beside the instruments, tied to wordings, complete, and without effect on any id."""

import tomllib
from dataclasses import replace
from importlib import resources

import pytest

from surefoot.instrument import (
    Instrument,
    bank_names,
    bank_translation,
    instrument_from_table,
    open_instrument,
    spoken,
    translated,
    untranslated,
)


@pytest.mark.parametrize("name", bank_names())
def test_bank_is_all_there_in_welsh(name: str) -> None:
    """Every text that people are shown has Welsh; what nobody is asked (derived questions) needs none."""
    assert untranslated(open_instrument(name), "cy")
    assert untranslated(translated(open_instrument(name), "cy"), "cy") == ()


@pytest.mark.parametrize("name", bank_names())
def test_no_translation_is_idle(name: str) -> None:
    """A translation whose English is no longer asked fails here, so that a changed wording is translated again."""
    file = resources.files("surefoot") / "bank" / "translations" / f"{name}.cy.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    assert set(table) == {"language", "instrument", "reviewed_by", "text"}
    assert table["instrument"] == name
    wanted = set(untranslated(open_instrument(name), "cy"))
    assert {entry["en"] for entry in table["text"]} == {" ".join(text.split()) for text in wanted}


def test_translations_change_no_id() -> None:
    """Answers stay answers to the same instrument: its id is that of its own words."""
    asked = open_instrument("ai-baseline")
    before = asked.id
    assert translated(asked, "cy").languages == asked.languages
    assert asked.id == before == open_instrument("ai-baseline").id


def test_same_word_is_said_in_two_ways() -> None:
    """Welsh answers with the verb of the question, so "Yes" depends on what was asked."""
    asked = translated(open_instrument("ai-baseline"), "cy")
    assert [asked[question].options[0].text["cy"] for question in ("ever-used", "disability")] == ["Ydw", "Oes"]


def test_changed_wording_has_no_old_translation() -> None:
    """A question with the same id and other words is shown in its own language, not in the Welsh of the old words."""
    asked = open_instrument("voice")
    changed = replace(asked.questions[0], text={"en": "Which are you not?"})
    shown = translated(replace(asked, questions=(changed, *asked.questions[1:])), "cy")
    assert spoken(shown.questions[0].text, "cy") == ("Which are you not?", "en")
    assert untranslated(shown, "cy") == ("Which are you not?",)


def test_own_words_come_before_those_of_the_bank() -> None:
    """An instrument that brings its own Welsh keeps it."""
    asked = _with_welsh({"en": "I don't know", "cy": "Does gen i ddim syniad"})
    assert translated(asked, "cy")["x"].options[0].text["cy"] == "Does gen i ddim syniad"


def _with_welsh(text: dict[str, str]) -> Instrument:
    scale = {"id": "s", "options": [{"id": "dont-know", "text": text}]}
    question = {"id": "x", "kind": "single", "text": "What?", "scale": "s"}
    table = {"schema": "surefoot/instrument/1", "name": "own", "title": "Own", "languages": ["en", "cy"]}
    return instrument_from_table({**table, "scale": [scale], "question": [question]}, "own.toml")


def test_nobody_signed_the_bank_yet() -> None:
    """As long as one of the files names nobody, the language counts as not reviewed; English has no translation."""
    assert not bank_translation("cy").reviewed
    assert bank_translation("en").reviewed

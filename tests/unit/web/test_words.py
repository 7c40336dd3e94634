"""Every text of the answering pages is in the catalogue, and nothing in the catalogue is idle."""

import re
import tomllib
from pathlib import Path

import pytest
from jinja2 import nodes

import surefoot.web
from surefoot.web.catalogue import _table, catalogue, languages, reviewed_by, say, unreviewed
from surefoot.web.pages import environment

FOLDER = Path(surefoot.web.__file__).parent
CODE = [FOLDER / name for name in ("answer.py", "asked.py", "sheet.py", "views/paper.py")]
# Keys that are put together: titles and leads of messages, and what is missing in a question of a kind.
BUILT = {
    f"{key}-{part}"
    for key in ("sent", "closed", "unknown", "missing", "lost", "forged", "hurry", "full")
    for part in ("title", "lead")
}
BUILT |= {f"nothing-{kind}" for kind in ("single", "multi", "ranked", "number", "text", "typed")}
BUILT |= {f"paper-{part}" for part in ("names", "typed", "sealed")}


def used() -> set[str]:
    """Keys that templates and code name."""
    text = "\n".join(path.read_text() for path in (FOLDER / "templates").rglob("*.html"))
    code = "\n".join(path.read_text() for path in CODE)
    return (
        set(re.findall(r'say\(\s*"([a-z0-9-]+)"', text + code)) | set(re.findall(r'_Wrong\("([a-z-]+)"', code)) | BUILT
    )


def test_every_key_exists_and_is_used() -> None:
    """No page can fail for a text that is missing, and no translator works for nothing."""
    keys = set(catalogue("en"))
    resumed = {"resume", "start", "too-fine", "not-whole", "comment-speak"}  # named inside of a condition
    assert used() - keys == set()
    assert keys - used() - resumed - {"months"} == set()


def test_unknown_key_is_a_bug() -> None:
    """It fails at once, not on a respondent's screen in another language."""
    with pytest.raises(KeyError):
        say("no-such-text")


def test_untranslated_language_is_english() -> None:
    """A language without a file of its own is shown in English."""
    assert catalogue("xx") == catalogue("en")


def test_catalogue_says_who_reviewed_it() -> None:
    """Each language names who reviewed it; a translation that nobody did leaves that empty."""
    for file in (FOLDER / "words").glob("*.toml"):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        assert set(table) == {"language", "name", "reviewed_by", "unreviewed", "words"}, file.name
        assert table["language"] == file.stem


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_translation_is_complete(language: str) -> None:
    """Every text has a translation with the same gaps, and none is left in English by mistake."""
    english, own = catalogue("en"), _table(language)["words"]
    assert own.keys() == english.keys()
    for key, text in english.items():
        assert sorted(re.findall(r"\{\w+\}", own[key])) == sorted(re.findall(r"\{\w+\}", text)), key
    if language == "cy":
        assert not [key for key, text in english.items() if own[key] == text]
        assert len(own["months"].split()) == 12


@pytest.mark.parametrize("language", [code for code in languages() if code != "en"])
def test_mistakes_name_the_button_as_it_is_called(language: str) -> None:
    """What a message tells people to choose stands on the button in the same words."""
    own = catalogue(language)
    for kind in ("single", "multi", "ranked", "number", "text"):
        assert f"“{own['pass']}”" in own[f"nothing-{kind}"]


def test_nobody_is_named_who_reviewed_nothing() -> None:
    """A translation that no named person checked says so in its own words; Welsh in English, too."""
    for language in languages():
        if not reviewed_by(language):
            assert language in unreviewed(language)
    assert set(unreviewed("cy")) == {"cy", "en"}


def test_no_text_stands_in_an_answering_template() -> None:
    """Templates of the answering pages hold no words of their own, so that a translation is complete."""
    for path in (FOLDER / "templates" / "answering").glob("*.html"):
        plain = environment().parse(path.read_text()).find_all(nodes.TemplateData)
        text = re.sub(r"<[^>]*>", " ", re.sub(r"<[^>]*$|^[^<]*>", " ", " ".join(part.data for part in plain)))
        assert not re.findall(r"[A-Za-z]{2,}", text), path.name

"""Every text of the answering pages is in the catalogue, and nothing in the catalogue is idle."""

import re
import tomllib
from pathlib import Path

import pytest
from jinja2 import nodes

import surefoot.web
from surefoot.web.catalogue import catalogue, say
from surefoot.web.pages import environment

FOLDER = Path(surefoot.web.__file__).parent
# Keys that are put together: titles and leads of messages, and what is missing in a question of a kind.
BUILT = {
    f"{key}-{part}" for key in ("sent", "closed", "unknown", "missing", "lost", "forged") for part in ("title", "lead")
}
BUILT |= {f"nothing-{kind}" for kind in ("single", "multi", "ranked", "number", "text")}


def used() -> set[str]:
    """Keys that templates and code name."""
    text = "\n".join(path.read_text() for path in (FOLDER / "templates").rglob("*.html"))
    code = "\n".join(path.read_text() for path in (FOLDER / "answer.py", FOLDER / "asked.py"))
    return (
        set(re.findall(r'say\(\s*"([a-z0-9-]+)"', text + code)) | set(re.findall(r'_Wrong\("([a-z-]+)"', code)) | BUILT
    )


def test_every_key_exists_and_is_used() -> None:
    """No page can fail for a text that is missing, and no translator works for nothing."""
    keys = set(catalogue("en"))
    resumed = {"resume", "start", "too-fine", "not-whole"}  # named inside of a condition
    assert used() - keys == set()
    assert keys - used() - resumed == set()


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
        assert set(table) == {"language", "name", "reviewed_by", "words"}, file.name
        assert table["language"] == file.stem


def test_no_text_stands_in_an_answering_template() -> None:
    """Templates of the answering pages hold no words of their own, so that a translation is complete."""
    for path in (FOLDER / "templates" / "answering").glob("*.html"):
        plain = environment().parse(path.read_text()).find_all(nodes.TemplateData)
        text = re.sub(r"<[^>]*>", " ", re.sub(r"<[^>]*$|^[^<]*>", " ", " ".join(part.data for part in plain)))
        assert not re.findall(r"[A-Za-z]{2,}", text), path.name

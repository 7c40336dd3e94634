"""Every text of the answering pages, in one file a language: `words/en.toml` and its translations."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

DEFAULT = "en"


@lru_cache(maxsize=16)
def catalogue(language: str) -> Mapping[str, str]:
    """All texts in a language by their key; those that are not translated yet are English."""
    english = _words(DEFAULT)
    return english if language == DEFAULT else {**english, **_words(language)}


def _words(language: str) -> Mapping[str, str]:
    file = resources.files("surefoot.web") / "words" / f"{language}.toml"
    if not file.is_file():
        return {}
    found: dict[str, str] = tomllib.loads(file.read_text(encoding="utf-8"))["words"]
    return found


def say(key: str, language: str = DEFAULT, **values: Any) -> str:
    """A text in a language, its gaps filled. A key that does not exist is a bug, and raises KeyError.

    >>> say("question-of", place=3, total=9)
    'Question 3 of about 9'
    """
    text = catalogue(language)[key]
    return text.format(**values) if values else text

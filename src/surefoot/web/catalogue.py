"""Every text of the answering pages, in one file a language: `words/en.toml` and its translations."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

DEFAULT = "en"


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages that the pages are in: English first, then others, then wordings such as Easy Read."""
    files = (entry.name for entry in (resources.files("surefoot.web") / "words").iterdir())
    codes = (name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    return tuple(sorted(codes, key=lambda code: (code != DEFAULT, "-x-" in code, code)))


@lru_cache(maxsize=16)
def _table(language: str) -> Mapping[str, Any]:
    return tomllib.loads((resources.files("surefoot.web") / "words" / f"{language}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=16)
def catalogue(language: str) -> Mapping[str, str]:
    """All texts in a language by their key; those that are not translated yet are English."""
    english: Mapping[str, str] = _table(DEFAULT)["words"]
    return {**english, **_table(language)["words"]} if language in languages() else english


def language_name(language: str) -> str:
    """A language as its speakers call it."""
    return str(_table(language)["name"])


def reviewed_by(language: str) -> str:
    """Who has checked every line of a language; "" where nobody did."""
    return str(_table(language)["reviewed_by"])


def unreviewed(language: str) -> Mapping[str, str]:
    """How pages say that nobody did, by the language in which they say it."""
    found: Mapping[str, str] = _table(language)["unreviewed"]
    return found


def say(key: str, language: str = DEFAULT, **values: Any) -> str:
    """A text in a language, its gaps filled. A key that does not exist is a bug, and raises KeyError.

    >>> say("question-of", place=3, total=9)
    'Question 3 of about 9'
    """
    text = catalogue(language)[key]
    return text.format(**values) if values else text


def day(when: date, language: str = DEFAULT) -> str:
    """A date as people write it.

    >>> day(date(2026, 11, 5)), day(date(2026, 11, 5), "cy")
    ('5 November 2026', '5 Tachwedd 2026')
    """
    return f"{when.day} {say('months', language).split()[when.month - 1]} {when.year}"

"""The lists of words that themes lean on, from the bank: names, places, titles, and words that tell of harm."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any


def bank(name: str) -> dict[str, Any]:
    """One file of the bank's words, as a table."""
    return tomllib.loads((resources.files("surefoot") / "bank" / "words" / f"{name}.toml").read_text("utf-8"))


@cache
def names() -> frozenset[str]:
    """Given names, in small letters, that are no everyday words."""
    return frozenset(str(bank("names")["names"]).split())


@cache
def also_words() -> frozenset[str]:
    """Given names, in small letters, that are everyday words too."""
    return frozenset(str(bank("names")["also_words"]).split())


@cache
def entries(file: str, key: str) -> tuple[str, ...]:
    """A list whose entries are parted by semicolons, the longest first, so that a pattern takes the longest."""
    found = {" ".join(entry.split()) for entry in str(bank(file)[key]).split(";")}
    return tuple(sorted(found - {""}, key=lambda entry: (-len(entry), entry)))


@cache
def listed(key: str) -> frozenset[str]:
    """A list of single words that take part in redaction."""
    return frozenset(str(bank("redaction")[key]).split())


def either(words: Iterable[str]) -> str:
    """A pattern for any of some words, white space inside them of any kind."""
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in words) + ")"

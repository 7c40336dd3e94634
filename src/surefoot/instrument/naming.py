"""Wordings of other tools made ours: without their tags, and as ids of questions and options."""

from __future__ import annotations

import html
import re
import unicodedata

_NOT_SLUG = re.compile("[^a-z0-9]+")
_TAGS = re.compile("<[^<>]{1,200}>")


def without_tags(text: str) -> str:
    """A wording without HTML tags, in one line."""
    return " ".join(html.unescape(_TAGS.sub(" ", text)).split())


def slug(text: str, fallback: str = "x", longest: int = 40) -> str:
    """A kebab-case name made from a wording.

    >>> slug("Very good!"), slug("11+")
    ('very-good', '11-plus')
    """
    spelled = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    spelled = spelled.replace("+", " plus ").replace("&", " and ").replace("'", "")
    name = _NOT_SLUG.sub("-", spelled).strip("-")
    return name[:longest].rstrip("-") or fallback


def distinct_slug(text: str, taken: set[str], fallback: str = "x") -> str:
    """A slug that is not taken yet; it is added to `taken`."""
    base = slug(text, fallback)
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    taken.add(name)
    return name

"""How the report writes numbers and shortens wording: whole percents, signs, intervals, lines that fit."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from surefoot.interval import round_half_away

PERCENT, POINTS, PLAIN = "%", "points", ""
"""Units of numbers: a share, a difference of two shares, and a number of its own kind."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MINUS = "\u2212"


def clean(text: str) -> str:
    """Text without the characters that no page may hold.

    >>> clean("a\\x00b")
    'ab'
    """
    return text if text.isprintable() else _CONTROL.sub("", text)


@lru_cache(maxsize=4096)
def whole(share: float) -> int:
    """A share as a whole percent, rounded half away from zero.

    >>> whole(0.345), whole(-0.005)
    (35, -1)
    """
    return int(round_half_away(share * 100))


@lru_cache(maxsize=4096)
def number(value: float, unit: str = PERCENT) -> str:
    """A value in its unit, as a reader sees it, without the sign for per cent.

    >>> number(0.34), number(0.34, "points"), number(2.5, "")
    ('34', '+34', '2.5')
    """
    if unit == PERCENT:
        return f"{whole(value)}"
    if unit == POINTS:
        points = whole(value)
        return f"+{points}" if points > 0 else f"{_MINUS}{-points}" if points < 0 else "0"
    return f"{float(round_half_away(value, 2)):g}".replace("-", _MINUS)


def signed_unit(value: float, unit: str = PERCENT) -> str:
    """A value in its unit, with the sign for per cent where it is a share.

    >>> signed_unit(0.34), signed_unit(0.34, "points")
    ('34%', '+34')
    """
    return number(value, unit) + (unit if unit == PERCENT else "")


def measured(value: float | None, low: float | None, high: float | None, unit: str = PERCENT) -> str:
    """A value with its interval, the one way in which the report writes both.

    >>> measured(0.34, 0.29, 0.4), measured(-0.05, -0.1, 0.01, "points")
    ('34% (29 to 40)', '−5 (−10 to +1)')
    """
    if value is None:
        return "not shown"
    shown = signed_unit(value, unit)
    if low is None or high is None:
        return shown
    return f"{shown} ({number(low, unit)} to {number(high, unit)})"


def lines(text: str, width: int = 40) -> tuple[str, ...]:
    """Text in lines of at most `width` characters; a longer word is broken.

    >>> lines("Notes of meetings", 10)
    ('Notes of', 'meetings')
    """
    return tuple(textwrap.wrap(text, max(6, width))) or ("",)


def short(texts: Sequence[str]) -> tuple[str, ...]:
    """Statements without the words that all of them share at the start and the end.

    >>> short(["How do you feel about AI in your own work?", "How do you feel about AI in the country?"])
    ('Your own work', 'The country')
    """
    start, end, parts = _common(texts)
    kept = [" ".join(part[start : len(part) - end]).rstrip("?. ") for part in parts]
    if start + end < 3 or not all(kept):
        return tuple(texts)
    return tuple(text[0].upper() + text[1:] for text in kept)


def pattern(texts: Sequence[str]) -> str:
    """What all of several wordings share, with dots where they differ; empty where that is next to nothing.

    >>> pattern(["Is the pen allowed here?", "Is the ink allowed here?"])
    'Is the … allowed here?'
    """
    start, end, parts = _common(texts)
    if start + end < 3:
        return ""
    return " ".join([*parts[0][:start], "…", *parts[0][len(parts[0]) - end :]])


def _common(texts: Sequence[str]) -> tuple[int, int, list[list[str]]]:
    """How many words all texts begin with, how many they end with, and their words."""
    parts = [text.split() for text in texts]
    if len(set(texts)) < 2:
        return 0, 0, parts
    start = _shared(parts)
    return start, _shared([part[start:][::-1] for part in parts]), parts


def _shared(parts: Sequence[list[str]]) -> int:
    """How many words all of them begin with."""
    alike = (len(set(words)) == 1 for words in zip(*parts, strict=False))
    return sum(1 for _ in takewhile(bool, alike))


def capital(text: str) -> str:
    """Words that begin with a capital letter; a name of a column stays as it is.

    >>> capital("use of AI"), capital("q01a_gender_cat")
    ('Use of AI', 'q01a_gender_cat')
    """
    first = text.partition(" ")[0]
    named = "_" in first or bool(re.search(r"[a-z][0-9]", first))
    return text if named else text[:1].upper() + text[1:]


def joined(names: Sequence[str]) -> str:
    """Names as a list in words.

    >>> joined(["A", "B", "C"])
    'A, B and C'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def thousands(count: int | None) -> str:
    """A count with commas, or a dash where it is not known.

    >>> thousands(1200), thousands(None)
    ('1,200', 'not known')
    """
    return "not known" if count is None else f"{count:,}"

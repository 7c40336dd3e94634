"""Comments that no person wrote: sentences put together from phrases, with the themes that each is about known.

They are for the demo and for measuring methods. Real comments vary more, so what is measured on these is a best case.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Comment:
    """A comment and the ids of the themes that it was written about; none for small talk."""

    text: str
    themes: tuple[str, ...]


@cache
def phrases() -> Mapping[str, object]:
    """The phrases that comments are put together from: themes with sentences, blanks with what fills them."""
    return tomllib.loads((resources.files("surefoot") / "bank" / "words" / "comments.toml").read_text("utf-8"))


def theme_ids() -> tuple[str, ...]:
    """The ids of the themes that comments can be about."""
    return tuple(_lists("theme"))


def write_comments(
    rng: np.random.Generator,
    number: int,
    *,
    two: float = 0.15,
    nothing: float = 0.08,
    slips: float = 0.15,
    plain: float = 0.75,
    weights: Sequence[float] | None = None,
) -> list[Comment]:
    """Some comments, each about one theme, two, or none. weights: how often each theme is written about.

    two, nothing: shares of comments about two themes and about none. slips: share with a typing error or all in small
    letters. plain: share of remarks that use a word of their theme; the others are paraphrases that share few words.
    """
    themes = theme_ids()
    chances = np.asarray(weights or [1.0] * len(themes), dtype=np.float64)
    chances /= chances.sum()
    made = []
    for draw in rng.random(number):
        about = () if draw < nothing else rng.choice(len(themes), 1 + (draw > 1 - two), replace=False, p=chances)
        names = tuple(themes[place] for place in about)
        said = [_remark(rng, name, plain) for name in names] or [_sentence(rng, _lists("talk")["any"])]
        text = " ".join(said)
        made.append(Comment(_slip(rng, text) if rng.random() < slips else text, names))
    return made


def _lists(kind: str) -> dict[str, list[str]]:
    found = phrases()[kind]
    return {str(k): list(v) for k, v in found.items()} if isinstance(found, Mapping) else {}


def _remark(rng: np.random.Generator, theme: str, plain: float) -> str:
    """One or two sentences on a theme."""
    said = [_sentence(rng, _lists("key")[theme])] if rng.random() < plain else []
    if not said or rng.random() < 0.5:
        said.append(_sentence(rng, _lists("theme")[theme]))
    return " ".join(said)


def _sentence(rng: np.random.Generator, sentences: Sequence[str]) -> str:
    blanks = _lists("blank")
    text = str(rng.choice(sentences))
    while BLANK.search(text):
        text = BLANK.sub(lambda match: str(rng.choice(blanks[match[1]])), text)
    opening = "" if text.endswith("?") else str(rng.choice(blanks["opening"]))
    text = (
        opening + (text[:1].lower() if opening and not text.startswith(("I ", "AI ", "IT ")) else text[:1]) + text[1:]
    )
    return text[:1].upper() + text[1:]


def _slip(rng: np.random.Generator, text: str) -> str:
    """All in small letters without the last full stop, or two letters the wrong way round."""
    if rng.random() < 0.5 or len(text) < 12:
        return text.lower().rstrip(".")
    at = int(rng.integers(4, len(text) - 2))
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

"""Known scales: the order of answers that a file does not carry, told from their wording."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from surefoot.instrument import Text
from surefoot.readers.wording import plain

OFF_SCALE = re.compile(
    r"(don't|do not|dont) (know|have|want|wish)|not sure|unsure|prefer not|rather not|not applicable|^n ?a$|no opinion"
    r"|have not use|haven't use|never used|can't say|cannot say|other$|^other|unfamiliar|not relevant|^none of"
    r"|weiss (es )?nicht|keine (angabe|ahnung|meinung)|nicht beantworten|kann ich nicht (sagen|beurteilen)"
    r"|ne sai[st] pas|sans opinion|sans avis|préfère ne pas|préfère pas|non concerné|sans objet"
    r"|no (lo )?sé|no sabe|prefiero no|no aplica|no contesta|sin opinión"
    r"|weet (ik )?(het )?niet|geen mening|zeg ik liever niet|wil ik niet zeggen|niet van toepassing|n\.?v\.?t"
    r"|não sei|não sabe|prefiro não|não se aplica|sem opinião"
    r"|non (lo )?so\b|non sa\b|preferisco non|non applicabile|nessuna opinione"
    r"|ddim yn gwybod|gwell gen i beidio|dim barn|amherthnasol|ddim yn berthnasol"
)
POLES = (
    ("disagree", "agree"),
    ("dissatisfied", "satisfied"),
    ("unlikely", "likely"),
    ("uncomfortable", "comfortable"),
    ("unacceptable", "acceptable"),
    ("unimportant", "important"),
    ("pessimistic", "optimistic"),
    ("negative", "positive"),
    ("unconfident", "confident"),
    ("unfavorably", "favorably"),
    ("unfavourably", "favourably"),
    ("unfavourable", "favourable"),
    ("worried", "hopeful"),
    ("poor", "good"),
    ("bad", "good"),
    ("difficult", "easy"),
)
STRENGTH = {
    "extremely": 5.0,
    "strongly": 4.5,
    "definitely": 4.5,
    "fully": 4.5,
    "completely": 4.5,
    "totally": 4.5,
    "very": 4.0,
    "": 3.0,
    "mostly": 2.6,
    "generally": 2.6,
    "fairly": 2.5,
    "quite": 2.4,
    "moderately": 2.3,
    "rather": 2.2,
    "somewhat": 2.0,
    "tend to": 2.0,
    "partly": 1.5,
    "slightly": 1.0,
    "a little": 1.0,
    "not very": 0.5,
    "not so": 0.4,
    "not at all": 0.0,
}
FEWEST = 2
"""How many answers may be a scale at all; so few must be on two sides of one."""
MIDDLE = re.compile(r"^(neutral|neither\b.*|undecided|no difference|about equal|equally .*)$")
_FIRST_NUMBER = re.compile(
    r"^(?:(?:less|more|fewer|below|under|over|above|up|than|to|<|>|about)\s*)*[$£€]?\s*(\d+(?:[.,]\d+)*)"
)
_LESS = re.compile(r"^(less than|below|under|fewer than|up to|<)")
_MORE = re.compile(r"^(more than|above|over|>)|\+|(or|and) (more|above|over)")


@dataclass(frozen=True)
class Order:
    """An order of answers: its name in the library, texts from low to high with their position, and then those off it.

    two_sided: positions are negative and positive; poles: the wordings of the two ends.
    """

    name: str
    placed: tuple[tuple[str, int], ...]
    off: tuple[str, ...]
    two_sided: bool = False

    @property
    def poles(self) -> tuple[str, str] | None:
        """The wordings of the two ends, where the scale has sides."""
        return (self.placed[0][0], self.placed[-1][0]) if self.two_sided else None


def pole_texts(order: Order) -> tuple[Text, Text] | None:
    """The two ends of an order as a scale's poles, None where it has no sides."""
    return ({"en": order.poles[0]}, {"en": order.poles[1]}) if order.poles else None


def known_order(texts: Sequence[str]) -> Order | None:
    """The order of some answers where their wording tells it, else None. At most two answers may stand beside it."""
    off = [text for text in texts if OFF_SCALE.search(plain(text))]
    scale = [text for text in texts if text not in off]
    if len(scale) == FEWEST:
        order = _two_poles(scale, off) or _ladder(scale, off)
        return order if order and order.two_sided and order.placed[0][1] < 0 < order.placed[-1][1] else None
    if len(scale) < FEWEST:
        return None
    return _two_poles(scale, off) or _ladder(scale, off) or _one_pole(scale, off) or _numbers(scale, off)


def _two_poles(texts: list[str], off: list[str]) -> Order | None:
    for low, high in POLES:
        scores: dict[str, float] = {}
        for text in texts:
            score = _side(plain(text), low, high)
            if score is not None:
                scores[text] = score
        sides = {score > 0 for score in scores.values() if score}
        if len(scores) == len(texts) and len(sides) == 2:
            return _sided(f"{low} to {high}", scores, off)
    return None


def _side(text: str, low: str, high: str) -> float | None:
    if MIDDLE.match(text):
        return 0.0
    for sign, pole in ((-1, low), (1, high)):
        for rest in (text.removesuffix(pole).strip(), text.removeprefix(pole).strip()):
            if rest != text and rest in STRENGTH:
                return sign * (STRENGTH[rest] + 0.01)
    return None


def _sided(name: str, scores: dict[str, float], off: list[str]) -> Order | None:
    ordered = sorted(scores, key=lambda text: scores[text])
    if len(set(scores.values())) < len(scores):
        return None
    below = sum(score < 0 for score in scores.values())
    middle = any(score == 0 for score in scores.values())
    positions = [index - below + (0 if middle or index < below else 1) for index in range(len(ordered))]
    return Order(name, tuple(zip(ordered, positions, strict=True)), tuple(off), two_sided=True)


def _one_pole(texts: list[str], off: list[str]) -> Order | None:
    scores: dict[str, float] = {}
    remainders: dict[str, int] = {}
    for text in texts:
        words = plain(text)
        modifier = next((m for m in sorted(STRENGTH, key=len, reverse=True) if m and words.startswith(f"{m} ")), "")
        scores[text] = STRENGTH[modifier]
        remainder = words.removeprefix(modifier).strip()
        remainders[remainder] = remainders.get(remainder, 0) + 1
    same = len(remainders) == 1 and len(set(scores.values())) == len(scores)
    return _from_scores("how strongly", scores, off) if same else None


@dataclass(frozen=True)
class _Ladder:
    """A scale of the library: the place of each wording, from low to high, and of its middle where it has sides."""

    name: str
    places: Mapping[str, int]
    middle: int | None = None


@cache
def _library() -> tuple[_Ladder, ...]:
    found = resources.files("surefoot") / "bank" / "scales.toml"
    return tuple(_ladder_of(entry) for entry in tomllib.loads(found.read_text(encoding="utf-8"))["scale"])


def _ladder_of(entry: Mapping[str, Any]) -> _Ladder:
    rungs = enumerate(entry["options"])
    places = {plain(wording): place for place, wordings in rungs for wording in wordings.split(" | ")}
    name = entry["name"] if entry["language"] == "en" else f"{entry['name']} ({entry['language']})"
    return _Ladder(name, places, places[plain(entry["middle"])] if "middle" in entry else None)


def _ladder(texts: list[str], off: list[str]) -> Order | None:
    wordings = [plain(text) for text in texts]
    for ladder in _library():
        if not all(wording in ladder.places for wording in wordings):
            continue
        scores = {text: float(ladder.places[wording]) for text, wording in zip(texts, wordings, strict=True)}
        if len(set(scores.values())) < len(scores):
            continue
        if ladder.middle is not None:
            return _sided(ladder.name, {text: score - ladder.middle for text, score in scores.items()}, off)
        return _from_scores(ladder.name, scores, off)
    return None


def _numbers(texts: list[str], off: list[str]) -> Order | None:
    """Bands such as 1-5, 6-10, 11+ in the order of their first number."""
    scores: dict[str, float] = {}
    for text in texts:
        found = _FIRST_NUMBER.match(plain(text))
        if not found:
            return None
        shift = -0.5 if _LESS.search(plain(text)) else 0.5 if _MORE.search(plain(text)) else 0.0
        scores[text] = float(found.group(1).replace(",", "")) + shift
    return _from_scores("bands of numbers", scores, off) if len(set(scores.values())) >= 2 else None


def _from_scores(name: str, scores: dict[str, float], off: list[str]) -> Order:
    ordered = sorted(scores, key=lambda text: scores[text])
    return Order(name, tuple((text, index + 1) for index, text in enumerate(ordered)), tuple(off))

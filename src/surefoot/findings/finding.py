"""What a finding is: a sentence in parts, the figures it rests on, and what exactly it claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from surefoot.evidence import content_id
from surefoot.interval import round_half_away
from surefoot.release import Figure, Policy, shown

SCHEMA = "surefoot/finding/1"


@dataclass(frozen=True)
class Claim:
    """What a sentence claims, so that it can be held against the truth where the truth is known.

    kind: share-above (of all staff), share-near (the share is within 5 points of 1/k, and no other 1/k up to 5 is
    nearer), median (the position, or one up to `limit`), net-sign (of all), net-every (in each of the groups),
    net-at-least, lower (the first group's net or share is below the second's, by cause and not by chance), change (the
    net or share of all is higher, or lower, than in the wave before) or first (the option, or one of several joined by
    "+", leads every other). bound: the share, 1/k, position, +1 or -1.
    """

    kind: str
    question: str
    selector: str = ""
    bound: float = 0.0
    groups: tuple[str, ...] = ()
    limit: float = 0.0


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; figure: the id of the figure that a number in it comes from."""

    text: str
    figure: str | None = None


@dataclass(frozen=True)
class Finding:
    """One sentence about one question, from one rule.

    fired: whether the rule's words are justified; else the sentence says what stands instead, which may claim something
    too. rationale: why the rule decided so, in the words of the method. told: False where another finding's sentence
    says it already. caveat: what a reader must know beside it, such as that silent staff could reverse it.
    """

    rule: str
    question: str
    theme: str
    fired: bool
    parts: tuple[Part, ...]
    figures: tuple[str, ...]
    rationale: str
    claims: tuple[Claim, ...] = ()
    told: bool = True
    certain: bool = True
    caveat: str = ""
    subject: str = ""

    @cached_property
    def id(self) -> str:
        """The name of what was asked by which rule; it never depends on the answers."""
        return content_id("finding", {"rule": self.rule, "question": self.question, "subject": self.subject})

    @property
    def sentence(self) -> str:
        """The words, as one text."""
        return "".join(part.text for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """The finding as a plain object."""
        return {
            "id": self.id,
            "rule": self.rule,
            "question": self.question,
            "theme": self.theme,
            "fired": self.fired,
            "told": self.told,
            "certain": self.certain,
            "sentence": self.sentence,
            "caveat": self.caveat,
            "parts": [{"text": part.text, "figure": part.figure} for part in self.parts],
            "figures": list(self.figures),
            "rationale": self.rationale,
            "subject": self.subject,
        }

    @classmethod
    def from_json(cls, table: dict[str, Any]) -> Finding:
        """A finding as it was written; its claims stay behind."""
        names = ("rule", "question", "theme", "fired", "rationale", "told", "certain", "caveat", "subject")
        parts = tuple(Part(part["text"], part["figure"]) for part in table["parts"])
        return cls(parts=parts, figures=tuple(table["figures"]), **{name: table[name] for name in names})


@dataclass
class Sentence:
    """Builds the parts of a sentence: words, and numbers as they are shown, which remember their figure."""

    policy: Policy
    parts: list[Part] = field(default_factory=list)

    def say(self, text: str) -> Sentence:
        """Add words."""
        self.parts.append(Part(text))
        return self

    def share(self, figure: Figure) -> Sentence:
        """Add a share with its interval: "20% (18 to 22)"; where everybody answered there is none."""
        value, low, high = self._points(figure)
        self.parts.append(Part(f"{value}%" if low == high else f"{value}% ({low} to {high})", figure.id))
        return self

    def lead(self, figure: Figure) -> Sentence:
        """Add how far one side leads the other, whichever leads: "36 points (33 to 39)"."""
        value, low, high = self._points(figure)
        value, low, high = (value, low, high) if value >= 0 else (-value, -high, -low)
        self.parts.append(Part(_range(counted(value, "point"), low, high), figure.id))
        return self

    def net(self, figure: Figure) -> Sentence:
        """Add a net with its sign: "+1 point (−2 to +4)"."""
        value, low, high = self._points(figure)
        number = f"{signed(value)} {'point' if abs(value) == 1 else 'points'}"
        self.parts.append(
            Part(f"{number}" if low == high else f"{number} ({signed(low)} to {signed(high)})", figure.id)
        )
        return self

    def _points(self, figure: Figure) -> tuple[int, int, int]:
        seen = shown(figure, self.policy)
        return seen.percent or 0, seen.percent_low or 0, seen.percent_high or 0

    @property
    def figures(self) -> tuple[str, ...]:
        """Ids of the figures in it, once each."""
        return tuple(dict.fromkeys(part.figure for part in self.parts if part.figure))


def _range(number: str, low: int, high: int) -> str:
    if low == high:
        return number
    return f"{number} ({low} to {high})" if low >= 0 else f"{number} ({signed(low)} to {signed(high)})"


def percent(value: float | None) -> int:
    """A share as a whole percentage, rounded half away from zero."""
    return int(round_half_away((value or 0.0) * 100))


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "point"), counted(12, "point")
    ('1 point', '12 points')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def signed(points: int) -> str:
    """Whole points with their sign, with a real minus sign.

    >>> signed(28), signed(-5), signed(0)
    ('+28', '−5', '0')
    """
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def listed(names: Sequence[str]) -> str:
    """Names as a list in words.

    >>> listed(["A", "B", "C"])
    'A, B and C'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"

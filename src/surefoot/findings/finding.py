"""What a finding is: a sentence in parts, the figures it rests on, and what exactly it claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from surefoot.evidence import content_id
from surefoot.interval import round_half_away
from surefoot.release import Figure

SCHEMA = "surefoot/finding/1"


@dataclass(frozen=True)
class Claim:
    """What a sentence claims, so that it can be held against the truth where the truth is known.

    kind: share-above (of all staff), share-near (the share rounds to one in k), median (the position), net-sign (of
    all), net-every (in each of the groups), net-at-least, lower (the first group's net or share is below the second's,
    by cause and not by chance) or first (the option leads every other). bound: the share, 1/k, position, +1 or -1.
    """

    kind: str
    question: str
    selector: str = ""
    bound: float = 0.0
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; figure: the id of the figure that a number in it comes from."""

    text: str
    figure: str | None = None


@dataclass(frozen=True)
class Finding:
    """One sentence about one question, from one rule.

    fired: whether the rule's words are justified; else the sentence says what stands instead. rationale: why the rule
    decided so, in the words of the method. told: False where another finding's sentence says it already. caveat: what
    a reader must know beside it, such as that silent staff could reverse it.
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
        names = ("rule", "question", "theme", "fired", "rationale", "told", "caveat", "subject")
        parts = tuple(Part(part["text"], part["figure"]) for part in table["parts"])
        return cls(parts=parts, figures=tuple(table["figures"]), **{name: table[name] for name in names})


@dataclass
class Sentence:
    """Builds the parts of a sentence: words, and numbers that remember their figure."""

    parts: list[Part] = field(default_factory=list)

    def say(self, text: str) -> Sentence:
        """Add words."""
        self.parts.append(Part(text))
        return self

    def share(self, figure: Figure) -> Sentence:
        """Add a share with its interval: "20% (18 to 22)"."""
        self.parts.append(Part(share_words(figure), figure.id))
        return self

    def bare(self, figure: Figure) -> Sentence:
        """Add a share without its interval."""
        self.parts.append(Part(f"{percent(figure.value)}%", figure.id))
        return self

    def net(self, figure: Figure) -> Sentence:
        """Add a net with its interval: "+58 points (55 to 61)"."""
        words = f"{signed(figure.value)} points ({signed(figure.low)} to {signed(figure.high)})"
        self.parts.append(Part(words, figure.id))
        return self

    @property
    def figures(self) -> tuple[str, ...]:
        """Ids of the figures in it, once each."""
        return tuple(dict.fromkeys(part.figure for part in self.parts if part.figure))


def percent(value: float | None) -> int:
    """A share as a whole percentage, rounded half away from zero."""
    return int(round_half_away((value or 0.0) * 100))


def signed(value: float | None) -> str:
    """A net in whole points with its sign, with a real minus sign.

    >>> signed(0.275), signed(-0.05), signed(0.001)
    ('+28', '−5', '0')
    """
    points = percent(value)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def share_words(figure: Figure) -> str:
    """A share with its interval in words; where everybody answered there is none."""
    if figure.low == figure.high:
        return f"{percent(figure.value)}%"
    return f"{percent(figure.value)}% ({percent(figure.low)} to {percent(figure.high)})"


def listed(names: Sequence[str]) -> str:
    """Names as a list in words.

    >>> listed(["A", "B", "C"])
    'A, B and C'
    """
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"

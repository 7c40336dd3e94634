"""What the staff of the demo think, by design: shares of answers that are known, for the demo and four tests of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Shares = Mapping[str, float]

ROLES = {
    "primary-care": {
        "nursing-and-midwifery": 0.19,
        "medical-and-dental": 0.20,
        "administration-and-corporate": 0.42,
        "care-and-support": 0.19,
    },
    "adult-social-care": {
        "care-and-support": 0.72,
        "social-work": 0.07,
        "administration-and-corporate": 0.10,
        "management": 0.11,
    },
    "community-health": {
        "nursing-and-midwifery": 0.40,
        "allied-health": 0.24,
        "care-and-support": 0.16,
        "administration-and-corporate": 0.14,
        "management": 0.06,
    },
}
PROVIDERS = (
    ("harbour-street", "Harbour Street Surgery", "primary-care", 64, 0.70),
    ("millfield", "Millfield Family Practice", "primary-care", 118, 0.64),
    ("oakfield", "Oakfield Care Homes", "adult-social-care", 420, 0.55),
    ("rowan", "Rowan Home Support", "adult-social-care", 640, 0.58),
    ("tidewater", "Tidewater Community Health", "community-health", 880, 0.66),
)
"""Id, name, service type, staff and response rate of each provider."""


@dataclass(frozen=True)
class Truth:
    """What staff think, as shares of answers: by question id, or by (question id, organisation id) where one differs.

    response: the response rate of each organisation where it is not that of PROVIDERS. skipped: share of answers left
    empty by people who took part. exact: the staff of each organisation have exactly these shares, as whole people
    allow; else each answer is drawn by chance, and the staff differ a little from the shares.
    """

    name: str
    shares: Mapping[str | tuple[str, str], Shares]
    response: Mapping[str, float] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    skipped: float = 0.02
    exact: bool = False

    def of(self, question: str, organisation: str) -> Shares | None:
        """Shares of the answers to a question in an organisation; None where the truth says nothing about it."""
        return self.shares.get((question, organisation), self.shares.get(question))


def _balance(benefits: float, risks: float, unknown: float) -> Shares:
    equal = round(1 - benefits - risks - unknown, 10)
    return {
        "benefits-much-greater": benefits * 0.4,
        "benefits-somewhat-greater": benefits * 0.6,
        "about-equal": equal,
        "risks-somewhat-greater": risks * 0.6,
        "risks-much-greater": risks * 0.4,
        "dont-know-enough": unknown,
    }


def _outlook(optimistic: float, pessimistic: float, unknown: float = 0.1) -> Shares:
    return {
        "very-pessimistic": pessimistic * 0.35,
        "somewhat-pessimistic": pessimistic * 0.65,
        "neither": round(1 - optimistic - pessimistic - unknown, 10),
        "somewhat-optimistic": optimistic * 0.75,
        "very-optimistic": optimistic * 0.25,
        "dont-know": unknown,
    }


_USE: dict[str | tuple[str, str], Shares] = {
    "contact": {"daily": 0.62, "sometimes": 0.24, "rarely-or-never": 0.14},
    "how-often": {"most-days": 0.1, "most-weeks": 0.25, "most-months": 0.25, "less-often": 0.3, "not-any-more": 0.1},
    "where-used": {"for-work": 0.32, "other-work-or-study": 0.22, "outside-work": 0.82, "prefer-not-to-say": 0.02},
    "tools": {
        "chat-assistant": 0.66,
        "writing-help": 0.41,
        "note-taker": 0.12,
        "translation": 0.3,
        "search-answers": 0.47,
        "picture-maker": 0.17,
        "care-tool": 0.05,
        "other": 0.04,
        "dont-know": 0.03,
    },
    "provision": {
        "provided": 0.14,
        "allowed": 0.18,
        "not-allowed": 0.12,
        "no-rule": 0.27,
        "dont-know": 0.22,
        "not-for-work": 0.04,
        "prefer-not-to-say": 0.03,
    },
    "risks": {
        "wrong-answers": 0.52,
        "unfair": 0.24,
        "private-data": 0.55,
        "unexplained": 0.22,
        "less-human-contact": 0.58,
        "lost-jobs": 0.33,
        "lost-skills": 0.27,
        "wasted-money": 0.19,
        "other": 0.03,
        "none": 0.03,
    },
    "benefits": {
        "less-paperwork": 0.67,
        "time-with-people": 0.55,
        "quicker-answers": 0.31,
        "better-decisions": 0.2,
        "early-help": 0.4,
        "fairer-care": 0.09,
        "less-stress": 0.34,
        "saved-money": 0.17,
        "other": 0.03,
        "none": 0.05,
    },
    "needs": {
        "explains-itself": 0.42,
        "checked-by-a-person": 0.57,
        "shown-to-be-fair": 0.31,
        "shown-to-work": 0.4,
        "approved": 0.5,
        "private-data-safe": 0.55,
        "clear-rules": 0.48,
        "training": 0.6,
        "people-agree": 0.22,
        "other": 0.03,
        "already-do": 0.1,
        "nothing-needed": 0.02,
        "nothing-would": 0.05,
        "dont-know": 0.08,
    },
    "training": {
        "basics": 0.58,
        "hands-on": 0.46,
        "checking": 0.35,
        "rules": 0.41,
        "talking-with-people": 0.2,
        "choosing-and-leading": 0.09,
        "other": 0.02,
        "none": 0.12,
    },
    "age-band": {
        "under-25": 0.07,
        "25-to-34": 0.19,
        "35-to-44": 0.24,
        "45-to-54": 0.26,
        "55-to-64": 0.2,
        "65-and-over": 0.02,
        "prefer-not-to-say": 0.02,
    },
    "gender": {"woman": 0.76, "man": 0.2, "non-binary": 0.01, "another": 0.005, "prefer-not-to-say": 0.025},
    "disability": {"yes": 0.14, "no": 0.8, "prefer-not-to-say": 0.06},
    "ethnic-group": {
        "asian": 0.1,
        "black": 0.08,
        "mixed": 0.03,
        "white": 0.74,
        "other": 0.02,
        "prefer-not-to-say": 0.03,
    },
}
_AREAS = {
    "documents": 0.36,
    "meetings": 0.1,
    "rotas-and-bookings": 0.12,
    "finance-and-hr": 0.05,
    "guidance-for-staff": 0.07,
    "information-for-people": 0.04,
    "everyday-support": 0.02,
    "knowing-needs": 0.04,
    "early-warning": 0.06,
    "treatment": 0.02,
    "other": 0.02,
    "none": 0.03,
    "dont-know": 0.07,
}
_CAUTIOUS = _balance(0.2, 0.46, 0.26)
DESIGN = Truth(
    "design",
    {
        **_USE,
        "understanding": {"none": 0.08, "vague": 0.57, "reasonable": 0.15, "good": 0.16, "expert": 0.04},
        "ever-used": {"yes": 0.35, "no": 0.61, "not-sure": 0.04},
        "first-area": _AREAS,
        "outlook-own-work": _outlook(0.5, 0.22),
        "outlook-people-served": _outlook(0.44, 0.26),
        "outlook-own-job": _outlook(0.32, 0.32),
        "outlook-jobs-here": _outlook(0.16, 0.52),
        "balance-engagement": _balance(0.44, 0.24, 0.26),
        ("balance-engagement", "harbour-street"): _CAUTIOUS,
        ("balance-engagement", "millfield"): _CAUTIOUS,
        "balance-analytics-understand": _balance(0.65, 0.11, 0.14),
        "balance-analytics-predict": _balance(0.64, 0.12, 0.15),
        "balance-productivity": _balance(0.7, 0.09, 0.1),
    },
)
"""What the five providers behind Surefoot found, in outline: design section 1."""

_EVEN = _balance(0.34, 0.34, 0.16)
_BALANCES = tuple(
    f"balance-{name}" for name in ("engagement", "analytics-understand", "analytics-predict", "productivity")
)
NULL = Truth(
    "null",
    {
        **DESIGN.shares,
        **{(question, provider[0]): _EVEN for question in _BALANCES for provider in PROVIDERS},
        **{f"outlook-{name}": _outlook(0.36, 0.36) for name in ("own-work", "people-served", "own-job", "jobs-here")},
        "understanding": {"none": 0.25, "vague": 0.25, "reasonable": 0.25, "good": 0.15, "expert": 0.1},
        "ever-used": {"yes": 0.48, "no": 0.5, "not-sure": 0.02},
        "first-area": {area: 1 / len(_AREAS) for area in _AREAS},
    },
)
"""No side anywhere and no difference between organisations: whatever is claimed here of sides or order is false."""

REVERSED = Truth(
    "reversed",
    {
        **DESIGN.shares,
        "understanding": {"none": 0.04, "vague": 0.12, "reasonable": 0.24, "good": 0.45, "expert": 0.15},
        "ever-used": {"yes": 0.72, "no": 0.25, "not-sure": 0.03},
        "first-area": {**_AREAS, "documents": 0.04, "information-for-people": 0.36},
        "outlook-own-work": _outlook(0.22, 0.5),
        "outlook-jobs-here": _outlook(0.5, 0.2),
        **{(question, provider[0]): _balance(0.14, 0.62, 0.12) for question in _BALANCES[1:] for provider in PROVIDERS},
        **{("balance-engagement", provider[0]): _balance(0.62, 0.14, 0.12) for provider in PROVIDERS},
    },
)
"""The opposite of the design: engagement is welcome, analytics and productivity are not."""

DEVIATING = Truth(
    "one deviating",
    {
        **DESIGN.shares,
        ("balance-productivity", "oakfield"): _balance(0.24, 0.5, 0.1),
        ("understanding", "oakfield"): {"none": 0.3, "vague": 0.5, "reasonable": 0.12, "good": 0.07, "expert": 0.01},
        ("outlook-own-work", "oakfield"): _outlook(0.2, 0.5),
    },
)
"""One organisation sees productivity, and its own work, the other way round."""

SMALL = Truth(
    "small and badly answered",
    {**DESIGN.shares, ("balance-productivity", "harbour-street"): _balance(0.4, 0.3, 0.2)},
    response={"harbour-street": 0.3, "millfield": 0.3, "oakfield": 0.25, "rowan": 0.25, "tidewater": 0.3},
    staff={"harbour-street": 60, "millfield": 60, "oakfield": 70, "rowan": 80, "tidewater": 90},
    skipped=0.1,
)
"""Small organisations, few answers, many gaps."""

LATER = Truth(
    "a year later",
    {
        **DESIGN.shares,
        "understanding": {"none": 0.05, "vague": 0.46, "reasonable": 0.19, "good": 0.25, "expert": 0.05},
        "ever-used": {"yes": 0.49, "no": 0.48, "not-sure": 0.03},
    },
)
"""The design a year later: more have used AI tools and understand them; what they think of them is as it was."""

TRUTHS = (DESIGN, NULL, REVERSED, DEVIATING, SMALL)

_LEVEL = _balance(0.35, 0.35, 0.2)
_NO_SIDE = {
    "very-pessimistic": 0.1,
    "somewhat-pessimistic": 0.26,
    "neither": 0.18,
    "somewhat-optimistic": 0.26,
    "very-optimistic": 0.1,
    "dont-know": 0.1,
}
_TEN_POINTS = _balance(0.40, 0.2975, 0.2)
EDGE = Truth(
    "edge",
    {
        **NULL.shares,
        **dict.fromkeys(_BALANCES, _TEN_POINTS),
        **{(question, provider[0]): _TEN_POINTS for question in _BALANCES for provider in PROVIDERS},
        **{(question, "harbour-street"): _LEVEL for question in _BALANCES},
        **{("balance-analytics-predict", provider[0]): _LEVEL for provider in PROVIDERS},
        **{f"outlook-{name}": _NO_SIDE for name in ("own-work", "people-served", "own-job", "jobs-here")},
        "understanding": {"none": 0.2, "vague": 0.3, "reasonable": 0.3, "good": 0.15, "expert": 0.05},
        "first-area": {**dict.fromkeys(_AREAS, 0.05), "documents": 0.225, "rotas-and-bookings": 0.225},
    },
    exact=True,
)
"""Each rule where it is hardest not to be wrong: no side at all, a lead of just under 10 points but none in one
organisation, a fifth who cannot judge, half who never used AI, two areas that tie."""

"""The demo programme: five providers that do not exist, with answers simulated from a seed and truths that are known.

No person gave these answers; every file and page that holds them says so. The same simulation, with other truths, is
what the findings are tested on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from surefoot.instrument import Instrument, Question, item_id, open_instrument
from surefoot.responses import ORGANISATION, Missing, Responses, responses, write_responses
from surefoot.study import PROGRAMME_SCHEMA, SCHEMA, Breakdown, Organisation, Source, Study

SEED = 2026
Codes = np.ndarray[Any, np.dtype[np.int64]]
Shares = Mapping[str, float]

_ROLES = {
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
    empty by people who took part.
    """

    name: str
    shares: Mapping[str | tuple[str, str], Shares]
    response: Mapping[str, float] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    skipped: float = 0.02

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
        "understanding": {"none": 0.1, "vague": 0.53, "reasonable": 0.17, "good": 0.16, "expert": 0.04},
        "ever-used": {"yes": 0.35, "no": 0.61, "not-sure": 0.04},
        "first-area": _AREAS,
        "outlook-own-work": _outlook(0.5, 0.22),
        "outlook-people-served": _outlook(0.44, 0.26),
        "outlook-own-job": _outlook(0.32, 0.32),
        "outlook-jobs-here": _outlook(0.16, 0.52),
        "balance-engagement": _balance(0.44, 0.24, 0.26),
        ("balance-engagement", "harbour-street"): _CAUTIOUS,
        ("balance-engagement", "millfield"): _CAUTIOUS,
        "balance-analytics-understand": _balance(0.62, 0.13, 0.14),
        "balance-analytics-predict": _balance(0.6, 0.15, 0.15),
        "balance-productivity": _balance(0.68, 0.1, 0.1),
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

TRUTHS = (DESIGN, NULL, REVERSED, DEVIATING, SMALL)


# Simulation -------------------------------------------------------------------------------------------------------


def study_of(truth: Truth = DESIGN, instrument: Instrument | None = None) -> Study:
    """The study of the five providers, with headcounts by role group."""
    return Study(
        id="staff-survey-2026",
        title="AI in our services: what staff say",
        instrument=instrument or open_instrument("ai-baseline"),
        organisations=tuple(
            Organisation(name, title, kind, _headcount(kind, truth.staff.get(name, staff)))
            for name, title, kind, staff, _ in PROVIDERS
        ),
        breakdowns=(Breakdown("role-group"), Breakdown("contact")),
        sources=(Source("answers/all.parquet", dialect="surefoot"),),
        headcount_by="role-group",
        frame_date=date(2026, 9, 1),
        simulated=True,
    )


def _headcount(kind: str, staff: int) -> dict[str, int]:
    """Staff by role group, adding up to the total; the largest group takes the rounding."""
    shares = _ROLES[kind]
    counts = {role: int(staff * share) for role, share in shares.items()}
    largest = max(shares, key=lambda role: shares[role])
    counts[largest] += staff - sum(counts.values())
    return counts


def simulate_staff(study: Study, truth: Truth = DESIGN, seed: int = SEED) -> Responses:
    """What every member of staff would answer, answering everything: the truth that a survey tries to find out."""
    rng = np.random.default_rng([seed, 1])
    organisation = np.repeat(np.arange(len(study.organisations)), [o.staff or 0 for o in study.organisations])
    columns: dict[str, Codes] = {ORGANISATION: organisation, "role-group": _roles(study)}
    columns["service-area"] = _areas(rng, study, organisation)
    for question in study.instrument.questions:
        if question.kind in ("single", "multi") and not question.derived and question.id not in columns:
            columns |= _answers(rng, question, truth, study, columns)
    return responses(study.instrument, columns, organisations=study.organisation_ids, simulated=True)


def simulate(study: Study, truth: Truth = DESIGN, seed: int = SEED) -> Responses:
    """The answers of those who took part: at random, at each organisation's response rate, with some answers
    skipped."""
    return answering(simulate_staff(study, truth, seed), study, truth, seed)


def answering(staff: Responses, study: Study, truth: Truth, seed: int) -> Responses:
    """Who of the staff took part, and what they skipped."""
    rng = np.random.default_rng([seed, 2])
    usual = {provider[0]: provider[4] for provider in PROVIDERS}
    rates = np.array([truth.response.get(o, usual.get(o, 0.6)) for o in study.organisation_ids])
    organisation = staff.codes(ORGANISATION)
    takes_part = np.zeros(len(staff), dtype=bool)
    for place, rate in enumerate(rates):
        members = np.flatnonzero(organisation == place)
        takes_part[rng.choice(members, round(rate * len(members)), replace=False)] = True
    return _with_gaps(rng, staff.filtered(takes_part), truth.skipped)


def _with_gaps(rng: np.random.Generator, taken: Responses, skipped: float) -> Responses:
    """Leave a share of answers empty, whole questions at a time, as people do."""
    columns = {}
    for question in taken.instrument.questions:
        gap = rng.random(len(taken)) < skipped
        for item in question.items:
            codes = taken.codes(item)
            columns[item] = np.where(gap & (codes != Missing.NOT_ASKED), int(Missing.NOT_ANSWERED), codes)
    columns[ORGANISATION] = taken.codes(ORGANISATION)
    made = responses(taken.instrument, columns, organisations=taken.organisations, simulated=True)
    return replace(made, excluded={"not finished": int(len(taken) * 0.04)})


def _roles(study: Study) -> Codes:
    ids = [option.id for option in study.instrument["role-group"].options]
    return np.array([ids.index(role) for o in study.organisations for role, n in o.headcount.items() for _ in range(n)])


def _areas(rng: np.random.Generator, study: Study, organisation: Codes) -> Codes:
    ids = [option.id for option in study.instrument["service-area"].options]
    usual = {
        "primary-care": "primary-care",
        "community-health": "community-health",
        "adult-social-care": "care-at-home",
    }
    home = np.array([ids.index(usual[o.service_type]) for o in study.organisations])
    elsewhere = rng.random(len(organisation)) < 0.08
    return np.where(elsewhere, ids.index("several"), home[organisation])


def _answers(
    rng: np.random.Generator, question: Question, truth: Truth, study: Study, columns: Mapping[str, Codes]
) -> dict[str, Codes]:
    """Everybody's answer to one question, marked as not asked where routing skipped it."""
    organisation = columns[ORGANISATION]
    asked = _asked(question, study.instrument, columns, len(organisation))
    name = "provision" if question.construct == "provision" else question.id
    chances = np.array([_chances(question, truth.of(name, o)) for o in study.organisation_ids])[organisation]
    if question.kind == "single":
        drawn = (rng.random((len(organisation), 1)) > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)
        return {question.id: np.where(asked, drawn, int(Missing.NOT_ASKED))}
    marks = np.where(_ticks(rng, question, chances), 1, int(Missing.UNTICKED))
    return {item: np.where(asked, marks[:, code], int(Missing.NOT_ASKED)) for code, item in enumerate(question.items)}


def _ticks(rng: np.random.Generator, question: Question, chances: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Boxes ticked; an exclusive answer stands alone, and who ticked nothing takes the likeliest."""
    ticked = rng.random(chances.shape) < chances
    for code, option in enumerate(question.options):
        if option.exclusive:
            alone = ticked[:, code].copy()
            ticked[alone] = False
            ticked[alone, code] = True
    nothing = ~ticked.any(axis=1)
    ticked[nothing, chances[nothing].argmax(axis=1)] = True
    return np.asarray(ticked)


def _asked(question: Question, instrument: Instrument, columns: Mapping[str, Codes], rows: int) -> np.ndarray[Any, Any]:
    shown = np.ones(rows, dtype=bool)
    for condition in question.show_if:
        earlier = instrument[condition.question]
        met = np.zeros(rows, dtype=bool)
        for code, option in enumerate(earlier.options):
            if option.id in condition.any_of:
                single = earlier.kind == "single"
                met |= columns[earlier.id] == code if single else columns[item_id(earlier.id, option.id)] == 1
        shown &= met
    return shown


def _chances(question: Question, shares: Shares | None) -> list[float]:
    if shares is None:
        return [1 / len(question.options)] * len(question.options)
    found = [float(shares.get(option.id, 0.0)) for option in question.options]
    if set(shares) - {option.id for option in question.options} or (
        question.kind == "single" and abs(sum(found) - 1) > 1e-6
    ):
        raise ValueError(f'the truth about "{question.id}" does not fit its options or does not add up to one')
    return found


# Files ------------------------------------------------------------------------------------------------------------


def write_programme(folder: Path, *, truth: Truth = DESIGN, seed: int = SEED) -> Path:
    """Write the demo programme as a folder of files and return the folder of its study."""
    study = study_of(truth)
    place = folder / "studies" / study.id
    (place / "answers").mkdir(parents=True, exist_ok=True)
    programme = {"schema": PROGRAMME_SCHEMA, "id": "demo", "title": "Demo: five providers (simulated)"}
    (folder / "programme.toml").write_text(tomli_w.dumps(programme), encoding="utf-8")
    write_responses(simulate(study, truth, seed), place / "answers" / "all.parquet")
    (place / "study.toml").write_text(tomli_w.dumps(study_table(study, "ai-baseline")), encoding="utf-8")
    return place


def study_table(study: Study, instrument: str) -> dict[str, Any]:
    """A study as the table that its TOML file holds."""
    return {
        "schema": SCHEMA,
        "id": study.id,
        "title": study.title,
        "instrument": instrument,
        "simulated": study.simulated,
        **({"frame_date": study.frame_date} if study.frame_date else {}),
        **({"headcount_by": study.headcount_by} if study.headcount_by else {}),
        "source": [{"file": source.file} for source in study.sources],
        "breakdown": [{"question": breakdown.question} for breakdown in study.breakdowns],
        "organisation": [
            {"id": o.id, "name": o.name, "service_type": o.service_type, "headcount": dict(o.headcount)}
            for o in study.organisations
        ],
    }

"""The five providers as a study, and the answers of their staff, drawn from a truth and a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from surefoot.demo.truths import DESIGN, PROVIDERS, ROLES, Shares, Truth
from surefoot.instrument import Instrument, Question, item_id, open_instrument
from surefoot.responses import ORGANISATION, Missing, Responses, responses
from surefoot.study import Breakdown, Comments, Counted, Organisation, Source, Study

SEED = 2026
LEAD = "The safeguarding lead of the demo, who does not exist"
Codes = np.ndarray[Any, np.dtype[np.int64]]


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
        counted=Counted(),
        comments=Comments(safeguarding_lead=LEAD, consent="all"),
        simulated=True,
    )


def _headcount(kind: str, staff: int) -> dict[str, int]:
    """Staff by role group, adding up to the total; the largest group takes the rounding."""
    shares = ROLES[kind]
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
    return replace(made, excluded={"unfinished": int(len(taken) * 0.04)})


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
    if truth.exact and question.kind == "single" and asked.all():
        return {question.id: _dealt(rng, question, chances, organisation)}
    if question.kind == "single":
        drawn = (rng.random((len(organisation), 1)) > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1)
        return {question.id: np.where(asked, drawn, int(Missing.NOT_ASKED))}
    marks = np.where(_ticks(rng, question, chances), 1, int(Missing.UNTICKED))
    return {item: np.where(asked, marks[:, code], int(Missing.NOT_ASKED)) for code, item in enumerate(question.items)}


def _dealt(rng: np.random.Generator, question: Question, chances: np.ndarray[Any, Any], organisation: Codes) -> Codes:
    """Answers in exactly the wanted shares in each organisation, to whom by chance.

    People who are left over by rounding take the middle of a scale with sides, else the last option.
    """
    sided = question.scale is not None and question.scale.has_sides
    spare = question.scale.codes(0)[0] if question.scale is not None and sided else len(question.options) - 1
    dealt = np.full(len(organisation), spare, dtype=np.int64)
    for place in np.unique(organisation):
        members = rng.permutation(np.flatnonzero(organisation == place))
        counts = np.floor(chances[members[0]] * len(members) + 1e-9).astype(np.int64)
        codes = np.repeat(np.arange(len(counts)), counts)
        dealt[members[: len(codes)]] = codes
    return dealt


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

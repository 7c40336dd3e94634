"""Are the findings true, and are they made? Many surveys of staff whose answers are known, under planted truths.

In each study everybody's answers are drawn first: they are the truth about "these staff now". Then some take part, and
what the rules say of them is held against the truth. Differences between organisations are claims about causes, so they
are held against the shares that the answers were drawn from. Two bars, each truth by itself:

- each rule says something false in at most 5 % of studies (passes if the rate is at most 5 % plus 1.645 Monte Carlo
  standard errors); a rule about several questions is false in a study if it is so about any of them, and what it says
  when it does not fire counts where that decides something;
- a finding that is made, and true, in at least 95 % of a first set of studies is made in at least 90 % of the others.

A sixth truth, "edge", puts every rule where it is hardest not to be wrong.

    python benchmarks/findings.py [--seeds 200] [--truth NAME]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from math import sqrt
from time import process_time

import numpy as np

from surefoot.demo import EDGE, TRUTHS, Truth, answering, simulate_staff, study_of
from surefoot.estimate import Group, compare, estimate, participation
from surefoot.findings import Claim, Finding, find
from surefoot.instrument import Instrument, Question, item_id, open_instrument
from surefoot.release import SURVEY, Plan, release
from surefoot.responses import ORGANISATION, Missing, Responses
from surefoot.study import ORGANISATION as BY_ORGANISATION
from surefoot.study import Study
from surefoot.tally import Integers, Tally, count, with_derived

ALL = (*TRUTHS, EDGE)
NOW = datetime(2026, 10, 1, tzinfo=UTC)
NOMINAL, NEAR = 0.05, 0.05
POWERFUL, MADE = 0.95, 0.90
FIRST_SEEDS, FIRST = 100_000, 80
FRACTIONS = (2, 3, 4, 5)
UNUSED = ("risks", "benefits", "needs", "training", "age-band", "gender", "disability", "ethnic-group", "how-often")
BEHIND = ("provision", "tools", "service-area", "role-group", "contact")
"""Constructs that others are derived from, or that only break answers down."""


# The truth --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Population:
    """Everybody's answers, and the truth that they were drawn from."""

    study: Study
    truth: Truth
    staff: Responses

    def holds(self, claim: Claim) -> bool:
        """Whether a claim is true."""
        question = self.study.instrument[claim.question]
        return bool(_CHECKS[claim.kind](self, claim, question))

    @cached_property
    def place(self) -> dict[str, Integers]:
        """Rows of each organisation; of all under ""."""
        where = self.staff.codes(ORGANISATION)
        rows = {name: np.flatnonzero(where == index) for index, name in enumerate(self.study.organisation_ids)}
        return rows | {"": np.arange(len(self.staff))}

    def share(self, question: Question, selector: str, organisation: str = "") -> float:
        """The share of an answer (or of several, joined by "+") among those who were asked."""
        if question.kind != "single":
            ticks = self.staff.codes(item_id(question.id, selector))[self.place[organisation]]
            return float((ticks[ticks != Missing.NOT_ASKED] == 1).mean())
        wanted = [code for code, option in enumerate(question.options) if option.id in selector.split("+")]
        return float(np.isin(self._answers(question, organisation), wanted).mean())

    def net(self, question: Question, organisation: str = "") -> float:
        """Share of the positive side minus that of the negative side."""
        codes = self._answers(question, organisation)
        plus, minus = (np.isin(codes, question.scale.codes(side)).sum() for side in (1, -1) if question.scale)
        return float(plus - minus) / len(codes)

    def median(self, question: Question) -> float:
        """The position of the middle answer: the first at which half of all is reached."""
        positions = np.array([np.nan if o.position is None else o.position for o in question.options])
        placed = positions[self._answers(question)]
        return float(np.quantile(placed[~np.isnan(placed)], 0.5, method="inverted_cdf"))

    def drawn_from(self, question: Question, selector: str, organisation: str) -> float:
        """The share, or net, that an organisation's answers were drawn from."""
        shares = self.truth.of(question.id, organisation) or {}
        if selector:
            return sum(shares.get(option, 0.0) for option in selector.split("+"))
        signs = {o.id: float(np.sign(o.position or 0)) for o in question.options}
        return sum(share * signs[option] for option, share in shares.items())

    def _answers(self, question: Question, organisation: str = "") -> Integers:
        codes = self.staff.codes(question.id)[self.place[organisation]]
        return codes[codes >= 0]


def _is_near(here: Population, claim: Claim, question: Question) -> bool:
    """About one in k: the share is within 5 points of 1/k, and no other 1/k up to 5 is nearer."""
    share = here.share(question, claim.selector)
    nearest = min(FRACTIONS, key=lambda k: abs(share - 1 / k))
    return abs(1 / nearest - claim.bound) < 1e-9 and abs(share - claim.bound) <= NEAR


def _leads(here: Population, claim: Claim, question: Question) -> bool:
    """The area that most name is among those that are said to be first, and all that tie with it are."""
    shares = {o.id: here.share(question, o.id) for o in question.options if o.position is not None}
    said = claim.selector.split("+")
    others = [share for option, share in shares.items() if option not in said]
    return max(shares[option] for option in said) > max(others, default=-1.0)


def _lower(here: Population, claim: Claim, question: Question) -> bool:
    low, high = (here.drawn_from(question, claim.selector, group) for group in claim.groups)
    return low < high - 1e-9


_CHECKS = {
    "share-above": lambda here, claim, q: here.share(q, claim.selector) > claim.bound,
    "share-near": _is_near,
    "median": lambda here, claim, q: claim.bound <= here.median(q) <= max(claim.limit, claim.bound),
    "net-sign": lambda here, claim, q: here.net(q) * claim.bound > 0,
    "net-every": lambda here, claim, q: all(here.net(q, group) * claim.bound > 0 for group in claim.groups),
    "net-at-least": lambda here, claim, q: here.net(q) >= claim.bound,
    "first": _leads,
    "lower": _lower,
}


# Studies ----------------------------------------------------------------------------------------------------------


def instrument() -> Instrument:
    """The staff survey without the questions that no rule looks at: they only cost time."""
    whole = open_instrument("ai-baseline")
    return replace(whole, questions=tuple(q for q in whole.questions if q.id not in UNUSED and q.kind != "text"))


def for_rules(study: Study) -> Study:
    """The study with only the questions that rules look at, and no breakdown but organisations."""
    kept = tuple(replace(q, derived=()) for q in study.instrument.questions if q.construct not in BEHIND)
    plain = tuple(replace(organisation, service_type="") for organisation in study.organisations)
    return replace(study, instrument=replace(study.instrument, questions=kept), breakdowns=(), organisations=plain)


def findings_of(study: Study, answers: Responses) -> tuple[Finding, ...]:
    """What the rules say of answers, with the groups under the minimum base hidden."""
    study = for_rules(study)
    answers = replace(with_derived(answers), instrument=study.instrument)
    tally = count(answers, study)
    took_part = participation(tally, study)
    planned = _plan(tally, study)
    figures = estimate(tally, study, strata=planned.strata_of)
    comparisons = compare(tally, study, figures, hidden=planned.all_hidden)
    made = release(figures, comparisons, took_part, planned, study, SURVEY, now=NOW)
    return find(made)


def _plan(tally: Tally, study: Study) -> Plan:
    """The simplest plan that hides who must be hidden; nobody attacks a benchmark."""
    people = {part.group: part.answered or 0 for part in participation(tally, study)}
    few = [g.code for g, n in people.items() if g.breakdown == BY_ORGANISATION and n < SURVEY.minimum_base]
    alone = tuple((name,) for name in study.organisation_ids if name not in few)
    hidden = {Group(BY_ORGANISATION, name): "small" for name in few}
    return Plan(strata=(*alone, tuple(few)) if few else alone, hidden=hidden)


@dataclass(frozen=True)
class Said:
    """What one finding said in one study."""

    rule: str
    question: str
    fired: bool
    true: bool


def survey(truth: Truth, seed: int, asked: Instrument | None = None) -> list[Said]:
    """One study under a truth: every finding, with whether all that it claims is true."""
    study = study_of(truth, asked or instrument())
    staff = simulate_staff(study, truth, seed)
    here = Population(study, truth, with_derived(staff))
    found = findings_of(study, answering(staff, study, truth, seed))
    return [Said(f.rule, f.question, f.fired, all(here.holds(claim) for claim in f.claims)) for f in found]


def surveys(truth: Truth, seeds: Iterable[int]) -> list[list[Said]]:
    """Studies under a truth, one for each seed."""
    asked = instrument()
    return [survey(truth, seed, asked) for seed in seeds]


# Rates ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """How often a finding was made, and how often it was false, in the studies of one truth.

    question: "" for the whole rule. power: how often it was made, and true, in the first set of studies.
    """

    rule: str
    question: str
    fired: float
    false: float
    studies: int
    power: float = 0.0

    @property
    def error(self) -> float:
        """The Monte Carlo standard error of the false rate."""
        return sqrt(self.false * (1 - self.false) / self.studies)

    @property
    def honest(self) -> bool:
        """Whether the false rate is at most 5 %, as far as so many studies can tell."""
        return self.false <= NOMINAL + 1.645 * sqrt(NOMINAL * (1 - NOMINAL) / self.studies)

    @property
    def is_made(self) -> bool:
        """Whether a finding of high power is made often enough."""
        return not self.question or self.power < POWERFUL or self.fired >= MADE


def rates(studies: Sequence[Sequence[Said]], first: Sequence[Sequence[Said]] = ()) -> Iterator[Rate]:
    """A rate for every rule, followed by one for each of its questions where it has several."""
    keys = list(dict.fromkeys((said.rule, said.question) for study in studies for said in study))
    for rule in dict.fromkeys(rule for rule, _ in keys):
        questions = [question for name, question in keys if name == rule]
        yield _rate(rule, "", studies)
        for question in questions:
            made_first = [any(_is(s, rule, question) and s.fired and s.true for s in study) for study in first]
            power = sum(made_first) / len(first) if first else 0.0
            yield replace(_rate(rule, question, studies), power=power)


def _is(said: Said, rule: str, question: str) -> bool:
    return said.rule == rule and question in ("", said.question)


def _rate(rule: str, question: str, studies: Sequence[Sequence[Said]]) -> Rate:
    mine = [[said for said in study if _is(said, rule, question)] for study in studies]
    fired = sum(any(said.fired for said in study) for study in mine)
    false = sum(not all(said.true for said in study) for study in mine)
    return Rate(rule, question, fired / len(studies), false / len(studies), len(studies))


def any_false(studies: Sequence[Sequence[Said]]) -> float:
    """The share of studies with any false sentence."""
    return sum(not all(said.true for said in study) for study in studies) / len(studies)


# Printing ---------------------------------------------------------------------------------------------------------


def report(truth: Truth, seeds: int) -> bool:
    """Measure one truth and print its table. True if both bars hold."""
    started = process_time()
    studies = surveys(truth, range(1, seeds + 1))
    first = surveys(truth, range(FIRST_SEEDS, FIRST_SEEDS + FIRST))
    found = list(rates(studies, first))
    print(f"\n{truth.name}: {seeds} studies, {FIRST} first for power, {process_time() - started:.0f} s")
    print(f"{'rule':<14}{'question':<32}{'made':>6}{'power':>7}{'false':>8}{'error':>7}  bars")
    for rate in found:
        print(_line(rate))
    powerful = [rate for rate in found if rate.question and rate.power >= POWERFUL]
    print(f"Powerful findings made: {sum(rate.is_made for rate in powerful)} of {len(powerful)}.", end=" ")
    print(f"Studies with any false sentence: {any_false(studies):.1%}.")
    return all(rate.honest and rate.is_made for rate in found)


def _line(rate: Rate) -> str:
    verdict = "pass" if rate.honest and rate.is_made else "FALSE TOO OFTEN" if not rate.honest else "MADE TOO SELDOM"
    power = f"{rate.power:>7.0%}" if rate.question else " " * 7
    numbers = f"{rate.fired:>6.0%}{power}{rate.false:>8.1%}{rate.error:>7.1%}"
    return f"{rate.rule if not rate.question else '':<14}{rate.question:<32}{numbers}  {verdict}"


def main() -> int:
    """Measure the truths that were asked for; 1 if a bar fails."""
    parser = argparse.ArgumentParser(description="How often findings are made, and how often they are false.")
    parser.add_argument("--seeds", type=int, default=200, help="studies of each truth")
    parser.add_argument("--truth", choices=[truth.name for truth in ALL], help="one truth; all by default")
    chosen = parser.parse_args()
    truths = [truth for truth in ALL if chosen.truth in (None, truth.name)]
    passed = [report(truth, chosen.seeds) for truth in truths]
    print("\nEvery bar holds." if all(passed) else "\nA bar fails.")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())

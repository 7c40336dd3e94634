"""How often comparisons say that something differs where nothing does, and how often they find what does.

    python benchmarks/comparisons.py [--studies 1000] [--power 200] [--scenario NAME] [--only planned]

Null studies: in every scenario all organisations, and both waves, are of one mind on all seven planned questions. A
study is false if any sentence claims a difference or a change, and also where any test survives Holm, sentence or not.
A scenario passes if its rate is at most 5 % plus 1.645 Monte Carlo standard errors. The power table beside it: one
organisation of five differs by a gap on one question of the family, or the whole group changes by it. Everything is
simulated; a small run is part of the tests.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import sqrt
from time import process_time
from typing import Any

import numpy as np

from surefoot.estimate import changes, compare, endless, estimate, participation
from surefoot.findings.changed import rule_change
from surefoot.findings.compared import rule_differ
from surefoot.findings.view import View
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.release import SURVEY, Plan, Release, release
from surefoot.responses import Responses, responses
from surefoot.study import Organisation, Study
from surefoot.tally import Tally, count

NETS = ("net-a", "net-b", "net-c", "net-d")
SHARES = ("share-a", "share-b", "share-c")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
NOMINAL = 0.05
Shares = dict[str, np.ndarray[Any, np.dtype[np.float64]]]
"""By question, the shares of its answers; an array for each organisation on the first axis."""


@dataclass(frozen=True)
class Scenario:
    """Who answers and how. sizes: people by organisation. spread: of the logarithm of the weights; 0 for none.

    net, share: parameters of the Dirichlet distribution that the shares of a question's answers are drawn from, anew
    for each study: of a net low, high, middle and don't know; of a share yes and no. team: people in a team; 0 for no
    clusters. alike: how much people of one team think alike (the correlation within clusters).
    """

    name: str
    sizes: tuple[int, ...]
    net: tuple[float, ...] = (3.0, 4.0, 2.0, 1.0)
    share: tuple[float, float] = (4.0, 6.0)
    spread: float = 0.0
    team: int = 0
    alike: float = 0.0


UNEQUAL = (30, 60, 150, 400, 900)
SCENARIOS = (
    Scenario("equal sizes", (100,) * 5),
    Scenario("unequal sizes", UNEQUAL),
    Scenario("small", (15, 20, 30, 30, 40)),
    Scenario("rare answers", UNEQUAL, net=(0.5, 0.5, 9.0, 9.0), share=(0.6, 19.4)),
    Scenario("many don't know", UNEQUAL, net=(1.0, 1.5, 0.5, 7.0)),
    Scenario("weighted", UNEQUAL, spread=0.5),
    Scenario("weighted, small and very unequal", (30, 30, 40, 60, 100), spread=1.0),
    Scenario("clustered in teams", (60, 60, 90, 120, 180), team=10, alike=0.1),
)


def instrument() -> Instrument:
    """Seven planned questions: four with two sides, three with yes and no."""
    sides = [{"id": "low", "text": "Low", "position": -1}, {"id": "high", "text": "High", "position": 1}]
    middle = [{"id": "even", "text": "Even", "position": 0}, {"id": "unsure", "text": "I don't know enough to say"}]
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "planned",
            "title": "Planned",
            "scale": [
                {"id": "net", "poles": {"low": "risk", "high": "benefit"}, "options": [*sides, *middle]},
                {"id": "share", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
            ],
            "question": [
                {"id": name, "kind": "single", "text": name, "scale": name.partition("-")[0]} for name in NETS + SHARES
            ],
            "planned": [
                *({"question": name, "by": "organisation"} for name in NETS),
                *({"question": name, "by": "organisation", "options": ["yes"]} for name in SHARES),
            ],
        }
    )


ASKED = instrument()


def study_of(scenario: Scenario) -> Study:
    """A study of organisations with twice as many staff as answer."""
    places = enumerate(scenario.sizes)
    organisations = (Organisation(f"org-{k}", f"Organisation {k}", headcount={"all": 2 * n}) for k, n in places)
    return Study("simulated", "Simulated", ASKED, tuple(organisations), simulated=True)


def one_mind(scenario: Scenario, rng: np.random.Generator) -> Shares:
    """Shares of answers that are the same in every organisation."""
    drawn = {name: rng.dirichlet(scenario.net) for name in NETS} | {
        name: rng.dirichlet(scenario.share) for name in SHARES
    }
    return {name: np.tile(shares, (len(scenario.sizes), 1)) for name, shares in drawn.items()}


def answers(scenario: Scenario, shares: Shares, rng: np.random.Generator) -> Responses:
    """Answers of all organisations, with weights and teams where the scenario has them."""
    place = np.repeat(np.arange(len(scenario.sizes)), scenario.sizes)
    columns: dict[str, Any] = {"@organisation": place}
    team = np.arange(len(place)) // scenario.team if scenario.team else np.zeros(0, dtype=int)
    for name, of in shares.items():
        chances = of[place]
        if scenario.team:
            mean = of[place[:: scenario.team]]
            chances = np.stack([rng.dirichlet(np.maximum(row, 1e-3) * (1 / scenario.alike - 1)) for row in mean])[team]
        drawn = (rng.random(len(place))[:, None] > chances.cumsum(axis=1)).sum(axis=1)
        columns[name] = drawn.clip(0, of.shape[1] - 1)
    if scenario.spread:
        columns["@weight"] = np.rint(1024 * np.exp(rng.normal(0, scenario.spread, len(place)))).astype(int).clip(1)
    if scenario.team:
        columns |= {"@stratum": place, "@cluster": team}
    names = tuple(f"org-{k}" for k in range(len(scenario.sizes)))
    return responses(ASKED, columns, organisations=names, simulated=True)


def counted(scenario: Scenario, given: Responses) -> tuple[Tally, Tally]:
    """The tally of the answers, and the same without clusters, for figures."""
    study = study_of(scenario)
    whole = count(given, study)
    if not scenario.team:
        return whole, whole
    return whole, count(replace(given, table=given.table.drop("@stratum", "@cluster")), study)


def said(scenario: Scenario, now: Responses, before: Responses | None = None) -> View:
    """The release of a study as the rules see it: with its planned tests, or with its change since a wave before."""
    study = study_of(scenario)
    tally, plain = counted(scenario, now)
    if before is None:
        figures = estimate(plain, study, wave="2")
        return View(_release(study, plain, figures, compare(tally, study, figures, wave="2"), None))
    first = counted(scenario, before)[1]
    # Each wave's own interval, about its staff then, decides nothing here: the uncorrected figures serve for both.
    each = (estimate(first, endless(study), wave="1"), estimate(plain, endless(study), wave="2"))
    return View(_release(study, plain, each[1], changes(*each, ASKED), _release(study, first, each[0], (), None)))


def _release(study: Study, tally: Tally, figures: Any, found: Any, earlier: Release | None) -> Release:
    return release(figures, found, participation(tally, study), Plan(), study, SURVEY, now=NOW, earlier=earlier)


@dataclass(frozen=True)
class Outcome:
    """What one study said: whether any sentence tells of a difference or change, and whether a test survives Holm."""

    told: bool
    found: bool


def outcome(view: View, family: str, question: str | None = None) -> Outcome:
    """What a study says by one family of tests ("planned" or "waves"), about one question or any."""
    rule = rule_differ if family == "planned" else rule_change
    told = any(f.fired for f in rule(view) if f.question in (question or f.question,))
    tests = (c for c in view.release.comparisons if c.family == family and c.p_adjusted is not None)
    return Outcome(told, any(float(c.p_adjusted or 0) < NOMINAL for c in tests))


def null_studies(scenario: Scenario, seeds: Iterable[int], *, waves: bool = False) -> list[Outcome]:
    """Studies in which nothing differs: between organisations, or between two waves."""
    made = []
    for seed in seeds:
        rng = np.random.default_rng([seed, 7])
        shares = one_mind(scenario, rng)
        now = answers(scenario, shares, rng)
        before = answers(scenario, shares, rng) if waves else None
        made.append(outcome(said(scenario, now, before), "waves" if waves else "planned"))
    return made


# Power ------------------------------------------------------------------------------------------------------------

_TRUE_NET = np.array([0.25, 0.45, 0.2, 0.1])
_TRUE_SHARE = np.array([0.4, 0.6])


def shifted(scenario: Scenario, gap: float, question: str, place: int | None) -> Shares:
    """The same shares everywhere, but for one question of one organisation (None: of all) that is higher by the gap."""
    rows = len(scenario.sizes)
    found = {name: np.tile(_TRUE_NET, (rows, 1)) for name in NETS} | {
        name: np.tile(_TRUE_SHARE, (rows, 1)) for name in SHARES
    }
    moved = np.array([-gap / 2, gap / 2, 0.0, 0.0]) if question in NETS else np.array([gap, -gap])
    found[question][slice(None) if place is None else place] += moved
    return found


def power(size: int, gap: float, question: str, studies: int, *, waves: bool = False) -> float:
    """How often a sentence tells of a gap: of one organisation of five, each of one size, or of all since a wave."""
    scenario = Scenario("power", (size,) * 5)
    hits = 0
    for seed in range(studies):
        rng = np.random.default_rng([seed, 11])
        before = answers(scenario, shifted(scenario, 0.0, question, None), rng) if waves else None
        now = answers(scenario, shifted(scenario, gap, question, None if waves else 2), rng)
        hits += outcome(said(scenario, now, before), "waves" if waves else "planned", question).told
    return hits / studies


# Printing ---------------------------------------------------------------------------------------------------------


def error(rate: float, studies: int) -> float:
    """The Monte Carlo standard error of a rate."""
    return sqrt(rate * (1 - rate) / studies)


def passes(rate: float, studies: int) -> bool:
    """Whether a rate is at most 5 %, as far as so many studies can tell."""
    return rate <= NOMINAL + 1.645 * error(NOMINAL, studies)


def report(scenario: Scenario, studies: int, *, waves: bool) -> bool:
    """Measure one scenario and print its line. True if both rates pass."""
    started = process_time()
    made = null_studies(scenario, range(1, studies + 1), waves=waves)
    told, found = (sum(getattr(one, name) for one in made) / studies for name in ("told", "found"))
    passed = passes(told, studies) and passes(found, studies)
    name = f"{scenario.name}{', two waves' if waves else ''}"
    numbers = f"{told:>8.1%}{error(told, studies):>7.1%}{found:>9.1%}{error(found, studies):>7.1%}"
    print(
        f"{name:<46}{numbers}  {'pass' if passed else 'FALSE TOO OFTEN'}  {process_time() - started:.0f} s", flush=True
    )
    return passed


def print_power(studies: int, sizes: Sequence[int], gaps: Sequence[float], *, waves: bool) -> None:
    """Print how often gaps are told, by size."""
    what = "the whole group changed by" if waves else "one organisation of five differs by"
    print(f"\nPower: {what} so many points; {studies} studies a cell. Net (share of an answer)")
    print(f"{'people in each organisation':<30}" + "".join(f"{gap:>15.0%}" for gap in gaps))
    for size in sizes:
        pairs = [[power(size, gap, name, studies, waves=waves) for name in ("net-a", "share-a")] for gap in gaps]
        print(f"{size:<30}" + "".join(f"{f'{net:.0%} ({share:.0%})':>15}" for net, share in pairs), flush=True)


def main() -> int:
    """Measure all scenarios, or one; 1 if a bar fails."""
    parser = argparse.ArgumentParser(description="How often comparisons are false, and how often they find a gap.")
    parser.add_argument("--studies", type=int, default=1000, help="null studies of each scenario")
    parser.add_argument("--power", type=int, default=200, help="studies of each cell of the power tables; 0 for none")
    parser.add_argument(
        "--scenario", choices=[scenario.name for scenario in SCENARIOS], help="one scenario; all by default"
    )
    parser.add_argument("--only", choices=["planned", "waves"], help="organisations, or waves; both by default")
    chosen = parser.parse_args()
    print(f"Null studies, {chosen.studies} a scenario, all simulated: false in so many of them")
    print(f"{'scenario':<46}{'told':>8}{'error':>7}{'by Holm':>9}{'error':>7}")
    wanted = [scenario for scenario in SCENARIOS if chosen.scenario in (None, scenario.name)]
    sides = [waves for waves in (False, True) if chosen.only in (None, "waves" if waves else "planned")]
    kinds = [(scenario, waves) for scenario in wanted for waves in sides if not (waves and scenario.team)]
    passed = [report(scenario, chosen.studies, waves=waves) for scenario, waves in kinds]
    for waves in sides if chosen.power else ():
        gaps = (0.05, 0.1, 0.15, 0.2) if waves else (0.1, 0.2, 0.3, 0.4)
        print_power(chosen.power, (15, 30, 60, 120, 300), gaps, waves=waves)
    print("\nEvery bar holds." if all(passed) else "\nA bar fails.")
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())

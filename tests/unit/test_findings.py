"""Findings: each rule where it fires and where it does not, on releases made by hand, and all rules on many studies."""

import importlib.util
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from surefoot.demo import DESIGN, EDGE
from surefoot.findings import RULES, Claim, Finding, find
from surefoot.findings.finding import listed, signed
from surefoot.findings.verdict import above, chance, each_side, everywhere, highest, sides
from surefoot.instrument import open_instrument
from surefoot.release import (
    EVERYONE,
    NOW,
    SHOWN,
    SUPPRESSED,
    SURVEY,
    Comparison,
    Figure,
    Group,
    Participation,
    Plan,
    Release,
    release,
)
from surefoot.release.who import Bound, Who
from surefoot.study import ORGANISATION, Organisation, Study

NAMES = {"alder": "Alder Surgery", "birch": "Birch Homes", "cedar": "Cedar Health"}
STUDY = Study(
    "made-by-hand",
    "Made by hand",
    open_instrument("ai-baseline"),
    organisations=tuple(Organisation(name, title, headcount={"all": 400}) for name, title in NAMES.items()),
)
BALANCES = ("balance-engagement", "balance-analytics-understand", "balance-analytics-predict", "balance-productivity")
DONE = datetime(2026, 10, 1, 9, tzinfo=UTC)


def figure(
    kind: str,
    question: str,
    value: float,
    reach: float,
    selector: str = "",
    *,
    at: str = "",
    response: float = 0.7,
    status: str = SHOWN,
) -> Figure:
    """A figure whose two-sided interval reaches so far on either side; at: an organisation, else everybody."""
    one_sided = reach * 1.644854 / 1.959964
    return Figure(
        study="made-by-hand",
        instrument="instrument",
        kind=kind,
        question=question,
        selector=selector,
        group=Group(ORGANISATION, at) if at else EVERYONE,
        wave="1",
        method="by hand",
        claim=NOW,
        base=200,
        effective_base=200.0,
        worst_case=(response * value - (1 - response), response * value + 1 - response),
        value=value,
        low=value - reach,
        high=value + reach,
        at_least=value - one_sided,
        at_most=value + one_sided,
        population=300,
        response=response,
        status=status,
    )


def made(
    figures: Iterable[Figure], comparisons: Iterable[Comparison] = (), participation: Iterable[Participation] = ()
) -> Release:
    """A release of hand-made figures; nothing is hidden but what is marked so."""
    return release(figures, comparisons, participation, Plan(), STUDY, SURVEY, now=DONE)


def found(rule: str, shown: Release, question: str = "") -> Finding:
    """The one finding of a rule (about one question)."""
    mine = [f for f in find(shown) if f.rule == rule and question in ("", f.question)]
    assert len(mine) == 1, [f.sentence for f in mine]
    return mine[0]


def every_organisation(question: str, values: Sequence[float], reach: float = 0.1) -> list[Figure]:
    """The net of each organisation, in order."""
    return [figure("net", question, value, reach, at=name) for name, value in zip(NAMES, values, strict=True)]


# Shares -----------------------------------------------------------------------------------------------------------


def test_about_fires_where_the_interval_holds_one_fraction() -> None:
    """About one in k: the interval holds 1/k, is at most 10 points wide, and holds no other."""
    told = found("about", made([figure("share", "understanding", 0.20, 0.02, "good+expert")]))
    assert told.fired
    assert told.sentence == "About one in five staff say that they understand AI well: 20% (18 to 22)."
    assert told.claims == (Claim("share-near", "understanding", "good+expert", 0.2),)
    half = found("about", made([figure("share", "understanding", 0.50, 0.02, "good+expert")]))
    assert half.sentence.startswith("About half of staff say")


@pytest.mark.parametrize(
    ("value", "reach"), [(0.225, 0.03), (0.20, 0.051), (0.40, 0.03), (0.10, 0.02)], ids=["two", "wide", "none", "tenth"]
)
def test_about_is_silent_at_its_boundary(value: float, reach: float) -> None:
    """Two fractions in the interval, more than 10 points of width, or no fraction: the share alone."""
    told = found("about", made([figure("share", "understanding", value, reach, "good+expert")]))
    assert not told.fired
    assert not told.claims
    assert told.sentence.startswith("We estimate that ")


def test_about_fires_at_ten_points() -> None:
    """An interval of exactly 10 points is narrow enough."""
    assert found("about", made([figure("share", "understanding", 0.20, 0.0499, "good+expert")])).fired


def test_most_needs_more_than_half_for_certain() -> None:
    """Most: one-sided above 50 %; else about half, or the share."""
    sure, half, less = (
        found("most", made([figure("share", "where-used", value, reach, "outside-work")]))
        for value, reach in ((0.82, 0.03), (0.50, 0.05), (0.53, 0.12))
    )
    assert sure.sentence == (
        "Most staff who have used AI tools used them in their own time, for themselves: 82% (79 to 85)."
    )
    assert (sure.fired, half.fired, less.fired) == (True, False, False)
    assert half.sentence.startswith("About half of staff who have used AI tools")
    assert less.sentence.startswith("We estimate that 53% (41 to 65) of staff who")


def test_unused_says_most_and_silences_the_other_half_of_the_same_answer() -> None:
    """Most never used AI; how many did is then not told again."""
    never, ever = figure("share", "ever-used", 0.61, 0.02, "no"), figure("share", "ever-used", 0.35, 0.02, "yes")
    shown = made([never, ever])
    assert found("unused", shown).sentence == "Most staff have never used an AI tool: 61% (59 to 63)."
    assert not found("about", shown).told
    others = made([figure("share", "ever-used", 0.30, 0.02, "no"), figure("share", "ever-used", 0.68, 0.02, "yes")])
    assert not found("unused", others).fired
    assert not found("unused", others).told
    assert found("about", others).told


def test_unapproved_is_not_known_where_it_may_not_be_shown() -> None:
    """Unapproved use: "not known" where provision was not asked or is hidden; for all staff only."""
    hidden = figure("share", "unapproved-use", 0.07, 0.02, "yes", status=SUPPRESSED)
    place = figure("share", "unapproved-use", 0.90, 0.02, "yes", at="alder")
    told = found("unapproved", made([hidden, place]))
    assert not told.fired
    assert told.sentence == "How many staff use AI tools for work that nobody approved is not known."
    most, about = (
        found("unapproved", made([figure("share", "unapproved-use", value, 0.02, "yes")])) for value in (0.6, 0.25)
    )
    assert most.sentence.startswith("Most staff have used, for their work, an AI tool that is not allowed")
    assert about.sentence.startswith("About one in four staff have used, for their work,")


def test_typical_needs_one_level_at_both_limits() -> None:
    """The typical level: the same at both joint limits, else both are named."""
    one = figure("median", "understanding", 1.0, 0.0)
    two = replace(one, high=2.0)
    vague = figure("share", "understanding", 0.53, 0.02, "vague")
    shown = made([one, vague])
    assert found("typical", shown).sentence == (
        "On understanding of AI, the middle answer is “I have a vague idea”, given by 53% (51 to 55)."
    )
    told = found("typical", made([two]))
    assert not told.fired
    assert told.sentence.endswith("lies between “I have a vague idea” and “Reasonably well”.")
    assert told.claims == (Claim("median", "understanding", "", 1.0, limit=2.0),)
    assert found("most", shown, "understanding").fired
    assert not found("typical", shown).told


# Sides ------------------------------------------------------------------------------------------------------------


def test_outlook_names_the_side_that_leads() -> None:
    """Optimists, pessimists, or no clear side."""
    questions = ("outlook-own-work", "outlook-jobs-here", "outlook-own-job")
    shown = made([figure("net", q, value, 0.03) for q, value in zip(questions, (0.28, -0.36, 0.01), strict=True)])
    told = [found("outlook", shown, question) for question in questions]
    assert [f.sentence for f in told] == [
        "More staff are optimistic than pessimistic about AI’s effect on their own work, by 28 points (25 to 31).",
        "More staff are pessimistic than optimistic about AI’s effect on the number of jobs here, "
        "by 36 points (33 to 39).",
        "Neither optimists nor pessimists about AI’s effect on keeping their own job are clearly ahead: "
        "+1 point (−2 to +4).",
    ]
    assert [f.fired for f in told] == [True, True, False]


def test_net_decides_about_all_its_questions_together() -> None:
    """One question of four that only just excludes zero is not enough: four chances to be wrong are four."""
    alone = made([figure("net", BALANCES[0], 0.05, 0.045)])
    among = made([figure("net", q, 0.05 if q == BALANCES[0] else 0.0, 0.045) for q in BALANCES])
    assert found("net", alone).fired
    told = found("net", among, BALANCES[0])
    assert not told.fired
    assert told.sentence == (
        "AI that talks with the people we serve: staff are divided, or too few answered to tell: +5 points (0 to +10)."
    )


def test_comfortable_needs_ten_points_for_certain() -> None:
    """By a comfortable margin: the words stand only where the lower bound is at least 10 points."""
    wide, thin, risk = (made([figure("net", BALANCES[3], value, 0.03)]) for value in (0.58, 0.12, -0.58))
    assert found("net", wide).sentence == (
        "AI that does paperwork: more staff see benefit than risk, by a comfortable margin of 58 points (55 to 61)."
    )
    assert found("net", thin).sentence == (
        "AI that does paperwork: more staff see benefit than risk, by 12 points (9 to 15)."
    )
    assert found("net", risk).sentence == (
        "AI that does paperwork: more staff see risk than benefit, by 58 points (55 to 61)."
    )
    assert [found("comfortable", shown).fired for shown in (wide, thin, risk)] == [True, False, False]
    assert not found("comfortable", wide).told


def test_every_says_it_for_all_and_silences_the_sentence_about_the_group() -> None:
    """In every organisation: certain in each; the weaker sentence about the group is then not told."""
    shown = made([*every_organisation(BALANCES[3], (0.5, 0.6, 0.7)), figure("net", BALANCES[3], 0.6, 0.03)])
    told = found("every", shown)
    assert told.sentence == (
        "AI that does paperwork: more staff see benefit than risk in every organisation of this group, "
        "by a comfortable margin of 60 points (57 to 63) overall."
    )
    assert told.fired
    assert not found("net", shown).told
    assert not told.caveat


def test_every_says_how_many_where_an_organisation_is_not_shown() -> None:
    """With one that is not shown: "large enough to report (k of m)", and nothing about it."""
    figures = every_organisation(BALANCES[3], (0.5, 0.6, 0.7))
    shown = made([*figures[:2], replace(figures[2], status=SUPPRESSED)])
    told = found("every", shown)
    assert told.sentence == (
        "AI that does paperwork: more staff see benefit than risk in every organisation large enough to report "
        "(2 of 3)."
    )
    assert told.claims == (Claim("net-every", BALANCES[3], "", 1, ("alder", "birch")),)
    assert not [f for f in find(made(figures[:1])) if f.rule == "every"]


def test_every_sorts_organisations_where_they_disagree() -> None:
    """Ahead, behind and undecided, by name; an undecided one at the edge of its own interval stays undecided."""
    told = found("every", made(every_organisation(BALANCES[3], (0.5, -0.4, 0.09))))
    assert not told.fired
    assert told.told
    assert told.sentence == (
        "AI that does paperwork: benefit is ahead at Alder Surgery; risk is ahead at Birch Homes; "
        "neither is clearly ahead at Cedar Health."
    )
    assert [claim.groups for claim in told.claims] == [("alder",), ("birch",)]
    assert not found("every", made(every_organisation(BALANCES[3], (0.0, 0.01, -0.01)))).told


def test_caveat_says_what_silent_staff_could_reverse() -> None:
    """Under 60 % response, or within 10 points: what it would take is said, unless nothing could do it."""
    low, thin, safe, sure = (
        found("net", made([figure("net", BALANCES[3], value, 0.02, response=response)]))
        for value, response in ((0.3, 0.4), (0.03, 0.65), (0.3, 0.65), (0.9, 0.58))
    )
    assert low.caveat == (
        "40% answered. This would reverse if those who did not answer differed from them by 50 points or more."
    )
    assert "differed from them by 9 points or more" in thin.caveat
    assert (safe.caveat, sure.caveat) == ("", "")
    figures = [
        replace(f, response=0.4, worst_case=(0.4 * (f.value or 0) - 0.6, 0.4 * (f.value or 0) + 0.6))
        for f in every_organisation(BALANCES[3], (-0.5, -0.3, -0.7))
    ]
    told = found("every", made(figures)).caveat
    assert told.startswith("40% answered at Birch Homes.")
    assert "by 50 points or more" in told


@pytest.mark.parametrize(
    ("value", "begins", "fired"),
    [(0.26, "Many staff say", True), (0.61, "Most staff say", True), (0.205, "21% (16 to 25) of staff say", False)],
)
def test_cannot_judge_counts_many_and_most(value: float, begins: str, fired: bool) -> None:
    """Many: certainly above 20 %; most: certainly above 50 %; else the share alone."""
    told = found("cannot_judge", made([figure("share", BALANCES[0], value, 0.04, "dont-know-enough")]))
    assert told.sentence.startswith(begins)
    assert "don’t know enough to judge AI that talks with the people we serve" in told.sentence
    assert told.fired is fired


# Comparisons ------------------------------------------------------------------------------------------------------


def comparison(family: str, question: str, groups: Sequence[str], **values: object) -> Comparison:
    """A comparison of the nets of organisations."""
    ids = tuple(f.id for f in every_organisation(question, (0.0, 0.0, 0.0)) if f.group.code in groups)
    at = tuple(Group(ORGANISATION, name) for name in groups)
    return replace(Comparison(family, "by hand", question, "1", at, ids), **values)  # type: ignore[arg-type]


def differing(p: float, gap: float) -> Release:
    """A planned comparison with this p, and one pair with this gap."""
    question = BALANCES[0]
    test = comparison("planned", question, list(NAMES), p=p, p_adjusted=p, smallest_found=0.234)
    pair = comparison("pairs", question, ["alder", "birch"], difference=gap, low=gap - 0.05, high=gap + 0.05)
    return made(every_organisation(question, (0.0, 0.0, 0.0)), [test, pair])


def test_differ_names_the_widest_pair() -> None:
    """Organisations differ: the test survives, and a pair is certainly apart by at least 10 points."""
    told = found("differ", differing(0.001, -0.3))
    assert told.sentence == (
        "The view of AI that talks with the people we serve differs between organisations: "
        "the lead of benefit over risk is 30 points lower at Alder Surgery than at Birch Homes."
    )
    assert told.claims == (Claim("lower", BALANCES[0], "", 0.0, ("alder", "birch")),)
    assert found("differ", differing(0.001, 0.3)).claims[0].groups == ("birch", "alder")


@pytest.mark.parametrize(("p", "gap"), [(0.06, 0.3), (0.001, 0.09), (0.001, 0.04)], ids=["p", "gap", "pair"])
def test_differ_says_what_could_have_been_missed(p: float, gap: float) -> None:
    """Without a test that survives, or a pair far enough apart: no difference found, and what would be missed."""
    told = found("differ", differing(p, gap))
    assert not told.fired
    assert told.sentence.endswith(
        ": no difference between organisations was found; a gap of less than 23 points could have been missed."
    )


def areas(shares: dict[str, float], apart: bool) -> Release:
    """Areas of use with their shares, all told apart or none."""
    figures = [figure("share", "first-area", share, 0.02, name) for name, share in shares.items()]
    p = 0.001 if apart else 0.5
    tests = [
        Comparison("areas", "by hand", "first-area", "1", (EVERYONE,), (a.id, b.id), p=p, p_adjusted=p)
        for place, a in enumerate(figures)
        for b in figures[place + 1 :]
    ]
    pairs = [(a.selector, b.selector) for place, a in enumerate(figures) for b in figures[place + 1 :]]
    return made(figures, [replace(test, selectors=pair) for test, pair in zip(tests, pairs, strict=True)])


def test_area_is_first_or_joint_first() -> None:
    """First where it leads every other for certain; else all that cannot be told apart from it; "no area" never."""
    shares = {"meetings": 0.10, "documents": 0.30, "dont-know": 0.60}
    first, joint = found("area", areas(shares, apart=True)), found("area", areas(shares, apart=False))
    assert first.sentence == (
        "The most useful area for AI right now: “Letters, forms and care notes” comes first, named by 30% (28 to 32)."
    )
    assert joint.sentence == (
        "The most useful area for AI right now: joint first are “Letters, forms and care notes”, named by "
        "30% (28 to 32) and “Notes of meetings”, named by 10% (8 to 12)."
    )
    assert (first.fired, joint.fired) == (True, False)
    assert joint.claims == (Claim("first", "first-area", "documents+meetings"),)
    names = ("documents", "meetings", "treatment", "early-warning", "finance-and-hr")
    told = found("area", areas(dict.fromkeys(names, 0.1), apart=False))
    assert told.sentence == "The most useful area for AI right now: no area stands out; 5 of 5 could be first."


BOUND = Bound("used", "share", "yes", 0.7, 0.08, 0.97, 0.2)


def test_represent_has_its_mark_at_sixty_percent() -> None:
    """60 % or more answered: said as it is; else with what that means."""
    good, bad = (
        found("represent", made([], participation=[Participation(EVERYONE, 1200, answered)])) for answered in (720, 700)
    )
    assert good.sentence == "720 of 1,200 staff answered (60%)."
    assert good.fired
    assert not bad.fired
    assert bad.sentence.endswith("; that is fewer than 60%, so no sentence here says what all staff think.")
    bounded = replace(made([], participation=[Participation(EVERYONE, 1200, 132)]), who=Who(bounds=(BOUND,)))
    assert "“Who answered” shows how far" in found("represent", bounded).sentence
    unknown = made([], participation=[Participation(EVERYONE, None, None)])
    assert "represent" not in [finding.rule for finding in find(unknown)]


# All rules --------------------------------------------------------------------------------------------------------


def test_rules_that_find_nothing_shown_say_next_to_nothing() -> None:
    """A release without figures brings only what is not known."""
    assert [finding.rule for finding in find(made([]))] == ["unapproved", "voice"]
    assert len(RULES) == 15


def test_finding_survives_json() -> None:
    """A finding read again is the same, but for its claims."""
    told = found("net", made([figure("net", BALANCES[3], 0.58, 0.03)]))
    again = Finding.from_json(told.to_json())
    assert again == replace(told, claims=())
    assert again.id == told.id


def test_verdicts_hold_for_several_figures_at_once() -> None:
    """Holm: the clearest is tested hardest; figures without bounds decide nothing; censuses are certain."""
    edge = figure("net", BALANCES[0], 0.1, 0.1 * 1.959964 / 1.644854)
    assert chance(edge, 0.0, 1) == pytest.approx(0.05)
    assert sides([figure("net", q, 0.10, 0.09) for q in BALANCES]) == (0, 0, 0, 0)
    assert sides([figure("net", BALANCES[0], -0.10, 0.09), figure("net", BALANCES[1], 0.9, 0.1)]) == (-1, 1)
    assert above([(figure("share", BALANCES[0], 0.3, 0.0, "x"), 0.2)]) == (True,)
    assert above([(replace(edge, at_least=None), 0.0)]) == (False,)
    assert sides([]) == everywhere([]) == each_side([]) == highest([], (0.2,)) == ()


def test_verdicts_about_rows_and_about_each() -> None:
    """A row is as certain as its weakest net; each alone is tested as one of all; the highest bound counts."""
    strong, weak = figure("net", BALANCES[0], 0.5, 0.1), figure("net", BALANCES[0], 0.10, 0.09)
    assert everywhere([[strong, weak], [strong, strong]]) == (1, 1)
    assert everywhere([[strong, weak], [weak, strong], [strong, replace(strong, at_least=-0.1)]]) == (0, 0, 0)
    assert each_side([strong, weak]) == (1, 0)
    share = figure("share", BALANCES[0], 0.3, 0.05, "x")
    assert highest([share, figure("share", BALANCES[1], 0.9, 0.05, "x")], (0.2, 0.5)) == (0.2, 0.5)
    assert highest([share], (0.28,)) == (None,)


def test_words_for_numbers() -> None:
    """Signs are real minus signs; lists read as lists."""
    assert [signed(n) for n in (3, 0, -3)] == ["+3", "0", "−3"]
    assert listed(["A"]) == "A"
    assert listed(["A", "B", "C"]) == "A, B and C"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    """The benchmark of findings, which holds findings against the truth."""
    path = Path(__file__).parents[2] / "benchmarks" / "findings.py"
    spec = importlib.util.spec_from_file_location("benchmark_of_findings", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_findings_are_true_and_made_in_a_few_studies(benchmark: ModuleType) -> None:
    """A short run of the benchmark: the demo's main findings are made, and hardly anything false is said."""
    studies = benchmark.surveys(DESIGN, range(1, 13))
    rates = {(rate.rule, rate.question): rate for rate in benchmark.rates(studies)}
    for question in BALANCES[1:]:
        assert rates["every", question].fired == 1
        assert rates["comfortable", question].fired == 1
    assert rates["cannot_judge", BALANCES[0]].fired == 1
    assert rates["unused", "ever-used"].fired == 1
    assert rates["area", "first-area"].fired == 1
    assert max(rate.false for rate in rates.values()) <= 2 / 12


def test_findings_are_seldom_false_where_that_is_hardest(benchmark: ModuleType) -> None:
    """On the edge of every rule, no rule is false in more than 3 of 12 studies (by chance: once in 450 for each)."""
    rates = list(benchmark.rates(benchmark.surveys(EDGE, range(1, 13))))
    assert max(rate.false for rate in rates) <= 3 / 12
    assert not any(rate.fired for rate in rates if rate.rule == "every")

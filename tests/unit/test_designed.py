"""Figures of samples in strata and clusters: what their precision is worth, and what stays unsaid."""

from typing import Any

import numpy as np
import pytest

from surefoot.estimate import EVERYONE, MEAN, MEDIAN, NET, NOW, SIDE_HIGH, Figure, Group, compare, endless, estimate
from surefoot.estimate.design import comparing, design_of
from surefoot.estimate.explore import explore
from surefoot.estimate.linear import measure, measured, number_measure
from surefoot.instrument import instrument_from_table
from surefoot.interval import adjusted_for_freedom, bonett_price, t_interval, wilson_from_share
from surefoot.responses import Missing, Responses, responses
from surefoot.study import ALL, Breakdown, Organisation, Study
from surefoot.study.sampling import Sampling
from surefoot.tally import count

INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "small",
        "title": "Small",
        "scale": [
            {
                "id": "view",
                "poles": {"low": "Risks", "high": "Benefits"},
                "options": [
                    {"id": "risks", "text": "Risks", "position": -1},
                    {"id": "equal", "text": "Equal", "position": 0},
                    {"id": "benefits", "text": "Benefits", "position": 1},
                ],
            },
            {
                "id": "level",
                "ordered": True,
                "options": [{"id": f"l{k}", "text": f"Level {k}", "position": k} for k in range(3)],
            },
            {"id": "role", "options": [{"id": "nurse", "text": "Nurse"}, {"id": "manager", "text": "Manager"}]},
        ],
        "question": [
            {"id": "view", "kind": "single", "text": "View", "scale": "view"},
            {"id": "level", "kind": "single", "text": "Level", "scale": "level"},
            {"id": "role", "kind": "single", "text": "Role", "scale": "role"},
            {"id": "years", "kind": "number", "text": "Years", "decimals": 1},
            {"id": "team", "kind": "number", "text": "Team"},
        ],
    }
)
TEAMS = [1] * 5 + [2] * 5 + [3] * 5 + [4] * 5
VIEW = [2, 2, 2, 2, 0, 2, 2, 1, 1, 0, 0, 0, 0, 2, 1, 1, 2, 0, 0, 1]
BY_TEAM = Sampling(cluster="team")


def study(sampling: Sampling | None = BY_TEAM, **settings: Any) -> Study:
    """A study of teams, broken down by role."""
    return Study("small", "Small", INSTRUMENT, breakdowns=(Breakdown("role"),), sampling=sampling, **settings)


def answers(**columns: Any) -> dict[str, Any]:
    """Twenty people in four teams."""
    base = {"view": VIEW, "level": [0, 1] * 10, "role": [0, 1] * 10, "years": list(range(10, 30)), "team": TEAMS}
    return base | columns


def figures(made: Study, **columns: Any) -> tuple[Figure, ...]:
    """The figures of their answers."""
    return estimate(count(people(made, **columns), made), made)


def people(made: Study, **columns: Any) -> Responses:
    """Their answers, of the first organisation if there is one."""
    return responses(INSTRUMENT, answers(**columns), organisations=made.organisation_ids)


def one(
    made: tuple[Figure, ...], question: str, selector: str = "", kind: str = "share", group: Group = EVERYONE
) -> Figure:
    """The one figure of a question, an answer and a group."""
    wanted = (question, selector, kind, group)
    (found,) = (f for f in made if (f.question, f.selector, f.kind, f.group) == wanted)
    return found


def test_share_is_wilson_at_the_effective_size_of_the_design() -> None:
    """It is p (1 - p) / SE^2, made smaller for three degrees of freedom (Korn and Graubard), in Wilson's interval."""
    made = study()
    tally = count(people(made), made)
    design, share = design_of(tally, made), measured(tally, ALL, measure(tally, INSTRUMENT["view"], "view", {2: 1.0}))
    worth = 0.4 * 0.6 / share.variance(design)[0]
    assert worth < 15
    found = one(estimate(tally, made), "view", "benefits")
    expected = wilson_from_share([0.4], adjusted_for_freedom([worth], [20], [3]))
    assert (found.value, found.effective_base) == pytest.approx((0.4, worth))
    assert (found.low, found.high) == pytest.approx((expected.low[0], expected.high[0]))
    assert found.method == "Wilson interval at the effective size of the design"


def test_teams_of_one_mind_are_worth_their_number() -> None:
    """Where whole teams answer alike, twenty people in four teams are worth three, degrees of freedom aside."""
    made = study()
    found = one(figures(made, view=[0] * 10 + [2] * 10), "view", "risks")
    assert found.effective_base == pytest.approx(3)
    alone = one(figures(study(None), view=[0] * 10 + [2] * 10), "view", "risks")
    assert found.low is not None
    assert alone.low is not None
    assert found.low < 0.1
    assert alone.low > 0.25


def test_teams_that_are_alike_are_worth_their_people_at_most() -> None:
    """Equal shares in all teams show no variance by chance; nobody is then worth more than one person."""
    made = study()
    found = one(figures(made, view=[0, 0, 1, 1, 2] * 4), "view", "benefits")
    expected = wilson_from_share([0.2], adjusted_for_freedom([20.0], [20], [3]))
    assert found.effective_base == pytest.approx(20)
    assert (found.low, found.high) == pytest.approx((expected.low[0], expected.high[0]))


def test_answer_that_nobody_gave_has_the_design_effect_of_the_others() -> None:
    """A share of 0 shows no variance; the largest design effect of the same question stands in."""
    made = study()
    found = figures(made, view=[0] * 10 + [1] * 10)
    assert one(found, "view", "benefits").effective_base == pytest.approx(one(found, "view", "risks").effective_base)
    assert one(found, "view", "benefits").high == pytest.approx(
        wilson_from_share([0.0], adjusted_for_freedom([3.0], [20], [3])).high[0]
    )


def test_group_in_one_cluster_can_be_anything() -> None:
    """One team says nothing about how teams differ: the value is shown, and the interval is all that is possible."""
    found = figures(study(), role=[0] * 5 + [1] * 15)
    nurses = Group("role", "nurse")
    share = one(found, "view", "benefits", group=nurses)
    assert (share.value, share.low, share.high) == pytest.approx((0.8, 0.0, 1.0), abs=1e-6)
    net = one(found, "view", kind=NET, group=nurses)
    assert (net.value, net.low, net.high) == pytest.approx((0.6, -1.0, 1.0), abs=1e-6)
    median = one(found, "level", kind=MEDIAN, group=nurses)
    assert (median.low, median.high) == (0.0, 2.0)
    mean = one(found, "years", kind=MEAN, group=nurses)
    assert (mean.value, mean.low, mean.high) == (pytest.approx(1.2), None, None)


def test_net_and_mean_by_design() -> None:
    """A net is Bonett and Price's at the effective size of the net; a mean is Student's with three degrees."""
    made = study()
    tally = count(people(made), made)
    design, found = design_of(tally, made), estimate(tally, made)
    net = measured(tally, ALL, measure(tally, INSTRUMENT["view"], "view", {2: 1.0, 0: -1.0}))
    worth = min(net.spread[0] / net.variance(design)[0], 20.0)
    expected = bonett_price([0.4], [0.35], [1.0], n_eff=adjusted_for_freedom([worth], [20], [3]))
    ours = one(found, "view", kind=NET)
    assert (ours.value, ours.low, ours.high) == pytest.approx((0.05, expected.low[0], expected.high[0]))
    years = measured(tally, ALL, number_measure(tally, INSTRUMENT["years"]))
    student = t_interval(years.value, years.standard_error(design), [3])
    mean = one(found, "years", kind=MEAN)
    assert (mean.value, mean.low, mean.high) == pytest.approx((1.95, student.low[0], student.high[0]))
    assert mean.method == "Student interval of a mean by the design"


def test_clusters_are_never_shown() -> None:
    """The question that says in which team somebody is has no figure and no table."""
    made = study()
    tally = count(people(made), made)
    assert "team" not in tally.items
    assert not [figure for figure in estimate(tally, made) if figure.question == "team"]


def test_all_clusters_and_everybody_in_them_leave_nothing_open() -> None:
    """Where every team was drawn and everybody in it answered, there is no interval; a skipped answer opens it."""
    made = study(Sampling(cluster="team", population={"all": 4}))
    for figure in figures(made):
        assert figure.low == figure.value == figure.high, figure
    skipped = [*VIEW[:-1], int(Missing.NOT_ANSWERED)]
    found = one(figures(made, view=skipped), "view", "risks")
    assert found.low is not None
    assert found.value is not None
    assert found.low < found.value
    assert one(figures(made, view=skipped), "years", kind=MEAN).low == 1.95


# Organisations ----------------------------------------------------------------------------------------------------

ORGANISATIONS = (
    Organisation("a", "A", "care", {"all": 90}),
    Organisation("b", "B", "care", {"all": 10}),
)
PLACES = [0] * 10 + [1] * 10


def test_whole_group_is_combined_by_headcount() -> None:
    """Each organisation counts by its staff; scores are added up by team, so teams in both are one team still."""
    for teams in (TEAMS, [1, 2, 3, 4, 5] * 4):
        made = study(organisations=ORGANISATIONS)
        tally = count(people(made, **{"@organisation": PLACES, "team": teams}), made)
        found = one(estimate(tally, made), "view", "risks")
        parts = measured(tally, "organisation", measure(tally, INSTRUMENT["view"], "view", {0: 1.0}))
        totals = (parts.totals * [0.9, 0.1]).sum(axis=1)
        n = len(totals)
        variance = n / (n - 1) * ((totals - totals.mean()) ** 2).sum()
        assert found.value == pytest.approx(0.9 * 0.2 + 0.1 * 0.5)
        kish = 1 / (0.9**2 / 10 + 0.1**2 / 10)
        worth = min(found.value * (1 - found.value) / variance, kish)
        assert found.effective_base == pytest.approx(worth)
        smooth = wilson_from_share([found.value], adjusted_for_freedom([worth], [20], [n - 1]))
        assert found.low == pytest.approx(max(np.floor(smooth.low[0] * 100), 7) / 100)
        assert (found.method, found.claim) == (f"{BY_DESIGN}, stratified by headcount", NOW)


BY_DESIGN = "Wilson interval at the effective size of the design"


def test_organisations_as_strata_are_corrected_by_their_staff() -> None:
    """Of an organisation of which everybody answered nothing is open; of the other something is."""
    made = study(
        Sampling("organisation"), organisations=(ORGANISATIONS[0], Organisation("b", "B", "care", {"all": 10}))
    )
    found = figures(made, **{"@organisation": PLACES})
    closed = one(found, "view", "risks", group=Group("organisation", "b"))
    assert closed.low == closed.value == closed.high
    wide = one(found, "view", "risks", group=Group("organisation", "a"))
    assert wide.low is not None
    assert wide.high is not None
    assert wide.high - wide.low > 0.3


def test_everybody_of_every_organisation_leaves_nothing_open() -> None:
    """Where all organisations are strata of which everybody answered, shares, nets and means are what they are."""
    organisations = tuple(Organisation(name, name, "care", {"all": 10}) for name in "ab")
    for figure in figures(study(Sampling("organisation"), organisations=organisations), **{"@organisation": PLACES}):
        assert [figure.low, figure.high] == pytest.approx([figure.value] * 2, abs=1e-12), figure


def test_worst_case_counts_people_whatever_the_clusters() -> None:
    """Of 100 staff 7 said so and 80 are silent: the bounds need neither design nor weights."""
    made = study(organisations=ORGANISATIONS)
    found = one(figures(made, **{"@organisation": PLACES}), "view", "risks")
    assert found.worst_case == pytest.approx((0.07, 0.87))
    weighted = figures(made, **{"@organisation": PLACES, "@weight": list(range(1000, 1020))})
    assert one(weighted, "view", "risks").worst_case == pytest.approx((0.07, 0.87))
    assert one(weighted, "view", "risks").method == f"{BY_DESIGN}, weighted, stratified by headcount"


def test_endless_studies_have_no_correction() -> None:
    """Between waves no population is finite, neither of people nor of clusters; an only cluster stays the only one."""
    made = endless(study(Sampling(cluster="team", population={"all": 4}, members={"1": 5})))
    found = one(figures(made), "view", SIDE_HIGH)
    plain = one(figures(study()), "view", SIDE_HIGH)
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high), abs=1e-5)
    assert Sampling("s", "c", {"x": 1, "y": 3}).endless(10) == Sampling("s", "c", {"x": 1, "y": 30})


def test_comparisons_follow_the_declared_design() -> None:
    """A study that measures single clusters from the mean of all compares too; its only clusters are no chance."""
    made = study(Sampling("role", "team", single_cluster="grand-mean"), organisations=ORGANISATIONS)
    tally = count(people(made, **{"@organisation": PLACES, "team": [*[1, 2] * 5, *[1, 3] * 5]}), made)
    assert comparing(tally, made).centre
    found = explore(tally, made, estimate(tally, made), question="view")
    assert {one.by for one in found} == {"organisation", "role"}
    compare(tally, made, estimate(tally, made))


@pytest.mark.parametrize("sampling", [BY_TEAM, Sampling("role"), Sampling("role", "team", {"nurse": 9}, {"1": 40})])
def test_nobody_and_almost_nobody(sampling: Sampling) -> None:
    """Without answers, or with those of two teams alone, figures have no number, or bounds that hold it."""
    made = study(sampling)
    nothing = estimate(count(responses(INSTRUMENT, {}), made), made)
    assert {figure.status for figure in nothing} == {"no answers"}
    few = {"view": [0, 2], "level": [0, 1], "role": [0, 0], "years": [1, 2], "team": [1, 2]}
    for figure in estimate(count(responses(INSTRUMENT, few), made), made):
        assert not figure.shown or figure.value is not None
        assert figure.kind == MEAN or figure.low is None or figure.low <= (figure.value or 0.0)

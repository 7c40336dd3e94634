"""Designs: what a study declares, what is refused, and how single clusters are handled."""

from typing import Any

import numpy as np
import pytest

from surefoot.errors import BadInput, Refused
from surefoot.estimate import rao_scott
from surefoot.estimate.design import Design, design_of
from surefoot.estimate.linear import measure, measured
from surefoot.instrument import instrument_from_table
from surefoot.responses import Missing, Responses, number_missing, responses
from surefoot.study import ALL, Breakdown, Organisation, Study
from surefoot.study.sampling import Sampling, check_sampling, sampling_from
from surefoot.tally import Tally, count

INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "small",
        "title": "Small",
        "scale": [
            {"id": "yes-no", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
            {"id": "area", "options": [{"id": "north", "text": "North"}, {"id": "south", "text": "South"}]},
        ],
        "question": [
            {"id": "used", "kind": "single", "text": "Used", "scale": "yes-no"},
            {"id": "area", "kind": "single", "text": "Area", "scale": "area"},
            {"id": "team", "kind": "number", "text": "Team"},
            {"id": "belief", "kind": "single", "text": "Belief", "scale": "yes-no", "personal": True},
        ],
    }
)
COLUMNS = {
    "used": [0, 1, 0, 1, 1, 0, 0, 1],
    "area": [0, 0, 0, 0, 1, 1, 1, 1],
    "team": [10, 10, 11, 12, 20, 20, 21, 21],
}


def study(sampling: Sampling | None, **settings: Any) -> Study:
    """A study of two areas with a declared design."""
    return Study("small", "Small", INSTRUMENT, sampling=sampling, **settings)


def answers(**columns: Any) -> Responses:
    """Answers of eight people in two areas and five teams."""
    return responses(INSTRUMENT, COLUMNS | columns)


def counted(sampling: Sampling, **columns: Any) -> tuple[Tally, Study]:
    """The tally of those answers, and the study."""
    made = study(sampling)
    return count(answers(**columns), made), made


def design(sampling: Sampling, **columns: Any) -> Design:
    """The design of those answers."""
    return design_of(*counted(sampling, **columns))


def test_declared_strata_and_clusters_are_counted() -> None:
    """Each stratum and cluster that a study names is a sampling unit; teams count within their area."""
    tally, _ = counted(Sampling("area", "team"))
    assert tally.units == (("0", "10"), ("0", "11"), ("0", "12"), ("1", "20"), ("1", "21"))
    made = design(Sampling("area", "team"))
    assert (made.size.tolist(), made.people.tolist()) == ([3, 3, 3, 2, 2], [2, 1, 1, 2, 2])
    assert made.clustered
    assert not design(Sampling("area")).clustered


def test_people_without_a_cluster_are_one_together() -> None:
    """Whoever did not say in which team, or area, they are forms a cluster, or a stratum, of their own."""
    lost = number_missing(Missing.NOT_ANSWERED)
    tally, _ = counted(Sampling("area", "team"), team=[lost, lost, 11, 12, 20, 20, 21, 21])
    assert tally.units[0] == ("0", "-1")
    tally, _ = counted(Sampling("area"), area=[-2, -4, 0, 0, 1, 1, 1, 1])
    assert tally.units == (("-1", ""), ("0", ""), ("1", ""))


def test_clusters_that_nobody_named_are_bad_input() -> None:
    """A file without the question of the clusters is no sample of one cluster."""
    with pytest.raises(
        BadInput, match="nobody who said in which cluster they are; expected the question of the clusters"
    ):
        design(Sampling("area", "team"), team=[number_missing(Missing.NOT_ASKED)] * 8)


def test_corrections_are_by_stratum_and_cluster() -> None:
    """Of 6 teams in the north 3 were drawn; of 4 people in team 20 two answered. Others have no correction."""
    made = design(Sampling("area", "team", {"north": 6}, {"20": 4}))
    assert made.fraction.tolist() == [0.5, 0.5, 0.5, 0, 0]
    assert made.second.tolist() == [1, 1, 1, 0.5, 1]


def test_strata_of_organisations_have_their_headcounts() -> None:
    """Where organisations are strata and people were drawn one by one, the population of a stratum is its staff."""
    organisations = (Organisation("a", "A", headcount={"all": 8}), Organisation("b", "B"))
    made = study(Sampling("organisation"), organisations=organisations)
    columns = {**COLUMNS, "@organisation": [0] * 4 + [1] * 4}
    tally = count(responses(INSTRUMENT, columns, organisations=("a", "b")), made)
    assert design_of(tally, made).fraction.tolist() == [0.5, 0.0]


def test_more_drawn_than_there_are_is_refused() -> None:
    """A population that is too small is wrong, and every interval would be."""
    with pytest.raises(BadInput) as refused:
        design(Sampling("area", "team", {"north": 2}))
    assert str(refused.value) == (
        "study, design, population: found north = 2; expected at least as many as are in the answers."
    )


ONE = [10, 10, 10, 10, 20, 20, 21, 21]


def test_single_cluster_is_refused_with_its_remedy() -> None:
    """A stratum of which one cluster was drawn says nothing about how its clusters differ."""
    with pytest.raises(Refused) as refused:
        design(Sampling("area", "team"), team=ONE)
    assert str(refused.value) == (
        'Refused by the rule "design": a stratum has one cluster of several, so nothing shows how far its clusters '
        'differ. Join strata so that each has two or more, or set single_cluster = "grand-mean" under [design].'
    )


def test_single_people_are_never_told_of() -> None:
    """One person of a stratum, or of no known stratum, counts from the mean of all, and nothing tells of it."""
    for sampling, columns in (
        (Sampling("area"), {"area": [0, 1, 1, 1, 1, 1, 1, 1]}),
        (Sampling("area", "team"), {"area": [-2, 0, 0, 0, 1, 1, 1, 1]}),
        (Sampling("area", "team", {"north": 9}, {"11": 4}), {}),
    ):
        tally, made = counted(sampling, **columns)
        share = measured(tally, ALL, measure(tally, INSTRUMENT["used"], "used", {0: 1.0}))
        plan = design_of(tally, made)
        assert share.variance(plan)[0] > 0
    alone = Design(np.array([0, 1]), np.array([1, 7]), False, np.zeros(2), np.ones(2))
    assert alone.variance(np.array([0.2, -0.2]), np.array([0.04, 0.1])) == pytest.approx(
        0.04 + 7 / 6 * (0.1 - 0.04 / 7)
    )


def test_only_cluster_of_a_stratum_is_no_chance() -> None:
    """Where the stratum has no other cluster nothing is drawn, so it adds no variance."""
    sampling = Sampling("area", "team", {"north": 1})
    tally, made = counted(sampling, team=ONE)
    share = measured(tally, ALL, measure(tally, INSTRUMENT["used"], "used", {0: 1.0}))
    plan = design_of(tally, made)
    south = share.totals[1:, 0]
    assert share.variance(plan)[0] == pytest.approx(2 * ((south - south.mean()) ** 2).sum())
    assert share.variance(plan.uncorrected())[0] == pytest.approx(share.variance(plan)[0])


def test_single_cluster_from_the_grand_mean() -> None:
    """With the option it counts by its distance from the mean of all scores, which is zero; as "adjust" in R survey."""
    tally, made = counted(Sampling("area", "team", single_cluster="grand-mean"), team=ONE)
    share = measured(tally, ALL, measure(tally, INSTRUMENT["used"], "used", {0: 1.0}))
    south = share.totals[1:, 0]
    expected = share.totals[0, 0] ** 2 + 2 * ((south - south.mean()) ** 2).sum()
    assert share.variance(design_of(tally, made))[0] == pytest.approx(expected)


def test_degrees_of_freedom_are_of_those_in_the_group() -> None:
    """Clusters less strata, of those with people in the base; people less strata where they were drawn one by one."""
    tally, _ = counted(Sampling("area", "team"))
    share = measured(tally, ALL, measure(tally, INSTRUMENT["used"], "used", {0: 1.0}))
    assert share.freedom(design_of(tally)).tolist() == [3]
    few, _ = counted(Sampling("area", "team"), used=[0, 1, 0, 1, -2, -2, -2, -2])
    share = measured(few, ALL, measure(few, INSTRUMENT["used"], "used", {0: 1.0}))
    assert share.freedom(design_of(few)).tolist() == [2]
    tally, _ = counted(Sampling("area"))
    share = measured(tally, ALL, measure(tally, INSTRUMENT["used"], "used", {0: 1.0}))
    assert share.freedom(design_of(tally)).tolist() == [6]


def test_nothing_to_test() -> None:
    """One group, or one answer that everybody gave: no test, rather than a p of one."""
    made = Study("small", "Small", INSTRUMENT, breakdowns=(Breakdown("area"),))
    for columns in ({"area": [0] * 8}, {"used": [1] * 8}):
        found = rao_scott(count(answers(**columns), made), "area", INSTRUMENT["used"])
        assert np.isnan([found.f, found.df, found.df_error, found.p]).all()


def test_groups_that_take_part_are_chosen() -> None:
    """Hidden groups take no part: with one group left there is no test."""
    made = Study("small", "Small", INSTRUMENT, breakdowns=(Breakdown("area"),))
    tally = count(answers(), made)
    assert np.isfinite(rao_scott(tally, "area", INSTRUMENT["used"]).p)
    assert np.isnan(rao_scott(tally, "area", INSTRUMENT["used"], groups=(1,)).p)


# What a study may declare -----------------------------------------------------------------------------------------


def test_declared_design_is_read() -> None:
    """Every setting of the table [design]."""
    table = {"stratum": "area", "cluster": "team", "population": {"north": 6}, "members": {"20": 4}}
    assert sampling_from(table, "study.toml, design") == Sampling("area", "team", {"north": 6}, {"20": 4})


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, "d: found neither strata nor clusters; expected stratum or cluster, the id of a question."),
        ({"strata": "area"}, 'd: found the key "strata"; expected one of stratum, cluster, population'),
        ({"stratum": 3}, "d, stratum: found 3; expected the id of a question in quotes."),
        ({"stratum": "area", "population": {"north": 0}}, "d, population: found north = 0; expected a whole number"),
        ({"stratum": "area", "population": 7}, "d, population: found 7; expected lines such as north = 40."),
        ({"stratum": "area", "members": {"1": 4}}, "d, members: found people by cluster; expected cluster = ..."),
        ({"cluster": "team", "single_cluster": "skip"}, "d, single_cluster: found 'skip'; expected \"refuse\" or"),
        ({"stratum": "team"}, 'd, stratum: found "team"; expected one of: used, area.'),
        ({"stratum": "belief"}, 'd, stratum: found "belief"; expected one of: used, area.'),
        ({"cluster": "site"}, 'd, cluster: found "site"; expected one of: used, area, team.'),
        ({"cluster": "used"}, 'd, cluster: found "used"; expected a question that is no stratum, breakdown'),
        ({"stratum": "area", "population": {"east": 7}}, 'd, population: found the name "east"; expected one of north'),
        ({"cluster": "area", "members": {"east": 7}}, 'd, members: found the name "east"; expected one of north'),
        ({"cluster": "team", "population": {"north": 7}}, 'd, population: found the name "north"; expected one of all'),
    ],
)
def test_wrong_designs_are_refused(table: dict[str, Any], sentence: str) -> None:
    """Each mistake has its sentence."""
    with pytest.raises(BadInput) as refused:
        check_sampling(sampling_from(table, "d"), INSTRUMENT, ("a",), ("used",), "d")
    assert str(refused.value).startswith(sentence)

"""Figures: bases, statuses, headcounts, strata, and what cannot be said."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from surefoot.errors import BadInput
from surefoot.estimate import (
    EVERYONE,
    LIKE_THESE,
    MEAN,
    MEDIAN,
    NET,
    NO_ANSWERS,
    NOT_ASKED,
    NOW,
    SHOWN,
    SIDE_HIGH,
    Figure,
    Group,
    estimate,
    participation,
)
from surefoot.estimate.frame import headcounts
from surefoot.instrument import instrument_from_table
from surefoot.interval import Interval, bonett_price, mover, snap_outward, wilson
from surefoot.responses import ORGANISATION, Responses, number_missing, responses
from surefoot.responses import Missing as M
from surefoot.study import ALL, Breakdown, Organisation, Study
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
                    {"id": "unsure", "text": "I don't know enough to say"},
                ],
            },
            {
                "id": "level",
                "ordered": True,
                "options": [{"id": f"l{k}", "text": f"Level {k}", "position": k} for k in range(4)]
                + [{"id": "unsure", "text": "Not sure"}],
            },
            {"id": "tools", "options": [{"id": "chat", "text": "Chat"}, {"id": "notes", "text": "Notes"}]},
            {"id": "role", "options": [{"id": "nurse", "text": "Nurse"}, {"id": "manager", "text": "Manager"}]},
        ],
        "question": [
            {"id": "view", "kind": "single", "text": "View", "scale": "view"},
            {"id": "level", "kind": "single", "text": "Level", "scale": "level"},
            {"id": "tools", "kind": "multi", "text": "Tools", "scale": "tools"},
            {"id": "first", "kind": "ranked", "text": "First", "scale": "tools"},
            {"id": "years", "kind": "number", "text": "Years", "decimals": 1, "unit": "years"},
            {"id": "role", "kind": "single", "text": "Role", "scale": "role"},
        ],
    }
)
NAMES = ("a", "b", "c")


def study(staff: dict[str, int | None], types: str = "xxy", **settings: Any) -> Study:
    """A study of organisations with headcounts; types are their service types, one letter each."""
    made = tuple(
        Organisation(name, name.upper(), kind, {} if people is None else {"all": people})
        for (name, people), kind in zip(staff.items(), types, strict=False)
    )
    return Study("small", "Small", settings.pop("instrument", INSTRUMENT), made, **settings)


def answers(columns: dict[str, Any], organisations: tuple[str, ...] = NAMES) -> Responses:
    """Answers to the small instrument."""
    return responses(INSTRUMENT, columns, organisations=organisations)


def one(
    made: tuple[Figure, ...], question: str, selector: str = "", kind: str = "share", group: Group = EVERYONE
) -> Figure:
    """The one figure of a question, an answer and a group."""
    wanted = (question, selector, kind, group)
    (found,) = (f for f in made if (f.question, f.selector, f.kind, f.group) == wanted)
    return found


def figures(columns: dict[str, Any], made: Study | None = None, **settings: Any) -> tuple[Figure, ...]:
    """The figures of some answers."""
    of = made or Study("small", "Small", INSTRUMENT)
    return estimate(count(answers(columns, of.organisation_ids), of), of, **settings)


# Bases and statuses -----------------------------------------------------------------------------------------------


def test_do_not_know_is_an_answer() -> None:
    """ "I don't know enough to say" stays in the base; the four kinds of missing do not."""
    made = one(figures({"view": [0, 2, 3, 3, M.NOT_ASKED, M.NOT_ANSWERED, M.UNKNOWN]}), "view", "unsure")
    assert (made.base, made.value, made.status) == (4, 0.5, SHOWN)


def test_unticked_box_is_in_the_base() -> None:
    """In a multiple choice the base is all who answered the question, whether they ticked this box or not."""
    chat, notes = [1, M.UNTICKED, 1, M.NOT_ASKED], [M.UNTICKED, M.UNTICKED, 1, M.NOT_ASKED]
    made = figures({"tools/chat": chat, "tools/notes": notes})
    assert [(one(made, "tools", box).base, one(made, "tools", box).value) for box in ("chat", "notes")] == [
        (3, 2 / 3),
        (3, 1 / 3),
    ]


def test_ranked_share_is_of_first_places() -> None:
    """Of those who ranked at all, the share that put an option first."""
    made = figures({"first/chat": [1, 2, M.UNTICKED, M.NOT_ANSWERED], "first/notes": [2, 1, 1, M.NOT_ANSWERED]})
    assert (one(made, "first", "chat").base, one(made, "first", "chat").value) == (3, 1 / 3)
    assert one(made, "first", "notes").value == 2 / 3


def test_not_asked_is_told_from_no_answers() -> None:
    """A group whose questionnaire did not have a question, a group that left it empty, and a group of nobody."""
    made = figures(
        {"view": [M.NOT_ASKED, M.NOT_ASKED, M.NOT_ANSWERED, M.NOT_ASKED], "@organisation": [0, 0, 1, 1]},
        study({"a": None, "b": None, "c": None}),
    )
    found = [one(made, "view", "unsure", group=Group("organisation", name)) for name in NAMES]
    assert [figure.status for figure in found] == [NOT_ASKED, NO_ANSWERS, NO_ANSWERS]
    assert {(f.value, f.low, f.high, f.at_least, f.at_most, f.base) for f in found} == {(None,) * 5 + (0,)}


def test_group_without_weight_has_nothing_to_show() -> None:
    """People whose weights are all zero give no share, rather than a share of nothing."""
    made = one(figures({"view": [0, 1], "@weight": [0, 0]}), "view", "risks")
    assert (made.status, made.value) == (NO_ANSWERS, None)


# Headcounts and intervals -----------------------------------------------------------------------------------------


def test_census_has_no_interval() -> None:
    """Where everybody answered there is nothing to estimate: shares, nets, medians and means are what they are."""
    made = figures(
        {"view": [0, 2, 2], "level": [1, 1, 3], "years": [10, 20, 60], "@organisation": [0, 0, 0]}, study({"a": 3})
    )
    for figure in made:
        if figure.shown:
            assert figure.low == figure.value == figure.high, figure
    assert one(made, "years", kind=MEAN).value == 3.0


def test_claim_follows_the_headcount() -> None:
    """With a headcount a figure is about these staff now, without one about staff like these."""
    made = figures(
        {"view": [0, 1], "role": [0, 1], "@organisation": [0, 0]}, study({"a": 9}, breakdowns=(Breakdown("role"),))
    )
    assert (one(made, "view", "risks").claim, one(made, "view", "risks").population) == (NOW, 9)
    nurses = one(made, "view", "risks", group=Group("role", "nurse"))
    assert (nurses.claim, nurses.population, nurses.response) == (LIKE_THESE, None, None)


def test_share_is_wilson_with_correction_and_snapped() -> None:
    """Of 20 staff 12 answered: the interval of the function, widened to whole numbers of people."""
    view = [2] * 5 + [0] * 7
    made = one(figures({"view": view, "@organisation": [0] * 12}, study({"a": 20})), "view", "benefits", group=A)
    expected = snap_outward(wilson([5], [12], population=[20]), [5], [12], [20])
    assert (made.low, made.high) == (expected.low[0], expected.high[0])
    assert made.response == 0.6


A = Group("organisation", "a")


def test_routing_keeps_the_response_of_the_group() -> None:
    """Of 20 staff 12 responded and 6 were asked: the correction is that of the group, 12 of 20, not 6 of 20."""
    view = [2] * 3 + [0] * 3 + [M.NOT_ASKED] * 6
    made = one(figures({"view": view, "@organisation": [0] * 12}, study({"a": 20})), "view", "benefits", group=A)
    expected = wilson([3], [6], deff=1 / (19 / 8))
    assert made.base == 6
    assert (made.low, made.high) == pytest.approx((expected.low[0], expected.high[0]))


def test_net_is_bonett_price_on_the_effective_sample() -> None:
    """All who answered are its base, those who don't know included."""
    view = [2] * 6 + [0] * 2 + [1] + [3] * 3
    made = one(figures({"view": view, "@organisation": [0] * 12}, study({"a": 20})), "view", kind=NET, group=A)
    expected = bonett_price([6], [2], [12], n_eff=[12 * 19 / 8])
    assert made.value == pytest.approx(4 / 12)
    assert (made.low, made.high) == pytest.approx(whole_people(expected, 20))


def whole_people(made: Interval, staff: int) -> tuple[float, float]:
    """Bounds widened to whole numbers of staff."""
    return float(np.floor(made.low[0] * staff) / staff), float(np.ceil(made.high[0] * staff) / staff)


def test_skipped_answers_leave_bounds_whole_numbers_of_staff() -> None:
    """Of 20 staff 12 responded and 2 of them skipped it: bounds are counts of the 20, who were all asked."""
    view = [2] * 4 + [0] * 6 + [M.NOT_ANSWERED] * 2
    made = one(figures({"view": view, "@organisation": [0] * 12}, study({"a": 20})), "view", "benefits", group=A)
    expected = snap_outward(wilson([4], [10], population=[20]), [4], [10], [20])
    assert (made.low, made.high) == (expected.low[0], expected.high[0])


@pytest.mark.parametrize("weight", [1, 3])
def test_weighted_bounds_are_counts_that_the_answers_allow(weight: int) -> None:
    """Of 20 staff 5 said so and 7 did not: however they are weighted, 5 to 13 of the 20 may think so."""
    columns = {"view": [2] * 5 + [0] * 7, "@organisation": [0] * 12, "@weight": [1024 * weight] * 2 + [1024] * 10}
    made = one(figures(columns, study({"a": 20})), "view", "benefits", group=A)
    assert made.low is not None and made.high is not None
    for bound in (made.low, made.high):
        assert bound * 20 == pytest.approx(round(bound * 20))
    assert 5 / 20 <= made.low <= made.high <= 13 / 20


def test_median_is_of_positions_alone() -> None:
    """Answers off the scale have no place in the middle; the base says how many had one."""
    made = one(figures({"level": [0, 1, 1, 3, 4, 4]}), "level", kind=MEDIAN)
    assert (made.base, made.value) == (4, 1.0)


def test_bounds_of_a_median_hold_together_over_three_steps() -> None:
    """Four levels have three cumulative shares, each at 1 - 0.05 / 3: with a fourth the lower bound here would be 1."""
    made = one(figures({"level": [1] * 5 + [2] * 16}), "level", kind=MEDIAN)
    assert (made.low, made.value, made.high) == (2.0, 2.0, 2.0)
    fewer = one(figures({"level": [1] + [2] * 8}), "level", kind=MEDIAN)  # with two steps the lower bound would be 2
    assert (fewer.low, fewer.value, fewer.high) == (1.0, 2.0, 2.0)


def test_mean_has_the_unit_of_its_question() -> None:
    """Stored decimals are undone; one answer has a value and no interval."""
    made = one(figures({"years": [15, 25, number_missing(M.NOT_ANSWERED)]}), "years", kind=MEAN)
    assert (made.value, made.base, made.unit) == (2.0, 2, "years")
    alone = one(figures({"years": [15]}), "years", kind=MEAN)
    assert (alone.value, alone.low, alone.high) == (1.5, None, None)


def test_weights_move_the_share_and_shrink_the_effective_base() -> None:
    """A weight of three counts three times; the effective base is (sum w)^2 / sum w^2."""
    made = one(figures({"view": [0, 2, 2], "@weight": [3072, 1024, 1024]}), "view", "risks")
    assert (made.base, made.value) == (3, 0.6)
    assert made.effective_base == pytest.approx(25 / 11)


def test_wrong_headcount_is_refused() -> None:
    """More people answered than there are: the frame is wrong, and every rate and interval would be."""
    wrong = study({"a": 2, "b": 9})
    with pytest.raises(BadInput) as refused:
        figures({"view": [0, 1, 2], "@organisation": [0, 0, 0]}, wrong)
    assert str(refused.value) == (
        'study, organisation "a", headcount: found 2 staff but more people who answered; '
        "expected a headcount by the same rules as the invitations."
    )


def test_headcount_of_a_group_is_unknown_where_more_say_they_are_in_it() -> None:
    """Staff name their own role: where more do than the frame has, the frame does not bound that group."""
    by_role = replace(
        study({"a": 9}, breakdowns=(Breakdown("role"),), headcount_by="role"),
        organisations=(Organisation("a", "A", headcount={"nurse": 1, "manager": 8}),),
    )
    tally = count(answers({"role": [0, 0, 1], "@organisation": [0, 0, 0]}, ("a",)), by_role)
    assert np.isnan(headcounts(by_role, tally, "role")).tolist() == [True, False]


def test_weights_that_add_up_to_headcounts_count_once() -> None:
    """Weighted to its staff by role, the whole group is the weighted mean: headcounts do not count a second time."""
    view = [2] * 6 + [0] * 2 + [2] * 3 + [0] * 5
    weight = [w * 1024 for w in [20] * 4 + [5] * 4 + [2] * 4 + [1] * 4]
    made = one(
        figures({"view": view, "@organisation": [0] * 8 + [1] * 8, "@weight": weight}, study({"a": 100, "b": 12})),
        "view",
        "benefits",
    )
    assert made.method == "Wilson interval, weighted, stratified by headcount"
    assert made.value == pytest.approx(sum(w for w, v in zip(weight, view, strict=True) if v == 2) / sum(weight))


# Strata -----------------------------------------------------------------------------------------------------------

COLUMNS = {
    "view": [2] * 6 + [0] * 2 + [2] * 3 + [0] * 3 + [2] + [0] * 4,
    "@organisation": [0] * 8 + [1] * 6 + [2] * 5,
}
STAFF: dict[str, int | None] = {"a": 100, "b": 12, "c": 8}


def test_group_is_stratified_by_headcount() -> None:
    """The figure of all staff weights each organisation by its staff, not by how many of them answered."""
    made = one(figures(COLUMNS, study(STAFF)), "view", "benefits")
    assert made.value == pytest.approx((100 * 6 / 8 + 12 * 3 / 6 + 8 * 1 / 5) / 120)
    assert made.method == "Wilson interval, stratified by headcount"
    parts = wilson([6, 3, 1], [8, 6, 5], population=[100, 12, 8])
    expected = mover(parts, np.array([100, 12, 8]) / 120)
    assert (made.low, made.high) == pytest.approx(whole_people(expected, 120))


def test_two_organisations_collapsed_are_one_stratum() -> None:
    """Organisations too small to stand alone are pooled with each other, then stand for their staff together."""
    strata = (("a",), ("b", "c"))
    made = one(figures(COLUMNS, study(STAFF), strata=lambda _: strata), "view", "benefits")
    parts = wilson([6, 4], [8, 11], population=[100, 20])
    expected = mover(parts, np.array([100, 20]) / 120)
    assert made.value == pytest.approx(expected.value[0])
    assert (made.low, made.high) == pytest.approx(whole_people(expected, 120))


def test_all_collapsed_is_pooled() -> None:
    """One stratum of all organisations is the pooled share with its interval."""
    made = one(figures(COLUMNS, study(STAFF), strata=lambda _: (NAMES,)), "view", "benefits")
    expected = wilson([10], [19], population=[120])
    assert (made.value, made.low, made.high) == pytest.approx((10 / 19, *whole_people(expected, 120)))


def test_unknown_headcount_is_pooled() -> None:
    """Without every headcount there are no strata, and the figure is about staff like these."""
    made = one(figures(COLUMNS, study(STAFF | {"c": None})), "view", "benefits")
    assert (made.value, made.claim) == (pytest.approx(10 / 19), LIKE_THESE)
    assert made.method == "Wilson interval, pooled"
    assert one(figures(COLUMNS, study(STAFF)), "view", "benefits", group=A).method == "Wilson interval"


def test_service_types_are_stratified_unless_mixed() -> None:
    """Each type weights its own organisations; a stratum across types leaves the types pooled."""
    x = Group("service-type", "x")
    apart = one(figures(COLUMNS, study(STAFF)), "view", "benefits", group=x)
    assert apart.value == pytest.approx((100 * 6 / 8 + 12 * 3 / 6) / 112)
    mixed = figures(COLUMNS, study(STAFF), strata=lambda _: (("a",), ("b", "c")))
    assert one(mixed, "view", "benefits", group=x).value == pytest.approx(9 / 14)


def test_organisation_without_answers_has_no_say() -> None:
    """An organisation that was not asked a question is left out of its strata."""
    columns = COLUMNS | {"view": COLUMNS["view"][:14] + [M.NOT_ASKED] * 5}
    made = one(figures(columns, study(STAFF)), "view", "benefits")
    assert made.value == pytest.approx((100 * 6 / 8 + 12 * 3 / 6) / 112)


def test_headcount_of_those_left_out_is_left_out() -> None:
    """Where an organisation is in no table, its staff are in no population."""
    made = figures(COLUMNS, study(STAFF), left_out=("c",))
    assert one(made, "view", "benefits").population == 112


# Silence ----------------------------------------------------------------------------------------------------------


def figure(**parts: Any) -> Figure:
    """A figure with some parts of interest."""
    names = {"study": "s", "instrument": "i", "question": "q", "selector": "", "wave": "1", "method": "m"}
    rest = {"group": EVERYONE, "claim": NOW, "base": 60, "effective_base": 60.0, "low": None, "high": None}
    return Figure(**(names | rest | parts))


def worst_cases(staff: dict[str, int | None], given: list[list[int]]) -> dict[tuple[str, str], tuple[float, float]]:
    """Worst cases of everybody, by kind and selector. given: codes of `view` by organisation."""
    made_study = study(staff)
    places = [place for place, codes in enumerate(given) for _ in codes]
    columns = {"view": [code for codes in given for code in codes], ORGANISATION: places}
    figures = estimate(count(answers(columns), made_study), made_study)
    return {
        (f.kind, f.selector): f.worst_case
        for f in figures
        if f.group == EVERYONE and f.question == "view" and f.worst_case
    }


def test_worst_case_counts_the_silent_on_either_side() -> None:
    """20 staff, 10 answered, 7 of them for: between 7 and 17 of 20 are; the net lies between -6 and 14 of 20."""
    made = worst_cases({"a": 20}, [[2] * 7 + [0] * 3])
    assert made["share", SIDE_HIGH] == pytest.approx((7 / 20, 17 / 20))
    assert made["net", ""][1] - made["net", ""][0] == pytest.approx(1.0)


def test_worst_case_of_strata_counts_people_not_shares() -> None:
    """A few answers of a large organisation and many of a small one: what is possible follows from counts alone."""
    made = worst_cases({"a": 900, "b": 100}, [[2] * 9 + [0], [2] * 9 + [0] * 81])
    assert made["share", SIDE_HIGH] == pytest.approx((18 / 1000, (18 + 900) / 1000))


def test_skipping_widens_intervals_in_a_census() -> None:
    """Where all took part but some skipped the question, the interval has a width; where nobody skipped it has none."""
    for skipped, wide in ((0, False), (4, True)):
        made_study = study({"a": 40})
        codes = [2] * 20 + [0] * (20 - skipped) + [int(M.NOT_ANSWERED)] * skipped
        figures = estimate(count(answers({"view": codes, ORGANISATION: [0] * 40}), made_study), made_study)
        made = next(f for f in figures if (f.kind, f.selector) == ("share", SIDE_HIGH))
        assert made.low is not None
        assert made.high is not None
        assert (made.high > made.low) == wide


def test_tipping_point_of_a_net() -> None:
    """From r d + (1 - r)(d - t) = 0: at 60 % response a net of 0.2 falls to nothing where the silent are 0.5 lower."""
    made = figure(kind=NET, value=0.2, response=0.6)
    assert made.tipping_point == pytest.approx(0.5)
    assert figure(kind=NET, value=-0.2, response=0.6).tipping_point == pytest.approx(0.5)
    assert figure(kind=NET, value=0.2, response=1.0).tipping_point is None
    assert figure(kind="share", value=0.2, response=0.6).tipping_point is None


def test_participation_by_organisation() -> None:
    """Headcount and people who answered, of all and of each organisation; no rate where nobody was counted."""
    made_study = study({"a": 20, "b": None})
    tally = count(answers({"view": [0, 1, M.NOT_ANSWERED], "@organisation": [0, 0, 1]}, ("a", "b")), made_study)
    found = [(str(p.group), p.headcount, p.answered, p.rate) for p in participation(tally, made_study)]
    assert found == [("all", None, 3, None), ("organisation=a", 20, 2, 0.1), ("organisation=b", None, 1, None)]


def test_group_of_nobody_in_a_census_is_silent() -> None:
    """An organisation with no staff, beside one in which everybody answered: no warning, no number."""
    made = figures({"view": [0, 1], "@organisation": [0, 0]}, study({"a": 2, "b": 0}))
    found = one(made, "view", "risks", group=Group("organisation", "b"))
    assert (found.status, found.value) == (NO_ANSWERS, None)
    assert one(made, "level", kind=MEDIAN).value is None


def test_figures_do_not_name_answers() -> None:
    """The id hashes what was asked of whom and how; a changed answer changes no id, another wave does."""
    first, second = figures({"view": [0, 1]}), figures({"view": [2, 3]})
    assert [f.id for f in first] == [f.id for f in second]
    assert {f.id for f in first}.isdisjoint(f.id for f in figures({"view": [0, 1]}, wave="2"))


def test_all_is_the_first_grouping() -> None:
    """Everybody comes first, so that readers meet the whole before its parts."""
    tally = count(answers({"view": [0]}, ("a",)), study({"a": 5}))
    assert next(iter(tally.axes)) == ALL
    assert estimate(tally, study({"a": 5}))[0].question == INSTRUMENT.questions[0].id


def test_routed_questions_weigh_by_those_who_would_be_asked() -> None:
    """Of 100 staff all use tools, of 900 staff one in ten: the users are 100 and 90, so the first weigh more."""
    table = {
        "schema": "surefoot/instrument/1",
        "name": "routed",
        "title": "Routed",
        "scale": [{"id": "yes-no", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]}],
        "question": [
            {"id": "used", "kind": "single", "text": "Used", "scale": "yes-no"},
            {
                "id": "liked",
                "kind": "single",
                "text": "Liked",
                "scale": "yes-no",
                "show_if": [{"question": "used", "any_of": ["yes"]}],
            },
        ],
    }
    instrument = instrument_from_table(table)
    made_study = study({"a": 100, "b": 900}, instrument=instrument)
    columns = {
        "used": [0] * 20 + [0] * 10 + [1] * 90,
        "liked": [0] * 20 + [1] * 10 + [int(M.NOT_ASKED)] * 90,
        ORGANISATION: [0] * 20 + [1] * 100,
    }
    made = estimate(count(responses(instrument, columns, organisations=("a", "b")), made_study), made_study)
    assert one(made, "liked", "yes").value == pytest.approx(100 / (100 + 90))

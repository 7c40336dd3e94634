"""The release: nothing hidden gets through, not as a value and not as a hint."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from surefoot.errors import BadInput, Refused
from surefoot.estimate import Comparison, compare, estimate, participation
from surefoot.estimate.figure import MEDIAN, NET, NO_ANSWERS
from surefoot.release import (
    EVERYONE,
    FEW,
    SHOWN,
    SUPPRESSED,
    SURVEY,
    Figure,
    Group,
    Plan,
    Policy,
    Release,
    left_out,
    may_follow,
    plan,
    read_release,
    release,
    released,
    shown,
    write_release,
)
from surefoot.study import Study
from surefoot.tally import count

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def mixed(n: int, options: int = 3) -> list[int]:
    """Answers that go round the options."""
    return [(k * 7 + k // 5) % options for k in range(n)]


@pytest.fixture
def made(make) -> Release:
    """A release in which one organisation is small and another must be hidden with it."""
    study, answers = make([60, 50, 30, 5], {"role": [k % 3 for k in range(145)]}, {"q": mixed(145)})
    tally = count(answers, study)
    found = plan(tally, study)
    figures = estimate(tally, study, strata=found.strata_of)
    comparisons = compare(tally, study, figures, hidden=found.all_hidden)
    return release(figures, comparisons, participation(tally, study), found, study, SURVEY, now=NOW)


def test_hidden_groups_have_no_number_at_all(made: Release) -> None:
    """A suppressed figure has no value, no bounds, no base, no response: nothing that follows from answers."""
    hidden = [f for f in made.figures if f.group == Group("organisation", "org-2")]
    assert hidden
    assert {f.status for f in hidden} == {SUPPRESSED}
    assert {(f.value, f.low, f.high, f.at_least, f.at_most, f.base, f.effective_base) for f in hidden} == {
        (None, None, None, None, None, 0, 0.0)
    }
    assert {(f.population, f.response) for f in hidden} == {(None, None)}
    assert not made.is_shown(Group("organisation", "org-2"))
    assert made.is_shown(Group("organisation", "org-0"), "q")


def test_empty_and_small_groups_look_alike(make) -> None:
    """Inside what is not shown, a group nobody belongs to and a small one cannot be told apart."""
    study, answers = make([60, 50, 4, 0], {}, {"q": mixed(114)})
    tally = count(answers, study)
    found = plan(tally, study, left_out=left_out(tally))
    figures = release(estimate(tally, study), (), (), found, study, SURVEY, now=NOW).figures
    by_group = {
        name: [(f.status, f.value, f.base) for f in figures if f.group == Group("organisation", name)]
        for name in ("org-2", "org-3")
    }
    assert by_group["org-2"] == by_group["org-3"]


def test_reasons_tell_no_size(made: Release) -> None:
    """One wording for all groups that are not shown, whether small or hidden for another's sake."""
    assert len({n.reason for n in made.not_shown if n.question is None}) == 1


def test_participation_of_hidden_organisations_looks_alike(made: Release) -> None:
    """An organisation hidden for another's sake has no number, and then none says "fewer": the rest would be more."""
    by_group = {part.group.code: part for part in made.participation}
    assert (by_group["org-3"].answered, by_group["org-3"].status) == (None, SUPPRESSED)
    assert (by_group["org-2"].answered, by_group["org-2"].status) == (None, SUPPRESSED)
    assert (by_group["org-0"].answered, by_group["org-0"].status) == (60, SHOWN)
    assert by_group["all"].answered == 145


def test_total_participation_has_nobody_who_was_left_out(make) -> None:
    """The total counts only who is in the figures; otherwise one subtraction gives the small organisations."""
    study, answers = make([60, 50, 4], {}, {"q": mixed(114)})
    tally = count(answers, study)
    found = Plan(left_out=("org-2",))
    made = release((), (), participation(tally, study), found, study, SURVEY, now=NOW)
    total = made.participation[0]
    assert (total.answered, total.headcount) == (110, 2000)
    assert made.participation[-1].status == FEW


def test_comparisons_with_hidden_figures_are_dropped(make) -> None:
    """A difference to a hidden figure is the hidden figure."""
    study, answers = make([60, 50, 30, 5], {}, {"q": mixed(145)})
    tally = count(answers, study)
    found, figures = plan(tally, study), estimate(tally, study)
    ids = {f.group.code: f.id for f in figures if f.selector == "o0" and f.kind == "share"}
    tests = [Comparison("pairs", "m", "q", "1", (), (ids["org-0"], ids[other])) for other in ("org-1", "org-2")]
    made = release(figures, tests, (), found, study, SURVEY, now=NOW)
    assert [c.figures for c in made.comparisons] == [(ids["org-0"], ids["org-1"])]


def test_figure_on_few_people_is_suppressed_in_a_shown_group(made: Release) -> None:
    """A median of the nine who have a position is hidden though their group is shown for the question."""
    study = Study("s", "S", made.instrument)
    few, enough = (replace(made.figures[0], base=base) for base in (9, 11))
    none = replace(few, base=0, status=NO_ANSWERS)
    figures = release((few, enough, none), (), (), Plan(), study, SURVEY, now=NOW).figures
    assert [f.status for f in figures] == [SUPPRESSED, SHOWN, NO_ANSWERS]


def test_look_ups(made: Release) -> None:
    """Figures are found by question, group and selector; shares come in the order of the options."""
    assert [f.selector for f in made.shares("q")] == ["o0", "o1", "o2"]
    figure = made.figure("q", EVERYONE, "o1")
    assert figure is not None
    assert made.by_id[figure.id] is figure
    assert made.figure("q", EVERYONE, "nothing") is None
    assert [g.code for g in made.groups("role")] == ["o0", "o1", "o2"]
    assert set(made.breakdowns) == {"organisation", "role"}


def test_tables_are_rounded_as_shown(made: Release) -> None:
    """Polars and Arrow get whole percents, and null for what is hidden."""
    table = made.to_polars()
    assert table.height == len(made.figures) == made.to_arrow().num_rows
    hidden = table.filter(table["status"] == SUPPRESSED)
    assert hidden["base"].null_count() == hidden["percent"].null_count() == hidden.height > 0
    share = table.filter(table["kind"] == "share").drop_nulls("percent")
    assert (share["value"] * 100 - share["percent"]).abs().max() < 1e-9  # type: ignore[operator]


def test_file_is_the_release_as_shown(made: Release, tmp_path: Path) -> None:
    """release.json is strict JSON, null where hidden, and reading it and writing it again changes nothing."""
    path = write_release(made, tmp_path / "a", findings=[{"rule": "most"}])
    table = json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert table["schema"] == "surefoot/release/1"
    hidden = [f for f in table["figures"] if f["group"]["code"] == "org-2"]
    assert {
        (f["status"], f["base"], f["value"], f["percent"], f["effective_base"]) for f in hidden if "percent" in f
    } == {(SUPPRESSED, None, None, None, None)}
    again = read_release(path)
    assert write_release(again, tmp_path / "b").read_bytes() == path.read_bytes()
    assert [f.id for f in again.figures] == [f.id for f in made.figures]
    assert again.findings == ({"rule": "most"},)
    assert not list(tmp_path.rglob("*.part"))


def test_same_figures_give_the_same_stamp(made: Release, tmp_path: Path) -> None:
    """The stamp is a function of recipe, policy and what is shown."""
    assert made.stamp.startswith("release-")
    assert made.made == "2026-03-01T12:00:00Z"
    assert read_release(write_release(made, tmp_path)).stamp == made.stamp


@pytest.mark.parametrize("content", ["", "{}", '{"schema": "surefoot/release/1"}', "[]"])
def test_what_is_no_release_is_bad_input(content: str, tmp_path: Path) -> None:
    """A file that is no release is named, whatever it is."""
    path = tmp_path / "release.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput):
        read_release(path)


def test_only_a_release_is_drawn(made: Release) -> None:
    """Whatever draws asks for a Release, by type and at run time."""
    assert released(made) is made
    with pytest.raises(Refused, match="this is a tuple"):
        released(made.figures)


def test_second_release_needs_eleven_added_or_removed() -> None:
    """Two releases that differ by a few people are subtracted to those few."""
    may_follow((), 3, 0, SURVEY)
    may_follow(("release-1",), 11, 0, SURVEY)
    for added, removed in ((3, 0), (0, 10), (20, 1)):
        with pytest.raises(Refused):
            may_follow(("release-1",), added, removed, SURVEY)


def figure(kind: str, value: float, low: float, high: float) -> Figure:
    """A figure with the numbers given."""
    return Figure("s", "i", kind, "q", "o", EVERYONE, "1", "m", "c", 42, 41.6, value, low, high)


def test_rounding_is_half_away_from_zero_and_outward() -> None:
    """Values are rounded half away from zero, bounds outward, once."""
    share = shown(figure("share", 0.285, 0.2101, 0.3501))
    assert (share.percent, share.percent_low, share.percent_high, share.value) == (29, 21, 36, 0.29)
    net = shown(figure(NET, -0.125, -0.201, 0.0))
    assert (net.percent, net.percent_low, net.percent_high) == (-13, -21, 0)
    median = shown(figure(MEDIAN, 2.0, 1.0, 3.0))
    assert (median.value, median.percent, median.effective_base) == (2.0, None, 42)


def test_policy_sets_the_steps() -> None:
    """A policy may round shares to five points and bases to tens."""
    coarse = Policy("COARSE", round_percent=5, round_base=10)
    rounded = shown(figure("share", 0.285, 0.2101, 0.3501), coarse)
    assert (rounded.percent, rounded.percent_low, rounded.percent_high, rounded.base) == (30, 20, 40, 40)

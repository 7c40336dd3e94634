"""Stage A: no total of fewer than eleven people comes out by adding and subtracting groups that are shown."""

import itertools
from types import ModuleType

import numpy as np
import pytest

from surefoot.estimate import Group
from surefoot.release.incidence import Incidence, incidence
from surefoot.release.leak import Clock, OutOfTime, find_leak, hitting_set, simple_cuts, smallest_cover
from surefoot.tally import count


def everybody(make, people, breakdowns, **kwargs):
    """The incidence of a study by hand."""
    study, answers = make(people, breakdowns, {"q": [k % 3 for k in range(sum(people))]}, **kwargs)
    return incidence(count(answers, study))


def brute(who: Incidence, shown: np.ndarray, people: np.ndarray, minimum: int) -> bool:
    """The specification: try every multiple from -3 to 3 of every shown group."""
    member = who.member[shown][:, people > 0].astype(int)
    tries = np.array(list(itertools.product(range(-3, 4), repeat=len(member))))
    counted = tries @ member
    sets = ((counted == 0) | (counted == 1)).all(axis=1)
    total = counted @ people[people > 0]
    return bool((sets & (total >= 1) & (total < minimum)).any())


def test_small_rest_hides_the_next_smallest(make) -> None:
    """One group of five is the total less all others, so another group is hidden too: the smallest that is enough."""
    groups = [0] * 60 + [1] * 40 + [2] * 15 + [3] * 5
    who = everybody(make, [120], {"role": groups})
    shown = smallest_cover(who, who.sizes >= 11, who.people, 11, Clock.of(10))
    hidden = {who.groups[k] for k in np.flatnonzero(~shown)}
    assert hidden == {Group("role", "o3"), Group("role", "o2")}


def test_people_without_a_group_are_protected(make) -> None:
    """Three people who did not say their role are everybody less all roles."""
    who = everybody(make, [123], {"role": [0] * 60 + [1] * 45 + [2] * 15 + [-2] * 3})
    assert not smallest_cover(who, who.sizes >= 11, who.people, 11, Clock.of(10))[who.place[Group("role", "o2")]]


def test_leak_across_breakdowns_is_found(make) -> None:
    """Night staff (20) are eight of the only ward with a night, plus a whole group: no one breakdown tells, two do."""
    ward = [0] * 20 + [1] * 30 + [2] * 30
    shift = [0] * 12 + [1] * 38 + [1] * 30
    shift[:20] = [0] * 20
    shift[20:25] = [0] * 5
    who = everybody(make, [80], {"ward": ward, "shift": shift})
    shown = who.sizes >= 11
    assert not simple_cuts(who, shown, who.people, 11)
    cut = find_leak(who, shown, who.people, 11, Clock.of(10))
    assert cut == {who.place[Group("shift", "o0")], who.place[Group("ward", "o0")]} or cut is not None
    kept = smallest_cover(who, shown, who.people, 11, Clock.of(10))
    assert not brute(who, kept, who.people, 11)


@pytest.mark.parametrize("seed", range(8))
def test_reduced_program_equals_brute_force(random_studies: ModuleType, seed: int) -> None:
    """The integer program without redundant groups finds a leak exactly where trying all multiples does."""
    rng = np.random.default_rng(seed)
    shape = random_studies.Shape(
        staff=(90, 120), organisations=1, breakdowns=(3, 2), singles=0, multis=0, routed=0, nonresponse=0.0
    )
    study, answers = random_studies.random_study(seed, shape)
    who = incidence(count(answers, study))
    people = np.where(rng.random(len(who.people)) < 0.3, 0, rng.integers(5, 12, len(who.people)))
    people[0] += 11
    shown = who.counts(people) >= 11
    found = simple_cuts(who, shown, people, 11) or find_leak(who, shown, people, 11, Clock.of(10))
    assert bool(found) == brute(who, shown, people, 11)
    kept = smallest_cover(who, shown, people, 11, Clock.of(10))
    assert not brute(who, kept, people, 11)


def test_no_time_fails_closed() -> None:
    """A clock that has run out says so, and a cut of nothing but everybody cannot be mended."""
    with pytest.raises(OutOfTime):
        _ = Clock.of(0).left
    with pytest.raises(OutOfTime):
        hitting_set([frozenset({0})], np.array([5]), Clock.of(5))

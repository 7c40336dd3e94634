"""Frames to weights: what they meet, how small classes and unknown answers are treated, and what is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from surefoot.analyse import analyse_responses
from surefoot.errors import BadInput, Refused
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.responses import Missing, Responses, responses
from surefoot.study import Breakdown, Organisation, Study
from surefoot.study.margins import Margin, Weights
from surefoot.weights import Weighing, fixed, weigh

ROLES, GRADES = ("care", "desk", "lead"), ("low", "high")
MINIMUM = 11
People = Sequence[tuple[int, int, int, int]]
"""People, organisation, role and grade, as codes."""


def instrument() -> Instrument:
    """A role, a grade, and a question with sides."""
    scales = {"roles": ROLES, "grades": GRADES, "yes-no": ("yes", "no")}
    questions = {"role": "roles", "grade": "grades", "used": "yes-no"}
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "small",
            "title": "Small",
            "scale": [{"id": k, "options": [{"id": v, "text": v} for v in values]} for k, values in scales.items()],
            "question": [{"id": k, "kind": "single", "text": k, "scale": scale} for k, scale in questions.items()],
        }
    )


def study(headcounts: Mapping[str, Mapping[str, int]], weights: Weights | None) -> Study:
    """A study of some organisations."""
    made = tuple(Organisation(name, name, headcount=staff) for name, staff in headcounts.items())
    return Study("small", "Small", instrument(), made, (Breakdown("role"),), headcount_by="role", weights=weights)


def answers(people: People, names: Sequence[str]) -> Responses:
    """Answers of so many people; every third has used AI."""
    rows = np.array([row[1:] for row in people for _ in range(row[0])])
    used = np.arange(len(rows)) % 3 > 0
    columns: dict[str, Any] = {"@organisation": rows[:, 0], "role": rows[:, 1], "grade": rows[:, 2], "used": used}
    return responses(instrument(), columns, organisations=tuple(names))


def weighed(people: People, headcounts: Mapping[str, Mapping[str, int]], weights: Weights) -> Weighing:
    """What weighing gives."""
    made = weigh(answers(people, tuple(headcounts)), study(headcounts, weights), MINIMUM)
    assert made is not None
    return made


def totals(made: Weighing, *columns: str) -> dict[tuple[int, ...], float]:
    """Sums of weights by the codes of some columns, as shares."""
    weight = made.responses.codes("@weight")
    codes = zip(*(made.responses.codes(name).tolist() for name in columns), strict=True)
    found: dict[tuple[int, ...], float] = {}
    for code, own in zip(codes, weight.tolist(), strict=True):
        found[code] = found.get(code, 0.0) + own / int(weight.sum())
    return found


NORTH_SOUTH = {"north": {"care": 60, "desk": 40}, "south": {"care": 50, "desk": 150}}
FOUR: People = [(20, 0, 0, 0), (30, 0, 1, 0), (12, 1, 0, 1), (38, 1, 1, 1)]
POST, RAKE = Weights("post-stratify"), Weights("rake")


def test_post_stratified_cells_are_those_of_the_frame() -> None:
    """Each organisation's staff group has the weight of its headcount."""
    found = totals(weighed(FOUR, NORTH_SOUTH, POST), "@organisation", "role")
    assert found == pytest.approx({(0, 0): 0.2, (0, 1): 40 / 300, (1, 0): 50 / 300, (1, 1): 0.5}, rel=1e-5)


def test_raked_margins_are_those_of_the_frame() -> None:
    """Organisation, role and a further margin all hold after raking."""
    people: People = [
        (n + k, o, r, g) for k, (n, o, r, g) in enumerate([*FOUR, *[(15, o, r, 1 - o) for _, o, r, _ in FOUR]])
    ]
    made = weighed(people, NORTH_SOUTH, replace(RAKE, margins=(Margin("grade", {"low": 900, "high": 100}),)))
    assert totals(made, "@organisation") == pytest.approx({(0,): 1 / 3, (1,): 2 / 3}, rel=1e-5)
    assert totals(made, "role") == pytest.approx({(0,): 110 / 300, (1,): 190 / 300}, rel=1e-5)
    assert totals(made, "grade") == pytest.approx({(0,): 0.9, (1,): 0.1}, rel=1e-5)
    assert made.margins == ("organisation", "role", "grade")


def test_a_frame_that_answered_in_proportion_changes_nothing() -> None:
    """Where everybody answered at one rate, all weights are one, and every figure is that of no weights."""
    people: People = [(30, 0, 0, 0), (20, 0, 1, 0), (25, 1, 0, 1), (75, 1, 1, 1)]
    made = weighed(people, NORTH_SOUTH, POST)
    assert (made.design_effect, made.least, made.greatest) == (1.0, 1.0, 1.0)
    given = answers(people, tuple(NORTH_SOUTH))
    plain = analyse_responses(study(NORTH_SOUTH, None), given).release.figures
    weighted = analyse_responses(study(NORTH_SOUTH, POST), given).release.figures
    for one, other in zip(plain, weighted, strict=True):
        assert (one.value, one.low, one.high, one.base) == pytest.approx(
            (other.value, other.low, other.high, other.base)
        )


@pytest.mark.parametrize("weights", [POST, RAKE], ids=lambda weights: str(weights.method))
def test_order_of_people_does_not_matter(weights: Weights) -> None:
    """Shuffled people have the weights that they had."""
    rows = answers(FOUR, tuple(NORTH_SOUTH))
    order = np.random.default_rng(1).permutation(len(rows))
    shuffled = replace(rows, table=rows.table[order.tolist()])
    one, other = (weigh(each, study(NORTH_SOUTH, weights), MINIMUM) for each in (rows, shuffled))
    assert one and other
    assert one.responses.codes("@weight")[order].tolist() == other.responses.codes("@weight").tolist()


def test_groups_with_few_answers_are_joined() -> None:
    """Ten leads are too few to stand for theirs: they share a weight with the next smallest group."""
    headcounts = {"north": {"care": 60, "desk": 30, "lead": 40}}
    made = weighed([(20, 0, 0, 0), (12, 0, 1, 0), (10, 0, 2, 0)], headcounts, POST)
    found = totals(made, "role")
    assert made.joined == 1
    assert found[1,] / 12 == pytest.approx(found[2,] / 10)
    assert found[1,] + found[2,] == pytest.approx(70 / 130, rel=1e-5)


def test_small_organisations_are_joined_and_stay_whole() -> None:
    """Two organisations with few answers share one weight; a third, without any, adds its staff to theirs."""
    headcounts = {"a": {"care": 100, "desk": 100}, "b": {"care": 20, "desk": 30}, "c": {"all": 40}, "d": {"all": 10}}
    made = weighed([(40, 0, 0, 0), (20, 0, 1, 0), (9, 1, 0, 0), (8, 2, 1, 0)], headcounts, POST)
    found = totals(made, "@organisation")
    assert found[0,] == pytest.approx(0.6667, abs=1e-3)
    assert found[1,] / 9 == pytest.approx(found[2,] / 8)
    assert found[1,] + found[2,] == pytest.approx(100 / 300, rel=1e-5)


def test_people_of_unknown_role_have_the_weight_of_their_organisation() -> None:
    """Who skipped the role counts like the average of the organisation, and the rest meet the frame."""
    people = [*FOUR, (15, 0, int(Missing.NOT_ANSWERED), 0)]
    made = weighed(people, NORTH_SOUTH, POST)
    found = totals(made, "@organisation", "role")
    assert found[0, int(Missing.NOT_ANSWERED)] == pytest.approx(15 / 65 * 100 / 300, rel=1e-5)
    assert found[0, 0] / found[0, 1] == pytest.approx(1.5, rel=1e-5)
    assert totals(made, "@organisation") == pytest.approx({(0,): 1 / 3, (1,): 2 / 3}, rel=1e-5)


@pytest.mark.parametrize("weights", [POST, RAKE], ids=lambda weights: str(weights.method))
def test_few_people_of_unknown_role_count_with_the_smallest_group(weights: Weights) -> None:
    """Ten people without a role are too few to be told of, and the weight of care staff does not tell of them."""
    made = weighed(
        [(30, 0, 0, 0), (60, 0, 1, 0), (10, 0, int(Missing.NOT_ANSWERED), 0)], {"a": {"care": 90, "desk": 90}}, weights
    )
    found = totals(made, "role")
    assert found[0,] / 30 == pytest.approx(found[int(Missing.NOT_ANSWERED),] / 10)
    assert found[1,] == pytest.approx(0.5, rel=1e-5)


def test_people_of_no_organisation_keep_the_mean_weight() -> None:
    """Nobody counted them, so nothing is corrected for them."""
    made = weighed([*FOUR, (5, -1, 0, 0)], NORTH_SOUTH, POST)
    assert totals(made, "@organisation")[-1,] == pytest.approx(5 / 105, rel=1e-5)


def test_trimmed_weights_keep_their_sum() -> None:
    """A weight of nearly three times the mean is cut to twice; the others take over what was cut."""
    headcounts = {"north": {"care": 400, "desk": 200, "lead": 400}}
    people: People = [(100, 0, 0, 0), (85, 0, 1, 0), (15, 0, 2, 0)]
    whole, cut = (weighed(people, headcounts, Weights("post-stratify", trim)) for trim in (6.0, 2.0))
    assert (whole.trimmed, cut.trimmed) == (0, 15)
    assert cut.greatest == pytest.approx(2.0, rel=1e-5)
    assert cut.misfit == pytest.approx(40 - 100 * 15 * 2 / 200, abs=1e-3)
    care, desk = totals(cut, "role")[0,] / 100, totals(cut, "role")[1,] / 85
    assert care / desk == pytest.approx((400 / 100) / (200 / 85), rel=1e-5)


def test_margins_that_contradict_each_other_are_refused() -> None:
    """All care staff have a low grade, so care cannot be a tenth while low grades are nine tenths."""
    margins = (Margin("role", {"care": 10, "desk": 90}), Margin("grade", {"low": 90, "high": 10}))
    people: People = [(50, 0, 0, 0), (50, 0, 1, 1)]
    with pytest.raises(Refused, match=r"the margin \"(role|grade)\" does not fit"):
        weighed(people, {"north": {}}, replace(RAKE, margins=margins))


def test_too_few_answers_are_refused() -> None:
    """Ten people are no sample of anybody."""
    with pytest.raises(Refused, match="fewer than 11"):
        weighed([(10, 0, 0, 0)], {"north": {"care": 20}}, POST)


def test_an_organisation_that_nobody_counted_is_refused() -> None:
    """The others cannot be weighted to a frame that misses one."""
    with pytest.raises(BadInput, match='organisation "south", headcount'):
        weighed(FOUR, {"north": {"care": 60, "desk": 40}, "south": {}}, POST)


def test_a_missing_library_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without svy there are no weights, and one sentence says so."""
    monkeypatch.setitem(__import__("sys").modules, "svy", None)
    with pytest.raises(BadInput, match=r"pip install 'surefoot\[weights\]'"):
        weighed(FOUR, NORTH_SOUTH, POST)


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ([1.0, float("nan")], "no number"),
        ([1.0, float("inf")], "infinite"),
        ([1.0, -0.5], "negative"),
        ([1.0, 0.0], "a weight of nothing"),
        ([1.0, 1e-7], "too fine"),
        ([1.0] * 999 + [1e9], "too fine"),
    ],
)
def test_broken_weights_are_refused(weights: list[float], found: str) -> None:
    """One clear sentence for weights that cannot be weights."""
    with pytest.raises(BadInput, match=found):
        fixed(np.array(weights))


def test_rounded_weights_keep_their_mean() -> None:
    """The mean weight is the scale, but for rounding."""
    parts, scale = fixed(np.array([0.3, 1.7, 2.2, 0.9]))
    assert parts.sum() / (4 * scale) == pytest.approx(1.0, abs=1e-6)

"""Figures keep their promises on random studies: shares add up, bounds are possible, ids name no answer."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surefoot.estimate import MEDIAN, NET, NOW, SIDE_HIGH, SIDE_LOW, SIDE_MIDDLE, Figure, compare, estimate
from surefoot.interval import bonett_price, mover, round_half_away, snap_outward, wilson
from surefoot.responses import Responses
from surefoot.study import Study
from surefoot.tally import count

Studies = Callable[..., st.SearchStrategy[tuple[Study, Responses]]]
CLOSE = 1e-9
SIDES = (SIDE_HIGH, SIDE_MIDDLE, SIDE_LOW)


def figures_of(made: tuple[Study, Responses]) -> tuple[Figure, ...]:
    """All figures of a study."""
    study, answers = made
    return estimate(count(answers, study), study)


@given(data=st.data())
def test_shares_sum_to_one(data: st.DataObject, studies: Studies) -> None:
    """In every group the shares of the options of one single question sum to one, stratified or pooled."""
    made = data.draw(studies())
    total: dict[tuple[str, str], float] = defaultdict(float)
    for figure in figures_of(made):
        single = made[0].instrument[figure.question].kind == "single"
        if figure.kind == "share" and single and figure.shown and figure.selector not in SIDES:
            assert figure.value is not None
            total[figure.question, str(figure.group)] += figure.value
    assert all(abs(share - 1) < CLOSE for share in total.values())


@given(data=st.data())
def test_bounds_are_in_order(data: st.DataObject, studies: Studies) -> None:
    """The value lies within its bounds, and the one-sided 95 % bounds lie within the two-sided ones."""
    for figure in figures_of(data.draw(studies())):
        if figure.value is None or figure.low is None or figure.high is None:
            assert figure.value is None or figure.kind == "mean"
            continue
        assert figure.at_least is not None
        assert figure.at_most is not None
        assert figure.low - CLOSE <= figure.at_least <= figure.value + CLOSE
        assert figure.value - CLOSE <= figure.at_most <= figure.high + CLOSE
        lowest = {"share": 0.0, NET: -1.0}.get(figure.kind, -np.inf)
        assert lowest <= figure.low + CLOSE
        assert figure.high <= (1.0 if figure.kind in ("share", NET) else np.inf) + CLOSE


@given(data=st.data())
def test_bases_are_people(data: st.DataObject, studies: Studies) -> None:
    """A base is at most the people there are, and an effective base at most the base."""
    made = data.draw(studies())
    for figure in figures_of(made):
        assert 0 <= figure.base <= len(made[1])
        assert figure.effective_base <= figure.base + CLOSE
        assert figure.shown == (figure.value is not None)


@given(data=st.data())
def test_net_is_the_difference_of_sides(data: st.DataObject, studies: Studies) -> None:
    """The net of a scale with poles is the share of its positive side minus that of its negative side."""
    figures = figures_of(data.draw(studies()))
    shares = {(f.question, f.group, f.selector): f.value for f in figures if f.kind == "share"}
    for figure in figures:
        if figure.kind == NET and figure.value is not None:
            high, low = (shares[figure.question, figure.group, side] for side in (SIDE_HIGH, SIDE_LOW))
            assert high is not None
            assert low is not None
            assert figure.value == pytest.approx(high - low, abs=CLOSE)


@given(data=st.data())
def test_medians_are_positions(data: st.DataObject, studies: Studies) -> None:
    """A median and its bounds are positions of the scale."""
    made = data.draw(studies())
    for figure in figures_of(made):
        if figure.kind == MEDIAN and figure.shown:
            positions = {option.position for option in made[0].instrument[figure.question].options}
            assert {figure.low, figure.value, figure.high, figure.at_least, figure.at_most} <= positions


@given(data=st.data())
def test_bounds_are_possible_counts(data: st.DataObject, studies: Studies) -> None:
    """Of a group whose headcount is known and where all who responded answered, bounds are whole numbers of people.

    Weights can take the value itself beyond what the answers allow; the bound is the value then.
    """
    for figure in figures_of(data.draw(studies())):
        if figure.kind not in ("share", "net") or figure.population is None or figure.response is None:
            continue
        if figure.low is None or figure.high is None or round(figure.response * figure.population) != figure.base:
            continue
        assert figure.claim == NOW
        for bound in (figure.low, figure.high):
            people = bound * figure.population
            assert abs(people - round(people)) < 1e-6 or bound == figure.value, figure


@given(data=st.data(), factor=st.sampled_from((1, 3, 2**10)))
def test_equal_weights_change_nothing(data: st.DataObject, factor: int, studies: Studies) -> None:
    """Where everybody weighs the same, whatever that is, figures are those without weights."""
    study, made = data.draw(studies())
    alone = replace(made, table=made.table.with_columns(pl.lit(made.weight_scale).cast(pl.Int64).alias("@weight")))
    alike = replace(made, table=made.table.with_columns(pl.lit(factor).cast(pl.Int64).alias("@weight")))
    for one, other in zip(figures_of((study, alone)), figures_of((study, alike)), strict=True):
        parts = [(f.value, f.low, f.high, *(f.worst_case or (None,))) for f in (one, other)]
        assert parts[0] == pytest.approx(parts[1], abs=CLOSE)


@given(data=st.data(), seeds=st.tuples(st.integers(0, 9999), st.integers(0, 9999)))
def test_ids_do_not_depend_on_answers(
    data: st.DataObject,
    seeds: tuple[int, int],
    studies: Studies,
    answered_again: Callable[[Study, int], Responses],
) -> None:
    """Other answers to the same study give figures and comparisons of the same names."""
    study, _ = data.draw(studies())
    names = []
    for seed in seeds:
        tally = count(answered_again(study, seed), study)
        figures = estimate(tally, study)
        names.append(([f.id for f in figures], [c.id for c in compare(tally, study, figures)]))
    assert names[0] == names[1]
    assert len(set(names[0][0])) == len(names[0][0])


@given(data=st.data())
def test_order_of_rows_changes_no_figure(data: st.DataObject, studies: Studies) -> None:
    """Shuffled answers give equal figures, to the last bit."""
    study, made = data.draw(studies())
    order = data.draw(st.permutations(range(len(made))))
    assert figures_of((study, replace(made, table=made.table[list(order)]))) == figures_of((study, made))


@given(data=st.data())
def test_worst_case_holds_the_value(data: st.DataObject, studies: Studies) -> None:
    """The bounds without any assumption on those who are silent hold the value, where everybody has an organisation."""
    study, made = data.draw(studies())
    assume(not study.organisations or (made.codes("@organisation") >= 0).all())
    for figure in figures_of((study, made)):
        if figure.worst_case is not None and figure.value is not None:
            low, high = figure.worst_case
            assert low - CLOSE <= figure.value <= high + CLOSE


# Intervals --------------------------------------------------------------------------------------------------------

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(0, 400)))


@given(counts=COUNTS, times=st.integers(2, 5))
def test_more_answers_never_widen(counts: tuple[int, int, int], times: int) -> None:
    """At the same share, Wilson's interval is narrower with more answers; and wider at a higher level."""
    x, n, _ = counts
    less, more, surer = wilson([x], [n]), wilson([x * times], [n * times]), wilson([x], [n], level=0.99)
    assert more.high[0] - more.low[0] < less.high[0] - less.low[0]
    assert surer.low[0] <= less.low[0] <= x / n <= less.high[0] <= surer.high[0]


@given(counts=COUNTS)
def test_correction_only_narrows(counts: tuple[int, int, int]) -> None:
    """Knowing the headcount never widens, a census leaves nothing open, and an unknown headcount changes nothing."""
    x, n, silent = counts
    plain, known = wilson([x], [n]), wilson([x], [n], population=[n + silent])
    assert plain.low[0] - CLOSE <= known.low[0] <= known.high[0] <= plain.high[0] + CLOSE
    if silent == 0:
        assert known.low[0] == known.value[0] == known.high[0]
    assert wilson([x], [n], population=[np.nan]).low[0] == plain.low[0]


@given(counts=COUNTS)
def test_snapping_goes_outward_to_possible_counts(counts: tuple[int, int, int]) -> None:
    """Snapped bounds are whole numbers of people, no narrower than before except where a count is impossible."""
    x, n, silent = counts
    total = n + silent
    made = wilson([x], [n], population=[total])
    snapped = snap_outward(made, [x], [n], [total])
    for bound in (snapped.low[0], snapped.high[0]):
        assert abs(bound * total - round(bound * total)) < 1e-6 or bound == made.value[0]
    assert x / total - CLOSE <= snapped.low[0] <= snapped.value[0] <= snapped.high[0] <= (x + silent) / total + CLOSE
    assert snapped.low[0] <= max(made.low[0], x / total) + CLOSE
    assert snapped.high[0] >= min(made.high[0], (x + silent) / total) - CLOSE


@given(counts=COUNTS, share=st.floats(0, 1))
def test_net_is_antisymmetric(counts: tuple[int, int, int], share: float) -> None:
    """Swapping the sides of a scale changes the sign of the net and swaps its bounds."""
    x, n, _ = counts
    minus = int((n - x) * share)
    one, other = bonett_price([x], [minus], [n]), bonett_price([minus], [x], [n])
    assert one.value[0] == -other.value[0]
    assert one.low[0] == pytest.approx(-other.high[0], abs=CLOSE)
    assert -1 <= one.low[0] <= one.value[0] <= one.high[0] <= 1


@given(counts=st.lists(COUNTS, min_size=1, max_size=5), data=st.data())
def test_mover_stays_within_its_parts(counts: list[tuple[int, int, int]], data: st.DataObject) -> None:
    """A stratified interval is no wider than the weighted mean of the strata's bounds; one stratum is itself."""
    x, n, _ = (np.array(part) for part in zip(*counts, strict=True))
    size = np.array(data.draw(st.lists(st.integers(1, 900), min_size=len(n), max_size=len(n))))
    share = size / size.sum()
    parts = wilson(x, n)
    made = mover(parts, share)
    assert (share * parts.low).sum() - CLOSE <= made.low[0] <= made.value[0] + CLOSE
    assert made.value[0] - CLOSE <= made.high[0] <= (share * parts.high).sum() + CLOSE
    if len(n) == 1:
        assert made.low[0] == pytest.approx(parts.low[0], abs=CLOSE)


@given(tenths=st.integers(-(10**6), 10**6), digits=st.integers(0, 3))
def test_rounding_is_half_away_from_zero(tenths: int, digits: int) -> None:
    """A number written with one digit more is rounded as on paper: a 5 goes away from zero."""
    written = tenths / 10 ** (digits + 1)
    whole, rest = divmod(abs(tenths), 10)
    on_paper = (whole + (rest >= 5)) / 10**digits * (-1 if tenths < 0 else 1)
    assert float(round_half_away(written, digits)) == pytest.approx(on_paper, abs=1e-12)

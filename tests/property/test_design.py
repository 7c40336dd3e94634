"""Variances of designs keep their rules on random samples, and equal the plain sums over people that define them."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from surefoot.errors import Refused
from surefoot.estimate import MEAN, estimate
from surefoot.estimate.design import Design, design_of
from surefoot.estimate.linear import Linear, combined, measure, measured, number_measure
from surefoot.estimate.rao_scott import rao_scott
from surefoot.estimate.sums import picks, sums
from surefoot.instrument import instrument_from_table
from surefoot.responses import Missing, Responses, responses
from surefoot.study import ALL, Breakdown, Study
from surefoot.tally import ENGINES, Column, Rows, Tally, count, prepare

INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "random",
        "title": "Random",
        "scale": [
            {"id": name, "options": [{"id": f"o{k}", "text": f"{k}"} for k in range(size)]}
            for name, size in (("group", 2), ("answer", 3))
        ],
        "question": [
            {"id": "group", "kind": "single", "text": "Group", "scale": "group"},
            {"id": "answer", "kind": "single", "text": "Answer", "scale": "answer"},
            {"id": "years", "kind": "number", "text": "Years"},
        ],
    }
)
STUDY = Study("random", "Random", INSTRUMENT, breakdowns=(Breakdown("group"),))
QUESTION = INSTRUMENT["answer"]
CLOSE = 1e-9


@st.composite
def samples(draw: st.DrawFn, *, strata: bool = True, clusters: bool = True, equal: bool = False) -> Responses:
    """Some people in strata and clusters; a few did not answer."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(2, 40))
    answer = np.where(rng.random(n) < 0.15, int(Missing.NOT_ANSWERED), rng.integers(0, 3, n))
    columns = {"group": rng.integers(0, 2, n), "answer": answer, "years": rng.integers(0, 9, n)}
    if not equal:
        columns["@weight"] = rng.integers(1, 5000, n)
    if strata:
        columns["@stratum"] = rng.integers(0, draw(st.integers(1, 3)), n)
    if clusters:
        columns["@cluster"] = rng.integers(0, draw(st.integers(2, 9)), n)
    return responses(INSTRUMENT, columns)


def share(tally: Tally, by: str = ALL, answer: int = 0) -> Linear:
    """The share of one answer."""
    return measured(tally, by, measure(tally, QUESTION, "answer", {answer: 1.0}))


def usable(tally: Tally) -> Design:
    """The design of a tally; samples with a single cluster in a stratum are passed over."""
    try:
        return design_of(tally)
    except Refused:
        assume(False)
        raise


def by_hand(made: Responses, value: float) -> float:
    """The variance of the share of the first answer, one person and one cluster at a time, as the book has it."""
    answer, weight = made.codes("answer"), made.codes("@weight").astype(float)
    stratum, cluster = (made.codes(n) if n in made.table.columns else None for n in ("@stratum", "@cluster"))
    whole = weight[answer >= 0].sum()
    score = np.where(answer >= 0, weight * ((answer == 0) - value) / whole, 0.0)
    stratum = np.zeros(len(made)) if stratum is None else stratum
    cluster = np.arange(len(made)) if cluster is None else cluster
    total = 0.0
    for h in set(stratum):
        drawn = sorted(set(cluster[stratum == h]))
        scores = [score[(stratum == h) & (cluster == c)].sum() for c in drawn]
        mean = sum(scores) / len(drawn)
        total += len(drawn) / (len(drawn) - 1) * sum((z - mean) ** 2 for z in scores)
    return total


@given(made=st.one_of(samples(), samples(strata=False), samples(clusters=False)))
def test_variance_is_that_of_the_book(made: Responses) -> None:
    """Sums by cluster give what a walk over people gives."""
    tally = count(made, STUDY)
    design, ours = usable(tally), share(tally)
    assume(np.isfinite(ours.value[0]) and int(design.size.min()) > 1)
    assert ours.variance(design)[0] == pytest.approx(by_hand(made, ours.value[0]), rel=CLOSE, abs=1e-15)


@given(made=samples(strata=False, clusters=False))
def test_each_person_a_cluster_is_no_cluster(made: Responses) -> None:
    """Where everybody is a cluster alone, the variance is the closed form without clusters."""
    alone = replace(made, table=made.table.with_columns(pl.Series("@cluster", np.arange(len(made)), dtype=pl.Int32)))
    tally, plain = count(alone, STUDY), count(made, STUDY)
    for by in (ALL, "group"):
        expected = sums(plain, by, QUESTION, tuple(picks(QUESTION))).standard_error(sample=len(made))[0]
        for one in (tally, plain):
            ours = share(one, by).standard_error(design_of(one))
            kept = np.isfinite(expected)
            assert ours[kept] == pytest.approx(expected[kept], rel=CLOSE, abs=1e-12)


def sum_of(rows: Rows, parts: list[np.ndarray]) -> Tally:
    """The tallies of some parts of the rows, added up."""
    total = ENGINES["numpy"](rows, None).zero()
    for which in parts:
        items, groupings = (
            tuple(Column(column.axis, column.places[which]) for column in columns)
            for columns in (rows.items, rows.groupings)
        )
        part = replace(rows, items=items, groupings=groupings, weight=rows.weight[which], unit=rows.unit[which])
        total = total + ENGINES["numpy"](part, None)
    return total


@given(made=samples(), data=st.data())
def test_order_and_parts_change_nothing(made: Responses, data: st.DataObject) -> None:
    """Shuffled people, another engine, and tallies added up give the equal variance, to the last bit."""
    order = data.draw(st.permutations(range(len(made))))
    shuffled = replace(made, table=made.table[list(order)])
    tallies = [count(made, STUDY), count(shuffled, STUDY), ENGINES["plain"](prepare(made, STUDY), None)]
    rows = prepare(made, STUDY)
    first = data.draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made)))
    tallies.append(sum_of(rows, [np.flatnonzero(first), np.flatnonzero(~np.array(first))]))
    design = usable(tallies[0])
    variances = [share(tally, "group").variance(design).tolist() for tally in tallies]
    assert all(np.array_equal(variances[0], other, equal_nan=True) for other in variances[1:])


@given(made=samples(equal=True), factor=st.integers(2, 5000))
def test_equal_weights_are_no_weights(made: Responses, factor: int) -> None:
    """A weight that everybody has changes no estimate, no error and no test."""
    alike = replace(made, table=made.table.with_columns(pl.lit(factor).cast(pl.Int64).alias("@weight")))
    one, other = count(made, STUDY), count(alike, STUDY)
    design = usable(one)
    assert share(one).value == pytest.approx(share(other).value, rel=CLOSE, nan_ok=True)
    assert share(one).variance(design) == pytest.approx(share(other).variance(design), rel=CLOSE, abs=1e-15)
    tests = [rao_scott(one, "group", QUESTION), rao_scott(other, "group", QUESTION)]
    tests.append(rao_scott(other, "group", QUESTION, weighted=False))
    for made_of in tests[1:]:
        assert (made_of.f, made_of.p) == pytest.approx((tests[0].f, tests[0].p), rel=1e-6, nan_ok=True)


@given(made=samples(), fraction=st.floats(0.01, 1))
def test_correction_scales_the_variance(made: Responses, fraction: float) -> None:
    """Knowing a part of all clusters takes that part of the variance away; knowing all leaves none."""
    tally = count(made, STUDY)
    design = usable(tally)
    some = replace(design, fraction=np.full(len(tally.units), fraction))
    whole = share(tally).variance(design)[0]
    assert share(tally).variance(some)[0] == pytest.approx((1 - fraction) * whole, rel=CLOSE, abs=1e-15)


@given(made=samples())
def test_answers_and_numbers_agree(made: Responses) -> None:
    """The mean of a number that is 1 for one answer and 0 for others is its share, with the same variance."""
    columns = {name: made.codes(name) for name in ("group", "answer", "@weight", "@stratum", "@cluster")}
    columns["answer"] = np.maximum(columns["answer"], 0)
    columns["years"] = np.where(columns["answer"] == 0, 1, 0)
    tally = count(responses(INSTRUMENT, columns), STUDY)
    design = usable(tally)
    number = measured(tally, "group", number_measure(tally, INSTRUMENT["years"]))
    assert number.value == pytest.approx(share(tally, "group").value, nan_ok=True)
    assert number.variance(design) == pytest.approx(share(tally, "group").variance(design), rel=CLOSE, abs=1e-15)


@given(made=samples())
def test_shares_of_groups_by_their_weight_are_the_whole(made: Responses) -> None:
    """Combined by what they weigh in the sample, groups give the pooled share; with one group its variance too."""
    tally = count(made, STUDY)
    design, parts = usable(tally), share(tally, "group")
    assume(bool((parts.weight > 0).all()))
    both = combined(parts, parts.weight / parts.weight.sum())
    assert both.value[0] == pytest.approx(share(tally).value[0], rel=CLOSE)
    assert both.spread[0] == pytest.approx(share(tally).spread[0], rel=1e-6, abs=CLOSE)
    first = combined(parts, [1.0, 0.0])
    assert first.variance(design)[0] == pytest.approx(parts.variance(design)[0], rel=CLOSE, abs=1e-15)


@given(made=samples(strata=False, clusters=False, equal=True))
def test_rao_scott_of_people_drawn_one_by_one_is_pearsons(made: Responses) -> None:
    """Without weights and design, F is Pearson's statistic by (m - 1) / m over its degrees of freedom, m people.

    With an empty cell it is not, neither here nor in R survey: a cell that nobody is in has no variance.
    """
    result = rao_scott(count(made, STUDY), "group", QUESTION)
    cells = count(made, STUDY).answers("group", "answer")[0].astype(float)
    cells = cells[cells.sum(axis=1) > 0][:, cells.sum(axis=0) > 0]
    if min(cells.shape) < 2:
        assert np.isnan([result.f, result.df, result.p]).all()
        return
    if not cells.all():
        assert np.isnan(result.f) or result.f >= 0
        return
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0)) / cells.sum()
    pearson = ((cells - expected) ** 2 / expected).sum()
    df = (cells.shape[0] - 1) * (cells.shape[1] - 1)
    assert result.df == pytest.approx(df)
    assert result.f == pytest.approx(pearson * (len(made) - 1) / len(made) / df, rel=1e-7, abs=1e-9)


@given(data=st.data())
def test_figures_by_design_keep_their_promises(
    data: st.DataObject, studies: Callable[..., st.SearchStrategy[tuple[Study, Responses]]]
) -> None:
    """Values lie within bounds, one-sided ones within two-sided ones, and nobody is worth more than one person."""
    study, made = data.draw(studies(design=True))
    tally = count(made, study)
    usable(tally)
    for figure in estimate(tally, study):
        assert figure.effective_base <= figure.base + CLOSE
        if figure.low is None or figure.high is None or figure.value is None:
            assert not figure.shown or figure.kind == MEAN
            continue
        assert figure.at_least is not None
        assert figure.at_most is not None
        assert figure.low - CLOSE <= figure.at_least <= figure.value + CLOSE
        assert figure.value - CLOSE <= figure.at_most <= figure.high + CLOSE

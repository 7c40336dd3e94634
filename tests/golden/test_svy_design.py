"""Estimates of samples in strata and clusters agree with svy, the survey library, on random people."""

from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from surefoot.estimate.design import Design, design_of
from surefoot.estimate.linear import Linear, measure, measured, number_measure
from surefoot.estimate.rao_scott import rao_scott
from surefoot.instrument import instrument_from_table
from surefoot.responses import responses
from surefoot.study import ALL, Breakdown, Study
from surefoot.tally import Tally, count

GROUPS, ANSWERS = ("g0", "g1", "g2"), ("a", "b", "c")
INSTRUMENT = instrument_from_table(
    {
        "schema": "surefoot/instrument/1",
        "name": "random",
        "title": "Random",
        "scale": [
            {"id": name, "options": [{"id": label, "text": label} for label in labels]}
            for name, labels in (("group", GROUPS), ("answer", ANSWERS))
        ],
        "question": [
            {"id": "group", "kind": "single", "text": "Group", "scale": "group"},
            {"id": "answer", "kind": "single", "text": "Answer", "scale": "answer"},
            {"id": "years", "kind": "number", "text": "Years"},
        ],
    }
)
DESIGNS = ("strata", "clusters", "both", "neither")
CLOSE = 1e-9


@dataclass(frozen=True)
class Case:
    """Random people: counted, and as a sample of svy."""

    tally: Tally
    design: Design
    sample: object

    def share(self, answer: str, by: str = ALL) -> Linear:
        """Our estimates of the share of an answer."""
        value = {ANSWERS.index(answer): 1.0}
        return measured(self.tally, by, measure(self.tally, INSTRUMENT["answer"], "answer", value))


def case(kind: str, seed: int) -> Case:
    """People of unequal weights whose answers depend on their cluster, in one kind of design."""
    import svy

    rng = np.random.default_rng(seed)
    n = int(rng.integers(80, 300))
    stratum, cluster = rng.integers(0, 3, n), rng.integers(0, 7, n)
    answer = (rng.integers(0, 3, n) + (cluster > 4) * rng.integers(0, 2, n)) % 3
    columns = {"group": rng.integers(0, 3, n), "answer": answer, "years": rng.integers(0, 30, n)}
    weight = rng.integers(500, 5000, n)
    design = {"@stratum": stratum} if kind in ("strata", "both") else {}
    design |= {"@cluster": cluster} if kind in ("clusters", "both") else {}
    made = responses(INSTRUMENT, {**columns, "@weight": weight, **design})
    tally = count(made, Study("random", "Random", INSTRUMENT, breakdowns=(Breakdown("group"),)))
    people = pl.DataFrame(
        {
            "group": [GROUPS[k] for k in columns["group"]],
            "answer": [ANSWERS[k] for k in answer],
            "years": columns["years"].astype(float),
            "weight": weight / 1024,
            "stratum": stratum,
            "cluster": stratum * 100 + cluster if kind == "both" else cluster,
        }
    )
    names = {"stratum": "stratum" if "@stratum" in design else None, "psu": "cluster" if "@cluster" in design else None}
    return Case(tally, design_of(tally), svy.Sample(people, svy.Design(wgt="weight", **names)))


both = pytest.mark.parametrize("kind", DESIGNS)
seeds = pytest.mark.parametrize("seed", range(3))


@both
@seeds
def test_shares_by_group(kind: str, seed: int) -> None:
    """Shares in all and in each group with their standard errors and degrees of freedom."""
    made = case(kind, seed)
    for by, rows in (
        (ALL, made.sample.estimation.prop("answer")),
        ("group", made.sample.estimation.prop("answer", by="group")),
    ):
        for row in rows.to_polars().to_dicts():
            ours, place = made.share(row["answer"], by), GROUPS.index(row.get("group", "g0"))
            assert ours.value[place] == pytest.approx(row["est"], rel=CLOSE)
            assert ours.standard_error(made.design)[place] == pytest.approx(row["se"], rel=CLOSE)
            assert ours.freedom(made.design)[place] == row["df"]


@both
@seeds
def test_mean_of_a_number(kind: str, seed: int) -> None:
    """A mean with its standard error."""
    made = case(kind, seed)
    ours = measured(made.tally, ALL, number_measure(made.tally, INSTRUMENT["years"]))
    (row,) = made.sample.estimation.mean("years").to_polars().to_dicts()
    found = [ours.value[0], ours.standard_error(made.design)[0]]
    assert found == pytest.approx([row["est"], row["se"]], rel=CLOSE)


@both
@seeds
def test_association(kind: str, seed: int) -> None:
    """The test of Rao and Scott, with its degrees of freedom."""
    made = case(kind, seed)
    ours = rao_scott(made.tally, "group", INSTRUMENT["answer"])
    theirs = made.sample.categorical.tabulate("group", "answer").stats.f
    expected = [theirs.value, theirs.df_num, theirs.df_den, theirs.p_value]
    assert [ours.f, ours.df, ours.df_error, ours.p] == pytest.approx(expected, rel=1e-7)

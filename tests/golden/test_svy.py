"""Weighted shares and their standard errors agree with svy, the survey library, on random answers."""

import numpy as np
import polars as pl
import pytest

from surefoot.estimate.sums import picks, sums
from surefoot.instrument import instrument_from_table
from surefoot.responses import responses
from surefoot.study import ALL, Breakdown, Study
from surefoot.tally import Tally, count

GROUPS, ANSWERS = ("g0", "g1", "g2", "g3"), ("a", "b", "c")
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
        ],
    }
)
SCALE = 2**10


def random_people(seed: int) -> tuple[int, pl.DataFrame, Tally]:
    """People in four groups with unequal weights and three answers, as svy and as Surefoot want them."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(60, 400))
    group, answer, weight = rng.integers(0, 4, n), rng.integers(0, 3, n), rng.integers(200, 5 * SCALE, n)
    made = responses(INSTRUMENT, {"group": group, "answer": answer, "@weight": weight}, weight_scale=SCALE)
    study = Study("random", "Random", INSTRUMENT, breakdowns=(Breakdown("group"),))
    columns = {"group": [GROUPS[k] for k in group], "answer": [ANSWERS[k] for k in answer], "weight": weight / SCALE}
    return n, pl.DataFrame(columns), count(made, study)


@pytest.mark.parametrize("seed", range(5))
def test_share_and_error_equal_svy(seed: int) -> None:
    """The closed form from three sums a cell is the linearised standard error of svy, to ten digits."""
    import svy

    n, people, tally = random_people(seed)
    prop = svy.Sample(people, svy.Design(wgt="weight")).estimation.prop
    question = INSTRUMENT["answer"]
    for grouping, rows in ((ALL, prop("answer")), ("group", prop("answer", by="group"))):
        whole = sums(tally, grouping, question, tuple(picks(question)))
        errors = whole.standard_error(sample=n)
        for row in rows.to_polars().to_dicts():
            place = ANSWERS.index(row["answer"]), GROUPS.index(row.get("group", "g0"))
            assert whole.share[place] == pytest.approx(row["est"], rel=1e-10)
            assert errors[place] == pytest.approx(row["se"], rel=1e-10)

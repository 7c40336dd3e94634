"""Every figure that R survey prints for its samples in strata and clusters, to eight digits.

Source: `reference.out`, printed by the script `reference.R` beside it (R survey 4.1-1). Its samples of schools: apisrs,
drawn one by one; apistrat, in strata; apiclus1, whole districts; apiclus2, districts and then schools of them; nhanes,
clusters in strata with very unequal weights. All of it is worked out from the sums of each cluster, never from rows.
"""

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from surefoot.estimate.design import Design, design_of
from surefoot.estimate.linear import Linear, Measure, combined, measure, measured, number_measure, raked
from surefoot.estimate.rao_scott import rao_scott
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.interval import beta_interval, logit_interval, t_interval
from surefoot.responses import Missing, responses
from surefoot.study import ALL, Breakdown, Study
from surefoot.study.sampling import Sampling
from surefoot.tally import SW, Tally, count

EIGHT_DIGITS = 5e-9
FINE = 2**23
SAMPLES = {
    "apisrs": Sampling(stratum="one", population={"one": 6194}),
    "apistrat": Sampling(stratum="stype", population={"E": 4421, "H": 755, "M": 1018}),
    "apiclus1": Sampling(stratum="one", cluster="district", population={"one": 757}),
    "apiclus2": Sampling(stratum="one", cluster="district", population={"one": 757}),
}
"""The designs of the script; the schools of each district of apiclus2 come from its column fpc2."""


@dataclass(frozen=True)
class Sample:
    """One sample, counted: its tally, study and design."""

    tally: Tally
    study: Study
    design: Design

    def of(self, question: str, answer: str = "") -> Measure:
        """What is averaged: an answer of a question, or a number."""
        asked = self.study.instrument[question]
        if asked.kind == "number":
            return number_measure(self.tally, asked)
        return measure(self.tally, asked, question, {[o.id for o in asked.options].index(answer): 1.0})

    def mean(self, question: str, answer: str = "", by: str = ALL) -> Linear:
        """The estimates of an answer's share, or of a number's mean, in each group."""
        return measured(self.tally, by, self.of(question, answer))


def instrument(scales: dict[str, Sequence[str]], numbers: Sequence[str]) -> Instrument:
    """Questions with these options, and numbers."""
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "schools",
            "title": "Schools",
            "scale": [{"id": k, "options": [{"id": v, "text": v} for v in values]} for k, values in scales.items()],
            "question": [{"id": name, "kind": "single", "text": name, "scale": name} for name in scales]
            + [{"id": name, "kind": "number", "text": name} for name in numbers],
        }
    )


@cache
def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of one data set."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def school_columns(rows: list[dict[str, str]]) -> dict[str, Any]:
    """The answers of schools as codes."""
    return {
        "one": [0] * len(rows),
        "stype": ["EHM".index(row["stype"]) for row in rows],
        "sch-wide": [("No", "Yes").index(row["sch.wide"]) for row in rows],
        "district": [int(row["dnum"]) for row in rows],
        "api00": [int(row["api00"]) for row in rows],
    }


SCHOOLS = instrument({"one": ["one"], "stype": "EHM", "sch-wide": ["No", "Yes"]}, ["district", "api00"])


@cache
def schools(folder: Path, name: str, weights: tuple[float, ...] = ()) -> Sample:
    """One sample of schools, with its own weights or others."""
    rows = rows_of(folder, name)
    sampling = SAMPLES[name]
    if name == "apiclus2":
        sampling = Sampling("one", "district", {"one": 757}, {r["dnum"]: int(r["fpc2"]) for r in rows})
    weight = weights or [float(row["pw"]) for row in rows]
    columns = {**school_columns(rows), "@weight": [round(w * FINE) for w in weight]}
    crosses = (Breakdown("stype"), Breakdown("sch-wide"), Breakdown("stype", "sch-wide"))
    study = Study("schools", "Schools", SCHOOLS, breakdowns=crosses, sampling=sampling)
    tally = count(responses(SCHOOLS, columns, weight_scale=FINE), study)
    return Sample(tally, study, design_of(tally, study))


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    """The data sets of R survey and what it printed."""
    return real_data / "reference" / "r_survey"


@pytest.fixture(scope="module")
def printed(folder: Path) -> Callable[[str], list[float]]:
    """A function that gives the numbers after the start of one printed line."""
    text = (folder / "reference.out").read_text(encoding="utf-8")

    def numbers(line: str) -> list[float]:
        found = re.search(rf"^{re.escape(line)}(.*)$", text, flags=re.MULTILINE)
        assert found, f"reference.out has no line that starts with {line!r}"
        return [float(n) for n in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.])", found[1])]

    def block(line: str) -> list[float]:
        start, _, row = line.partition("|")
        if not row:
            return numbers(line)
        rest = text.partition(f"{start}\n")[2].splitlines()
        return [float(n) for n in next(r for r in rest if r.startswith(f"{row} ")).split()[-4:]]

    return block


Printed = Callable[[str], list[float]]
names = pytest.mark.parametrize("name", SAMPLES)


def near(expected: Any) -> Any:
    """Equal to eight digits."""
    return pytest.approx(expected, rel=EIGHT_DIGITS)


@names
def test_mean(folder: Path, printed: Printed, name: str) -> None:
    """The mean of api00, its standard error, its interval by Student's t, and its degrees of freedom."""
    sample = schools(folder, name)
    made = sample.mean("api00")
    freedom = made.freedom(sample.design)
    interval = t_interval(made.value, made.standard_error(sample.design), freedom)
    found = [made.value[0], made.standard_error(sample.design)[0], interval.low[0], interval.high[0], freedom[0]]
    assert found == near(printed(f"{name} mean"))


@names
def test_share(folder: Path, printed: Printed, name: str) -> None:
    """The shares of both answers, their standard errors and their design effects."""
    sample = schools(folder, name)
    both = [sample.mean("sch-wide", answer) for answer in ("No", "Yes")]
    found = [part[0] for made in both for part in (made.value,)]
    found += [made.standard_error(sample.design)[0] for made in both]
    found += [made.design_effect(sample.design, sample.tally.weight_scale)[0] for made in both]
    assert found == near(printed(f"{name} share sch.wide No/Yes"))


@names
@pytest.mark.parametrize("how", ["logit", "beta", "mean"])
def test_interval_of_a_share(folder: Path, printed: Printed, name: str, how: str) -> None:
    """The three intervals of svyciprop."""
    sample = schools(folder, name)
    made = sample.mean("sch-wide", "Yes")
    error, freedom = made.standard_error(sample.design), made.freedom(sample.design)
    ways = {
        "logit": lambda: logit_interval(made.value, error, freedom),
        "beta": lambda: beta_interval(made.value, error, freedom, made.people.sum(axis=0)),
        "mean": lambda: t_interval(made.value, error, freedom),
    }
    interval = ways[how]()
    assert [made.value[0], interval.low[0], interval.high[0]] == near(printed(f"{name} CI {how}"))


@names
def test_share_by_group(folder: Path, printed: Printed, name: str) -> None:
    """Shares by type of school and their standard errors: groups are domains of the whole sample."""
    sample = schools(folder, name)
    both = [sample.mean("sch-wide", answer, by="stype") for answer in ("No", "Yes")]
    for place, label in enumerate("EHM"):
        found = [m.value[place] for m in both] + [m.standard_error(sample.design)[place] for m in both]
        assert found == near(printed(f"{name} by stype (rows E, H, M: No, Yes, SE No, SE Yes)|{label}"))


@names
def test_rao_scott(folder: Path, printed: Printed, name: str) -> None:
    """F, both degrees of freedom and p of the test of association, in samples of two stages too."""
    sample = schools(folder, name)
    made = rao_scott(sample.tally, "stype", SCHOOLS["sch-wide"], design=sample.design)
    assert [made.f, made.df, made.df_error, made.p] == near(printed(f"{name} Rao-Scott F"))


# Post-strata and raking -------------------------------------------------------------------------------------------

TYPES = np.array([4421, 755, 1018])
WIDE = np.array([1072, 5122])


def test_post_stratified_mean(folder: Path, printed: Printed) -> None:
    """The mean of post-strata of known size, and the standard error of residuals by post-stratum."""
    sample = schools(folder, "apiclus1")
    made = combined(sample.mean("api00", by="stype"), TYPES / TYPES.sum())
    found = [made.value[0], made.standard_error(sample.design)[0]]
    assert found == near(printed("apiclus1 post-stratified mean"))


def rake_as_r(weight: np.ndarray, margins: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[np.ndarray]:
    """Raking as R's rake() does it: until no cell of the table changes by one school; the weights after each margin."""
    cells = margins[0][0] * len(margins[1][1]) + margins[1][0]
    before = np.bincount(cells, weight)
    for _ in range(10):
        steps = []
        for places, totals in margins:
            weight = weight * (totals / np.bincount(places, weight))[places]
            steps.append(weight)
        table = np.bincount(cells, weight)
        if np.abs(table - before).max() < 1:
            return steps
        before = table
    raise AssertionError("raking did not converge")


def test_raked_mean(folder: Path, printed: Printed) -> None:
    """The mean with raked weights, the standard error of residuals by both margins, and the range of weights."""
    rows = rows_of(folder, "apiclus1")
    columns = school_columns(rows)
    margins = [(np.array(columns["stype"]), TYPES), (np.array(columns["sch-wide"]), WIDE)]
    steps = rake_as_r(np.array([float(row["pw"]) for row in rows]), margins)
    sample = schools(folder, "apiclus1", tuple(steps[-1]))
    cells = [label.split(".") for label in sample.tally.axes["sch-wide.stype"].labels]
    classes = [np.array(["EHM".index(s) for _, s in cells]), np.array([("No", "Yes").index(w) for w, _ in cells])]
    ratios = [np.ones(len(cells)), np.ones(len(cells))]
    for place, (wide, stype) in enumerate(zip(classes[1], classes[0], strict=True)):
        here = (margins[0][0] == stype) & (margins[1][0] == wide)
        ratios[0][place] = (steps[1] / steps[0])[here][0]
    made = raked(sample.tally, "sch-wide.stype", sample.of("api00"), classes, last=ratios)
    weights = sample.tally.cells(ALL, "api00")[SW] / FINE
    assert weights.sum() == near(6194)
    found = [made.value[0], made.standard_error(sample.design)[0], steps[-1].min(), steps[-1].max()]
    assert found == near(printed("apiclus1 raked mean"))


# Nhanes -----------------------------------------------------------------------------------------------------------

AGES = ("(0,19]", "(19,39]", "(39,59]", "(59,Inf]")
COARSE = 2**14
"""As fine as weights of up to 158,000 allow."""


@pytest.fixture(scope="module")
def nhanes(folder: Path) -> Sample:
    """The health survey: high cholesterol by age and sex; clusters in strata, without correction."""
    rows = rows_of(folder, "nhanes")
    strata = sorted({row["SDMVSTRA"] for row in rows})
    scales = {"stratum": strata, "high": ["0.0", "1.0"], "age": ["a0", "a1", "a2", "a3"], "sex": ["1.0", "2.0"]}
    asked = instrument(scales, ["cluster"])
    known = {"0.0": 0, "1.0": 1}
    columns = {
        "stratum": [strata.index(row["SDMVSTRA"]) for row in rows],
        "high": [known.get(row["HI_CHOL"], int(Missing.NOT_ANSWERED)) for row in rows],
        "age": [AGES.index(row["agecat"]) for row in rows],
        "sex": [int(float(row["RIAGENDR"])) - 1 for row in rows],
        "cluster": [int(float(row["SDMVPSU"])) for row in rows],
        "@weight": [round(float(row["WTMEC2YR"]) * COARSE) for row in rows],
    }
    sampling = Sampling(stratum="stratum", cluster="cluster")
    study = Study("nhanes", "Health", asked, breakdowns=(Breakdown("age"), Breakdown("sex")), sampling=sampling)
    tally = count(responses(asked, columns, weight_scale=COARSE), study)
    return Sample(tally, study, design_of(tally, study))


def test_nhanes_share(nhanes: Sample, printed: Printed) -> None:
    """The share of high cholesterol, its standard error, degrees of freedom and base."""
    made = nhanes.mean("high", "1.0")
    found = [made.value[0], made.standard_error(nhanes.design)[0], made.freedom(nhanes.design)[0], made.people.sum()]
    assert found == near(printed("nhanes HI_CHOL"))


def test_nhanes_by_age(folder: Path, nhanes: Sample) -> None:
    """Shares and standard errors by age."""
    lines = (folder / "reference.out").read_text(encoding="utf-8").partition("nhanes by agecat")[2].splitlines()
    made = nhanes.mean("high", "1.0", by="age")
    for place, label in enumerate(AGES):
        expected = [float(n) for n in next(line for line in lines if line.startswith(label)).split()[-2:]]
        assert [made.value[place], made.standard_error(nhanes.design)[place]] == near(expected)


def test_nhanes_rao_scott(nhanes: Sample, printed: Printed) -> None:
    """The test of cholesterol by sex, over people whose cholesterol is known."""
    made = rao_scott(nhanes.tally, "sex", nhanes.study.instrument["high"])
    assert [made.f, made.df, made.df_error, made.p] == near(printed("nhanes Rao-Scott F"))

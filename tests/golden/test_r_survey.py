"""Shares, means and their standard errors agree with R survey to eight digits.

Source: `reference.out`, printed by the script `reference.R` beside it (R survey 4.1-1, its own data sets of schools in
California: apisrs, a simple random sample of 200 of 6,194; apistrat, a stratified one). Schools play the part of staff.
"""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from surefoot.estimate import EVERYONE, Figure, Group, estimate
from surefoot.estimate.sums import Sums, picks, sums
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.interval import z_value
from surefoot.responses import responses
from surefoot.study import ALL, Breakdown, Organisation, Study
from surefoot.tally import Tally, count

SCHOOLS = 6194
STAFF = {"E": 4421, "H": 755, "M": 1018}
"""Schools in the population: elementary, high, middle; the column fpc of apistrat.csv."""
EIGHT_DIGITS = 5e-9
WEIGHT_SCALE = 2**20
"""Finer than the default of 2**10, which would cost the eighth digit of unequal weights."""


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    """The data sets of R survey and what it printed."""
    return real_data / "reference" / "r_survey"


@pytest.fixture(scope="module")
def printed(folder: Path) -> str:
    """What R survey printed."""
    return (folder / "reference.out").read_text(encoding="utf-8")


def numbers(printed: str, line: str) -> list[float]:
    """The decimal numbers after the start of one printed line."""
    found = re.search(rf"^{re.escape(line)}(.*)$", printed, flags=re.MULTILINE)
    assert found, f"reference.out has no line that starts with {line!r}"
    return [float(number) for number in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", found[1])]


def schools() -> Instrument:
    """Three questions about a school."""
    scales = {"stype": ("E", "H", "M"), "sch-wide": ("No", "Yes")}
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "schools",
            "title": "Schools",
            "scale": [{"id": k, "options": [{"id": v, "text": v} for v in values]} for k, values in scales.items()],
            "question": [
                {"id": "stype", "kind": "single", "text": "Type", "scale": "stype"},
                {"id": "sch-wide", "kind": "single", "text": "Met its target", "scale": "sch-wide"},
                {"id": "api00", "kind": "number", "text": "Index in 2000"},
            ],
        }
    )


def read(path: Path, organisations: dict[str, int]) -> tuple[Tally, Study]:
    """Count one of the data sets; its type of school is a breakdown, or the organisation where there are several."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    instrument = schools()
    types = [("E", "H", "M").index(row["stype"]) for row in rows]
    made = responses(
        instrument,
        {
            "stype": types,
            "sch-wide": [("No", "Yes").index(row["sch.wide"]) for row in rows],
            "api00": [int(row["api00"]) for row in rows],
            "@weight": [round(float(row["pw"]) * WEIGHT_SCALE) for row in rows],
            "@organisation": types if len(organisations) > 1 else np.zeros(len(rows)),
        },
        organisations=tuple(organisations),
        weight_scale=WEIGHT_SCALE,
    )
    providers = tuple(Organisation(name, name, headcount={"all": staff}) for name, staff in organisations.items())
    study = Study("schools", "Schools", instrument, providers, (Breakdown("stype"),))
    return count(made, study), study


def shares(tally: Tally, study: Study, grouping: str) -> Sums:
    """The sums behind the shares of No and Yes."""
    question = study.instrument["sch-wide"]
    return sums(tally, grouping, question, tuple(picks(question)))


def figure(figures: tuple[Figure, ...], kind: str, group: Group = EVERYONE, selector: str = "") -> Figure:
    """The one figure of a kind, a group and an answer."""
    (found,) = (f for f in figures if (f.kind, f.group, f.selector) == (kind, group, selector))
    return found


def test_share_of_a_simple_random_sample(folder: Path, printed: str) -> None:
    """The share of sch.wide in apisrs and its standard error, with finite population correction, equal svymean's."""
    tally, study = read(folder / "apisrs.csv", {"all-schools": SCHOOLS})
    whole = shares(tally, study, ALL)
    no, yes, se_no, se_yes, *_ = numbers(printed, "apisrs share sch.wide No/Yes")
    assert whole.share[:, 0] == pytest.approx([no, yes], rel=EIGHT_DIGITS)
    error = whole.standard_error(sample=200, fraction=200 / SCHOOLS)
    assert error[:, 0] == pytest.approx([se_no, se_yes], rel=EIGHT_DIGITS)


def test_shares_by_group(folder: Path, printed: str) -> None:
    """Shares by type of school and their standard errors equal svyby's: groups are domains of the whole sample."""
    tally, study = read(folder / "apisrs.csv", {"all-schools": SCHOOLS})
    groups = shares(tally, study, "stype")
    error = groups.standard_error(sample=200, fraction=200 / SCHOOLS)
    block = printed.partition("apisrs by stype")[2].partition("apisrs Rao-Scott")[0]
    for place, label in enumerate(("E", "H", "M")):
        no, yes, se_no, se_yes = numbers(block, f"{label} ")
        assert groups.share[:, place] == pytest.approx([no, yes], rel=EIGHT_DIGITS)
        assert error[:, place] == pytest.approx([se_no, se_yes], rel=EIGHT_DIGITS)


def test_mean_of_a_simple_random_sample(folder: Path, printed: str) -> None:
    """The mean of api00 and its standard error, taken from the interval of the figure, equal svymean's."""
    tally, study = read(folder / "apisrs.csv", {"all-schools": SCHOOLS})
    made = figure(estimate(tally, study), "mean")
    mean, se, *_ = numbers(printed, "apisrs mean")
    assert made.value == pytest.approx(mean, rel=1e-12)
    assert made.low is not None
    assert made.high is not None
    assert (made.high - made.low) / 2 / z_value(0.95) == pytest.approx(se, rel=EIGHT_DIGITS)


def test_share_of_a_stratified_sample(folder: Path, printed: str) -> None:
    """Stratified by headcount, a share of apistrat equals svymean's, which weights the strata by their population."""
    tally, study = read(folder / "apistrat.csv", STAFF)
    made = figure(estimate(tally, study), "share", selector="Yes")
    assert made.value == pytest.approx(numbers(printed, "apistrat share sch.wide No/Yes")[1], rel=EIGHT_DIGITS)
    assert made.method.endswith("stratified by headcount")


def test_weighted_share_of_a_stratified_sample(folder: Path, printed: str) -> None:
    """The weights of apistrat say the same as its headcounts: the weighted, pooled share is that of the strata."""
    tally, study = read(folder / "apistrat.csv", STAFF)
    expected = numbers(printed, "apistrat share sch.wide No/Yes")[:2]
    assert shares(tally, study, ALL).share[:, 0] == pytest.approx(expected, rel=EIGHT_DIGITS)

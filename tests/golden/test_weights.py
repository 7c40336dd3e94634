"""Post-stratified and raked weights agree with R survey.

Source: `reference.out`, printed by the script `reference.R` beside it (R survey 4.1-1, apiclus1: 183 of 6,194 schools).
"""

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from surefoot.weights.fit import Floats, Integers, post_stratified, raked

TYPES, WIDE = ("E", "H", "M"), ("No", "Yes")
STAFF, MET = np.array([4421.0, 755.0, 1018.0]), np.array([1072.0, 5122.0])
"""Schools in the population, by type and by whether they met their target."""
STOP_OF_R = 1e-3
"""R stops once no class changes by a whole school, which is after four rounds; so does this."""
Schools = tuple[Floats, Floats, Integers, Integers]


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    """The data sets of R survey and what it printed."""
    return real_data / "reference" / "r_survey"


@pytest.fixture(scope="module")
def schools(folder: Path) -> Schools:
    """Base weights, scores, types, and whether the target was met."""
    with (folder / "apiclus1.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    numbers = (np.array([float(row[name]) for row in rows]) for name in ("pw", "api00"))
    base, score = numbers
    kind, met = ([TYPES.index(r["stype"]) for r in rows], [WIDE.index(r["sch.wide"]) for r in rows])
    return base, score, np.array(kind), np.array(met)


def numbers(folder: Path, line: str) -> list[float]:
    """The decimal numbers after the start of one line that R printed."""
    found = re.search(rf"^{re.escape(line)}(.*)$", (folder / "reference.out").read_text("utf-8"), flags=re.MULTILINE)
    assert found, f"reference.out has no line that starts with {line!r}"
    return [float(number) for number in re.findall(r"\d+\.\d+", found[1])]


@pytest.mark.real_data
def test_post_stratified_mean_equals_r(folder: Path, schools: Schools) -> None:
    """The mean under post-stratified weights is that of R's postStratify."""
    base, score, kind, _ = schools
    made = post_stratified(base, kind, STAFF)
    assert np.average(score, weights=made) == pytest.approx(
        numbers(folder, "apiclus1 post-stratified mean")[0], rel=5e-9
    )


@pytest.mark.real_data
def test_raked_weights_equal_r(folder: Path, schools: Schools) -> None:
    """The mean, and the least and the greatest weight, are those of R's rake where it stops."""
    base, score, kind, met = schools
    made = raked(base, [("type", kind, STAFF), ("met", met, MET)], close=STOP_OF_R)
    mean, _, least, greatest = numbers(folder, "apiclus1 raked mean")
    assert [np.average(score, weights=made), made.min(), made.max()] == pytest.approx([mean, least, greatest], rel=5e-9)


@pytest.mark.real_data
def test_raking_goes_on_until_all_margins_hold(schools: Schools) -> None:
    """Where R stops, the first margin is still 0.04 schools off; ours is not off at all."""
    base, _, kind, met = schools
    made = raked(base, [("type", kind, STAFF), ("met", met, MET)])
    assert np.bincount(kind, weights=made) == pytest.approx(STAFF, rel=1e-8)
    assert np.bincount(met, weights=made) == pytest.approx(MET, rel=1e-8)

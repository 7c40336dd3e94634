"""Small tables of answers and the figures that must come out, on every engine.

Each TOML file beside this one is a worked example: who answered what, and what is then said. The numbers were worked
out apart from the product, from the formulas in `docs/methods.md`, which shows the same examples. How a file is read:
`answers` has one line for some people who answered alike; `(not asked)`, `(not answered)`, `(unticked)` and `(unknown)`
are the four kinds of missing; `[organisations]` gives headcounts (by group where `headcount_by`
names a question), `weights` a method of weighting to them; `expect` lists figures, to the digits written.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from surefoot.estimate import Comparison, Figure, compare, estimate, rao_scott
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.release import SURVEY
from surefoot.responses import DEFAULT_WEIGHT_SCALE, Missing, Responses, number_missing, responses
from surefoot.study import Breakdown, Organisation, Study
from surefoot.study.margins import Weights
from surefoot.tally import ENGINES, Tally, count
from surefoot.weights import weigh

SPECS = sorted(Path(__file__).parent.glob("*.toml"))
MISSING = {f"({kind.name.lower().replace('_', ' ')})": kind for kind in Missing}
Row = dict[str, str]


def rows_of(table: str) -> list[Row]:
    """The rows of a table that is written with upright bars."""
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return [dict(zip(head, row, strict=True)) for row in rows]


def scale(question: dict[str, Any]) -> dict[str, Any]:
    """The scale of a question; options without a position in the list have none."""
    positions = [*question.get("positions", []), *[None] * len(question["options"])]
    options = [
        {"id": name, "text": name} | ({} if place is None else {"position": place})
        for name, place in zip(question["options"], positions, strict=False)
    ]
    poles = {"poles": {"low": "low", "high": "high"}} if question.get("sides") else {}
    return {"id": question["id"], "options": options, "ordered": question.get("ordered", False), **poles}


def instrument_of(spec: dict[str, Any]) -> Instrument:
    """The instrument that a spec asks with."""
    questions = [
        {"id": q["id"], "kind": q["kind"], "text": q["id"]}
        | ({"scale": q["id"]} if "options" in q else {})
        | {key: q[key] for key in ("coded_from",) if key in q}
        for q in spec["question"]
    ]
    plans = [plan.partition(":") for plan in spec.get("planned", [])]
    planned = [
        {"question": question, "by": "organisation", "options": options.split()} for question, _, options in plans
    ]
    head = {"schema": "surefoot/instrument/1", "name": "spec", "title": "Spec"}
    scales = [scale(question) for question in spec["question"] if "options" in question]
    return instrument_from_table({**head, "scale": scales, "question": questions, "planned": planned})


def headcount(staff: int | dict[str, int] | str) -> dict[str, int]:
    """Staff of one organisation: all, or by group; a word where nobody counted them."""
    if isinstance(staff, dict):
        return staff
    return {"all": staff} if isinstance(staff, int) else {}


def study_of(spec: dict[str, Any]) -> Study:
    """The study of a spec: its organisations with headcounts, and its breakdowns."""
    organisations = tuple(
        Organisation(name, name, headcount=headcount(staff)) for name, staff in spec.get("organisations", {}).items()
    )
    weights = Weights(spec["weights"]) if "weights" in spec else None
    parts = [name.rpartition(".") for name in spec.get("breakdowns", [])]
    breakdowns = tuple(Breakdown(question, outer or None) for outer, _, question in parts)
    return Study(
        "spec",
        "Spec",
        instrument_of(spec),
        organisations,
        breakdowns,
        headcount_by=spec.get("headcount_by"),
        weights=weights,
    )


def code(study: Study, column: str, cell: str) -> int:
    """The code of one cell."""
    if column == "organisation":
        return study.organisation_ids.index(cell)
    if column in ("stratum", "cluster"):
        return int(cell)
    if column == "weight":
        return int(float(cell) * DEFAULT_WEIGHT_SCALE)
    question = study.instrument[column.partition("/")[0]]
    if cell in MISSING:
        return number_missing(MISSING[cell]) if question.kind == "number" else int(MISSING[cell])
    if question.kind == "single" and question.scale is not None:
        return question.scale.option_ids.index(cell)
    return 1 if cell == "ticked" else int(cell)


def responses_of(spec: dict[str, Any], study: Study) -> Responses:
    """The answers of a spec, one row a person."""
    rows = [row for row in rows_of(spec["answers"]) for _ in range(int(row["people"]))]
    names = {name: f"@{name}" for name in ("organisation", "weight", "stratum", "cluster")}
    columns = {
        names.get(name, name): [code(study, name, row[name]) for row in rows] for name in rows[0] if name != "people"
    }
    return responses(study.instrument, columns, organisations=study.organisation_ids)


@cache
def counted(path: Path, engine: str) -> tuple[Tally, Study]:
    """The tally of a spec, counted by one engine, and its study."""
    spec = tomllib.loads(path.read_text(encoding="utf-8"))
    study = study_of(spec)
    answers = responses_of(spec, study)
    weighing = weigh(answers, study, SURVEY.minimum_base)
    return count(weighing.responses if weighing else answers, study, engine=engine), study


@cache
def results(path: Path, engine: str) -> tuple[tuple[Figure, ...], tuple[Comparison, ...]]:
    """All figures and comparisons of a spec, counted by one engine."""
    tally, study = counted(path, engine)
    figures = estimate(tally, study)
    return figures, compare(tally, study, figures)


COLUMNS = {
    "effective base": "effective_base",
    "at least": "at_least",
    "at most": "at_most",
    "F": "f",
    "df of error": "df_error",
}


def shown(figure: Figure, column: str) -> Any:
    """What a figure says under the heading of a column."""
    if column == "tipping point":
        return figure.tipping_point
    if column.startswith("worst"):
        return (figure.worst_case or (None, None))[column == "worst high"]
    return getattr(figure, COLUMNS.get(column, column))


def agrees(found: Any, written: str) -> bool:
    """Whether a number rounds to what is written, or a word is that word; an empty cell is nothing."""
    if isinstance(found, str) or found is None:
        return (found or "") == written
    digits = len(written.partition(".")[2])
    return abs(found - float(written)) <= 0.5 * 10**-digits + 1e-9


def check(found: Any, row: Row, keys: set[str]) -> None:
    """Every cell of an expected row, apart from those by which the row was found."""
    for column, written in row.items():
        if column not in keys:
            value = shown(found, column) if isinstance(found, Figure) else getattr(found, COLUMNS.get(column, column))
            assert agrees(value, written), f"{row}: {column} is {value}, expected {written}"


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("path", SPECS, ids=[path.stem for path in SPECS])
def test_figures_are_as_written(path: Path, engine: str) -> None:
    """Every expected figure is there, once, with the numbers that the example gives."""
    figures, _ = results(path, engine)
    for row in rows_of(tomllib.loads(path.read_text(encoding="utf-8"))["expect"]):
        wanted = (row.get("group", "all"), row["question"], row.get("answer", ""), row.get("kind", "share"))
        (found,) = (f for f in figures if (str(f.group), f.question, f.selector, f.kind) == wanted)
        check(found, row, {"group", "question", "answer", "kind"})


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("path", SPECS, ids=[path.stem for path in SPECS])
def test_pairs_are_as_written(path: Path, engine: str) -> None:
    """Every pair of organisations that was planned, and no other, with its difference and interval."""
    spec = tomllib.loads(path.read_text(encoding="utf-8"))
    _, comparisons = results(path, engine)
    pairs = {(c.question, " ".join(g.code for g in c.groups)): c for c in comparisons if c.family == "pairs"}
    rows = rows_of(spec["expect_pairs"]) if "expect_pairs" in spec else []
    assert sorted(pairs) == sorted((row["question"], row["groups"]) for row in rows)
    for row in rows:
        check(pairs[row["question"], row["groups"]], row, {"question", "groups"})


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize("path", [path for path in SPECS if "expect_tests" in path.read_text(encoding="utf-8")])
def test_associations_are_as_written(path: Path, engine: str) -> None:
    """Every test of association that an example gives."""
    tally, study = counted(path, engine)
    for row in rows_of(tomllib.loads(path.read_text(encoding="utf-8"))["expect_tests"]):
        check(rao_scott(tally, row["by"], study.instrument[row["question"]]), row, {"by", "question"})

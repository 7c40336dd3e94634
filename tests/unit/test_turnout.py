"""`surefoot weigh`: who answered, in the terminal, as a page, as tables and for machines; nothing under 11."""

import csv
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surefoot.release import EVERYONE
from surefoot.study import open_study
from surefoot.turnout import weigh_study

Tiny = Callable[..., Path]
Surefoot = Callable[..., Any]


def weighted(table: dict[str, Any]) -> None:
    """Ask for weights."""
    table["weights"] = {"method": "post-stratify"}


def few_in_south(tiny: Tiny) -> Path:
    """A study in which eight people of an organisation answered."""
    lines = tiny().joinpath("answers.csv").read_text(encoding="utf-8").splitlines()
    south = [line for line in lines if line.startswith("south")]
    north = [line for line in lines if line.startswith("north")]
    return tiny(change=weighted, answers="\n".join([lines[0], *north, *south[:8]]) + "\n")


def test_terminal_says_who_answered(surefoot: Surefoot, tiny: Tiny) -> None:
    """Headcounts, answers and rates, what the others could change, and what the weights do."""
    run = surefoot("weigh", tiny(change=weighted))
    assert run.code == 0
    assert re.search(r"^  North +150 of 180 +83%$", run.out, flags=re.MULTILINE)
    assert "Answers are weighted (post-stratified) to the headcounts of all staff by organisation and" in run.out
    assert "Tipping point" in run.out and "For the analyst alone" in run.out


def test_few_people_are_in_no_output(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """Eight people are told nowhere: not in the terminal, not in the page, not in tables, not to machines."""
    study = few_in_south(tiny)
    text = surefoot("weigh", study, "--out", tmp_path / "who")
    machine = surefoot("weigh", study, "--json")
    assert (text.code, machine.code) == (0, 0)
    rows = [row for row in json.loads(machine.out)["participation"] if row["group"] == "organisation=south"]
    assert [(row["answered"], row["headcount"]) for row in rows] == [(None, 220)]
    for content in (text.out, *(path.read_text(encoding="utf-8") for path in (tmp_path / "who").iterdir())):
        assert "158" not in content, "a total with the eight would give them away"
        assert not re.search(r"South\D{0,60}\b8\b", re.sub(r"<[^>]+>", " ", content))


def test_few_people_of_a_group_in_an_organisation_are_not_told_by_weights(tiny: Tiny) -> None:
    """Seven at desks in the north: no size of weights, no evenness and no weighted share of desks tells it."""
    draw = random.Random(1)
    people = [("north", "care", 40), ("north", "desk", 7), ("south", "care", 57), ("south", "desk", 30)]
    rows = [f"{o},{r},{draw.choice(['benefits', 'risks'])},yes," for o, r, size in people for _ in range(size)]
    text = "\n".join(["organisation,role,balance-productivity,used,comment", *rows]) + "\n"
    made = weigh_study(open_study(tiny(change=weighted, answers=text)))
    release = made.analysis.release
    line = release.who.weights
    assert line is not None
    assert (line.effective_base, line.design_effect, line.misfit, line.least, line.greatest) == (None,) * 5
    assert release.who.r_indicator is None
    assert not release.shares("role")
    assert all(f.effective_base == 0 for f in release.figures if f.group == EVERYONE and ", weighted" in f.method)
    assert "1 class of the weights had fewer than 11 answers" in made.for_the_analyst[0]


def test_page_and_tables_are_written_whole(surefoot: Surefoot, tiny: Tiny, tmp_path: Path) -> None:
    """A page that needs nothing else, and a CSV file for each table."""
    run = surefoot("weigh", tiny(change=weighted), "--out", tmp_path / "who")
    names = sorted(path.name for path in (tmp_path / "who").iterdir())
    assert names == ["who-coverage.csv", "who-silent.csv", "who.html"]
    assert str(tmp_path / "who" / "who.html") in run.out
    with (tmp_path / "who" / "who-coverage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:2] == [["group", "headcount", "answered", "response rate, %"], ["All staff", "400", "300", "75"]]
    page = (tmp_path / "who" / "who.html").read_text(encoding="utf-8")
    assert "<script" not in page and "For the analyst, not a release" in page


def test_machines_get_one_object(surefoot: Surefoot, tiny: Tiny) -> None:
    """With its schema, the weights, and no number that is not known."""
    made = json.loads(surefoot("weigh", tiny(change=weighted), "--json").out)
    assert made["schema"] == "surefoot/who/1"
    assert made["weights"]["method"] == "post-stratify"
    assert made["weights"]["effective_base"] <= made["weights"]["base"] == 300
    assert made["shifts"] == []


def test_without_weights_it_says_so(tiny: Tiny) -> None:
    """Coverage is there anyway, and the analyst is told how to ask for weights."""
    made = weigh_study(open_study(tiny()))
    assert made.analysis.release.who.weights is None
    assert "Answers are not weighted" in "\n".join(made.lines())
    assert "[weights] in study.toml" in made.for_the_analyst[0]


def test_example_is_a_study_that_weighs(surefoot: Surefoot, tmp_path: Path) -> None:
    """The example asks for weights."""
    run = surefoot("weigh", "--example", tmp_path / "demo", "--json")
    (folder,) = json.loads(run.out)["written"]
    weights = open_study(folder).weights
    assert weights is not None and weights.method == "rake"


def test_no_study_is_one_sentence(surefoot: Surefoot) -> None:
    """And names the example."""
    run = surefoot("weigh")
    assert run.code == 2
    assert "--example DIR" in run.sentence()


def test_margins_that_do_not_fit_end_with_3(surefoot: Surefoot, tiny: Tiny) -> None:
    """All of the south said no, and are more than half of the staff: no more than one of 400 cannot have said so."""

    def impossible(table: dict[str, Any]) -> None:
        margin = {"question": "used", "headcount": {"yes": 399, "no": 1}}
        table["weights"] = {"method": "rake", "margin": [margin]}
        table["organisation"] = [
            {"id": "north", "headcount": {"care": 180}},
            {"id": "south", "headcount": {"desk": 220}},
        ]

    lines = ["organisation,role,balance-productivity,used,comment"]
    lines += ["north,care,benefits,yes," for _ in range(60)]
    lines += ["south,desk,risks,no," for _ in range(60)]
    run = surefoot("weigh", tiny(change=impossible, answers="\n".join(lines) + "\n"))
    assert run.code == 3
    assert "does not fit with the others" in run.sentence()


@pytest.mark.parametrize("method", ["post-stratify", "rake"])
def test_trace_makes_weighted_figures_again(surefoot: Surefoot, tiny: Tiny, tmp_path: Path, method: str) -> None:
    """A weighted figure of a report, made again from the answers, is equal."""
    study = tiny(change=lambda table: table.update(weights={"method": method}))
    surefoot("report", study, "--out", tmp_path / "report", "--final", "--checked-by", "Sam Okoro")
    figures = json.loads((tmp_path / "report" / "release.json").read_text(encoding="utf-8"))["figures"]
    figure = next(f["id"] for f in figures if f["question"] == "used" and f["value"] is not None)
    assert surefoot("trace", figure, "--in", study).out.rstrip().endswith("equal")
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "Answers are weighted" in page and "Effective base" in page

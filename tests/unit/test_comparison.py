"""The analyst's view: in the right order, marked everywhere, and without anything that the release hides."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from surefoot.analyse import analyse_responses
from surefoot.comparison import ONLY_ANALYST, AnalystView, lines, write_view
from surefoot.comparison.page import render
from surefoot.comparison.tables import file_tables
from surefoot.comparison.view import FEW_CLUSTERS, few_clusters, view_of
from surefoot.demo import simulate, study_of, write_two_waves
from surefoot.errors import BadInput
from surefoot.instrument import Planned
from surefoot.readers import read_study
from surefoot.responses import Responses
from surefoot.study import Study, open_study
from surefoot.study.margins import Weights
from surefoot.study.sampling import Sampling

FEW = "harbour-street"


KEPT = ("role-group", "contact", "ever-used", "understanding", "balance-productivity", "tools")


def short(study: Study, answers: Responses) -> AnalystView:
    """The view of a few questions only, so that it is made in a moment."""
    questions = tuple(q for q in study.instrument.questions if q.id in KEPT)
    planned = (Planned("ever-used", "organisation", ("yes",)), Planned("balance-productivity", "organisation"))
    small = replace(study.instrument, questions=questions, planned=planned)
    asked = replace(study, instrument=small, folder=None)
    return view_of(analyse_responses(asked, replace(answers, instrument=small), stage_b=False))


@pytest.fixture(scope="module")
def hidden() -> AnalystView:
    """The demo, where one organisation has so few answers that it is hidden."""
    answers = simulate(study_of())
    own = np.flatnonzero(answers.codes("@organisation") == answers.organisations.index(FEW))
    keep = np.ones(len(answers), dtype=bool)
    keep[own[8:]] = False
    return short(study_of(), answers.filtered(keep))


@pytest.fixture(scope="module")
def two_waves(tmp_path_factory: pytest.TempPathFactory) -> AnalystView:
    """The demo with a second wave."""
    study = open_study(write_two_waves(tmp_path_factory.mktemp("demo")))
    return short(study, read_study(study)[0])


def test_weighted_groups_are_pooled_by_what_they_are_worth() -> None:
    """A release keeps effective bases of weighted groups to itself; pooling knows them, and no output tells them."""
    study = replace(study_of(), weights=Weights("post-stratify"))
    made = short(study, simulate(study))
    assert len(made.pooled) > 1
    for one in (one for pooling in made.pooled for one in pooling.groups):
        assert 0.5 * one.base < one.effective_base < one.base
        assert one.pooled[1] < one.pooled[0] < one.pooled[2]
    told = made.to_json()
    assert {g["effective_base"] for p in told["pooled"] for g in p["groups"]} == {None}
    assert {one["effective_base"] for one in told["ordered"]} == {None}
    assert all(table.rows for table in file_tables(made) if table.id == "analyst-pooled")


def test_hidden_organisation_is_nowhere(hidden: AnalystView, tmp_path: Path) -> None:
    """Neither its id nor its name, in any file and any line."""
    paths = write_view(hidden, tmp_path / "out")
    name = next(o.name for o in hidden.release.organisations if o.id == FEW)
    for text in (*(path.read_text(encoding="utf-8") for path in paths), "\n".join(lines(hidden))):
        assert FEW not in text
        assert name not in text


def test_every_group_that_is_told_is_shown(hidden: AnalystView) -> None:
    """Each group of each comparison is one that the release shows for that question."""
    shown = {(f.question, f.group) for f in hidden.release.figures if f.shown}
    told = {(p.question, one.group) for p in hidden.pooled for one in p.groups}
    told |= {(one.question, group) for one in hidden.explored for group in one.groups}
    told |= {(one.question, one.group) for one in hidden.ordered}
    told |= {(c.question, group) for c in (*hidden.planned, *hidden.pairs) for group in c.groups}
    assert len(told) > 40
    assert told <= shown


def test_no_base_is_under_the_minimum(hidden: AnalystView) -> None:
    """Whatever counts people counts at least eleven."""
    minimum = hidden.release.policy.minimum_base
    bases = [one.base for p in hidden.pooled for one in p.groups] + [one.base for one in hidden.ordered]
    assert min([*bases, *(one.n for one in hidden.explored)]) >= minimum


def test_every_output_is_marked(two_waves: AnalystView, tmp_path: Path) -> None:
    """Page, tables, JSON and terminal all say that they are for the analyst alone."""
    paths = write_view(two_waves, tmp_path / "out")
    assert {path.suffix for path in paths} == {".html", ".csv", ".json"}
    for path in paths:
        assert ONLY_ANALYST in path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
            assert {row["for"] for row in rows} == {ONLY_ANALYST}
    assert lines(two_waves)[0] == ONLY_ANALYST


def test_planned_stand_first(two_waves: AnalystView) -> None:
    """Planned, pooled, exploration, change: in the page and on the terminal."""
    page, told = render(two_waves), "\n".join(lines(two_waves))
    anchors = [
        page.index(f'<section class="part" id="{name}"') for name in ("planned", "pooled", "explored", "changed")
    ]
    assert anchors == sorted(anchors)
    heads = [
        told.index(head) for head in ("Planned comparisons", "Raw beside pooled", "Exploration", "Change since wave 1")
    ]
    assert heads == sorted(heads)


def test_ranks_stand_for_a_league_table(two_waves: AnalystView, tmp_path: Path) -> None:
    """Each group has a probability of each rank, which add up; groups stand in their own order."""
    write_view(two_waves, tmp_path / "out")
    with (tmp_path / "out" / "analyst-pooled.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["question"], row["answer"]) == ("ever-used", "yes")]
    assert [row["group"] for row in rows] == list(study_of().organisation_ids)
    for row in rows:
        assert sum(int(row[f"rank_{place}_percent"]) for place in range(1, 6)) == pytest.approx(100, abs=3)


def test_json_is_plain(two_waves: AnalystView) -> None:
    """It has its schema, and no number that JSON does not know."""
    table = json.loads(json.dumps(two_waves.to_json(), allow_nan=False))
    assert table["schema"] == "surefoot/comparison/1"
    assert {"planned", "pairs", "pooled", "explored", "ordered", "changes"} <= set(table)
    change = next(c for c in table["changes"] if c["p_adjusted"] is not None)
    assert (change["question"], change["selectors"]) == ("ever-used", ["yes"])
    assert change["difference"] == pytest.approx(0.15, abs=0.05)


def test_report_folder_is_left_alone(two_waves: AnalystView, tmp_path: Path) -> None:
    """What is for the analyst alone never lies beside a release."""
    (tmp_path / "release.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadInput, match="a folder of its own"):
        write_view(two_waves, tmp_path)


def test_unknown_breakdown_is_named(tiny: Callable[..., Path], surefoot: Any) -> None:
    """A breakdown or question that is not there ends with one sentence that says which are."""
    folder = tiny()
    ended = surefoot("compare", folder, "--by", "team")
    assert ended.code == 2
    assert ended.sentence() == 'compare, --by: found "team"; expected one of organisation, role.'
    ended = surefoot("compare", folder, "--question", "nothing")
    assert ended.code == 2
    assert '"nothing"' in ended.sentence()


def test_command_prints_and_writes(tiny: Callable[..., Path], tmp_path: Path, surefoot: Any) -> None:
    """The command line writes the files of --out; --json prints the same as compare.json holds."""
    folder = tiny()
    ended = surefoot("compare", folder, "--out", tmp_path / "out", "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out) == json.loads((tmp_path / "out" / "compare.json").read_text(encoding="utf-8"))
    told = surefoot("compare", folder, "--question", "used", "--by", "role")
    assert told.code == 0, told.err
    assert "Care: " in told.out
    assert "North" not in told.out


def test_study_without_groups_has_nothing_to_compare(tiny: Callable[..., Path], surefoot: Any) -> None:
    """One organisation and no breakdown: empty parts, and no error."""

    def alone(table: dict[str, Any]) -> None:
        table["organisation"] = table["organisation"][:1]
        table["breakdown"] = []

    ended = surefoot("compare", tiny(change=alone, organisations=("north",), people=100))
    assert ended.code == 0, ended.err
    assert "0 of 0" in ended.out


@pytest.mark.parametrize(("drawn", "said"), [(12, True), (30, False)])
def test_few_clusters_are_said_to_find_too_much(two_waves: AnalystView, drawn: int, said: bool) -> None:
    """With 6 to 12 clusters a test by the design finds too many differences, here as in R survey: it is said."""
    study = replace(study_of(), sampling=Sampling(cluster="team"))
    tally = SimpleNamespace(units=(("", "t"),) * drawn)
    assert few_clusters(study, tally) is said
    assert not few_clusters(study_of(), tally)
    view = replace(two_waves, limits=(FEW_CLUSTERS,) if said else ())
    told = "\n".join(lines(view))
    assert (
        (FEW_CLUSTERS in told) is (FEW_CLUSTERS in view.to_json()["limits"]) is (FEW_CLUSTERS in render(view)) is said
    )

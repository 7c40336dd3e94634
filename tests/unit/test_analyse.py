"""The job as one call: read, count, estimate, release, find; and what an analysis may tell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from surefoot.analyse import IN_NO_FIGURE, Analysis, analyse
from surefoot.errors import BadInput
from surefoot.release import EVERYONE, FEW, Group, Release, release_table
from surefoot.report import render
from surefoot.study import open_study

Tiny = Callable[..., Path]
NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


def analysed(folder: Path, **options: Any) -> Analysis:
    """An analysis of a study's folder at a known time."""
    return analyse(open_study(folder), now=NOW, **options)


def test_answers_become_a_release_and_findings(tiny: Tiny) -> None:
    """All 300 answers are counted; the release holds the findings that the analysis made."""
    found = analysed(tiny())
    assert isinstance(found.release, Release)
    assert (found.wave, found.release.made) == ("1", "2026-10-01T09:30:00Z")
    assert [(account.rows, account.kept) for account in found.accounts] == [(300, 300)]
    shares = found.release.shares("balance-productivity")
    assert sum(figure.value or 0.0 for figure in shares) == pytest.approx(1.0)
    assert found.findings
    assert found.release.findings == tuple(finding.to_json() for finding in found.findings)


def test_engines_give_the_same_release(tiny: Tiny) -> None:
    """The plain engine is the specification."""
    study = tiny(people=60)
    numpy, plain = (analysed(study, engine=engine).release for engine in ("numpy", "plain"))
    assert release_table(numpy) == release_table(plain)


def test_order_of_rows_does_not_matter(tiny: Tiny) -> None:
    """The same answers in another order are the same release."""
    study = tiny()
    first = analysed(study).release
    head, *rows = (study / "answers.csv").read_text(encoding="utf-8").splitlines()
    (study / "answers.csv").write_text("\n".join([head, *reversed(rows)]) + "\n", encoding="utf-8")
    assert release_table(analysed(study).release) == release_table(first)


def test_progress_names_each_step(tiny: Tiny) -> None:
    """Reading, counting and protecting are told, each until it is done."""
    seen: dict[str, list[tuple[int, int]]] = {}
    analysed(tiny(), progress=lambda what, done, total: seen.setdefault(what, []).append((done, total)))
    assert {"Reading answers", "Protecting small groups"} <= set(seen)
    for steps in seen.values():
        assert steps[-1][0] == steps[-1][1]
        assert steps == sorted(steps)


def test_waves_are_analysed_apart(tiny: Tiny) -> None:
    """The last wave unless another is named; one that is not there is refused."""
    study = tiny(change=lambda table: table["source"].append({"file": "later.csv", "wave": "2"}))
    head, *rows = (study / "answers.csv").read_text(encoding="utf-8").splitlines()
    (study / "later.csv").write_text("\n".join([head, *rows[:100]]) + "\n", encoding="utf-8")
    bases = {wave: figure_base(analysed(study, wave=wave)) for wave in (None, "1", "2")}
    assert bases == {None: 100, "1": 300, "2": 100}
    with pytest.raises(BadInput, match='wave: found "3"; expected one of 1, 2'):
        analysed(study, wave="3")


def figure_base(found: Analysis) -> int:
    """How many people answered whether they used AI."""
    return found.release.shares("used")[0].base


def test_study_without_organisations(tiny: Tiny) -> None:
    """Answers that belong to nobody in particular are reported for all together."""
    found = analysed(tiny(change=lambda table: [table.pop(key) for key in ("organisation", "headcount_by")]))
    assert figure_base(found) == 300
    assert found.release.organisations == ()
    assert found.release.breakdowns == ("role",)


def test_group_alone_is_hidden_with_its_rows(tiny: Tiny) -> None:
    """With a hidden organisation the release tells no rows of files: less what is shown, they would be its own."""
    found = analysed(tiny(answers=few_and_many(9, 150)))
    release = found.release
    assert not release.is_shown(Group("organisation", "north"))
    assert release.accounts == ()
    assert [(account.rows, account.kept) for account in found.accounts] == [(159, 159)]
    total = next(part for part in release.participation if part.group == EVERYONE)
    assert (total.answered, total.headcount) == (150, 220)
    assert figure_base(found) == 150


def test_release_does_not_say_which_organisation_has_no_answers(tiny: Tiny) -> None:
    """Two small organisations, one of them without an answer: the release is the same, whichever it is."""

    def four(study: dict[str, Any]) -> None:
        study["organisation"] += [{"id": name, "name": name, "headcount": {"care": 9}} for name in ("east", "west")]

    many = few_and_many(100, 100)
    texts = [many, *(many + f"{name},care,risks,no\n" * 3 for name in ("east", "west"))]
    tables = [release_table(analysed(tiny(change=four, answers=text)).release) for text in texts]
    assert tables[0] == tables[1] == tables[2]


def test_hidden_group_does_not_say_that_it_outgrew_its_headcount(tiny: Tiny) -> None:
    """Where more people answered than a group has, its figures are about others too; a hidden group does not say so."""

    def few_at_desks(study: dict[str, Any]) -> None:
        for organisation in study["organisation"]:
            organisation["headcount"]["desk"] = 2

    texts = [few_and_many(100, 100).replace("desk", "care").replace("care", "desk", few) for few in (3, 9)]
    releases = [analysed(tiny(change=few_at_desks, answers=text)).release for text in texts]
    desks = [[figure for figure in made.figures if figure.group == Group("role", "desk")] for made in releases]
    assert desks[0] == desks[1]
    assert {figure.status for figure in desks[0]} == {"suppressed"}


def test_release_tells_no_rows_of_another_wave(tiny: Tiny) -> None:
    """Files of the first wave, where an organisation was hidden, are not told by the release of the second."""

    def in_waves(study: dict[str, Any]) -> None:
        first = [{"file": f"{name}.csv", "organisation": name} for name in ("north", "south")]
        study["source"] = [*first, {"file": "answers.csv", "wave": "2"}]

    folder = tiny(change=in_waves)
    for name, people in (("north", (6, 0)), ("south", (0, 100))):
        (folder / f"{name}.csv").write_text(few_and_many(*people), encoding="utf-8")
    assert analysed(folder, wave="1").release.accounts == ()
    second = analysed(folder, wave="2")
    assert [account["file"] for account in second.release.accounts] == ["answers.csv"]
    assert [account.file for account in second.accounts] == ["answers.csv"]


def few_and_many(north: int, south: int) -> str:
    """Answers of some people from one organisation and some from the other."""
    balance = ("benefits", "equal", "risks", "dont-know-enough", "benefits")
    rows = ["organisation,role,balance-productivity,used"]
    for name, people in (("north", north), ("south", south)):
        rows += [f"{name},{('care', 'desk')[i % 2]},{balance[i % 5]},{('yes', 'no')[i % 3 > 0]}" for i in range(people)]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(("north", "south"), [(1, 0), (5, 0), (5, 5), (10, 0)])
def test_few_in_all_are_few(tiny: Tiny, north: int, south: int) -> None:
    """Under 11 answers in all: every total says "fewer", of all staff, and none says which organisation has none."""
    release = analysed(tiny(answers=few_and_many(north, south))).release
    assert [(part.answered, part.status) for part in release.participation] == [(None, FEW)] * 3
    assert [part.headcount for part in release.participation] == [400, 180, 220]
    assert not any(figure.shown for figure in release.figures)
    assert not [finding for finding in release.findings if finding["fired"]]


def test_nobody_finished(tiny: Tiny) -> None:
    """Rows that were all left out are accounted for; there is no figure."""
    head, *rows = few_and_many(20, 20).splitlines()
    unfinished = "\n".join([f"{head},Finished", *(f"{row},False" for row in rows)]) + "\n"
    found = analysed(tiny(answers=unfinished))
    assert found.accounts[0].excluded == {"unfinished": 40}
    assert not any(figure.shown for figure in found.release.figures)


def test_headcount_under_the_answers(tiny: Tiny) -> None:
    """More answers than staff: headcounts and invitations followed different rules."""
    few = [{"id": "north", "headcount": 20}, {"id": "south", "headcount": 400}]
    with pytest.raises(BadInput, match="found 20 staff but 150 who answered"):
        analysed(tiny(change=lambda table: table.update(organisation=few)))


def test_few_people_in_no_large_group_can_be_left_out(tiny: Tiny) -> None:
    """With `leave_out_rest` three people without a role are in no figure, and no large group is hidden for them."""
    folder = tiny()
    lines = (folder / "answers.csv").read_text(encoding="utf-8").splitlines()
    blank = [line.replace(",care,", ",,").replace(",desk,", ",,") for line in lines[1:4]]
    (folder / "answers.csv").write_text("\n".join([lines[0], *blank, *lines[4:]]) + "\n", encoding="utf-8")
    role = {Group("role", "care"), Group("role", "desk")}
    assert role & set(analysed(folder).plan.hidden)
    study = open_study(folder)
    broken_down = tuple(replace(b, leave_out_rest=b.question == "role") for b in study.breakdowns)
    found = analyse(replace(study, breakdowns=broken_down), now=NOW)
    assert not role & set(found.plan.hidden)
    everybody = next(part for part in found.release.participation if part.group == EVERYONE)
    assert everybody.answered == 297
    assert found.release.accounts == ()


def test_large_group_is_not_said_to_be_in_no_figure(tiny: Tiny) -> None:
    """Where all at desks answer alike that question is hidden for them; their other answers are in the figures."""
    rows = few_and_many(100, 100).replace("desk,benefits", "desk,risks").replace("desk,equal", "desk,risks")
    alike = rows.replace("desk,dont-know-enough", "desk,risks") + "north,,risks,no\n" * 3
    study = open_study(tiny(answers=alike))
    broken_down = tuple(replace(b, leave_out_rest=True) for b in study.breakdowns)
    found = analyse(replace(study, breakdowns=broken_down), now=NOW).release
    reasons = {n.reason for n in found.not_shown if n.group == Group("role", "desk")}
    assert found.is_shown(Group("role", "desk"))
    assert reasons
    assert IN_NO_FIGURE not in reasons


def ask_for_teams(table: dict[str, Any]) -> None:
    """A question for the number of one's team."""
    table["question"].append({"id": "team", "kind": "number", "text": "The number of your team"})


def test_drawn_teams_widen_intervals_and_are_never_shown(tiny: Tiny) -> None:
    """With teams of one mind declared as clusters, figures are the same and less certain; no team is in the release."""
    folder = tiny(asking=ask_for_teams)
    head, *rows = (folder / "answers.csv").read_text(encoding="utf-8").splitlines()
    answers = [
        ",".join((*row.split(",")[:3], "yes" if n // 20 % 2 else "no", "-", str(n // 20))) for n, row in enumerate(rows)
    ]
    (folder / "answers.csv").write_text("\n".join([f"{head},team", *answers]) + "\n", encoding="utf-8")
    plain = analysed(folder).release
    study_file = folder / "study.toml"
    study_file.write_text(
        study_file.read_text(encoding="utf-8") + '\n[design]\nstratum = "organisation"\ncluster = "team"\n',
        encoding="utf-8",
    )
    drawn = analysed(folder).release
    wide, narrow = ({f.selector: f for f in made.shares("used")} for made in (drawn, plain))
    assert wide["yes"].value == narrow["yes"].value
    assert (wide["yes"].high or 0) - (wide["yes"].low or 0) > 2 * ((narrow["yes"].high or 0) - (narrow["yes"].low or 0))
    assert not [figure for figure in drawn.figures if figure.question == "team" and figure.shown]
    assert [figure for figure in plain.figures if figure.question == "team" and figure.shown]
    assert "How people were drawn" in render(drawn)
    assert "How people were drawn" not in render(plain)

"""Change between waves: the right intervals, only what both waves show, and sentences only where it is certain."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from surefoot.analyse import Analysis, analyse, analyse_responses
from surefoot.estimate import EVERYONE, Comparison, Figure, Group, changes, compare, endless, estimate
from surefoot.estimate.change import headline
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.interval import bonett_price, wilson
from surefoot.publication import publish
from surefoot.release import Release, read_release, write_release
from surefoot.report.exports import write_report
from surefoot.responses import Responses, responses
from surefoot.study import Organisation, Source, Study, open_study
from surefoot.study.sampling import Sampling
from surefoot.tally import count

Tiny = Callable[..., Path]
NOW = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)
VIEW = {
    "id": "view",
    "poles": {"low": "risks", "high": "benefits"},
    "options": [
        {"id": "risks", "text": "Risks", "position": -1},
        {"id": "benefits", "text": "Benefits", "position": 1},
        {"id": "unsure", "text": "I don't know enough to say"},
    ],
}
ASKED = [
    {"id": "view", "kind": "single", "text": "View", "scale": "view", "construct": "net-benefit"},
    {"id": "use", "kind": "single", "text": "Ever used", "scale": "use"},
    {"id": "hours", "kind": "number", "text": "Hours"},
]


def asking(text: str = "Ever used", by: str = "organisation") -> Instrument:
    """Three questions, of which two are planned to be compared."""
    options = [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]
    questions = [q | ({"text": text} if q["id"] == "use" else {}) for q in ASKED]
    planned = [{"question": "view", "by": by}, {"question": "use", "by": by, "options": ["yes"]}]
    head = {"schema": "surefoot/instrument/1", "name": "small", "title": "Small"}
    scales = [VIEW, {"id": "use", "options": options}]
    return instrument_from_table({**head, "scale": scales, "question": questions, "planned": planned})


INSTRUMENT = asking()


def study_of(instrument: Instrument = INSTRUMENT, **more: Any) -> Study:
    """Two organisations of 400 staff, asked in two waves."""
    organisations = tuple(Organisation(name, name.title(), headcount={"all": 400}) for name in ("north", "south"))
    sources = (Source("1.csv", wave="1"), Source("2.csv", wave="2"))
    return Study("s", "S", instrument, organisations, sources=sources, **more)


def answers(waves: list[list[tuple[list[int], int, int]]], instrument: Instrument = INSTRUMENT) -> Responses:
    """Answers by wave and organisation: people by view, how many of them have used AI, and their hours."""
    rows = [
        (wave, place, code, int(person < used), hours)
        for wave, parts in enumerate(waves)
        for place, (view, used, hours) in enumerate(parts)
        for person, code in enumerate(np.repeat(np.arange(3), view).tolist())
    ]
    wave, place, view, used, hours = (list(column) for column in zip(*rows, strict=True))
    columns = {
        "@wave": wave,
        "@organisation": place,
        "view": view,
        "use": [1 - u for u in used],
        "hours": [h + p % 3 for p, h in enumerate(hours)],
    }
    return responses(instrument, columns, organisations=("north", "south"), waves=("1", "2"))


RISING = [
    [([20, 120, 60], 60, 4), ([30, 100, 70], 80, 4)],
    [([20, 130, 50], 120, 4), ([30, 110, 60], 130, 4)],
]


def with_staff(people: int) -> Study:
    """The same study where each organisation has so many staff."""
    made = study_of()
    return replace(made, organisations=tuple(replace(o, headcount={"all": people}) for o in made.organisations))


def analysed(waves: Any = RISING, study: Study | None = None, **more: Any) -> Analysis:
    """The analysis of the second wave, without the slow proof."""
    study = study or study_of()
    return analyse_responses(study, answers(waves, study.instrument), now=NOW, stage_b=False, **more)


def found(release: Release, question: str, group: Group = EVERYONE, selectors: tuple[str, ...] = ()) -> Comparison:
    """One change."""
    wanted = (question, (group,), selectors)
    (change,) = (
        c for c in release.comparisons if c.family == "waves" and (c.question, c.groups, c.selectors) == wanted
    )
    return change


def test_change_of_an_organisation_is_newcombe() -> None:
    """One organisation's share in two waves: Newcombe's interval of two Wilson intervals, without correction."""
    change = found(analysed().release, "use", Group("organisation", "north"), ("yes",))
    one, other = wilson([60], [200]), wilson([120], [200])
    assert change.difference == pytest.approx(0.3)
    assert change.low == pytest.approx(0.3 - np.hypot(other.value - other.low, one.high - one.value)[0], abs=1e-5)
    assert change.high == pytest.approx(0.3 + np.hypot(other.high - other.value, one.value - one.low)[0], abs=1e-5)


def test_change_of_a_net_combines_bonett_price() -> None:
    """The same for nets."""
    change = found(analysed().release, "view", Group("organisation", "south"))
    one, other = bonett_price([100], [30], [200]), bonett_price([110], [30], [200])
    assert change.difference == pytest.approx(0.05)
    assert change.low == pytest.approx(0.05 - np.hypot(other.value - other.low, one.high - one.value)[0], abs=1e-5)


def test_change_of_everybody_weighs_organisations_by_headcount() -> None:
    """The whole group's change is that of its shown figures; it has an interval even where everybody answered."""
    release = analysed().release
    change = found(release, "use", EVERYONE, ("yes",))
    earlier, later = (release.by_id[name].value or 0.0 for name in change.figures)
    assert change.difference == pytest.approx(later - earlier)
    whole = replace(
        study_of(), organisations=tuple(replace(o, headcount={"all": 200}) for o in study_of().organisations)
    )
    census = found(analysed(study=whole).release, "use", EVERYONE, ("yes",))
    assert (census.low, census.high) == pytest.approx((change.low, change.high), abs=1e-5)


def test_no_correction_for_clusters_either() -> None:
    """In a sample of clusters a change is as uncertain whether or not somebody counted how many clusters there are."""
    numbers = [{"id": "team", "kind": "number", "text": "Team"}]
    asked = replace(INSTRUMENT, questions=(*INSTRUMENT.questions, *numbers_of(numbers)))
    found_of = []
    for population in ({}, {"north": 11, "south": 11}):
        sampling = Sampling(stratum="organisation", cluster="team", population=population)
        given = answers(RISING, asked)
        place, rows = given.codes("@organisation"), np.arange(len(given))
        team = place * 10 + rows % 10
        columns = [pl.Series("@stratum", place, dtype=pl.Int32), pl.Series("@cluster", team, dtype=pl.Int32)]
        given = replace(given, table=given.table.with_columns(pl.Series("team", team), *columns))
        study = replace(study_of(asked), sampling=sampling)
        release = analyse_responses(study, given, now=NOW, stage_b=False).release
        found_of.append(found(release, "use", EVERYONE, ("yes",)))
    assert found_of[0].low == pytest.approx(found_of[1].low, abs=1e-6)


def numbers_of(questions: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Questions of a number."""
    head = {"schema": "surefoot/instrument/1", "name": "n", "title": "N"}
    return instrument_from_table({**head, "question": questions}).questions


def test_means_change_too() -> None:
    """A number that rose by two."""
    waves = [RISING[0], [(view, used, 6) for view, used, _ in RISING[1]]]
    change = found(analysed(waves).release, "hours")
    assert change.difference == pytest.approx(2.0, abs=0.02)
    assert change.low is not None and 1.7 < change.low < 2.0


def test_family_is_that_of_the_plan() -> None:
    """Only the planned quantities of the whole group are adjusted, by Holm over all of them."""
    release = analysed().release
    adjusted = {(c.question, c.groups[0]): c for c in release.comparisons if c.family == "waves" and c.p_adjusted}
    assert set(adjusted) == {("view", EVERYONE), ("use", EVERYONE)}
    use, view = adjusted["use", EVERYONE], adjusted["view", EVERYONE]
    assert use.p_adjusted == pytest.approx(2 * (use.p or 0))
    assert view.p_adjusted == pytest.approx(view.p)


def test_planned_quantity_of_two_breakdowns_is_one_headline() -> None:
    """The same net planned by organisation and by wave changes once."""
    twice = replace(INSTRUMENT, planned=(*INSTRUMENT.planned, *asking(by="wave").planned))
    assert headline(twice) == headline(INSTRUMENT)


def test_missing_headline_still_counts() -> None:
    """A planned change that cannot be shown makes the family no smaller."""
    study, given = study_of(), answers(RISING)
    tallies = [count(given.filtered(given.codes("@wave") == wave), study) for wave in (0, 1)]
    earlier, later = (estimate(t, endless(study), wave=w) for t, w in zip(tallies, "12", strict=True))
    without = [f for f in earlier if f.question != "view"]
    change = next(c for c in changes(without, later, INSTRUMENT) if c.p_adjusted is not None)
    assert change.p_adjusted == pytest.approx(2 * (change.p or 0))


def change_findings(analysis: Analysis) -> dict[str, Any]:
    """The sentences about change, by question."""
    return {f.question: f for f in analysis.findings if f.rule == "change"}


def test_certain_change_is_said() -> None:
    """It says from which share to which, and by how much; a change that is not certain says what could be missed."""
    said = change_findings(analysed())
    assert said["use"].fired
    assert said["use"].sentence.startswith("“Ever used”: since wave 1, the share who answer “Yes” rose from 35% (")
    assert "to 63% (" in said["use"].sentence
    assert "by 28 points (" in said["use"].sentence
    assert not said["view"].fired
    assert "no change of the lead of benefit over risk since wave 1 was found" in said["view"].sentence


def test_small_change_is_not_said() -> None:
    """A change under five points is not told as one, however certain."""
    waves = [[([400, 0, 3600], 400, 4)] * 2, [([560, 0, 3440], 560, 4)] * 2]
    big = replace(
        study_of(), organisations=tuple(replace(o, headcount={"all": 9000}) for o in study_of().organisations)
    )
    analysis = analysed(waves, big)
    assert (found(analysis.release, "use", EVERYONE, ("yes",)).p_adjusted or 1) < 0.001
    assert not change_findings(analysis)["use"].fired


def test_fall_is_said_as_a_fall() -> None:
    """In the other order of waves everything falls."""
    said = change_findings(analysed(RISING[::-1]))
    assert "fell from 63%" in said["use"].sentence


def test_first_wave_has_no_change() -> None:
    """Nothing is before it."""
    first = analysed(wave="1").release
    assert not [c for c in first.comparisons if c.family == "waves"]
    assert first.earlier_figures == ()


def test_group_hidden_in_either_wave_is_in_no_change() -> None:
    """Too few people of one organisation in one wave: its change is not told in the other either."""
    few = [([2, 3, 3], 4, 4), RISING[0][1]]
    for waves in ([few, RISING[1]], [RISING[0], few]):
        release = analysed(waves).release
        groups = {c.groups[0] for c in release.comparisons if c.family == "waves"}
        assert Group("organisation", "north") not in groups
        assert not [f for f in release.earlier_figures if f.group == Group("organisation", "north")]


def test_other_organisations_then_are_no_change_of_the_whole(tmp_path: Path) -> None:
    """Where an organisation answered in one wave only, the whole group is not compared, and the report says why."""
    release = analysed([[RISING[0][0], ([0, 0, 0], 0, 4)], RISING[1]]).release
    groups = {c.groups[0] for c in release.comparisons if c.family == "waves"}
    assert groups == {Group("organisation", "north")}
    write_report(release, tmp_path / "two")
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert "not the same organisations answered then" in page
    assert page.count('id="twice-use-yes"') == 1


def test_planned_tests_are_those_of_the_wave_alone() -> None:
    """What is compared within a wave does not depend on the wave before."""
    study, given = study_of(), answers(RISING)
    tally = count(given.filtered(given.codes("@wave") == 1), study)
    alone = compare(tally, study, estimate(tally, study, wave="2"), wave="2")
    release = analysed().release
    assert [c.p for c in release.comparisons if c.family == "planned"] == [c.p for c in alone if c.family == "planned"]


def test_release_file_keeps_the_earlier_figures(tmp_path: Path) -> None:
    """Written and read again, a release knows what it is compared with."""
    release = analysed().release
    again = read_release(write_release(release, tmp_path))
    assert [f.id for f in again.earlier_figures] == [f.id for f in release.earlier_figures]
    assert {f.wave for f in again.earlier_figures} == {"1"}
    assert [c.figures for c in again.comparisons] == [c.figures for c in release.comparisons]


def test_report_has_a_chapter_on_change(tmp_path: Path) -> None:
    """Sentence, graph and table in the page, every change in a file; no such chapter in a first wave."""
    write_report(analysed().release, tmp_path / "two")
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert "What changed since wave 1" in page
    assert page.count('id="twice-use-yes"') == 1
    lines = (tmp_path / "two" / "tables" / "changes.csv").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("use,Yes,all,All staff,share,%,35,63,28,") for line in lines)
    write_report(analysed(wave="1").release, tmp_path / "one")
    assert "What changed" not in (tmp_path / "one" / "report.html").read_text(encoding="utf-8")
    assert not (tmp_path / "one" / "tables" / "changes.csv").exists()


# With a final release of the wave before --------------------------------------------------------------------------


def two_files(table: dict[str, Any]) -> None:
    """Two waves of the tiny study; what each is asked of is compared."""
    table["source"] = [{"file": "answers.csv", "wave": "1"}, {"file": "second.csv", "wave": "2"}]


def planned(table: dict[str, Any]) -> None:
    """Plan to compare who has used AI."""
    table["planned"] = [{"question": "used", "by": "organisation", "options": ["yes"]}]


def kept(tiny: Tiny, tmp_path: Path) -> Path:
    """A study whose first wave is released, and whose second is answered alike."""
    folder = tiny(change=two_files, asking=planned)
    (folder / "second.csv").write_text((folder / "answers.csv").read_text(encoding="utf-8"), encoding="utf-8")
    publish(open_study(folder), tmp_path / "one", wave="1", final_by="Sam", now=NOW)
    return folder


def compared(folder: Path) -> Release:
    """The release of the second wave."""
    return analyse(open_study(folder), wave="2", now=NOW).release


def test_kept_release_is_what_is_compared_with(tiny: Tiny, tmp_path: Path) -> None:
    """Where answers of the first wave were changed since, their new figures are not told beside the second wave."""
    folder = kept(tiny, tmp_path)
    whole = {f.question for f in compared(folder).earlier_figures}
    assert {"used", "balance-productivity"} <= whole
    text = (folder / "answers.csv").read_text(encoding="utf-8")
    (folder / "answers.csv").write_text(text.replace(",no,", ",yes,", 30), encoding="utf-8")
    left = {f.question for f in compared(folder).earlier_figures}
    assert "used" not in left
    assert "balance-productivity" in left


def test_terminal_says_that_no_change_was_found(tiny: Tiny, tmp_path: Path) -> None:
    """Whoever reads the terminal alone hears of the wave before, too."""
    made = publish(open_study(kept(tiny, tmp_path)), tmp_path / "two", wave="2", now=NOW)
    assert any("no change was found in what was planned" in line for line in made.lines())


def test_final_report_tells_nothing_of_an_unreleased_wave(tiny: Tiny, tmp_path: Path) -> None:
    """Else the numbers of the first wave would be out before its own release; a draft shows them."""
    folder = tiny(change=two_files, asking=planned)
    (folder / "second.csv").write_text((folder / "answers.csv").read_text(encoding="utf-8"), encoding="utf-8")
    study = open_study(folder)
    assert publish(study, tmp_path / "draft", now=NOW).analysis.release.earlier_figures
    assert not publish(study, tmp_path / "two", final_by="Sam", now=NOW).analysis.release.earlier_figures


def test_question_asked_otherwise_is_not_compared(tiny: Tiny, tmp_path: Path) -> None:
    """Other words in the second wave: the question is named as differing, and no change of it is told."""
    folder = kept(tiny, tmp_path)
    path = folder / "instrument.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("Ever used AI?", "Used AI at work?"), encoding="utf-8")
    release = compared(folder)
    assert release.differing == ("used",)
    assert {c.question for c in release.comparisons if c.family == "waves"} == {"role", "balance-productivity"}
    write_report(release, tmp_path / "two")
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert "and so not compared: “Used AI at work?”" in page


def test_files_in_other_words_are_not_compared(tmp_path: Path) -> None:
    """A question whose column had other words in the second wave's file, by its mapping, is named as differing."""
    head, rows = "View,Ever used,Hours,organisation", ["Risks,Yes,3", "Benefits,No,4"] * 20
    answers_of = "".join(f"{row},{place}\n" for place in ("north", "south") for row in rows)
    mapping = """schema = "surefoot/mapping/1"
[columns.View]
question = "view"
[columns."Have you tried AI yet?"]
question = "use"
[columns.Hours]
question = "hours"
[columns.organisation]
role = "organisation"
"""
    (tmp_path / "1.csv").write_text(f"{head}\n{answers_of}", encoding="utf-8")
    (tmp_path / "2.csv").write_text(f"{head.replace('Ever used', 'Have you tried AI yet?')}\n{answers_of}")
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    sources = (Source("1.csv", wave="1"), Source("2.csv", mapping="m.toml", wave="2"))
    study = replace(study_of(), folder=tmp_path, sources=sources)
    release = analyse(study, now=NOW, stage_b=False).release
    assert release.differing == ("use",)
    assert {c.question for c in release.comparisons if c.family == "waves"} == {"view", "hours"}
    assert analyse(study, wave="1", now=NOW, stage_b=False).release.differing == ()


def test_null_waves_seldom_differ() -> None:
    """Two waves of one mind: a false change in at most 5 % of studies, as far as 200 can tell."""
    rng = np.random.default_rng(4)
    false = 0
    for _ in range(200):
        p_view, p_use = rng.dirichlet([4, 4, 4]), rng.uniform(0.1, 0.9)
        figures: list[list[Figure]] = []
        for wave in "12":
            view, use = rng.multinomial(80, p_view), rng.binomial(80, p_use)
            given = answers([[(view.tolist(), int(use), 4), (view.tolist(), int(use), 4)]] * 2)
            north = given.filtered((given.codes("@wave") == 0) & (given.codes("@organisation") == 0))
            figures.append(list(estimate(count(north, study_of()), endless(study_of()), wave=wave)))
        found = changes(*figures, INSTRUMENT)
        false += any(c.p_adjusted is not None and c.p_adjusted < 0.05 for c in found)
    assert false / 200 < 0.05 + 1.645 * np.sqrt(0.05 * 0.95 / 200)

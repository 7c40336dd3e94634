"""Who answered: coverage, what the silent could change, early against late, and what weights do; nothing under 11."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from surefoot.analyse import Analysis, analyse_responses
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.release import OVER, SUPPRESSED, Group, Who
from surefoot.release.answered import frame_notes
from surefoot.responses import Responses, responses
from surefoot.study import Breakdown, Counted, Organisation, Study
from surefoot.study.margins import Weights

NOW = datetime(2026, 11, 25, tzinfo=UTC)
ROLES = ("care", "desk", "lead")


def instrument() -> Instrument:
    """A role, a net, and a share that was to be compared."""
    balance = [{"id": "risks", "text": "R", "position": -1}, {"id": "benefits", "text": "B", "position": 1}]
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "who",
            "title": "Who",
            "scale": [
                {"id": "roles", "options": [{"id": role, "text": role} for role in ROLES]},
                {"id": "balance", "ordered": True, "poles": {"low": "risks", "high": "benefits"}, "options": balance},
                {"id": "yes-no", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
            ],
            "question": [
                {"id": "role", "kind": "single", "text": "Role", "scale": "roles"},
                {"id": "view", "kind": "single", "text": "View", "scale": "balance"},
                {"id": "used", "kind": "single", "text": "Used", "scale": "yes-no"},
            ],
            "planned": [{"question": "used", "by": "organisation", "options": ["yes"]}],
        }
    )


HEADCOUNTS = {"north": {"care": 100, "desk": 60}, "south": {"care": 80, "desk": 90}}


def study(headcounts: Mapping[str, Mapping[str, int]] = HEADCOUNTS, weights: Weights | None = None) -> Study:
    """Two organisations, broken down by role."""
    made = tuple(Organisation(name, name, headcount=staff) for name, staff in headcounts.items())
    return Study(
        "who", "Who", instrument(), made, (Breakdown("role"),), headcount_by="role", weights=weights,
        frame_date=date(2026, 9, 1),
    )  # fmt: skip


def answers(*, leads: int = 0, phase: str = "none") -> Responses:
    """60 of north and 80 of south, and some leads of north; phase: none, mixed, or by organisation."""
    rng = np.random.default_rng(4)
    organisation = np.repeat([0, 1, 0], [60, 80, leads])
    role = np.concatenate([rng.integers(0, 2, 140), np.full(leads, 2)])
    rows = len(role)
    late = {"none": np.full(rows, -1), "mixed": np.arange(rows) % 2, "by-organisation": organisation}[phase]
    columns = {"@organisation": organisation, "role": role, "@phase": late}
    columns |= {"view": rng.integers(0, 2, rows), "used": rng.integers(0, 2, rows)}
    return responses(instrument(), columns, organisations=("north", "south"))


def analysed(given: Study, taken: Responses) -> Analysis:
    """The analysis without Stage B, which takes its time."""
    return analyse_responses(given, taken, now=NOW, stage_b=False)


def test_coverage_holds_each_role_against_its_headcount() -> None:
    """Everybody in a role who answered, of all who were counted in it."""
    taken = answers()
    found = {part.group: (part.headcount, part.answered) for part in analysed(study(), taken).release.who.coverage}
    care = int((taken.codes("role") == 0).sum())
    assert found == {Group("role", "care"): (180, care), Group("role", "desk"): (150, 140 - care)}


def test_a_declared_cross_is_covered_too() -> None:
    """Each role of each organisation, only where the study declares that table; else it could tell of hidden people."""
    crossed = replace(study(), breakdowns=(Breakdown("role"), Breakdown("role", crossed_with="organisation")))
    taken = answers()
    found = {part.group: part for part in analysed(crossed, taken).release.who.coverage}
    north_care = found[Group("organisation.role", "north.care")]
    both = (taken.codes("@organisation") == 0) & (taken.codes("role") == 0)
    assert (north_care.headcount, north_care.answered) == (100, int(both.sum()))
    assert not [part for part in analysed(study(), taken).release.who.coverage if "." in part.group.breakdown]


def test_coverage_of_few_people_is_not_told() -> None:
    """Ten leads are too few: their headcount stands alone, and so does that of whoever protects them."""
    headcounts = {**HEADCOUNTS, "north": {**HEADCOUNTS["north"], "lead": 12}}
    found = {part.group.code: part for part in analysed(study(headcounts), answers(leads=10)).release.who.coverage}
    assert (found["lead"].headcount, found["lead"].answered, found["lead"].status) == (12, None, SUPPRESSED)
    assert sum(part.answered is None for part in found.values()) >= 2


def test_more_answers_than_staff_in_a_role_are_a_frame_error() -> None:
    """Nobody was counted as a lead, and twenty answered as one."""
    found = {part.group.code: part for part in analysed(study(), answers(leads=20)).release.who.coverage}
    assert (found["lead"].status, found["lead"].headcount, found["lead"].answered) == (OVER, 0, 20)


def test_bounds_are_what_all_silent_people_could_make_of_it() -> None:
    """Of 330 staff 140 answered; bounds of a share are those who said so, and those and all silent people."""
    taken = answers()
    (bound,) = (b for b in analysed(study(), taken).release.who.bounds if b.question == "used")
    said = int((taken.codes("used") == 0).sum())
    assert bound.low == np.floor(100 * said / 330) / 100
    assert bound.high == np.ceil(100 * (said + 190) / 330) / 100


def test_bounds_do_not_depend_on_weights() -> None:
    """People count in bounds, whatever they weigh."""
    plain, weighted = (
        analysed(study(weights=weights), answers()).release.who for weights in (None, Weights("post-stratify"))
    )
    assert [(b.low, b.high) for b in plain.bounds] == [(b.low, b.high) for b in weighted.bounds]
    assert plain.weights is None and weighted.weights is not None


def test_early_less_late_is_told_of_headlines() -> None:
    """Half answered early: the net and the planned share are compared, without finite population correction."""
    taken = answers(phase="mixed")
    found = {shift.question: shift for shift in analysed(study(), taken).release.who.shifts}
    assert set(found) == {"view", "used"}
    yes, early = taken.codes("used") == 0, taken.codes("@phase") == 0
    gap = yes[early].mean() - yes[~early].mean()
    shift = found["used"]
    assert shift.difference == pytest.approx(gap, abs=0.0051)
    assert shift.low is not None and shift.high is not None and shift.low < gap < shift.high


@pytest.mark.parametrize("late", [5, 10])
def test_early_and_late_are_not_told_of_few(late: int) -> None:
    """Ten late people are too few to be compared with anybody."""
    taken = answers()
    phase = np.where(np.arange(len(taken)) < late, 1, 0)
    column = pl.Series("@phase", phase, dtype=pl.Int16)
    assert analysed(study(), replace(taken, table=taken.table.with_columns(column))).release.who.shifts == ()


def test_early_and_late_are_not_told_where_they_cut_out_a_few() -> None:
    """All of north and seven of south were early: early less north would be those seven."""
    taken = answers(phase="by-organisation")
    phase = taken.codes("@phase").copy()
    phase[np.flatnonzero(phase == 1)[:7]] = 0
    made = replace(taken, table=taken.table.with_columns(pl.Series("@phase", phase, dtype=pl.Int16)))
    assert analysed(study(), made).release.who.shifts == ()
    assert analysed(study(), taken).release.who.shifts != ()


def test_weights_are_told_to_the_nearest_half_unless_a_group_is_hidden() -> None:
    """A mean weight times a base would give the headcount ratio of a hidden group away."""
    headcounts = {**HEADCOUNTS, "north": {**HEADCOUNTS["north"], "lead": 12}}
    weights = Weights("post-stratify")
    open_, hidden = (
        analysed(study(counted, weights), answers(leads=leads)).release.who.weights
        for counted, leads in ((HEADCOUNTS, 0), (headcounts, 10))
    )
    assert open_ is not None and hidden is not None
    assert open_.greatest is not None and open_.greatest % 0.5 == 0
    assert (hidden.least, hidden.greatest) == (None, None)


def test_figures_say_that_they_are_weighted() -> None:
    """The method names the weights, and the effective base is smaller than the base."""
    found = analysed(study(weights=Weights("rake")), answers()).release.figure("used", selector="yes")
    assert found is not None and found.method == "Wilson interval, weighted, stratified by headcount"
    assert found.effective_base < found.base == 140


def test_effective_bases_tell_nothing_of_hidden_groups() -> None:
    """Of a weighted release everybody's effective base is told, and where somebody is hidden not even that."""
    headcounts = {**HEADCOUNTS, "north": {**HEADCOUNTS["north"], "lead": 12}}
    weights = Weights("post-stratify")
    open_, hidden = (
        analysed(study(counted, weights), answers(leads=leads)).release
        for counted, leads in ((HEADCOUNTS, 0), (headcounts, 10))
    )
    told = {str(f.group) for f in open_.figures if open_.as_shown[f.id].effective_base and ", weighted" in f.method}
    assert told == {"all"}
    assert not [f for f in hidden.figures if hidden.as_shown[f.id].effective_base and ", weighted" in f.method]
    assert hidden.who.r_indicator is None
    assert hidden.who.weights is not None and hidden.who.weights.effective_base is None
    assert hidden.who.weights.misfit is None and hidden.who.weights.design_effect is None


def test_a_hidden_group_without_headcount_has_no_row() -> None:
    """A row "not shown, of 0" would say that somebody chose what nobody was counted as."""
    made = analysed(study(), answers(leads=5)).release
    assert Group("role", "lead") not in {part.group for part in made.who.coverage}
    assert not made.is_shown(Group("role", "lead"))


def test_who_comes_back_from_json() -> None:
    """Nothing is lost in the file of a release."""
    made = analysed(study(weights=Weights("rake")), answers(phase="mixed")).release.who
    assert made.shifts and made.bounds and made.coverage and made.weights
    assert Who.from_json(json.loads(json.dumps(made.to_json()))) == made
    assert Who.from_json({}) == Who()


def test_frame_notes_name_what_is_missing() -> None:
    """An old frame, no date, an organisation that nobody counted, and who is counted at all."""
    old = replace(study(), frame_date=date(2025, 1, 1), counted=Counted(bank=False))
    undated = replace(study({**HEADCOUNTS, "east": {}}), frame_date=None)
    told, missing = " ".join(frame_notes(old, NOW.date())), " ".join(frame_notes(undated, NOW.date()))
    assert "2025-01-01, more than a year before" in told and "none but employed people" in told
    assert "headcounts include" not in missing, "nobody said whom they include"
    assert "Nobody counted the staff of east." in missing and "does not say on which day" in missing


def test_r_indicator_is_one_where_all_answer_alike() -> None:
    """Half of every cell answered: no cell differs from another."""
    half = [
        (o, r)
        for o, staff in enumerate(HEADCOUNTS.values())
        for r, n in enumerate(staff.values())
        for _ in range(n // 2)
    ]
    organisation, role = (np.array(column) for column in zip(*half, strict=True))
    columns = {"@organisation": organisation, "role": role, "view": role % 2, "used": np.arange(len(role)) % 2}
    taken = responses(instrument(), columns, organisations=("north", "south"))
    assert analysed(study(), taken).release.who.r_indicator == 1.0
    fewer = taken.filtered(~((organisation == 0) & (role == 0) & (np.arange(len(role)) % 2 == 0)))
    indicator = analysed(study(), fewer).release.who.r_indicator
    assert indicator is not None and indicator < 0.9

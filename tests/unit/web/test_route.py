"""Routing as people walk it, and the way from answers to columns and back."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.demo import simulate, simulate_staff, study_of
from surefoot.instrument import Instrument, open_instrument
from surefoot.responses import Missing, number_missing
from surefoot.web.columns import answers_of, responses_of
from surefoot.web.route import route

BASELINE = open_instrument("ai-baseline")


def ids(instrument: Instrument, answers: dict[str, Any]) -> list[str]:
    """The ids on a route."""
    return [question.id for question in route(instrument, answers).questions]


def test_routed_question_is_asked_when_its_condition_holds(asked: Instrument) -> None:
    """Shown after `yes`, not after `no`, nor before anything was answered."""
    assert "tools" in ids(asked, {"used": "yes"})
    assert "tools" not in ids(asked, {"used": "no"})
    assert "tools" not in ids(asked, {"used": None})
    assert "tools" not in ids(asked, {})


def test_answer_off_the_route_counts_for_nothing(asked: Instrument) -> None:
    """Somebody who goes back and says `no` is not kept with the tools that they named before."""
    way = route(asked, {"used": "no", "tools": ["chat"], "hours": 10})
    assert way.kept == {"used": "no", "hours": 10}


def test_known_question_is_not_asked(asked: Instrument) -> None:
    """Where the link says it already, nobody is asked."""
    assert "used" not in [question.id for question in route(asked, {}, known="used").questions]


def test_first_open_question_is_where_to_go_on(asked: Instrument) -> None:
    """A question that was passed is no longer open; None where all were shown."""
    way = route(asked, {"used": None})
    assert way.first_open is not None
    assert way.first_open.id == "wanted"
    assert route(asked, {**dict.fromkeys(ids(asked, {}))}).first_open is None


def test_derived_conditions_hold_as_the_readers_say() -> None:
    """Questions that depend on derived ones are shown to the same people as when a file is read."""
    study = study_of()
    made = simulate_staff(study)
    for row in range(0, len(made), 197):
        answers = answers_of(made, row)
        way = route(BASELINE, answers)
        shown = {question.id for question in way.questions if question.kind != "text"}
        assert shown == set(answers), row


def test_columns_and_answers_are_two_ways_of_one_thing() -> None:
    """The demo's answers, as people would have sent them, give the same columns again."""
    study = study_of()
    made = simulate(study)
    rows = range(0, len(made), 23)
    places = made.codes("@organisation")
    pairs = [(study.organisation_ids[places[row]], answers_of(made, row)) for row in rows]
    again = responses_of(BASELINE, pairs, organisations=study.organisation_ids, wave="1")
    for _, item in BASELINE.items:
        if item in again.table.columns:
            assert again.codes(item).tolist() == made.codes(item)[np.array(rows)].tolist(), item


def test_kinds_of_missing_stay_apart(asked: Instrument) -> None:
    """Not asked, not answered, unticked: three codes, for choices and for numbers."""
    rows = [("north", {"used": "no", "wanted": None, "hours": None}), ("south", {"used": "yes", "tools": ["chat"]})]
    made = responses_of(asked, rows, organisations=["north", "south"], wave="1")
    assert made.codes("tools/chat").tolist() == [Missing.NOT_ASKED, 1]
    assert made.codes("tools/notes").tolist() == [Missing.NOT_ASKED, Missing.UNTICKED]
    assert made.codes("wanted/first").tolist() == [Missing.NOT_ANSWERED, Missing.NOT_ASKED]
    assert made.codes("hours").tolist() == [number_missing(Missing.NOT_ANSWERED), number_missing(Missing.NOT_ASKED)]
    assert made.waves == ("1",)


def test_texts_stay_with_their_row(asked: Instrument) -> None:
    """A comment goes into the table of texts, by the row of its author."""
    rows = [("north", {"used": "no"}), ("north", {"used": "yes", "comment": "Hm"})]
    made = responses_of(asked, rows, organisations=["north"], wave="1")
    assert made.texts.to_dicts() == [{"@row": 1, "question": "comment", "text": "Hm"}]


@given(st.dictionaries(st.sampled_from([q.id for q in BASELINE.asked]), st.just(None) | st.just(["other"])))
def test_route_never_fails(answers: dict[str, Any]) -> None:
    """Whatever was answered, there is a route, and all that is kept is on it."""
    way = route(BASELINE, answers)
    assert set(way.kept) <= {question.id for question in way.questions}


@pytest.mark.parametrize("question", ["used", "tools", "wanted", "hours", "area", "comment"])
def test_neighbours_are_the_way_back_and_on(asked: Instrument, question: str) -> None:
    """Back from what follows is where one was."""
    way = route(asked, {"used": "yes"})
    following = way.after(question)
    assert following is None or way.before(following.id) == asked[question]

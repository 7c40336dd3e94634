"""Counting, on answers that can be counted by hand."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from surefoot.instrument import Instrument, instrument_from_table
from surefoot.responses import Missing, Responses, number_missing, responses
from surefoot.study import ALL, Breakdown, Organisation, Study
from surefoot.tally import ENGINES, PROFILE, Axis, N, Tally, count, item_labels, with_derived

ORGANISATIONS = (
    Organisation("oak", "Oak", "care"),
    Organisation("elm", "Elm", "clinic"),
    Organisation("ash", "Ash", "care"),
)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    """A breakdown, one question of each kind, and one that is derived."""
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "kinds",
            "title": "Kinds",
            "scale": [
                {"id": "role", "options": [{"id": "nurse", "text": "Nurse"}, {"id": "manager", "text": "Manager"}]},
                {"id": "tools", "options": [{"id": "chat", "text": "Chat"}, {"id": "notes", "text": "Notes"}]},
                {"id": "yes", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
            ],
            "question": [
                {"id": "role", "kind": "single", "text": "Role", "scale": "role"},
                {"id": "tools", "kind": "multi", "text": "Tools", "scale": "tools"},
                {"id": "order", "kind": "ranked", "text": "Order", "scale": "tools"},
                {"id": "years", "kind": "number", "text": "Years", "decimals": 1},
                {
                    "id": "writes",
                    "kind": "single",
                    "text": "Uses a tool that takes notes",
                    "scale": "yes",
                    "derived": [{"question": "tools", "any_of": ["notes"]}],
                    "derived_base": "tools",
                },
            ],
        }
    )


def counted(instrument: Instrument, columns: dict[str, Any], **settings: Any) -> Tally:
    """The tally of some answers from people of three organisations."""
    made = responses(instrument, columns, organisations=("elm", "oak"))
    return count(made, Study("s", "S", instrument, ORGANISATIONS, **settings))


def test_people_are_counted_by_group(instrument: Instrument) -> None:
    """By all, organisation, service type and breakdown; the organisations of the study give the order."""
    tally = counted(
        instrument,
        {"role": [0, 0, 1, -2], "@organisation": [0, 1, 1, -1]},
        breakdowns=(Breakdown("role"), Breakdown("role", "organisation")),
    )
    assert tally.axes["organisation"] == Axis("organisation", ("oak", "elm", "ash"))
    assert tally.axes["service-type"].labels == ("care", "clinic")
    assert tally.answers(ALL, "role")[N].tolist() == [[2, 1]]
    assert tally.answers("organisation", "role")[N].tolist() == [[1, 1], [1, 0], [0, 0]]
    assert tally.answers("service-type", "role")[N].tolist() == [[1, 1], [1, 0]]
    assert tally.answers("role", "role")[N].tolist() == [[2, 0], [0, 1]]
    assert tally.axes["organisation.role"].labels[:3] == ("oak.nurse", "oak.manager", "elm.nurse")
    assert tally.answers("organisation.role", "role")[N].sum() == 3


def test_one_service_type_is_no_breakdown(instrument: Instrument) -> None:
    """Where all organisations are alike, their type says nothing."""
    study = Study("s", "S", instrument, ORGANISATIONS[::2])
    tally = count(responses(instrument, {"role": [0]}, organisations=("oak",)), study)
    assert "service-type" not in tally.axes


def test_four_kinds_of_missing_are_kept_apart(instrument: Instrument) -> None:
    """Each kind has its own place, for choices and for numbers."""
    kinds = [kind for kind in Missing for _ in range(-int(kind))]
    numbers = [number_missing(kind) for kind in kinds]
    tally = counted(instrument, {"role": [int(kind) for kind in kinds], "years": numbers})
    for item in ("role", "years"):
        assert [int(tally.missing(ALL, item, kind)[0]) for kind in Missing] == [1, 2, 3, 4]
        assert tally.answers(ALL, item).sum() == 0


def test_number_that_was_never_asked_is_not_minus_one(instrument: Instrument) -> None:
    """A question of numbers that a file does not have is not asked; -1 is a number that somebody gave."""
    assert counted(instrument, {"role": [0, 1]}).missing(ALL, "years", Missing.NOT_ASKED).tolist() == [2]
    assert counted(instrument, {"years": [-1, -1]}).items["years"].labels[0] == "-1"


def test_numbers_are_counted_by_value(instrument: Instrument) -> None:
    """The distinct values are the codes, in order."""
    tally = counted(instrument, {"years": [25, 5, 25, number_missing(Missing.NOT_ANSWERED)]})
    assert tally.items["years"].labels == ("5", "25", "not_asked", "not_answered", "unticked", "unknown")
    assert tally.answers(ALL, "years")[N].tolist() == [[1, 2]]


def test_labels_of_items(instrument: Instrument) -> None:
    """Options of a question, empty or ticked for a box, empty or the rank for ranks."""
    assert item_labels(instrument["role"]) == ("nurse", "manager")
    assert item_labels(instrument["tools"]) == ("", "ticked")
    assert item_labels(instrument["order"]) == ("", "1", "2")


def test_derived_question_follows_its_answers(instrument: Instrument) -> None:
    """Its first option where a condition holds, the second where none does, missing where its base is.

    A box left empty in a question that was answered is an answer to it.
    """
    chat, notes = [1, -3, 1, -1, -2], [1, 1, -3, -1, -2]
    made = with_derived(responses(instrument, {"tools/chat": chat, "tools/notes": notes}))
    assert made.codes("writes").tolist() == [0, 0, 1, Missing.NOT_ASKED, Missing.NOT_ANSWERED]


def test_profiles_are_the_distinct_combinations(instrument: Instrument) -> None:
    """People who share every group share a profile."""
    tally = counted(instrument, {"role": [0, 0, 1, 0], "@organisation": [0, 0, 0, 1]}, breakdowns=(Breakdown("role"),))
    assert tally.axes[PROFILE].labels == ("0|0|0|0", "0|1|1|0", "0|1|1|1")
    assert tally.cells(PROFILE, "role")[N].sum(axis=1).tolist() == [1, 2, 1]


def test_weights_fill_three_lanes(instrument: Instrument) -> None:
    """People, sum of weights, sum of squared weights."""
    tally = counted(instrument, {"role": [0, 0, 1], "@weight": [1000, 3000, 500]})
    assert tally.answers(ALL, "role")[:, 0].tolist() == [[2, 1], [4000, 500], [10_000_000, 250_000]]


def test_sampling_units_are_strata_and_clusters(instrument: Instrument) -> None:
    """Where the design has them, each pair is a unit; without a design there is one."""
    made = responses(instrument, {"role": [0, 1, 0], "@stratum": [1, 1, 2], "@cluster": [7, 7, 9]})
    tally = count(made, Study("s", "S", instrument))
    assert tally.units == (("1", "7"), ("2", "9"))
    assert tally.tables[ALL, "role"][N, :, 0, :2].tolist() == [[1, 1], [1, 0]]
    assert counted(instrument, {"role": [0]}).units == (("", ""),)
    assert [table.shape[1] for (by, _), table in tally.tables.items() if by == PROFILE] == [1] * len(tally.items)


def test_sampling_units_say_what_the_design_has(instrument: Instrument) -> None:
    """Strata alone have no cluster, which is told from a cluster of code 0; clusters alone have no stratum."""
    for columns, units in (
        ({"@stratum": [1, 1, 0]}, (("0", ""), ("1", ""))),
        ({"@cluster": [0, 2, 0]}, (("", "0"), ("", "2"))),
    ):
        assert count(responses(instrument, {"role": [0, 1, 0], **columns}), Study("s", "S", instrument)).units == units


def test_nobody_is_counted_too(instrument: Instrument) -> None:
    """A study without answers has tables of zeros and no profile."""
    for engine in ENGINES:
        study = Study("s", "S", instrument, ORGANISATIONS, (Breakdown("role"),))
        tally = count(responses(instrument, {}), study, engine=engine)
        assert not any(table.any() for table in tally.tables.values())
        assert tally.axes[PROFILE].labels == ()


def test_other_axes_are_not_added(instrument: Instrument) -> None:
    """Tallies of two studies are no sum."""
    one = counted(instrument, {"role": [0]})
    other = count(responses(instrument, {"role": [0]}), Study("s", "S", instrument))
    with pytest.raises(ValueError, match="different axes or weight scales"):
        one + other
    assert one != other
    assert one != "a tally"


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_progress_is_reported(instrument: Instrument, engine: str) -> None:
    """Tables done of tables in all, ending with all; always more of them."""
    seen: list[tuple[int, int]] = []
    made: Responses = responses(instrument, {"role": [0]})
    report: Callable[[int, int], None] = lambda done, total: seen.append((done, total))  # noqa: E731
    count(made, Study("s", "S", instrument), engine=engine, progress=report)
    assert seen[-1] == (14, 14)
    assert all(earlier < later for earlier, later in itertools.pairwise(seen))


def test_unequal_answers_are_unequal_tallies(instrument: Instrument) -> None:
    """Equality looks at every cell."""
    assert counted(instrument, {"role": [0, 1]}) == counted(instrument, {"role": [1, 0]})
    assert counted(instrument, {"role": [0, 1]}) != counted(instrument, {"role": [1, 1]})

"""Counting is exact, and the same whatever the engine, the order and the parts; answers keep their identity."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from surefoot.errors import BadInput
from surefoot.instrument import instrument_from_table, instrument_table
from surefoot.responses import MISSING, Responses, read_responses, write_responses
from surefoot.study import ALL, Study
from surefoot.tally import (
    ENGINES,
    PROFILE,
    SW,
    SW2,
    SW2_HIGH,
    Axis,
    Column,
    N,
    Rows,
    check_weights,
    count_plain,
    prepare,
    squares_of,
)

Studies = Callable[..., st.SearchStrategy[tuple[Study, Responses]]]
SECRET = bytes(32)
FINE = 2**20
EDGE = 3_037_000_499
"""The largest whole number whose square is below 2**63."""
FAST = sorted(set(ENGINES) - {"plain"})


def taken(rows: Rows, which: np.ndarray) -> Rows:
    """The rows at some places, in that order, on the axes of all."""

    def columns(whole: tuple[Column, ...]) -> tuple[Column, ...]:
        return tuple(Column(column.axis, column.places[which]) for column in whole)

    return replace(
        rows,
        items=columns(rows.items),
        groupings=columns(rows.groupings),
        weight=rows.weight[which],
        unit=rows.unit[which],
    )


@pytest.mark.parametrize("engine", FAST)
@given(data=st.data())
def test_engine_equals_plain(engine: str, data: st.DataObject, studies: Studies) -> None:
    """Every engine gives the Tally of the plain one: all kinds of questions and missing, weights, designs, crosses."""
    study, made = data.draw(studies(design=True))
    rows = prepare(made, study)
    assert ENGINES[engine](rows, None) == count_plain(rows)


@pytest.mark.parametrize("engine", sorted(ENGINES))
@given(data=st.data())
def test_parts_add_up(engine: str, data: st.DataObject, studies: Studies) -> None:
    """The tallies of the parts of any partition, added in any order, are the tally of the whole; zero is neutral."""
    study, made = data.draw(studies(design=True, rows=12))
    rows = prepare(made, study)
    parts = data.draw(st.lists(st.integers(0, 3), min_size=len(made), max_size=len(made)))
    pieces = [ENGINES[engine](taken(rows, np.flatnonzero(np.array(parts) == part)), None) for part in range(4)]
    whole = ENGINES[engine](rows, None)
    total = whole.zero()
    for place in data.draw(st.permutations(range(4))):
        total = total + pieces[place]
    assert total == whole
    assert whole + whole.zero() == whole == whole.zero() + whole
    assert (pieces[0] + pieces[1]) + pieces[2] == pieces[0] + (pieces[1] + pieces[2])


@given(data=st.data())
def test_order_of_rows_changes_nothing(data: st.DataObject, studies: Studies) -> None:
    """Shuffled answers give the equal Tally, profiles and sampling units included."""
    study, made = data.draw(studies(design=True))
    order = data.draw(st.permutations(range(len(made))))
    shuffled = replace(made, table=made.table[list(order)])
    for engine in FAST:
        assert ENGINES[engine](prepare(shuffled, study), None) == ENGINES[engine](prepare(made, study), None)


@given(data=st.data())
def test_everybody_is_counted_once(data: st.DataObject, studies: Studies) -> None:
    """Each item has every person once, as an answer or as one of the four kinds of missing, in all lanes."""
    study, made = data.draw(studies())
    tally = ENGINES["numpy"](prepare(made, study), None)
    weight = made.codes("@weight")
    for item in tally.items:
        cells = tally.cells(ALL, item).sum(axis=(1, 2))
        squares = int(cells[SW2]) if len(cells) == 3 else int(cells[SW2]) + (int(cells[SW2_HIGH]) << 32)
        assert [*cells[:SW2].tolist(), squares] == [len(made), int(weight.sum()), int((weight**2).sum())]
        missing = sum(int(tally.missing(ALL, item, kind).sum()) for kind in MISSING)
        assert int(tally.answers(ALL, item)[N].sum()) + missing == len(made)


@given(data=st.data())
def test_profiles_add_up_to_every_grouping(data: st.DataObject, studies: Studies) -> None:
    """The finest grouping determines all others: what release attacks is all there is."""
    study, made = data.draw(studies())
    tally = ENGINES["numpy"](prepare(made, study), None)
    groupings = [name for name in tally.axes if name != PROFILE]
    places = [[int(part) for part in label.split("|")] for label in tally.axes[PROFILE].labels]
    for item in tally.items:
        profile = tally.cells(PROFILE, item)
        for number, grouping in enumerate(groupings):
            added = np.zeros_like(tally.cells(grouping, item))
            for row, own in enumerate(places):
                if own[number] >= 0:
                    added[:, own[number]] += profile[:, row]
            assert np.array_equal(added, tally.cells(grouping, item))


# Large weights ----------------------------------------------------------------------------------------------------


def one_item(weight: list[int], scale: int = 2**10) -> Rows:
    """People with given weights, who all gave the same answer but the last."""
    n = len(weight)
    answer = Column(Axis("q", ("a", "b")), np.array([0] * (n - 1) + [1], dtype=np.int64))
    everybody = Column(Axis(ALL, (ALL,)), np.zeros(n, dtype=np.int64))
    return Rows((answer,), (everybody,), np.array(weight, dtype=np.int64), scale, np.zeros(n, dtype=np.int64))


@pytest.mark.parametrize("engine", FAST)
@given(weight=st.lists(st.integers(0, 2**29 - 1), min_size=1, max_size=30))
def test_large_weights_stay_exact(engine: str, weight: list[int]) -> None:
    """Sums beyond 2**53, where floats skip numbers, are still exact."""
    rows = one_item(weight)
    check_weights(rows.weight)
    tally = ENGINES[engine](rows, None)
    assert tally == count_plain(rows)
    table = tally.cells(ALL, "q")[:, 0]
    assert [int(table[lane].sum()) for lane in (SW, SW2)] == [sum(weight), sum(w * w for w in weight)]


@pytest.mark.parametrize("engine", FAST)
def test_blocks_end_before_floats_round(engine: str) -> None:
    """An odd sum of squares just beyond 2**53, which float64 cannot hold, comes out odd."""
    rows = one_item([2**26, 2**26, 1, 1])
    assert int(ENGINES[engine](rows, None).cells(ALL, "q")[SW2, 0, 0]) == 2**53 + 1


@pytest.mark.parametrize("engine", sorted(ENGINES))
@given(weight=st.lists(st.integers(0, EDGE), min_size=1, max_size=30))
def test_fine_scales_are_exact_in_two_halves(engine: str, weight: list[int]) -> None:
    """On a fine scale squares are summed as low and high halves, exactly, up to the largest weight that is allowed."""
    rows = one_item(weight, FINE)
    check_weights(rows.weight, FINE)
    table = ENGINES[engine](rows, None).cells(ALL, "q")
    whole = [int(low) + (int(high) << 32) for low, high in zip(table[SW2, 0], table[SW2_HIGH, 0], strict=True)]
    assert whole[:2] == [sum(w * w for w in weight[:-1]), weight[-1] ** 2]
    assert squares_of(table)[0, :2] == pytest.approx(whole[:2], rel=1e-15)


@pytest.mark.parametrize("engine", sorted(ENGINES))
def test_fine_scale_holds_more_people_than_one_sum(engine: str) -> None:
    """Two of the largest weights would overflow one sum of squares; in halves they are counted and added."""
    tally = ENGINES[engine](one_item([EDGE, EDGE, EDGE], FINE), None)
    both = tally + tally
    assert both == ENGINES[engine](replace(one_item([EDGE] * 6, FINE), items=six_answers()), None)


def six_answers() -> tuple[Column, ...]:
    """Of six people four gave the first answer, as in two times three people of whom two did."""
    return (Column(Axis("q", ("a", "b")), np.array([0, 0, 1, 0, 0, 1], dtype=np.int64)),)


def test_weights_whose_squares_overflow_are_refused() -> None:
    """At 2**63 and above nothing is counted; just below it still is. The sentence names a scale that works."""
    check_weights(np.array([EDGE]))
    for weight in ([EDGE + 1], [EDGE, EDGE], [2**31, 2**31]):
        with pytest.raises(BadInput, match="add up within 63 bits; divide them all by their mean"):
            check_weights(np.array(weight))
    with pytest.raises(BadInput, match="add up within 63 bits; use a scale of 2048"):
        check_weights(np.full(8, EDGE // 2))
    check_weights(np.full(8, EDGE // 2) * 2, 2048)
    with pytest.raises(BadInput, match="negative weight"):
        check_weights(np.array([5, -1]))


def test_weights_beyond_a_fine_scale_are_refused() -> None:
    """A single square of 2**63 is no int64 any more, and neither is the sum of low halves of 2**31 people."""
    check_weights(np.array([EDGE] * 3), FINE)
    with pytest.raises(BadInput) as refused:
        check_weights(np.array([1, EDGE + 1]), FINE)
    assert str(refused.value) == (
        "weights: found 2 weights of up to 3037000500 on a scale of 1048576; "
        "expected weights of at most 3037000499 each; use a coarser scale."
    )
    with pytest.raises(BadInput, match="fewer than 2147483648 people in one tally"):
        check_weights(np.broadcast_to(np.int64(1), 2**31), FINE)


@pytest.mark.parametrize(("scale", "weight", "lane"), [(2**10, 2**31, SW2), (FINE, 2**31, SW2_HIGH)])
def test_tallies_that_would_overflow_are_not_added(scale: int, weight: int, lane: int) -> None:
    """Two parts that are each in range do not wrap round to a negative sum, whichever lane is full."""
    tally = count_plain(one_item([weight, 1], scale))
    for table in tally.tables.values():
        table[lane] += 2**62 - table[lane].max()
    with pytest.raises(OverflowError, match="63 bits"):
        tally + tally


# Identity ---------------------------------------------------------------------------------------------------------


@given(data=st.data())
def test_digest_ignores_order(data: st.DataObject, studies: Studies) -> None:
    """The digest is that of the answers, in whatever order rows and columns stand."""
    _, made = data.draw(studies(design=True))
    rows = data.draw(st.permutations(range(len(made))))
    columns = data.draw(st.permutations(made.table.columns))
    again = replace(made, table=made.table[list(rows)].select(columns))
    assert again.digest(SECRET) == made.digest(SECRET)


@given(data=st.data())
def test_digest_differs_on_any_change(data: st.DataObject, studies: Studies) -> None:
    """One cell, one person, one name or the secret: each change gives another digest."""
    _, made = data.draw(studies(rows=8).filter(lambda pair: len(pair[1]) > 0))
    row, column = data.draw(st.integers(0, len(made) - 1)), data.draw(st.sampled_from(made.table.columns))
    values = made.table[column].to_list()
    values[row] += 1
    changed = replace(made, table=made.table.with_columns(pl.Series(column, values, dtype=made.table[column].dtype)))
    others = [
        changed,
        replace(made, table=made.table.vstack(made.table[[row]])),
        made.filtered(np.arange(len(made)) != row),
        replace(made, waves=("another",)),
        replace(made, organisations=(*made.organisations, "another")),
        replace(made, weight_scale=made.weight_scale * 2),
    ]
    digests = [made.digest(SECRET), made.digest(b"x" * 32), *(other.digest(SECRET) for other in others)]
    assert len(set(digests)) == len(digests)


@given(data=st.data())
def test_answers_survive_their_file(
    data: st.DataObject, studies: Studies, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Written and read again, answers, instrument, texts and the account of what was left out are the same."""
    _, made = data.draw(studies(design=True))
    texts = pl.DataFrame({"@row": [0], "question": ["q"], "text": ["naïve; \n=1+1"]}) if len(made) else made.texts
    made = replace(
        made, texts=texts, excluded={"unfinished": 3}, wordings={"q0": {"one": ("org-0",), "other": ()}}, simulated=True
    )
    path: Path = tmp_path_factory.mktemp("answers") / "answers.parquet"
    write_responses(made, path)
    again = read_responses(path)
    assert again.table.equals(made.table)
    assert again.texts.equals(made.texts)
    assert replace(again, table=made.table, texts=made.texts) == made
    assert again.digest(SECRET) == made.digest(SECRET)
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@given(data=st.data())
def test_instrument_survives_its_table(data: st.DataObject, studies: Studies) -> None:
    """An instrument written as a table and read again is equal, and has the same id."""
    study, _ = data.draw(studies(rows=0))
    again = instrument_from_table(instrument_table(study.instrument))
    assert again == study.instrument
    assert again.id == study.instrument.id

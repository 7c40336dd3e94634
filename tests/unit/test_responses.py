"""Answers as codes: types, the four kinds of missing, what is refused, and files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.responses import (
    MISSING,
    NUMBER_MISSING_BASE,
    Missing,
    is_responses,
    number_missing,
    read_responses,
    responses,
    write_responses,
)


@pytest.fixture(scope="module")
def instrument() -> Instrument:
    """One question of each kind."""
    options = [{"id": f"o{k}", "text": f"O {k}"} for k in range(3)]
    kinds = ("single", "multi", "ranked")
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "kinds",
            "title": "Kinds",
            "scale": [{"id": "s", "options": options}],
            "question": [
                *({"id": kind, "kind": kind, "text": kind, "scale": "s"} for kind in kinds),
                {"id": "number", "kind": "number", "text": "number", "decimals": 2},
                {"id": "text", "kind": "text", "text": "text"},
            ],
        }
    )


def test_kinds_of_missing_are_four_codes() -> None:
    """They are never mixed up, and a number keeps them apart from its values."""
    assert [kind.name for kind in MISSING] == ["NOT_ASKED", "NOT_ANSWERED", "UNTICKED", "UNKNOWN"]
    assert len({int(kind) for kind in MISSING}) == 4
    assert all(number_missing(kind) < NUMBER_MISSING_BASE for kind in MISSING)


def test_reserved_columns_have_defaults(instrument: Instrument) -> None:
    """One organisation is everybody's; among several nobody's until it is said; weights are one."""
    alone = responses(instrument, {"single": [0, 1]}, organisations=("a",))
    several = responses(instrument, {"single": [0, 1]}, organisations=("a", "b"))
    assert alone.codes("@organisation").tolist() == [0, 0]
    assert several.codes("@organisation").tolist() == [-1, -1]
    assert alone.codes("@weight").tolist() == [1024, 1024]
    assert alone.codes("@wave").tolist() == [0, 0]


def test_item_without_a_column_was_never_asked(instrument: Instrument) -> None:
    """An item that no file had is not asked for everybody; of a number too, where -1 would be a value."""
    made = responses(instrument, {"single": [0, 1]})
    assert made.codes("multi/o0").tolist() == [Missing.NOT_ASKED] * 2
    assert made.codes("number").tolist() == [number_missing(Missing.NOT_ASKED)] * 2


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("code above", {"single": [3]}, 'answers, column "single": found the code 3; expected a code up to 2.'),
    ("code below", {"single": [-5]}, 'answers, column "single": found the code -5; expected a code up to 2.'),
    ("box", {"multi/o1": [2]}, 'answers, column "multi/o1": found the code 2; expected a code up to 1.'),
    ("rank", {"ranked/o1": [4]}, 'answers, column "ranked/o1": found the code 4; expected a code up to 3.'),
    ("empty cell", {"single": [0, None]}, 'answers, column "single": found an empty cell; expected one of the codes'),
    ("column", {"other": [0]}, 'answers, column "other": found a column that the instrument does not have; expected'),
    ("text", {"text": [0]}, 'answers, column "text": found a column that the instrument does not have; expected'),
    ("lengths", {"single": [0], "number": [1, 2]}, "answers: found columns of different lengths [1, 2]; expected one"),
    ("weight", {"@weight": [5, -1]}, "answers, weights: found a negative weight; expected weights of 0 or more."),
    (
        "organisation",
        {"@organisation": [1]},
        'answers, column "@organisation": found the code 1; expected a code up to',
    ),
    ("below nobody", {"@organisation": [-2]}, 'answers, column "@organisation": found the code -2; expected a code up'),
    ("wave", {"@wave": [1]}, 'answers, column "@wave": found the code 1; expected a code up to 0.'),
    (
        "number",
        {"number": [NUMBER_MISSING_BASE - 5]},
        f'answers, column "number": found the number {NUMBER_MISSING_BASE - 5}; expected a number, or',
    ),
]


@pytest.mark.parametrize(("columns", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_faults_are_named(instrument: Instrument, columns: dict[str, Any], message: str) -> None:
    """A code outside its scale is refused before anything is counted."""
    with pytest.raises(BadInput) as refused:
        responses(instrument, columns, organisations=("a",))
    assert str(refused.value).startswith(message)


def test_ranks_and_ticks_within_range(instrument: Instrument) -> None:
    """Ranks go from 1 to the number of options, boxes are ticked or not."""
    made = responses(instrument, {"ranked/o0": [1, 3, Missing.UNTICKED], "multi/o0": [1, 0, Missing.UNKNOWN]})
    assert made.codes("ranked/o0").tolist() == [1, 3, -3]


def test_read_is_kept_and_excluded(instrument: Instrument) -> None:
    """No row is lost: those read are those kept and those left out with a reason."""
    made = responses(instrument, {"single": [0, 1]}, excluded={"unfinished": 3, "preview": 1})
    assert (len(made), made.read) == (2, 6)


def test_fewer_people_keep_their_own_texts(instrument: Instrument) -> None:
    """Comments stay with the row of the person who wrote them."""
    texts = pl.DataFrame({"@row": [0, 2], "question": ["text"] * 2, "text": ["first", "last"]})
    made = responses(instrument, {"single": [0, 1, 2]}, texts=texts).filtered(np.array([False, True, True]))
    assert made.codes("single").tolist() == [1, 2]
    assert made.texts.to_dicts() == [{"@row": 1, "question": "text", "text": "last"}]


def test_files_of_answers_are_recognised(instrument: Instrument, tmp_path: Path) -> None:
    """A file is known by its header, never by its name."""
    path, other, text = tmp_path / "answers", tmp_path / "other.parquet", tmp_path / "text.parquet"
    write_responses(responses(instrument, {"single": [0]}), path)
    pl.DataFrame({"a": [1]}).write_parquet(other)
    text.write_text("no Parquet", encoding="utf-8")
    assert [is_responses(found) for found in (path, other, text, tmp_path / "missing")] == [True, False, False, False]
    for wrong in (other, text, tmp_path / "missing"):
        with pytest.raises(BadInput, match="a file without answers in it"):
            read_responses(wrong)


def test_other_schema_is_refused(instrument: Instrument, tmp_path: Path) -> None:
    """A file of a later version says so."""
    path = tmp_path / "answers.parquet"
    write_responses(responses(instrument, {"single": [0]}), path)
    table = pq.read_table(path)
    header = json.loads(table.schema.metadata[b"surefoot"]) | {"schema": "surefoot/responses/2"}
    pq.write_table(table.replace_schema_metadata({"surefoot": json.dumps(header)}), path)
    with pytest.raises(BadInput, match="schema: found 'surefoot/responses/2'; expected \"surefoot/responses/1\""):
        read_responses(path)


def test_digest_is_keyed(instrument: Instrument) -> None:
    """The digest of the same answers under another secret is another; without answers there is one too."""
    made, empty = responses(instrument, {"single": [0, 1]}), responses(instrument, {})
    assert made.digest(b"one") != made.digest(b"other")
    assert len({made.digest(b"one"), empty.digest(b"one")}) == 2


def test_equal_rows_count(instrument: Instrument) -> None:
    """Two people who answered alike are two people."""
    one, two = responses(instrument, {"single": [1]}), responses(instrument, {"single": [1, 1]})
    assert one.digest(b"s") != two.digest(b"s")

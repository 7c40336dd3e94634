"""SPSS and Stata files: codes, labels, order and the kinds of missing come from one file."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from surefoot.errors import BadInput
from surefoot.instrument import instrument_from_table
from surefoot.readers import read
from surefoot.responses import Missing, number_missing

LABELS = {1: "Low", 2: "Medium", 3: "High", 8: "Don't know"}
CODES = {-9: "Refused", -8: "Don't know", -1: "Not applicable", -7: "Not selected"}


def sav(folder: Path, frame: pd.DataFrame, **settings: object) -> Path:
    """Write an SPSS file under a name that says nothing."""
    path = folder / "answers.sav"
    pyreadstat.write_sav(frame, path, **settings)
    return path.rename(folder / "answers.dat")


def dta(folder: Path, frame: pd.DataFrame, **settings: object) -> Path:
    """Write a Stata file under a name that says nothing."""
    path = folder / "answers.dta"
    pyreadstat.write_dta(frame, path, **settings)
    return path.rename(folder / "answers.dat")


def test_user_missing_codes_are_told_apart_by_their_labels(tmp_path: Path) -> None:
    """Refused, not applicable and not selected are three kinds; a code without a label is unknown; not to know is an
    answer although the file calls it missing."""
    frame = pd.DataFrame({"how": [1, 2, 3, -9, -8, -1, -7, -5]})
    ranges = {"how": [{"lo": -9, "hi": -5}, -1]}
    path = sav(
        tmp_path, frame, column_labels=["How much?"], missing_ranges=ranges,
        variable_value_labels={"how": {1: "Low", 2: "Medium", 3: "High"} | CODES | {-5: "?"}},
    )  # fmt: skip
    reading = read(path)
    assert reading.dialect == "sav"
    assert [o.text["en"] for o in reading.instrument["how"].options] == ["Low", "Medium", "High", "Don't know"]
    kinds = [Missing.NOT_ANSWERED, 3, Missing.NOT_ASKED, Missing.UNTICKED, Missing.UNKNOWN]
    assert reading.responses.codes("how").tolist() == [0, 1, 2, *kinds]
    assert [o.position for o in reading.instrument["how"].options] == [1, 2, 3, None]


def test_extended_missing_values_of_stata(tmp_path: Path) -> None:
    """.a to .z are kinds by their labels; a plain full stop is a blank cell."""
    frame = pd.DataFrame({"how": [1, 2, 3, "a", "b", "c", "d", None], "place": list("xyxyxyxy")})
    path = dta(
        tmp_path, frame, column_labels=["How much?", "Where?"], missing_user_values={"how": ["a", "b", "c", "d"]},
        variable_value_labels={
            "how": {1: "Low", 2: "Medium", 3: "High", "a": "Refused", "b": "Not applicable", "c": "Don't know"}
        },
    )  # fmt: skip
    reading = read(path)
    assert reading.dialect == "stata"
    kinds = [Missing.NOT_ANSWERED, Missing.NOT_ASKED, 3, Missing.UNKNOWN, Missing.NOT_ANSWERED]
    assert reading.responses.codes("how").tolist() == [0, 1, 2, *kinds]
    assert reading.instrument["how"].text["en"] == "How much?"


def test_numbers_with_labelled_codes(tmp_path: Path) -> None:
    """A labelled code in a column of numbers is no number."""
    frame = pd.DataFrame({"hours": [10, 20, 35, 37, -8, -9, 40, 12, 13, 14, 15, 16]})
    path = sav(tmp_path, frame, missing_ranges={"hours": [-9]}, variable_value_labels={"hours": CODES})
    reading = read(path)
    assert reading.instrument["hours"].kind == "number"
    codes = reading.responses.codes("hours").tolist()
    assert codes[4:6] == [number_missing(Missing.UNKNOWN), number_missing(Missing.NOT_ANSWERED)]
    instrument = instrument_from_table(
        {
            "schema": "surefoot/instrument/1", "name": "x", "title": "x",
            "question": [{"id": "hours", "kind": "number", "text": "Hours?"}],
        }
    )  # fmt: skip
    assert read(path, instrument=instrument).responses.codes("hours").tolist() == codes


def test_scales_with_labelled_ends(tmp_path: Path) -> None:
    """Levels without a label keep their number; "don't know" stands beside them."""
    frame = pd.DataFrame({"trust": [1, 2, 3, 4, 5, 9]})
    path = sav(tmp_path, frame, variable_value_labels={"trust": {1: "None", 5: "Full", 9: "Don't know"}})
    options = read(path).instrument["trust"].options
    assert [(o.text["en"], o.position) for o in options] == [
        ("None", 1), ("2", 2), ("3", 3), ("4", 4), ("Full", 5), ("Don't know", None),
    ]  # fmt: skip


@pytest.mark.parametrize("between", [" - ", ": "])
def test_boxes_and_statements_by_their_labels(tmp_path: Path, between: str) -> None:
    """Variables numbered alike whose labels begin alike are one question."""
    labels = [f"Which tools?{between}Chat", f"Which tools?{between}Notes", f"I think{between}it helps",
              f"I think{between}it harms"]  # fmt: skip
    frame = pd.DataFrame({"Q1_1": [1, 0, 1], "Q1_2": [0, 1, 1], "Q2_1": [1, 2, 3], "Q2_2": [3, 2, 1]})
    levels = {1: "Disagree", 2: "Neutral", 3: "Agree"}
    boxes = {0: "Not selected", 1: "Selected"}
    path = sav(
        tmp_path, frame, column_labels=labels,
        variable_value_labels={"Q1_1": boxes, "Q1_2": boxes, "Q2_1": levels, "Q2_2": levels},
    )  # fmt: skip
    made = read(path).responses
    kinds = [(q.kind, q.text["en"]) for q in made.instrument.questions]
    assert kinds == [("multi", "Which tools?"), ("single", "I think [it helps]"), ("single", "I think [it harms]")]
    assert made.codes(made.instrument.questions[0].items[0]).tolist() == [1, Missing.UNTICKED, 1]
    assert made.instrument.questions[1].group == made.instrument.questions[2].group is not None


@pytest.mark.parametrize("write", [sav, dta])
def test_damaged_files_are_refused(tmp_path: Path, write: object) -> None:
    """Half a file, or a file of noise behind the right first bytes, ends in one sentence."""
    path = write(tmp_path, pd.DataFrame({"a": [1, 2]}))  # type: ignore[operator]
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], whole[:40] + bytes(300)):
        path.write_bytes(content)
        with pytest.raises(BadInput, match=r"a damaged or unfinished (SPSS|Stata) file"):
            read(path)

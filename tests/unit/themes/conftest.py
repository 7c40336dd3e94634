"""A small study with comments, in a folder of its own."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.study import Study, open_study

INSTRUMENT = """
schema = "surefoot/instrument/1"
name = "comments-test"
title = "Comments"
[[scale]]
id = "roles"
options = [{ id = "care", text = "Care" }, { id = "office", text = "Office" }]
[[scale]]
id = "allowed"
options = [{ id = "yes", text = "Yes" }, { id = "no", text = "No" }]
[[question]]
id = "role"
kind = "single"
scale = "roles"
text = "Where do you work?"
[[question]]
id = "quote"
kind = "single"
scale = "allowed"
text = "May we quote you?"
[[question]]
id = "comment"
kind = "text"
text = "What do you want to say about AI?"
"""
STUDY = """
schema = "surefoot/study/1"
id = "comments-test"
title = "Comments"
instrument = "instrument.toml"
[comments]
safeguarding_lead = "Lee Lead"
consent = "quote"
consent_option = "yes"
[[organisation]]
id = "oakfield"
name = "Oakfield Care Homes"
[[organisation]]
id = "rowan"
name = "Rowan Home Support"
[[source]]
file = "answers.csv"
"""
Row = tuple[str, str, str, str]
Maker = Callable[..., Study]


def rows_of() -> list[Row]:
    """Sixty people: thirty about training, twenty about jobs, one who tells of harm, nine who wrote nothing."""
    places = ["oakfield", "rowan"]
    about = [(f"More training for team {n} please.", "training") for n in range(30)]
    about += [(f"I fear for my job, reason {n}.", "jobs") for n in range(20)]
    about += [("A carer slapped a resident.", "harm"), *[("", "")] * 9]
    return [
        (places[n % 2], "Care" if n % 3 else "Office", "No" if n % 10 == 1 else "Yes", text)
        for n, (text, _) in enumerate(about)
    ]


@pytest.fixture
def make_study(tmp_path: Path) -> Maker:
    """Writes the study with some rows, and opens it."""

    def make(rows: list[Row] | None = None, study: str = STUDY) -> Study:
        out = io.StringIO()
        csv.writer(out).writerows(
            [("organisation", "role", "quote", "comment"), *(rows_of() if rows is None else rows)]
        )
        (tmp_path / "answers.csv").write_text(out.getvalue(), encoding="utf-8")
        (tmp_path / "instrument.toml").write_text(INSTRUMENT, encoding="utf-8")
        (tmp_path / "study.toml").write_text(study, encoding="utf-8")
        return open_study(tmp_path)

    return make


@pytest.fixture
def rows() -> list[Row]:
    """The rows of the study as it is written without others."""
    return rows_of()

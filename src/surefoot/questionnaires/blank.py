"""A blank table to type answers into: one header row that Surefoot reads back without a mapping."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from surefoot.instrument import Instrument, Question
from surefoot.whole import write_whole

HOW = (
    "One row a person. A single choice holds the option's id or its text; a box holds 1 or nothing; a rank holds 1 for "
    "the best; leave empty what was not answered. Ids and texts stand in the instrument (.toml)."
)


def write_blank(instrument: Instrument, path: Path) -> tuple[str, ...]:
    """Write a CSV with the header row alone and return a sentence on how to fill it."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(headers(instrument))
    write_whole(path, "\ufeff" + text.getvalue())
    return (HOW,)


def headers(instrument: Instrument) -> list[str]:
    """A column for each question that people are asked, and one for each box or rank."""
    return [name for question in instrument.asked for name in _columns(question)]


def _columns(question: Question) -> tuple[str, ...]:
    return (question.id,) if question.kind == "text" else question.items

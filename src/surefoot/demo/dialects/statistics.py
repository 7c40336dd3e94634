"""SPSS and Stata files: codes with value labels; missing values as far as the tool has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from surefoot.demo.dialects.known import Known
from surefoot.instrument import Question, words

_NOT_NAME = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True)
class Variable:
    """One variable: its name, label, cells, and the text of each code."""

    name: str
    label: str
    cells: list[Any]
    labels: dict[Any, str] = field(default_factory=dict)


def write_sav(known: Known, path: Path) -> None:
    """LimeSurvey's export to SPSS: texts hold codes, boxes hold Y or nothing, labels hold the words."""
    import pyreadstat

    made = list(_coded(known))
    pyreadstat.write_sav(
        _frame(made, "str"),
        str(path),
        column_labels=[variable.label for variable in made],
        variable_value_labels={variable.name: variable.labels for variable in made if variable.labels},
    )


def write_dta(known: Known, path: Path) -> None:
    """A Stata file: numbers with value labels, boxes 1 and 0, blank where there is no answer."""
    import pyreadstat

    made = list(_numbered(known))
    pyreadstat.write_dta(
        _frame(made, "number"),
        str(path),
        column_labels=[variable.label[:80] for variable in made],
        variable_value_labels={variable.name: variable.labels for variable in made if variable.labels},
    )


def _frame(made: list[Variable], kind: str) -> Any:
    import polars as pl

    texts = [kind == "str" or any(isinstance(cell, str) for cell in variable.cells) for variable in made]
    return pl.DataFrame(
        [
            pl.Series(variable.name, variable.cells, dtype=pl.String if text else pl.Float64)
            for variable, text in zip(made, texts, strict=True)
        ]
    )


def variable_name(name: str) -> str:
    """A name that SPSS and Stata allow.

    >>> variable_name("where-used/for-work")
    'where_used_for_work'
    """
    spelled = _NOT_NAME.sub("_", name)
    return spelled if spelled[:1].isalpha() else f"v{spelled}"


def _coded(known: Known) -> Iterator[Variable]:
    for question in known.instrument.asked:
        name, label = variable_name(question.id), words(question.text)
        if question.kind == "text":
            yield Variable(name, label, known.texts(question))
        elif question.kind == "number":
            yield Variable(name, label, known.numbers(question))
        elif question.kind == "single":
            cells = [question.options[row[0]].id if row else "" for row in known.chosen(question)]
            yield Variable(name, label, cells, {option.id: words(option.text) for option in question.options})
        else:
            yield from _boxes(known, question, name, label)


def _boxes(known: Known, question: Question, name: str, label: str) -> Iterator[Variable]:
    chosen = known.chosen(question)
    for place, option in enumerate(question.options):
        own = f"{name}_{variable_name(option.id)}" if option.id[:1].isalpha() else f"{name}_{option.id}"
        if question.kind == "ranked":
            cells = [str(row.index(place) + 1) if place in row else "" for row in chosen]
            yield Variable(own, f"[{words(option.text)}] {label}", cells)
        else:
            cells = ["Y" if place in row else "" for row in chosen]
            yield Variable(own, f"[{words(option.text)}] {label}", cells, {"Y": "Yes", "0": "Not selected"})


def _numbered(known: Known) -> Iterator[Variable]:
    for question in known.instrument.asked:
        name, label = variable_name(question.id)[:32], words(question.text)
        if question.kind == "text":
            yield Variable(name, label, known.texts(question))
        elif question.kind == "number":
            yield Variable(name, label, [float(cell) if cell else None for cell in known.numbers(question)])
        elif question.kind == "single":
            labels = {number: words(option.text) for number, option in enumerate(question.options, 1)}
            yield Variable(name, label, [row[0] + 1 if row else None for row in known.chosen(question)], labels)
        else:
            for variable in _boxes(known, question, name, label):
                yes = {"": None} if question.kind == "ranked" else {"Y": 1, "": None}
                cells = [yes[cell] if cell in yes else int(cell) for cell in variable.cells]
                labels = {} if question.kind == "ranked" else {0: "No", 1: "Yes"}
                yield Variable(variable.name[:32], variable.label, cells, labels)

"""Codes that were applied: the themes of comments as a question of the instrument, counted like any other."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import Option, Question, Scale, item_id
from surefoot.responses import ROW, SOURCE, Missing, Responses
from surefoot.study import Study
from surefoot.themes.codebook import Codebook, Theme
from surefoot.themes.collection import FOLDER, NOT_A_COMMENT, comment_id, folder_of, wording
from surefoot.themes.safeguarding import open_record
from surefoot.whole import write_whole

SCHEMA = "surefoot/themes/1"
FILE = "applied.json"
CONSTRUCT = "comment-theme"
NONE_OF_THESE = "no-theme"


@dataclass(frozen=True)
class Applied:
    """The final codes of the comments on one question: themes by comment id, the codebook, who coded, who applied."""

    codebook: Codebook
    codes: Mapping[str, frozenset[str]]
    coders: tuple[str, ...]
    by: str
    at: str


def write_applied(applied: Applied, folder: Path) -> Path:
    """Keep final codes beside the comments, for the owner of the file alone."""
    book = applied.codebook
    table = {
        "schema": SCHEMA,
        "question": book.question,
        "named_by": book.by,
        "themes": [{"id": t.id, "name": t.name, "definition": t.definition, "from": t.came_from} for t in book.themes],
        "coders": list(applied.coders),
        "by": applied.by,
        "at": applied.at,
        "codes": {name: sorted(themes) for name, themes in sorted(applied.codes.items())},
    }
    write_whole(folder / FILE, json.dumps(table, ensure_ascii=False, indent=1) + "\n", private=True)
    return folder / FILE


def read_applied(path: Path) -> Applied:
    """Read final codes. Raises BadInput."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        if table["schema"] != SCHEMA:
            raise BadInput(f"{path}, schema", repr(table["schema"]), f'"{SCHEMA}"')
        return _applied(table)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(str(path), "no codes that can be read", "the file as `surefoot themes apply` wrote it") from None


def _applied(table: Mapping[str, Any]) -> Applied:
    themes = tuple(Theme(t["id"], t["name"], t["definition"], tuple(t["from"])) for t in table["themes"])
    codes = {name: frozenset(given) for name, given in table["codes"].items()}
    book = Codebook(table["question"], table["named_by"], themes)
    return Applied(book, codes, tuple(table["coders"]), table["by"], table["at"])


def applied_of(study: Study) -> Iterator[Applied]:
    """The codes that were applied to a study, one for each question with any, in the order of the instrument."""
    if study.folder is None or not (study.folder / FOLDER).is_dir():
        return
    for question in study.instrument.questions:
        path = study.folder / FOLDER / question.id / FILE
        if path.exists():
            yield read_applied(path)


# As a question ------------------------------------------------------------------------------------------------------


def with_themes(study: Study, answers: Responses) -> tuple[Study, Responses]:
    """A study and its answers with the themes of comments as questions with several answers; as they are without any.

    A comment that is not coded yet, or held back, is unknown; somebody who wrote none did not answer; in a file without
    a single comment on a question it was not asked.
    """
    for applied in applied_of(study):
        added = theme_question(study, applied.codebook)
        table = answers.table.with_columns(_columns(study, answers, applied, added))
        instrument = replace(study.instrument, questions=(*study.instrument.questions, added))
        study = replace(study, instrument=instrument)
        answers = replace(answers, table=table, instrument=instrument)
    return study, answers


def theme_question(study: Study, codebook: Codebook) -> Question:
    """The themes of a codebook as a question that nobody is asked. Raises BadInput where its id is taken."""
    asked = study.instrument[codebook.question]
    name = f"{asked.id}-themes"
    if name in study.instrument:
        raise BadInput(
            "themes", f'a question "{name}" in the instrument', "an instrument without a question of that id"
        )
    options = tuple(
        Option(theme.id, {"en": theme.name}, definition={"en": theme.definition} if theme.definition else {})
        for theme in codebook.themes
    )
    none = Option(NONE_OF_THESE, {"en": "None of these themes"}, exclusive=True)
    return Question(
        id=name,
        kind="multi",
        text={"en": f"Themes of the comments on “{wording(study, asked.id)}”"},
        scale=Scale(name, (*options, none)),
        construct=CONSTRUCT,
        section=asked.section,
        show_if=asked.show_if,
        short={"en": "themes of the comments"},
        coded_from=asked.id,
    )


def _columns(study: Study, answers: Responses, applied: Applied, added: Question) -> list[pl.Series]:
    themes = _themes_by_row(study, answers, applied)
    status = _status(answers, applied.codebook.question, themes)
    made = []
    for option in added.options:
        column = status.copy()
        for row, given in themes.items():
            if given is not None:
                named = option.id in given if option.id != NONE_OF_THESE else not given
                column[row] = 1 if named else int(Missing.UNTICKED)
        made.append(pl.Series(item_id(added.id, option.id), column, dtype=pl.Int16))
    return made


def _themes_by_row(study: Study, answers: Responses, applied: Applied) -> dict[int, frozenset[str] | None]:
    """The themes of everybody who wrote something; None where any of it is not coded, or was held back since."""
    secret, question = study.secret(), applied.codebook.question
    record = open_record(folder_of(study))
    found: dict[int, frozenset[str] | None] = {}
    for row, text in answers.texts.filter(pl.col("question") == question).select(ROW, "text").iter_rows():
        if NOT_A_COMMENT.fullmatch(text):
            continue
        name, before = comment_id(secret, question, text), found.get(row, frozenset())
        given = None if record.holds(name, found=False) else applied.codes.get(name)
        found[row] = None if given is None or before is None else before | given
    return found


def _status(answers: Responses, question: str, rows: Mapping[int, object]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The kind of missing of everybody, to be written over where there is a code."""
    status = np.full(len(answers), int(Missing.NOT_ANSWERED), dtype=np.int64)
    sources = answers.codes(SOURCE)
    wrote = answers.texts.filter(pl.col("question") == question)[ROW].to_numpy()
    status[~np.isin(sources, sources[wrote])] = int(Missing.NOT_ASKED)
    for condition in answers.instrument[question].show_if:
        status[_not_asked(answers, condition.question, condition.any_of)] = int(Missing.NOT_ASKED)
    status[list(rows)] = int(Missing.UNKNOWN)
    return status


def _not_asked(answers: Responses, question: str, any_of: Sequence[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Who is routed past a question that is asked only after some answers to an earlier one."""
    earlier = answers.instrument[question]
    if earlier.kind == "single":
        wanted = [code for code, option in enumerate(earlier.options) if option.id in any_of]
        return np.asarray(~np.isin(answers.codes(question), wanted))
    ticks = [answers.codes(item_id(question, option)) == 1 for option in any_of]
    return np.asarray(~np.any(ticks, axis=0))

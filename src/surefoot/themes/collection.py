"""The comments on one question, gathered from the answers: each different text once, with an id of its own."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl

from surefoot.errors import BadInput
from surefoot.instrument import words
from surefoot.responses import ORGANISATION, ROW, Responses
from surefoot.study import Study

FOLDER = "comments"
NOT_A_COMMENT = re.compile(r"[\W\d_]*", re.UNICODE)


@dataclass(frozen=True)
class Comment:
    """One text on one question. rows: where it stands in the answers; several where people wrote the same words.

    organisations: ids of the organisations of these rows. id: a keyed digest of question and text, so that it does not
    depend on the order of files and rows, and tells nothing.
    """

    id: str
    question: str
    text: str = field(repr=False)
    rows: tuple[int, ...]
    organisations: tuple[str, ...] = ()

    @property
    def times(self) -> int:
        """How many people wrote it."""
        return len(self.rows)


@dataclass(frozen=True)
class Collection:
    """All comments on one question, in the order of their ids."""

    question: str
    comments: tuple[Comment, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Comment]:
        """Comments by their id."""
        return {comment.id: comment for comment in self.comments}

    def __len__(self) -> int:
        return len(self.comments)


def comment_id(secret: bytes, question: str, text: str) -> str:
    """The id of a text on a question: HMAC-SHA-256 with the study's secret, of words with single spaces."""
    content = unicodedata.normalize("NFC", f"{question}\n{' '.join(text.split())}")
    return "comment-" + hmac.new(secret, content.encode(), hashlib.sha256).hexdigest()[:16]


def collect(study: Study, answers: Responses, question: str) -> Collection:
    """The comments on one question; texts without a single letter are none."""
    secret = study.secret()
    texts = answers.texts.filter(pl.col("question") == question)
    rows: dict[str, list[int]] = {}
    words_of: dict[str, str] = {}
    for row, text in texts.select(ROW, "text").iter_rows():
        if NOT_A_COMMENT.fullmatch(text):
            continue
        name = comment_id(secret, question, text)
        rows.setdefault(name, []).append(int(row))
        words_of[name] = min(words_of.get(name, text), text)
    codes = answers.codes(ORGANISATION)
    names = np.array([*answers.organisations, ""], dtype=object)
    return Collection(
        question,
        tuple(
            Comment(
                name, question, words_of[name], tuple(found), tuple(sorted({str(n) for n in names[codes[found]] if n}))
            )
            for name, found in sorted(rows.items())
        ),
    )


def commented(answers: Responses) -> tuple[str, ...]:
    """Ids of the questions that have any text, those that ask for words first."""
    there = set(answers.texts["question"].unique().to_list())
    found = [q for q in answers.instrument.questions if q.id in there]
    return tuple(q.id for q in sorted(found, key=lambda q: q.kind != "text"))


def folder_of(study: Study, question: str = "") -> Path:
    """The private folder of a study's comments, or of those on one question. Raises BadInput for a study in memory."""
    if study.folder is None:
        raise BadInput("themes", "a study in memory", "a study in a folder, where codes can be kept")
    return study.folder / FOLDER / question if question else study.folder / FOLDER


def make_folder(folder: Path) -> Path:
    """Make a folder that only its owner can open."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what looks like one.

    >>> as_text("=1+1"), as_text("Yes")
    ("'=1+1", 'Yes')
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell


def from_text(cell: str) -> str:
    """The cell as it was before `as_text`."""
    return cell[1:] if cell.startswith("'") and cell[1:].lstrip(" ").startswith(_FORMULA) else cell


def wording(study: Study, question: str) -> str:
    """The wording of a question."""
    return words(study.instrument[question].text)

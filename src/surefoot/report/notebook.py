"""Graphs and tables of a Release for analysts: shown by themselves in a notebook, plain HTML anywhere else."""

from __future__ import annotations

from markupsafe import Markup

from surefoot.errors import BadInput
from surefoot.instrument import Question
from surefoot.release import Group, Release, released
from surefoot.report import pages, views
from surefoot.report.reading import Reading
from surefoot.study import ORGANISATION

WRAPPER = "surefoot-piece"
"""The class inside which a piece's styles hold, so that they change nothing else of a notebook."""


class Piece(Markup):
    """A piece of HTML that a notebook shows as what it is."""

    def _repr_html_(self) -> str:
        return f'<div class="{WRAPPER}"><style>{pages.style(WRAPPER)}</style>{self}</div>'

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} letters of HTML; a notebook shows it, str() gives it>"


def graph(release: Release, question: str, *, by: str | None = None) -> Piece:
    """The graph of one question, with its numbers as a table beneath; for everybody, or also by a breakdown.

    by: "organisation" or another breakdown of the release. Raises BadInput for a question or breakdown that is not
    there, Refused for anything that is not a Release.
    """
    reading, asked, groups = _found(release, question, by)
    if groups and views.kind_of(asked) == "bars" and asked.kind == "single":
        first = asked.options[0].id
        return Piece(pages.figure(views.dots(reading, asked, "share", first, reading.beside(groups)), level=4))
    return Piece(pages.figure(views.question_graph(reading, asked, groups), level=4))


def table(release: Release, question: str, *, by: str | None = None) -> Piece:
    """The numbers of one question as a table: a row for each group, a column for each answer."""
    reading, asked, groups = _found(release, question, by)
    if asked.scale is None:
        return Piece(pages.table(views.question_graph(reading, asked, groups)))
    return Piece(pages.table(views.scale(reading, asked, reading.beside(groups))))


def _found(release: Release, question: str, by: str | None) -> tuple[Reading, Question, tuple[Group, ...]]:
    reading = Reading(released(release))
    if question not in release.instrument or views.kind_of(release.instrument[question]) is None:
        names = ", ".join(q.id for q in release.instrument.questions if views.kind_of(q))
        raise BadInput("question", f'"{question}"', f"one of {names}")
    known = (ORGANISATION, *reading.breakdowns)
    if by is not None and by not in known:
        raise BadInput("breakdown", f'"{by}"', f"one of {', '.join(known)}")
    return reading, release.instrument[question], reading.groups(by) if by else ()

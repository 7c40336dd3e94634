"""The small parts of the report's page: facts, notes, parts of the answer, rows of evidence."""

from __future__ import annotations

from dataclasses import dataclass

from surefoot.findings import Finding
from surefoot.instrument import Question


@dataclass(frozen=True)
class Fact:
    """One number at the top of the report."""

    name: str
    value: str
    detail: str = ""


@dataclass(frozen=True)
class Note:
    """A sentence of the answer that no rule of findings makes, with the place where more is said."""

    text: str
    anchor: str
    more: str


@dataclass(frozen=True)
class AnswerPart:
    """One of the three parts of the answer in a page."""

    id: str
    kind: str
    title: str
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...] = ()
    lesser: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class EvidenceRow:
    """A figure in the annex."""

    id: str
    group: str
    answer: str
    number: str
    base: str


@dataclass(frozen=True)
class EvidencePart:
    """All figures of one question that the report shows."""

    question: Question
    title: str
    wording: str
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class Asked:
    """One question as it was asked."""

    text: str
    hint: str
    options: str
    routed: str


@dataclass(frozen=True)
class Use:
    """Something that an organisation without numbers may still use."""

    anchor: str
    link: str
    text: str


@dataclass(frozen=True)
class Hidden:
    """The page of an organisation of which nothing is shown."""

    id: str
    name: str
    why: tuple[str, ...]
    uses: tuple[Use, ...]

"""How an instrument lies in an XLSForm: the order of its columns, names that XML allows, sections and matrices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from surefoot.instrument import Instrument, Question, Section

PREFIX = "surefoot_"
"""Columns of ours begin with this; XLSForm tools carry such columns along or ignore them."""
INTRODUCTION, SECTION_TEXT, DERIVED = "introduction", "section-text", "derived"
TYPES = {"single": "select_one", "multi": "select_multiple", "ranked": "rank", "text": "text"}
TABLE_LIST = "table-list"
SHUFFLED = "randomize=true"
OWN_FIELDS = ("construct", "about", "group", "section", "optional", "personal", "decimals", "unit", "derived_base")
_RESERVED = {"meta", "data", "instanceid", "instancename", "audit", "entity"}
_XML = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")


class Names:
    """Names in a form: what XML allows, each once without regard to case."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)

    def take(self, wanted: str) -> str:
        """A free name as near as can be to the one wanted."""
        base = wanted if _XML.fullmatch(wanted) else "q_" + re.sub(r"[^A-Za-z0-9._-]+", "-", wanted)
        name, number = base, 2
        while name.casefold() in self._taken:
            name, number = f"{base}_{number}", number + 1
        self._taken.add(name.casefold())
        return name


@dataclass(frozen=True)
class Run:
    """Questions that stand together in a form: in one section or none, and as one matrix or not."""

    section: Section | None
    questions: tuple[Question, ...]
    matrix: bool = False


def runs(instrument: Instrument) -> Iterator[tuple[Section | None, list[Run]]]:
    """The instrument as stretches of one section, each as matrices and single questions in order."""
    sections = {section.id: section for section in instrument.sections}
    for section, questions in groupby(instrument.questions, key=lambda question: sections.get(question.section or "")):
        yield section, list(_stretches(section, questions))


def _stretches(section: Section | None, questions: Iterable[Question]) -> Iterator[Run]:
    for key, together in groupby(questions, key=_matrix_key):
        found = tuple(together)
        if key is not None and len(found) > 1:
            yield Run(section, found, matrix=True)
        else:
            yield from (Run(section, (question,)) for question in found)


def _matrix_key(question: Question) -> tuple[str, str] | None:
    """What statements of one matrix share; None for a question that is in none."""
    plain = question.kind == "single" and not question.derived and question.order == "fixed"
    if not plain or question.group is None or question.scale is None:
        return None
    return question.group, question.scale.id


@dataclass
class Headers:
    """Columns in the order in which people expect them, with one a language where texts stand."""

    languages: tuple[str, ...]
    used: list[str] = field(default_factory=list)

    def of(self, *names: str) -> list[str]:
        """Headers by name; a name that ends in `::` or `_*` stands for one a language."""
        from surefoot.questionnaires.languages import language_name

        found: list[str] = []
        for name in names:
            if name.endswith("::"):
                found += [f"{name}{language_name(code)}" for code in self.languages]
            elif name.endswith("*"):
                found += [f"{name[:-1]}{code}" for code in self.languages]
            else:
                found.append(name)
        return found

"""Compare wordings as people do: without regard to case, spacing, and the shapes of dashes and quotes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from surefoot.instrument import Option, Question, Scale, item_id

_QUOTES = str.maketrans(dict.fromkeys("‘’‚‛′`´", "'") | dict.fromkeys("“”„‟″«»", '"') | {"…": "..."})
_DASHES = re.compile("[-‐‑‒–—―−_/~\\s]+")


def plain(text: str) -> str:
    """A wording reduced to what makes it the same: case folded, dashes and space as one space, no closing punctuation.

    >>> plain("  Don’t know — Enough. ") == plain("don't know - enough")
    True
    """
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    return _DASHES.sub(" ", folded).strip().rstrip(".:;,*").strip()


class Lookup:
    """Find a thing by any of its wordings: as spelled first, then reduced by `plain`; ambiguous ones find nothing."""

    def __init__(self, wordings: Iterable[tuple[str, str]]) -> None:
        """wordings: pairs of a wording and the name that it stands for."""
        self._exact: dict[str, str | None] = {}
        self._plain: dict[str, str | None] = {}
        for wording, name in wordings:
            for table, key in ((self._exact, wording.strip()), (self._plain, plain(wording))):
                table[key] = name if table.get(key, name) == name else None

    def find(self, wording: str) -> str | None:
        """The name that a wording stands for, or None."""
        if wording in self._exact:
            return self._exact[wording]
        return self._plain.get(plain(wording))

    def plain_keys(self) -> Mapping[str, str]:
        """Reduced wordings that stand for one name."""
        return {key: name for key, name in self._plain.items() if name is not None and key}


def option_lookup(scale: Scale | None, labels: Mapping[str, str] | None = None) -> Lookup:
    """Find an option's id by its id, by its text in any language, or by a code whose label is its text."""
    options: tuple[Option, ...] = scale.options if scale else ()
    wordings = [(option.id, option.id) for option in options]
    taken = {option.id for option in options}
    wordings += [(text, option.id) for option in options for text in option.text.values() if text not in taken]
    known = Lookup(wordings)
    for code, label in (labels or {}).items():
        name = known.find(label)
        if name is not None and code not in taken:
            wordings.append((code, name))
    return Lookup(wordings)


def question_lookup(questions: Iterable[Question]) -> Lookup:
    """Find a question's id, or the id of one of its items, by id, by wording, or by wording and option."""
    wordings: list[tuple[str, str]] = []
    for question in questions:
        wordings.append((question.id, question.id))
        wordings += [(text, question.id) for text in question.text.values()]
        if question.kind in ("multi", "ranked"):
            for option in question.options:
                wordings += _item_wordings(question, option)
    return Lookup(wordings)


def _item_wordings(question: Question, option: Option) -> list[tuple[str, str]]:
    item = item_id(question.id, option.id)
    stems = [question.id, *question.text.values()]
    parts = [option.id, *option.text.values()]
    shapes = ("{0}/{1}", "{0}[{1}]", "{0} [{1}]", "{0} - {1}", "{0}: {1}")
    return [(shape.format(stem, part), item) for stem in stems for part in parts for shape in shapes]

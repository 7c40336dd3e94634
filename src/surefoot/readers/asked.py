"""In which words a file asked its questions, where they differ from the instrument's."""

from __future__ import annotations

from surefoot.instrument import Instrument, Question
from surefoot.readers.mapping import Mapping
from surefoot.readers.table import Column, RawTable
from surefoot.readers.wording import plain

Wordings = dict[str, tuple[str, ...]]


def other_wordings(table: RawTable, mapping: Mapping, instrument: Instrument) -> Wordings:
    """By question, the wordings of its columns that are not the instrument's; a code or an id is no wording."""
    found: Wordings = {}
    for header, entry in mapping.columns.items():
        column = table.by_header.get(header)
        if column is None or not entry.question or entry.role == "other":
            continue
        wording = _wording(column, instrument[entry.question], bool(entry.option))
        if wording and wording not in found.get(entry.question, ()):
            found[entry.question] = (*found.get(entry.question, ()), wording)
    return found


def _wording(column: Column, question: Question, is_part: bool) -> str:
    """How a column words its question, or "" where that is the instrument's wording or cannot be told."""
    texts = (column.stem,) if is_part else (column.part_text, column.text, column.header)
    known = {plain(text) for text in (question.id, *question.text.values())}
    if any(plain(text) in known for text in texts) or (column.part and _end_with((column.text, column.stem), known)):
        return ""
    return next((" ".join(text.split()) for text in texts if _is_wording(text)), "")


def _end_with(texts: tuple[str, ...], known: set[str]) -> bool:
    """Whether a statement's wording stands at the end of a text, behind the stem that it shares with others."""
    return any(plain(text).endswith(f" {wording}") for text in texts for wording in known if wording)


def _is_wording(text: str) -> bool:
    """Whether a text is words, and not the code of a question."""
    return " " in text.strip() and any(letter.isalpha() for letter in text)

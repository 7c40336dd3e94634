"""Quotes that a person chose, with what decides whether each may be shown; whether it is, is decided at release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from surefoot.errors import BadInput
from surefoot.responses import ORGANISATION, Responses
from surefoot.study import ORGANISATION as BY_ORGANISATION
from surefoot.study import SERVICE_TYPE, Study, read_toml
from surefoot.themes.applied import Applied, applied_of
from surefoot.themes.collection import Collection, collect, commented, folder_of
from surefoot.themes.redaction import redactor
from surefoot.themes.safeguarding import flag, held_back

FILE = "quotes.toml"
CUT = "[...]"
Place = tuple[str, str]
"""A breakdown and the code of one of its groups."""


@dataclass(frozen=True)
class ChosenQuote:
    """Words that a person chose to quote. Nothing of it may be shown before `release` has looked at it.

    text: without personal data. consent: everybody who wrote these words allowed it. groups: all groups of the writers.
    shown_with: the writers' organisation, where the chooser asks for it. said, said_there: comments on the theme by
    everybody, and in that organisation.
    """

    question: str
    theme: str
    text: str = field(repr=False)
    consent: bool
    groups: tuple[Place, ...]
    said: int
    shown_with: Place | None = None
    said_there: int = 0


def chosen_quotes(study: Study, answers: Responses) -> tuple[ChosenQuote, ...]:
    """The quotes that are chosen in quotes.toml, from comments that are among these answers. Raises BadInput."""
    found: list[ChosenQuote] = []
    for applied in applied_of(study):
        question = applied.codebook.question
        path = folder_of(study, question) / FILE
        if path.exists() and question in commented(answers):
            found += _chosen(study, answers, applied, _entries(path, applied))
    return tuple(found)


@dataclass(frozen=True)
class _Entry:
    """One [[quote]] of the file."""

    id: str
    theme: str
    text: str = ""
    with_organisation: bool = False


def _entries(path: Path, applied: Applied) -> list[_Entry]:
    made = []
    for number, table in enumerate(read_toml(path, "a file with [[quote]] entries").get("quote", ()), 1):
        where = f"{path}, quote {number}"
        if not isinstance(table, Mapping) or set(table) - {"id", "theme", "text", "with_organisation", "by"}:
            raise BadInput(where, "a line that is not known", "id, theme, by, and perhaps text and with_organisation")
        if not str(table.get("by", "")).strip():
            raise BadInput(where, "no by", "the name of who read the comment and chose it")
        themes = applied.codes.get(str(table.get("id")))
        if themes is None:
            raise BadInput(f"{where}, id", f'"{table.get("id")}"', "the id of a comment that is coded")
        if table.get("theme") not in themes:
            raise BadInput(f"{where}, theme", f'"{table.get("theme")}"', "a theme that this comment has")
        shown = table.get("with_organisation", False) is True
        made.append(_Entry(str(table["id"]), str(table["theme"]), str(table.get("text", "")), shown))
    return made


def _chosen(study: Study, answers: Responses, applied: Applied, entries: Sequence[_Entry]) -> Iterator[ChosenQuote]:
    collection, redact = collect(study, answers, applied.codebook.question), redactor(study)
    held = held_back(flag(collection, folder_of(study)))
    counted = replace(applied, codes={name: codes for name, codes in applied.codes.items() if name not in held})
    consent = _consent(study, answers)
    for entry in entries:
        comment = collection.by_id.get(entry.id)
        if comment is None or comment.id in held:
            continue
        only = _organisations(answers, comment.rows)
        place = next(iter(only)) if entry.with_organisation and len(only) == 1 else None
        yield ChosenQuote(
            question=f"{applied.codebook.question}-themes",
            theme=entry.theme,
            text=shortened(redact(comment.text), entry, applied.codebook.question),
            consent=all(consent[row] for row in comment.rows),
            groups=tuple(sorted({group for row in comment.rows for group in _groups(study, answers, row)})),
            said=_said(collection, counted, entry.theme),
            shown_with=place,
            said_there=_said(collection, counted, entry.theme, answers, place),
        )


def shortened(redacted: str, entry: _Entry, question: str) -> str:
    """The redacted comment, or what the chooser left of it: cut out with [...], and not a word more or other.

    Raises BadInput where the words left are not those of the comment, in their order; it does not quote them.
    """
    if not entry.text:
        return redacted
    at = 0
    for piece in (part.strip() for part in entry.text.split(CUT)):
        found = redacted.find(piece, at)
        if found < 0:
            where = f"{FILE} of {question}, quote of {entry.id}, text"
            raise BadInput(where, "words that the comment does not have", f"its own words, cut with {CUT}, or no text")
        at = found + len(piece)
    return entry.text.strip()


def _consent(study: Study, answers: Responses) -> Sequence[bool]:
    asked = study.comments.consent
    if asked in ("", "all"):
        return [asked == "all"] * len(answers)
    wanted = [o.id for o in study.instrument[asked].options].index(study.comments.consent_option)
    return [bool(code == wanted) for code in answers.codes(asked)]


def _organisations(answers: Responses, rows: Sequence[int]) -> set[Place]:
    codes = answers.codes(ORGANISATION)
    return {(BY_ORGANISATION, answers.organisations[codes[row]]) for row in rows if codes[row] >= 0}


def _groups(study: Study, answers: Responses, row: int) -> Iterator[Place]:
    """All groups in which somebody is counted."""
    own = {name for _, name in _organisations(answers, [row])}
    yield from ((BY_ORGANISATION, name) for name in own)
    yield from ((SERVICE_TYPE, o.service_type) for o in study.organisations if o.id in own and o.service_type)
    for breakdown in study.breakdowns:
        code = _option(answers, breakdown.question, row)
        if code is None:
            continue
        if breakdown.crossed_with is None:
            yield breakdown.question, code
            continue
        by_organisation = breakdown.crossed_with == BY_ORGANISATION
        outer = next(iter(own), None) if by_organisation else _option(answers, breakdown.crossed_with, row)
        if outer is not None:
            yield breakdown.id, f"{outer}.{code}"


def _option(answers: Responses, question: str, row: int) -> str | None:
    code = int(answers.codes(question)[row])
    return answers.instrument[question].options[code].id if code >= 0 else None


def _said(
    collection: Collection,
    applied: Applied,
    theme: str,
    answers: Responses | None = None,
    place: Place | None = None,
) -> int:
    """How many people wrote a comment on a theme: all of them, or those of one organisation."""
    about = [c for c in collection.comments if theme in applied.codes.get(c.id, frozenset())]
    if answers is None:
        return sum(comment.times for comment in about)
    return sum(_organisations(answers, [row]) == {place} for comment in about for row in comment.rows)


def unwritten(question: str) -> str:
    """A quotes.toml without a quote."""
    return _HEAD.format(question=question)


_HEAD = """# Words from the comments on "{question}" that may be shown. A person reads each and chooses it by its id.
# Only redacted words are shown, only with consent, and only where theme and groups are large enough.
# [[quote]]
# id = "comment-0123456789abcdef"
# theme = "a-theme-of-this-comment"
# by = "Your name"
# text = "its words, shortened with [...] where you like"
# with_organisation = false
"""

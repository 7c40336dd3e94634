"""Comments that tell of harm: shown to the named safeguarding lead first, and held back from others.

A list of patterns puts some on top. It finds words, not meaning, and misses most harm that is told in other words
(measured: tests/bench/test_harm.py). So the lead signs to have read every comment before anybody else gets one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from surefoot.errors import BadInput, Refused
from surefoot.study import Study, read_toml
from surefoot.themes.collection import Collection, Comment, as_text
from surefoot.themes.vocabulary import bank
from surefoot.whole import write_whole

FILE, RECORD = "safeguarding.csv", "safeguarding-record.toml"
READ, HELD, RELEASED = _PARTS = ("read", "held", "released")
_STATES = ("held back", "not read", "released", "read")
Stamp = tuple[str, str]
"""Who, and when."""
_DENIED = re.compile(
    r"\b(?:no|not|never|without|isn['’]t|wasn['’]t|aren['’]t|don['’]t|doesn['’]t|haven['’]t)\W+(?:\w+\W+){0,2}$"
)


@dataclass(frozen=True)
class _Kind:
    reason: str
    patterns: tuple[re.Pattern[str], ...]
    always: bool


@cache
def _kinds() -> tuple[_Kind, ...]:
    return tuple(
        _Kind(kind["reason"], tuple(re.compile(p) for p in kind["patterns"]), kind.get("always", False))
        for kind in bank("harm")["kind"]
    )


def reasons(text: str) -> tuple[str, ...]:
    """Why a comment may tell of harm; empty where nothing in it is on the list.

    >>> reasons("A carer slapped a resident."), reasons("There is no abuse here."), reasons("More training please.")
    (('abuse',), (), ())
    """
    small = " ".join(text.casefold().split())
    return tuple(kind.reason for kind in _kinds() if any(_tells(small, p, kind.always) for p in kind.patterns))


def _tells(text: str, pattern: re.Pattern[str], always: bool) -> bool:
    """Whether a pattern is there, and not only just after a denial."""
    return any(always or not _DENIED.search(text[: found.start()]) for found in pattern.finditer(text))


@dataclass(frozen=True)
class Flagged:
    """A comment that may tell of harm: what was found in it, and whether the lead released it."""

    comment: Comment
    reasons: tuple[str, ...]
    held: bool


@dataclass(frozen=True)
class Record:
    """What was done, by whom and when (instants as ISO 8601): comments read by the lead, held back, and released."""

    read: Mapping[str, Stamp]
    held: Mapping[str, Stamp]
    released: Mapping[str, Stamp]

    def holds(self, name: str, *, found: bool) -> bool:
        """Whether nobody but the lead may see a comment. found: the list of patterns found something in it."""
        held, released = self.held.get(name), self.released.get(name)
        if released is None:
            return found or held is not None
        return held is not None and held[1] >= released[1]  # in one second: held back is the safer reading


def need_lead(study: Study) -> str:
    """The name of the safeguarding lead. Raises Refused where the study names none: somebody must read harm first."""
    lead = study.comments.safeguarding_lead.strip()
    if not lead:
        reason = "there are comments, and the study names nobody who is shown those that tell of harm"
        raise Refused(
            "safeguarding lead",
            reason,
            'Add [comments] safeguarding_lead = "NAME" to study.toml, and tell that person.',
        )
    return lead


def flag(collection: Collection, folder: Path) -> tuple[Flagged, ...]:
    """The comments that may tell of harm, by the list or because somebody held them back."""
    record = open_record(folder)
    found = ((comment, _found(comment, record)) for comment in collection.comments)
    return tuple(Flagged(c, why, record.holds(c.id, found=bool(why))) for c, why in found if why)


def _found(comment: Comment, record: Record) -> tuple[str, ...]:
    held = record.held.get(comment.id)
    return (*reasons(comment.text), *([f"held back by {held[0]}"] if held else []))


def held_back(flagged: Sequence[Flagged]) -> frozenset[str]:
    """Ids of the comments that nobody but the lead may see."""
    return frozenset(entry.comment.id for entry in flagged if entry.held)


def open_record(folder: Path) -> Record:
    """The record of a study; empty where there is none. Raises BadInput where it cannot be read."""
    path = folder / RECORD
    table = read_toml(path, "the record as `surefoot themes safeguarding` writes it") if path.exists() else {}
    try:
        parts = [
            {str(name): (str(e["by"]), str(e["at"])) for e in table.get(key, []) for name in e["ids"]} for key in _PARTS
        ]
    except (KeyError, TypeError):
        raise BadInput(str(path), "an entry without ids, by and at", "entries with all three") from None
    return Record(*parts)


def write_for_lead(study: Study, collections: Sequence[Collection], folder: Path) -> Path:
    """Write every comment to a file that only its owner can read, as it was written, those that may tell of harm first.

    The organisation stands beside each, for the lead has to act; nobody else gets this file.
    """
    record, rows = open_record(folder), []
    for collection in collections:
        flagged = {entry.comment.id: entry for entry in flag(collection, folder)}
        for comment in collection.comments:
            entry = flagged.get(comment.id)
            state = _state(comment.id, entry, record)
            names = "; ".join(o.name for o in study.organisations if o.id in comment.organisations)
            why = "; ".join(entry.reasons) if entry else ""
            rows.append((state, comment.id, comment.question, names, why, comment.text))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["state", "id", "question", "organisations", "found", "comment"])
    for row in sorted(rows, key=lambda row: (_STATES.index(row[0]), not row[4], row[1])):
        writer.writerow([as_text(cell) for cell in row])
    write_whole(folder / FILE, out.getvalue(), private=True)
    return folder / FILE


def _state(name: str, entry: Flagged | None, record: Record) -> str:
    if entry is not None and entry.held:
        return "held back"
    return "released" if name in record.released else "read" if name in record.read else "not read"


def unread(collection: Collection, folder: Path) -> int:
    """How many comments the lead has not read yet."""
    record = open_record(folder)
    return sum(1 for comment in collection.comments if comment.id not in record.read)


def note(
    study: Study, known: Container[str], folder: Path, part: str, ids: Sequence[str], *, by: str, now: datetime
) -> None:
    """Note in the record that comments were read, held back or released (part). Anybody may hold back.

    Raises BadInput where an id is of no comment, and Refused where somebody else than the lead reads or releases.
    """
    import tomli_w

    lead = need_lead(study)
    if not by.strip():
        raise Refused("safeguarding lead", "nobody is named", "Add --by NAME.")
    if part != HELD and by.strip().casefold() != lead.casefold():
        reason = "only the safeguarding lead whom study.toml names can sign for comments or release one"
        raise Refused("safeguarding lead", reason, "Ask the lead, or name another lead in study.toml.")
    for name in ids:
        if name not in known:
            raise BadInput("themes safeguarding", f'the id "{name}"', f"the id of a comment in {FILE}")
    at = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    path = folder / RECORD
    table = read_toml(path, "the record") if path.exists() else {}
    entries = [*table.get(part, []), {"by": by.strip(), "at": at, "ids": sorted(ids)}]
    write_whole(path, tomli_w.dumps(table | {part: entries}), private=True)

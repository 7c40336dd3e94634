"""Comments that tell of harm: found by a list of patterns, shown to the named safeguarding lead, held back from others.

A list finds words, not meaning. It misses harm told in other words, so it is no substitute for reading every comment.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from surefoot.errors import BadInput, Refused
from surefoot.study import Study, read_toml
from surefoot.themes.collection import Collection, Comment, as_text
from surefoot.themes.vocabulary import bank
from surefoot.whole import write_whole

FILE, RECORD = "safeguarding.csv", "safeguarding-released.toml"
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
    """A comment that may tell of harm: what was found in it, and who released it and when, or None."""

    comment: Comment
    reasons: tuple[str, ...]
    released_by: str | None = None
    released_at: str | None = None

    @property
    def held(self) -> bool:
        """Whether nobody but the lead may see it."""
        return self.released_by is None


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
    """The comments that may tell of harm, with what the record in the folder says of each."""
    record = _record(folder)
    return tuple(
        Flagged(comment, found, *record.get(comment.id, (None, None)))
        for comment in collection.comments
        if (found := reasons(comment.text))
    )


def held_back(flagged: Sequence[Flagged]) -> frozenset[str]:
    """Ids of the comments that nobody but the lead may see."""
    return frozenset(entry.comment.id for entry in flagged if entry.held)


def _record(folder: Path) -> Mapping[str, tuple[str, str]]:
    path = folder / RECORD
    if not path.exists():
        return {}
    table = read_toml(path, "the record as `surefoot themes safeguarding --release` writes it")
    try:
        return {str(e["id"]): (str(e["by"]), str(e["at"])) for e in table.get("released", [])}
    except (KeyError, TypeError):
        raise BadInput(str(path), "an entry without id, by and at", "[[released]] with all three") from None


def write_for_lead(study: Study, flagged: Sequence[Flagged], folder: Path) -> Path:
    """Write what may tell of harm to a file that only its owner can read, in the words in which it was written.

    The organisation stands beside each, for the lead has to act; nobody else gets this file.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "question", "organisations", "reasons", "released by", "released at", "comment"])
    for entry in flagged:
        names = "; ".join(o.name for o in study.organisations if o.id in entry.comment.organisations)
        told = [entry.comment.id, entry.comment.question, names, "; ".join(entry.reasons)]
        row = [*told, entry.released_by or "", entry.released_at or "", entry.comment.text]
        writer.writerow([as_text(cell) for cell in row])
    write_whole(folder / FILE, out.getvalue(), private=True)
    return folder / FILE


def release_comments(
    study: Study, flagged: Sequence[Flagged], folder: Path, ids: Sequence[str], *, by: str, now: datetime
) -> None:
    """Release comments to coders, by the safeguarding lead alone; the record keeps the name and the time.

    Raises BadInput where an id is of no such comment, and Refused where somebody else than the lead releases.
    """
    import tomli_w

    lead = need_lead(study)
    if by.strip().casefold() != lead.casefold():
        reason = "only the safeguarding lead whom study.toml names can release a comment"
        raise Refused("safeguarding lead", reason, "Ask the lead, or name another lead in study.toml.")
    known = {entry.comment.id for entry in flagged}
    for name in ids:
        if name not in known:
            raise BadInput("--release", f'"{name}"', f"the id of a comment in {FILE}")
    at = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    record = {**dict.fromkeys(ids, (lead, at)), **_record(folder)}
    table = {"released": [{"id": name, "by": who, "at": when} for name, (who, when) in sorted(record.items())]}
    write_whole(folder / RECORD, tomli_w.dumps(table), private=True)

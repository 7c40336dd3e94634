"""The steps from comments to counted themes, one function each, for the command line and the Python API alike.

Every step looks first whether the study names a safeguarding lead, and writes all comments to the lead's file; what
shows comments to others is refused until the lead has signed to have read them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from surefoot.errors import BadInput, Refused
from surefoot.readers import read_study
from surefoot.readers.told import in_words, told_one
from surefoot.responses import Responses
from surefoot.study import Study
from surefoot.themes import codebook as books
from surefoot.themes import quotes
from surefoot.themes.agreement import Agreement, agree
from surefoot.themes.applied import Applied, write_applied
from surefoot.themes.codebook import open_codebook
from surefoot.themes.coding import coders, read_sheet, settle, sheet_path, write_sheet
from surefoot.themes.collection import Collection, collect, commented, folder_of, make_folder, wording
from surefoot.themes.redaction import redactor
from surefoot.themes.safeguarding import (
    HELD,
    READ,
    RELEASED,
    Flagged,
    flag,
    held_back,
    need_lead,
    note,
    unread,
    write_for_lead,
)
from surefoot.themes.suggestion import FEWEST, SuggestedTheme, suggest
from surefoot.whole import write_whole

SUGGESTIONS = "suggestions.json"
SCHEMA = "surefoot/suggestions/1"


@dataclass(frozen=True)
class Opened:
    """The comments of one question, ready to be worked on: redacted, without those that are held back."""

    study: Study
    collection: Collection
    flagged: tuple[Flagged, ...]

    @property
    def question(self) -> str:
        """The id of the question."""
        return self.collection.question

    @property
    def folder(self) -> Path:
        """The private folder of the question's comments."""
        return folder_of(self.study, self.question)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Redacted comments by id, for coders; those that are held back are not among them."""
        held, redact = held_back(self.flagged), redactor(self.study)
        return {c.id: redact(c.text) for c in self.collection.comments if c.id not in held}

    @property
    def held(self) -> int:
        """How many comments are held back for the safeguarding lead."""
        return len(held_back(self.flagged))


def open_comments(study: Study, question: str | None = None, *, every: bool = False) -> tuple[Opened, ...]:
    """Read the comments of a study: on one question, or on all that ask for words (every: on all that have any).

    Writes all comments to the lead's file. Raises Refused where there are comments and no lead is named, and
    BadInput where there are none.
    """
    answers, _ = read_study(study)
    return open_answers(study, answers, question, every=every)


def open_answers(
    study: Study, answers: Responses, question: str | None = None, *, every: bool = False
) -> tuple[Opened, ...]:
    """As `open_comments`, from answers that are in memory; the lead's file always has those of every question."""
    there = [found for name in commented(answers) if len(found := collect(study, answers, name))]
    if not there:
        raise BadInput("themes", "no comments in the files of the study", "a question that asks for words")
    need_lead(study)
    place = make_folder(folder_of(study))
    opened = [Opened(study, found, flag(found, place)) for found in there]
    write_for_lead(study, there, place)
    if every:
        return tuple(opened)
    if question is None:
        return tuple(one for one in opened if study.instrument[one.question].kind == "text") or tuple(opened)
    chosen = tuple(one for one in opened if one.question == question)
    if not chosen:
        raise BadInput("themes", f'no comment on "{question}"', f"one of {', '.join(one.question for one in opened)}")
    return chosen


# Suggestions --------------------------------------------------------------------------------------------------------


def suggest_themes(opened: Opened) -> tuple[SuggestedTheme, ...]:
    """Suggest themes and write them beside the comments, with a codebook to fill in where there is none yet.

    With fewer than 30 comments there is nothing to suggest, and the codebook has no suggestions.
    """
    _need_read(opened)
    folder = make_folder(opened.folder)
    found: tuple[SuggestedTheme, ...] = ()
    if len(opened.texts) >= FEWEST:
        times = {comment.id: comment.times for comment in opened.collection.comments}
        found = suggest(opened.texts, times=times, ignored=wording(opened.study, opened.question).split())
    table = {"schema": SCHEMA, "question": opened.question, "suggestions": [asdict(entry) for entry in found]}
    write_whole(folder / SUGGESTIONS, json.dumps(table, ensure_ascii=False, indent=1) + "\n", private=True)
    if not (folder / books.FILE).exists():
        write_whole(folder / books.FILE, books.unwritten(opened.question, found), private=True)
    return found


def _suggestions(folder: Path) -> tuple[SuggestedTheme, ...]:
    path = folder / SUGGESTIONS
    if not path.exists():
        return ()
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["suggestions"]
        return tuple(
            SuggestedTheme(
                e["id"], tuple(e["words"]), e["size"], tuple(e["exemplars"]), tuple(e["members"]), e["method"]
            )
            for e in entries
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(str(path), "no suggestions that can be read", "the file as it was written, or none") from None


# Coding -------------------------------------------------------------------------------------------------------------


def prepare_sheet(opened: Opened, coder: str) -> tuple[Path, int]:
    """Write the coding sheet of one coder, or add new comments to it; gives its path and the comments still to code."""
    _need_read(opened)
    book = open_codebook(opened.folder, opened.question)
    path = sheet_path(opened.folder, coder)
    return path, write_sheet(path, opened.texts, book, _suggestions(opened.folder), coder.strip())


def agreement(opened: Opened, first: str | None = None, second: str | None = None) -> tuple[Agreement, ...]:
    """Agreement of two coders on the comments that both coded. Raises BadInput unless it is clear which two."""
    book, there = open_codebook(opened.folder, opened.question), coders(opened.folder)
    chosen = [name for name in (first, second) if name] or list(there)
    if len(chosen) != 2:
        raise BadInput("themes agree", f"{len(chosen)} coders ({', '.join(chosen) or 'none'})", "--coder two times")
    sheets = [read_sheet(sheet_path(opened.folder, name), book).codes for name in chosen]
    one, two = ({name: codes for name, codes in sheet.items() if name in opened.texts} for sheet in sheets)
    if not set(one) & set(two):
        raise BadInput("themes agree", "no comment that both have coded", "two sheets that are filled in")
    return agree(one, two, book.ids)


def apply_codes(opened: Opened, *, by: str, coder: str | None = None, now: datetime) -> Applied:
    """Make the final codes and keep them, so that every later analysis counts the themes; and a file for quotes.

    Raises Refused where the lead has not read, comments are not coded, or coders differ and nothing was settled.
    """
    if not by.strip():
        raise BadInput("--by", "no name", "the name of who applies the codes")
    _need_read(opened)
    book = open_codebook(opened.folder, opened.question)
    final, who = settle(opened.folder, book, opened.texts, coder)
    at = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    applied = Applied(book, final, who, by.strip(), at)
    write_applied(applied, opened.folder)
    if not (opened.folder / quotes.FILE).exists():
        write_whole(opened.folder / quotes.FILE, quotes.unwritten(opened.question), private=True)
    return applied


# Safeguarding -------------------------------------------------------------------------------------------------------


def read_all(opened: Sequence[Opened], *, by: str, now: datetime) -> None:
    """Note that the lead has read every comment. opened: all questions with comments of one study, at least one."""
    ids = [comment.id for one in opened for comment in one.collection.comments]
    _note(opened, READ, ids, by=by, now=now)


def hold_back(opened: Sequence[Opened], ids: Sequence[str], *, by: str, now: datetime) -> None:
    """Hold comments back for the lead, by anybody who read harm in them. opened: as in `read_all`."""
    _note(opened, HELD, ids, by=by, now=now)


def release_held(opened: Sequence[Opened], ids: Sequence[str], *, by: str, now: datetime) -> None:
    """Release comments that were held back, by the safeguarding lead. opened: as in `read_all`."""
    _note(opened, RELEASED, ids, by=by, now=now)


def _note(opened: Sequence[Opened], part: str, ids: Sequence[str], *, by: str, now: datetime) -> None:
    study, place = opened[0].study, folder_of(opened[0].study)
    known = {comment.id for one in opened for comment in one.collection.comments}
    note(study, known, place, part, ids, by=by, now=now)
    write_for_lead(study, [one.collection for one in opened], place)


def _need_read(opened: Opened) -> None:
    """Refuse to show comments before the safeguarding lead has read them all."""
    left = unread(opened.collection, folder_of(opened.study))
    if left:
        reason = f"the safeguarding lead has not signed to have read {in_words(told_one(left))} of the comments"
        remedy = "The lead reads comments/safeguarding.csv, then: surefoot themes safeguarding STUDY --read --by NAME."
        raise Refused("the safeguarding lead reads first", reason, remedy)

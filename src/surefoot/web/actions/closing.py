"""Closing a wave: afterwards the database holds nothing that ties a spent invitation to an answer.

While a wave is open, the place of a row in its file says when it was written, and so does the write-ahead log. So
closing writes the answers and the invitations again, each in a random order of its own, under new random ids, deletes
the drafts and the outbox (addresses, links, letters, posters), and then has the database write its files anew.
docs/decisions says what was measured.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Model, Q

from surefoot.errors import Refused
from surefoot.release import PARTICIPATION
from surefoot.web.audit import written
from surefoot.web.models import Answer, Draft, Invitation, Mailing, Message, Poster, Wave

_TABLES = (Answer, Invitation, Draft)
_LETTERS = (Message, Mailing, Poster)
_BATCH = 500
_RANDOM = secrets.SystemRandom()


def close_wave(*, study: str, wave: str, by: str) -> None:
    """Close a wave: no further answer, and no trace of which invitation an answer came with. It cannot be opened again.

    Raises Refused where the wave is not open, or where another connection keeps the log of the database from being
    emptied; the wave is then closing, takes no answers, and closes when this is called again.
    """
    with written("close-wave", f"{study}/{wave}", by=by) as said:
        _lock()
        row = Wave.objects.select_related("study").get(study__slug=study, name=wave)
        if row.state not in (Wave.OPEN, Wave.CLOSING):
            raise Refused("only an open wave is closed", f"this wave is {row.state}", "Open it first.")
        Wave.objects.filter(pk=row.pk).update(state=Wave.CLOSING)
        Draft.objects.filter(wave=row).delete()
        typed = Answer.objects.filter(wave=row, paper=True).count()
        if typed:
            said["on paper"] = typed if typed >= PARTICIPATION.minimum_base else "fewer than 11"
        _unmark_few(row)
        for table in (Draft, *_LETTERS):
            table.objects.filter(wave=row).delete()
        Invitation.objects.filter(wave=row, poster=True, spent=False).delete()
        said["answers"] = _write_again(Answer, row, id=uuid.uuid4)
        said["invitations"] = _write_again(Invitation, row)
    finish_closing()


def finish_closing() -> None:
    """Have the database write its files anew, then mark waves that were closing as closed. Called at start, too."""
    closing = list(Wave.objects.filter(state=Wave.CLOSING).values_list("pk", flat=True))
    if not closing:
        return
    forget((*_TABLES, *_LETTERS))
    with transaction.atomic():
        Wave.objects.filter(pk__in=closing).update(state=Wave.CLOSED)


def _lock() -> None:
    """Wait for every respondent who is being answered, and let none begin. SQLite: the transaction does that."""
    if connection.vendor == "postgresql":
        names = ", ".join(table._meta.db_table for table in _TABLES)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def _unmark_few(wave: Wave) -> None:
    """Take the mark of paper away in each organisation where it would set a few people apart from the others."""
    fewest = PARTICIPATION.minimum_base
    rows = Answer.objects.filter(wave=wave).order_by().values("organisation")
    for count in rows.annotate(typed=Count("pk", filter=Q(paper=True)), sent=Count("pk", filter=Q(paper=False))):
        if count["typed"] < fewest or 0 < count["sent"] < fewest:
            Answer.objects.filter(wave=wave, organisation=count["organisation"]).update(paper=False)


def _write_again(table: Any, wave: Wave, **new: Any) -> int:
    """Delete the rows of a wave and write them again in random order; new: columns that get a fresh value."""
    names = [field.attname for field in table._meta.concrete_fields]
    rows = list(table.objects.filter(wave=wave).values(*names))
    _RANDOM.shuffle(rows)
    table.objects.filter(wave=wave).delete()
    fresh = [table(**(row | {name: make() for name, make in new.items()})) for row in rows]
    table.objects.bulk_create(fresh, batch_size=_BATCH)
    return len(fresh)


def forget(tables: Iterable[type[Model]]) -> None:
    """Write tables into new files and empty the write-ahead log. Outside of any transaction. Raises Refused."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {table._meta.db_table}")
            cursor.execute("CHECKPOINT")
            return
        cursor.execute("VACUUM")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            reason = "another connection is reading, so the write-ahead log could not be emptied"
            raise Refused("a closed wave leaves no log", reason, "Try again in a moment.")

"""What the sender writes: that it is the one that sends, and what became of each message. No audit event, no time.

A message is marked before it is handed to the mail server and again after. Killed in between, it is sent once more: at
worst one message is doubled, and none is lost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from surefoot.web.models import Mailing, Message, Sender, Wave

MOST_ATTEMPTS = 5


@dataclass(frozen=True, repr=False)
class Outgoing:
    """A message that is to be sent now, with its wave's letters."""

    id: UUID
    sealed: bytes
    reminder: int
    attempts: int
    mailing: Mailing
    closes: date


def take_turn(*, holder: str, now: datetime, until: datetime) -> bool:
    """Be the one that sends, until a moment; False where somebody else is.

    Whoever takes over from another finds what that one had begun to send, and sends it again.
    """
    with transaction.atomic():
        row = Sender.objects.select_for_update().filter(pk=1).first()
        if row is not None and row.holder != holder and row.until > now:
            return False
        if row is None or row.holder != holder:
            Message.objects.filter(state=Message.SENDING).update(state=Message.PENDING)
        Sender.objects.update_or_create(pk=1, defaults={"holder": holder, "until": until})
        return True


def end_turn(*, holder: str) -> None:
    """Leave sending to whoever comes next."""
    Sender.objects.filter(pk=1, holder=holder).delete()


def note_trouble(*, holder: str, trouble: str) -> None:
    """Say why the mail server takes nothing, in words without an address; "" where it does again."""
    Sender.objects.filter(pk=1, holder=holder).exclude(trouble=trouble).update(trouble=trouble)


def next_message(*, today: date, later: Collection[UUID]) -> Outgoing | None:
    """Mark one message as being sent, those that failed before last, in the order of their random ids."""
    with transaction.atomic():
        waiting = Message.objects.select_for_update(of=("self",)).select_related("wave__mailing")
        row = due(waiting, today).exclude(pk__in=later).order_by("attempts", "id").first()
        if row is None:
            return None
        Message.objects.filter(pk=row.pk).update(state=Message.SENDING)
        mailing = row.wave.mailing
        number = mailing.reminders if row.reminder else 0
        return Outgoing(row.id, bytes(row.sealed), number, row.attempts, mailing, row.wave.closes)


def due(messages: QuerySet[Message], today: date) -> QuerySet[Message]:
    """Those that may be sent today: their wave is open, and its lead said so."""
    return messages.filter(
        state=Message.PENDING,
        wave__state=Wave.OPEN,
        wave__opens__lte=today,
        wave__closes__gte=today,
        wave__mailing__sending=True,
    )


def message_sent(*, message: UUID) -> None:
    """It was taken by the mail server. A reminder leaves no trace: its row is again like every other."""
    Message.objects.filter(pk=message).update(state=Message.SENT, reminder=False, attempts=0)


def message_refused(*, message: UUID, for_good: bool) -> None:
    """The mail server refused the address, for good or for now; after some attempts it counts as failed.

    Only an invitation is marked as failed: a list of failed reminders would be a list of people who had not answered.
    """
    with transaction.atomic():
        row = Message.objects.select_for_update().filter(pk=message).first()
        if row is None:
            return
        row.attempts += 1
        row.state = Message.FAILED if for_good or row.attempts >= MOST_ATTEMPTS else Message.PENDING
        if row.state == Message.FAILED and row.reminder:
            row.state, row.reminder, row.attempts = Message.SENT, False, 0
        row.save(update_fields=["state", "reminder", "attempts"])


def message_waits(*, message: UUID) -> None:
    """The mail server could not be reached, which is not the message's fault: it waits, and no attempt is counted."""
    Message.objects.filter(pk=message, state=Message.SENDING).update(state=Message.PENDING)

"""The sender: one thread of one process that sends what waits in the outbox, so many messages a minute."""

from __future__ import annotations

import logging
import secrets
import smtplib
import threading
from datetime import timedelta
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection
from django.utils import timezone

from surefoot.web import actions
from surefoot.web.actions import Outgoing
from surefoot.web.catalogue import day
from surefoot.web.mail import configured, in_words, refusal_of
from surefoot.web.outbox import Addressee, Letter, letter_id, opened

IDLE, TROUBLE, TURN = 5.0, 60.0, 120.0
_LOG = logging.getLogger(__name__)


class Sender:
    """One that sends. Of several on a database only one has the turn, and keeps it while there is something to send."""

    def __init__(self) -> None:
        self.holder = secrets.token_hex(16)
        self.later: dict[UUID, float] = {}

    def step(self) -> float:
        """Send one message, if one waits; how many seconds to wait before the next comes out."""
        now = timezone.now()
        if not actions.take_turn(holder=self.holder, now=now, until=now + timedelta(seconds=TURN)):
            return IDLE
        ready = [name for name, moment in self.later.items() if moment <= now.timestamp()]
        for name in ready:
            del self.later[name]
        message = actions.next_message(today=timezone.localdate(), later=self.later.keys())
        if message is None:
            actions.end_turn(holder=self.holder)
            return IDLE
        return self._send(message)

    def _send(self, message: Outgoing) -> float:
        addressee = opened(message.sealed, message.id)
        if addressee is None:
            actions.message_refused(message=message.id, for_good=True)
            return 0.0
        try:
            mail_of(message, addressee).send()
        except (smtplib.SMTPException, OSError) as problem:
            return self._refused(message, problem)
        actions.message_sent(message=message.id)
        actions.note_trouble(holder=self.holder, trouble="")
        return 60 / message.mailing.per_minute

    def _refused(self, message: Outgoing, problem: Exception) -> float:
        """An address that is refused waits longer each time; a server in trouble makes everything wait."""
        for_good = refusal_of(problem)
        if for_good is None:
            actions.message_waits(message=message.id)
            actions.note_trouble(holder=self.holder, trouble=in_words(problem))
            return TROUBLE
        self.later[message.id] = timezone.now().timestamp() + TROUBLE * 2**message.attempts
        actions.message_refused(message=message.id, for_good=for_good)
        return 60 / message.mailing.per_minute

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop. A fault is written down without a word of what was sent, and tried again."""
        while not stop.is_set():
            try:
                wait = self.step()
            except DatabaseError as problem:
                _LOG.warning("the outbox could not be read: %s", type(problem).__name__)
                connection.close()
                wait = TROUBLE
            stop.wait(wait)
        connection.close()


def mail_of(message: Outgoing, addressee: Addressee) -> EmailMessage:
    """The e-mail of a message: plain text, to one person, with nothing in it that counts who reads it."""
    mailing = message.mailing
    letter = (
        Letter(mailing.reminder_subject, mailing.reminder_text)
        if message.reminder
        else Letter(mailing.subject, mailing.text)
    )
    filled = letter.filled(
        link=f"{mailing.base}{addressee.link}",
        organisation=addressee.organisation,
        closes=day(message.closes),
    )
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<{letter_id(message.id, str(message.reminder))}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(filled.subject, filled.text, to=[addressee.address], headers=headers)


def start_sender() -> threading.Event | None:
    """Begin to send in a thread of this process; setting what comes out stops it. None where no mail server is set."""
    if not configured():
        return None
    stop = threading.Event()
    threading.Thread(target=Sender().run, args=(stop,), name="sender", daemon=True).start()
    return stop

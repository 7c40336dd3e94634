"""What pages show of the outbox: letters, how invitations stand, and of reminders nothing but whether they go out."""

from __future__ import annotations

from dataclasses import dataclass

from surefoot.web import models
from surefoot.web.mail import configured
from surefoot.web.models import Message
from surefoot.web.outbox import Letter, opened, usual_letter


@dataclass(frozen=True)
class MailingSeen:
    """The mailing of a wave. waiting, sent, failed: counts of invitations, which say nothing of who answered.

    reminding: reminders go out now; how many is not said, since it would say how many have answered. trouble: why the
    mail server takes nothing. undelivered: the addresses of invitations that failed.
    """

    invitation: Letter
    reminder: Letter
    per_minute: int
    sending: bool
    reminders: int
    waiting: int
    sent: int
    failed: int
    reminding: bool
    configured: bool
    trouble: str
    undelivered: tuple[str, ...]

    @property
    def people(self) -> int:
        """All who are written to."""
        return self.waiting + self.sent + self.failed


def mailing(study: str, wave: str) -> MailingSeen:
    """How the invitations of a wave by e-mail stand; the usual letters where nobody wrote others yet."""
    row = models.Mailing.objects.filter(wave__study__slug=study, wave__name=wave).first()
    messages = Message.objects.filter(wave__study__slug=study, wave__name=wave)
    unsent = messages.filter(state__in=(Message.PENDING, Message.SENDING))
    failed = [opened(bytes(one.sealed), one.id) for one in messages.filter(state=Message.FAILED)]
    waiting = unsent.filter(reminder=False).count()
    return MailingSeen(
        invitation=Letter(row.subject, row.text) if row else usual_letter("invitation"),
        reminder=Letter(row.reminder_subject, row.reminder_text) if row else usual_letter("reminder"),
        per_minute=row.per_minute if row else 60,
        sending=bool(row and row.sending),
        reminders=row.reminders if row else 0,
        waiting=waiting,
        sent=messages.count() - waiting - len(failed),
        failed=len(failed),
        reminding=unsent.filter(reminder=True).exists(),
        configured=configured(),
        trouble=models.Sender.objects.values_list("trouble", flat=True).first() or "",
        undelivered=tuple(sorted(one.address for one in failed if one)),
    )

"""Writing to those who are invited: people put into the outbox, letters, and the words to send, stop and remind.

What is sent, when, and to whom is in no audit event: only that sending began, and that all who had not answered were
reminded. `sending` has what the sender itself writes.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from surefoot.errors import BadInput, Refused
from surefoot.web import models
from surefoot.web.actions.waves import Invited, begin_phase_two, make_links
from surefoot.web.audit import written
from surefoot.web.link import Link
from surefoot.web.mail import configured
from surefoot.web.models import Mailing, Message
from surefoot.web.outbox import MOST_ADDRESS, Addressee, Letter, opened, usual_letter

FASTEST, MOST_REMINDERS = 600, 3


def invite_by_mail(
    *, study: str, wave: str, people: Sequence[tuple[str, str]], mailed: Sequence[tuple[str, str]], by: str
) -> list[Invited]:
    """Make a link for each person: `people` (label, organisation) come back with theirs, `mailed` go to the outbox.

    mailed: pairs of an e-mail address and an organisation's id. Their links are given to nobody: they stand sealed in
    the outbox, which keeps no order of the list. Raises Refused, BadInput.
    """
    with written("invite", f"{study}/{wave}", by=by, invitations=len(people) + len(mailed), by_mail=len(mailed)):
        row, made = make_links(study, wave, [*people, *mailed])
        _check_addresses([address for address, _ in mailed], row)
        names = dict(row.study.organisations.values_list("slug", "name"))
        messages = [_message(row, address, names[place], link) for address, place, link in made[len(people) :]]
        secrets.SystemRandom().shuffle(messages)
        Message.objects.bulk_create(messages, batch_size=500)
    return made[: len(people)]


def _message(row: models.Wave, address: str, organisation: str, link: Link) -> Message:
    name = uuid4()
    return Message(id=name, wave=row, sealed=Addressee(address, link.text, organisation).sealed(name))


def _check_addresses(addresses: Sequence[str], row: models.Wave) -> None:
    """Each is an address, and nobody is written to twice in a wave."""
    there = (opened(bytes(one.sealed), one.id) for one in Message.objects.filter(wave=row))
    known = {one.address.casefold() for one in there if one}
    for address in addresses:
        try:
            validate_email(address)
        except ValidationError:
            raise BadInput("list of people, e-mail", f'"{address}"', "an address such as name@example.org") from None
        if address.casefold() in known or len(address) > MOST_ADDRESS:
            raise BadInput("list of people, e-mail", f'"{address}" twice', "each address once in a wave")
        known.add(address.casefold())


def write_letters(*, study: str, wave: str, invitation: Letter, reminder: Letter, per_minute: int, by: str) -> None:
    """Set what invitations and reminders of a wave say, and how many go out in a minute. Raises BadInput, Refused."""
    if not 1 <= per_minute <= FASTEST:
        raise BadInput("messages a minute", f"{per_minute}", f"1 to {FASTEST}")
    first, second = invitation.checked("invitation"), reminder.checked("reminder")
    with written("write-letters", f"{study}/{wave}", by=by, per_minute=per_minute):
        row = mailing_of(study, wave)
        row.subject, row.text = first.subject, first.text
        row.reminder_subject, row.reminder_text = second.subject, second.text
        row.per_minute = per_minute
        row.save()


def mailing_of(study: str, wave: str) -> Mailing:
    """The mailing of a wave that may still be written to, made where it has none. Raises Refused after the close."""
    row = models.Wave.objects.get(study__slug=study, name=wave)
    if row.state not in (models.Wave.PLANNED, models.Wave.OPEN):
        raise Refused("nobody is written to after the close", f"this wave is {row.state}", "Plan another wave.")
    first, second = usual_letter("invitation"), usual_letter("reminder")
    words = {
        "subject": first.subject,
        "text": first.text,
        "reminder_subject": second.subject,
        "reminder_text": second.text,
    }
    return Mailing.objects.get_or_create(wave=row, defaults=words)[0]


def begin_sending(*, study: str, wave: str, base: str, by: str) -> None:
    """Let the sender send what waits, and whatever is put into the outbox later. base: what links begin with."""
    with written("begin-sending", f"{study}/{wave}", by=by):
        row = mailing_of(study, wave)
        if row.wave.state != models.Wave.OPEN:
            raise Refused("links are sent when they open", "this wave is not open", "Open the wave first.")
        if not configured():
            reason = "this server knows no mail server"
            raise Refused("a mail server", reason, "Start it with SUREFOOT_SMTP_URL and SUREFOOT_MAIL_FROM.")
        row.sending, row.base = True, base
        row.save()


def stop_sending(*, study: str, wave: str, by: str) -> None:
    """Let what waits wait."""
    with written("stop-sending", f"{study}/{wave}", by=by):
        row = mailing_of(study, wave)
        row.sending = False
        row.save()


def send_failed_again(*, study: str, wave: str, by: str) -> None:
    """Try once more what could not be delivered."""
    with written("send-failed-again", f"{study}/{wave}", by=by):
        failed = Message.objects.filter(wave=mailing_of(study, wave).wave, state=Message.FAILED)
        failed.update(state=Message.PENDING, attempts=0)


def take_failed_back(*, study: str, wave: str, by: str) -> None:
    """Take back the invitations that could not be delivered, so that those people can be invited by a right address."""
    with written("take-failed-back", f"{study}/{wave}", by=by) as said:
        failed = list(Message.objects.filter(wave=mailing_of(study, wave).wave, state=Message.FAILED))
        keys = [key for one in failed if (key := key_of(one))]
        models.Invitation.objects.filter(key__in=keys, spent=False).delete()
        Message.objects.filter(pk__in=[one.pk for one in failed]).delete()
        said["invitations"] = len(failed)


def queue_reminders(*, study: str, wave: str, by: str) -> None:
    """Remind all who got an invitation by e-mail and have not answered, at this moment; phase 2 begins.

    How many they are is written nowhere: with few answers it would say how few. Whoever answers while the reminders go
    out gets one all the same, since leaving them out would show the mail server when they answered. Raises Refused.
    """
    with written("queue-reminders", f"{study}/{wave}", by=by):
        row = mailing_of(study, wave)
        waiting = Message.objects.filter(wave=row.wave, state__in=(Message.PENDING, Message.SENDING))
        if not row.sending or waiting.exists():
            raise Refused("first the invitations", "not all messages that wait were sent", "Send them first.")
        if row.reminders >= MOST_REMINDERS:
            reason = f"all were reminded {row.reminders} times"
            raise Refused("nobody is pressed", reason, "Ask the organisations to speak of the survey instead.")
        begin_phase_two(study, wave)
        sent = {key_of(one): one.pk for one in Message.objects.filter(wave=row.wave, state=Message.SENT)}
        unspent = models.Invitation.objects.filter(wave=row.wave, spent=False).values_list("key", flat=True)
        due = [sent[key] for key in unspent if key in sent]
        for start in range(0, len(due), 500):
            some = Message.objects.filter(pk__in=due[start : start + 500])
            some.update(reminder=True, state=Message.PENDING, attempts=0)
        Mailing.objects.filter(pk=row.pk).update(reminders=row.reminders + 1)


def key_of(message: Message) -> str | None:
    """The name of the invitation whose link a message holds; None where it cannot be opened."""
    found = opened(bytes(message.sealed), message.id)
    link = Link.read(found.link) if found else None
    return link.invitation if link else None

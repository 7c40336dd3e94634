"""Invitations by e-mail: sent once, never lost, to the right people, and gone at the close."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surefoot.errors import BadInput, Refused
from surefoot.web.outbox import Letter

BY = "lead@example.org"


@dataclass
class Post:
    """What a mail server got: pairs of an address and a text; answers: what it says to an address, instead of yes."""

    got: list[tuple[str, str]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    port: int = 0

    def links(self) -> list[str]:
        """The links in the letters, in order."""
        return [found for _, text in self.got for found in re.findall(r"/a/([\w-]{24})", text.replace("=\n", ""))]


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    """A mail server on this machine, which the settings name."""
    kept = Post()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            address = ""
            while line := self.rfile.readline().decode().strip():
                word = line[:4].upper()
                if word == "DATA":
                    self.say("354 go on")
                    lines = list(iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), "."))
                    kept.got.append((address, "\n".join(lines)))
                    self.say("250 taken")
                elif word == "RCPT":
                    address = line.partition("<")[2].partition(">")[0]
                    self.say(kept.answers.get(address, "250 yes"))
                elif word == "QUIT":
                    return self.say("221 bye")
                else:
                    self.say("250 yes")
            return None

        def say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk) as server:
        kept.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield kept
        server.shutdown()
        thread.join()


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Django's settings."""
    from django.conf import settings

    return settings


@pytest.fixture
def mailed(opened: Any, post: Post, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A function that makes an open wave with some people in the outbox, and lets them be sent."""
    from django.conf import settings

    from surefoot.web import actions
    from surefoot.web.mail import mail_settings

    for name, value in mail_settings(f"smtp://127.0.0.1:{post.port}", "survey@example.org").items():
        monkeypatch.setattr(settings, name, value, raising=False)

    def make(people: int = 4, sends: bool = True) -> Any:
        wave = opened()
        listed = [(f"p{n}@example.org", "north" if n % 2 else "south") for n in range(people)]
        actions.invite_by_mail(study="staff", wave="1", people=[], mailed=listed, by=BY)
        if sends:
            actions.begin_sending(study="staff", wave="1", base="https://survey.example.org/a/", by=BY)
        return wave

    return make


def send_all(most: int = 50) -> None:
    """Let a new sender work until nothing waits."""
    from surefoot.web.sender import IDLE, Sender

    sender = Sender()
    for _ in range(most):
        if sender.step() == IDLE:
            return
    pytest.fail("the sender never came to an end")


def test_each_person_gets_their_own_link_once(mailed: Any, post: Post, client: Any) -> None:
    """As many letters as people, each with a link that opens, in no order of the list; nothing waits afterwards."""
    from surefoot.web import store

    mailed(people=6)
    send_all()
    assert sorted(address for address, _ in post.got) == [f"p{n}@example.org" for n in range(6)]
    assert len(set(post.links())) == 6
    assert client().get(f"/a/{post.links()[0]}").status_code == 200
    send_all()
    assert len(post.got) == 6
    seen = store.mailing("staff", "1")
    assert (seen.waiting, seen.sent, seen.failed) == (0, 6, 0)


def test_sender_that_was_killed_doubles_one_and_loses_none(mailed: Any, post: Post) -> None:
    """Killed after the mail server took a message and before that was written down: that one is sent twice."""
    from datetime import timedelta

    from django.utils import timezone

    from surefoot.web import actions, models
    from surefoot.web.outbox import opened
    from surefoot.web.sender import mail_of

    mailed(people=5)
    now = timezone.now()
    assert actions.take_turn(holder="killed", now=now, until=now + timedelta(seconds=60))
    message = actions.next_message(today=timezone.localdate(), later=())
    assert message is not None
    addressee = opened(message.sealed, message.id)
    assert addressee is not None
    mail_of(message, addressee).send()
    send_all()  # the turn of the one that was killed lasts: nobody else sends
    assert len(post.got) == 1
    models.Sender.objects.update(until=now)
    send_all()
    addresses = sorted(address for address, _ in post.got)
    assert sorted([*(f"p{n}@example.org" for n in range(5)), addressee.address]) == addresses
    ids = [re.search(r"Message-ID: (\S+)", text)[1] for address, text in post.got if address == addressee.address]  # type: ignore[index]
    assert ids[0] == ids[1]


def test_mail_server_in_trouble_costs_no_attempt(mailed: Any, post: Post) -> None:
    """Where nobody answers, everything waits, and the page says why without a word of what was sent."""
    from django.conf import settings

    from surefoot.web import models, store
    from surefoot.web.sender import TROUBLE, Sender

    mailed(people=2)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    sender = Sender()
    assert sender.step() == TROUBLE
    assert store.mailing("staff", "1").trouble == "ConnectionRefusedError"
    assert set(models.Message.objects.values_list("state", "attempts")) == {("pending", 0)}
    settings.EMAIL_PORT = port
    sender.step()
    assert store.mailing("staff", "1").trouble == ""
    assert len(post.got) == 1


def test_refused_address_fails_and_is_taken_back(mailed: Any, post: Post) -> None:
    """For good at once, for now after five attempts; taken back, the person can be invited by a right address."""
    from surefoot.web import actions, models, store
    from surefoot.web.sender import Sender

    mailed(people=3)
    post.answers = {"p0@example.org": "550 nobody", "p1@example.org": "450 later"}
    for _ in range(5):
        sender = Sender()
        models.Sender.objects.all().delete()
        for _ in range(4):
            sender.step()
    assert store.mailing("staff", "1").undelivered == ("p0@example.org", "p1@example.org")
    assert [address for address, _ in post.got] == ["p2@example.org"]
    before = models.Invitation.objects.count()
    actions.take_failed_back(study="staff", wave="1", by=BY)
    assert models.Invitation.objects.count() == before - 2
    actions.invite_by_mail(study="staff", wave="1", people=[], mailed=[("p0@example.org", "north")], by=BY)


def test_reminder_goes_to_those_who_have_not_answered(mailed: Any, post: Post, send: Any) -> None:
    """And to nobody else; answers are late from then on; afterwards no row tells who was reminded."""
    from surefoot.web import actions, models
    from surefoot.web.link import Link

    wave = mailed(people=6)
    with pytest.raises(Refused, match="not all messages"):
        actions.queue_reminders(study="staff", wave="1", by=BY)
    send_all()
    answered = post.links()[:2]
    for text in answered:
        send(Link.read(text), wave.today)
    actions.queue_reminders(study="staff", wave="1", by=BY)
    during = post.links()[3]
    send(Link.read(during), wave.today)
    post.got.clear()
    send_all()
    assert len(post.links()) == 4
    assert not set(post.links()) & set(answered)
    assert during in post.links()
    assert models.Wave.objects.get().phase == 2
    rows = {(one.state, one.reminder, one.attempts) for one in models.Message.objects.all()}
    assert rows == {("sent", False, 0)}
    assert models.AuditEvent.objects.order_by("-number").first().details == {}  # type: ignore[union-attr]
    for _ in range(2):
        actions.queue_reminders(study="staff", wave="1", by=BY)
        send_all()
    with pytest.raises(Refused, match="3 times"):
        actions.queue_reminders(study="staff", wave="1", by=BY)


def test_close_deletes_addresses_links_and_letters(mailed: Any, post: Post, web: Path) -> None:
    """In the files of the closed database no sealed text, no letter and no address is left; nothing is sent."""
    from django.db import connection

    from surefoot.web import actions, models

    mailed(people=5)
    letter = Letter("Hello marker-subject", "{link} marker-text")
    actions.write_letters(study="staff", wave="1", invitation=letter, reminder=letter, per_minute=60, by=BY)
    sealed = [bytes(one.sealed) for one in models.Message.objects.all()]
    assert not any(b"p0@example.org" in one for one in sealed)
    assert len({len(one) for one in sealed}) == 1
    actions.close_wave(study="staff", wave="1", by=BY)
    send_all()
    assert post.got == []
    connection.close()
    left = web.read_bytes() + b"".join(path.read_bytes() for path in web.parent.glob(f"{web.name}-*"))
    assert not any(one in left for one in sealed)
    assert b"marker-" not in left
    assert b"p0@example.org" not in left


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Hello", "no gap"),
        ("Hello", "{link} {name}"),
        ("Hello", "{link} { alone"),
        ("Hello", "{{link}}"),
        ("{link}", "{link}"),
        ("", "{link}"),
        ("Hello", "{link!r}"),
        ("Hello", "{link} {}"),
    ],
)
def test_letter_with_a_wrong_gap_is_refused(subject: str, text: str) -> None:
    """A gap that nobody fills would go out to everybody."""
    with pytest.raises(BadInput):
        Letter(subject, text).checked("invitation")


def test_nobody_is_written_to_twice(mailed: Any) -> None:
    """The same address in one list or in two, in small letters or large, and what is no address."""
    from surefoot.web import actions, models

    mailed(people=2)
    before = models.Invitation.objects.count()
    for listed in ([("P0@example.org", "north")], [("a@example.org", "north")] * 2, [("nobody", "north")]):
        with pytest.raises(BadInput):
            actions.invite_by_mail(study="staff", wave="1", people=[], mailed=listed, by=BY)
    assert models.Invitation.objects.count() == before


def test_nothing_is_sent_before_the_first_day_or_when_stopped(mailed: Any, post: Post) -> None:
    """A link goes out when it opens, and only while the lead lets it."""
    from surefoot.web import actions, models

    mailed(people=2)
    actions.stop_sending(study="staff", wave="1", by=BY)
    send_all()
    actions.begin_sending(study="staff", wave="1", base="https://survey.example.org/a/", by=BY)
    models.Wave.objects.update(opens=date(2098, 1, 1), closes=date(2099, 1, 1))
    send_all()
    assert post.got == []


def test_pages_of_a_lead(opened: Any, client: Any) -> None:
    """A list with addresses leads to the outbox, one without comes back with links; a mistake keeps the letters."""
    opened()
    lead = client("programme-lead")
    file = SimpleUploadedFile("p.csv", b"label,organisation,email\na,north,a@example.org\nb,south,b@example.org\n")
    there = lead.post("/studies/staff/waves/1/invitations", {"people": file})
    assert there["Location"] == "/studies/staff/waves/1/mailing"
    text = lead.get(there["Location"]).content.decode()
    assert "knows no mail server" in text
    assert "a@example.org" not in text
    assert lead.post(f"{there['Location']}/send").status_code == 409
    file = SimpleUploadedFile("p.csv", b"label,organisation,email\nc,north,\nd,south,d@example.org\n")
    back = lead.post("/studies/staff/waves/1/invitations", {"people": file}).content.decode()
    assert back.count("/a/") == 1
    form = {
        f"{kind}-{part}": "Words {link}" if part == "text" else "Hi"
        for kind in ("invitation", "reminder")
        for part in ("subject", "text")
    }
    wrong = lead.post(there["Location"], {**form, "invitation-text": "My words", "speed": "30"})
    assert "no {link}" in wrong.content.decode()
    assert "My words" in wrong.content.decode()
    assert lead.post(there["Location"], {**form, "speed": "30"}).status_code == 302
    assert 'value="30"' in lead.get(there["Location"]).content.decode()

"""What the database holds: nouns and constraints, no logic. `store` reads them and `actions` writes them.

Between Invitation and Answer there is nothing on purpose: no key, no time, no number that counts up.
"""

from __future__ import annotations

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

DIGEST = 64


class Programme(models.Model):
    """The programme of this server; there is one. second_factor: everybody with a role must have one."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    slug = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    second_factor = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_programme")]


class Instrument(models.Model):
    """One wording of a questionnaire, under the id of its content; it never changes."""

    id = models.CharField(primary_key=True, max_length=40)
    name = models.CharField(max_length=100)
    table = models.JSONField()


class Study(models.Model):
    """Who is asked what. known: the question whose answer every link says. lines: the rest of study.toml, as TOML.

    delete_answers_on: the day on which the answers of closed waves are deleted; None where nobody has set one.
    """

    slug = models.CharField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT)
    frame_date = models.DateField(null=True)
    known = models.CharField(max_length=100, blank=True)
    lines = models.TextField(blank=True)
    secret = models.BinaryField()
    delete_answers_on = models.DateField(null=True)


class Organisation(models.Model):
    """One provider of a study, with its headcount by staff group. contacts: where concerns go, by language."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="organisations")
    slug = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    service_type = models.CharField(max_length=80, blank=True)
    headcount = models.JSONField(default=dict)
    contacts = models.JSONField(default=dict)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["study", "slug"], name="organisation_slug_once"),
            models.UniqueConstraint(fields=["study", "name"], name="organisation_name_once"),
        ]


class StudyFile(models.Model):
    """A file of a study's folder as it was imported: answers of another tool, mappings, earlier releases."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(max_length=300)
    content = models.BinaryField()

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["study", "path"], name="file_once")]


class ProgrammeFile(models.Model):
    """A file of a programme's folder as it was imported, outside of its studies; programme.toml is one of them."""

    path = models.CharField(max_length=300, unique=True)
    content = models.BinaryField()

    class Meta:
        ordering = ["path"]


class Wave(models.Model):
    """One time of asking. phase: 1, or 2 once reminders went out; all that an answer says about when it came.

    answers_deleted_on: when the answers of a closed wave were deleted; None while they are kept.
    """

    PLANNED, OPEN, CLOSING, CLOSED = "planned", "open", "closing", "closed"
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="waves")
    name = models.CharField(max_length=40)
    opens = models.DateField()
    closes = models.DateField()
    state = models.CharField(max_length=10, default=PLANNED)
    phase = models.PositiveSmallIntegerField(default=1)
    answers_deleted_on = models.DateField(null=True)

    class Meta:
        ordering = ["opens", "name"]
        constraints = [
            models.UniqueConstraint(fields=["study", "name"], name="wave_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "open", "closing", "closed"]), name="wave_state"
            ),
            models.CheckConstraint(condition=models.Q(closes__gte=models.F("opens")), name="wave_ends_after_it_begins"),
            models.CheckConstraint(condition=models.Q(phase__in=[1, 2]), name="wave_phase"),
        ]


class Invitation(models.Model):
    """That somebody of an organisation may answer once. key: derived from the link; spent: they did, not when.

    poster: the link was given out by a poster, to whoever opened it.
    """

    key = models.CharField(primary_key=True, max_length=DIGEST)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    spent = models.BooleanField(default=False)
    poster = models.BooleanField(default=False)


class Draft(models.Model):
    """Answers on their way. key: derived from the link, unlike the invitation's; content: sealed with the link."""

    key = models.CharField(primary_key=True, max_length=DIGEST)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    content = models.BinaryField()


class Answer(models.Model):
    """What one person sent: a random id, the wave, the organisation, the phase and the answers. No time.

    paper: typed in from paper, by nobody that is named; where few are, closing takes the mark away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    wave = models.ForeignKey(Wave, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    phase = models.PositiveSmallIntegerField()
    content = models.TextField()
    paper = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(phase__in=[1, 2]), name="answer_phase")]


class Settled(models.Model):
    """One item of "before you ask" for a wave (by its name): what was written, and who signed it, if anybody did.

    recorded_by: the account that recorded the signature.
    """

    study = models.ForeignKey(Study, on_delete=models.CASCADE)
    wave = models.CharField(max_length=40)
    item = models.CharField(max_length=40)
    texts = models.JSONField(default=dict)
    signed_by = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True)
    recorded_by = models.CharField(max_length=254, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["study", "wave", "item"], name="item_once")]


class Mailing(models.Model):
    """How a wave's invitations are sent by e-mail: letters with gaps, how many a minute, what links begin with.

    reminders: how often all who had not answered were reminded. Deleted when the wave is closed.
    """

    wave = models.OneToOneField(Wave, on_delete=models.CASCADE)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    reminder_subject = models.CharField(max_length=200)
    reminder_text = models.TextField()
    per_minute = models.PositiveSmallIntegerField(default=60)
    base = models.CharField(max_length=300, blank=True)
    sending = models.BooleanField(default=False)
    reminders = models.PositiveSmallIntegerField(default=0)


class Message(models.Model):
    """One person of the outbox: address and link, sealed with the server's key. Deleted when the wave is closed.

    It has no key in common with the invitation, and no time. reminder: what waits is a reminder; once that is sent, the
    row is again like those of people who got none.
    """

    PENDING, SENDING, SENT, FAILED = "pending", "sending", "sent", "failed"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE)
    sealed = models.BinaryField()
    state = models.CharField(max_length=10, default=PENDING)
    reminder = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "sending", "sent", "failed"]), name="message_state"
            )
        ]


class Sender(models.Model):
    """Who sends now: one row while there is something to send. trouble: why the mail server takes nothing."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    holder = models.CharField(max_length=32)
    until = models.DateTimeField()
    trouble = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_sender")]


class Poster(models.Model):
    """A poster of an organisation: whoever opens its address gets a link of their own. Deleted at the close."""

    secret = models.CharField(primary_key=True, max_length=24)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "organisation"], name="one_poster_an_organisation")]


class Release(models.Model):
    """The final release of a wave, as the text of its release.json; stamp: its own, by which pages of it are kept."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="releases")
    wave = models.CharField(max_length=40)
    content = models.TextField()
    checked_by = models.CharField(max_length=200)
    stamp = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "wave"], name="one_release_a_wave")]


class Preparation(models.Model):
    """A release that is being prepared: a draft, or the final one of a wave.

    done, of: how far the step is. problem: in one sentence, where it was refused or failed. content: of a draft that is
    ready, the text of its release.json; a final one is a Release. tries: how often it was begun.
    """

    WAITING, RUNNING, READY, REFUSED, FAILED = "waiting", "running", "ready", "refused", "failed"
    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="preparations")
    wave = models.CharField(max_length=40)
    final = models.BooleanField()
    state = models.CharField(max_length=10, default=WAITING)
    asked = models.DateTimeField()
    by = models.CharField(max_length=254)
    checked_by = models.CharField(max_length=200, blank=True)
    step = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    content = models.TextField(blank=True)

    class Meta:
        ordering = ["asked", "id"]
        constraints = [
            models.UniqueConstraint(fields=["study", "wave", "final"], name="one_preparation_of_a_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running", "ready", "refused", "failed"]),
                name="preparation_state",
            ),
        ]


class StagePlan(models.Model):
    """Who owns a stage of the programme and by when it is to be done, where the lead has said so."""

    stage = models.CharField(primary_key=True, max_length=20)
    owner = models.ForeignKey("Person", on_delete=models.SET_NULL, null=True)
    due = models.DateField(null=True)


class Person(AbstractBaseUser):
    """Somebody who signs in. Respondents are not people of this table."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    objects = BaseUserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]


class Membership(models.Model):
    """A role that somebody has, in one organisation (by its slug, in every study) or in the whole programme."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=40)
    organisation = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "role", "organisation"], name="membership_once")]


class Entry(models.Model):
    """A link by which somebody chooses a password, once. key: the hash of the link."""

    key = models.CharField(primary_key=True, max_length=DIGEST)
    person = models.ForeignKey(Person, on_delete=models.CASCADE)
    expires = models.DateTimeField()


class Token(models.Model):
    """A key by which a program of somebody's speaks to the programming interface. key: the hash of what they hold.

    rights: at most those; of them, what the person may do at that moment holds. writes: whether it may change anything.
    """

    key = models.CharField(primary_key=True, max_length=DIGEST)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    rights = models.JSONField(default=list)
    writes = models.BooleanField(default=False)
    expires = models.DateField()

    class Meta:
        ordering = ["expires", "name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="token_name_once")]


class AuditEvent(models.Model):
    """One thing that somebody with a role did. Each carries the digest of the one before; none is ever changed."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.CharField(max_length=30)
    by = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=DIGEST)
    digest = models.CharField(max_length=DIGEST)

    class Meta:
        ordering = ["number"]

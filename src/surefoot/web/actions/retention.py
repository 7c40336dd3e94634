"""Deleting answers when their time is over: the release of a wave stays, what people wrote goes, and truly goes.

A day is set for each study, by a programme lead with a reason. From that day on, the answers and invitations of its
closed waves are deleted, and so are the files of answers that came with it; then the database writes its files anew.
Copies that were made before, such as backups, are not in reach: docs/how-to/accounts.md says so.
"""

from __future__ import annotations

from datetime import date

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from surefoot.errors import BadInput, Refused
from surefoot.web import models
from surefoot.web.actions.closing import forget
from surefoot.web.audit import written
from surefoot.web.lines import read_lines
from surefoot.web.store.folder import KEYED

_TABLES = (models.Answer, models.Invitation, models.StudyFile)


def set_retention(*, study: str, day: date, reason: str, today: date, by: str) -> None:
    """Say on which day the answers of a study's closed waves are deleted, and why then. Raises BadInput, Refused."""
    with written("set-retention", study, by=by, day=day.isoformat(), reason=reason) as said:
        if day <= today:
            raise BadInput("day of deletion", day.isoformat(), "a day after today")
        if not reason:
            raise BadInput("reason", "nothing", "why the answers are kept until then, in a sentence")
        row = models.Study.objects.get(slug=study)
        last = row.waves.exclude(state=models.Wave.CLOSED).order_by("-closes").first()
        if last is not None and day <= last.closes:
            remedy = f"Choose a day after {last.closes.isoformat()}."
            raise Refused("no answer is deleted while people answer", f"wave {last.name} is asked until then", remedy)
        said["before"] = row.delete_answers_on.isoformat() if row.delete_answers_on else "none"
        row.delete_answers_on = day
        row.save()


def delete_expired(*, today: date) -> int:
    """Delete the answers whose day has come; how many waves and studies had any comes out. Called daily and at start.

    Raises Refused where another connection keeps the log of the database from being emptied; the answers are deleted
    then, and their traces when this is called again.
    """
    due = [study for study in models.Study.objects.filter(delete_answers_on__lte=today) if _left(study)]
    for study in due:
        _delete(study)
    if due:
        forget(_TABLES)
        with transaction.atomic():
            waves = models.Wave.objects.filter(study__in=due, state=models.Wave.CLOSED, answers_deleted_on=None)
            waves.update(answers_deleted_on=today)
    return len(due)


def drop_old_sessions() -> None:
    """Delete the sessions that are over; nobody is signed out by it. No event."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _left(study: models.Study) -> bool:
    waves = study.waves.filter(state=models.Wave.CLOSED, answers_deleted_on=None)
    return waves.exists() or _answer_files(study).exists()


def _delete(study: models.Study) -> None:
    waves = study.waves.filter(state=models.Wave.CLOSED, answers_deleted_on=None)
    day = study.delete_answers_on.isoformat() if study.delete_answers_on else ""
    with written("delete-answers", study.slug, by="server", day=day) as said:
        said["waves"] = ", ".join(waves.values_list("name", flat=True))
        said["answers"], _ = models.Answer.objects.filter(wave__in=waves).delete()
        models.Invitation.objects.filter(wave__in=waves).delete()
        said["files"], _ = _answer_files(study).delete()


def _answer_files(study: models.Study) -> QuerySet[models.StudyFile]:
    """The files of answers that a study came with, and all that was written of single comments."""
    named = [str(source["file"]) for source in read_lines(study.lines).get("source", ())]
    found = Q(path__in=named)
    for folder in KEYED:
        found |= Q(path__startswith=f"{folder}/")
    return study.files.filter(found)

"""Preparing releases: asked for in a moment, made one at a time by a process of their own, never half.

A release takes seconds to a minute, so nobody waits for it in a request. What was asked for is a row, and stays one
until it is made, refused, or failed: a stop in the middle loses the work and nothing else.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from surefoot.errors import BadInput, Refused
from surefoot.publication import publish
from surefoot.release import RELEASE_FILE
from surefoot.web import models, store
from surefoot.web.audit import written
from surefoot.web.models import Preparation

MOST_TRIES = 3
_TOLD_EVERY = 1.0
_FAULT = "it could not be made, by a fault of ours. The log of the server says which"
_STOPPED = "it was stopped {} times before it was done. Ask for it again when the server is quiet"
logger = logging.getLogger(__name__)


def prepare_release(*, study: str, wave: str, final: bool, checked_by: str, now: datetime, by: str) -> None:
    """Ask for a release of a closed wave: a draft, which nobody else sees and which counts as none, or the final one.

    It is made by `work_off`. Raises Refused where the wave is not closed, has its final release, or where the same is
    asked for already.
    """
    with written("prepare-release" if final else "prepare-draft", f"{study}/{wave}", by=by):
        row = models.Study.objects.get(slug=study)
        _check(row, wave)
        busy = (Preparation.WAITING, Preparation.RUNNING)
        if row.preparations.filter(wave=wave, final=final, state__in=busy).exists():
            raise Refused("one preparation at a time", "it is being prepared already", "Wait until it is done.")
        row.preparations.filter(wave=wave, final=final).delete()
        Preparation.objects.create(study=row, wave=wave, final=final, asked=now, by=by, checked_by=checked_by)


def work_off() -> None:
    """Prepare everything that was asked for, one after the other; what was begun before a stop is begun again.

    Called by one process at a time. Copies of answers that a stop has left are deleted first.
    """
    folder = _folder()
    shutil.rmtree(folder, ignore_errors=True)
    for row in Preparation.objects.filter(state__in=(Preparation.WAITING, Preparation.RUNNING)).defer("content"):
        Preparation.objects.filter(pk=row.pk).update(
            state=Preparation.RUNNING, tries=row.tries + 1, step="Beginning", done=0, of=0
        )
        if row.tries >= MOST_TRIES:
            _ended(row, Preparation.FAILED, _STOPPED.format(row.tries))
            continue
        _prepare(row)


def _prepare(row: Preparation) -> None:
    study = row.study.slug
    try:
        if row.final:
            publish_wave(study=study, wave=row.wave, checked_by=row.checked_by, by=row.by, progress=_telling(row.pk))
        else:
            _draft(row)
    except (Refused, BadInput) as problem:
        _ended(row, Preparation.REFUSED, str(problem))
    except Exception as fault:
        logger.error("preparing a release failed: %s", type(fault).__name__)
        _ended(row, Preparation.FAILED, _FAULT)


def publish_wave(
    *, study: str, wave: str, checked_by: str, by: str, progress: Callable[[str, int, int], None] | None = None
) -> None:
    """Make the final release of a closed wave, once, under the name of who checked it. Raises Refused, BadInput.

    It takes as long as it takes: pages ask for it by `prepare_release`.
    """
    row = models.Study.objects.get(slug=study)
    _check(row, wave)
    with _place() as place:
        made = publish(
            store.study(study, place / "study"), place / "report", wave=wave, final_by=checked_by, progress=progress
        )
        content = (place / "study" / "releases" / f"wave-{wave}" / RELEASE_FILE).read_text(encoding="utf-8")
    released = made.analysis.release
    with written("publish-wave", f"{study}/{wave}", by=by, figures=len(released.figures), stamp=released.stamp):
        models.Release.objects.create(
            study=row, wave=wave, content=content, checked_by=checked_by, stamp=released.stamp
        )
        row.preparations.filter(wave=wave).delete()


def _draft(row: Preparation) -> None:
    """The draft of a release, kept where leads alone read it, until the final one is made."""
    with _place() as place:
        study = store.study(row.study.slug, place / "study")
        publish(study, place / "report", wave=row.wave, progress=_telling(row.pk))
        content = (place / "report" / RELEASE_FILE).read_text(encoding="utf-8")
    with written("draft-ready", f"{row.study.slug}/{row.wave}", by=row.by):
        Preparation.objects.filter(pk=row.pk).update(state=Preparation.READY, content=content, problem="", step="")


def _check(row: models.Study, wave: str) -> None:
    """Raise Refused where a wave may not have a release now."""
    unclosed = row.waves.filter(name=wave).exclude(state=models.Wave.CLOSED).first()
    if unclosed is not None:
        raise Refused("nothing before the close", f"this wave is {unclosed.state}", "Close it first.")
    if row.waves.filter(name=wave, answers_deleted_on__isnull=False).exists():
        raise Refused("retention", f"the answers of wave {wave} were deleted on their day", "Publish the next wave.")
    if row.releases.filter(wave=wave).exists():
        raise Refused("one release a wave", f"wave {wave} has its final release already", "Publish the next wave.")


def _ended(row: Preparation, state: str, problem: str) -> None:
    action = "release-refused" if state == Preparation.REFUSED else "release-failed"
    with written(action, f"{row.study.slug}/{row.wave}", by=row.by, final=row.final):
        Preparation.objects.filter(pk=row.pk).update(state=state, problem=problem, step="")


def _telling(number: int) -> Callable[[str, int, int], None]:
    """Write down how far it is, at most once a second."""
    last = [0.0]

    def tell(step: str, done: int, of: int) -> None:
        if time.monotonic() - last[0] >= _TOLD_EVERY:
            last[0] = time.monotonic()
            with transaction.atomic():
                Preparation.objects.filter(pk=number).update(step=step[:200], done=max(done, 0), of=max(of, 0))

    return tell


def _folder() -> Path:
    """Where copies of answers are while a release is made: in the data folder, which is its owner's alone."""
    return Path(settings.DATA) / "preparing"


@contextmanager
def _place() -> Iterator[Path]:
    """A new folder for one release, deleted afterwards."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=_folder()) as made:
        yield Path(made)

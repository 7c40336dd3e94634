"""Releases from rows, and how far those are that are being prepared."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from surefoot.release import RELEASE_FILE, Release, narrowed, read_release
from surefoot.web import models


@dataclass(frozen=True)
class Prepared:
    """A release that is being prepared, as pages show it. share: how much of the step is done, 0 to 100."""

    study: str
    wave: str
    final: bool
    state: str
    by: str
    step: str
    share: int
    problem: str

    @property
    def under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in (models.Preparation.WAITING, models.Preparation.RUNNING)


def release_key(study: str, wave: str) -> tuple[int, str] | None:
    """What names the final release of a wave, so that pages made of it can be kept; None where there is none."""
    return models.Release.objects.filter(study__slug=study, wave=wave).values_list("pk", "stamp").first()


def released_wave(study: str, wave: str, *, organisations: Collection[str] | None = None) -> tuple[Release, str] | None:
    """The final Release of a wave and who checked it; None where there is none.

    organisations: those whose numbers somebody may see, beside the group's; None for all. Everything that is shown or
    given to somebody with a role in one organisation must be asked for with them.
    """
    key = release_key(study, wave)
    if key is None:
        return None
    found, checked_by = _whole(*key) if key[1] else _whole.__wrapped__(*key)
    return (found if organisations is None else narrowed(found, organisations)), checked_by


@lru_cache(maxsize=8)
def _whole(number: int, stamp: str) -> tuple[Release, str]:
    row = models.Release.objects.get(pk=number)
    return _read(row.content), row.checked_by


def _read(content: str) -> Release:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / RELEASE_FILE
        place.write_text(content, encoding="utf-8")
        return read_release(place)


def draft_of(study: str, wave: str) -> Release | None:
    """The draft of a wave's release, for those who may change the programme alone; None where none is ready."""
    rows = models.Preparation.objects.filter(study__slug=study, wave=wave, final=False, state=models.Preparation.READY)
    content = rows.values_list("content", flat=True).first()
    return _read(content) if content else None


def preparation(study: str, wave: str, *, final: bool) -> Prepared | None:
    """How far the draft, or the final release, of a wave is; None where nobody asked for it."""
    row = models.Preparation.objects.filter(study__slug=study, wave=wave, final=final).defer("content").first()
    if row is None:
        return None
    share = 100 * row.done // row.of if row.of else 0
    return Prepared(study, wave, final, row.state, row.by, row.step, min(share, 100), row.problem)


def any_under_way() -> bool:
    """Whether any release waits to be prepared or was begun."""
    return models.Preparation.objects.filter(
        state__in=(models.Preparation.WAITING, models.Preparation.RUNNING)
    ).exists()

"""Releases from rows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from surefoot.release import RELEASE_FILE, Release, read_release
from surefoot.web import models


def released_wave(study: str, wave: str) -> tuple[Release, str] | None:
    """The final Release of a wave and who checked it; None where there is none."""
    row = models.Release.objects.filter(study__slug=study, wave=wave).first()
    if row is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / RELEASE_FILE
        place.write_text(row.content, encoding="utf-8")
        return read_release(place), row.checked_by

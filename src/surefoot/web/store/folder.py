"""The whole programme as the folder of files that the command line uses, and what of a wave has a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models import Count

from surefoot.errors import Refused
from surefoot.study import PROGRAMME_SCHEMA
from surefoot.web import models
from surefoot.web.lines import read_lines, write_lines
from surefoot.whole import write_whole

PROGRAMME_FILE = "programme.toml"
WAVES_FILE = "waves.toml"
WAVES_SCHEMA = "surefoot/waves/1"
KEPT = ("decisions", "evidence", "instruments", "releases", "usecases", "workshops")
"""Folders of a programme that are kept as they are, beside its studies."""
KEYED = ("comments", "private")
"""Folders of a study whose ids come from its key: without the key they say nothing, so they go only with it."""
SECRET_FILE = "secret"
NOTHING_BEFORE = "nothing before the close"


def keyed(path: str) -> bool:
    """Whether a file of a study, by its path, is of use only with the study's key."""
    return path.split("/", 1)[0] in KEYED


def check_closed(study: str | None = None) -> None:
    """Raise Refused while a wave, of one study or of any, is open: its answers could still be tied to people."""
    rows = models.Wave.objects.filter(state__in=(models.Wave.OPEN, models.Wave.CLOSING))
    found = rows.filter(study__slug=study).first() if study else rows.first()
    if found is not None:
        reason = f"the wave {found.name} is not closed, and its answers could still be tied to people"
        raise Refused(NOTHING_BEFORE, reason, "Close it first.")


def waves_table(row: models.Study) -> dict[str, Any]:
    """What waves.toml says of the waves that were asked on this server, and of the day on which answers are deleted.

    Empty where there is neither. invited: how many, by organisation. Links are in no file: those of a planned wave must
    be made again.
    """
    day = {"delete_answers_on": row.delete_answers_on} if row.delete_answers_on else {}
    found = [_wave(wave) for wave in row.waves.all()]
    return {"schema": WAVES_SCHEMA, **day, **({"wave": found} if found else {})} if day or found else {}


def _wave(wave: models.Wave) -> dict[str, Any]:
    counted = models.Invitation.objects.filter(wave=wave).values("organisation__slug").annotate(all=Count("key"))
    closed = wave.state == models.Wave.CLOSED
    invited = {one["organisation__slug"]: one["all"] for one in counted.order_by("organisation__position")}
    return {
        "name": wave.name,
        "opens": wave.opens,
        "closes": wave.closes,
        "state": wave.state,
        "phase": wave.phase,
        **({"invited": invited} if closed and invited else {}),
        **({"answers_deleted_on": wave.answers_deleted_on} if wave.answers_deleted_on else {}),
    }


def write_programme_files(folder: Path) -> None:
    """Write programme.toml and the folders beside the studies."""
    folder.mkdir(parents=True, exist_ok=True)
    table: dict[str, Any] = {}
    for file in models.ProgrammeFile.objects.all():
        if file.path == PROGRAMME_FILE:
            table = read_lines(bytes(file.content).decode("utf-8"))
            continue
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, bytes(file.content))
    row = models.Programme.objects.first()
    named = {"id": row.slug, "title": row.title} if row else {"id": "programme", "title": "This programme"}
    write_whole(folder / PROGRAMME_FILE, write_lines({**table, "schema": PROGRAMME_SCHEMA, **named}))

"""Waves that come back to a server from the folder that it, or another, wrote: their days, who took part, answers."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.responses import LATE, ORGANISATION, PHASE, ROW, Responses, read_responses
from surefoot.study import read_toml
from surefoot.web import models
from surefoot.web.columns import answers_of
from surefoot.web.store.folder import WAVES_FILE, WAVES_SCHEMA

WAVE_NAME = r"[A-Za-z0-9][A-Za-z0-9-]{0,39}"
_BATCH = 500
_MOST = 50_000
_KINDS: Mapping[str, type] = {"name": str, "opens": date, "closes": date, "state": str, "phase": int}


def answers_files(wave: str) -> dict[str, bool]:
    """Where the folder of a study has the answers of a wave that was asked on a server; True: those from paper."""
    return {f"answers/wave-{wave}.parquet": False, f"answers/wave-{wave}-on-paper.parquet": True}


def closed_waves(folder: Path) -> list[dict[str, Any]]:
    """The waves of a folder that were asked on a server and closed. Raises BadInput."""
    return [wave for wave in _waves(folder) if wave["state"] == models.Wave.CLOSED]


def _waves(folder: Path) -> list[dict[str, Any]]:
    if not (folder / WAVES_FILE).exists():
        return []
    table = read_toml(folder / WAVES_FILE, "a waves.toml")
    waves: list[dict[str, Any]] = table.get("wave", [])
    whole = table.get("schema") == WAVES_SCHEMA and isinstance(waves, list) and all(map(_is_wave, waves))
    if not whole:
        raise BadInput(WAVES_FILE, "lines that are not whole", "the file as an export wrote it")
    return waves


def _is_wave(wave: Any) -> bool:
    if not isinstance(wave, dict) or not all(isinstance(wave.get(key), kind) for key, kind in _KINDS.items()):
        return False
    invited = wave.get("invited", {})
    counts = invited.values() if isinstance(invited, dict) else [-1]
    known = wave["state"] in (models.Wave.PLANNED, models.Wave.CLOSED) and wave["phase"] in (1, 2)
    named = re.fullmatch(WAVE_NAME, wave["name"])
    return (
        bool(named)
        and known
        and isinstance(wave.get("answers_deleted_on"), date | None)
        and wave["opens"] <= wave["closes"]
        and all(isinstance(n, int) and 0 <= n <= _MOST for n in counts)
    )


def add_waves(row: models.Study, folder: Path, closed: Sequence[Mapping[str, Any]]) -> None:
    """Add the waves of a folder: planned ones without links, closed ones with their answers. Raises BadInput."""
    _keep_retention(row, folder)
    for wave in _waves(folder):
        known = {key: wave[key] for key in _KINDS}
        made = models.Wave.objects.create(study=row, answers_deleted_on=wave.get("answers_deleted_on"), **known)
        if wave in closed:
            _add_invitations(made, wave.get("invited", {}), _add_answers(made, folder))


def _keep_retention(row: models.Study, folder: Path) -> None:
    """The day on which answers are deleted comes along: what was promised there holds here."""
    if not (folder / WAVES_FILE).exists():
        return
    day = read_toml(folder / WAVES_FILE, "a waves.toml").get("delete_answers_on")
    if not isinstance(day, date | None):
        raise BadInput(f"{WAVES_FILE}, delete_answers_on", f'"{day}"', "a date")
    row.delete_answers_on = day
    row.save()


def _add_answers(wave: models.Wave, folder: Path) -> Counter[str]:
    """Add the answers of a closed wave; how many used a link comes out, by organisation."""
    done: Counter[str] = Counter()
    for name, paper in answers_files(wave.name).items():
        if (folder / name).exists():
            rows = _answers(wave, folder / name, paper)
            models.Answer.objects.bulk_create(rows, batch_size=_BATCH)
            done.update(one.organisation.slug for one in rows if not paper)
    return done


def _answers(wave: models.Wave, path: Path, paper: bool) -> list[models.Answer]:
    made = read_responses(path)
    if made.instrument.id != wave.study.instrument_id:
        raise BadInput(str(path.name), "answers to other words", "answers to the instrument of the study")
    places = {one.slug: one for one in wave.study.organisations.all()}
    texts = _texts(made)
    rows = []
    for number in range(len(made)):
        slug = _organisation(made, number, path)
        phase = 2 if made.codes(PHASE)[number] == LATE else 1
        answers = {**answers_of(made, number), **texts.get(number, {})}
        content = json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
        rows.append(models.Answer(wave=wave, organisation=places[slug], phase=phase, content=content, paper=paper))
    return rows


def _organisation(made: Responses, number: int, path: Path) -> str:
    code = int(made.codes(ORGANISATION)[number])
    if code < 0:
        raise BadInput(path.name, "an answer without an organisation", "answers of the study's organisations")
    return made.organisations[code]


def _texts(made: Responses) -> dict[int, dict[str, str]]:
    """What people wrote, by row and question."""
    found: dict[int, dict[str, str]] = {}
    for row, question, text in made.texts.select(ROW, "question", "text").iter_rows():
        found.setdefault(int(row), {})[question] = text
    return found


def _add_invitations(wave: models.Wave, invited: Mapping[str, int], done: Counter[str]) -> None:
    """As many invitations as there were, under keys that no link has, so that participation stays what it was."""
    rows = []
    for organisation in wave.study.organisations.all():
        spent = done[organisation.slug]
        for place in range(max(invited.get(organisation.slug, 0), spent)):
            key = secrets.token_hex(32)
            rows.append(models.Invitation(key=key, wave=wave, organisation=organisation, spent=place < spent))
    secrets.SystemRandom().shuffle(rows)
    models.Invitation.objects.bulk_create(rows, batch_size=_BATCH)

"""Writing a study from a folder of files: every file that the study names is kept as it is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.readers import read_study
from surefoot.release import read_release
from surefoot.study import Study, open_study, read_toml
from surefoot.web import governance, models
from surefoot.web.actions.returning import add_waves, answers_files, closed_waves
from surefoot.web.actions.studies import kept_instrument
from surefoot.web.audit import written
from surefoot.web.lines import write_lines
from surefoot.web.store.folder import KEYED, SECRET_FILE
from surefoot.web.store.studies import GOVERNANCE_FILE

_OWN_COLUMNS = {"schema", "id", "title", "instrument", "frame_date", "organisation"}


def import_study(*, folder: Path, by: str) -> str:
    """Take a study from its folder: its lines, organisations, instrument, files of answers and mappings, releases.

    Its id comes out. The study's key comes along where the folder holds it, with the files that need it; otherwise this
    server makes its own, and those files stay behind. Waves that were asked on a server become waves again. Raises
    BadInput where the study is here already, or where the command line could not read it either.
    """
    study = open_study(folder)
    if study.sources:
        read_study(study)
    if models.Study.objects.filter(slug=study.id).exists():
        raise BadInput("study", f'"{study.id}", which is here already', "a study with another id")
    keys, asked_here = (folder / SECRET_FILE).is_file(), closed_waves(folder)
    with written("import-study", study.id, by=by, instrument=study.instrument.id) as said:
        row = models.Study.objects.create(
            slug=study.id,
            title=study.title,
            instrument=kept_instrument(study.instrument),
            frame_date=study.frame_date,
            known=study.organisation_question or "",
            lines=_lines(folder, {wave["name"] for wave in asked_here}),
            secret=study.secret() if keys else secrets.token_bytes(32),
        )
        _add_organisations(row, study)
        add_waves(row, folder, asked_here)
        said["files"] = _add_files(row, study, folder, keys)
        _add_releases(row, folder)
        _add_governance(row, folder)
    return study.id


def _lines(folder: Path, asked_here: set[str]) -> str:
    """The lines that have no column of their own; answers of waves that become waves again are no files any more."""
    table = read_toml(folder / "study.toml", "a study.toml")
    kept = {key: value for key, value in table.items() if key not in _OWN_COLUMNS}
    gone = {file for wave in asked_here for file in answers_files(wave)}
    sources = [one for one in kept.pop("source", []) if one.get("file") not in gone]
    return write_lines({**kept, **({"source": sources} if sources else {})})


def _add_organisations(row: models.Study, study: Study) -> None:
    for place, one in enumerate(study.organisations):
        models.Organisation.objects.create(
            study=row,
            slug=one.id,
            name=one.name,
            service_type=one.service_type,
            headcount=dict(one.headcount),
            position=place,
        )


def _add_files(row: models.Study, study: Study, folder: Path, keys: bool) -> int:
    """Only files inside the folder: a path that leads out of it would put somebody else's file into the study."""
    names = {source.file for source in study.sources} | {source.mapping for source in study.sources if source.mapping}
    for name in sorted(names):
        if not (folder / name).resolve().is_relative_to(folder.resolve()):
            raise BadInput("study.toml, source", f'"{name}", which is outside of the folder', "a file in the folder")
    asked_here = {file for wave in closed_waves(folder) for file in answers_files(wave["name"])}
    paths = {(folder / name).resolve().relative_to(folder.resolve()).as_posix() for name in names} - asked_here
    paths |= _others(folder, keys) - asked_here
    for path in sorted(paths):
        models.StudyFile.objects.create(study=row, path=path, content=(folder / path).read_bytes())
    return len(paths)


def _others(folder: Path, keys: bool) -> set[str]:
    """Files that no source names but that the command line uses: those beside answers, earlier releases, codes."""
    found = files_under(folder, ("answers", "mappings", "releases", *(KEYED if keys else ())))
    return {path for path in found if not re.fullmatch(r"releases/wave-[^/]+/release\.json", path)}


def files_under(folder: Path, names: Iterable[str]) -> set[str]:
    """The files under some folders, as paths in the folder; none that is hidden, and none that leads out of it."""
    found = [path for name in names for path in sorted((folder / name).rglob("*")) if path.is_file()]
    inside = [path.relative_to(folder) for path in found if path.resolve().is_relative_to(folder.resolve())]
    return {path.as_posix() for path in inside if not any(part.startswith(".") for part in path.parts)}


def _add_releases(row: models.Study, folder: Path) -> None:
    for file in sorted(folder.glob("releases/wave-*/release.json")):
        content = file.read_text(encoding="utf-8")
        models.Release.objects.create(
            study=row,
            wave=file.parent.name.removeprefix("wave-"),
            content=content,
            stamp=read_release(file).stamp,
            checked_by=read_release(file).checked_by or "the study's folder",
        )


def _add_governance(row: models.Study, folder: Path) -> None:
    """What was settled and signed for the waves of the study, where the folder says so."""
    if not (folder / GOVERNANCE_FILE).exists():
        return
    table = read_toml(folder / GOVERNANCE_FILE, "a governance.toml")
    if table.get("schema") != governance.SCHEMA:
        raise BadInput(GOVERNANCE_FILE, f"schema {table.get('schema')!r}", f'"{governance.SCHEMA}"')
    try:
        made = [_settled(row, wave["name"], said) for wave in table.get("wave", ()) for said in wave["item"]]
    except (KeyError, TypeError, AttributeError) as problem:
        raise BadInput(GOVERNANCE_FILE, f"an item that is not whole ({problem})", "what an export wrote") from None
    models.Settled.objects.bulk_create(made)


def _settled(row: models.Study, wave: str, said: dict[str, Any]) -> models.Settled:
    day = said.get("signed_on")
    return models.Settled(
        study=row,
        wave=str(wave),
        item=str(said["id"]),
        texts={str(key): str(text) for key, text in said["texts"].items()},
        signed_by=str(said.get("signed_by", "")),
        role=str(said.get("role", "")),
        signed_on=day if isinstance(day, date) else None,
        recorded_by=str(said.get("recorded_by", "")),
    )

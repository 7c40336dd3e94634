"""A whole programme from its folder, all of it or nothing; and that somebody took one with them."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from surefoot.errors import BadInput
from surefoot.study import open_programme
from surefoot.web import models
from surefoot.web.actions.importing import files_under, import_study
from surefoot.web.audit import written
from surefoot.web.store.folder import KEPT, PROGRAMME_FILE


def import_programme(*, folder: Path, by: str) -> list[str]:
    """Take a programme from its folder: its name, its studies, and the folders beside them; ids of studies come out.

    Its name replaces that of this server where there is no study yet. Raises BadInput where a study or a file is here
    already, or where the command line could not read it either; nothing is written then.
    """
    programme = open_programme(folder)
    if not (folder / PROGRAMME_FILE).exists():
        raise BadInput("programme", f"no {PROGRAMME_FILE}", "the folder of a whole programme")
    with transaction.atomic():
        first = not models.Study.objects.exists()
        studies = [import_study(folder=place, by=by) for place in programme.study_folders]
        with written("import-programme", programme.id, by=by, studies=len(studies)) as said:
            if first:
                name = {"slug": programme.id[:80], "title": programme.title[:200]}
                models.Programme.objects.update_or_create(id=1, defaults=name)
            said["files"] = _add_files(folder, first)
    return studies


def _add_files(folder: Path, first: bool) -> int:
    paths = files_under(folder, KEPT) | ({PROGRAMME_FILE} if first else set())
    for path in sorted(paths):
        content = (folder / path).read_bytes()
        kept = models.ProgrammeFile.objects.filter(path=path).first()
        if kept is None or path == PROGRAMME_FILE:
            models.ProgrammeFile.objects.update_or_create(path=path, defaults={"content": content})
        elif bytes(kept.content) != content:
            raise BadInput(path, "another file of that name, which is here already", "a folder without it")
    return len(paths)


def note_export(*, keys: bool, by: str) -> None:
    """Say in the audit log that somebody takes the whole programme with them."""
    with written("export-programme", "programme", by=by, keys=keys):
        pass

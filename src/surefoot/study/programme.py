"""A folder of studies: Programme."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from surefoot.errors import BadInput
from surefoot.study.opening import need, open_study, read_toml

PROGRAMME_SCHEMA = "surefoot/programme/1"


@dataclass(frozen=True)
class Programme:
    """A folder of studies (and, later, workshops, use cases and decisions) of one group of organisations."""

    id: str
    title: str
    folder: Path

    @property
    def study_folders(self) -> tuple[Path, ...]:
        """Folders of its studies; a single study folder is a programme of one."""
        if (self.folder / "study.toml").exists():
            return (self.folder,)
        return tuple(sorted(path.parent for path in self.folder.glob("studies/*/study.toml")))


def open_programme(folder: str | Path) -> Programme:
    """Read a programme from its folder; a single study folder works by itself. Raises BadInput."""
    path = Path(folder)
    if (path / "study.toml").exists():
        study = open_study(path)
        return Programme(study.id, study.title, path)
    table = read_toml(path / "programme.toml", "a folder with programme.toml or study.toml")
    if table.get("schema") != PROGRAMME_SCHEMA:
        raise BadInput(f"{path / 'programme.toml'}, schema", repr(table.get("schema")), f'"{PROGRAMME_SCHEMA}"')
    return Programme(need(table, "id", str(path)), need(table, "title", str(path)), path)

"""A programme kept safe: a backup of the running server's database, and a backup made into a programme again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surefoot.errors import BadInput
from surefoot.web.database import FILE
from surefoot.web.server import set_up

if TYPE_CHECKING:
    from surefoot.web.store import Backup

BY = "command line"


def backup(path: Path, *, data: Path, database: str | None, linkable: bool = False) -> Backup:
    """Write all that a server's database holds to a new file, while it runs. Raises Refused, BadInput."""
    if not _elsewhere(database) and not (data / FILE).exists():
        raise BadInput(str(data), f"no {FILE}", "the data folder of a server, or the --database that it uses")
    with _connected(data, database):
        from surefoot.web import actions, store

        if path.exists():
            raise BadInput(str(path), "a file that is there already", "a new name: no backup is written over")
        store.check_backup(linkable=linkable)
        actions.note_backup(file=path.name, linkable=linkable, by=BY)
        return store.write_backup(path, now=datetime.now(UTC), linkable=linkable)


def restore(path: Path, *, data: Path, database: str | None, linkable: bool = False) -> Mapping[str, Any]:
    """Make a backup into a programme in an empty place; its manifest comes out. Raises Refused, BadInput.

    Where anything fails, the database that was begun in the data folder is taken away again.
    """
    if not path.is_file():
        raise BadInput(str(path), "no such file", "one that `surefoot backup` made")
    new = not _elsewhere(database) and not (data / FILE).exists()
    with _connected(data, database):
        from django.utils import timezone

        from surefoot.web import actions

        try:
            return actions.restore_backup(path, today=timezone.localdate(), linkable=linkable)
        except BaseException:
            if new:
                _take_away(data)
            raise


def write_example(folder: Path) -> Path:
    """A backup of a small programme with one study and no answers, to try `surefoot restore` with. Raises BadInput."""
    from surefoot.instrument import open_instrument

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "example.backup"
    with _connected(folder / "example-server", None):
        from surefoot.web import actions, store
        from surefoot.web.server import prepare

        prepare()
        if store.overview("example") is None:
            actions.add_study(slug="example", title="An example", instrument=open_instrument("ai-baseline"), by=BY)
        store.write_backup(path, now=datetime.now(UTC))
    return path


def _elsewhere(database: str | None) -> bool:
    return bool(database or os.environ.get("SUREFOOT_DATABASE"))


@contextmanager
def _connected(data: Path, database: str | None) -> Iterator[None]:
    set_up(data, database)
    from django.db import connections

    try:
        yield
    finally:
        connections.close_all()


def _take_away(data: Path) -> None:
    from django.db import connections

    connections.close_all()
    for end in ("", "-wal", "-shm"):
        (data / f"{FILE}{end}").unlink(missing_ok=True)

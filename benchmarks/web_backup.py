"""How long a backup and its restoring take, how large the file is, and whether both programmes are equal.

A closed wave of `--people` answers to 30 questions with a comment of 200 letters each, on SQLite.
"""

from __future__ import annotations

import argparse
import json
import secrets
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from web_server import instrument_of


def fill(data: Path, people: int) -> None:
    """A programme with one closed wave, written as closing leaves it: everybody answered, in random order."""
    from surefoot.web.server import prepare, set_up

    set_up(data, https=False)
    prepare()
    from surefoot.web import actions, models

    actions.add_study(slug="large", title="Large", instrument=instrument_of(30, comment=True), by="benchmark")
    actions.set_organisations(study="large", organisations=[("one", "One", "", people)], by="benchmark")
    study = models.Study.objects.get()
    wave = models.Wave.objects.create(study=study, name="1", opens="2026-01-01", closes="2026-02-01", state="closed")
    one = study.organisations.get()
    given = {f"q{n}": "dont-know-enough" for n in range(30)}
    rows = [
        models.Answer(
            id=uuid.uuid4(),
            wave=wave,
            organisation=one,
            phase=1,
            content=json.dumps({**given, "comment": secrets.token_hex(100)}),
        )
        for _ in range(people)
    ]
    models.Answer.objects.bulk_create(rows, batch_size=500)
    spent = [models.Invitation(key=secrets.token_hex(32), wave=wave, organisation=one, spent=True) for _ in rows]
    models.Invitation.objects.bulk_create(spent, batch_size=500)


def timed(what: str, work: Callable[[], Any]) -> Any:
    """Do something, and say how long it took."""
    start = time.perf_counter()
    made = work()
    print(f"{what}: {time.perf_counter() - start:.1f} s")
    return made


def digests(path: Path) -> dict[str, Any]:
    """The digest of each table in a backup, but for the audit log, which says that backups were made."""
    with zipfile.ZipFile(path) as archive:
        told: dict[str, Any] = json.loads(archive.read("manifest.json"))["tables"]
    return {name: one for name, one in told.items() if name != "web_auditevent"}


def main() -> None:
    """Fill, back up, restore, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder / "first", options.people)
        from django.db import connection
        from django.utils import timezone

        from surefoot.web import actions
        from surefoot.web.database import FILE
        from surefoot.web.keeping import backup

        made = timed("backup", lambda: backup(folder / "a", data=folder / "first", database=None))
        print(f"{made.rows:,} rows in {made.bytes / 2**20:.1f} MB")
        connection.close()
        connection.settings_dict["NAME"] = str(folder / "second" / FILE)
        (folder / "second").mkdir()
        timed("restore", lambda: actions.restore_backup(folder / "a", today=timezone.localdate()))
        backup(folder / "b", data=folder / "second", database=None)
        print(f"equal: {digests(folder / 'a') == digests(folder / 'b')}")


if __name__ == "__main__":
    main()

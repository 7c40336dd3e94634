"""Revised releases of a wave: who was added and removed since, told by keyed digests that never leave the study.

A release holds no rows. So that a later one can be compared with it, a digest of every row (HMAC-SHA-256 with the
study's secret) is kept in a private folder beside the answers, readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from pathlib import Path

from surefoot.errors import BadInput
from surefoot.release import Policy, may_follow
from surefoot.responses import Responses
from surefoot.study import Study
from surefoot.whole import write_whole

FOLDER = "private"
"""The folder of a study for what no release or export copies."""
SCHEMA = "surefoot/people/1"
_NOT_ANSWERS = ("@weight", "@source", "@phase")


def row_digests(answers: Responses, secret: bytes) -> tuple[str, ...]:
    """One keyed digest a row, sorted: of the organisation and the answers, whatever the order of rows and columns."""
    columns = sorted(name for name in answers.table.columns if name not in _NOT_ANSWERS)
    names = json.dumps([answers.instrument.id, columns, list(answers.organisations), list(answers.waves)]).encode()
    rows = answers.table.select(columns).iter_rows()
    return tuple(sorted(hmac.new(secret, names + repr(row).encode(), hashlib.sha256).hexdigest() for row in rows))


def keep_people(study: Study, wave: str, answers: Responses) -> None:
    """Keep the digests of the people in a wave's final release, for its owner alone."""
    if study.folder is None:
        return
    path = _path(study.folder, wave)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    table = {"schema": SCHEMA, "rows": list(row_digests(answers, study.secret()))}
    write_whole(path, json.dumps(table), private=True)


def changed_people(study: Study, wave: str, answers: Responses) -> tuple[int, int]:
    """How many people were added and removed since the wave's last final release; a changed answer is one of each.

    Raises BadInput where the digests of that release are missing or damaged.
    """
    path = _path(study.folder or Path(), wave)
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        before: Counter[str] = Counter(table["rows"] if table["schema"] == SCHEMA else None)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        found = f"no digests of the people in the last release ({problem})"
        raise BadInput(
            str(path), found, "the file that was kept with it; without it a wave cannot be revised"
        ) from None
    now = Counter(row_digests(answers, study.secret()))
    return (now - before).total(), (before - now).total()


def check_revision(study: Study, wave: str, answers: Responses, earlier: tuple[str, ...], policy: Policy) -> None:
    """Refuse a revised release of a wave if it could be subtracted from the earlier one. Raises BadInput, Refused."""
    added, removed = changed_people(study, wave, answers)
    may_follow(earlier, added, removed, policy)


def _path(folder: Path, wave: str) -> Path:
    return folder / FOLDER / f"people-wave-{wave}.json"

"""The other files of a release folder: does any of them print what the release says is suppressed?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LABELS = {"id", "breakdown", "group", "code", "status", "base", "level", "wave", "question", "option", "selector"}
"""Columns that may hold a number in a line that is not shown."""


def printed(folder: Path) -> tuple[str, ...]:
    """Where a line that is marked as suppressed or not shown carries a number all the same."""
    content = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    found = [f"release.json, figure {entry.get('id')}" for entry in content["figures"] if _tells(entry)]
    for path in sorted(folder.glob("tables/*.csv")):
        found += [f"{path.name}, line {line}" for line in _lines(path)]
    return tuple(found)


def _lines(path: Path) -> Iterator[int]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            if _tells({str(key).strip().lower(): text for key, text in row.items()}):
                yield line


def _tells(row: Mapping[str, Any]) -> bool:
    hidden = str(row.get("status")) in ("suppressed", "not shown")
    return hidden and any(_number(found) for name, found in row.items() if name not in LABELS)


def _number(found: Any) -> bool:
    """Whether something is a number, or a text that is one."""
    if isinstance(found, str):
        return found.strip().strip("%-").replace(".", "", 1).isdigit()
    return isinstance(found, int | float) and not isinstance(found, bool)

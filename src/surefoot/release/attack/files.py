"""The other files of a release folder: does any of them print what the release says is suppressed?"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NUMBERS = ("value", "low", "high", "count", "share")


def printed(folder: Path) -> tuple[str, ...]:
    """One sentence for each line that is marked as suppressed and carries a number all the same."""
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
    return row.get("status") == "suppressed" and any(_number(row.get(name)) for name in NUMBERS)


def _number(found: Any) -> bool:
    """Whether something is a number, or a text that is one."""
    if isinstance(found, str):
        return found.strip().strip("%").replace(".", "", 1).isdigit()
    return isinstance(found, int | float)

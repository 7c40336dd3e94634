"""What was proved before: results by a keyed digest of everything that they follow from, kept beside the answers."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surefoot.evidence import secret_digest
from surefoot.whole import write_whole

METHOD = "surefoot/protection/2"
"""Part of every digest; a change of the method gets another number, so that no old result is used."""


@dataclass(frozen=True)
class Cache:
    """Results in a folder, one small file each; without a folder nothing is kept. Never part of a release."""

    folder: Path | None
    secret: bytes

    def key(self, content: Any) -> str:
        """The name of a result: a digest that cannot be guessed without the study's secret."""
        return secret_digest(self.secret, [METHOD, content])

    def find(self, key: str) -> Any:
        """A kept result, or None where there is none that can be read."""
        if self.folder is None:
            return None
        try:
            return json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def keep(self, key: str, result: Any) -> None:
        """Keep a result: written beside and renamed, never half."""
        if self.folder is None:
            return
        with contextlib.suppress(OSError):  # a result that cannot be kept is worked out again
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / f"{key}.json", json.dumps(result))

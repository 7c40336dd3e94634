"""Files that are written whole or not at all: beside their place first, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary place for a file's content: it takes the file's name when all went well, and is gone when not.

    The temporary name is one's own, so that two processes never write into each other's.
    """
    place = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield place
        os.replace(place, path)
    finally:
        place.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes, *, private: bool = False) -> None:
    """Write a file, whole or not at all. Text is UTF-8 with its line ends as they are.

    private: only the owner of the file can read it.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with whole(path) as place:
        opened = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600 if private else 0o666)
        with os.fdopen(opened, "wb") as file:
            file.write(data)

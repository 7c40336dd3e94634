"""Replacement: a finished folder put where an earlier one may be, so that one of the two is always there and whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

INSIDE = ".surefoot-replacing"


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A new folder to write to, which replaces `folder` when the block ends without an exception.

    It stands beside `folder`, or among the temporary files where nothing can be made there. Whatever fails or
    interrupts, the earlier folder stays or comes back; after a killed process, `restore` brings it back.
    """
    with _staging(folder) as beside:
        made = Path(beside) / "new"
        made.mkdir()
        yield made
        _put(made, folder)


def restore(folder: Path) -> None:
    """Bring back what a killed process had moved aside. Does nothing where there is no trace of one."""
    if _aside(folder).is_dir() and not folder.exists():
        os.replace(_aside(folder), folder)
    if (folder / INSIDE).is_dir():
        _undo(folder)


def _staging(folder: Path) -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent)
    except OSError:
        if not folder.is_dir():
            raise
        return tempfile.TemporaryDirectory(prefix="surefoot-")


def _aside(folder: Path) -> Path:
    return folder.absolute().with_name(f".{folder.name}.surefoot-earlier")


def _put(made: Path, folder: Path) -> None:
    """Move the folder in one step; one that is there and cannot be moved, such as a mount, is filled file by file."""
    aside = _aside(folder)
    if folder.is_dir():
        shutil.rmtree(aside, ignore_errors=True)
    try:
        if folder.is_dir() and not _moved(folder, aside):
            _fill(made, folder)
        else:
            os.replace(made, folder)
    finally:
        if not folder.exists() and aside.is_dir():
            os.replace(aside, folder)
        shutil.rmtree(aside, ignore_errors=True)


def _moved(folder: Path, aside: Path) -> bool:
    try:
        os.replace(folder, aside)
    except OSError:
        return False
    return True


# File by file -----------------------------------------------------------------------------------------------------


def _fill(made: Path, folder: Path) -> None:
    """Each file replaced in one step, the earlier ones kept until the end: they come back where anything fails."""
    work = folder / INSIDE
    work.mkdir()
    try:
        shutil.copytree(made, work / "new")
        shutil.copytree(folder, work / "copying", ignore=shutil.ignore_patterns(INSIDE), copy_function=_second_name)
        os.replace(work / "copying", work / "earlier")
        _replace_files(work / "new", folder)
    except BaseException:
        _undo(folder)
        raise
    shutil.rmtree(work, ignore_errors=True)


def _undo(folder: Path) -> None:
    """The earlier files, which are all there once their folder has its name, put back; then no trace is left."""
    earlier = folder / INSIDE / "earlier"
    if earlier.is_dir():
        _replace_files(earlier, folder)
    shutil.rmtree(folder / INSIDE)


def _replace_files(source: Path, folder: Path) -> None:
    """The files of `source` over those of `folder`, one by one; what `source` does not have is removed."""
    kept = _files(source)
    for name in kept:
        (folder / name).parent.mkdir(exist_ok=True)
        ready = folder / INSIDE / "ready"
        ready.unlink(missing_ok=True)
        _second_name(source / name, ready)
        os.replace(ready, folder / name)
    for name in _files(folder):
        if name not in kept and INSIDE not in name.parts:
            (folder / name).unlink()
            with suppress(OSError):  # a folder that still holds something
                (folder / name).parent.rmdir()


def _second_name(source: str | Path, target: str | Path) -> None:
    """A second name for a file, which takes no room on a full disk; a copy where the disk knows no such names."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())

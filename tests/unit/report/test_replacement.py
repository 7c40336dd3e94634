"""A report's folder is replaced whole: whatever fails or interrupts, one of the two reports is there."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.report.replacement import INSIDE, replacing, restore

OLD = {"release.json": "old", "tables/a.csv": "old a", "tables/gone.csv": "old gone"}
NEW = {"release.json": "new", "tables/a.csv": "new a", "report.html": "new page"}
Move = Callable[[object, object], None]


def write(folder: Path, files: dict[str, str]) -> None:
    """Some files."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


def found(folder: Path) -> dict[str, str]:
    """All files of a folder, hidden ones included."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def replace_it(folder: Path) -> None:
    """The new report in place of what is there."""
    with replacing(folder) as made:
        write(made, NEW)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with the old report, alone in its parent."""
    write(tmp_path / "out", OLD)
    return tmp_path / "out"


@pytest.fixture
def mounted(out: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder, which cannot be moved, as if it were a mount."""
    move = os.replace

    def busy(source: object, target: object) -> None:
        if Path(str(source)) == out:
            raise OSError(errno.EBUSY, "Device or resource busy", str(source))
        move(source, target)  # type: ignore[arg-type]

    monkeypatch.setattr("os.replace", busy)
    return out


def interrupt(monkeypatch: pytest.MonkeyPatch, at: int, *, after: bool = False) -> None:
    """Ctrl-C at one of the moves, before it or just after."""
    move: Move = os.replace
    moves = iter(range(1000))

    def interrupted(source: object, target: object) -> None:
        here = next(moves) == at
        if not here or after:
            move(source, target)
        if here:
            raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)


def test_folder_is_replaced_whole(out: Path) -> None:
    """Nothing of the earlier report is left, and nothing beside it."""
    replace_it(out)
    assert found(out.parent) == {f"out/{name}": content for name, content in NEW.items()}
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [0, 1])
def test_interrupt_between_the_moves(out: Path, monkeypatch: pytest.MonkeyPatch, at: int, after: bool) -> None:
    """The earlier report comes back, unless the new one is in place already; nothing is left beside it."""
    interrupt(monkeypatch, at, after=after)
    with pytest.raises(KeyboardInterrupt):
        replace_it(out)
    assert found(out) == (NEW if (at, after) == (1, True) else OLD)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_killed_between_the_moves(out: Path) -> None:
    """A process that was killed could bring nothing back: the next one does, before anything else."""
    out.rename(out.with_name(".out.surefoot-earlier"))
    restore(out)
    assert found(out) == OLD
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_mount_is_filled_file_by_file(mounted: Path) -> None:
    """A folder that cannot be moved has the same files in the end, and no others."""
    replace_it(mounted)
    assert found(mounted.parent) == {f"out/{name}": content for name, content in NEW.items()}


def test_empty_mount_is_filled(mounted: Path) -> None:
    """The first report in a mounted folder."""
    for name in OLD:
        (mounted / name).unlink()
    (mounted / "tables").rmdir()
    replace_it(mounted)
    assert found(mounted) == NEW


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(4))
def test_interrupt_while_a_mount_is_filled(
    mounted: Path, monkeypatch: pytest.MonkeyPatch, at: int, after: bool
) -> None:
    """However many files are replaced already, the earlier report comes back."""
    interrupt(monkeypatch, at + 1, after=after)
    with pytest.raises(KeyboardInterrupt):
        replace_it(mounted)
    assert found(mounted.parent) == {f"out/{name}": content for name, content in OLD.items()}


@pytest.mark.parametrize("named", [False, True])
def test_killed_while_a_mount_is_filled(out: Path, named: bool) -> None:
    """The earlier files come back once all of them are kept; before that, none of them has been touched."""
    write(out / INSIDE / ("earlier" if named else "copying"), OLD)
    if named:
        write(out, NEW)
    restore(out)
    assert found(out) == OLD


def test_disk_without_second_names(mounted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a disk has no hard links, files are copied."""

    def none(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", none)
    replace_it(mounted)
    assert found(mounted) == NEW


def test_parent_that_cannot_be_written(mounted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in a place that is read only is filled from elsewhere; one that is not there cannot be made."""
    import tempfile

    real = tempfile.TemporaryDirectory

    def denied(prefix: str, **place: Path) -> object:
        if place:
            raise OSError(errno.EROFS, "Read-only file system")
        return real(prefix=prefix)

    monkeypatch.setattr("tempfile.TemporaryDirectory", denied)
    replace_it(mounted)
    assert found(mounted) == NEW
    with pytest.raises(OSError, match="Read-only"):
        replace_it(mounted.with_name("another"))

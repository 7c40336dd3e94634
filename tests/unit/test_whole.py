"""Files are written whole or not at all."""

import stat
from pathlib import Path

import pytest

from surefoot.whole import whole, write_whole


def test_write_whole_replaces_a_file(tmp_path: Path) -> None:
    """The new content stands under the file's name, as it was given, and nothing else is left in the folder."""
    place = tmp_path / "study.toml"
    place.write_text("old", encoding="utf-8")
    write_whole(place, "new\r\n")
    assert place.read_bytes() == b"new\r\n"
    assert list(tmp_path.iterdir()) == [place]


def test_whole_leaves_the_old_file_where_writing_fails(tmp_path: Path) -> None:
    """Whatever goes wrong while writing, the file is as it was and no part is left behind."""
    place = tmp_path / "answers.parquet"
    place.write_text("old", encoding="utf-8")

    def fail() -> None:
        with whole(place) as part:
            part.write_text("half", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert place.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_write_whole_private_is_for_its_owner_alone(tmp_path: Path) -> None:
    """A private file can be read by nobody but its owner."""
    place = tmp_path / "secret"
    write_whole(place, "key", private=True)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600

"""A short run of benchmarks/reader_fuzz.py: damaged files of every dialect are read rightly or refused."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from surefoot.demo.dialects import DIALECTS

FOLDER = Path(__file__).parents[2] / "benchmarks"
FILES = 60


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    """The benchmark as a module, with the folder that it stands in."""
    sys.path.insert(0, str(FOLDER))
    try:
        spec = importlib.util.spec_from_file_location("reader_fuzz", FOLDER / "reader_fuzz.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(FOLDER))
    return module


def test_damaged_files_give_a_reading_or_one_error(
    fuzz: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No other exception, no rows missing from the account, and where the truth is known, equal answers."""
    monkeypatch.delenv("SUREFOOT_REAL_DATA", raising=False)
    monkeypatch.setattr(fuzz, "SLOW_SHARE", 0.0)
    monkeypatch.setattr(fuzz, "LONG_SHARE", 0.0)
    outcomes = []
    for number in range(FILES):
        folder = tmp_path / str(number)
        folder.mkdir()
        outcomes.append(fuzz.one(number, 7, folder))
    assert not [said for said in outcomes if said["outcome"].startswith("FAULT")]
    assert {said["outcome"] for said in outcomes} == {"equal", "read", "refused"}


@pytest.mark.parametrize("name", [name for name, dialect in DIALECTS.items() if dialect.file])
@pytest.mark.parametrize("damage", ["bytes_flipped", "truncated"])
def test_damaged_statistics_files(fuzz: ModuleType, tmp_path: Path, name: str, damage: str) -> None:
    """A damaged file of SPSS or Stata cannot end the process that reads it."""
    import random

    found, content, _ = fuzz.base(name, "small", 7)
    for number in range(2):
        path = fuzz.place(found, tmp_path, fuzz.BLIND[damage](content, random.Random(number)))
        assert fuzz._accounted(path)[0] in ("read", "refused")


def test_the_check_can_fail(fuzz: ModuleType, tmp_path: Path) -> None:
    """Answers that are not those of the file are a fault: the comparison is no rubber stamp."""
    from mutations import Mutated

    found, content, mapping = fuzz.base("plain, ids", "small", 7)
    path = fuzz.place(found, tmp_path, content)
    right = fuzz._outcome(path, found, mapping, Mutated(content, found.everybody), "instrument")
    wrong = fuzz._outcome(path, found, mapping, Mutated(content, found.everybody[::-1]), "instrument")
    assert right == "equal" and wrong.startswith("FAULT: other answers")

"""`surefoot release attack`: what it says, in words and for machines, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Surefoot = Callable[..., Any]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small release that the command writes, made once."""
    from surefoot.demo import write_released

    folder = tmp_path_factory.mktemp("example")
    write_released(folder)
    return folder


def test_attack_tells_what_it_found(surefoot: Surefoot, example: Path) -> None:
    """A safe release withstands, and the words say what the attack covers and what not."""
    run = surefoot("release", "attack", example)
    assert run.code == 0, run.err
    assert "Recovered exactly: 0. Narrowed too much: 0." in run.out
    assert "  Covered: " in run.out
    assert "  Not covered: " in run.out
    assert run.out.splitlines()[-1] == "The release withstands this attack."


def test_attack_as_json(surefoot: Surefoot, example: Path) -> None:
    """Cells, suppressed, recovered, narrowed and groups surviving are there for machines."""
    run = surefoot("release", "attack", example, "--with", example, "--json")
    found = json.loads(run.out)
    assert found["schema"] == "surefoot/attack/1"
    assert found["passed"] is True
    assert found["recovered"] == found["narrowed"] == []
    assert found["cells"] > found["suppressed"] > 0
    assert 0 < found["groups_surviving_share"] <= 1


def test_attack_refuses_a_release_that_fails(surefoot: Surefoot, example: Path, tmp_path: Path) -> None:
    """A number that was left in a hidden figure ends with exit code 3; the JSON is printed all the same."""
    table = json.loads((example / "release.json").read_text(encoding="utf-8"))
    hidden = next(figure for figure in table["figures"] if figure["status"] == "suppressed")
    hidden["effective_base"] = 9
    (tmp_path / "release.json").write_text(json.dumps(table), encoding="utf-8")
    run = surefoot("release", "attack", tmp_path, "--json")
    assert run.code == 3
    assert "say what they should not: 1" in run.err
    assert json.loads(run.out)["passed"] is False


def test_attack_needs_a_release(surefoot: Surefoot, tmp_path: Path) -> None:
    """No folder, or one without a release, is bad input."""
    assert surefoot("release", "attack").code == 2
    assert surefoot("release", "attack", tmp_path).code == 2


def test_attack_needs_a_whole_release(surefoot: Surefoot, tmp_path: Path) -> None:
    """A file with the schema and nothing else, or other things in the place of figures, is bad input."""
    for damaged in ({}, {"figures": 1}, {"figures": [{}]}):
        content = json.dumps({"schema": "surefoot/release/1", **damaged})
        (tmp_path / "release.json").write_text(content, encoding="utf-8")
        run = surefoot("release", "attack", tmp_path)
        assert run.code == 2
        assert "a release with a part missing" in run.sentence()

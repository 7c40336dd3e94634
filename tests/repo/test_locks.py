"""The locks hold a hash for every package, no address, and everything that pyproject.toml asks for."""

import re
from pathlib import Path
from typing import Any

import pytest

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", flags=re.MULTILINE)
LOCKS = ["demo.txt", "dev.txt"]


def read(root: Path, name: str) -> str:
    """The text of one lock."""
    return (root / "locks" / name).read_text(encoding="utf-8")


def normal(requirement: str) -> str:
    """The name of a package as locks write it, from a requirement such as 'Jinja2>=3'."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


@pytest.mark.parametrize("name", LOCKS)
def test_locks_carry_hashes(root: Path, name: str) -> None:
    """Every package of a lock is pinned and has at least one hash."""
    blocks = re.split(r"\n(?=[a-z0-9])", read(root, name))
    assert blocks
    without = [block.splitlines()[0] for block in blocks if not PIN.match(block) or "--hash=sha256:" not in block]
    assert not without


@pytest.mark.parametrize("name", LOCKS)
def test_locks_carry_no_address(root: Path, name: str) -> None:
    """A lock installs from any index: it names no host, no link and no option that points to one."""
    text = read(root, name)
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|-f|--find-links|-e)\b", text, flags=re.MULTILINE)


def test_demo_lock_covers_the_base_install(root: Path, settings: dict[str, Any]) -> None:
    """After a change to the dependencies, `make lock` was run."""
    locked = {name for name, _ in PIN.findall(read(root, "demo.txt"))}
    assert {normal(line) for line in settings["project"]["dependencies"]} <= locked


def test_dev_lock_covers_every_extra(root: Path, settings: dict[str, Any]) -> None:
    """After a change to an extra, `make lock` was run."""
    locked = {name for name, _ in PIN.findall(read(root, "dev.txt"))}
    asked = [line for extra in settings["project"]["optional-dependencies"].values() for line in extra]
    assert {normal(line) for line in asked} <= locked


def test_locks_agree(root: Path) -> None:
    """What the demo runs on is what the tests ran on: no package has two versions."""
    assert set(PIN.findall(read(root, "demo.txt"))) <= set(PIN.findall(read(root, "dev.txt")))


def test_dependencies_say_why(root: Path) -> None:
    """Every dependency in pyproject.toml has a comment that says why it is there."""
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    project = text[text.index("[project]") : text.index("[project.scripts]")]
    lines = re.findall(r'^    "[A-Za-z][^"]*[<>=][^"]*",.*$', project, flags=re.MULTILINE)
    assert lines
    assert not [line for line in lines if not re.search(r"#\s+\w.{8,}", line)]

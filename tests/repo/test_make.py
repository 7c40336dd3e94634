"""The targets of `make` that people and scripts call."""

import subprocess
from pathlib import Path

import pytest


@pytest.mark.parametrize(("more", "serves"), [([], True), (["SERVE=no"], False)])
def test_make_demo_serves_unless_told_not_to(root: Path, more: list[str], serves: bool) -> None:
    """`make demo` serves; `make demo SERVE=no`, for scripts, ends when the files are written."""
    told = subprocess.run(
        ["make", "--dry-run", "demo", *more], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    assert "surefoot demo --out demo" in told
    assert ("--serve" in told) == serves

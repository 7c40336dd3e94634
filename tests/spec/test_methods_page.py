"""The methods page is what the prose and the examples say, all of them."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_methods_page_is_fresh() -> None:
    """The file docs/methods.md is exactly what the tool writes; it shows every example once."""
    tool = runpy.run_path(str(ROOT / "tools" / "write_methods.py"))
    written = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    assert written == tool["page"](), "docs/methods.md is stale: run `python tools/write_methods.py`"

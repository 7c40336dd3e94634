"""The methods page is what the prose and the examples say, all of them."""

import runpy
from pathlib import Path

from surefoot.findings import RULES

ROOT = Path(__file__).parents[2]


def test_methods_page_is_fresh() -> None:
    """The file docs/methods.md is exactly what the tool writes; it shows every example once."""
    tool = runpy.run_path(str(ROOT / "tools" / "write_methods.py"))
    written = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    assert written == tool["page"](), "docs/methods.md is stale: run `python tools/write_methods.py`"


def test_methods_page_explains_every_rule() -> None:
    """A rule that makes sentences has its row: what it says, when, and what stands otherwise."""
    page = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    rules = [rule.__name__.removeprefix("rule_") for rule in RULES]
    assert not [rule for rule in rules if f"| `{rule}` |" not in page]

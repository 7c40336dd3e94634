"""Write docs/methods.md from its prose, docs/methods.in.md, and the worked examples in tests/spec.

Run `python tools/write_methods.py` after changing either; a test fails while the page is stale.
"""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROSE, PAGE, SPECS = ROOT / "docs" / "methods.in.md", ROOT / "docs" / "methods.md", ROOT / "tests" / "spec"
NOTE = """<!-- Written by tools/write_methods.py from docs/methods.in.md and tests/spec/*.toml: change those. -->
"""
FOOT = """
---
This page is written from `docs/methods.in.md` and the examples in `tests/spec/`. After changing either, write it again
with `python tools/write_methods.py`.
"""
EXAMPLE = re.compile(r"^\{\{example ([a-z0-9-]+)\}\}$", flags=re.MULTILINE)


def table(written: str) -> str:
    """A table of a spec as a Markdown table."""
    head, *rows = ([cell.strip() for cell in line.split("|")] for line in written.strip().splitlines())
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def headcounts(spec: dict[str, Any]) -> str:
    """A sentence with the headcounts, where the example has organisations."""
    staff = ", ".join(f"{name} {counted(people)}" for name, people in spec.get("organisations", {}).items())
    return f"\nHeadcounts: {staff}.\n" if staff else ""


def counted(people: int | dict[str, int] | str) -> str:
    """The staff of one organisation, by group where they were counted so."""
    groups = people.items() if isinstance(people, dict) else ()
    return " and ".join(f"{staff} {group}" for group, staff in groups) or str(people)


def example(name: str) -> str:
    """One worked example: its title, why it is so, who answered what, and what is said."""
    spec = tomllib.loads((SPECS / f"{name}.toml").read_text(encoding="utf-8"))
    parts = [
        f"### Example: {spec['title'][0].lower()}{spec['title'][1:]}\n",
        f"{spec['why'].strip()}\n",
        f"{table(spec['answers'])}\n{headcounts(spec)}",
        f"Figures:\n\n{table(spec['expect'])}",
    ]
    if "expect_pairs" in spec:
        parts.append(f"\nPairs:\n\n{table(spec['expect_pairs'])}")
    if "expect_tests" in spec:
        parts.append(f"\nTests:\n\n{table(spec['expect_tests'])}")
    return "\n".join(parts)


def page() -> str:
    """The whole page. Fails where an example is not shown, or is shown twice."""
    prose = PROSE.read_text(encoding="utf-8")
    shown, there = sorted(EXAMPLE.findall(prose)), sorted(path.stem for path in SPECS.glob("*.toml"))
    if shown != there:
        raise SystemExit(f"docs/methods.in.md shows the examples {shown}, but tests/spec has {there}")
    return NOTE + EXAMPLE.sub(lambda match: example(match[1]), prose) + FOOT


def main() -> int:
    """Write the page; say so."""
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

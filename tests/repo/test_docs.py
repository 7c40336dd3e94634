"""The documents are complete and their links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEADINGS = ["Situation", "Decision", "Measurement", "What follows"]
CHANGES = {"New", "Changed", "Mended", "Numbers that may change", "Removed"}
WORDS = """programme, organisation, respondent, instrument, question, scale, answer, wave, headcount, response rate,
tally, share, interval, base, effective base, release, suppressed, finding, evidence, statement, ballot, mover, dissent,
use case, option, benefit, risk, hazard, control, gate, decision, review date, pilot, extract, leakage, readiness,
scenario, act, signpost, not asked, not answered, unticked, unknown"""
LINK = re.compile(r"""(?<!`)\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)|<(?:img|a)[^>]*\s(?:src|href)=["']([^"']+)["']""")


def prose(path: Path) -> str:
    """The text of a Markdown file without its blocks of code."""
    return re.sub(r"^(```|~~~).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The anchors that the headings of a Markdown file make."""
    headings = re.findall(r"^#+\s+(.+?)\s*#*$", prose(path), flags=re.MULTILINE)
    explicit = re.findall(r"""\sid=["']([^"']+)["']""", prose(path))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings} | set(explicit)


def broken(path: Path, link: str) -> bool:
    """Whether a relative link of a file leads nowhere; links to other hosts are not followed."""
    if re.match(r"[a-z][a-z0-9+.-]*:", link):
        return False
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.exists():
        return True
    return bool(anchor) and target.suffix == ".md" and anchor not in anchors(target)


def test_links_resolve(repository_files: list[Path]) -> None:
    """Every relative link in a Markdown file leads to a file, and to a heading where it names one."""
    faults = [
        f"{path}: {link}"
        for path in repository_files
        if path.suffix == ".md"
        for found in LINK.findall(prose(path))
        for link in found
        if link and broken(path, link)
    ]
    assert not faults, "\n".join(faults)


def test_glossary_defines_every_word(root: Path) -> None:
    """Each word that is used everywhere is defined once, in at least a sentence."""
    sections = re.split(r"^### ", (root / "docs" / "glossary.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    defined = [section.partition("\n")[0].strip().lower() for section in sections]
    assert sorted(defined) == sorted(set(defined)), "a word is defined twice"
    assert {word.strip() for word in WORDS.replace("\n", " ").split(",")} <= set(defined)
    assert not [section for section in sections if len(section.partition("\n")[2].split()) < 8]


def records(root: Path) -> list[Path]:
    """The decision records, in order."""
    return sorted((root / "docs" / "decisions").glob("[0-9]*.md"))


def test_decisions_have_the_fixed_headings(root: Path) -> None:
    """A reader finds the same four headings, in the same order, in every decision record."""
    for record in records(root):
        text = record.read_text(encoding="utf-8")
        assert re.match(rf"# {record.name[:4]}\. \S", text), f"{record.name}: the title repeats the number"
        assert re.findall(r"^## (.+)$", text, flags=re.MULTILINE) == HEADINGS, record.name


def test_decisions_are_numbered_without_gaps(root: Path) -> None:
    """Each decision record has the next number."""
    assert [int(record.name[:4]) for record in records(root)] == list(range(1, len(records(root)) + 1))


def test_changes_have_known_sections(root: Path) -> None:
    """Each change says under a known heading what users notice."""
    for change in (root / "changelog.d").glob("*.md"):
        if change.name == "README.md":
            continue
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", change.name), change.name
        found = re.findall(r"^## (.+)$", change.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert found, change.name
        assert set(found) <= CHANGES, change.name


def test_changes_are_numbered_without_gaps(root: Path) -> None:
    """Each change has a number of its own, and none is missing."""
    numbers = [int(path.name[:4]) for path in sorted((root / "changelog.d").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


def commands() -> list[str]:
    """The commands of the command line as they are typed, those of groups with the group's name first."""
    import typer

    from surefoot.cli import app

    found = list(_commands(typer.main.get_command(app), ""))
    assert found, "the command line has no commands"
    return sorted(found)


def _commands(command: Any, name: str) -> Iterator[str]:
    parts = getattr(command, "commands", None)
    if parts is None:
        yield name
        return
    for part, inner in parts.items():
        yield from _commands(inner, f"{name} {part}".strip())


def test_commands_are_documented(root: Path) -> None:
    """Every command of the command line is shown in docs/how-to, as a user would type it."""
    names = commands()
    pages = "\n".join(page.read_text(encoding="utf-8") for page in sorted((root / "docs" / "how-to").glob("*.md")))
    assert not [name for name in names if not re.search(rf"\bsurefoot {re.escape(name)}\b", pages)]

"""The codebook: themes that a person named, in a file that a person edits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput, Refused
from surefoot.study import read_toml
from surefoot.themes.suggestion import SuggestedTheme

SCHEMA = "surefoot/codebook/1"
FILE = "codebook.toml"
NO_THEME = "none"
"""What a coder writes for a comment that is about none of the themes."""
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True)
class Theme:
    """A theme that a person named. came_from: ids of suggestions that the person merged into it, if any."""

    id: str
    name: str
    definition: str = ""
    came_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """The themes of one question, and who named them."""

    question: str
    by: str
    themes: tuple[Theme, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the themes, in order."""
        return tuple(theme.id for theme in self.themes)


def open_codebook(folder: Path, question: str) -> Codebook:
    """Read a codebook. Raises BadInput where it cannot be read, and Refused while nobody has named a theme in it."""
    path = folder / FILE
    table = read_toml(path, "a codebook; `surefoot themes suggest` writes one to fill in")
    if table.get("schema") != SCHEMA or table.get("question") != question:
        found = f"schema {table.get('schema')!r} and question {table.get('question')!r}"
        raise BadInput(str(path), found, f'schema "{SCHEMA}" and question "{question}"')
    themes = tuple(_theme(entry, str(path)) for entry in table.get("theme", ()))
    ids = [theme.id for theme in themes]
    if len(set(ids)) < len(ids):
        raise BadInput(str(path), "two themes with one id", "each id once")
    by = str(table.get("by", "")).strip()
    if not themes or not by:
        reason = "nobody has named a theme in it" if not themes else "it does not say who named its themes"
        raise Refused("a person names themes", f"{path}: {reason}", "Fill in [[theme]] and by, then run this again.")
    return Codebook(question, by, themes)


def _theme(entry: Any, path: str) -> Theme:
    if not isinstance(entry, Mapping) or set(entry) - {"id", "name", "definition", "from"}:
        raise BadInput(f"{path}, theme", "a line that is not known", "id, name, definition and from")
    name = str(entry.get("id", ""))
    if not _SLUG.fullmatch(name) or name == NO_THEME:
        raise BadInput(f"{path}, theme, id", f'"{name}"', f'small letters, digits and hyphens, not "{NO_THEME}"')
    if not str(entry.get("name", "")).strip():
        raise BadInput(f'{path}, theme "{name}"', "no name", 'a line name = "..."')
    return Theme(name, str(entry["name"]).strip(), str(entry.get("definition", "")), tuple(entry.get("from", ())))


_HEAD = """# The themes of "{question}". A person names them: write your name, then one [[theme]] for each.
# Merge suggestions by naming several in one `from`, split or leave out any, add themes that no machine saw.
# Then: surefoot themes code
schema = "{schema}"
question = "{question}"
by = ""
"""
_ENTRY = """
# {id}: {words}{exemplars}
# [[theme]]
# id = "a-short-id"
# name = "A name that people understand"
# definition = "What belongs here, and what does not."
# from = ["{id}"]
"""


def unwritten(question: str, suggestions: Sequence[SuggestedTheme]) -> str:
    """A codebook without a theme, with what the machine suggests as remarks: it is for a person to make themes of."""
    head = _HEAD.format(question=question, schema=SCHEMA)
    entries = [
        _ENTRY.format(id=entry.id, words=", ".join(entry.words), exemplars="".join(map(_remark, entry.exemplars)))
        for entry in suggestions
    ]
    return head + "".join(entries or [_ENTRY.format(id="example", words="how a theme is written", exemplars="")])


def _remark(text: str) -> str:
    """A line of a TOML file that says nothing to a machine, whatever is in the text."""
    return "\n#   such as: " + " ".join("".join(c if c.isprintable() else " " for c in text).split())

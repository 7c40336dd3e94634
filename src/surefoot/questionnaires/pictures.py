"""Pictures of Easy Read: which symbol stands beside a question or an answer, as SVG that asks for nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from markupsafe import Markup

from surefoot.instrument import Option, Question

EASY_READ = "en-x-easyread"
_FACES = {-1: "unhappy", 0: "middle", 1: "happy"}
_FRAME = (
    '<svg viewBox="0 0 64 64" width="56" height="56" aria-hidden="true" focusable="false" fill="none" '
    'stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">{}</svg>'
)


@lru_cache(maxsize=1)
def _pictures() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("surefoot") / "bank" / "pictures.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def symbol(name: str) -> Markup:
    """A symbol by its name, hidden from screen readers since words beside it say the same; nothing for no name."""
    return Markup(_FRAME.format(_pictures()["symbols"][name])) if name else Markup("")


def question_symbol(question: Question) -> str:
    """The name of the symbol of what a question is about; "" where there is none."""
    known = _pictures()["questions"]
    keys = filter(None, (question.about, question.construct, question.kind))
    return next((known[key] for key in keys if key in known), "")


def option_symbol(question: Question, option: Option) -> str:
    """The name of the symbol of an answer; "" where there is none."""
    named = _pictures()["options"].get(option.id, "")
    if named or option.position is None or question.scale is None or not question.scale.has_sides:
        return named
    return _FACES[(option.position > 0) - (option.position < 0)]

"""The template linter finds what it is there to find."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def linter(root: Path) -> ModuleType:
    """The linter, loaded from tools/."""
    spec = importlib.util.spec_from_file_location("lint_templates", root / "tools" / "lint_templates.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "text",
    [
        "{% if x %}",
        "{{ text|safe }}",
        "{% autoescape false %}{% endautoescape %}",
        '<script src="x.js"></script>',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<img src="a.png">',
        '<button onclick="go()">',
        '<p tabindex="2">',
        "<style>@import 'x.css'</style>",
    ],
)
def test_linter_finds_faults(linter: ModuleType, text: str) -> None:
    """Each rule fires on the line that breaks it."""
    assert [line for line, _ in linter.faults(f"\n{text}")] == [2]


def test_linter_leaves_good_templates_alone(linter: ModuleType) -> None:
    """A comment may name what is forbidden, and a link to another page is not a fetched resource."""
    good = '{# never |safe #}<a href="https://example.org">{{ words }}</a><img src="data:," alt=""><p tabindex="0">'
    assert not list(linter.faults(good))


def test_templates_have_no_faults(linter: ModuleType, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every template of the product compiles and keeps to the rules."""
    assert linter.main([str(root / "src")]) == 0, capsys.readouterr().out

"""The source keeps to its own limits: short files, few branches, plain names, guards that raise."""

import ast
from pathlib import Path

MOST_LINES = 500
MOST_BRANCHES = 10
VAGUE = {"util", "utils", "core", "common", "helper", "helpers", "misc"}
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


def parse(path: Path) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def branches(function: ast.AST) -> int:
    """How often a function forks: if, loops, exception handlers and cases, those of inner functions included."""
    return sum(isinstance(node, BRANCHES) for node in ast.walk(function))


def test_files_are_short(source_files: list[Path]) -> None:
    """A module becomes a folder long before 500 lines."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in source_files}
    assert not {str(path): length for path, length in lengths.items() if length > MOST_LINES}


def test_functions_rarely_branch_much(source_files: list[Path]) -> None:
    """Fewer than one function in a hundred has more than ten branches."""
    functions = [
        (f"{path}:{node.lineno} {node.name}", branches(node))
        for path in source_files
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    branching = [name for name, count in functions if count > MOST_BRANCHES]
    assert len(branching) < max(1, 0.01 * len(functions)), "\n".join(branching)


def test_modules_are_nouns_of_the_field(root: Path, source_files: list[Path]) -> None:
    """No module is called by a word that says nothing about what it makes."""
    package = root / "src" / "surefoot"
    named = {part.removesuffix(".py") for path in source_files for part in path.relative_to(package).parts}
    assert not named & VAGUE


def test_source_never_asserts(source_files: list[Path]) -> None:
    """A guard raises: `python -O` removes every assert."""
    found = [
        f"{path}:{node.lineno}"
        for path in source_files
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Assert)
    ]
    assert not found

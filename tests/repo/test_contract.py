"""Every top-level module has its place in the import contract, and the contract names nothing that has gone."""

import re
from pathlib import Path
from typing import Any

import pytest

GATED = ["surefoot.report", "surefoot.decide", "surefoot.guard", "surefoot.web.views", "surefoot.web.api"]


def contract(settings: dict[str, Any], name: str) -> dict[str, Any]:
    """One contract of pyproject.toml by its id."""
    found: dict[str, dict[str, Any]] = {one["id"]: one for one in settings["tool"]["importlinter"]["contracts"]}
    return found[name]


def exists(root: Path, module: str) -> bool:
    """Whether a module of this dotted name is in the source, as a file or a folder."""
    path = (root / "src").joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@pytest.fixture
def placed(settings: dict[str, Any]) -> dict[str, bool]:
    """The names in the layers, each with whether it is there already (no parentheses)."""
    names = [name.strip() for layer in contract(settings, "layers")["layers"] for name in re.split(r"[|:]", layer)]
    return {name.strip("()"): not name.startswith("(") for name in names}


@pytest.fixture
def modules(root: Path) -> set[str]:
    """The top-level modules that exist."""
    package = root / "src" / "surefoot"
    files = {path.stem for path in package.glob("*.py")} - {"__init__"}
    return files | {path.parent.name for path in package.glob("*/__init__.py")}


def test_modules_are_placed(modules: set[str], placed: dict[str, bool]) -> None:
    """A new top-level module gets a layer in the change that makes it."""
    assert modules <= placed.keys()


def test_layers_without_parentheses_exist(modules: set[str], placed: dict[str, bool]) -> None:
    """Parentheses mean `not yet`, and only that."""
    assert {name for name, there in placed.items() if there} == modules


def test_layers_are_exhaustive(settings: dict[str, Any]) -> None:
    """The contract itself refuses a module without a layer."""
    assert contract(settings, "layers")["exhaustive"] is True


@pytest.mark.parametrize("module", GATED)
def test_what_shows_figures_is_gated(root: Path, settings: dict[str, Any], module: str) -> None:
    """Each module that shows figures is kept from unreleased ones as soon as it exists."""
    gated = contract(settings, "released-figures")["source_modules"]
    assert (module in gated) == exists(root, module)


def test_use_cases_do_not_know_each_other(root: Path, settings: dict[str, Any]) -> None:
    """Once there are use cases, a contract keeps them independent."""
    kinds = {one["type"] for one in settings["tool"]["importlinter"]["contracts"]}
    assert ("independence" in kinds) == exists(root, "surefoot.usecases")

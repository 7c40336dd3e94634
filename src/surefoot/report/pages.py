"""The templates of the report: one environment, with escaping on and undefined names as errors."""

from __future__ import annotations

import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from surefoot.report.graphs import Graph, draw, fills
from surefoot.report.words import clean, measured, number, thousands, whole


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment in which every template of the report is rendered."""
    made = Environment(
        loader=PackageLoader("surefoot.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(clean=clean, thousands=thousands, whole=whole, number=number)
    made.globals.update(draw=draw, fills=fills, measured=measured)
    return made


def compile_templates() -> None:
    """Compile every template of the report, for a process that will serve many pages."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


@lru_cache(maxsize=4)
def style(wrapper: str) -> str:
    """The styles of the report's screens for one element of a class, and for nothing outside of it."""
    source = environment().loader.get_source(environment(), "report.css")[0]  # type: ignore[union-attr]
    screens = re.sub(r"/\*.*?\*/", "", source.partition("@media print")[0], flags=re.DOTALL)
    return re.sub(r"([^{}@;]+)\{([^{}]*)\}", lambda rule: f"{_within(wrapper, rule[1])} {{{rule[2]}}}\n", screens)


def _within(wrapper: str, selectors: str) -> str:
    """Selectors that hold inside an element of a class; those of the whole page become the element itself."""
    whole_page = {":root", "html", "body"}
    found = [selector.strip() for selector in selectors.split(",")]
    return ", ".join(f".{wrapper}" if one in whole_page else f".{wrapper} {one}" for one in found)


def figure(graph: Graph, *, level: int = 3, evidence: str = "") -> Markup:
    """A graph as a piece of HTML: heading, key, drawing, base, and its numbers as a table.

    level: of the heading. evidence: the anchor of the evidence ids, where there is one. For pages and notebooks.
    """
    macro = environment().get_template("figure.html").module.figure  # type: ignore[attr-defined]
    return Markup(macro(graph, level, f"#{evidence}" if evidence else ""))


def table(graph: Graph) -> Markup:
    """The numbers of a graph as an HTML table."""
    macro = environment().get_template("figure.html").module.table  # type: ignore[attr-defined]
    return Markup(macro(graph))

"""The templates of the report: one environment, with escaping on and undefined names as errors."""

from __future__ import annotations

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


def figure(graph: Graph, *, level: int = 3, evidence: str = "") -> Markup:
    """A graph as a piece of HTML: heading, key, drawing, base, and its numbers as a table.

    level: of the heading. evidence: the anchor of the evidence ids, where there is one. For pages and notebooks.
    """
    macro = environment().get_template("figure.html").module.figure  # type: ignore[attr-defined]
    return Markup(macro(graph, level, evidence))


def table(graph: Graph) -> Markup:
    """The numbers of a graph as an HTML table."""
    macro = environment().get_template("figure.html").module.table  # type: ignore[attr-defined]
    return Markup(macro(graph))

"""The analyst's view and the chapter on change in a real browser: no accessibility fault, readable on a phone."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from surefoot.analyse import analyse_responses
from surefoot.comparison.page import render as render_view
from surefoot.comparison.view import view_of
from surefoot.demo import write_two_waves
from surefoot.readers import read_study
from surefoot.report import render
from surefoot.study import open_study

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
KEPT = ("role-group", "ever-used", "balance-productivity")
LETTERS = """() => [...document.querySelectorAll('svg.graph-twice')].flatMap(graph => {
  const all = graph.getBoundingClientRect();
  const seen = [...graph.querySelectorAll('text')].filter(text => text.getClientRects().length);
  const outside = text => {
    const box = text.getBoundingClientRect();
    return box.left < all.left - 2 || box.right > all.right + 2 || parseFloat(getComputedStyle(text).fontSize) < 12;
  };
  return seen.filter(outside).map(text => graph.id + text.textContent);
})"""
"""Words of the graphs with two numbers a row that run out of their graph or are too small."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The analyst's view and the report of a second wave, with a few questions."""
    folder = tmp_path_factory.mktemp("compare")
    study = open_study(write_two_waves(folder / "demo"))
    answers, _ = read_study(study)
    questions = tuple(q for q in study.instrument.questions if q.id in KEPT)
    planned = tuple(plan for plan in study.instrument.planned if plan.question in KEPT)
    small = replace(study.instrument, questions=questions, planned=planned)
    breakdowns = tuple(b for b in study.breakdowns if b.question in KEPT)
    asked = replace(study, instrument=small, breakdowns=breakdowns, folder=None)
    given = replace(answers, instrument=small)
    analysis = analyse_responses(asked, given, now=datetime(2026, 11, 25, tzinfo=UTC), stage_b=False)
    texts = {"view": render_view(view_of(analysis)), "report": render(analysis.release)}
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


def unfolded(browser: Browser, path: Path, **viewport: Any) -> Page:
    """A page with all tables unfolded."""
    page = browser.new_context(viewport=viewport).new_page()
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details:not(.ids)').forEach(each => each.open = true)")
    return page


@pytest.mark.parametrize(("name", "width"), [("view", 375), ("view", 1280), ("report", 375)])
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], name: str, width: int) -> None:
    """No violation of WCAG 2.2 A and AA, nor of good practice; nothing is wider than the page."""
    page = unfolded(browser, pages[name], width=width, height=900)
    found = Axe().run(page, options=RULES)
    faults = [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]]
    assert not faults, faults
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()


@pytest.mark.parametrize("name", ["view", "report"])
def test_words_of_graphs_fit_a_phone(browser: Browser, pages: dict[str, Path], name: str) -> None:
    """The two numbers of each row, their key and their labels can be read on the smallest phone."""
    page = unfolded(browser, pages[name], width=320, height=700)
    assert page.locator("svg.graph-twice").count() > 1
    assert page.evaluate(LETTERS) == []
    page.context.close()

"""The chapter on comments in a real browser: accessible, within the page on a phone, quotes as quotes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from surefoot.analyse import analyse
from surefoot.demo import write_programme
from surefoot.report import render
from surefoot.study import open_study

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the demo, whose comments are sorted by theme."""
    folder = tmp_path_factory.mktemp("comments")
    study = open_study(write_programme(folder / "demo"))
    made = analyse(study, now=datetime(2026, 11, 25, tzinfo=UTC), stage_b=False).release
    (folder / "report.html").write_text(render(made), encoding="utf-8")
    return folder / "report.html"


@pytest.mark.parametrize("width", [1280, 375])
def test_the_chapter_on_comments(browser: Browser, report: Path, width: int) -> None:
    """Axe finds nothing in it, nothing runs out of the page, and each theme has its definition and a quote."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report.as_uri())
    found = Axe().run(page, context="#wrote", options=RULES)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#wrote dl.themes dt").count() == 8
    assert page.locator("#wrote blockquote").count() == 8
    assert "sorted by theme" in page.locator("#wrote figure").first.inner_text()
    page.close()

"""The report in a real browser: no accessibility fault, no request, no script, readable on a phone and on paper."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from surefoot.analyse import analyse_responses
from surefoot.demo import simulate, study_of
from surefoot.report import render

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}

LETTERS = """() => {
  const sizes = [], outside = [], over = [];
  for (const graph of document.querySelectorAll('#content > section > .block svg.graph, #who > figure svg.graph')) {
    const all = graph.getBoundingClientRect();
    const seen = [...graph.querySelectorAll('text')].filter(text => text.getClientRects().length);
    const boxes = seen.map(text => [text.textContent, text.getBoundingClientRect()]);
    for (const text of seen) sizes.push(parseFloat(getComputedStyle(text).fontSize) * (text.getScreenCTM().a || 1));
    for (const [words, box] of boxes)
      if (box.left < all.left - 2 || box.right > all.right + 2) outside.push(graph.id + words);
    for (const [a, one] of boxes) for (const [b, two] of boxes) {
      const across = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const down = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (one !== two && across > 2 && down > 6) over.push(a + ' / ' + b);
    }
  }
  return [sizes, outside, over];
}"""
"""Sizes of all letters in graphs, words that run out of their graph, and words that run into others."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's report in a file, as a reader opens it."""
    study = study_of()
    now = datetime(2026, 11, 24, tzinfo=UTC)
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(render(analyse_responses(study, simulate(study), now=now, stage_b=False).release), encoding="utf-8")
    return path


def opened(browser: Browser, report: Path, *, width: int = 1280, **more: Any) -> Page:
    """The report in a new page of some width, with everything that it asks for noted on the page object."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **more).new_page()
    page.asked = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
    page.goto(report.as_uri())
    return page


@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("unfolded", [False, True], ids=["folded", "unfolded"])
def test_axe_finds_nothing(browser: Browser, report: Path, width: int, unfolded: bool) -> None:
    """No violation of WCAG 2.2 A and AA, nor of good practice, with the tables folded and unfolded."""
    page = opened(browser, report, width=width)
    if unfolded:
        page.evaluate("document.querySelectorAll('details:not(.ids)').forEach(each => each.open = true)")
    found = Axe().run(page, options=RULES)
    faults = [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]]
    assert not faults, faults
    page.context.close()


def test_page_asks_for_nothing(browser: Browser, report: Path) -> None:
    """The file is all there is: not one request, from the page or from its style."""
    page = opened(browser, report)
    page.wait_for_load_state("networkidle")
    assert page.asked == [report.as_uri()]  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize("width", [320, 375, 640, 700, 900, 1088])
def test_page_scrolls_only_down(browser: Browser, report: Path, width: int) -> None:
    """Nothing is wider than the phone, tablet or window; wide tables scroll inside their own frame."""
    page = opened(browser, report, width=width)
    page.evaluate("document.querySelectorAll('details:not(.ids)').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.context.close()


def test_letters_of_graphs_keep_their_size_on_a_phone(browser: Browser, report: Path) -> None:
    """Words in graphs are at least 12 pixels high on the phone, and none runs out of its graph or into another."""
    page = opened(browser, report, width=320)
    sizes, outside, over = page.evaluate(LETTERS)
    assert len(sizes) > 200
    assert min(sizes) >= 12
    assert not outside, outside[:5]
    assert not over, over[:5]
    page.context.close()


def test_report_reads_without_javascript(browser: Browser, report: Path) -> None:
    """Contents, graphs, and tables that unfold: all there with scripts switched off."""
    page = opened(browser, report, java_script_enabled=False)
    assert page.locator("h1").inner_text() == "AI in our services: what staff say"
    page.locator("#graph-understanding details summary").click()
    assert page.locator("#graph-understanding table").is_visible()
    assert page.locator("svg.graph").first.is_visible()
    page.context.close()


def test_keyboard_reaches_everything(browser: Browser, report: Path) -> None:
    """The first stop skips to the content; then every link and folded table is reached, with a visible mark."""
    page = opened(browser, report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id || location.hash") in ("content", "#content")
    page.reload()
    wanted = page.evaluate("[...document.querySelectorAll('a[href], summary')].filter(e => e.checkVisibility()).length")
    reached = page.evaluate("[]")
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        here = page.evaluate(
            "(() => { const e = document.activeElement; const s = getComputedStyle(e);"
            " return [e.tagName, s.outlineStyle != 'none' || s.boxShadow != 'none']; })()"
        )
        if here[0] in ("A", "SUMMARY"):
            reached.append(here)
    assert len(reached) >= wanted
    assert all(marked for _, marked in reached)
    page.context.close()


def test_folded_table_opens_by_keyboard(browser: Browser, report: Path) -> None:
    """Enter on its summary unfolds a table."""
    page = opened(browser, report)
    summary = page.locator("#graph-understanding details.numbers summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#graph-understanding table").is_visible()
    page.context.close()


def test_paper_shows_the_tables(browser: Browser, report: Path) -> None:
    """Printed, every folded table is open; evidence ids, which only a screen can follow, stay folded."""
    page = opened(browser, report)
    assert not page.locator("#graph-understanding table").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#graph-understanding table").is_visible()
    assert not page.locator("details.ids").first.is_visible()
    assert not page.locator("nav.contents").is_visible()
    page.context.close()


def test_reader_who_wants_no_motion_gets_none(browser: Browser, report: Path) -> None:
    """Links jump instead of gliding where the reader asked for it."""
    page = opened(browser, report, reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.context.close()


def test_landmarks_and_language(browser: Browser, report: Path) -> None:
    """One banner, one main part, contents with a name, and the language of the words."""
    page = opened(browser, report)
    assert page.locator("html").get_attribute("lang") == "en"
    for landmark in ("header", "main", "nav[aria-labelledby]"):
        assert page.locator(landmark).count() == 1
    page.context.close()

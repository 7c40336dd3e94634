"""The printable questionnaire in a real browser: accessible, asks for nothing, no sideways scrolling on a phone."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from surefoot.questionnaires import convert

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.mark.parametrize("name", ["ai-baseline", "voice"])
def test_printed_questionnaire_in_a_browser(browser: Browser, tmp_path: Path, name: str) -> None:
    """Every question is a group with a name, every field has a label, and the file is all there is."""
    path = convert(name, tmp_path / f"{name}.html").written
    page = browser.new_context(viewport={"width": 375, "height": 900}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    found = Axe().run(page, options=RULES)
    faults = [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]]
    assert not faults, faults
    assert asked == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    page.context.close()

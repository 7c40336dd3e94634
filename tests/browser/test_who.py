"""The page on who answered in a real browser: no accessibility fault, and no wider than a phone."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from surefoot.analyse import analyse_responses
from surefoot.demo import simulate, study_of
from surefoot.report import who_files
from surefoot.study.margins import RAKE, Weights

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the demo, weighted, half of whose people answered early."""
    study = replace(study_of(), weights=Weights(RAKE))
    answers = simulate(study)
    phase = pl.Series("@phase", np.arange(len(answers)) % 2, dtype=pl.Int16)
    answers = replace(answers, table=answers.table.with_columns(phase))
    now = datetime(2026, 11, 24, tzinfo=UTC)
    made = analyse_responses(study, answers, now=now, stage_b=False).release
    return who_files(made, tmp_path_factory.mktemp("who"))[0]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 375])
def test_who_page_is_readable(browser: Browser, page_file: Path, width: int) -> None:
    """Axe finds nothing, nothing is wider than the window, and all three tables are there, unfolded."""
    page = browser.new_context(viewport={"width": width, "height": 900}).new_page()
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    tables = page.evaluate("[...document.querySelectorAll('section.block caption')].map(each => each.innerText)")
    assert tables == ["Who answered, by job", "If those who did not answer thought otherwise", "Early against late"]
    found = Axe().run(page, options=RULES)
    faults = [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]]
    assert not faults, faults
    page.context.close()

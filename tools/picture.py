"""Take the picture in the README: the first page of the demo report, in Chromium.

python tools/picture.py [chromium]; needs what `make test` installs. Run it when the report's first page changes.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from surefoot.analyse import analyse_responses
from surefoot.demo import simulate, study_of
from surefoot.report import write_report

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "report.png"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main(chromium: str) -> None:
    """Write the picture."""
    study = study_of()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_report(analyse_responses(study, simulate(study)).release, Path(folder) / "report")
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1500})
        page.goto((Path(folder) / "report" / "report.html").as_uri())
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "/usr/bin/chromium")

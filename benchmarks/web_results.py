"""What a page of results costs: processor time of each page of the demo's release, as the pages are answered.

Usage: python benchmarks/web_results.py [--looks N]

Every page that the programme lead, and the lead of one organisation, reaches is asked for several times in one process.
Templates are compiled as a server's process compiles them at its start. The first look of a process reads the release;
the others find it in memory, by its stamp.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

WAVE = "/studies/staff-survey-2026/waves/1/"


def prepared(folder: Path) -> dict[str, Any]:
    """A server's data with the demo's release, published, and a browser without a face for each of two roles."""
    from surefoot.demo import write_programme
    from surefoot.web.server import bring, prepare, set_up

    set_up(folder / "data", https=False)
    prepare()
    from surefoot.web import actions, pages, released

    pages.warm()
    released.warm()
    write_programme(folder / "demo")
    bring(folder / "demo" / "studies" / "staff-survey-2026")
    actions.publish_wave(study="staff-survey-2026", wave="1", checked_by="Lee", by="lead@example.org")
    return {
        "programme lead": _browser("programme-lead", ""),
        "organisation lead": _browser("organisation-lead", "oakfield"),
    }


def _browser(role: str, place: str) -> Any:
    from datetime import UTC, datetime

    from django.test import Client

    from surefoot.web import actions, models

    email = f"{role}@example.org"
    actions.add_person(email=email, name=role, role=role, organisation=place, now=datetime.now(UTC), by="x@example.org")
    made = Client(SERVER_NAME="localhost")
    made.force_login(models.Person.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    return made


def pages_of(browser: Any) -> list[str]:
    """The addresses of the pages that somebody's results have."""
    import re

    text = browser.get(f"{WAVE}release", follow=True).content.decode()
    found = dict.fromkeys(re.findall(rf'href="({WAVE}release/[^"#]+)"', text))
    return ["/", *found]


def costs(browser: Any, address: str, looks: int) -> list[float]:
    """Seconds of processor time of each look at one page."""
    found = []
    for _ in range(looks):
        begun = time.process_time()
        assert browser.get(address).status_code == 200
        found.append(time.process_time() - begun)
    return found


def main(looks: int) -> None:
    """Print the first look and the dearest page of the others, for each role."""
    with tempfile.TemporaryDirectory() as folder:
        for role, browser in prepared(Path(folder)).items():
            begun = time.process_time()
            pages = pages_of(browser)
            first = time.process_time() - begun
            kept = {page: statistics.median(costs(browser, page, looks)[1:]) for page in pages}
            dearest = max(kept, key=lambda page: kept[page])
            usual = statistics.median(kept.values())
            print(f"{role}: {len(pages)} pages; first look {first:.3f} s, then median {usual:.3f} s")
            print(f"  dearest {kept[dearest]:.3f} s: {dearest.removeprefix(WAVE)}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--looks", type=int, default=7)
    main(asked.parse_args().looks)

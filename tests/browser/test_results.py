"""Publishing and reading results in a real browser: without script, through kills, with axe on every page."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PASSWORD = "correct horse battery"
WAVE = "/studies/staff-survey-2026/waves/1/"
PARTS = ("overview", "know", "organisations/oakfield", "compared", "findings", "downloads")
"""One page of each kind that the report in one page, which has tests of its own, does not have alike."""


def _free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@dataclass
class Server:
    """A server as a user starts it, which can be killed and started again on the same data."""

    folder: Path
    port: int = field(default_factory=_free_port)
    run: "subprocess.Popen[bytes] | None" = None

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *more: str) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "surefoot", "serve", "--data", str(self.folder / "data"), *more]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUREFOOT_", "DJANGO_"))}
        with (self.folder / "log").open("ab") as out:
            self.run = subprocess.Popen(
                [*command, "--port", str(self.port), "--workers", "1"], stdout=out, stderr=out, env=kept,
                start_new_session=True,
            )  # fmt: skip
        until(self._answers, 240)

    def _answers(self) -> bool:
        assert self.run is not None
        assert self.run.poll() is None, (self.folder / "log").read_text()
        try:
            urllib.request.urlopen(f"{self.base}/health", timeout=1).read()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """Kill everything that belongs to it, as a power cut would."""
        assert self.run is not None
        os.killpg(self.run.pid, signal.SIGKILL)
        self.run.wait()

    def preparing(self) -> list[int]:
        """The processes that prepare releases of its data."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            try:
                command, environment = ((place / name).read_bytes() for name in ("cmdline", "environ"))
            except OSError:
                continue
            if b"surefoot.web.background" in command and str(self.folder / "data").encode() in environment:
                found.append(int(place.name))
        return found


def until(true: Callable[[], object], seconds: float) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the demo's study, as somebody brings it in."""
    folder = tmp_path_factory.mktemp("results")
    subprocess.run([sys.executable, "-m", "surefoot", "demo", "--out", str(folder / "demo")], check=True)
    made = Server(folder)
    try:
        made.start("--study", str(folder / "demo" / "studies" / "staff-survey-2026"))
        yield made
    finally:
        made.kill()


def _entered(browser: Browser, server: Server, entry: str, email: str) -> Page:
    page = browser.new_context(java_script_enabled=False, base_url=server.base).new_page()
    page.set_default_timeout(60_000)
    page.goto(entry)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Your name").fill("Lee Lead")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    return page


@pytest.fixture(scope="module")
def lead(browser: Browser, server: Server) -> Iterator[Page]:
    """The programme lead; scripts are switched off."""
    found = re.search(r"open this once: (\S+)", (server.folder / "log").read_text())
    assert found
    page = _entered(browser, server, found[1], "lead@example.org")
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def published(server: Server, lead: Page) -> Server:
    """Published through pages, by a lead whose server is killed in the middle of it, twice.

    First the process that prepares is killed: the page starts another. Then everything is: the start goes on.
    """
    lead.goto(f"{WAVE}publish")
    lead.get_by_label("I have checked").check()
    lead.get_by_role("button", name="Publish the release").click()
    expect(lead).to_have_title(re.compile("^Being prepared"))
    until(server.preparing, 60)
    first = server.preparing()[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: [one for one in server.preparing() if one != first], 60)  # the open page loads itself again
    server.kill()
    server.start()
    lead.goto(f"{WAVE}publish")
    lead.wait_for_url("**/release/**", timeout=240_000)  # it loads itself again until the release is there
    return server


def faults(page: Page) -> list[tuple[str, str]]:
    """What axe finds, and whether the page is wider than its window."""
    found = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*((v["id"], v["nodes"][0]["html"][:200]) for v in found), *([("too wide", page.url)] if wide else [])]


def test_release_is_made_once_and_whole(published: Server, lead: Page) -> None:
    """After two kills there is one release, one event, and nothing left of the answers' copies."""
    lead.goto("/audit")
    expect(lead.locator("td", has_text=re.compile("^publish-wave$"))).to_have_count(1)
    assert not list((published.folder / "data" / "preparing").glob("*"))
    lead.goto(f"{WAVE}release")
    expect(lead.get_by_role("heading", name="AI in our services: what staff say")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_on_results(browser: Browser, published: Server, lead: Page, width: int) -> None:
    """No violation on any page of the results, and nothing is asked of anybody else."""
    page = browser.new_context(
        viewport={"width": width, "height": 900}, base_url=published.base, storage_state=lead.context.storage_state()
    ).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{WAVE}release/findings")
    evidence = page.locator(".sentences a").nth(3).get_attribute("href") or ""
    places = [*(f"{WAVE}release/{part}" for part in PARTS), evidence]
    found = {}
    for address in places:
        page.goto(address)
        found[address] = faults(page)
        _keep_picture(page, f"results-{address.removeprefix(WAVE).strip('/').replace('/', '-')}-{width}")
    assert not {where: what for where, what in found.items() if what}
    assert all(url.startswith(published.base) for url in asked)
    page.context.close()


def test_graphs_are_drawn_under_the_policy(browser: Browser, published: Server, lead: Page) -> None:
    """No style or picture is refused by the content policy, and the bars have a width."""
    page = browser.new_context(base_url=published.base, storage_state=lead.context.storage_state()).new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    for part in ("overview", "start", "organisations/oakfield", "who"):
        page.goto(f"{WAVE}release/{part}")
    assert refused == []
    page.goto(f"{WAVE}release/organisations/oakfield")
    widths = page.locator(".grid .bar").evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().width)")
    assert max(widths) > 50
    page.context.close()


def test_finding_leads_to_its_evidence_and_graph(published: Server, lead: Page) -> None:
    """By links alone: from the overview to the evidence, from there to the graph among the others."""
    lead.goto(f"{WAVE}release/overview")
    lead.get_by_role("link", name="Evidence").first.click()
    expect(lead.get_by_text("surefoot trace figure-")).to_be_visible()
    lead.get_by_role("link", name="See it among the others").click()
    target = lead.url.partition("#")[2]
    expect(lead.locator(f"[id='{target}']")).to_be_visible()


def _keep_picture(page: Page, name: str) -> None:
    folder = os.environ.get("SUREFOOT_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

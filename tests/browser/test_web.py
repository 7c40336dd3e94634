"""The web in a real browser: the server as it is started, walked by keyboard, without script, on a phone, with axe."""

import os
import re
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PASSWORD = "correct horse battery"
INSTRUMENT = """
schema = "surefoot/instrument/1"
name = "kinds"
title = "One of each kind"
languages = ["en"]
minutes = 2
introduction = "A few questions about AI at work."
section = [{ id = "all", title = "All of it", text = "AI means computer programs that do tasks of thinking." }]

[[scale]]
id = "yes-no"
options = [
  { id = "yes", text = "Yes" },
  { id = "no", text = "No" },
  { id = "dont-know-enough", text = "I don't know enough to say" },
]

[[scale]]
id = "places"
options = [
  { id = "meetings", text = "Notes of meetings" },
  { id = "letters", text = "Letters" },
  { id = "rotas", text = "Rotas" },
]

[[question]]
id = "used"
kind = "single"
section = "all"
text = "Have you ever used AI?"
scale = "yes-no"

[[question]]
id = "where"
kind = "multi"
section = "all"
text = "Where did you use it?"
scale = "places"
show_if = [{ question = "used", any_of = ["yes"] }]

[[question]]
id = "first"
kind = "ranked"
section = "all"
text = "Where should we start?"
scale = "places"

[[question]]
id = "hours"
kind = "number"
section = "all"
text = "How many hours a week would it save?"
decimals = 1
unit = "hours"

[[question]]
id = "comment"
kind = "text"
section = "all"
text = "Anything else?"
optional = true
"""


@dataclass(frozen=True)
class Served:
    """A running server, with links of an open wave that nobody used yet."""

    base: str
    links: list[str]
    data: Path

    def link(self) -> str:
        """A link that no other test has."""
        return self.links.pop()


@pytest.fixture(scope="module")
def server(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """The server as a user starts it: its address, the first administrator's link that it prints, its data."""
    folder = tmp_path_factory.mktemp("served")
    with serve(folder) as (port, entry):
        yield f"http://127.0.0.1:{port}", entry, folder / "data"


@pytest.fixture(scope="module")
def lead(browser: Browser, server: tuple[str, str, Path]) -> Iterator[Page]:
    """The programme lead, signed in by the printed link; scripts are switched off."""
    base, entry, _ = server
    page = browser.new_context(java_script_enabled=False, base_url=base).new_page()
    page.set_default_timeout(20_000)
    page.goto(entry)
    page.get_by_label("Your e-mail address").fill("lead@example.org")
    page.get_by_label("Your name").fill("Lee Lead")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def served(lead: Page, server: tuple[str, str, Path], tmp_path_factory: pytest.TempPathFactory) -> Served:
    """An open wave, made through the pages alone."""
    folder = tmp_path_factory.mktemp("uploads")
    people = "label,organisation\n" + "".join(f"p{n},{'north' if n % 2 else 'south'}\n" for n in range(40))
    for name, text in (
        ("organisations.csv", "id,name,staff\nnorth,North Care,200\nsouth,South Health,300\n"),
        ("kinds.toml", INSTRUMENT),
        ("people.csv", people),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    lead.get_by_role("button", name="Add a study").first.click()
    lead.get_by_label("Title").fill("AI at work")
    lead.get_by_label("Short name").fill("ai")
    lead.get_by_role("button", name="Add the study").click()
    lead.get_by_label("List of organisations").set_input_files(folder / "organisations.csv")
    lead.get_by_role("button", name="Upload the list").click()
    lead.goto("/studies/ai/instrument")
    lead.get_by_label("An instrument (TOML or XLSForm)").set_input_files(folder / "kinds.toml")
    lead.get_by_role("button", name="Preview", exact=True).click()
    lead.get_by_role("button", name="Take this wording").click()
    expect(lead.get_by_role("heading", name="One of each kind")).to_be_visible()
    lead.goto("/studies/ai/waves/new")
    for label, text in (("Name of the wave", "1"), ("First day", "2026-01-01"), ("Last day", "2099-01-01")):
        lead.get_by_label(label).fill(text)
    lead.get_by_role("button", name="Plan the wave").click()
    lead.get_by_label("List of people").set_input_files(folder / "people.csv")
    with lead.expect_download() as download:
        lead.get_by_role("button", name="Make links").click()
    links = re.findall(r"/a/[\w-]+", download.value.path().read_text())
    sign_everything(lead, "/studies/ai/waves/1/before")
    lead.get_by_role("button", name="Open the wave").click()
    expect(lead.get_by_text("open", exact=True)).to_be_visible()
    return Served(server[0], links, server[2])


def sign_everything(lead: Page, place: str) -> None:
    """Settle and sign every item of a wave through its pages."""
    lead.goto(place)
    items = [link.get_attribute("href") for link in lead.get_by_role("link", name="Write or sign").all()]
    assert len(items) == 7
    for item in items:
        lead.goto(item or "")
        for group in lead.get_by_role("group").all():
            group.get_by_role("radio").first.check()
        for text in lead.get_by_role("textbox").all():
            if not text.input_value():
                day = (text.get_attribute("id") or "").endswith("date")
                text.fill("2026-01-01" if day else "Settled in a test.")
        lead.get_by_role("button", name="Save and sign").click()
    lead.goto(place)
    expect(lead.get_by_text("Signed", exact=True)).to_have_count(7)
    lead.goto(place.removesuffix("before"))


def opened(browser: Browser, served: Served, address: str, *, width: int = 375, **more: Any) -> Page:
    """A page of the server on a phone, with everything that it asks for noted on the page object."""
    page = browser.new_context(viewport={"width": width, "height": 800}, base_url=served.base, **more).new_page()
    page.set_default_timeout(20_000)
    page.asked = []  # type: ignore[attr-defined]
    page.on("request", lambda request: page.asked.append(request.url))  # type: ignore[attr-defined]
    page.goto(address)
    return page


def answer_all(page: Page) -> None:
    """Answer every question of the instrument, from the first page to the check page."""
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Yes").check()
    go_on(page)
    page.get_by_label("Letters").check()
    page.get_by_label("Rotas").check()
    go_on(page)
    page.get_by_label("Rotas").select_option("1")
    page.get_by_label("Notes of meetings").select_option("2")
    go_on(page)
    page.get_by_label("How many hours").fill("2.5")
    go_on(page)
    page.get_by_label("Anything else?").fill("A comment")
    go_on(page)


def go_on(page: Page) -> None:
    """Save and continue."""
    page.get_by_role("button", name="Save and continue").click()


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_survey_is_answered_and_sent(browser: Browser, served: Served, script: bool) -> None:
    """From the link to thanks, with scripts switched off and on, at 320 pixels, asking nothing of anybody else."""
    page = opened(browser, served, served.link(), width=320, java_script_enabled=script)
    answer_all(page)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()
    expect(page.get_by_text("1. Rotas")).to_be_visible()
    expect(page.get_by_text("2.5 hours")).to_be_visible()
    page.get_by_role("button", name="Send my answers").click()
    expect(page).to_have_title(re.compile("Thank you"))
    asked: list[str] = page.asked  # type: ignore[attr-defined]
    assert all(url.startswith(served.base) for url in asked), asked
    assert page.context.cookies() == []
    page.context.close()


@pytest.mark.parametrize("script", [False, True], ids=["no script", "script"])
def test_mistake_takes_the_focus(browser: Browser, served: Served, script: bool) -> None:
    """The title says Error, the summary has the focus, its link leads to the field."""
    page = opened(browser, served, f"{served.link()}/q/used", java_script_enabled=script)
    go_on(page)
    expect(page).to_have_title(re.compile("^Error: "))
    summary = page.locator(".nhsuk-error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("Yes")).to_be_focused()
    page.context.close()


def test_survey_is_answered_by_keyboard(browser: Browser, served: Served) -> None:
    """Tab, arrow keys, space and Enter are enough, and what has the focus is marked."""
    page = opened(browser, served, served.link())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Skip to main content"
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Yes")).to_be_visible()
    tab_to(page, "#answer")
    page.keyboard.press("Space")
    mark = "getComputedStyle(document.activeElement.labels[0], '::before').boxShadow"
    assert page.evaluate(mark) != "none"
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where should we start?")).to_be_visible()
    tab_to(page, "select")
    page.keyboard.press("1")
    tab_to(page, "button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How many hours")).to_be_visible()
    page.context.close()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something of a kind has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}")


def test_answers_wait_on_another_device(browser: Browser, served: Served) -> None:
    """Started on a phone, gone on with on a desk: the link is all that it needs; back shows what was chosen."""
    link = served.link()
    phone = opened(browser, served, link)
    phone.get_by_role("button", name="Start").click()
    phone.get_by_label("I don't know enough to say").check()
    go_on(phone)
    phone.context.close()
    desk = opened(browser, served, link, width=1280)
    desk.get_by_role("button", name="Continue where you stopped").click()
    expect(desk.get_by_role("heading", name="Where should we start?")).to_be_visible()
    desk.get_by_role("link", name="Back").click()
    expect(desk.get_by_label("I don't know enough to say")).to_be_checked()
    desk.context.close()


def faults(page: Page) -> list[tuple[str, str]]:
    """What axe finds, and whether the page is wider than its window."""
    found = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*((v["id"], v["nodes"][0]["html"][:200]) for v in found), *([("too wide", page.url)] if wide else [])]


@pytest.mark.parametrize("width", [1280, 375, 320])
def test_axe_finds_nothing_on_answering_pages(browser: Browser, served: Served, width: int) -> None:
    """No violation of WCAG 2.2 A and AA on any page of a respondent, with and without a mistake; none is too wide."""
    link = served.link()
    page = opened(browser, served, link, width=width)
    found = {link: faults(page)}
    answer_all(page)
    found["check"] = faults(page)
    for question in ("used", "where", "first", "hours", "comment"):
        page.goto(f"{link}/q/{question}")
        found[question] = faults(page)
        keep_picture(page, f"{question}-{width}")
    wrong = opened(browser, served, f"{served.link()}/q/first", width=width)
    wrong.get_by_label("Rotas").select_option("3")
    go_on(wrong)
    found["mistake"] = faults(wrong)
    keep_picture(wrong, f"mistake-{width}")
    page.goto(f"{link}/check")
    keep_picture(page, f"check-{width}")
    page.get_by_role("button", name="Send my answers").click()
    found["sent"] = faults(page)
    for address in ("/anonymity", "/privacy/ai/1", "/a/unknown", "/nothing-here", "/sign-in"):
        page.goto(address)
        found[address] = faults(page)
        keep_picture(page, f"{address.strip('/').replace('/', '-')}-{width}")
    page.goto(served.links[0])
    keep_picture(page, f"begin-{width}")
    assert not {where: what for where, what in found.items() if what}
    wrong.context.close()
    page.context.close()


@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_nothing_on_the_leads_pages(browser: Browser, served: Served, lead: Page, width: int) -> None:
    """The same for every page of the programme lead."""
    state = lead.context.storage_state()
    page = opened(browser, served, "/", width=width, storage_state=state)
    found = {}
    for address in (
        "/", "/people", "/audit", "/studies/new", "/studies/ai/", "/studies/ai/instrument", "/studies/ai/waves/new",
        "/studies/ai/waves/1/", "/studies/ai/waves/1/before", "/studies/ai/waves/1/before/dpia-screening",
        "/studies/ai/waves/1/before/controllers", "/studies/ai/export",
    ):  # fmt: skip
        page.goto(address)
        found[address] = faults(page)
        keep_picture(page, f"lead{address.replace('/', '-')}-{width}")
    assert not {where: what for where, what in found.items() if what}
    page.context.close()


def test_wave_is_closed_while_people_answer(served: Served, lead: Page) -> None:
    """With others on the pages, the lead closes the wave: the log is empty at that moment, and nobody gets further."""
    link, stop = served.link(), threading.Event()

    def look() -> None:
        while not stop.is_set():
            urllib.request.urlopen(f"{served.base}{link}", timeout=30).read()

    readers = [threading.Thread(target=look) for _ in range(3)]
    for one in readers:
        one.start()
    try:
        lead.goto("/studies/ai/waves/1/")
        lead.get_by_role("button", name="Close the wave").click()
        expect(lead.get_by_text("closed", exact=True)).to_be_visible()
    finally:
        stop.set()
        for one in readers:
            one.join()
    answered = urllib.request.urlopen(f"{served.base}{link}", timeout=30).read().decode()
    assert "This survey takes no answers now" in answered
    # After the log was emptied, one page was written: that the wave is closed.
    assert (served.data / "surefoot.sqlite3-wal").stat().st_size < 20_000


def keep_picture(page: Page, name: str) -> None:
    """A picture for people to look at, where SUREFOOT_PICTURES names a folder."""
    folder = os.environ.get("SUREFOOT_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

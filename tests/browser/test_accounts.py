"""Signing in, in a real browser: a passkey from beginning to end, every page of an account with axe, no script."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the extra `web` is not installed")
pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python, in the extra `test`")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
PASSWORD = "correct horse battery"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def server(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The server as a user starts it, by its name, since passkeys belong to names: its address and the first link."""
    with serve(tmp_path_factory.mktemp("served")) as (port, entry):
        yield f"http://localhost:{port}", entry


@pytest.fixture(scope="module")
def lead(browser: Browser, server: tuple[str, str]) -> Iterator[Page]:
    """The programme lead, signed in by the printed link, with a device that holds passkeys."""
    base, entry = server
    page = browser.new_context(base_url=base).new_page()
    page.set_default_timeout(20_000)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(entry)
    page.get_by_label("Your e-mail address").fill("lead@example.org")
    page.get_by_label("Your name").fill("Lee Lead")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    yield page
    page.context.close()


def looked_at(page: Page, name: str) -> list[tuple[str, ...]]:
    """What axe finds on a page at two widths, and whether it is wider than its window."""
    found: list[tuple[str, ...]] = []
    for width in (1280, 375):
        page.set_viewport_size({"width": width, "height": 800})
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [(name, str(width), one["id"], one["nodes"][0]["html"][:200]) for one in violations]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append((name, str(width), "too wide"))
        folder = os.environ.get("SUREFOOT_PICTURES")
        if folder:
            page.screenshot(path=Path(folder) / f"account-{name}-{width}.png", full_page=True)
    return found


def add_passkey(lead: Page) -> list[tuple[str, ...]]:
    """Add a passkey from the page of the account; what was found on the way comes out."""
    lead.goto("/account")
    found = looked_at(lead, "account")
    lead.get_by_role("link", name="Add a passkey").click()
    found += looked_at(lead, "again")
    lead.get_by_label("Password").fill(PASSWORD)
    lead.get_by_role("button", name="Continue").click()
    found += looked_at(lead, "add-passkey")
    lead.get_by_label("Name of this passkey").fill("Work laptop")
    lead.get_by_role("button", name="Add a passkey").click()
    expect(lead.get_by_role("heading", name="Recovery codes")).to_be_visible()
    return found + looked_at(lead, "recovery")


def use_it_alone(lead: Page, base: str) -> list[tuple[str, ...]]:
    """Sign out, and in again with the passkey and nothing else."""
    lead.get_by_role("button", name="Sign out").click()
    found = looked_at(lead, "sign-in")
    lead.get_by_role("link", name="Sign in with a passkey").click()
    found += looked_at(lead, "sign-in-passkey")
    lead.get_by_role("button", name="Use your passkey").click()
    lead.wait_for_url(f"{base}/")
    return found


def use_it_second(lead: Page, base: str) -> list[tuple[str, ...]]:
    """Sign out, and in again with the password, a wrong code and the passkey."""
    lead.get_by_role("button", name="Sign out").click()
    lead.get_by_label("E-mail address").fill("lead@example.org")
    lead.get_by_label("Password").fill(PASSWORD)
    lead.get_by_role("button", name="Sign in").click()
    found = looked_at(lead, "second")
    lead.get_by_role("textbox", name="Code").fill("000000")
    lead.get_by_role("button", name="Sign in").click()
    found += looked_at(lead, "second-mistake")
    assert "nhsuk-error-summary" in lead.evaluate("document.activeElement.className")
    assert lead.title().startswith("Error: ")
    lead.get_by_role("button", name="Use a passkey").click()
    lead.wait_for_url(f"{base}/")
    return found


def test_passkey_from_beginning_to_end(lead: Page, server: tuple[str, str]) -> None:
    """Made, used alone, used beside the password, removed; each page without a fault, and nothing from elsewhere."""
    base, _ = server
    elsewhere: list[str] = []
    lead.on("request", lambda asked: None if asked.url.startswith(base) else elsewhere.append(asked.url))
    found = [*add_passkey(lead), *use_it_alone(lead, base), *use_it_second(lead, base)]
    lead.goto("/account/again/passkey?next=/account/codes")
    found += looked_at(lead, "again-passkey")
    lead.get_by_role("button", name="Use a passkey").click()
    lead.wait_for_url(f"{base}/account/codes")
    found += looked_at(lead, "codes")
    for path in ("/account/recovery/new", "/account/password", "/account/again/code", "/people", "/audit", "/account"):
        lead.goto(path)
        found += looked_at(lead, path.strip("/").replace("/", "-"))
    lead.get_by_role("link", name="Remove Work laptop").click()
    found += looked_at(lead, "remove")
    lead.get_by_role("button", name="Remove").click()
    expect(lead.get_by_role("link", name="Remove Work laptop")).to_have_count(0)
    assert not found
    assert not elsewhere


def test_without_script_the_page_says_so(browser: Browser, server: tuple[str, str]) -> None:
    """A passkey needs a script; the page offers the password, which needs none, and all of it by keyboard."""
    page = browser.new_context(base_url=server[0], java_script_enabled=False).new_page()
    page.goto("/sign-in/passkey")
    expect(page.get_by_role("button", name="Use your passkey")).to_have_count(0)
    expect(page.get_by_text("A passkey needs JavaScript")).to_be_visible()
    page.get_by_role("link", name="Sign in with your password instead").press("Enter")
    page.get_by_label("E-mail address").press_sequentially("nobody@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.context.close()

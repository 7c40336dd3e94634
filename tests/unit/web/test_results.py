"""Results on the web: who reaches which page of a release, and that nothing of another organisation comes along."""

import io
import re
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from surefoot.analyse import analyse_responses
from surefoot.demo import simulate, study_of
from surefoot.instrument import open_instrument
from surefoot.release import Release, write_release

HERE = "/studies/demo/waves/1/release"
NOW = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, str]:
    """The demo's release and the text of its file."""
    made = analyse_responses(study_of(), simulate(study_of()), now=NOW, stage_b=False).release
    return made, write_release(made, tmp_path_factory.mktemp("demo")).read_text(encoding="utf-8")


@pytest.fixture
def published(web: Path, demo: tuple[Release, str]) -> Release:
    """A study whose wave has that release."""
    from surefoot.web import actions, models

    made, text = demo
    actions.add_study(slug="demo", title="Demo", instrument=open_instrument("ai-baseline"), by="lead@example.org")
    row = models.Study.objects.get(slug="demo")
    models.Release.objects.create(study=row, wave="1", content=text, checked_by="Lee", stamp=made.stamp)
    return made


def _links(browser: Any, start: str) -> dict[str, str]:
    """Every page of results that somebody reaches by links, by its address."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        page = browser.get(address)
        assert page.status_code == 200, address
        text = found[address] = "" if address.endswith("/files") else page.content.decode()
        waiting += [link.partition("#")[0] for link in re.findall(rf'href="({HERE}/[^"]*)"', text)]
    return found


def test_organisation_lead_reaches_nothing_of_another(published: Release, client: Callable[..., Any]) -> None:
    """No page that links lead to, no download and no address that can be typed holds another organisation's name."""
    browser = client("organisation-lead", "oakfield")
    landed = browser.get(HERE)["Location"]
    assert landed == f"{HERE}/organisations/oakfield"
    pages = _links(browser, landed)
    assert len(pages) > 30
    others = [one for one in published.organisations if one.id != "oakfield"]
    whole = "".join(pages.values())
    archive = zipfile.ZipFile(io.BytesIO(browser.get(f"{HERE}/files").content))
    whole += "".join(archive.read(name).decode() for name in archive.namelist() if not name.endswith(".xlsx"))
    whole += _cells(archive.read("report.xlsx"))
    for one in others:
        assert one.name not in whole
        assert one.id not in whole
        assert browser.get(f"{HERE}/organisations/{one.id}").status_code == 404
    assert browser.get(f"{HERE}/compared").status_code == 404


def _cells(workbook: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_findings_about_others_are_not_found(published: Release, client: Callable[..., Any]) -> None:
    """The evidence of a sentence that rests on other organisations is not there for an organisation lead."""
    lead, own = client("programme-lead"), client("organisation-lead", "oakfield")
    about = next(f for f in published.findings if f["rule"] == "differ" and len(f["figures"]) > 1)
    assert lead.get(f"{HERE}/findings/{about['id']}").status_code == 200
    assert own.get(f"{HERE}/findings/{about['id']}").status_code == 404


def test_lead_and_reviewer_see_every_organisation(published: Release, client: Callable[..., Any]) -> None:
    """They begin with the overview and reach each organisation's page, the comparisons and all files."""
    for role in ("programme-lead", "reviewer"):
        browser = client(role)
        assert browser.get(HERE)["Location"] == f"{HERE}/overview"
        pages = _links(browser, f"{HERE}/overview")
        for one in published.organisations:
            assert f"{HERE}/organisations/{one.id}" in pages
        assert f"{HERE}/compared" in pages


def test_role_in_two_organisations_sees_both(published: Release, client: Callable[..., Any]) -> None:
    """Somebody who leads two organisations sees the two, and the group."""
    from surefoot.web import actions

    browser = client("organisation-lead", "oakfield")
    actions.add_person(
        email="organisation-lead-oakfield@example.org", name="X", role="organisation-lead", organisation="rowan",
        now=NOW, by="lead@example.org",
    )  # fmt: skip
    for place, status in (("oakfield", 200), ("rowan", 200), ("millfield", 404)):
        assert browser.get(f"{HERE}/organisations/{place}").status_code == status


def test_lead_of_an_organisation_elsewhere_sees_the_group(published: Release, client: Callable[..., Any]) -> None:
    """An organisation that this study does not have has no page; the overview is of the group."""
    browser = client("organisation-lead", "elsewhere")
    assert browser.get(HERE)["Location"] == f"{HERE}/overview"
    text = browser.get(f"{HERE}/overview").content.decode()
    assert not [one.name for one in published.organisations if one.name in text]


def test_pages_ask_for_nothing_from_elsewhere(published: Release, client: Callable[..., Any]) -> None:
    """The policy allows no script, and styles of our own alone; unknown pages are not found."""
    browser = client("reviewer")
    page = browser.get(f"{HERE}/overview")
    assert "script-src" not in page["Content-Security-Policy"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert browser.get(f"{HERE}/nothing").status_code == 404
    style = re.search(r'href="(/results\.css\?\w+)"', page.content.decode())
    assert style
    answered = client().get(style[1])
    assert answered["Content-Type"].startswith("text/css")
    assert answered.cookies == {}


def test_another_release_is_another_page(published: Release, client: Callable[..., Any]) -> None:
    """What is kept in memory is kept by the stamp, so a release that replaces it shows at once."""
    from surefoot.web import models

    browser = client("reviewer")
    assert "checked by Lee" in browser.get(f"{HERE}/overview").content.decode()
    row = models.Release.objects.get()
    models.Release.objects.filter(pk=row.pk).update(checked_by="Kim", stamp="release-other")
    assert "checked by Kim" in browser.get(f"{HERE}/overview").content.decode()


def test_kept_pages_are_cheap(published: Release, client: Callable[..., Any]) -> None:
    """A page of a release that was read before costs far less than reading it."""
    browser = client("reviewer")
    browser.get(f"{HERE}/overview")
    begun = time.process_time()
    for part in ("overview", "start", "organisations/oakfield"):
        assert browser.get(f"{HERE}/{part}").status_code == 200
    assert (time.process_time() - begun) / 3 < 0.3

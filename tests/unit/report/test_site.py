"""The report as pages: every page renders, every link leads somewhere, and every number is in the Release."""

import re
from itertools import pairwise

import pytest

from surefoot.errors import Refused
from surefoot.release import Release, narrowed
from surefoot.report import Site

BASE = "/studies/s/waves/1/release/"


def _pages(site: Site) -> dict[str, str]:
    keys = [*(place.key for place in site.places), *(f"findings/{one.id}" for one in site.findings)]
    return {key: str(site.render(key)) for key in keys}


@pytest.fixture(params=["demo", "hidden", "plain", "nothing", "narrowed"])
def site(request: pytest.FixtureRequest, releases: dict[str, Release]) -> Site:
    """The pages of each kind of release, and of one for an organisation lead."""
    found = narrowed(releases["demo"], ["oakfield"]) if request.param == "narrowed" else releases[request.param]
    return Site.of(found, final_by="Lee", base=BASE)


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Site) -> None:
    """Links between pages name a page that there is, and an anchor that it has."""
    pages = _pages(site)
    for key, text in pages.items():
        for link in re.findall(r'href="([^"]+)"', text):
            place, _, anchor = link.partition("#")
            target = place.removeprefix(BASE) if place else key
            assert target in pages, (key, link)
            assert not anchor or f'id="{anchor}"' in pages[target], (key, link)


def test_every_page_has_one_heading_and_no_id_twice(site: Site) -> None:
    """One h1 a page, no level skipped, and ids are unique."""
    for key, text in _pages(site).items():
        levels = [int(level) for level in re.findall(r"<h(\d)", text)]
        assert levels.count(1) == 1, key
        assert all(after <= before + 1 for before, after in pairwise(levels)), (key, levels)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), key


def test_every_number_is_of_a_figure_that_is_shown(site: Site) -> None:
    """What a page marks with a figure's id is a figure of the release, shown or said not to be."""
    for key, text in _pages(site).items():
        for figure, cell in re.findall(r'data-figure="([^"]+)"[^>]*>([^<]*)', text):
            assert figure in site.release.by_id, key
            assert site.release.by_id[figure].shown or not re.search(r"\d", cell), (key, figure, cell)


def test_simulated_answers_are_named_on_every_page(releases: dict[str, Release]) -> None:
    """Nobody takes a page of the demo for a result."""
    for key, text in _pages(Site.of(releases["demo"], final_by=None, base=BASE)).items():
        assert "Simulated answers: no person gave them" in text, key


def test_evidence_names_its_figures_and_how_to_trace_them(releases: dict[str, Release]) -> None:
    """The page of a sentence holds the id, group, base and method of each figure, and the command."""
    site = Site.of(releases["demo"], final_by=None, base=BASE)
    told = next(one for one in site.findings if len(one.figures) > 1)
    text = str(site.render(f"findings/{told.id}"))
    assert f"surefoot trace {told.figures[0]} --in" in text
    for name in told.figures:
        figure = site.release.by_id[name]
        assert f'<tr id="{name}">' in text
        assert f"<td>{figure.base:,}</td>" in text
    assert site.release.by_id[told.figures[0]].method in text


def test_own_organisation_stands_beside_the_group(releases: dict[str, Release]) -> None:
    """For its lead, too: the own numbers and those of all, on one page; no page of another organisation."""
    for release in (releases["demo"], narrowed(releases["demo"], ["oakfield"])):
        site = Site.of(release, final_by=None, base=BASE)
        text = str(site.render("organisations/oakfield"))
        assert "All staff" in text
        assert text.count("<figure") > 10
        assert re.search(r'class="value" data-figure="figure-\w+">[+−]?\d+', text)
    assert site.render("organisations/rowan") is None
    assert site.render("compared") is None


def test_organisation_without_numbers_says_why(releases: dict[str, Release]) -> None:
    """Its page has no number, and says what can be used instead."""
    text = str(Site.of(releases["hidden"], final_by=None, base=BASE).render("organisations/few"))
    assert "No number of Few &amp; Sons is shown" in text
    assert "data-figure" not in text


def test_unknown_page_is_none(releases: dict[str, Release]) -> None:
    """Nothing is made up."""
    site = Site.of(releases["demo"], final_by=None, base=BASE)
    for key in ("nothing", "organisations/none", "findings/none", "know/more", ""):
        assert site.render(key) is None


def test_only_a_release_has_pages() -> None:
    """As everywhere in the report."""
    with pytest.raises(Refused):
        Site.of({"figures": []}, final_by=None, base=BASE)  # type: ignore[arg-type]

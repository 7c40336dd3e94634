"""The answering pages in Welsh and in Easy Read: carried in the address, marked, and honest about who reviewed them."""

import re
from typing import Any

import pytest

from surefoot.instrument import open_instrument
from surefoot.web import language as languages
from surefoot.web.language import Language, language_of


def text_of(response: Any) -> str:
    """A page as text."""
    text = response.content.decode()
    assert isinstance(text, str)
    return text


def test_language_stays_from_page_to_page(opened: Any, client: Any) -> None:
    """From the first page to the check page and on to thanks, in Welsh, without a cookie."""
    wave, browser = opened(instrument=open_instrument("voice")), client()
    start = f"/a/{wave.one.text}"
    page = text_of(browser.get(f"{start}?lang=cy"))
    assert '<html lang="cy">' in page
    assert "AI yn eich gofal: beth yw eich barn chi?" in page
    place = re.search(r'href="([^"]+/q/who[^"]*)"', page)
    assert place
    address = place[1]
    while "/q/" in address:
        assert address.endswith("lang=cy")
        assert '<html lang="cy">' in text_of(browser.get(address))
        address = browser.post(address, {"pass": "yes"})["Location"]
    assert address.endswith("/check?lang=cy")
    assert "Gwiriwch eich atebion" in text_of(browser.get(address))
    done = browser.post(address)["Location"]
    assert "Mae eich atebion wedi" in text_of(browser.get(done))
    assert not browser.cookies


@pytest.mark.parametrize("place", ["", "/q/used", "/nowhere"])
def test_every_page_offers_both_languages(opened: Any, client: Any, place: str) -> None:
    """English leads to Welsh and Welsh to English, each link marked as being in its own language."""
    wave = opened()
    here = f"/a/{wave.one.text}{place}"
    if place == "/nowhere":
        here = "/a/unknown"
    english, welsh = (text_of(client().get(here, {"lang": code})) for code in ("en", "cy"))
    assert f'<a href="{here}?lang=cy" lang="cy" hreflang="cy">Cymraeg</a>' in english
    assert f'<a href="{here}" lang="en" hreflang="en">English</a>' in welsh
    assert "Easy Read" not in english


def test_what_has_no_welsh_is_marked_as_english(opened: Any, client: Any) -> None:
    """An instrument of one's own in English: the page is Welsh, its question is English and says so."""
    wave = opened()
    text = text_of(client().get(f"/a/{wave.one.text}/q/used", {"lang": "cy"}))
    assert '<span lang="en">Ever used AI?</span>' in text
    assert "Cadw a pharhau" in text
    assert "Mae rhai o&#39;r cwestiynau mewn iaith arall" in text_of(client().get(f"/a/{wave.one.text}?lang=cy"))
    assert 'lang="en">Ever' not in text_of(client().get(f"/a/{wave.one.text}/q/used"))


def test_mistake_and_its_title_are_welsh(opened: Any, client: Any) -> None:
    """The title begins with the Welsh for Error."""
    wave = opened(instrument=open_instrument("ai-baseline"))
    text = text_of(client().post(f"/a/{wave.one.text}/q/service-area?lang=cy", {}))
    assert "<title>Gwall: Ble rydych chi" in text
    assert "Dewiswch ateb" in text


def test_date_is_welsh(opened: Any, client: Any) -> None:
    """Months have Welsh names."""
    wave = opened()
    found = re.search(r"Derbynnir atebion tan \d+ (\w+) \d{4}", text_of(client().get(f"/a/{wave.one.text}?lang=cy")))
    assert found
    assert found[1] in languages_months()


def languages_months() -> list[str]:
    """The Welsh months."""
    from surefoot.web.catalogue import say

    return say("months", "cy").split()


def test_pages_say_that_nobody_reviewed_them(
    opened: Any, client: Any, monkeypatch: pytest.MonkeyPatch, web: Any
) -> None:
    """In Welsh and in English, on every page, until somebody is named; English pages say nothing of it."""
    wave = opened()
    for place in ("", "/q/used"):
        text = text_of(client().get(f"/a/{wave.one.text}{place}?lang=cy"))
        assert '<p lang="cy">Nid oes siaradwr Cymraeg a enwyd' in text
        assert '<p lang="en">No named speaker of Welsh has reviewed' in text
        assert "reviewed" not in text_of(client().get(f"/a/{wave.one.text}{place}"))
    assert not Language("cy").reviewed
    monkeypatch.setattr(languages, "reviewed_by", lambda code: "A named speaker")
    assert not Language("cy").reviewed, "the bank's own wordings are still signed by nobody"


def test_easy_read_is_offered_where_there_is_one() -> None:
    """Only where the instrument has the wording; an unknown language is English."""
    voice, staff = open_instrument("voice"), open_instrument("ai-baseline")
    assert language_of("en-x-easyread", voice).easy
    assert language_of("en-x-easyread", staff).code == "en"
    assert language_of("tlh", voice) == Language("en", ("en", "cy", "en-x-easyread"))


def test_answer_says_nothing_of_its_language(opened: Any, client: Any) -> None:
    """Which language somebody read in is kept nowhere: it would make the few who did easy to find."""
    from surefoot.web.models import Answer

    wave, browser = opened(), client()
    for question in ("used", "wanted", "hours", "area", "comment"):
        browser.post(f"/a/{wave.one.text}/q/{question}?lang=cy", {"pass": "yes"})
    browser.post(f"/a/{wave.one.text}/check?lang=cy")
    assert "cy" not in Answer.objects.get().content

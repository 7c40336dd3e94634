"""Answering, from the link to thanks, as a browser without scripts does it."""

import io
import json
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from surefoot.errors import Refused

FORMS: dict[str, dict[str, Any]] = {
    "used": {"answer": "yes"},
    "tools": {"answer": ["chat", "notes"]},
    "wanted": {"rank-second": "1", "rank-first": "2"},
    "hours": {"answer": "7.5"},
    "area": {},
    "comment": {"answer": "Nothing <b>more</b>"},
}
SENT = {
    "used": "yes",
    "tools": ["chat", "notes"],
    "wanted": ["second", "first"],
    "hours": 75,
    "area": None,
    "comment": "Nothing <b>more</b>",
}


def title(response: Any) -> str:
    """The title of a page."""
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    assert found
    return found[1]


def walk(browser: Any, link: str) -> Any:
    """Answer every question in turn; the check page comes out."""
    place = re.search(r'href="(/a/[^"]+/q/[^"]+)"', browser.get(f"/a/{link}").content.decode())
    assert place
    address = place[1]
    while "/q/" in address:
        assert browser.get(address).status_code == 200
        address = browser.post(address, FORMS[address.rpartition("/")[2]])["Location"]
    return browser.get(address)


def test_whole_survey_is_sent(opened: Any, client: Any, web: Any) -> None:
    """Question by question to the check page and to thanks; the answer is kept as it was given, and once."""
    from surefoot.web.models import Answer, Draft, Invitation

    wave, browser = opened(), client()
    link = wave.one.text
    page = walk(browser, link)
    assert "Nothing &lt;b&gt;more&lt;/b&gt;" in page.content.decode()
    done = browser.post(f"/a/{link}/check")
    assert "Thank you" in title(browser.get(done["Location"]))
    kept = Answer.objects.get()
    assert json.loads(kept.content) == SENT
    assert kept.id.version == 4
    assert kept.organisation.slug == "north"
    assert not Draft.objects.exists()
    assert Invitation.objects.filter(spent=True).count() == 1


def test_no_cookie_is_set(opened: Any, client: Any) -> None:
    """Nothing follows a respondent: no session, no cookie, nothing kept by the browser."""
    wave, browser = opened(), client()
    walk(browser, wave.one.text)
    assert not browser.cookies
    assert browser.get(f"/a/{wave.one.text}")["Cache-Control"] == "no-store"


def test_answering_writes_no_audit_event(opened: Any, client: Any) -> None:
    """The audit log says nothing of respondents: as many events after as before."""
    from surefoot.web.models import AuditEvent

    wave = opened()
    before = AuditEvent.objects.count()
    walk(client(), wave.one.text)
    client().post(f"/a/{wave.one.text}/check")
    assert AuditEvent.objects.count() == before


def test_link_resumes_on_another_device(opened: Any, client: Any) -> None:
    """What was saved is there, and the first page leads to the first open question."""
    wave = opened()
    link = wave.one.text
    client().post(f"/a/{link}/q/used", {"answer": "yes"})
    begun = client().get(f"/a/{link}").content.decode()
    assert f"/a/{link}/q/tools" in begun
    assert "Continue where you stopped" in begun
    assert re.search(r'value="yes"[^>]*\bchecked', client().get(f"/a/{link}/q/used").content.decode())


@pytest.mark.parametrize(
    ("question", "form", "words"),
    [
        ("used", {}, "Select an answer"),
        ("tools", {"answer": ["none", "chat"]}, "stands alone"),
        ("wanted", {"rank-first": "2"}, "Begin with 1 and leave no number out"),
        ("hours", {"answer": "some"}, "Enter a number"),
        ("comment", {"answer": "x" * 5002}, "it is 2 too long"),
    ],
)
def test_mistake_is_explained(opened: Any, client: Any, question: str, form: dict[str, Any], words: str) -> None:
    """The title begins with Error, the summary has the focus and leads to a field that exists; nothing is saved."""
    from surefoot.web.models import Draft

    wave, browser = opened(), client()
    link = wave.one.text
    browser.post(f"/a/{link}/q/used", {"answer": "yes"})
    before = Draft.objects.get().content
    page = browser.post(f"/a/{link}/q/{question}", form)
    text = page.content.decode()
    assert title(page).startswith("Error: ")
    assert words in text
    summary = re.search(r'class="nhsuk-error-summary"[^>]*autofocus', text)
    assert summary
    target = re.search(r'href="#([^"]+)"', text[summary.start() :])
    assert target
    assert f'id="{target[1]}"' in text
    assert Draft.objects.get().content == before


def test_passed_question_is_not_answered(opened: Any, client: Any) -> None:
    """`Skip this question` saves that it was shown and left empty, which is not `I don't know enough`."""
    from surefoot.web import store

    wave, browser = opened(), client()
    browser.post(f"/a/{wave.one.text}/q/used", {"pass": "yes"})
    assert store.draft(wave.one) == {"used": None}


def test_change_from_check_page_leads_back(opened: Any, client: Any) -> None:
    """Changing one answer leads back to the check page, by way of questions that it opened."""
    wave, browser = opened(), client()
    link = wave.one.text
    walk(browser, link)
    assert browser.post(f"/a/{link}/q/used?check", {"answer": "no"})["Location"].endswith("/check")
    assert "Which tools?" not in browser.get(f"/a/{link}/check").content.decode()
    browser.post(f"/a/{link}/q/used?check", {"answer": "dont-know-enough"})
    page = browser.get(f"/a/{link}/check").content.decode()
    assert "I don&#39;t know enough to say" in page


def test_unfinished_survey_cannot_be_sent(opened: Any, client: Any) -> None:
    """The check page leads to the first open question, by hand too."""
    wave, browser = opened(), client()
    for ask in (browser.get, browser.post):
        assert ask(f"/a/{wave.one.text}/check")["Location"].endswith("/q/used")


def test_second_sending_counts_once(opened: Any, client: Any, send: Callable[..., None]) -> None:
    """A second click, or a second device, changes nothing and is thanked."""
    from surefoot.web.models import Answer

    wave = opened()
    send(wave.one, wave.today)
    with pytest.raises(Refused):
        send(wave.one, wave.today)
    for address in ("", "/check", "/q/used", "/sent"):
        assert "Thank you" in title(client().get(f"/a/{wave.one.text}{address}"))
    assert "Thank you" in title(client().post(f"/a/{wave.one.text}/q/used", {"answer": "no"}))
    assert Answer.objects.count() == 1


def test_unknown_link_opens_nothing(opened: Any, client: Any) -> None:
    """A link that nobody was given, or that is half copied."""
    opened()
    for text in ("A" * 24, "half", "A" * 23):
        page = client().get(f"/a/{text}")
        assert page.status_code == 404
        assert "do not know this link" in title(page)


def test_planned_and_ended_waves_take_nothing(opened: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first day and after the last, the page says so and nothing is saved; on the last day it is."""
    from surefoot.web.models import Draft
    from surefoot.web.views import answering

    wave, browser = opened(opens=False), client()
    assert "takes no answers now" in title(browser.get(f"/a/{wave.one.text}"))
    from surefoot.web import actions

    actions.settle_simulated(study="staff", wave="1", by="lead@example.org")
    actions.open_wave(study="staff", wave="1", by="lead@example.org")
    monkeypatch.setattr(answering, "today", lambda: wave.today + timedelta(days=8))
    page = browser.post(f"/a/{wave.one.text}/q/used", {"answer": "yes"})
    assert "takes no answers now" in title(page)
    assert not Draft.objects.exists()
    monkeypatch.setattr(answering, "today", lambda: wave.today + timedelta(days=7))
    browser.post(f"/a/{wave.one.text}/q/used", {"answer": "yes"})
    assert Draft.objects.count() == 1


def test_comment_box_is_preceded_by_warnings(opened: Any, client: Any) -> None:
    """Name nobody, nobody can reply, and where urgent concerns go: before the box."""
    wave = opened()
    text = client().get(f"/a/{wave.one.text}/q/comment").content.decode()
    for words in ("Do not name anybody", "Nobody can reply", "Freedom to Speak Up"):
        assert 0 < text.index(words) < text.index("<textarea")


def test_answers_without_position_stay_last(opened: Any, client: Any) -> None:
    """In a shuffled list, `other` stays at the end for everybody, and people see different orders."""
    wave = opened(people=12)
    orders = set()
    for link in wave.links["north"]:
        text = client().get(f"/a/{link.text}/q/area").content.decode()
        values = re.findall(r'type="radio" value="([^"]+)"', text)
        assert values[-1] == "other"
        orders.add(tuple(values))
    assert len(orders) > 1


def test_headers_are_strict(opened: Any, client: Any) -> None:
    """Nothing from elsewhere, no script, no referrer, and no frame around it."""
    page = client().get(f"/a/{opened().one.text}")
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "script" not in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "no-referrer"
    assert "<script" not in page.content.decode()


def test_log_holds_no_link(opened: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of ours is logged with its traceback, and without the address of the page."""
    from surefoot.web import store

    wave, browser = opened(), client(raise_request_exception=False)
    handler = logging.getLogger("django").handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    log, earlier = io.StringIO(), handler.stream
    handler.setStream(log)
    monkeypatch.setattr(store, "draft", lambda link: 1 / 0)
    page = browser.get(f"/a/{wave.one.text}/q/used")
    browser.get(f"/a/{wave.one.text}x")
    handler.setStream(earlier)
    assert page.status_code == 500
    assert "Something went wrong" in title(page)
    assert "ZeroDivisionError" in log.getvalue()
    assert "status 404" in log.getvalue()
    assert wave.one.text not in log.getvalue()

"""Signing in: password, second factor, recovery codes, links; what is refused, what is lost, and what the log says."""

import json
import re
import time
from datetime import UTC, datetime
from typing import Any

import pytest

BY, PASSWORD = "lead@example.org", "correct horse battery"
EMAIL = "reviewer-all@example.org"


@pytest.fixture(autouse=True)
def no_tries() -> None:
    """Each test starts with nothing counted against anybody."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that goes on by half a minute, the life of a code, when it is called."""
    now = [time.time()]
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime.fromtimestamp(now[0], UTC))

    def go_on(seconds: float = 30) -> None:
        now[0] += seconds

    return go_on


def code_for(secret: str) -> str:
    """What the app shows now."""
    from allauth.mfa.totp.internal import auth

    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30))


def sign_in(browser: Any, password: str = PASSWORD, email: str = EMAIL) -> Any:
    """Send the form of the first page."""
    return browser.post("/sign-in", {"email": email, "password": password})


def show_again(browser: Any) -> None:
    """Give the password once more, as before factors are changed."""
    assert browser.post("/account/again", {"password": PASSWORD}).status_code == 302


def set_up_codes(browser: Any) -> tuple[str, list[str]]:
    """Switch on a codes app; its key and the recovery codes come out."""
    show_again(browser)
    secret = re.findall(r"<code>(\w+)</code>", browser.get("/account/codes").content.decode())[0]
    assert browser.post("/account/codes", {"code": code_for(secret)})["Location"] == "/account/recovery"
    codes = re.findall(r"<code>(\d+)</code>", browser.get("/account/recovery").content.decode())
    return secret, codes


def actions_done() -> list[str]:
    """What the audit log says, the newest first."""
    from surefoot.web import store

    return [event.action for event in store.history()]


def test_second_factor_is_asked_after_the_password(client: Any, clock: Any) -> None:
    """The password alone opens nothing; a code opens once, and a wrong one does not; all of it is in the log."""
    secret, _ = set_up_codes(client("reviewer"))
    clock()
    browser = client()
    assert sign_in(browser)["Location"] == "/sign-in/second"
    assert browser.get("/")["Location"] == "/sign-in"
    wrong = browser.post("/sign-in/second", {"code": "000000"}).content.decode()
    assert "Incorrect code" in wrong
    assert actions_done()[0] == "second-factor-failed"
    assert browser.post("/sign-in/second", {"code": code_for(secret)})["Location"] == "/"
    assert browser.get("/").status_code == 200
    from surefoot.web import store

    newest = store.history()[0]
    assert (newest.action, newest.by, newest.details) == ("sign-in", EMAIL, {"ways": "password, codes app"})


def test_code_opens_once_in_whichever_process(client: Any, clock: Any) -> None:
    """Somebody who watched the code being typed is too late, even at a process with a memory of its own."""
    from django.core.cache import cache

    secret, _ = set_up_codes(client("reviewer"))
    clock()
    code = code_for(secret)
    first, second = client(), client()
    for browser in (first, second):
        sign_in(browser)
    assert first.post("/sign-in/second", {"code": code}).status_code == 302
    cache.clear()
    assert second.post("/sign-in/second", {"code": code}).status_code == 200
    clock()
    assert second.post("/sign-in/second", {"code": code_for(secret)}).status_code == 302


def test_recovery_code_opens_once_and_is_shown_once(client: Any, clock: Any) -> None:
    """Ten codes, shown once; each stands for a code of the app, once."""
    browser = client("reviewer")
    _, codes = set_up_codes(browser)
    assert len(set(codes)) == 10
    again = browser.get("/account/recovery").content.decode()
    assert not any(one in again for one in codes)
    for expected in (302, 200):
        other = client()
        sign_in(other)
        assert other.post("/sign-in/second", {"code": codes[0]}).status_code == expected


def test_factors_are_changed_by_who_was_here_a_moment_ago(client: Any, clock: Any) -> None:
    """A browser left open does not let others change how somebody signs in."""
    browser = client("reviewer")
    assert browser.get("/account/codes")["Location"].startswith("/account/again?next=")
    set_up_codes(browser)
    clock(6 * 60)
    assert browser.post("/account/codes/remove")["Location"].startswith("/account/again?next=")
    assert browser.post("/account/again", {"password": "wrong"}).status_code == 200
    show_again(browser)
    assert browser.post("/account/codes/remove")["Location"] == "/account"
    assert actions_done()[:2] == ["remove-factor", "remove-factor"]


def test_secrets_of_factors_are_sealed(client: Any, web: Any) -> None:
    """The database alone makes no code, and with another key than the server's nothing opens."""
    from django.conf import settings

    secret, codes = set_up_codes(client("reviewer"))
    kept = web.read_bytes() + web.with_name(web.name + "-wal").read_bytes()
    assert secret.encode() not in kept
    assert not any(one.encode() in kept for one in codes)
    browser = client()
    sign_in(browser)
    before, settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEY, [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    try:
        assert browser.post("/sign-in/second", {"code": "000000"}).status_code == 409
    finally:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = before, []


def test_failed_sign_in_is_noted_without_what_was_typed(client: Any) -> None:
    """Of an address that is nobody's the log keeps nothing: it may be a password in the wrong field."""
    from surefoot.web import store

    client("reviewer")
    browser = client()
    sign_in(browser, "not my password")
    sign_in(browser, "x", "my secret password")
    events = [event for event in store.history() if event.action == "sign-in-failed"]
    assert [event.subject for event in events] == ["unknown address", EMAIL]
    assert not any("password" in str(event) for event in events)


def test_guessing_is_slowed_down(client: Any) -> None:
    """Ten tries of a password in a quarter of an hour, and ten of a code."""
    set_up_codes(client("reviewer"))
    browser = client()
    sign_in(browser)
    pages = [browser.post("/sign-in/second", {"code": "000000"}).content.decode() for _ in range(11)]
    assert "Incorrect code" in pages[9]
    assert "Too many failed" in pages[10]
    assert [sign_in(client(), "wrong").status_code for _ in range(11)].count(429) == 1


def test_second_factor_of_everybody(client: Any, clock: Any) -> None:
    """Asked by a lead, who has none opens their own account and no other page, whatever their role; leads too."""
    lead, reviewer = client("programme-lead"), client("reviewer")
    lead.post("/people/second-factor", {"required": "yes"})
    for browser in (lead, reviewer):
        assert browser.get("/")["Location"] == "/account"
        assert "asks everybody for a second factor" in browser.get("/account").content.decode()
    set_up_codes(reviewer)
    assert reviewer.get("/").status_code == 200
    assert lead.post("/people/second-factor", {"required": "no"})["Location"] == "/account"
    assert "require-second-factor" in actions_done()


def test_recovery_codes_alone_are_no_second_factor(client: Any) -> None:
    """Who removes the codes app loses the recovery codes with it, and is asked to set one up again."""
    from surefoot.web import store

    browser = client("reviewer")
    set_up_codes(browser)
    assert store.has_second_factor(EMAIL)
    browser.post("/account/codes/remove")
    assert not store.has_second_factor(EMAIL)
    assert store.factors(EMAIL) == ()


def test_password_is_changed_by_its_owner(client: Any) -> None:
    """The old one is asked, easy ones are refused, and every other session ends."""
    here, there = client("reviewer"), client()
    sign_in(there)
    assert there.get("/").status_code == 200
    new = "three other odd words"
    assert "not yours" in here.post("/account/password", {"old": "guess", "new": new}).content.decode()
    assert "easy to guess" in here.post("/account/password", {"old": PASSWORD, "new": "password"}).content.decode()
    assert here.post("/account/password", {"old": PASSWORD, "new": new})["Location"] == "/account"
    assert here.get("/").status_code == 200
    assert there.get("/")["Location"] == "/sign-in"
    assert sign_in(client(), new)["Location"] == "/"
    assert actions_done()[1] == "change-password"


def test_lead_makes_a_link_for_who_lost_a_password(client: Any, clock: Any) -> None:
    """At once the old password and every session are void; the factors stay unless the lead takes them away too."""
    lead, browser = client("programme-lead"), client("reviewer")
    set_up_codes(browser)
    for factors, asked in (("", "/sign-in/second"), ("yes", "/")):
        page = lead.post("/people/link", {"email": EMAIL, "factors": factors}).content.decode()
        link = re.findall(r"/enter/[\w-]+", page)[0]
        assert browser.get("/")["Location"] == "/sign-in"
        assert sign_in(client()).status_code == 200
        form = {"email": EMAIL, "name": "R", "password": PASSWORD}
        assert client().post(link, form)["Location"] == asked
    assert lead.post("/people/link", {"email": "programme-lead-all@example.org"}).status_code == 409


def test_who_leaves_loses_everything_at_once(client: Any) -> None:
    """Sessions, factors and links are gone from the database, not only without effect."""
    from allauth.mfa.models import Authenticator
    from django.contrib.sessions.models import Session

    from surefoot.web import actions, models

    browser = client("reviewer")
    set_up_codes(browser)
    actions.add_person(email=EMAIL, name="R", role="analyst", organisation="", now=datetime.now(UTC), by=BY)
    person = models.Person.objects.get(email=EMAIL)
    models.Token.objects.create(key="k", person=person, name="program", expires=datetime.now(UTC).date())
    actions.end_person(email=EMAIL, by=BY)
    assert not models.Token.objects.exists()
    assert browser.get("/account")["Location"] == "/sign-in"
    assert sign_in(client()).status_code == 200
    assert not Authenticator.objects.filter(user_id=person.pk).exists()
    assert not models.Entry.objects.filter(person=person).exists()
    assert not [one for one in Session.objects.all() if one.get_decoded().get("_auth_user_id") == str(person.pk)]


def test_one_of_several_roles_is_taken(client: Any) -> None:
    """The right goes with the role, at once; the last role goes with everything else, and not by this way."""
    from surefoot.web import actions

    lead, browser = client("programme-lead"), client("reviewer")
    actions.add_person(email=EMAIL, name="R", role="analyst", organisation="", now=datetime.now(UTC), by=BY)
    assert lead.post("/people/role/end", {"email": EMAIL, "role": "reviewer"})["Location"] == "/people"
    assert browser.get("/audit").status_code == 403
    assert lead.post("/people/role/end", {"email": EMAIL, "role": "analyst"}).status_code == 409
    mine = {"email": "programme-lead-all@example.org", "role": "programme-lead"}
    assert lead.post("/people/role/end", mine).status_code == 409


@pytest.mark.parametrize(
    "path", ["signup", "signup/", "accounts/signup/", "email", "account/email", "password/reset", "sign-up", "login"]
)
def test_what_allauth_offers_beside_has_no_address(client: Any, path: str) -> None:
    """Nobody signs up, changes an e-mail address or has a password sent."""
    assert client("programme-lead").get(f"/{path}").status_code == 404


def test_passkey_of_nobody_opens_nothing(client: Any) -> None:
    """What is no answer of a passkey is refused on the page, and noted."""
    browser = client()
    asked = browser.get("/sign-in/passkey", headers={"Accept": "application/json"}).json()
    assert asked["request_options"]["publicKey"]["userVerification"] == "required"
    made = {"id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {}}
    response = {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}
    for credential in (
        "{}",
        "[]",
        "1",
        '{"response": {"userHandle": null}}',
        json.dumps({**made, "response": response}),
    ):
        page = browser.post("/sign-in/passkey", {"credential": credential})
        assert page.status_code == 200, credential
        assert "This passkey is not known here" in page.content.decode()
    assert actions_done()[0] == "sign-in-failed"


def test_pages_of_passkeys_alone_have_a_script(client: Any, opened: Any) -> None:
    """Our own, from this server; nothing else is allowed, and on other pages no script at all."""
    browser = client("reviewer")
    show_again(browser)
    for path, script in (("/account/passkeys/add", True), ("/account", False), ("/sign-in", False), ("/", False)):
        page = browser.get(path)
        assert ("script-src 'self'" in page["Content-Security-Policy"]) == script
        assert re.findall(r"<script[^>]*>", page.content.decode()) == (
            re.findall(r'<script src="/static/passkeys.js\?\w+" defer>', page.content.decode()) if script else []
        )
    assert "Set-Cookie" not in client().get(f"/a/{opened().one.text}").headers


def test_audit_log_is_filtered_and_paged(client: Any) -> None:
    """By who and by what; a hundred events a page; a page that does not exist is the nearest one."""
    from surefoot.web import actions

    for number in range(120):
        actions.note_account(action="sign-in", email=f"person{number}@example.org")
    lead = client("programme-lead")
    first = lead.get("/audit?action=sign-in").content.decode()
    assert "121 events, page 1 of 2" in first
    assert "The log is whole" in first
    assert re.findall(r'href="(/audit[^"]*)"', first) == ["/audit", "/audit?who=&amp;action=sign-in&amp;page=2"]
    second = lead.get("/audit?action=sign-in&page=99").content.decode()
    assert "page 2 of 2" in second
    assert "1 event<" in lead.get("/audit?who=PERSON7@").content.decode()
    assert "0 events" in lead.get("/audit?who=nobody-of-that-name").content.decode()

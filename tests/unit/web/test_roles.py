"""Every address as every role: who may open it, who may change something by it, and whose data it shows."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from surefoot.web.addresses import urlpatterns
from surefoot.web.roles import ROLES

INSIDE = {"lead", "north", "analyst", "facilitator", "safeguarding", "reviewer"}
EVERYBODY = {"nobody", *INSIDE}
READERS = INSIDE - {"safeguarding"}

# The whole table of who may do what, by the name of the address: who may look (GET), and who may change (POST).
LOOK: dict[str, set[str]] = {
    "home": INSIDE,
    "rename": {"lead"},
    "stage": {"lead"},
    "programme-files": {"lead", "analyst"},
    "tokens": {"lead", "analyst"},
    "api-list": EVERYBODY,
    "api-document": EVERYBODY,
    "anonymity": EVERYBODY,
    "health": EVERYBODY,
    "account_login": EVERYBODY,
    "mfa_authenticate": INSIDE,
    "mfa_login_webauthn": EVERYBODY,
    "socialaccount_login_cancelled": set(),
    "openid_connect_login": EVERYBODY,
    "openid_connect_callback": EVERYBODY,
    "mfa_index": INSIDE,
    "account_change_password": INSIDE,
    "account_reauthenticate": INSIDE,
    "mfa_reauthenticate": INSIDE,
    "mfa_reauthenticate_webauthn": INSIDE,
    "mfa_activate_totp": INSIDE,
    "mfa_deactivate_totp": INSIDE,
    "mfa_add_webauthn": INSIDE,
    "mfa_remove_webauthn": INSIDE,
    "mfa_view_recovery_codes": INSIDE,
    "mfa_generate_recovery_codes": INSIDE,
    "people": {"lead"},
    "audit": {"lead", "reviewer"},
    "new-study": {"lead"},
    "study": INSIDE,
    "instrument": INSIDE,
    "paper": INSIDE,
    "print-paper": INSIDE,
    "enter-paper": {"lead", "north"},
    "export": {"lead", "analyst"},
    "new-wave": {"lead"},
    "wave": {"lead", "north"},
    "before": INSIDE,
    "before-item": {"lead", "north"},
    "mailing": {"lead"},
    "posters": {"lead"},
    "poster": {"lead"},
    "scan": EVERYBODY,
    "privacy": EVERYBODY,
    "release": READERS,
    "release-files": READERS,
    "publish": {"lead"},
    "draft": {"lead"},
    "release-report": READERS,
    "release-downloads": READERS,
    "release-organisation": READERS,
    "release-finding": READERS,
    "release-part": READERS,
    "results-style": EVERYBODY,
    "begin": EVERYBODY,
    "question": EVERYBODY,
    "check": EVERYBODY,
    "sent": EVERYBODY,
    "enter": EVERYBODY,
}
CHANGE: dict[str, set[str]] = {
    "rename": {"lead"},
    "account_login": EVERYBODY,
    "mfa_authenticate": INSIDE,
    "mfa_login_webauthn": EVERYBODY,
    "openid_connect_login": EVERYBODY,
    "openid_connect_callback": EVERYBODY,
    "account_change_password": INSIDE,
    "account_reauthenticate": INSIDE,
    "mfa_reauthenticate": INSIDE,
    "mfa_reauthenticate_webauthn": INSIDE,
    "mfa_activate_totp": INSIDE,
    "mfa_deactivate_totp": INSIDE,
    "mfa_add_webauthn": INSIDE,
    "mfa_remove_webauthn": INSIDE,
    "mfa_view_recovery_codes": set(),
    "mfa_generate_recovery_codes": INSIDE,
    "stage": {"lead"},
    "tokens": {"lead", "analyst"},
    "revoke-token": {"lead", "analyst"},
    "api": set(),
    "export-programme": {"lead", "analyst"},
    "import-programme": {"lead"},
    "sign-out": EVERYBODY,
    "people": {"lead"},
    "end-person": {"lead"},
    "end-role": {"lead"},
    "renew-entry": {"lead"},
    "require-second-factor": {"lead"},
    "new-study": {"lead"},
    "import-study": {"lead"},
    "instrument": INSIDE,
    "choose-instrument": {"lead"},
    "organisations": {"lead"},
    "retention": {"lead"},
    "new-wave": {"lead"},
    "before-item": {"lead", "north"},
    "mailing": {"lead"},
    "mailing-step": {"lead"},
    "posters": {"lead"},
    "scan": EVERYBODY,
    "invitations": {"lead"},
    "open-wave": {"lead"},
    "reminded": {"lead"},
    "enter-paper": {"lead", "north"},
    "close-wave": {"lead"},
    "publish": {"lead"},
    "prepare-draft": {"lead"},
    "question": EVERYBODY,
    "check": EVERYBODY,
    "enter": EVERYBODY,
}
MORE = {
    "rest": "programme",
    "item": "population",
    "step": "send",
    "secret": "none",
    "entry": "none",
    "organisation": "north",
    "finding": "finding-none",
    "part": "overview",
    "pk": "1",
    "provider_id": "none",
    "stage": "ask",
}
"""Names in addresses that need not be of anything."""
ADDRESSES = {str(entry.name): str(entry.pattern) for entry in urlpatterns}


def address(pattern: str, **names: str) -> str:
    """An address of a pattern, with names filled in."""
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: names[found[1]], pattern)


@pytest.fixture
def browsers(client: Any) -> dict[str, Any]:
    """One browser for each role, and one for nobody."""
    return {
        "nobody": client(),
        "lead": client("programme-lead"),
        "north": client("organisation-lead", "north"),
        "analyst": client("analyst"),
        "facilitator": client("facilitator"),
        "safeguarding": client("safeguarding-lead", "south"),
        "reviewer": client("reviewer"),
    }


def test_table_names_every_address() -> None:
    """A new address is placed in this table in the change that makes it."""
    assert LOOK.keys() | CHANGE.keys() == ADDRESSES.keys()


def test_every_role_is_walked(browsers: dict[str, Any]) -> None:
    """A new role is walked in the change that makes it."""
    assert len(browsers) == len(ROLES) + 1


def _walk(method: str, browsers: dict[str, Any], names: dict[str, str]) -> Iterator[tuple[str, str, int, str]]:
    for name, pattern in ADDRESSES.items():
        for who, browser in browsers.items():
            page = getattr(browser, method)(address(pattern, **names))
            yield name, who, page.status_code, page.headers.get("Location", "")


def _reached(status: int, place: str) -> bool:
    return status not in (401, 403, 405) and place != "/sign-in"


def test_looking_is_for_those_who_may(opened: Any, browsers: dict[str, Any]) -> None:
    """GET at every address as every role: reached, or led to sign in, or refused; never a fault of ours."""
    names = {"study": "staff", "wave": "1", "link": opened().one.text, "question": "used", **MORE}
    for name, who, status, place in _walk("get", browsers, names):
        assert status < 500, (name, who, status)
        assert _reached(status, place) == (who in LOOK.get(name, set())), (name, who, status, place)


def test_changing_is_for_those_who_may(opened: Any, browsers: dict[str, Any]) -> None:
    """POST at every address as every role. Those who may not change leave no event in the audit log."""
    from surefoot.web import models

    names = {"study": "staff", "wave": "1", "link": opened().one.text, "question": "used", **MORE}
    browsers = {who: browsers[who] for who in ("nobody", *sorted(INSIDE - {"lead"}), "lead")}
    before = models.AuditEvent.objects.count()
    for name, pattern in ADDRESSES.items():
        for who, browser in browsers.items():
            if name == "sign-out":
                continue
            page = browser.post(address(pattern, **names))
            place = page.headers.get("Location", "")
            reached = _reached(page.status_code, place)
            assert page.status_code < 500, (name, who, page.status_code)
            assert reached == (who in CHANGE.get(name, set())), (name, who, page.status_code, place)
            if who != "lead":
                assert models.AuditEvent.objects.count() == before, (name, who)
            before = models.AuditEvent.objects.count()


def test_organisation_lead_sees_their_own_alone(opened: Any, send: Any, browsers: dict[str, Any]) -> None:
    """Participation of the own organisation; not a number of another, and no total from which one could take it."""
    wave = opened(people=30)
    for place, people in (("north", 12), ("south", 17)):
        for link in wave.links[place][:people]:
            send(link, wave.today)
    rows = re.findall(r'<th scope="row">(.*?)</th>', browsers["north"].get("/studies/staff/waves/1/").content.decode())
    assert rows == ["North"]
    everything = browsers["lead"].get("/studies/staff/waves/1/").content.decode()
    assert re.findall(r'<th scope="row">(.*?)</th>', everything) == ["North", "South", "All"]
    assert ">29</td>" in everything


def test_organisation_lead_may_preview_nothing(opened: Any, browsers: dict[str, Any]) -> None:
    """The wording is open to all roles, uploading another is not."""
    opened()
    file = SimpleUploadedFile("x.toml", b"")
    assert browsers["north"].post("/studies/staff/instrument", {"instrument": file}).status_code == 409


def test_role_that_was_taken_away_is_gone_at_once(client: Any, browsers: dict[str, Any]) -> None:
    """A session that is still open has no right any more."""
    from surefoot.web import actions

    assert browsers["reviewer"].get("/audit").status_code == 200
    actions.end_person(email="reviewer-all@example.org", by="lead@example.org")
    assert browsers["reviewer"].get("/audit")["Location"] == "/sign-in"


def test_one_time_link_opens_once(web: Any, client: Any) -> None:
    """Used, it is used up; a new one ends the one before; an old one is too old."""
    from datetime import timedelta

    from surefoot.web import actions, store

    now = datetime.now(UTC)
    add = {"name": "A", "role": "reviewer", "organisation": "", "by": "lead@example.org"}
    first = actions.add_person(email="a@example.org", now=now, **add)
    second = actions.add_person(email="a@example.org", now=now, **add)
    assert store.entry_of(first, now=now) is None
    assert store.entry_of(second, now=now + timedelta(days=4)) is None
    form = {"email": "a@example.org", "name": "A", "password": "three odd words here"}
    assert client().post(f"/enter/{second}", {**form, "password": "short"}).status_code == 200
    assert client().post(f"/enter/{second}", form)["Location"] == "/"
    assert client().get(f"/enter/{second}").status_code == 404


def test_role_and_organisation_must_fit(web: Any) -> None:
    """An organisation lead has one organisation, a programme lead has none."""
    from surefoot.errors import BadInput
    from surefoot.web import actions

    for role, place in (("organisation-lead", ""), ("programme-lead", "north"), ("emperor", "")):
        with pytest.raises(BadInput):
            actions.add_person(
                email="a@example.org", name="A", role=role, organisation=place, now=datetime.now(UTC), by="x"
            )


def test_safeguarding_lead_is_of_one_organisation_or_of_all(web: Any) -> None:
    """Both can be given; each says for whom the right holds."""
    from surefoot.web.roles import SAFEGUARD, Visitor

    assert Visitor("a", "A", (("safeguarding-lead", "north"),)).organisations(SAFEGUARD) == ("north",)
    assert Visitor("a", "A", (("safeguarding-lead", ""),)).organisations(SAFEGUARD) is None
    assert not Visitor("a", "A", (("programme-lead", ""),)).may(SAFEGUARD)


def test_roles_are_in_the_documents() -> None:
    """The table of the how-to is the table that the server goes by."""
    text = (Path(__file__).parents[3] / "docs" / "how-to" / "serve.md").read_text(encoding="utf-8")
    for role in ROLES.values():
        assert f"| {role.title.lower()} | {role.sees} | {role.changes} |" in text


def test_analyst_gets_nothing_before_the_close(opened: Any, browsers: dict[str, Any]) -> None:
    """The folder of a study is refused while a wave is open, and given afterwards."""
    from surefoot.web import actions

    opened()
    assert browsers["analyst"].get("/studies/staff/export").status_code == 409
    actions.close_wave(study="staff", wave="1", by="lead@example.org")
    assert browsers["analyst"].get("/studies/staff/export")["Content-Type"] == "application/zip"
    assert browsers["facilitator"].get("/studies/staff/export").status_code == 403

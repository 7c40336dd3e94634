"""OpenID Connect: a provider on this machine, and who may enter by it: members with a verified address, nobody else."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

EMAIL = "reviewer-all@example.org"


class Provider(HTTPServer):
    """A provider of identities that answers for one person, whose claims a test sets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.claims: dict[str, Any] = {}
        self.subject = "subject-1"
        self.asked: list[dict[str, list[str]]] = []

    @property
    def issuer(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    """The four pages of a provider that matter here."""

    server: Provider

    def do_GET(self) -> None:
        """What can be asked for, and who somebody is."""
        issuer = self.server.issuer
        pages = {
            "/.well-known/openid-configuration": {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/keys",
            },
            "/userinfo": {"sub": "subject-1", **self.server.claims},
        }
        self._send(pages[self.path])

    def do_POST(self) -> None:
        """A token for a code."""
        import jwt

        self.server.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        claims = {"iss": self.server.issuer, "aud": "surefoot", "sub": self.server.subject, "iat": 1, "exp": 2**33}
        signed = jwt.encode(claims, "k" * 32, algorithm="HS256")
        self._send({"access_token": "a", "token_type": "Bearer", "id_token": signed})

    def _send(self, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def provider(web: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that the environment names, and the settings that come of it."""
    from django.conf import settings

    from surefoot.web.identities import identity_providers

    with Provider() as made:
        names = {"ISSUER": f"{made.issuer}/", "CLIENT_ID": "surefoot", "CLIENT_SECRET": "secret"}
        environment = {f"SUREFOOT_OIDC_{name}": value for name, value in names.items()}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        told = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": identity_providers(environment)}}
        monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", told)
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def come_back(browser: Any, query: str = "") -> Any:
    """Go to the provider by the link on the page, and come back with a code."""
    assert "/sign-in/provider/identity" in browser.get("/sign-in").content.decode()
    away = browser.get(f"/sign-in/provider/identity{query}")
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost/sign-in/provider/identity/back"]
    return browser.get(f"/sign-in/provider/identity/back?code=c&state={asked['state'][0]}")


def test_member_enters_by_a_verified_address(provider: Provider, client: Any) -> None:
    """The first time by the address, later by the identity; nothing else that was told is kept."""
    from allauth.socialaccount.models import SocialAccount

    from surefoot.web import store

    client("reviewer")
    provider.claims = {"email": EMAIL.upper(), "email_verified": True, "name": "Secret Name", "birthdate": "1970"}
    for _ in range(2):
        browser = client()
        assert come_back(browser)["Location"] == "/"
        assert browser.get("/audit").status_code == 200
        provider.claims = {"email": "changed@example.org", "email_verified": True}
    assert [one.extra_data for one in SocialAccount.objects.all()] == [{}]
    done = [event.action for event in store.history()]
    assert (done.count("add-identity"), done.count("sign-in")) == (1, 3)
    assert all("code_verifier" in asked for asked in provider.asked)


@pytest.mark.parametrize(
    "claims",
    [
        {"email": EMAIL},
        {"email": EMAIL, "email_verified": False},
        {"email": EMAIL, "email_verified": "false"},
        {"email": "stranger@example.org", "email_verified": True},
        {"email": "", "email_verified": True},
        {},
    ],
)
def test_others_do_not_enter(provider: Provider, client: Any, claims: dict[str, Any]) -> None:
    """No verified address of a member: no way in, and nobody is added."""
    from surefoot.web import models

    client("reviewer")
    before, provider.claims = models.Person.objects.count(), claims
    browser = client()
    assert come_back(browser).status_code == 403
    assert browser.get("/")["Location"] == "/sign-in"
    assert models.Person.objects.count() == before


def test_two_subjects_are_nobody(provider: Provider, client: Any) -> None:
    """A token of one person with the claims of another opens nothing."""
    client("reviewer")
    provider.claims, provider.subject = {"email": EMAIL, "email_verified": True}, "subject-2"
    assert come_back(client()).status_code == 403


def test_identity_is_not_tied_to_whoever_is_signed_in(provider: Provider, client: Any) -> None:
    """Asked to connect, as allauth offers elsewhere, the server refuses: it would pass by the verified address."""
    browser = client("reviewer")
    provider.claims = {"email": "stranger@example.org", "email_verified": True}
    assert come_back(browser, "?process=connect").status_code == 403


def test_who_left_does_not_enter(provider: Provider, client: Any) -> None:
    """The identity went with the roles."""
    from surefoot.web import actions

    client("reviewer")
    provider.claims = {"email": EMAIL, "email_verified": True}
    assert come_back(client())["Location"] == "/"
    actions.end_person(email=EMAIL, by="lead@example.org")
    assert come_back(client()).status_code == 403


def test_second_factor_is_asked_here_too(provider: Provider, client: Any) -> None:
    """Who has a second factor here is asked for it, whatever the provider asked before."""
    from allauth.mfa.totp.internal.auth import TOTP

    from surefoot.web import models

    client("reviewer")
    TOTP.activate(models.Person.objects.get(email=EMAIL), "A" * 32)
    provider.claims = {"email": EMAIL, "email_verified": True}
    assert come_back(client())["Location"] == "/sign-in/second"


def test_answer_that_was_not_asked_for_opens_nothing(provider: Provider, client: Any) -> None:
    """Without the state of this browser, with an error, or cancelled: a page that says so, and no way in."""
    browser = client()
    for query in ("code=c&state=made-up", "code=c", "error=server_error"):
        assert "You were not signed in" in browser.get(f"/sign-in/provider/identity/back?{query}").content.decode()
    assert browser.get("/sign-in/provider/cancelled")["Location"] == "/sign-in"


def test_without_settings_there_is_no_provider(web: Any, client: Any) -> None:
    """No address and no link on the page."""
    assert client().get("/sign-in/provider/identity").status_code == 404
    assert "provider" not in client().get("/sign-in").content.decode()

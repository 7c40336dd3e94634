"""How people sign in, as allauth is told: nobody signs up, factors are sealed, each sign-in is in the audit log."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa import app_settings, signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from surefoot.errors import Refused
from surefoot.web import actions
from surefoot.web.pages import page

_NAMES = {"totp": "codes app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """People: only programme leads add them."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """A keyed digest of the address of the network, so that limits can count it and nothing can tell it."""
        machine = request.META.get("REMOTE_ADDR", "")
        return hmac.digest(settings.SECRET_KEY.encode(), machine.encode(), hashlib.sha256).hex()

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Somebody whose roles were taken away is as if they were never here."""
        return HttpResponseRedirect("/sign-in")


class Identities(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Identities of another provider: they open the door only for members, by an address that the provider verified."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie an identity to the member with its verified address; refuse all others. Keeps nothing else of it."""
        told = sociallogin.account.extra_data
        claims = told.get("userinfo") or told.get("id_token") or {}
        subjects = {one["sub"] for one in (told.get("userinfo"), told.get("id_token")) if one and "sub" in one}
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            actions.forget_claims(identity=sociallogin.account)
            if sociallogin.state.get("process") == "login" and len(subjects) == 1:
                return
        email = str(claims.get("email", "")).strip().lower() if claims.get("email_verified") is True else ""
        person = actions.member(email=email) if sociallogin.state.get("process") == "login" else None
        if person is None or sociallogin.is_existing or len(subjects) != 1:
            reason = "your organisation does not confirm an e-mail address that has a role here"
            problem = Refused("only members sign in", reason, "Ask a programme lead to add you, with that address.")
            raise ImmediateHttpResponse(page(request, "problem.html", {"problem": problem}, status=403))
        sociallogin.connect(request, person)
        actions.note_account(action="add-identity", email=person.email)


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are sealed with the server's key, so the database alone opens no account."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret. Raises Refused where the server has another key than when it was sealed."""
        try:
            return _seal().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            reason = "the server has another key than when yours was set up"
            raise Refused("second factor", reason, "Ask a programme lead for a new link, without factors.") from None

    def build_totp_svg(self, url: str) -> str:
        """The picture that an app reads, as an element of the page."""
        from markupsafe import Markup

        drawn = super().build_totp_svg(url)
        return Markup(
            drawn[drawn.index("<svg") :].replace("<svg", '<svg role="img" aria-label="Picture for the app"', 1)
        )

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Whom a passkey is for: this server, by its name in the address."""
        told: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**told, "name": "Surefoot"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a passkey is called whose owner gave it no name."""
        return f"Passkey {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"


def _seal() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"surefoot/second-factor/1", hashlib.sha256)
    return Fernet(base64.urlsafe_b64encode(key))


class _Once:
    """A code of the app counts once in its half minute, whichever process of the server it reaches."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        used = self.authenticator  # type: ignore[attr-defined]
        if used.type != Authenticator.Type.TOTP:
            return code
        begin = time.time() // app_settings.TOTP_PERIOD * app_settings.TOTP_PERIOD
        with transaction.atomic():
            fresh = Authenticator.objects.select_for_update().get(pk=used.pk)
            if fresh.last_used_at and fresh.last_used_at.timestamp() >= begin:
                raise Factors().validation_error("incorrect_code")
            fresh.record_usage()
        return code


class Code(_Once, AuthenticateForm):  # type: ignore[misc]
    """The code of the second factor, at signing in."""


class CodeAgain(_Once, ReauthenticateForm):  # type: ignore[misc]
    """The code of the second factor, before factors are changed."""


def listen() -> None:
    """Write to the audit log what the signals of Django and allauth tell of signing in and of factors."""
    user_logged_in.connect(_signed_in, dispatch_uid="surefoot")
    user_login_failed.connect(_failed, dispatch_uid="surefoot")
    signals.authentication_failed.connect(_code_failed, dispatch_uid="surefoot")
    signals.authenticator_added.connect(_added, dispatch_uid="surefoot")
    signals.authenticator_removed.connect(_removed, dispatch_uid="surefoot")
    signals.authenticator_reset.connect(_added, dispatch_uid="surefoot")


def _signed_in(sender: Any, request: HttpRequest, user: Any, **more: Any) -> None:
    records = get_authentication_records(request, user)
    ways = [_NAMES.get(one.get("type", ""), "") or one["method"] for one in records]
    actions.note_account(action="sign-in", email=user.email, ways=", ".join(dict.fromkeys(ways)))


def _failed(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    actions.note_failed(email=str(credentials.get("username", "")))


def _code_failed(sender: Any, user: Any, **more: Any) -> None:
    actions.note_account(action="second-factor-failed", email=user.email)


def _added(sender: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    actions.note_account(action="add-factor", email=user.email, factor=_NAMES[authenticator.type])


def _removed(sender: Any, user: Any, authenticator: Authenticator, **more: Any) -> None:
    actions.note_account(action="remove-factor", email=user.email, factor=_NAMES[authenticator.type])

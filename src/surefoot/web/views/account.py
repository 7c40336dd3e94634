"""Somebody's own account: their password, second factor, passkeys, recovery codes; and allauth's pages for them.

The views of allauth that are not named here have no address: nobody signs up, and nobody changes an e-mail address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as passwords
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as codes
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount.providers.openid_connect import views as identities
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from surefoot.errors import BadInput
from surefoot.web import actions, limits, store
from surefoot.web.access import OWN, PUBLIC, me, needs
from surefoot.web.headers import PASSKEY_POLICY
from surefoot.web.pages import page

TRIES, MINUTES = 10, 15


@needs(OWN)
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who you are here, and by what you sign in."""
    mine = store.factors(me(request).email)
    content = {
        "codes": next((one for one in mine if one.kind == "totp"), None),
        "passkeys": [one for one in mine if one.kind == "webauthn"],
        "recovery": next((one for one in mine if one.kind == "recovery_codes"), None),
        "required": store.second_factor_required(),
    }
    return page(request, "account/account.html", content)


@needs(OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change your password; you stay signed in here, and are signed out everywhere else."""
    if request.method != "POST":
        return page(request, "account/password.html")
    email = me(request).email
    if limits.too_often(f"password {email}", most=TRIES, seconds=60 * MINUTES):
        return page(request, "429.html", status=429)
    old, new = (request.POST.get(name, "") for name in ("old", "new"))
    try:
        person = actions.change_password(email=email, old=old, new=new, by=email)
    except BadInput as problem:
        return page(request, "account/password.html", {"problem": problem})
    update_session_auth_hash(request, person)
    return HttpResponseRedirect("/account")


class Passkey(keys.LoginWebAuthnView):  # type: ignore[misc]
    """Sign in with a passkey alone: a page of its own, since the browser needs a script for it."""

    template_name = "account/sign-in-passkey.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; for the script on it, what the passkey is asked."""
        asked = request.headers.get("Accept") == "application/json"
        shown: HttpResponse = super().get(request) if asked else self.render_to_response(self.get_context_data())
        return shown

    def form_invalid(self, form: Any) -> HttpResponse:
        """A passkey that is nobody's here."""
        if self.request.POST.get("credential"):
            actions.note_failed(email="")
        shown: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        return shown


def _framed(view: Any, right: str, *, script: bool = False) -> Callable[..., HttpResponse]:
    """A view of allauth, with the right that it needs. script: it may use our script for passkeys."""

    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if script:
            response.headers["Content-Security-Policy"] = PASSKEY_POLICY
        return response

    return needs(right)(framed)


_AGAIN, _REMOVE = "account/again.html", "account/remove.html"
passkey = _framed(Passkey.as_view(), PUBLIC, script=True)
second = _framed(factors.AuthenticateView.as_view(template_name="account/second.html"), PUBLIC, script=True)
again = _framed(passwords.ReauthenticateView.as_view(template_name=_AGAIN), OWN)
again_code = _framed(factors.ReauthenticateView.as_view(template_name=_AGAIN), OWN)
again_passkey = _framed(keys.ReauthenticateWebAuthnView.as_view(template_name=_AGAIN), OWN, script=True)
add_codes = _framed(codes.ActivateTOTPView.as_view(template_name="account/codes.html"), OWN)
remove_codes = _framed(codes.DeactivateTOTPView.as_view(template_name=_REMOVE), OWN)
add_passkey = _framed(keys.AddWebAuthnView.as_view(template_name="account/passkey.html"), OWN, script=True)
remove_passkey = _framed(keys.RemoveWebAuthnView.as_view(template_name=_REMOVE, success_url="/account"), OWN)
recovery_codes = _framed(recovery.ViewRecoveryCodesView.as_view(template_name="account/recovery.html"), OWN)
new_recovery_codes = _framed(recovery.GenerateRecoveryCodesView.as_view(template_name="account/new-recovery.html"), OWN)
identity = _framed(identities.login, PUBLIC)
identity_back = _framed(identities.callback, PUBLIC)


@needs(PUBLIC)
@require_safe
def identity_cancelled(request: HttpRequest) -> HttpResponse:
    """Back from the provider of identities without one."""
    return HttpResponseRedirect("/sign-in")

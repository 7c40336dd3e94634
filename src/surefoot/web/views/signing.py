"""Signing in and out, and the one-time link by which somebody chooses a password."""

from __future__ import annotations

import os
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surefoot.errors import BadInput, Refused
from surefoot.web import actions, limits, store
from surefoot.web.access import PUBLIC, needs
from surefoot.web.identities import identity_providers
from surefoot.web.pages import page

TRIES, OF_ONE_MACHINE, MINUTES = 10, 100, 15


@needs(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with an e-mail address and a password; slowed down where somebody guesses."""
    if request.method != "POST":
        return page(request, "sign-in.html", {"identities": bool(identity_providers(os.environ))})
    email = request.POST.get("email", "").strip().lower()
    if _guessing(request, email):
        return page(request, "sign-in.html", {"email": email, "mistake": "too-often"}, status=429)
    password = request.POST.get("password", "")
    user = authenticate(request, username=email, password=password) if email and password else None
    if user is None:
        return page(request, "sign-in.html", {"email": email, "mistake": "wrong"})
    limits.forget(f"account {email}")
    return _go_on(request, user)


def _go_on(request: HttpRequest, user: Any) -> HttpResponse:
    """Sign somebody in whose password was right; who has a second factor is asked for it first."""
    answer: HttpResponse = perform_password_login(request, {"email": user.email}, Login(user=user))
    return answer


def _guessing(request: HttpRequest, email: str) -> bool:
    machine = request.META.get("REMOTE_ADDR", "")
    often = limits.too_often(f"account {email}", most=TRIES, seconds=60 * MINUTES)
    return limits.too_often(f"machine {machine}", most=OF_ONE_MACHINE, seconds=60 * MINUTES) or often


@needs(PUBLIC)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return HttpResponseRedirect("/sign-in")


@needs(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, entry: str) -> HttpResponse:
    """Choose a name and a password by a one-time link, and be signed in."""
    now = timezone.now()
    email = store.entry_of(entry, now=now)
    if email is None:
        reason = Refused("a link opens once", "this link was used, or is too old", "Ask for another.")
        return page(request, "problem.html", {"problem": reason}, status=404)
    if request.method != "POST":
        return page(request, "enter.html", {"given": {"email": "" if email.endswith(".invalid") else email}})
    given = {name: request.POST.get(name, "").strip() for name in ("email", "name")}
    return _entered(request, entry, given, now)


def _entered(request: HttpRequest, entry: str, given: dict[str, str], now: Any) -> HttpResponse:
    password, email = request.POST.get("password", ""), given["email"].lower()
    try:
        actions.choose_password(entry=entry, email=email, name=given["name"], password=password, now=now)
    except BadInput as problem:
        return page(request, "enter.html", {"given": given, "problem": problem})
    user = authenticate(request, username=email, password=password)
    return HttpResponseRedirect("/sign-in") if user is None else _go_on(request, user)

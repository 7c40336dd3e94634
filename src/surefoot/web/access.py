"""Who may open which page: every view names the right that it needs, and is closed to everybody else."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from surefoot.errors import BadInput, Refused
from surefoot.web import store
from surefoot.web.pages import page
from surefoot.web.roles import Visitor

OWN = "own-account"
"""The right of a view that shows somebody their own account: whoever signed in has it."""
View = TypeVar("View", bound=Callable[..., HttpResponse])
PUBLIC = "public"
"""The right of a view that anybody may open: signing in, the words on anonymity, and a respondent's pages."""


class SignedIn:
    """Puts the visitor on the request of every view but those that are open to all, which stay without a session."""

    def __init__(self, following: Callable[[HttpRequest], HttpResponse]) -> None:
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.following(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let a view run only for somebody with the right that it names; a view that names none never runs."""
        right = getattr(view, "needs", None)
        if right == PUBLIC:
            return None
        visitor = visitor_of(request)
        request.visitor = visitor  # type: ignore[attr-defined]
        if not visitor.email:
            return HttpResponseRedirect("/sign-in")
        if right == OWN:
            return None
        if right is None or not visitor.may(right):
            return page(request, "forbidden.html", status=403)
        if store.second_factor_required() and not store.has_second_factor(visitor.email):
            return HttpResponseRedirect("/account")
        return None


def visitor_of(request: HttpRequest) -> Visitor:
    """Who signed in, with their roles as they are now; nobody, where nobody did."""
    user = request.user
    if not user.is_authenticated:
        return Visitor()
    return Visitor(user.email, user.name, store.memberships_of(user.email))


def needs(right: str) -> Callable[[View], View]:
    """Say which right a view needs; PUBLIC for none. What the user got wrong becomes a page that says so."""

    def marked(view: View) -> View:
        @functools.wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except BadInput as problem:
                return page(request, "problem.html", {"problem": problem}, status=400)
            except Refused as problem:
                return page(request, "problem.html", {"problem": problem}, status=409)

        answered.needs = right  # type: ignore[attr-defined]
        return answered  # type: ignore[return-value]

    return marked


def me(request: HttpRequest) -> Visitor:
    """The visitor of a view that needs a right."""
    found: Visitor = request.visitor  # type: ignore[attr-defined]
    return found

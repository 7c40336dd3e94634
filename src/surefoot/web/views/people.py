"""Who has which role, and what was done."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.pages import page
from surefoot.web.roles import AUDIT, PEOPLE, ROLES


@needs(PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with a role; adding somebody shows the one-time link to hand to them."""
    if request.method != "POST":
        return _people(request)
    email, name, role, place = _given(request, "email", "name", "role", "organisation")
    entry = actions.add_person(
        email=email.lower(), name=name, role=role, organisation=place, now=timezone.now(), by=me(request).email
    )
    return _people(request, entry)


def _given(request: HttpRequest, *names: str) -> list[str]:
    return [request.POST.get(name, "").strip() for name in names]


def _people(request: HttpRequest, entry: str = "") -> HttpResponse:
    content = {
        "people": store.colleagues(),
        "roles": ROLES,
        "places": {one.slug: one.name for study in store.overviews() for one in store.organisations(study.slug)},
        "link": request.build_absolute_uri(f"/enter/{entry}") if entry else "",
        "required": store.second_factor_required(),
    }
    return page(request, "people.html", content)


@needs(PEOPLE)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Take all roles of somebody away."""
    actions.end_person(email=request.POST.get("email", ""), by=me(request).email)
    return HttpResponseRedirect("/people")


@needs(PEOPLE)
@require_POST
def end_role(request: HttpRequest) -> HttpResponse:
    """Take one role of somebody away."""
    email, role, place = _given(request, "email", "role", "organisation")
    actions.take_role(email=email, role=role, organisation=place, by=me(request).email)
    return HttpResponseRedirect("/people")


@needs(PEOPLE)
@require_POST
def link(request: HttpRequest) -> HttpResponse:
    """A new one-time link for somebody who cannot sign in any more; it is shown once."""
    email, factors = _given(request, "email", "factors")
    entry = actions.renew_entry(email=email, factors=factors == "yes", now=timezone.now(), by=me(request).email)
    return _people(request, entry)


@needs(PEOPLE)
@require_POST
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask a second factor of everybody with a role, or no longer."""
    actions.require_second_factor(required=request.POST.get("required") == "yes", by=me(request).email)
    return HttpResponseRedirect("/people")


@needs(AUDIT)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The audit log, a page at a time, of somebody or of one kind; and whether it is whole."""
    who, action, number = (request.GET.get(name, "").strip() for name in ("who", "action", "page"))
    found = store.history_page(who=who, action=action, page=int(number) if number.isdecimal() else 1)
    query = urlencode({"who": who, "action": action})
    content = {"found": found, "who": who, "action": action, "query": query, "whole": store.history_is_whole()}
    return page(request, "audit.html", content)

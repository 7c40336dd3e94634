"""Who has which role, and what was done."""

from __future__ import annotations

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
    link = ""
    if request.method == "POST":
        email, name, role, place = (
            request.POST.get(key, "").strip() for key in ("email", "name", "role", "organisation")
        )
        base = request.build_absolute_uri("/enter/")
        entry = actions.add_person(
            email=email.lower(), name=name, role=role, organisation=place, now=timezone.now(), by=me(request).email
        )
        link = f"{base}{entry}"
    places = {one.slug: one.name for study in store.overviews() for one in store.organisations(study.slug)}
    return page(request, "people.html", {"people": store.colleagues(), "roles": ROLES, "places": places, "link": link})


@needs(PEOPLE)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Take somebody's roles away."""
    actions.end_person(email=request.POST.get("email", ""), by=me(request).email)
    return HttpResponseRedirect("/people")


@needs(AUDIT)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """The audit log, and whether it is whole."""
    return page(request, "audit.html", {"events": store.history(), "whole": store.history_is_whole()})

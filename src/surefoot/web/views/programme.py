"""The home of the programme, the words on anonymity, and the sign of life."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from surefoot.web import actions, store
from surefoot.web.access import PUBLIC, me, needs
from surefoot.web.pages import answering_page, page
from surefoot.web.roles import CHANGE, SEE
from surefoot.web.stage import stages

SLUG = "programme"


@needs(SEE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What stands where, and what is next."""
    studies = store.overviews()
    waves = {study.slug: store.waves(study.slug) for study in studies}
    content = {
        "title": store.programme_title() or "This programme",
        "studies": studies,
        "waves": waves,
        "stages": stages(studies, waves, today=timezone.localdate()),
        "may_change": me(request).may(CHANGE),
    }
    return page(request, "home.html", content)


@needs(CHANGE)
@require_POST
def rename(request: HttpRequest) -> HttpResponse:
    """Give the programme its name."""
    title = request.POST.get("title", "").strip() or "This programme"
    actions.found_programme(slug=SLUG, title=title, by=me(request).email)
    return HttpResponseRedirect("/")


@needs(PUBLIC)
@require_safe
def anonymity(request: HttpRequest) -> HttpResponse:
    """What somebody with the whole database could and could not learn, in plain words."""
    return answering_page("anonymity.html", {})


@needs(PUBLIC)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """A sign of life for whoever watches the server: it answers, and the database does."""
    store.programme_title()
    return HttpResponse("ok", content_type="text/plain")

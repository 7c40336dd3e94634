"""The home of the programme, its stages and its name, the words on anonymity, and the sign of life."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surefoot.web import actions, store
from surefoot.web.access import PUBLIC, me, needs
from surefoot.web.days import read_day
from surefoot.web.desk import cards
from surefoot.web.pages import answering_page, page
from surefoot.web.roles import CHANGE, SEE
from surefoot.web.stage import NOW, Seen, stages

SLUG = "programme"


@needs(SEE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What stands where, what is next, and what there is for the roles of who looks."""
    seen, visitor = _seen(), me(request)
    judged = stages(seen)
    content = {
        "title": store.programme_title() or "This programme",
        "seen": seen,
        "stages": judged,
        "next": next((stage for stage in judged if stage.state == NOW), None),
        "cards": cards(visitor, seen),
        "may_change": visitor.may(CHANGE),
    }
    return page(request, "home.html", content)


def _seen() -> Seen:
    studies = store.overviews()
    waves = {study.slug: store.waves(study.slug) for study in studies}
    open_to = [wave for every in waves.values() for wave in every]
    prepared = {
        (study.slug, name): found
        for study in studies
        for name in (*study.imported, *(wave.name for wave in waves[study.slug]))
        if (found := store.preparation(study.slug, name, final=True))
    }
    return Seen(
        today=timezone.localdate(),
        studies=studies,
        waves=waves,
        unsigned={(wave.study, wave.name): store.unsigned(wave.study, wave.name) for wave in open_to},
        prepared=prepared,
        plans=store.planned_stages(),
    )


@needs(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, stage: str) -> HttpResponse:
    """Who owns a stage, and by when it is to be done."""
    found = next((one for one in stages(_seen()) if one.key == stage), None)
    if found is None:
        raise Http404
    if request.method == "POST":
        due, owner = request.POST.get("due", "").strip(), request.POST.get("owner", "")
        day = read_day(due, "day", expected="a date such as 2026-12-18") if due else None
        actions.plan_stage(stage=stage, owner=owner, due=day, by=me(request).email)
        return HttpResponseRedirect("/")
    plan = store.planned_stages().get(stage)
    return page(request, "stage.html", {"stage": found, "plan": plan, "people": store.colleagues()})


@needs(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest) -> HttpResponse:
    """Give the programme its name."""
    if request.method != "POST":
        return page(request, "programme.html", {"title": store.programme_title() or ""})
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

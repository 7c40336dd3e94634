"""Publishing: asked for in a moment, watched on a page that loads itself again, read as a draft by leads alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surefoot.errors import BadInput
from surefoot.report import render
from surefoot.web import actions, background, store
from surefoot.web.access import me, needs
from surefoot.web.headers import REPORT_POLICY
from surefoot.web.pages import page
from surefoot.web.roles import CHANGE
from surefoot.web.views.found import study_named

_TICK = "a tick that says that you checked the answers' files and headcounts"
EVERY = 3
"""Seconds after which the page of something that is being prepared loads itself again."""


@needs(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """How far the final release is, or what to check before it is asked for; asking answers at once."""
    if request.method == "POST":
        if request.POST.get("checked") != "yes":
            raise BadInput("final release", "no tick", _TICK)
        return _asked(request, study, wave, final=True)
    if store.release_key(study, wave) is not None:
        return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/release")
    return _progress(request, study, wave)


@needs(CHANGE)
@require_POST
def prepare_draft(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Ask for a draft."""
    return _asked(request, study, wave, final=False)


@needs(CHANGE)
@require_safe
def draft(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """The draft in one page, marked as one; no release, and for leads alone."""
    made = store.draft_of(study, wave)
    if made is None:
        raise Http404
    return HttpResponse(render(made), headers={"Content-Security-Policy": REPORT_POLICY})


def _asked(request: HttpRequest, study: str, wave: str, *, final: bool) -> HttpResponse:
    visitor, now = me(request), timezone.now()
    if not store.has_wave(study, wave):
        raise Http404
    actions.prepare_release(
        study=study, wave=wave, final=final, checked_by=visitor.name if final else "", now=now, by=visitor.email
    )
    background.start()
    return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/publish")


def _progress(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    found = study_named(study)
    if not store.has_wave(study, wave):
        raise Http404
    background.go_on()
    final, draft = (store.preparation(study, wave, final=kind) for kind in (True, False))
    busy = any(one is not None and one.under_way for one in (final, draft))
    content = {"study": found, "wave": store.wave(study, wave), "name": wave, "final": final, "draft": draft}
    made = page(request, "publish.html", {**content, "busy": busy, "every": EVERY, "who": me(request).name})
    if busy:
        made.headers["Refresh"] = str(EVERY)
    return made

"""Waves: planned, people invited, opened, watched, closed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.days import read_day
from surefoot.web.pages import page
from surefoot.web.roles import CHANGE, ENTER, PARTICIPATION, RESULTS
from surefoot.web.uploads import csv_text, read_rows, uploaded
from surefoot.web.views.found import study_named, wave_named

_COLUMNS = ("label", "organisation")


@needs(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, study: str) -> HttpResponse:
    """Plan a wave."""
    found = study_named(study)
    if request.method != "POST":
        return page(request, "new-wave.html", {"study": found})
    name = request.POST.get("name", "").strip()
    opens = read_day(request.POST.get("opens", "").strip(), "first day")
    closes = read_day(request.POST.get("closes", "").strip(), "last day")
    actions.plan_wave(study=study, name=name, opens=opens, closes=closes, by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/waves/{name}/")


@needs(PARTICIPATION)
@require_safe
def wave(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """One wave: who takes part, in counts of the organisations that the visitor may see, and what can be done next."""
    visitor = me(request)
    content = {
        "wave": wave_named(study, wave),
        "taking": store.taking_part(study, wave, organisations=visitor.organisations(PARTICIPATION)),
        "today": timezone.localdate(),
        "unsigned": store.unsigned(study, wave),
        "by_poster": store.any_by_poster(study, wave),
        "on_paper": store.any_on_paper(study, wave),
        "may_enter": visitor.may(ENTER),
        "may_change": visitor.may(CHANGE),
        "may_see_results": visitor.may(RESULTS),
    }
    return page(request, "wave.html", content)


@needs(CHANGE)
@require_POST
def invitations(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Make a link for each line of an uploaded CSV (label, organisation and, if they have one, email).

    Those with an address go to the outbox; for the others the same list with links comes back, once.
    """
    wave_named(study, wave)
    file = uploaded(request, "people", f"a CSV with the columns {' and '.join(_COLUMNS)}")
    listed = list(read_rows(file, _COLUMNS, "list of people"))
    people = [(row["label"], row["organisation"]) for row in listed if not row.get("email")]
    mailed = [(row["email"], row["organisation"]) for row in listed if row.get("email")]
    base = request.build_absolute_uri("/a/")
    made = actions.invite_by_mail(study=study, wave=wave, people=people, mailed=mailed, by=me(request).email)
    if mailed and not people:
        return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/mailing")
    rows = [(label, place, f"{base}{link.text}") for label, place, link in made]
    headers = {"Content-Disposition": f'attachment; filename="links-{study}-{wave}.csv"'}
    text = csv_text(("label", "organisation", "link"), rows)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@needs(CHANGE)
@require_POST
def open_now(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Open a planned wave."""
    actions.open_wave(study=study, wave=wave_named(study, wave).name, by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/")


@needs(CHANGE)
@require_POST
def reminded(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Say that reminders went out."""
    actions.begin_second_phase(study=study, wave=wave_named(study, wave).name, by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/")


@needs(CHANGE)
@require_POST
def close(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Close a wave for good."""
    actions.close_wave(study=study, wave=wave_named(study, wave).name, by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/")

"""How long the answers of a study are kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from surefoot.web import actions
from surefoot.web.access import me, needs
from surefoot.web.days import read_day
from surefoot.web.roles import CHANGE
from surefoot.web.views.found import study_named


@needs(CHANGE)
@require_POST
def retention(request: HttpRequest, study: str) -> HttpResponse:
    """Set the day on which the answers of a study are deleted, with the reason."""
    study_named(study)
    given, reason = (request.POST.get(name, "").strip() for name in ("day", "reason"))
    day = read_day(given, "day of deletion", expected="a date such as 2027-11-30")
    actions.set_retention(study=study, day=day, reason=reason, today=timezone.localdate(), by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/")

"""How long the answers of a study are kept."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from surefoot.errors import BadInput
from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.roles import CHANGE


@needs(CHANGE)
@require_POST
def retention(request: HttpRequest, study: str) -> HttpResponse:
    """Set the day on which the answers of a study are deleted, with the reason."""
    if store.overview(study) is None:
        raise Http404
    given, reason = (request.POST.get(name, "").strip() for name in ("day", "reason"))
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise BadInput("day of deletion", f'"{given}"', "a date such as 2027-11-30") from None
    actions.set_retention(study=study, day=day, reason=reason, today=timezone.localdate(), by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/")

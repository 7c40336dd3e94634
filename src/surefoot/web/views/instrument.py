"""The wording of a study: shown, uploaded and compared with what is asked now, and taken until links exist."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from surefoot.errors import BadInput, Refused
from surefoot.instrument import Instrument, bank_names, differences, open_instrument
from surefoot.questionnaires import Questionnaire, conditions
from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.pages import page
from surefoot.web.roles import CHANGE, SEE
from surefoot.web.uploads import uploaded
from surefoot.web.views.found import study_named
from surefoot.web.wording import EXPECTED, from_wording_text, read_wording, wording_text


def of_the_bank(request: HttpRequest) -> Instrument:
    """The instrument of the bank that a form names. Raises BadInput."""
    name = request.POST.get("bank", "")
    if name not in bank_names():
        raise BadInput("instrument", f'"{name}"', f"one of the bank: {', '.join(bank_names())}")
    return open_instrument(name)


def _sent(request: HttpRequest) -> Questionnaire:
    """The wording of a form: one of the bank, one that was previewed, or an uploaded file."""
    if request.POST.get("bank"):
        return Questionnaire(of_the_bank(request))
    if request.POST.get("wording"):
        return Questionnaire(from_wording_text(request.POST["wording"]))
    return read_wording(uploaded(request, "instrument", EXPECTED))


@needs(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def instrument(request: HttpRequest, study: str) -> HttpResponse:
    """The wording of a study; or, for those who may change it, a preview of another one, not yet chosen."""
    found, may_change = study_named(study), me(request).may(CHANGE)
    now = shown = store.instrument(found.instrument)
    content: dict[str, Any] = {"study": found, "bank": bank_names(), "may_change": may_change}
    if request.method == "POST":
        if not may_change:
            raise Refused("roles", "your role does not change instruments", "Ask a programme lead.")
        sent = _sent(request)
        shown = sent.instrument
        content |= {"preview": True, "not_carried": sent.not_carried, "wording": wording_text(shown)}
        content["differences"] = differences(now, shown)
    return page(request, "instrument.html", {**content, "asked": shown, "when": conditions(shown, shown.languages[0])})


@needs(CHANGE)
@require_POST
def choose(request: HttpRequest, study: str) -> HttpResponse:
    """Take the wording that was previewed, an uploaded one, or one of the bank, for a study."""
    actions.choose_instrument(study=study_named(study).slug, instrument=_sent(request).instrument, by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/instrument")

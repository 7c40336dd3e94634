"""Invitations by e-mail: letters with a preview, how sending stands, and the buttons to send, stop and remind."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST

from surefoot.errors import BadInput
from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.catalogue import day
from surefoot.web.outbox import GAPS, Letter
from surefoot.web.pages import page
from surefoot.web.roles import CHANGE
from surefoot.web.views.found import wave_named

_STEPS: dict[str, Callable[..., None]] = {
    "stop": actions.stop_sending,
    "again": actions.send_failed_again,
    "take-back": actions.take_failed_back,
    "remind": actions.queue_reminders,
}


@needs(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def mailing(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """The letters of a wave, as they will look, and how its invitations stand; posted, the letters are saved."""
    found, seen, problem = wave_named(study, wave), store.mailing(study, wave), None
    invitation, reminder, speed = seen.invitation, seen.reminder, str(seen.per_minute)
    if request.method == "POST":
        invitation, reminder = (_letter(request, kind) for kind in ("invitation", "reminder"))
        speed = request.POST.get("speed", "").strip()
        try:
            _write(found, invitation, reminder, speed, by=me(request).email)
            return HttpResponseRedirect(request.path)
        except BadInput as fault:
            problem = fault
    places = store.organisations(study)
    sample = {
        "link": request.build_absolute_uri("/a/" + "x" * 24),
        "organisation": places[0].name if places else "Organisation",
        "closes": day(found.closes),
    }
    shown = [
        (kind, one.filled(**sample)) for kind, one in (("Invitation", seen.invitation), ("Reminder", seen.reminder))
    ]
    content = {"wave": found, "seen": seen, "problem": problem, "preview": shown, "gaps": GAPS, "speed": speed}
    return page(request, "mailing.html", {**content, "invitation": invitation, "reminder": reminder})


def _write(wave: store.WaveSeen, invitation: Letter, reminder: Letter, speed: str, *, by: str) -> None:
    names = {"study": wave.study, "wave": wave.name, "by": by}
    actions.write_letters(**names, invitation=invitation, reminder=reminder, per_minute=_number(speed))


def _letter(request: HttpRequest, kind: str) -> Letter:
    return Letter(request.POST.get(f"{kind}-subject", ""), request.POST.get(f"{kind}-text", ""))


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise BadInput("messages a minute", f'"{text}"', "a whole number")
    return int(text)


@needs(CHANGE)
@require_POST
def step(request: HttpRequest, study: str, wave: str, step: str) -> HttpResponse:
    """Send, stop, try again what failed, take it back, or remind."""
    wave_named(study, wave)
    names = {"study": study, "wave": wave, "by": me(request).email}
    if step == "send":
        actions.begin_sending(**names, base=request.build_absolute_uri("/a/"))
    elif step in _STEPS:
        _STEPS[step](**names)
    else:
        raise Http404
    return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/mailing")

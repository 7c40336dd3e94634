"""Posters: made, printed, opened and closed by a lead; and the page that they lead to, which gives out a link."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from surefoot.errors import BadInput, Refused
from surefoot.web import actions, limits, store
from surefoot.web.access import PUBLIC, me, needs
from surefoot.web.pages import answering_page, page
from surefoot.web.roles import CHANGE
from surefoot.web.views.found import wave_named

OF_A_POSTER, OF_ONE_MACHINE, MINUTES = 120, 60, 10
_STEPS: dict[str, Callable[..., None]] = {
    "make": actions.make_poster,
    "open": actions.open_poster,
    "close": actions.close_poster,
}


@needs(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def posters(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """The posters of a wave, by organisation; posted, one is made, opened or closed."""
    found = wave_named(study, wave)
    if request.method != "POST":
        return page(request, "posters.html", {"wave": found, "posters": store.posters(study, wave)})
    step = request.POST.get("step", "")
    if step not in _STEPS:
        raise BadInput("step", f'"{step}"', f"one of {', '.join(_STEPS)}")
    place = request.POST.get("organisation", "")
    _STEPS[step](study=study, wave=wave, organisation=place, by=me(request).email)
    return HttpResponseRedirect(request.path)


@needs(CHANGE)
@require_safe
def poster(request: HttpRequest, study: str, wave: str, organisation: str) -> HttpResponse:
    """One poster on a sheet of A4, with its address as a QR code and in letters."""
    import segno

    found = wave_named(study, wave)
    seen = next((one for one in store.posters(study, wave) if one.slug == organisation and one.secret), None)
    if seen is None:
        raise Http404
    address = request.build_absolute_uri(f"/p/{seen.secret}")
    drawn = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2, light="#fff")
    return page(request, "poster.html", {"wave": found, "poster": seen, "address": address, "code": Markup(drawn)})


@csrf_exempt
@needs(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest, secret: str) -> HttpResponse:
    """What a poster leads to: a button, and behind it a link of one's own."""
    today = timezone.localdate()
    opened = store.poster(secret, today=today)
    if opened is None:
        return answering_page("answering/message.html", {"key": "unknown"}, status=404)
    if not opened.open:
        return answering_page("answering/message.html", {"key": "closed"})
    if request.method != "POST":
        return answering_page("answering/poster.html", {"opened": opened, "secret": secret})
    if _hurrying(request, secret):
        return answering_page("answering/message.html", {"key": "hurry"}, status=429)
    try:
        link = actions.take_link(secret=secret, today=today)
    except Refused:
        return answering_page("answering/message.html", {"key": "full"}, status=409)
    return HttpResponseRedirect(f"/a/{link.text}")


def _hurrying(request: HttpRequest, secret: str) -> bool:
    machine = request.META.get("REMOTE_ADDR", "")
    often = limits.too_often(f"poster {secret}", most=OF_A_POSTER, seconds=60 * MINUTES)
    return limits.too_often(f"poster machine {machine}", most=OF_ONE_MACHINE, seconds=60 * MINUTES) or often

"""Before you ask: what is settled and signed before a wave is opened, and the privacy notice that respondents read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from surefoot.errors import BadInput, Refused
from surefoot.web import actions, store
from surefoot.web.access import PUBLIC, me, needs
from surefoot.web.days import read_day
from surefoot.web.governance import edition
from surefoot.web.language import PARAMETER, language_of
from surefoot.web.pages import answering_page, page
from surefoot.web.roles import GOVERN, SEE, Visitor
from surefoot.web.views.found import wave_named


@needs(SEE)
@require_safe
def before(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """All items of a wave with what was written and who signed, on one page that prints well."""
    content = {
        "wave": wave_named(study, wave),
        "settled": store.settled(study, wave),
        "edition": edition(),
        "may_sign": _signs_for_all(me(request)),
    }
    return page(request, "before.html", content)


@needs(GOVERN)
@require_http_methods(["GET", "HEAD", "POST"])
def item(request: HttpRequest, study: str, wave: str, item: str) -> HttpResponse:
    """One item: its fields, saved as they are, or saved and signed. A mistake keeps what was written on the page."""
    found = wave_named(study, wave)
    if not _signs_for_all(me(request)):
        reason = "an item holds for all organisations, and your role for one of them"
        raise Refused("roles", reason, "Tell a programme lead what you sign: they record it under your name.")
    settled = next((one for one in store.settled(study, wave) if one.item.id == item), None)
    if settled is None:
        raise Http404
    content = {"wave": found, "settled": settled, "texts": settled.texts, "today": timezone.localdate()}
    if request.method != "POST":
        return page(request, "before-item.html", content)
    texts = {one.id: request.POST.get(f"text.{one.id}", "") for one in settled.item.fields}
    try:
        signature = _signature(request) if "sign" in request.POST else None
        actions.settle(study=study, wave=wave, item=item, texts=texts, signature=signature, by=me(request).email)
    except BadInput as problem:
        given = {name: request.POST.get(name, "") for name in ("name", "role", "day")}
        return page(request, "before-item.html", {**content, "texts": texts, "problem": problem, "given": given})
    return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/before#{item}")


def _signs_for_all(visitor: Visitor) -> bool:
    return visitor.may(GOVERN) and visitor.organisations(GOVERN) is None


def _signature(request: HttpRequest) -> actions.Signature:
    name, role, given = (request.POST.get(key, "").strip() for key in ("name", "role", "day"))
    day = read_day(given, "day of the signature")
    if day > timezone.localdate():
        raise BadInput("day of the signature", f'"{given}"', "a day that is not in the future")
    return actions.Signature(name, role, day)


@needs(PUBLIC)
@require_safe
def privacy(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """The privacy notice of a wave as it was signed; its address says nothing of who reads it."""
    notice = store.privacy_notice(study, wave)
    if notice is None:
        raise Http404
    title, paragraphs = notice
    content = {"title": title, "paragraphs": paragraphs, "here": request.path}
    return answering_page("answering/privacy.html", content, spoken_in=language_of(request.GET.get(PARAMETER)))

"""Paper: the questionnaire to print, and the page on which what came back is typed in."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from surefoot.instrument import Instrument
from surefoot.questionnaires import printed_page
from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.asked import SERVED
from surefoot.web.catalogue import day, say, unreviewed
from surefoot.web.headers import REPORT_POLICY
from surefoot.web.language import PARAMETER, Language, language_of
from surefoot.web.pages import page
from surefoot.web.roles import ENTER, SEE
from surefoot.web.sheet import is_wrong, read_sheet, sheet
from surefoot.web.views.found import study_named, wave_named


def _asked(request: HttpRequest, found: store.Overview) -> tuple[Instrument, Language]:
    asked = store.shown_instrument(found.instrument)
    return asked, language_of(request.GET.get(PARAMETER), asked)


@needs(SEE)
@require_safe
def paper(request: HttpRequest, study: str) -> HttpResponse:
    """What can be printed: for which organisation, in which language."""
    found = study_named(study)
    content = {
        "study": found,
        "organisations": store.organisations(study),
        "languages": _asked(request, found)[1].offered,
        "waves": [wave for wave in store.waves(study) if wave.state in ("planned", "open")],
        "may_enter": me(request).may(ENTER),
    }
    return page(request, "paper.html", content)


@needs(SEE)
@require_safe
def printed(request: HttpRequest, study: str) -> HttpResponse:
    """The questionnaire as one page to print, with how it is handed in and where concerns go."""
    found = study_named(study)
    asked, language = _asked(request, found)
    place = next((one for one in store.organisations(study) if one.slug == request.GET.get("organisation")), None)
    wave = store.wave(study, request.GET.get("wave", ""))
    code = language.code
    before = [say("organisation", code, organisation=place.name)] if place else []
    before += [say(f"paper-{key}", code) for key in ("names", "typed", "sealed")]
    before += [say("paper-back", code, day=day(wave.closes, code))] if wave else []
    warnings = [say(key, code) for key in ("comment-names", "comment-reply", "comment-urgent", _speak(asked))]
    known = store.known_question(study)
    notes = {} if language.reviewed else unreviewed(code)
    text = printed_page(asked, [code], before={code: before}, warnings={code: warnings}, notes=notes, without=known)
    return HttpResponse(text, headers={"Content-Security-Policy": REPORT_POLICY})


def _speak(asked: Instrument) -> str:
    return "comment-speak-served" if asked.measuring(SERVED) else "comment-speak"


@needs(ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Type in one questionnaire of an organisation; kept, the next one may follow."""
    found, seen = study_named(study), wave_named(study, wave)
    own = me(request).organisations(ENTER)
    places = [one for one in store.organisations(study) if own is None or one.slug in own]
    content = {"study": found, "wave": seen, "places": places, "here": request.path}
    name = request.GET.get("organisation")
    if name is None:
        return page(request, "paper-choose.html", content)
    place = next((one for one in places if one.slug == name), None)
    if place is None:
        raise Http404
    return _typed_in(request, {**content, "place": place}, study, wave, place.slug)


def _typed_in(request: HttpRequest, content: dict[str, Any], study: str, wave: str, place: str) -> HttpResponse:
    asked, language = _asked(request, content["study"])
    known, form = store.known_question(study), request.POST.getlist if request.method == "POST" else None
    read = read_sheet(asked, form, known) if form else {}
    if form and not is_wrong(read):
        key = request.POST.get("key", "")
        actions.enter_paper(study=study, wave=wave, organisation=place, key=key, answers=read)
        return HttpResponseRedirect(f"{request.path}?organisation={place}&{PARAMETER}={language.code}&kept")
    more = {
        "asked": asked,
        "asked_in": language,
        "sheet": sheet(asked, known, language=language.code, form=form, mistakes=read),
        "key": request.POST.get("key") or uuid.uuid4(),
        "kept": "kept" in request.GET and not form,
    }
    return page(request, "paper-enter.html", {**content, **more})

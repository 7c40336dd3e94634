"""The pages of a respondent. The link in the address is all that they need: no cookie, no session, no script.

The views are exempt from the check against forged forms because there is nothing to forge with: a browser sends no
credential of its own, and a page elsewhere does not know the link.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from surefoot.errors import Refused
from surefoot.instrument import untranslated
from surefoot.web import actions, store
from surefoot.web.access import PUBLIC, needs
from surefoot.web.answer import Mistake, read_answer
from surefoot.web.asked import AskedPage, asked_page, summary
from surefoot.web.language import PARAMETER, Language, address, language_of
from surefoot.web.link import Link
from surefoot.web.pages import answering_page, blank_page
from surefoot.web.route import Route, route
from surefoot.web.store import Invited

Inner = Callable[..., HttpResponse]


def today() -> date:
    """The day where the respondents are."""
    return timezone.localdate()


def _message(request: HttpRequest, key: str, invited: Invited | None = None, status: int = 200) -> HttpResponse:
    content = {"key": key, "here": request.path}
    return answering_page("answering/message.html", content, spoken_in=_language(request, invited), status=status)


def _language(request: HttpRequest, invited: Invited | None = None) -> Language:
    return language_of(request.GET.get(PARAMETER), invited.instrument if invited else None)


def _to(request: HttpRequest, invited: Invited, link: Link, place: str = "") -> HttpResponseRedirect:
    """On to another page of the same link, in the same language."""
    return HttpResponseRedirect(address(f"/a/{link.text}{place}", _language(request, invited).code))


def _linked(*methods: str) -> Callable[[Inner], Inner]:
    """Open the link; where it leads to no open wave, or its answers were sent, say so instead."""

    def marked(view: Inner) -> Inner:
        @csrf_exempt
        @needs(PUBLIC)
        @require_http_methods(methods)
        @functools.wraps(view)
        def opened(request: HttpRequest, link: str, **more: Any) -> HttpResponse:
            secret = Link.read(link)
            invited = store.invited(secret, today=today()) if secret else None
            if secret is None or invited is None:
                return _message(request, "unknown", status=404)
            if invited.spent:
                return _message(request, "sent", invited)
            if not invited.open:
                return _message(request, "closed", invited)
            try:
                return view(request, secret, invited, **more)
            except Refused:
                return _to(request, invited, secret)

        return opened

    return marked


def _on_the_way(link: Link, invited: Invited) -> Route:
    return route(invited.instrument, store.draft(link), known=invited.known)


def _show(page: AskedPage, link: Link, language: Language) -> HttpResponse:
    content = {"page": page, "link": link.text, "place": f"/q/{page.question.id}"}
    return (
        blank_page("answering/question.html", content, page.key(), spoken_in=language)
        if page.blank
        else answering_page("answering/question.html", content, spoken_in=language)
    )


@_linked("GET", "HEAD")
def begin(request: HttpRequest, link: Link, invited: Invited) -> HttpResponse:
    """The first page: what this is, how it protects, in which languages, and where to start or to go on."""
    way, language = _on_the_way(link, invited), _language(request, invited)
    following = way.first_open
    content = {
        "link": link.text,
        "invited": invited,
        "next": f"/q/{following.id}" if following else "/check",
        "begun": bool(way.answers),
        "way": way,
        "all_translated": not untranslated(invited.instrument, language.code),
    }
    return answering_page("answering/begin.html", content, spoken_in=language)


@_linked("GET", "HEAD", "POST")
def question(request: HttpRequest, link: Link, invited: Invited, question: str) -> HttpResponse:
    """One question: shown, or saved and on to the next."""
    way, language = _on_the_way(link, invited), _language(request, invited)
    place = way.place(question)
    if place is None:
        return _to(request, invited, link)
    asked = way.questions[place]
    if request.method != "POST":
        return _show(asked_page(way, asked, link), link, language)
    answer = None if "pass" in request.POST else read_answer(asked, request.POST.getlist)
    if isinstance(answer, Mistake):
        posted = request.POST.getlist
        return _show(
            asked_page(way, asked, link, posted=posted, mistake=answer, language=language.code), link, language
        )
    following = route(invited.instrument, {**way.answers, question: answer}, known=invited.known)
    actions.save_page(link=link, answers=following.kept, today=today())
    return _to(request, invited, link, _next(following, question, "check" in request.GET))


def _next(way: Route, question: str, back_to_check: bool) -> str:
    """The next question, or, for somebody who came from the check page, the next that is open; else the check page."""
    following = way.first_open if back_to_check else way.after(question)
    return f"/q/{following.id}" if following else "/check"


@_linked("GET", "HEAD", "POST")
def check(request: HttpRequest, link: Link, invited: Invited) -> HttpResponse:
    """All answers on one page, to change or to send."""
    way = _on_the_way(link, invited)
    if way.first_open is not None:
        return _to(request, invited, link, f"/q/{way.first_open.id}")
    if request.method == "POST":
        actions.submit(link=link, answers=way.kept, today=today())
        return _to(request, invited, link, "/sent")
    content = {"link": link.text, "place": "/check", "rows": summary(way), "invited": invited}
    return answering_page("answering/check.html", content, spoken_in=_language(request, invited))


@_linked("GET", "HEAD")
def sent(request: HttpRequest, link: Link, invited: Invited) -> HttpResponse:
    """Thanks for answers that were sent, which `_linked` says; whose are not is led back to them."""
    return _to(request, invited, link)

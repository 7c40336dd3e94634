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
from surefoot.web import actions, store
from surefoot.web.access import PUBLIC, needs
from surefoot.web.answer import Mistake, read_answer
from surefoot.web.asked import AskedPage, asked_page, summary
from surefoot.web.link import Link
from surefoot.web.pages import answering_page, blank_page
from surefoot.web.route import Route, route
from surefoot.web.store import Invited

Inner = Callable[..., HttpResponse]


def today() -> date:
    """The day where the respondents are."""
    return timezone.localdate()


def _message(key: str, status: int = 200) -> HttpResponse:
    return answering_page("answering/message.html", {"key": key}, status=status)


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
                return _message("unknown", 404)
            if invited.spent:
                return _message("sent")
            if not invited.open:
                return _message("closed")
            try:
                return view(request, secret, invited, **more)
            except Refused:
                return HttpResponseRedirect(f"/a/{link}")

        return opened

    return marked


def _on_the_way(link: Link, invited: Invited) -> Route:
    return route(invited.instrument, store.draft(link), known=invited.known)


def _show(page: AskedPage, link: Link) -> HttpResponse:
    content = {"page": page, "link": link.text}
    return (
        blank_page("answering/question.html", content, page.key())
        if page.blank
        else answering_page("answering/question.html", content)
    )


@_linked("GET", "HEAD")
def begin(request: HttpRequest, link: Link, invited: Invited) -> HttpResponse:
    """The first page: what this is, how it protects, and where to start or to go on."""
    way = _on_the_way(link, invited)
    following = way.first_open
    place = f"q/{following.id}" if following else "check"
    content = {"link": link.text, "invited": invited, "next": place, "begun": bool(way.answers), "way": way}
    return answering_page("answering/begin.html", content)


@_linked("GET", "HEAD", "POST")
def question(request: HttpRequest, link: Link, invited: Invited, question: str) -> HttpResponse:
    """One question: shown, or saved and on to the next."""
    way = _on_the_way(link, invited)
    place = way.place(question)
    if place is None:
        return HttpResponseRedirect(f"/a/{link.text}")
    asked = way.questions[place]
    if request.method != "POST":
        return _show(asked_page(way, asked, link), link)
    answer = None if "pass" in request.POST else read_answer(asked, request.POST.getlist)
    if isinstance(answer, Mistake):
        return _show(asked_page(way, asked, link, posted=request.POST.getlist, mistake=answer), link)
    following = route(invited.instrument, {**way.answers, question: answer}, known=invited.known)
    actions.save_page(link=link, answers=following.kept, today=today())
    return HttpResponseRedirect(f"/a/{link.text}/{_next(following, question, 'check' in request.GET)}")


def _next(way: Route, question: str, back_to_check: bool) -> str:
    """The next question, or, for somebody who came from the check page, the next that is open; else the check page."""
    following = way.first_open if back_to_check else way.after(question)
    return f"q/{following.id}" if following else "check"


@_linked("GET", "HEAD", "POST")
def check(request: HttpRequest, link: Link, invited: Invited) -> HttpResponse:
    """All answers on one page, to change or to send."""
    way = _on_the_way(link, invited)
    if way.first_open is not None:
        return HttpResponseRedirect(f"/a/{link.text}/q/{way.first_open.id}")
    if request.method == "POST":
        actions.submit(link=link, answers=way.kept, today=today())
        return HttpResponseRedirect(f"/a/{link.text}/sent")
    return answering_page("answering/check.html", {"link": link.text, "rows": summary(way), "invited": invited})


@_linked("GET", "HEAD")
def sent(request: HttpRequest, link: Link, invited: Invited) -> HttpResponse:
    """Thanks for answers that were sent, which `_linked` says; whose are not is led back to them."""
    return HttpResponseRedirect(f"/a/{link.text}")

"""Pages for what went wrong; they tell nothing of what the server was doing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from surefoot.web.language import PARAMETER, language_of
from surefoot.web.pages import answering_page


def _problem(request: HttpRequest, key: str, status: int) -> HttpResponse:
    language = language_of(request.GET.get(PARAMETER))
    return answering_page("answering/message.html", {"key": key}, spoken_in=language, status=status)


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that makes no sense."""
    return _problem(request, "missing", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is not allowed."""
    return _problem(request, "missing", 403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that does not exist."""
    return _problem(request, "missing", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    return _problem(request, "lost", 500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or that was open for too long."""
    return _problem(request, "forged", 403)

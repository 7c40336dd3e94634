"""Pages for what went wrong; they tell nothing of what the server was doing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from surefoot.web.pages import answering_page


def _problem(key: str, status: int) -> HttpResponse:
    return answering_page("answering/message.html", {"key": key}, status=status)


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that makes no sense."""
    return _problem("missing", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that is not allowed."""
    return _problem("missing", 403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that does not exist."""
    return _problem("missing", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    return _problem("lost", 500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from one of our pages, or that was open for too long."""
    return _problem("forged", 403)

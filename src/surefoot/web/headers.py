"""What every response says to the browser: nothing from elsewhere, no script, nothing kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PASSKEY_POLICY = f"{POLICY}; script-src 'self'; connect-src 'self'"
"""For the pages on which a passkey is used: the one thing that a browser does not do without a script, our own."""
REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
"""For the page of a Release: one file that carries its own style and holds nothing that a visitor wrote."""


PAGES_POLICY = f"{POLICY}; style-src-attr 'unsafe-inline'"
"""For the pages of a Release: their graphs carry widths and heights as attributes."""


class Headers:
    """Adds the headers to each response that does not bring its own."""

    def __init__(self, following: Callable[[HttpRequest], HttpResponse]) -> None:
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.following(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        return response

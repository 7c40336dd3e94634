"""The programming interface: a token says who asks; no cookie does. Faults are problems in JSON (RFC 9457)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from surefoot.errors import BadInput, Refused
from surefoot.web import limits, store
from surefoot.web.access import PUBLIC, needs
from surefoot.web.api.document import document
from surefoot.web.api.endpoints import ENDPOINTS, Asked, Endpoint, NotFound
from surefoot.web.api.schema import read_body
from surefoot.web.pages import page

A_MINUTE, WRONG, MINUTES = 600, 100, 15


class _Fault(Exception):
    def __init__(self, status: int, detail: str = "", **headers: str) -> None:
        self.status, self.detail = status, detail
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}


@csrf_exempt
@needs(PUBLIC)
def api(request: HttpRequest, rest: str) -> HttpResponse:
    """Any address of the interface."""
    try:
        return _answer(request, f"/{rest}")
    except _Fault as fault:
        return _problem(fault.status, fault.detail, fault.headers)
    except NotFound:
        return _problem(404, "What this address names is not there.", {})
    except BadInput as problem:
        return _problem(422, str(problem), {})
    except Refused as problem:
        return _problem(409, str(problem), {})
    except RequestDataTooBig:
        return _problem(413, "", {})


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    found = [(one, names) for one in ENDPOINTS if (names := _names(one, path)) is not None]
    if not found:
        raise NotFound
    chosen = next(((one, names) for one, names in found if one.method == request.method), None)
    if chosen is None:
        raise _Fault(405, "", Allow=", ".join(sorted(one.method for one, _ in found)))
    one, names = chosen
    by = _bearer(request)
    if not by.may(one.right) or (one.writes and not by.writes):
        raise _Fault(403, f"This needs the right {one.right}{' and a token that may write' if one.writes else ''}.")
    answer = one.answer(Asked(by, names, _body(request, one)))
    return _sent(one.status, answer, "application/json")


def _names(one: Endpoint, path: str) -> Mapping[str, str] | None:
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[A-Za-z0-9-]+)", one.path)
    matched = re.fullmatch(pattern, path)
    return matched.groupdict() if matched else None


def _body(request: HttpRequest, one: Endpoint) -> Any:
    if one.body is None:
        return None
    try:
        return read_body(request.body, one.body)
    except BadInput as problem:
        raise _Fault(400, str(problem)) from None


def _bearer(request: HttpRequest) -> store.Bearer:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    by = store.bearer(text.strip(), today=timezone.localdate()) if scheme.lower() == "bearer" else None
    machine = f"api {request.META.get('REMOTE_ADDR', '')}"
    if by is None:
        if limits.too_often(machine, most=WRONG, seconds=60 * MINUTES):
            raise _Fault(429, "", Retry_After=str(60 * MINUTES))
        raise _Fault(401, "Send a token: Authorization: Bearer ...", WWW_Authenticate="Bearer")
    if limits.too_often(f"token {by.email} {by.token}", most=A_MINUTE, seconds=60):
        raise _Fault(429, "", Retry_After="60")
    if store.second_factor_required() and not store.has_second_factor(by.email):
        raise _Fault(403, "The maker of this token has no second factor, which this programme asks for.")
    return by


def _problem(status: int, detail: str, headers: Mapping[str, str]) -> HttpResponse:
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return _sent(status, told, "application/problem+json", headers)


def _sent(status: int, told: Mapping[str, Any], kind: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, default=str)
    return HttpResponse(text, status=status, content_type=kind, headers=dict(headers or {}))


@needs(PUBLIC)
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document of the interface, for programs."""
    return _sent(200, document(), "application/json")


@needs(PUBLIC)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The endpoints as a page."""
    return page(request, "api.html", {"endpoints": ENDPOINTS})

"""The document of the programming interface (OpenAPI 3.1), made from the table of endpoints."""

from __future__ import annotations

import re
from typing import Any

from surefoot.web.api.endpoints import ENDPOINTS, SLUG, WAVE, Endpoint

BASE = "/api/v1"
_WHY = {
    "400": "The body is not what this document says.",
    "401": "There is no token, or it is over.",
    "403": "The token, or its maker, may not do this.",
    "404": "What the address names is not there.",
    "409": "A rule refuses it.",
    "413": "The body is too large.",
    "422": "A value fits this document, and cannot be taken.",
    "429": "Asked too often: wait as long as Retry-After says.",
}
_PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
    "required": ["type", "title", "status"],
}


def document() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, Any] = {}
    for one in ENDPOINTS:
        paths.setdefault(BASE + one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Surefoot",
            "version": "1",
            "description": "The programme, for programs.",
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
        },
        "security": [{"token": []}],
    }


def _operation(one: Endpoint) -> dict[str, Any]:
    names = re.findall(r"\{(\w+)\}", one.path)
    kinds = {"study": SLUG, "wave": WAVE}
    body = {"required": True, "content": {"application/json": {"schema": one.body}}}
    return {
        "summary": one.says,
        "description": f"Needs the right {one.right}{', and a token that may write' if one.writes else ''}.",
        "operationId": _id(one),
        "parameters": [{"name": n, "in": "path", "required": True, "schema": kinds[n]} for n in names],
        **({"requestBody": body} if one.body else {}),
        "responses": {
            str(one.status): {"description": "Done.", "content": {"application/json": {"schema": {"type": "object"}}}},
            **{status: _problem(why) for status, why in _WHY.items()},
        },
    }


def _id(one: Endpoint) -> str:
    return "-".join([one.method.lower(), *re.findall(r"\w+", one.path)])


def _problem(why: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": why, "content": {"application/problem+json": {"schema": schema}}}

"""What a body may be: the few words of JSON Schema that our endpoints use, checked as the document says them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from surefoot.errors import BadInput

Schema = Mapping[str, Any]
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}


def read_body(content: bytes, schema: Schema) -> Any:
    """The body of a request, as its schema says. Raises BadInput."""
    try:
        body = json.loads(content)
        json.dumps(body, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise BadInput(
            "body", "a text that is not JSON in UTF-8", "JSON as the document of this interface says"
        ) from None
    check(body, schema, "body")
    return body


def check(value: Any, schema: Schema, where: str) -> None:
    """Raise BadInput where a value is not what a schema says."""
    kind = schema["type"]
    if not isinstance(value, _KINDS[kind]) or (kind == "integer" and isinstance(value, bool)):
        raise BadInput(where, type(value).__name__, kind)
    _CHECKS.get(kind, _nothing)(value, schema, where)


def _nothing(value: Any, schema: Schema, where: str) -> None:
    pass


def _object(value: dict[str, Any], schema: Schema, where: str) -> None:
    parts, more = schema.get("properties", {}), schema.get("additionalProperties", False)
    missing = [name for name in schema.get("required", ()) if name not in value]
    if missing:
        raise BadInput(where, f"no {missing[0]}", f'a value for "{missing[0]}"')
    for name, part in value.items():
        if name in parts:
            check(part, parts[name], f"{where}, {name}")
        elif more is False:
            raise BadInput(where, f'"{name[:40]}"', f"only {', '.join(parts)}")
        else:
            check(part, more, f"{where}, {name[:40]}")


def _array(value: list[Any], schema: Schema, where: str) -> None:
    if not schema.get("minItems", 0) <= len(value) <= schema["maxItems"]:
        raise BadInput(where, f"{len(value)} entries", f"{schema.get('minItems', 0)} to {schema['maxItems']}")
    for number, part in enumerate(value):
        check(part, schema["items"], f"{where}, {number}")


def _string(value: str, schema: Schema, where: str) -> None:
    fits = len(value) <= schema.get("maxLength", 10**6) and re.search(schema.get("pattern", ""), value)
    if not fits or ("enum" in schema and value not in schema["enum"]):
        raise BadInput(where, f'"{value[:40]}"', str(schema.get("description", "a text of the kind that is asked for")))


def _integer(value: int, schema: Schema, where: str) -> None:
    if not schema["minimum"] <= value <= schema["maximum"]:
        raise BadInput(where, str(value)[:40], f"{schema['minimum']} to {schema['maximum']}")


_CHECKS: Mapping[str, Callable[[Any, Schema, str], None]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
}

"""What a claim rests on, and how content gets its name: canonical JSON, content ids, Evidence and its Ledger."""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput

SCHEMA = "surefoot/evidence/1"


def canonical(content: Any) -> bytes:
    """Content as canonical JSON: UTF-8, NFC, sorted keys, no spaces, floats as strings of 12 significant digits.

    Two contents are the same exactly when their canonical bytes are. NaN and infinity raise ValueError: they name
    nothing.

    >>> canonical({"b": 0.1 + 0.2, "a": ["e\\u0301", None]}).decode()
    '{"a":["é",null],"b":"0.3"}'
    """
    return _ENCODER.encode(_plain(content)).encode()


# One encoder for all: `json.dumps` with these settings would make a new one for each of thousands of ids.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(content: Any) -> Any:
    if isinstance(content, str):
        return content if content.isascii() else unicodedata.normalize("NFC", content)
    if content is None or isinstance(content, bool | int):
        return content
    if isinstance(content, float):
        if not math.isfinite(content):
            raise ValueError("NaN and infinity have no canonical form")
        return format(content + 0.0, ".12g")  # -0.0 is the same number as 0.0
    if isinstance(content, date | datetime):
        return content.isoformat()
    if isinstance(content, Mapping):
        return {_plain(str(key)): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    raise TypeError(f"{type(content).__name__} has no canonical form")


def content_id(kind: str, content: Any) -> str:
    """The name of content: its kind and 16 hexadecimal digits of SHA-256 over its canonical form.

    >>> content_id("instrument", {"title": "AI and our work"})
    'instrument-c909e54c3b029d3f'
    """
    return f"{kind}-{hashlib.sha256(canonical(content)).hexdigest()[:16]}"


def secret_digest(secret: bytes, content: Any) -> str:
    """A keyed digest (HMAC-SHA-256) of content that comes from unreleased answers.

    A plain hash of a small table can be guessed by trying all tables; without the study's secret this one cannot.
    """
    return hmac.new(secret, canonical(content), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Evidence:
    """What a claim rests on.

    id: content id of everything but the result. kind: survey-figure, ballot, assurance-run, readiness-test, pilot,
    document or certificate. method, inputs, parameters: enough to make it again. result_digest: keyed digest of the
    result. n: people or cases behind it, None where none. interval: (low, high) or None. applies_to: organisation,
    population and model_version, as far as they are known. made, expires: UTC instants as ISO 8601; expires may be
    None.
    """

    id: str
    kind: str
    method: str
    inputs: dict[str, Any]
    parameters: dict[str, Any]
    result_digest: str
    made: str
    made_by: str
    n: int | None = None
    interval: tuple[float, float] | None = None
    applies_to: dict[str, str] = field(default_factory=dict)
    expires: str | None = None
    simulated: bool = False

    def to_json(self) -> dict[str, Any]:
        """The evidence as a plain object with its schema."""
        return {"schema": SCHEMA, **asdict(self)}


@dataclass(frozen=True)
class Ledger:
    """All the evidence of a programme, by id."""

    entries: dict[str, Evidence]

    @classmethod
    def open(cls, folder: Path) -> Ledger:
        """Read every evidence file of a folder. Raises BadInput where a file is not evidence."""
        entries = {}
        for path in sorted(folder.glob("*.json")):
            evidence = _read_evidence(path)
            entries[evidence.id] = evidence
        return cls(entries)

    def __iter__(self) -> Iterator[Evidence]:
        return iter(self.entries.values())

    def __getitem__(self, evidence_id: str) -> Evidence:
        return self.entries[evidence_id]


def _read_evidence(path: Path) -> Evidence:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        schema = content.pop("schema", None)
        interval = content.get("interval")
        evidence = Evidence(**{**content, "interval": tuple(interval) if interval else None})
    except (OSError, ValueError, TypeError, AttributeError):
        raise BadInput(str(path), "a file that is not evidence", "a JSON file that Surefoot wrote") from None
    if schema != SCHEMA:
        raise BadInput(str(path), "a file without the schema of evidence", f'"schema": "{SCHEMA}"')
    return evidence

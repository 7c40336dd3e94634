"""Every endpoint of the programming interface, in one table: its address, what it needs, and what answers it.

Each reads through the store and writes through the actions, as pages do, with the same rights for each organisation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from surefoot.errors import BadInput
from surefoot.findings import find
from surefoot.instrument import bank_names, instrument_table, open_instrument
from surefoot.release import Release
from surefoot.release.files import release_table
from surefoot.web import actions, store
from surefoot.web.days import read_day
from surefoot.web.roles import AUDIT, CHANGE, PARTICIPATION, RESULTS, SEE
from surefoot.web.store import Bearer

Answer = Mapping[str, Any]
SLUG = {
    "type": "string",
    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "maxLength": 80,
    "description": "small letters, digits and hyphens",
}
TEXT = {
    "type": "string",
    "pattern": "^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$",
    "maxLength": 200,
    "description": "a text of one line",
}
WAVE = {
    "type": "string",
    "pattern": "^[A-Za-z0-9][A-Za-z0-9-]{0,39}$",
    "maxLength": 40,
    "description": "letters, digits and hyphens",
}
DAY = {
    "type": "string",
    "format": "date",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": "a day such as 2026-11-30",
}
STAFF = {"type": "integer", "minimum": 0, "maximum": 9_999_999}


def _body(**parts: Any) -> dict[str, Any]:
    return {"type": "object", "properties": parts, "required": list(parts), "additionalProperties": False}


ORGANISATION = {
    "type": "object",
    "properties": {
        "id": SLUG,
        "name": TEXT,
        "service_type": {
            "type": "string",
            "pattern": "^[a-z0-9-]*$",
            "maxLength": 80,
            "description": "a kebab-case word",
        },
        "staff": STAFF,
        "staff_by_group": {"type": "object", "additionalProperties": STAFF},
    },
    "required": ["id", "name"],
    "additionalProperties": False,
}


class NotFound(Exception):
    """What an address names is not there."""


@dataclass(frozen=True)
class Asked:
    """A request that may be answered: who asks, what its address names, and its body."""

    by: Bearer
    names: Mapping[str, str]
    body: Any = None

    @property
    def study(self) -> store.Overview:
        """The study of the address. Raises NotFound."""
        found = store.overview(self.names["study"])
        if found is None:
            raise NotFound
        return found

    @property
    def wave(self) -> store.WaveSeen:
        """The wave of the address. Raises NotFound."""
        found = store.wave(self.study.slug, self.names["wave"])
        if found is None:
            raise NotFound
        return found

    @property
    def signature(self) -> str:
        """Who the audit log names."""
        return f"{self.by.email} by token {self.by.token}"


@dataclass(frozen=True)
class Endpoint:
    """One thing that can be asked. status: of a good answer; body: its schema, None where there is none."""

    method: str
    path: str
    right: str
    says: str
    answer: Callable[[Asked], Answer] = field(compare=False)
    body: Mapping[str, Any] | None = None
    status: int = 200

    @property
    def writes(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"


def _programme(_: Asked) -> Answer:
    return {"title": store.programme_title() or "This programme", "studies": [one.slug for one in store.overviews()]}


def _rename(asked: Asked) -> Answer:
    actions.found_programme(slug="programme", title=asked.body["title"], by=asked.signature)
    return _programme(asked)


def _study_table(one: store.Overview) -> dict[str, Any]:
    return {
        "id": one.slug,
        "title": one.title,
        "instrument": one.instrument,
        "questions": one.questions,
        "simulated": one.simulated,
        "waves_brought_in": list(one.imported),
        "waves_released": list(one.released),
    }


def _studies(_: Asked) -> Answer:
    return {"studies": [_study_table(one) for one in store.overviews()]}


def _add_study(asked: Asked) -> Answer:
    bank = open_instrument(asked.body["bank"])
    actions.add_study(slug=asked.body["id"], title=asked.body["title"], instrument=bank, by=asked.signature)
    return {"id": asked.body["id"]}


def _study(asked: Asked) -> Answer:
    return _study_table(asked.study)


def _instruments(_: Asked) -> Answer:
    return {"bank": list(bank_names()), "used": sorted({one.instrument for one in store.overviews()})}


def _instrument(asked: Asked) -> Answer:
    return {"id": asked.study.instrument, "instrument": instrument_table(store.instrument(asked.study.instrument))}


def _organisations(asked: Asked) -> Answer:
    found = store.organisations(asked.study.slug)
    return {
        "organisations": [
            {"id": one.slug, "name": one.name, "service_type": one.service_type, "staff": one.staff} for one in found
        ]
    }


def _set_organisations(asked: Asked) -> Answer:
    rows = [(one["id"], one["name"], one.get("service_type", ""), _staff(one)) for one in asked.body["organisations"]]
    for place in (0, 1):
        if len({row[place] for row in rows}) < len(rows):
            raise BadInput("organisations", "an id or a name twice", "each once")
    actions.set_organisations(study=asked.study.slug, organisations=rows, by=asked.signature)
    return _organisations(asked)


def _staff(one: Mapping[str, Any]) -> int | Mapping[str, int]:
    if one.get("staff_by_group"):
        groups: Mapping[str, int] = one["staff_by_group"]
        return groups
    if "staff" not in one:
        raise BadInput(f"organisation {one['id']}", "no staff", "staff, or staff_by_group")
    return int(one["staff"])


def _wave_table(one: store.WaveSeen) -> dict[str, Any]:
    return {
        "name": one.name,
        "opens": one.opens.isoformat(),
        "closes": one.closes.isoformat(),
        "state": one.state,
        "released": one.released,
    }


def _waves(asked: Asked) -> Answer:
    return {"waves": [_wave_table(one) for one in store.waves(asked.study.slug)]}


def _plan(asked: Asked) -> Answer:
    body = asked.body
    opens, closes = (
        read_day(body[key], key, expected="a day that there is, such as 2026-11-30") for key in ("opens", "closes")
    )
    actions.plan_wave(study=asked.study.slug, name=body["name"], opens=opens, closes=closes, by=asked.signature)
    return {"name": body["name"]}


def _wave(asked: Asked) -> Answer:
    return _wave_table(asked.wave)


def _open(asked: Asked) -> Answer:
    actions.open_wave(study=asked.study.slug, wave=asked.wave.name, by=asked.signature)
    return _wave_table(asked.wave)


def _close(asked: Asked) -> Answer:
    actions.close_wave(study=asked.study.slug, wave=asked.wave.name, by=asked.signature)
    return _wave_table(asked.wave)


def _participation(asked: Asked) -> Answer:
    found = store.taking_part(asked.study.slug, asked.wave.name, organisations=asked.by.organisations(PARTICIPATION))
    return {"participation": [{**asdict(one), "rate": one.rate} for one in found]}


def _released(asked: Asked) -> Release:
    own = asked.by.organisations(RESULTS)
    found = store.released_wave(asked.study.slug, asked.names["wave"], organisations=own)
    if found is None:
        raise NotFound
    return found[0]


def _release(asked: Asked) -> Answer:
    return release_table(_released(asked))


def _findings(asked: Asked) -> Answer:
    return {"findings": [one.to_json() for one in find(_released(asked))]}


def _audit(_: Asked) -> Answer:
    return {"whole": store.history_is_whole(), "events": [asdict(one) for one in store.history()]}


_STUDY, _ONE_WAVE = "/studies/{study}", "/studies/{study}/waves/{wave}"
_NEW_STUDY = _body(
    id=SLUG, title=TEXT, bank={"type": "string", "enum": list(bank_names()), "description": "of the bank"}
)
_NEW_ORGANISATIONS = _body(organisations={"type": "array", "items": ORGANISATION, "minItems": 1, "maxItems": 500})
ENDPOINTS: Sequence[Endpoint] = (
    Endpoint("GET", "/programme", SEE, "The title of the programme and its studies.", _programme),
    Endpoint("PUT", "/programme", CHANGE, "Give the programme another title.", _rename, _body(title=TEXT)),
    Endpoint("GET", "/studies", SEE, "All studies.", _studies),
    Endpoint("POST", "/studies", CHANGE, "Add a study with an instrument of the bank.", _add_study, _NEW_STUDY, 201),
    Endpoint("GET", _STUDY, SEE, "One study.", _study),
    Endpoint("GET", "/instruments", SEE, "Instruments of the bank, and versions that studies use.", _instruments),
    Endpoint("GET", f"{_STUDY}/instrument", SEE, "The wording of a study, by the id of its content.", _instrument),
    Endpoint("GET", f"{_STUDY}/organisations", SEE, "The organisations of a study.", _organisations),
    Endpoint(
        "PUT", f"{_STUDY}/organisations", CHANGE, "Set the organisations.", _set_organisations, _NEW_ORGANISATIONS
    ),
    Endpoint("GET", f"{_STUDY}/waves", SEE, "The waves of a study.", _waves),
    Endpoint("POST", f"{_STUDY}/waves", CHANGE, "Plan a wave.", _plan, _body(name=WAVE, opens=DAY, closes=DAY), 201),
    Endpoint("GET", _ONE_WAVE, SEE, "One wave.", _wave),
    Endpoint("POST", f"{_ONE_WAVE}/open", CHANGE, "Open a planned wave.", _open),
    Endpoint("POST", f"{_ONE_WAVE}/close", CHANGE, "Close an open wave, for good.", _close),
    Endpoint("GET", f"{_ONE_WAVE}/participation", PARTICIPATION, "Who takes part, in counts.", _participation),
    Endpoint("GET", f"{_ONE_WAVE}/release", RESULTS, "The final release: the content of release.json.", _release),
    Endpoint("GET", f"{_ONE_WAVE}/findings", RESULTS, "The findings of the final release.", _findings),
    Endpoint("GET", "/audit", AUDIT, "The last events of the audit log, and whether its chain is whole.", _audit),
)

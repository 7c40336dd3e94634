"""A Release as a file: release.json, with every number as shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.estimate.figure import Comparison, Figure, Group, Participation
from surefoot.instrument import instrument_from_table, instrument_table
from surefoot.interval import round_one
from surefoot.release.policy import Policy
from surefoot.release.quotes import Quote
from surefoot.release.release import NotShown, Release
from surefoot.release.shown import RECORD, ShownFigure, record
from surefoot.release.who import Who
from surefoot.study import Organisation
from surefoot.whole import write_whole

SCHEMA = "surefoot/release/1"
RELEASE_FILE = "release.json"
_PERCENT = ("percent", "percent_low", "percent_high")


def write_release(release: Release, folder: Path, *, findings: Iterable[Mapping[str, Any]] | None = None) -> Path:
    """Write `release.json` into a folder, which is made; written beside and renamed, never half. Gives its path.

    findings: plain tables; those of the release by default. Every number is as shown, suppressed ones are null.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = release_table(release)
    if findings is not None:
        table["findings"] = [dict(finding) for finding in findings]
    write_whole(folder / RELEASE_FILE, _lines(table))
    return folder / RELEASE_FILE


def _lines(table: Mapping[str, Any]) -> str:
    """JSON with one line an entry: long lists of figures can be read and compared, and stay small."""
    return "{\n" + ",\n".join(f"{_json(key)}: {_entries(value)}" for key, value in table.items()) + "\n}\n"


def _entries(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n" + ",\n".join(_json(entry) for entry in value) + "\n]"


def _json(value: Any) -> str:
    return _ENCODER.encode(value)


# One encoder for all entries: `json.dumps` with these settings would make one for each.
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def release_table(release: Release) -> dict[str, Any]:
    """A Release as the table that its file holds."""
    policy = release.policy
    return {
        "schema": SCHEMA,
        "study": {"id": release.study_id, "title": release.study_title, "people": release.people},
        "instrument": instrument_table(release.instrument),
        "organisations": [
            {"id": o.id, "name": o.name, "service_type": o.service_type, "headcount": o.staff}
            for o in release.organisations
        ],
        "wave": release.wave,
        "made": release.made,
        "policy": vars(policy),
        "participation": [_participation(part) for part in release.participation],
        "who": release.who.to_json(),
        "figures": [_figure(figure, release.as_shown[figure.id]) for figure in release.figures],
        "earlier_figures": [_figure(figure, release.as_shown[figure.id]) for figure in release.earlier_figures],
        "differing": list(release.differing),
        "wordings": {q: {text: list(who) for text, who in texts.items()} for q, texts in release.wordings.items()},
        "comparisons": [_comparison(comparison) for comparison in release.comparisons],
        "not_shown": [
            {"breakdown": n.group.breakdown, "code": n.group.code, "question": n.question, "reason": n.reason}
            for n in release.not_shown
        ],
        "findings": [dict(finding) for finding in release.findings],
        "quotes": [_quote(quote) for quote in release.quotes],
        "recipe": release.recipe,
        "stamp": release.stamp,
        "earlier_releases": list(release.earlier_releases),
        "checked_by": release.checked_by,
        "revises": release.revises,
        "simulated": release.simulated,
        "narrowed_to": list(release.narrowed_to),
        "accounts": [dict(account) for account in release.accounts],
    }


def _quote(quote: Quote) -> dict[str, Any]:
    group = {"breakdown": quote.group.breakdown, "code": quote.group.code} if quote.group else None
    return {"question": quote.question, "theme": quote.theme, "text": quote.text, "group": group}


def _read_quote(entry: Mapping[str, Any]) -> Quote:
    group = _group(entry["group"]) if entry["group"] else None
    return Quote(entry["question"], entry["theme"], entry["text"], group)


def _participation(part: Participation) -> dict[str, Any]:
    rate = None if part.rate is None else round_one(part.rate, 2)
    name = part.group.code
    return {
        "organisation": name,
        "headcount": part.headcount,
        "answered": part.answered,
        "rate": rate,
        "status": part.status,
    }


def _figure(figure: Figure, numbers: ShownFigure) -> dict[str, Any]:
    flat = record(figure, numbers)
    kept = {name: value for name, value in flat.items() if name not in ("breakdown", "code", *_PERCENT)}
    percents = {name: flat[name] for name in _PERCENT} if figure.kind in ("share", "net") else {}
    group = {"breakdown": figure.group.breakdown, "code": figure.group.code}
    return kept | percents | {"group": group, "unit": figure.unit}


_ROUNDED = {"difference": 2, "low": 2, "high": 2, "p": 3, "p_adjusted": 3, "smallest_found": 2}


def _comparison(comparison: Comparison) -> dict[str, Any]:
    numbers = {name: getattr(comparison, name) for name in _ROUNDED}
    return {
        "id": comparison.id,
        "family": comparison.family,
        "method": comparison.method,
        "question": comparison.question,
        "wave": comparison.wave,
        "groups": [{"breakdown": group.breakdown, "code": group.code} for group in comparison.groups],
        "figures": list(comparison.figures),
        "selectors": list(comparison.selectors),
    } | {name: None if value is None else round_one(value, _ROUNDED[name]) for name, value in numbers.items()}


def read_release(path: Path) -> Release:
    """Read a Release from `release.json`, or from the folder that holds it; numbers are as shown. Raises BadInput."""
    file = path / RELEASE_FILE if path.is_dir() else path
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadInput(str(file), f"no release ({problem})", "a release.json that `surefoot report` wrote") from None
    if not isinstance(table, dict) or table.get("schema") != SCHEMA:
        raise BadInput(f"{file}, schema", "another schema or none", f'"{SCHEMA}"')
    try:
        return _release(table, str(file))
    except (KeyError, TypeError) as problem:
        raise BadInput(str(file), f"a release with a part missing ({problem})", "the file as it was written") from None


def _release(table: Mapping[str, Any], where: str) -> Release:
    instrument = instrument_from_table(table["instrument"], where)
    study = table["study"]["id"]
    return Release(
        study_id=study,
        study_title=table["study"]["title"],
        instrument=instrument,
        organisations=tuple(_organisation(entry) for entry in table["organisations"]),
        wave=table["wave"],
        policy=Policy(**table["policy"]),
        figures=tuple(_read_figure(entry, study, instrument.id) for entry in table["figures"]),
        # releases from before there were waves to compare have neither
        earlier_figures=tuple(_read_figure(e, study, instrument.id) for e in table.get("earlier_figures", ())),
        differing=tuple(table.get("differing", ())),
        comparisons=tuple(_read_comparison(entry) for entry in table["comparisons"]),
        participation=tuple(_read_participation(entry) for entry in table["participation"]),
        not_shown=tuple(NotShown(_group(entry), entry["question"], entry["reason"]) for entry in table["not_shown"]),
        wordings={q: {t: tuple(w) for t, w in texts.items()} for q, texts in table.get("wordings", {}).items()},
        who=Who.from_json(table.get("who", {})),
        recipe=table["recipe"],
        stamp=table["stamp"],
        made=table["made"],
        simulated=table["simulated"],
        accounts=tuple(table["accounts"]),
        earlier_releases=tuple(table["earlier_releases"]),
        checked_by=table.get("checked_by"),
        revises=table.get("revises"),
        findings=tuple(table["findings"]),
        quotes=tuple(_read_quote(entry) for entry in table.get("quotes", ())),
        people=table["study"].get("people", "staff"),
        narrowed_to=tuple(table.get("narrowed_to", ())),
    )


def _group(entry: Mapping[str, Any]) -> Group:
    return Group(entry["breakdown"], entry["code"])


def _organisation(entry: Mapping[str, Any]) -> Organisation:
    headcount = {} if entry["headcount"] is None else {"all": entry["headcount"]}
    return Organisation(entry["id"], entry["name"], entry["service_type"], headcount)


def _read_participation(entry: Mapping[str, Any]) -> Participation:
    name = entry["organisation"]
    group = Group() if name == "all" else Group("organisation", name)
    return Participation(group, entry["headcount"], entry["answered"], entry["status"])


def _read_comparison(entry: Mapping[str, Any]) -> Comparison:
    plain = {name: entry[name] for name in ("family", "method", "question", "wave", *_ROUNDED)}
    return Comparison(
        groups=tuple(_group(group) for group in entry["groups"]),
        figures=tuple(entry["figures"]),
        selectors=tuple(entry["selectors"]),
        **plain,
    )


def _read_figure(entry: Mapping[str, Any], study: str, instrument: str) -> Figure:
    names = [name for name in RECORD if name in Figure.__dataclass_fields__]
    plain = {name: entry[name] for name in names} | {"unit": entry["unit"]}
    plain |= {name: plain[name] or 0 for name in ("base", "effective_base")}
    return Figure(study=study, instrument=instrument, group=_group(entry["group"]), **plain)

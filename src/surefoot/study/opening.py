"""Reading a study from its folder: study.toml to Study, with every key known and every value of its kind."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument import open_instrument
from surefoot.study.checking import check_study
from surefoot.study.margins import weights_from
from surefoot.study.sampling import sampling_from
from surefoot.study.study import ALL, Breakdown, Comments, Counted, Organisation, Phase, Source, Study

SCHEMA = "surefoot/study/1"


def open_study(folder: str | Path) -> Study:
    """Read a study from its folder (or from the path of its study.toml). Raises BadInput."""
    path = Path(folder)
    path = path / "study.toml" if path.is_dir() else path
    table = read_toml(path, "a study.toml; `surefoot new DIR` makes one")
    if table.get("schema") != SCHEMA:
        raise BadInput(f"{path}, schema", repr(table.get("schema")), f'"{SCHEMA}"')
    return _study(table, path)


def read_toml(path: Path, expected: str) -> dict[str, Any]:
    """A TOML file as a table. Raises BadInput where it is missing or is not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise BadInput(str(path), f"no readable file ({problem.strerror})", expected) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(str(path), f"text that is not TOML ({problem})", expected) from None


def _study(table: Mapping[str, Any], path: Path) -> Study:
    _check_kinds(table, str(path))
    instrument = open_instrument(_instrument_path(need(table, "instrument", str(path)), path.parent))
    study = Study(
        id=need(table, "id", str(path)),
        title=need(table, "title", str(path)),
        instrument=instrument,
        organisations=tuple(_organisation(entry, str(path)) for entry in table.get("organisation", ())),
        breakdowns=tuple(
            Breakdown(
                need(entry, "question", f"{path}, breakdown"),
                entry.get("crossed_with"),
                entry.get("leave_out_rest", False),
            )
            for entry in table.get("breakdown", ())
        ),
        sources=tuple(_source(entry, str(path)) for entry in table.get("source", ())),
        organisation_question=table.get("organisation_question"),
        headcount_by=table.get("headcount_by"),
        frame_date=table.get("frame_date"),
        counted=Counted(**_flags(table["counted"], f"{path}, counted")) if "counted" in table else None,
        policy=table.get("policy", {}),
        weights=weights_from(table["weights"], f"{path}, weights") if "weights" in table else None,
        sampling=sampling_from(table["design"], f"{path}, design") if "design" in table else None,
        comments=_comments(table.get("comments", {}), f"{path}, comments"),
        people=table.get("people", "staff"),
        phases=tuple(_phase(entry, f"{path}, phase") for entry in table.get("phase", ())),
        simulated=table.get("simulated", False),
        folder=path.parent,
    )
    check_study(study, str(path))
    return study


Kinds = Mapping[str, tuple[type, ...]]
_COMMENTS: Kinds = dict.fromkeys(("safeguarding_lead", "consent", "consent_option"), (str,)) | {"names": (list,)}
_ENTRIES: Mapping[str, Kinds] = {
    "organisation": dict.fromkeys(("id", "name", "service_type"), (str,)) | {"headcount": (object,)},
    "breakdown": dict.fromkeys(("question", "crossed_with"), (str,)) | {"leave_out_rest": (bool,)},
    "source": {
        **dict.fromkeys(("file", "dialect", "mapping", "organisation"), (str,)),
        "wave": (str, int),
        "keep_unfinished": (bool,),
    },
    "phase": {"late_from": (date,), "wave": (str, int)},
}
_TOP: Kinds = {
    **dict.fromkeys(("schema", "id", "title", "instrument", "organisation_question", "headcount_by", "people"), (str,)),
    **dict.fromkeys(_ENTRIES, (list,)),
    **dict.fromkeys(("counted", "policy", "weights", "design", "comments"), (dict,)),
    "frame_date": (date,),
    "simulated": (bool,),
}
_EXPECTED: Mapping[type, str] = {
    str: "a text in quotes, not empty",
    bool: "true or false",
    date: "a date, such as 2026-05-01",
    dict: "a table of settings",
}


def _check_kinds(table: Mapping[str, Any], where: str) -> None:
    """A misspelt key would silently lose a breakdown or a policy, and "false" in quotes is no `false`."""
    _check_table(table, _TOP, where)
    for name, kinds in _ENTRIES.items():
        for entry in table.get(name, ()):
            if not isinstance(entry, Mapping):
                raise BadInput(f"{where}, {name}", repr(entry), f"lines under [[{name}]]")
            _check_table(entry, kinds, f"{where}, {name}")


def _check_table(table: Mapping[str, Any], kinds: Kinds, where: str) -> None:
    unknown = sorted(set(table) - set(kinds))
    if unknown:
        raise BadInput(where, f'the key "{unknown[0]}"', f"one of {', '.join(sorted(kinds))}")
    for key, value in table.items():
        if not isinstance(value, kinds[key]) or (value == "" and key != "service_type"):
            raise BadInput(f"{where}, {key}", repr(value), _EXPECTED.get(kinds[key][0], f"a table under [[{key}]]"))


def _instrument_path(name: str, folder: Path) -> str:
    """A name of the bank, or a file beside the study or in the programme's `instruments/`."""
    if not name.endswith(".toml"):
        return name
    places = (folder / name, folder.parent.parent / "instruments" / name)
    return str(next((place for place in places if place.exists()), places[0]))


def need(table: Mapping[str, Any], key: str, where: str) -> Any:
    """The value of a key that must be there. Raises BadInput."""
    if key not in table:
        raise BadInput(where, f"no {key}", f"a line {key} = ...")
    return table[key]


def _flags(table: Mapping[str, Any], where: str) -> dict[str, bool]:
    for key, value in table.items():
        if key not in ("bank", "agency", "volunteers") or not isinstance(value, bool):
            raise BadInput(where, f"{key} = {value!r}", "bank, agency or volunteers, each true or false")
    return dict(table)


def _comments(table: Mapping[str, Any], where: str) -> Comments:
    _check_table(table, _COMMENTS, where)
    names = table.get("names", [])
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise BadInput(f"{where}, names", repr(names), "names in quotes, none of them empty")
    plain = {key: table[key] for key in ("safeguarding_lead", "consent", "consent_option") if key in table}
    return Comments(**plain, names=tuple(names))


def _organisation(entry: Mapping[str, Any], where: str) -> Organisation:
    name = need(entry, "id", f"{where}, organisation")
    place = f'{where}, organisation "{name}", headcount'
    headcount = entry.get("headcount", {})
    table = headcount if isinstance(headcount, Mapping) else {ALL: headcount}
    for group, people in table.items():
        if not isinstance(people, int) or isinstance(people, bool) or people < 0:
            raise BadInput(place, f"{group} = {people!r}", "a whole number of staff, 0 or more")
    return Organisation(name, entry.get("name", name), entry.get("service_type", ""), dict(table))


def _source(entry: Mapping[str, Any], where: str) -> Source:
    return Source(
        file=need(entry, "file", f"{where}, source"),
        dialect=entry.get("dialect"),
        mapping=entry.get("mapping"),
        organisation=entry.get("organisation"),
        wave=str(entry.get("wave", "1")),
        keep_unfinished=entry.get("keep_unfinished", False),
    )


def _phase(entry: Mapping[str, Any], where: str) -> Phase:
    return Phase(need(entry, "late_from", where), str(entry.get("wave", "1")))

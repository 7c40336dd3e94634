"""Who is asked: Study, Organisation, Breakdown, Source, Wave and Programme, read from TOML files in a folder."""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.evidence import content_id
from surefoot.instrument import Instrument, open_instrument
from surefoot.margins import Weights, check_margins, weights_from
from surefoot.sampling import Sampling, check_sampling, sampling_from

SCHEMA = "surefoot/study/1"
PROGRAMME_SCHEMA = "surefoot/programme/1"
ORGANISATION = "organisation"
SERVICE_TYPE = "service-type"
WAVE = "wave"
ALL = "all"


@dataclass(frozen=True)
class Organisation:
    """One provider: id, name, service type, and staff by group on the frame date.

    headcount: people by staff group (option ids of the breakdown that the study names as `headcount_by`, or one entry
    "all" where only the total is known); empty where nobody counted them.
    """

    id: str
    name: str
    service_type: str = ""
    headcount: Mapping[str, int] = field(default_factory=dict)

    @property
    def staff(self) -> int | None:
        """All staff, or None where they were not counted."""
        return sum(self.headcount.values()) if self.headcount else None


@dataclass(frozen=True)
class Breakdown:
    """A question by whose options the answers are shown.

    crossed_with: another breakdown, for a declared nested table. leave_out_rest: where all who are in no group that is
    large enough to show are together too few to be a group themselves, their answers go into no figure, so that no
    large group has to be hidden to protect them.
    """

    question: str
    crossed_with: str | None = None
    leave_out_rest: bool = False

    @property
    def id(self) -> str:
        """Its name in figures: the question's id, or both ids of a cross joined by a full stop.

        >>> Breakdown("role-group", "organisation").id
        'organisation.role-group'
        """
        return f"{self.crossed_with}.{self.question}" if self.crossed_with else self.question


@dataclass(frozen=True)
class Source:
    """One file of answers: how to read it (dialect and mapping), whose it is, and which wave it belongs to."""

    file: str
    dialect: str | None = None
    mapping: str | None = None
    organisation: str | None = None
    wave: str = "1"
    keep_unfinished: bool = False


@dataclass(frozen=True)
class Phase:
    """From which day on answers of a wave are late: as a rule the day of the reminder."""

    late_from: date
    wave: str = "1"


@dataclass(frozen=True)
class Counted:
    """Which people the headcounts include; the same people must be invited, or rates and intervals mislead."""

    bank: bool = True
    agency: bool = False
    volunteers: bool = False


@dataclass(frozen=True)
class Comments:
    """What the study promises about free text, and who looks after it.

    safeguarding_lead: the person who sees comments that tell of harm first; comments are not opened without one.
    consent: "all" where everybody was told that their words may be quoted, the id of a single-choice question that
    asks for it, or "" where nobody was asked: then nothing is quoted. consent_option: the answer that allows it.
    names: further names of sites, teams and projects, to be taken out of comments.
    """

    safeguarding_lead: str = ""
    consent: str = ""
    consent_option: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Study:
    """One survey of one group of organisations.

    folder: where its files are, None for a study built in memory. organisation_question: the question that says where
    somebody works, None where each file belongs to one organisation or there are no organisations. headcount_by: the
    breakdown for which headcounts are given by group. policy: settings of the named policies, e.g. minimum_base.
    weights: how answers are weighted; None counts everybody once. sampling: strata and clusters in which people were
    drawn; None where everybody was asked.
    people: the plural noun for those who were asked.
    phases: for waves whose reminder has a date; of other waves, days after the middle day of a file are late.
    simulated: answers that no person gave; printed wherever they are shown.
    """

    id: str
    title: str
    instrument: Instrument
    organisations: tuple[Organisation, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    sources: tuple[Source, ...] = ()
    organisation_question: str | None = None
    headcount_by: str | None = None
    frame_date: date | None = None
    counted: Counted = Counted()
    policy: Mapping[str, Any] = field(default_factory=dict)
    weights: Weights | None = None
    sampling: Sampling | None = None
    comments: Comments = Comments()
    people: str = "staff"
    phases: tuple[Phase, ...] = ()
    simulated: bool = False
    folder: Path | None = None

    @property
    def organisation_ids(self) -> tuple[str, ...]:
        """Ids of the organisations, in the order of the file."""
        return tuple(organisation.id for organisation in self.organisations)

    @property
    def waves(self) -> tuple[str, ...]:
        """Names of the waves, in the order in which they first appear."""
        return tuple(dict.fromkeys(source.wave for source in self.sources)) or ("1",)

    def late_from(self, wave: str) -> date | None:
        """The first day of a wave whose answers are late, None where no date was given."""
        return next((phase.late_from for phase in self.phases if phase.wave == wave), None)

    def secret(self) -> bytes:
        """The study's secret key, made at first use and kept in a file that only its owner can read.

        It keys the digests of unreleased answers; no release or export copies it. A study in memory gets a new one.
        Raises BadInput where the file holds something else: an empty key would protect nothing.
        """
        if self.folder is None:
            return secrets.token_bytes(32)
        path = self.folder / "secret"
        if not path.exists():
            _write_secret(path)
        return _read_secret(path)


def _write_secret(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def _read_secret(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != 32:
        raise BadInput(
            str(path), "no secret that can be read", "the file as it was made, or none: a new one is made then"
        )
    return key


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
    instrument = open_instrument(_instrument_path(_need(table, "instrument", str(path)), path.parent))
    study = Study(
        id=_need(table, "id", str(path)),
        title=_need(table, "title", str(path)),
        instrument=instrument,
        organisations=tuple(_organisation(entry, str(path)) for entry in table.get("organisation", ())),
        breakdowns=tuple(
            Breakdown(
                _need(entry, "question", f"{path}, breakdown"),
                entry.get("crossed_with"),
                entry.get("leave_out_rest", False),
            )
            for entry in table.get("breakdown", ())
        ),
        sources=tuple(_source(entry, str(path)) for entry in table.get("source", ())),
        organisation_question=table.get("organisation_question"),
        headcount_by=table.get("headcount_by"),
        frame_date=table.get("frame_date"),
        counted=Counted(**_flags(table.get("counted", {}), f"{path}, counted")),
        policy=table.get("policy", {}),
        weights=weights_from(table["weights"], f"{path}, weights") if "weights" in table else None,
        sampling=sampling_from(table["design"], f"{path}, design") if "design" in table else None,
        comments=_comments(table.get("comments", {}), f"{path}, comments"),
        people=table.get("people", "staff"),
        phases=tuple(_phase(entry, f"{path}, phase") for entry in table.get("phase", ())),
        simulated=table.get("simulated", False),
        folder=path.parent,
    )
    _check(study, str(path))
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


def _need(table: Mapping[str, Any], key: str, where: str) -> Any:
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
    name = _need(entry, "id", f"{where}, organisation")
    place = f'{where}, organisation "{name}", headcount'
    headcount = entry.get("headcount", {})
    table = headcount if isinstance(headcount, Mapping) else {ALL: headcount}
    for group, people in table.items():
        if not isinstance(people, int) or isinstance(people, bool) or people < 0:
            raise BadInput(place, f"{group} = {people!r}", "a whole number of staff, 0 or more")
    return Organisation(name, entry.get("name", name), entry.get("service_type", ""), dict(table))


def _source(entry: Mapping[str, Any], where: str) -> Source:
    return Source(
        file=_need(entry, "file", f"{where}, source"),
        dialect=entry.get("dialect"),
        mapping=entry.get("mapping"),
        organisation=entry.get("organisation"),
        wave=str(entry.get("wave", "1")),
        keep_unfinished=entry.get("keep_unfinished", False),
    )


def _phase(entry: Mapping[str, Any], where: str) -> Phase:
    return Phase(_need(entry, "late_from", where), str(entry.get("wave", "1")))


def _check_phases(study: Study, where: str) -> None:
    """A phase of a wave that no file has would change nothing, and two of one wave would contradict each other."""
    for index, phase in enumerate(study.phases):
        if study.sources and phase.wave not in study.waves:
            raise BadInput(f"{where}, wave", f'"{phase.wave}"', f"a wave of a source: {', '.join(study.waves)}")
        if phase.wave in [other.wave for other in study.phases[:index]]:
            raise BadInput(f"{where}, wave", f'two phases of wave "{phase.wave}"', "one for each wave")


def _check(study: Study, where: str) -> None:
    _check_phases(study, f"{where}, phase")
    _check_breakdowns(study, where)
    if study.organisation_question is not None:
        _need_single(study, study.organisation_question, f"{where}, organisation_question")
    if study.headcount_by is not None:
        _check_headcounts(study, where)
    if study.comments.consent not in ("", "all"):
        _check_consent(study, f"{where}, comments")
    _check_organisations(study, f"{where}, organisation")
    if study.weights is not None:
        counted = any(organisation.headcount for organisation in study.organisations)
        check_margins(study.weights, study.instrument, counted=counted, where=f"{where}, weights")
    if study.sampling is not None:
        shown = [part for b in study.breakdowns for part in (b.question, b.crossed_with or b.question)]
        check_sampling(study.sampling, study.instrument, study.organisation_ids, shown, f"{where}, design")
    ids = study.organisation_ids
    files: set[tuple[str, str]] = set()
    for source in study.sources:
        if (source.file, source.wave) in files:
            raise BadInput(
                f"{where}, source", f'two times the file "{source.file}"', "each once: its answers would count twice"
            )
        files.add((source.file, source.wave))
        if source.organisation is not None and source.organisation not in ids:
            raise BadInput(f"{where}, source, organisation", f'"{source.organisation}"', f"one of {', '.join(ids)}")
        if not re.fullmatch(r"\w[\w .-]*", source.wave):
            raise BadInput(f"{where}, source, wave", f'"{source.wave}"', "letters and digits: a folder is named by it")


def _check_consent(study: Study, where: str) -> None:
    options = [o.id for o in _need_single(study, study.comments.consent, f"{where}, consent").options]
    if study.comments.consent_option not in options:
        found, expected = f'"{study.comments.consent_option}"', f"the answer that allows quotes: {', '.join(options)}"
        raise BadInput(f"{where}, consent_option", found, expected)


def _check_organisations(study: Study, where: str) -> None:
    """Ids name groups and places in pages; a name that two share would lose the rows of both."""
    taken: set[str] = set()
    for organisation in study.organisations:
        if organisation.id in taken:
            raise BadInput(where, f'two times the id "{organisation.id}"', "each organisation once")
        if organisation.id == ALL or not re.fullmatch(r"[\w-]+", organisation.id):
            expected = f"letters, digits and hyphens, other than {ALL}; the full name is for `name`"
            raise BadInput(f"{where}, id", f'"{organisation.id}"', expected)
        if organisation.name in taken:
            raise BadInput(
                where, f'two times the name "{organisation.name}"', "a name of its own for each organisation"
            )
        taken |= {organisation.id, organisation.name}


def _check_breakdowns(study: Study, where: str) -> None:
    taken = {ALL, ORGANISATION, SERVICE_TYPE} if study.organisations else {ALL}
    for breakdown in study.breakdowns:
        place = f'{where}, breakdown "{breakdown.id}"'
        questions = [_need_single(study, breakdown.question, place)]
        if breakdown.crossed_with not in (None, ORGANISATION):
            questions.append(_need_single(study, str(breakdown.crossed_with), place))
        if any(question.personal for question in questions):
            raise BadInput(place, "an equality question", "another question: equality answers serve coverage only")
        if breakdown.crossed_with == breakdown.question:
            raise BadInput(place, "a question crossed with itself", "another question, or organisation")
        if breakdown.id in taken:
            raise BadInput(place, "a name that is taken", "each breakdown once, and none that every study has anyway")
        taken.add(breakdown.id)


def _check_headcounts(study: Study, where: str) -> None:
    """A misspelt group would lose its headcount, and with it the correction of its intervals, without a word."""
    groups = [o.id for o in _need_single(study, str(study.headcount_by), f"{where}, headcount_by").options]
    for organisation in study.organisations:
        for group in organisation.headcount:
            if group not in (ALL, *groups):
                place = f'{where}, organisation "{organisation.id}", headcount'
                raise BadInput(place, f'the group "{group}"', f"one of {', '.join(groups)}, or {ALL}")


def _need_single(study: Study, name: str, where: str) -> Any:
    if name not in study.instrument or study.instrument[name].kind != "single":
        singles = [question.id for question in study.instrument.questions if question.kind == "single"]
        raise BadInput(where, f'"{name}"', f"a single-choice question, one of: {', '.join(singles)}")
    return study.instrument[name]


def recipe_id(study: Study) -> str:
    """Content id of everything in a study that shapes its figures, apart from the answers."""
    return content_id(
        "study",
        {
            "id": study.id,
            "instrument": study.instrument.id,
            "organisations": [[o.id, o.service_type, dict(o.headcount)] for o in study.organisations],
            "breakdowns": [b.id + (", without the rest" if b.leave_out_rest else "") for b in study.breakdowns],
            "headcount_by": study.headcount_by,
            "frame_date": study.frame_date,
            "policy": dict(study.policy),
            **({"coded": coded} if (coded := _coded(study)) else {}),
            **({"weights": study.weights.identity()} if study.weights else {}),
            **({"design": study.sampling.identity()} if study.sampling else {}),
        },
    )


def _coded(study: Study) -> list[list[object]]:
    """The themes of the questions that were coded from comments, which the instrument's id does not hold."""
    found = (question for question in study.instrument.questions if question.coded_from)
    return [[q.id, [[o.id, o.text, o.definition] for o in q.options]] for q in found]


@dataclass(frozen=True)
class Programme:
    """A folder of studies (and, later, workshops, use cases and decisions) of one group of organisations."""

    id: str
    title: str
    folder: Path

    @property
    def study_folders(self) -> tuple[Path, ...]:
        """Folders of its studies; a single study folder is a programme of one."""
        if (self.folder / "study.toml").exists():
            return (self.folder,)
        return tuple(sorted(path.parent for path in self.folder.glob("studies/*/study.toml")))


def open_programme(folder: str | Path) -> Programme:
    """Read a programme from its folder; a single study folder works by itself. Raises BadInput."""
    path = Path(folder)
    if (path / "study.toml").exists():
        study = open_study(path)
        return Programme(study.id, study.title, path)
    table = read_toml(path / "programme.toml", "a folder with programme.toml or study.toml")
    if table.get("schema") != PROGRAMME_SCHEMA:
        raise BadInput(f"{path / 'programme.toml'}, schema", repr(table.get("schema")), f'"{PROGRAMME_SCHEMA}"')
    return Programme(_need(table, "id", str(path)), _need(table, "title", str(path)), path)

"""The nouns of a study: Organisation, Breakdown, Source, Phase, Comments, and the Study of them all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.evidence import content_id
from surefoot.instrument import Instrument
from surefoot.study.margins import Weights
from surefoot.study.sampling import Sampling

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
    counted: Counted | None = None
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

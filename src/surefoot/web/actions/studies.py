"""Writing the programme and its studies: what is asked, and of whom."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from surefoot.errors import BadInput, Refused
from surefoot.instrument import Instrument, Question, instrument_from_table, instrument_table
from surefoot.study import ALL
from surefoot.web import models
from surefoot.web.audit import written
from surefoot.web.lines import read_lines, write_lines

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Breakdowns that are usual for the constructs of the bank's instruments; a study's own stand in its lines.
_USUAL = ("role-group", "contact")


def found_programme(*, slug: str, title: str, by: str) -> None:
    """Give the programme its name; there is one on a server, and its name can be changed."""
    with written("found-programme", slug, by=by):
        models.Programme.objects.update_or_create(id=1, defaults={"slug": slug, "title": title})


def add_study(*, slug: str, title: str, instrument: Instrument, by: str) -> None:
    """Add a study with an instrument, and no organisations yet. Raises BadInput."""
    if not _SLUG.fullmatch(slug):
        raise BadInput("short name", f'"{slug}"', "small letters, digits and hyphens, such as staff-survey-2026")
    if not title.strip():
        raise BadInput("title", "nothing", "the title that respondents and readers see")
    if models.Study.objects.filter(slug=slug).exists():
        raise BadInput("short name", f'"{slug}", which is taken', "a name that no other study has")
    usual = [{"question": question} for question in _USUAL if question in instrument]
    with written("add-study", slug, by=by, instrument=instrument.id):
        models.Study.objects.create(
            slug=slug,
            title=title.strip(),
            instrument=kept_instrument(instrument),
            lines=write_lines({"breakdown": usual} if usual else {}),
            secret=secrets.token_bytes(32),
        )


def choose_instrument(*, study: str, instrument: Instrument, by: str) -> None:
    """Ask other words in a study. Raises Refused once a wave was opened: its wording is frozen."""
    with written("choose-instrument", study, by=by, instrument=instrument.id):
        row = models.Study.objects.get(slug=study)
        _check_free(row, "the wording")
        row.instrument = kept_instrument(instrument)
        row.save(update_fields=["instrument"])


def set_organisations(
    *, study: str, organisations: Sequence[tuple[str, str, str, int | Mapping[str, int]]], by: str
) -> None:
    """Set the organisations of a study: tuples of id, name, service type and number of staff. Raises Refused, BadInput.

    The number of staff may be given by group: by the answers to one question of the instrument, the same for all.
    """
    with written("set-organisations", study, by=by, organisations=len(organisations)):
        row = models.Study.objects.get(slug=study)
        _check_free(row, "the list of organisations")
        _check_once(organisations)
        _set_groups(row, [staff for *_, staff in organisations if not isinstance(staff, int)])
        row.organisations.all().delete()
        for place, (slug, name, service_type, staff) in enumerate(organisations):
            models.Organisation.objects.create(
                study=row,
                slug=slug,
                name=name,
                service_type=service_type,
                headcount={ALL: staff} if isinstance(staff, int) else dict(staff),
                position=place,
            )


def _check_once(organisations: Sequence[tuple[str, str, str, Any]]) -> None:
    """Raise BadInput where two organisations have one id or one name."""
    for what, place in (("id", 0), ("name", 1)):
        seen = [str(one[place]) for one in organisations]
        twice = next((value for number, value in enumerate(seen) if value in seen[:number]), None)
        if twice is not None:
            raise BadInput(
                f"list of organisations, {what}", f'"{twice}" twice', f"another {what} for each organisation"
            )


def _set_groups(row: models.Study, counted: Sequence[Mapping[str, int]]) -> None:
    """Say in the study's lines by which question staff are counted, where it is by group. Raises BadInput."""
    lines = read_lines(row.lines)
    asked, before = instrument_from_table(row.instrument.table), lines.pop("headcount_by", "")
    groups = {group for one in counted for group in one} - {ALL}
    if groups:
        shown = [before, *(one.get("question", "") for one in lines.get("breakdown", ()))]
        singles = [question.id for question in asked.questions if question.kind == "single"]
        fitting = [name for name in (*shown, *singles) if name in asked and _covers(asked[name], groups)]
        if not fitting:
            found = ", ".join(sorted(groups))
            raise BadInput("staff groups", found, "columns that are the answers of one question, such as role-group")
        lines["headcount_by"] = fitting[0]
    row.lines = write_lines(lines)
    row.save(update_fields=["lines"])


def _covers(question: Question, groups: set[str]) -> bool:
    return question.kind == "single" and groups <= {option.id for option in question.options}


def kept_instrument(instrument: Instrument) -> models.Instrument:
    """The row of an instrument, made where its words are new."""
    defaults = {"name": instrument.name, "table": instrument_table(instrument)}
    row, _ = models.Instrument.objects.get_or_create(id=instrument.id, defaults=defaults)
    return row


def _check_free(row: models.Study, what: str) -> None:
    if read_lines(row.lines).get("source") or row.waves.exclude(state=models.Wave.PLANNED).exists():
        reason = f"people were asked already, so {what} of this study is fixed"
        raise Refused("frozen once answers exist", reason, "Add another study, and leave this one as it is.")
    if any(table.objects.filter(wave__study=row).exists() for table in (models.Invitation, models.Poster)):
        reason = f"links were made already, so {what} of this study is fixed"
        raise Refused("frozen once links exist", reason, "Add another study, and leave this one as it is.")

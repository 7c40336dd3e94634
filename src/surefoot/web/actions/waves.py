"""Writing waves: planned, with links made for those who are invited, opened. Closing is a module of its own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from surefoot.errors import BadInput, Refused
from surefoot.web import models, store
from surefoot.web.actions.governance import take_over
from surefoot.web.audit import written
from surefoot.web.governance import FRAME_DATE
from surefoot.web.lines import read_lines
from surefoot.web.link import Link

MOST_INVITED = 50_000
Invited: TypeAlias = tuple[str, str, Link]
"""A label (or an address), an organisation's id, and the link."""


def plan_wave(*, study: str, name: str, opens: date, closes: date, by: str) -> None:
    """Plan a wave from its first to its last day, both included. Raises BadInput."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}", name):
        raise BadInput("name of the wave", f'"{name}"', "letters, digits and hyphens, such as 1 or 2026-autumn")
    if closes < opens:
        raise BadInput("last day", f"{closes}", f"a day that is not before the first, {opens}")
    with written("plan-wave", f"{study}/{name}", by=by):
        row = models.Study.objects.get(slug=study)
        taken = {str(source.get("wave", "1")) for source in read_lines(row.lines).get("source", ())}
        if name in taken or row.waves.filter(name=name).exists():
            raise BadInput("name of the wave", f'"{name}", which is taken', "a name that no other wave has")
        take_over(models.Wave.objects.create(study=row, name=name, opens=opens, closes=closes))


def make_links(study: str, wave: str, people: Sequence[tuple[str, str]]) -> tuple[models.Wave, list[Invited]]:
    """Make one link for each person: pairs of a label and an organisation's id in, the same with a link out.

    The labels are not kept, and the invitations are written in random order: the order of the list says nothing.
    To be called inside a transaction. Raises Refused, BadInput.
    """
    made = [(label, organisation, Link.new()) for label, organisation in people]
    row = models.Wave.objects.select_related("study").get(study__slug=study, name=wave)
    if row.state not in (models.Wave.PLANNED, models.Wave.OPEN):
        raise Refused("nobody is invited to a closed wave", f"this wave is {row.state}", "Plan another wave.")
    places = dict(row.study.organisations.values_list("slug", "pk"))
    _check_people(people, places, models.Invitation.objects.filter(wave=row).count())
    rows = [
        models.Invitation(key=link.invitation, wave=row, organisation_id=places[organisation])
        for _, organisation, link in made
    ]
    secrets.SystemRandom().shuffle(rows)
    models.Invitation.objects.bulk_create(rows, batch_size=500)
    return row, made


def invite(*, study: str, wave: str, people: Sequence[tuple[str, str]], by: str) -> list[Invited]:
    """Make one link for each person, as `make_links` does. A link is given out here and never again."""
    with written("invite", f"{study}/{wave}", by=by, invitations=len(people)):
        return make_links(study, wave, people)[1]


def _check_people(people: Sequence[tuple[str, str]], places: dict[str, int], earlier: int) -> None:
    if not people:
        raise BadInput("list of people", "nobody", "one line for each person")
    if len(people) + earlier > MOST_INVITED:
        raise BadInput("list of people", f"{len(people) + earlier:,} people", f"at most {MOST_INVITED:,} in a wave")
    for line, (_, organisation) in enumerate(people, 2):
        if organisation not in places:
            raise BadInput(f"list of people, line {line}", f'"{organisation}"', f"one of {', '.join(places)}")


def open_wave(*, study: str, wave: str, by: str) -> None:
    """Open a planned wave; from then on the wording and the organisations of its study are fixed. Raises Refused.

    What must be settled before is signed by then, item by item; the frame date becomes the study's, if it has none yet.
    """
    with written("open-wave", f"{study}/{wave}", by=by):
        row = models.Wave.objects.select_related("study").get(study__slug=study, name=wave)
        if row.state != models.Wave.PLANNED:
            raise Refused("a wave is opened once", f"this wave is {row.state}", "Plan another wave.")
        if not any(table.objects.filter(wave=row).exists() for table in (models.Invitation, models.Poster)):
            raise Refused("somebody is invited", "there are no links yet", "Make links or a poster first.")
        _check_settled(study, wave)
        counted = store.settled_texts(study, wave, FRAME_DATE[0]).get(FRAME_DATE[1])
        if row.study.frame_date is None and counted:
            models.Study.objects.filter(pk=row.study.pk).update(frame_date=date.fromisoformat(counted))
        models.Wave.objects.filter(pk=row.pk).update(state=models.Wave.OPEN)


def _check_settled(study: str, wave: str) -> None:
    unsigned = store.unsigned(study, wave)
    if unsigned:
        reason = f"not signed or not complete: {', '.join(unsigned)}"
        raise Refused("before you ask", reason, "Settle and sign them on the page “Before you ask” of this wave.")


def begin_second_phase(*, study: str, wave: str, by: str) -> None:
    """Say that reminders went out: answers from now on carry phase 2, the only thing they say about when they came."""
    with written("begin-second-phase", f"{study}/{wave}", by=by):
        begin_phase_two(study, wave)


def begin_phase_two(study: str, wave: str) -> None:
    """Mark a wave as reminded; for a second reminder it stays so. Raises Refused where it is not open."""
    changed = models.Wave.objects.filter(study__slug=study, name=wave, state=models.Wave.OPEN).update(phase=2)
    if not changed:
        raise Refused("reminders belong to an open wave", "this wave is not open", "Open it first.")

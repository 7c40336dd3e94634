"""Writing posters: open addresses for devices that people share, each of which gives out links of their own.

Taking a link writes no audit event: nothing says who came when.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from surefoot.errors import BadInput, Refused
from surefoot.web import models
from surefoot.web.audit import written
from surefoot.web.link import Link
from surefoot.web.models import Invitation, Poster, Wave

MOST_TAKEN = 5
"""How many links a poster has out and unanswered, for each person on the headcount: some begin more than once."""


def make_poster(*, study: str, wave: str, organisation: str, by: str) -> None:
    """Make the poster of an organisation. Raises Refused without a headcount, which bounds its answers."""
    with written("make-poster", f"{study}/{wave}", by=by, organisation=organisation):
        row = Wave.objects.select_related("study").get(study__slug=study, name=wave)
        if row.state not in (Wave.PLANNED, Wave.OPEN):
            raise Refused("nobody is invited to a closed wave", f"this wave is {row.state}", "Plan another wave.")
        place = row.study.organisations.filter(slug=organisation).first()
        if place is None:
            raise BadInput("organisation", f'"{organisation}"', "an organisation of the study")
        if not headcount(place):
            reason = "nobody counted its staff, so nothing bounds how many answers a poster brings"
            raise Refused("a poster is bounded", reason, "Upload the headcount first.")
        Poster.objects.get_or_create(wave=row, organisation=place, defaults={"secret": Link.new().text})


def headcount(place: models.Organisation) -> int:
    """All staff of an organisation; 0 where nobody counted them."""
    return sum(place.headcount.values()) if place.headcount else 0


def close_poster(*, study: str, wave: str, organisation: str, by: str) -> None:
    """Let a poster give out no more links; those that it gave out go on working."""
    with written("close-poster", f"{study}/{wave}", by=by, organisation=organisation):
        _set(study, wave, organisation, opened=False)


def open_poster(*, study: str, wave: str, organisation: str, by: str) -> None:
    """Let a poster give out links again."""
    with written("open-poster", f"{study}/{wave}", by=by, organisation=organisation):
        _set(study, wave, organisation, opened=True)


def _set(study: str, wave: str, organisation: str, *, opened: bool) -> None:
    posters = Poster.objects.filter(wave__study__slug=study, wave__name=wave, organisation__slug=organisation)
    if not posters.update(open=opened):
        raise BadInput("poster", f'none for "{organisation}"', "an organisation that has a poster")


def take_link(*, secret: str, today: date) -> Link:
    """A fresh link for whoever opened a poster. Raises Refused where it gives out none."""
    link = Link.new()
    with transaction.atomic():
        poster = Poster.objects.select_for_update(of=("self",)).select_related("wave", "organisation")
        row = poster.filter(secret=secret).first()
        if row is None or not row.open or not _takes(row.wave, today):
            raise Refused("open poster", "this poster gives out no links now", "Ask who put it up.")
        staff = headcount(row.organisation)
        links = Invitation.objects.filter(wave=row.wave, organisation=row.organisation)
        waiting = links.filter(poster=True, spent=False).count()
        if links.filter(spent=True).count() >= staff or waiting >= MOST_TAKEN * staff:
            raise Refused("a poster is bounded", "this poster has given out all its links", "Ask who put it up.")
        Invitation.objects.create(key=link.invitation, wave=row.wave, organisation=row.organisation, poster=True)
    return link


def check_bound(invitation: Invitation) -> None:
    """Let answers through a poster never make an organisation larger than its headcount. Raises Refused."""
    place = models.Organisation.objects.select_for_update().get(pk=invitation.organisation_id)
    spent = Invitation.objects.filter(wave_id=invitation.wave_id, organisation=place, spent=True).count()
    if spent >= headcount(place):
        reason = "as many people have answered as work in this organisation"
        raise Refused("a poster is bounded", reason, "Tell who put the poster up.")


def _takes(wave: Wave, today: date) -> bool:
    return wave.state == Wave.OPEN and wave.opens <= today <= wave.closes

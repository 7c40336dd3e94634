"""Posters from rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from surefoot.web.models import Organisation, Poster, Wave


@dataclass(frozen=True)
class PosterSeen:
    """An organisation with its poster. secret is "" where there is none."""

    slug: str
    name: str
    secret: str
    open: bool


@dataclass(frozen=True)
class PosterOpened:
    """What somebody sees who opened the address of a poster."""

    title: str
    organisation: str
    closes: date
    open: bool


def posters(study: str, wave: str) -> tuple[PosterSeen, ...]:
    """All organisations of a study, with the posters of a wave."""
    made = {one.organisation_id: one for one in Poster.objects.filter(wave__study__slug=study, wave__name=wave)}
    places = Organisation.objects.filter(study__slug=study)
    return tuple(_seen(place, made.get(place.pk)) for place in places)


def _seen(place: Organisation, poster: Poster | None) -> PosterSeen:
    return PosterSeen(place.slug, place.name, poster.secret if poster else "", bool(poster and poster.open))


def poster(secret: str, *, today: date) -> PosterOpened | None:
    """Where the address of a poster leads; None where nobody made it."""
    row = Poster.objects.select_related("wave__study", "organisation").filter(secret=secret).first()
    if row is None:
        return None
    taking = row.wave.state == Wave.OPEN and row.wave.opens <= today <= row.wave.closes
    return PosterOpened(row.wave.study.title, row.organisation.name, row.wave.closes, row.open and taking)

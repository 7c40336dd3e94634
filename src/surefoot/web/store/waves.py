"""Waves from rows: their dates and state, and who takes part, in counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from surefoot.web import models
from surefoot.web.participation import Taking, participation


@dataclass(frozen=True)
class WaveSeen:
    """A wave as pages show it."""

    study: str
    study_title: str
    name: str
    opens: date
    closes: date
    state: str
    phase: int
    invitations: int
    released: bool
    answers_deleted_on: date | None

    def ended(self, today: date) -> bool:
        """Whether the last day is over: no answer is taken any more, and the wave waits to be closed."""
        return today > self.closes


def waves(study: str) -> tuple[WaveSeen, ...]:
    """The waves of a study, by their opening."""
    return tuple(_seen(row) for row in models.Wave.objects.filter(study__slug=study).select_related("study"))


def wave(study: str, name: str) -> WaveSeen | None:
    """One wave; None where there is none."""
    row = models.Wave.objects.filter(study__slug=study, name=name).select_related("study").first()
    return _seen(row) if row else None


def _seen(row: models.Wave) -> WaveSeen:
    return WaveSeen(
        study=row.study.slug,
        study_title=row.study.title,
        name=row.name,
        opens=row.opens,
        closes=row.closes,
        state=row.state,
        phase=row.phase,
        invitations=models.Invitation.objects.filter(wave=row, poster=False).count(),
        released=models.Release.objects.filter(study=row.study, wave=row.name).exists(),
        answers_deleted_on=row.answers_deleted_on,
    )


def taking_part(study: str, name: str, *, organisations: Sequence[str] | None = None) -> Sequence[Taking]:
    """How many were invited, started and completed, as the PARTICIPATION policy shows it.

    organisations: the slugs of those that somebody may see; None for all.
    """
    counted = models.Invitation.objects.filter(wave__study__slug=study, wave__name=name, poster=False)
    counted_drafts = models.Draft.objects.filter(wave__study__slug=study, wave__name=name)
    by = "organisation__slug"
    invited = {
        row[by]: row for row in counted.values(by).annotate(all=Count("key"), done=Count("key", filter=Q(spent=True)))
    }
    begun = {row[by]: row["all"] for row in counted_drafts.values(by).annotate(all=Count("key"))}
    posted = {row[by]: row["all"] for row in _by_poster(study, name).values(by).annotate(all=Count("key"))}
    typed = {row[by]: row["all"] for row in _on_paper(study, name).values(by).annotate(all=Count("pk"))}
    rows = models.Organisation.objects.filter(study__slug=study)
    seen = [row for row in rows if organisations is None or row.slug in organisations]
    counts = {
        row.slug: (
            invited.get(row.slug, {"all": 0})["all"],
            invited.get(row.slug, {"done": 0})["done"],
            begun.get(row.slug, 0),
        )
        for row in seen
    }
    return participation(counts, names={row.slug: row.name for row in seen}, paper=typed, posters=posted)


def any_by_poster(study: str, name: str) -> bool:
    """Whether a wave has a poster, or answers that came through one."""
    posters = models.Poster.objects.filter(wave__study__slug=study, wave__name=name)
    return posters.exists() or _by_poster(study, name).exists()


def _by_poster(study: str, name: str) -> QuerySet[models.Invitation]:
    found = models.Invitation.objects.filter(wave__study__slug=study, wave__name=name)
    return found.filter(poster=True, spent=True)


def any_on_paper(study: str, name: str) -> bool:
    """Whether any answer of a wave is marked as paper."""
    return _on_paper(study, name).exists()


def _on_paper(study: str, name: str) -> QuerySet[models.Answer]:
    return models.Answer.objects.filter(wave__study__slug=study, wave__name=name, paper=True)

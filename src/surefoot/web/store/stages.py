"""Owners and days that the lead has set for the stages of the programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from surefoot.web import models


@dataclass(frozen=True)
class PlannedStage:
    """Who owns a stage, by name and address, and by when it is to be done; empty and None where nobody has said."""

    stage: str
    owner: str = ""
    email: str = ""
    due: date | None = None


def planned_stages() -> Mapping[str, PlannedStage]:
    """What was set, by stage. Somebody who has no role any more owns nothing."""
    rows = models.StagePlan.objects.select_related("owner")
    return {row.stage: _planned(row) for row in rows}


def _planned(row: models.StagePlan) -> PlannedStage:
    owner = row.owner if row.owner is not None and row.owner.is_active else None
    return PlannedStage(row.stage, owner.name if owner else "", owner.email if owner else "", row.due)

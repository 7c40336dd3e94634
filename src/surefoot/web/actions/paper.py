"""Writing answers that came on paper. Like a respondent's own answering: no audit event, no name, no time."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from surefoot.errors import BadInput, Refused
from surefoot.web.models import Answer, Invitation, Organisation, Wave


def enter_paper(*, study: str, wave: str, organisation: str, key: str, answers: Mapping[str, Any]) -> None:
    """Keep the answers of one paper questionnaire, marked as paper, until the wave is closed.

    Who typed them is not written anywhere, or it would say whose hands a paper went through. key: a random UUID of the
    form, so that a second click counts once. Raises Refused where the wave is not open, or where there would be more
    answers than people.
    """
    made = _uuid(key)
    with transaction.atomic():
        # Answers are read first, as closing locks them first: the one waits for the other.
        if Answer.objects.filter(pk=made).exists():
            return
        place = Organisation.objects.select_for_update(no_key=True).get(study__slug=study, slug=organisation)
        row = Wave.objects.get(study__slug=study, name=wave)
        if row.state != Wave.OPEN:
            raise Refused("open wave", f"this wave is {row.state}", "Paper is typed in while its wave is open.")
        _check_room(row, place)
        content = json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
        Answer.objects.create(id=made, wave=row, organisation=place, phase=row.phase, content=content, paper=True)


def _check_room(wave: Wave, place: Organisation) -> None:
    """Whether somebody of the organisation is left who can have answered."""
    if not place.headcount:
        raise Refused("everybody answers once", f"nobody counted the people of {place.name}", "Give its headcount.")
    sent = Invitation.objects.filter(wave=wave, organisation=place, spent=True).count()
    typed = Answer.objects.filter(wave=wave, organisation=place, paper=True).count()
    if sent + typed >= sum(place.headcount.values()):
        reason = f"as many answers came as {place.name} has people"
        raise Refused("everybody answers once", reason, "See whether a paper was typed in twice.")


def _uuid(text: str) -> uuid.UUID:
    try:
        found = uuid.UUID(text)
    except ValueError:
        found = None
    if found is None or found.version != 4:
        raise BadInput("form", "no key, or another than the page gave", "the form as the page gives it")
    return found

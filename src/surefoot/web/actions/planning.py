"""Who owns a stage of the programme, and by when it is to be done."""

from __future__ import annotations

from datetime import date

from surefoot.errors import BadInput
from surefoot.web import models
from surefoot.web.audit import written


def plan_stage(*, stage: str, owner: str, due: date | None, by: str) -> None:
    """Set the owner of a stage, by e-mail address ("": the role whose it is), and its day. Raises BadInput."""
    with written("plan-stage", stage, by=by, owner=owner, due=due.isoformat() if due else ""):
        person = models.Person.objects.filter(email=owner, is_active=True).first() if owner else None
        if owner and person is None:
            raise BadInput("owner", f'"{owner}"', "somebody with a role in this programme")
        models.StagePlan.objects.update_or_create(stage=stage, defaults={"owner": person, "due": due})

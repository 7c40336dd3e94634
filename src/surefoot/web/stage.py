"""Where the programme stands: its stages, and for the first that is not done the next action, its owner and blocker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from surefoot.web.store import Overview, WaveSeen

DONE, NOW, LATER = "done", "now", "later"


@dataclass(frozen=True)
class Stage:
    """One of the six stages. action: what is next in it; due: by when, if a date says so; blocker: what is missing."""

    name: str
    state: str
    action: str = ""
    owner: str = "Programme lead"
    due: date | None = None
    blocker: str = ""


def stages(studies: Sequence[Overview], waves: Mapping[str, Sequence[WaveSeen]], *, today: date) -> Sequence[Stage]:
    """The six stages of a programme, as far as this server knows of them."""
    every = [wave for study in studies for wave in waves[study.slug]]
    imported = any(study.imported for study in studies)
    asked = imported or any(wave.state == "closed" for wave in every)
    understood = any(study.released for study in studies)
    return [
        Stage("Ask", DONE) if asked else _ask(studies, every, today),
        Stage("Understand", DONE) if understood else _understand(asked),
        Stage("Deliberate", NOW if understood else LATER, "Hold the leadership workshop." if understood else ""),
        *(Stage(name, LATER) for name in ("Test", "Decide", "Guard")),
    ]


def _ask(studies: Sequence[Overview], waves: Sequence[WaveSeen], today: date) -> Stage:
    if not studies:
        return Stage("Ask", NOW, "Add a study.", blocker="There is no study yet.")
    if not waves:
        return Stage("Ask", NOW, "Plan a wave.", blocker="No wave is planned.")
    opened = next((wave for wave in waves if wave.state != "planned"), None)
    if opened is None:
        blocker = "" if waves[0].invitations else "Nobody is invited yet."
        return Stage("Ask", NOW, "Make the links and open the wave.", due=waves[0].opens, blocker=blocker)
    if opened.ended(today):
        return Stage("Ask", NOW, "Close the wave.", due=opened.closes)
    return Stage("Ask", NOW, "Watch participation; close the wave after its last day.", due=opened.closes)


def _understand(asked: bool) -> Stage:
    if asked:
        return Stage("Understand", NOW, "Publish the release of the closed wave.")
    return Stage("Understand", LATER, blocker="No wave is closed.")

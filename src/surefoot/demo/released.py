"""A small release to attack: two questions of the demo in small organisations, some of them hidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from surefoot.analyse import analyse_responses
from surefoot.demo.simulate import simulate, study_of
from surefoot.demo.truths import SMALL
from surefoot.errors import BadInput
from surefoot.release import RELEASE_FILE, read_release, write_release

QUESTIONS = ("role-group", "service-area", "contact", "understanding")


def write_released(folder: Path) -> Path:
    """Write a small release of simulated answers into a folder. Raises BadInput where it holds another release."""
    study = study_of(SMALL)
    kept = tuple(question for question in study.instrument.questions if question.id in QUESTIONS)
    instrument = replace(study.instrument, questions=kept, planned=())
    study = replace(study, instrument=instrument, title=f"{study.title} (example)")
    if (folder / RELEASE_FILE).exists() and read_release(folder).study_title != study.title:
        raise BadInput(str(folder), "another release", "a new folder, or one with an earlier example")
    made = analyse_responses(study, simulate(study, SMALL), now=datetime.now(UTC))
    return write_release(made.release, folder)

"""The final release of an earlier wave, and what may be compared with it."""

from __future__ import annotations

from surefoot.instrument import Instrument, Question
from surefoot.release.files import RELEASE_FILE, read_release
from surefoot.release.release import Release
from surefoot.study import Study


def kept_release(study: Study, wave: str) -> Release | None:
    """The final release of a wave that is kept with its study, None where there is none yet. Raises BadInput."""
    if study.folder is None:
        return None
    path = study.folder / "releases" / f"wave-{wave}" / RELEASE_FILE
    return read_release(path) if path.exists() else None


def questions_that_differ(earlier: Release, instrument: Instrument) -> tuple[str, ...]:
    """Questions of both waves whose words, options, or order of options are not the same in both."""
    both = (question for question in instrument.questions if question.id in earlier.instrument)
    return tuple(question.id for question in both if _asked(question) != _asked(earlier.instrument[question.id]))


def _asked(question: Question) -> tuple[object, ...]:
    """What people saw, and what it was taken for."""
    options = [(option.id, option.text, option.position) for option in question.options]
    return question.kind, question.text, options, question.show_if, question.derived, question.decimals, question.unit


def shown_alike(kept: Release, again: Release) -> frozenset[str]:
    """Ids of the figures of a wave, made again, that its final release shows too, with the same numbers."""
    pairs = ((f, kept.figure(f.question, f.group, f.selector, kind=f.kind)) for f in again.figures if f.shown)
    both = ((figure, before) for figure, before in pairs if before is not None and before.shown)
    return frozenset(f.id for f, before in both if kept.as_shown[before.id] == again.as_shown[f.id])

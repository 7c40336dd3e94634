"""Whether the parts of a study fit together: names that exist, groups that are counted, files that are given once."""

from __future__ import annotations

import re
from typing import Any

from surefoot.errors import BadInput
from surefoot.study.margins import check_margins
from surefoot.study.sampling import check_sampling
from surefoot.study.study import ALL, ORGANISATION, SERVICE_TYPE, Study


def _check_phases(study: Study, where: str) -> None:
    """A phase of a wave that no file has would change nothing, and two of one wave would contradict each other."""
    for index, phase in enumerate(study.phases):
        if study.sources and phase.wave not in study.waves:
            raise BadInput(f"{where}, wave", f'"{phase.wave}"', f"a wave of a source: {', '.join(study.waves)}")
        if phase.wave in [other.wave for other in study.phases[:index]]:
            raise BadInput(f"{where}, wave", f'two phases of wave "{phase.wave}"', "one for each wave")


def check_study(study: Study, where: str) -> None:
    """Refuse a study whose parts do not fit together. Raises BadInput that names the part."""
    _check_phases(study, f"{where}, phase")
    _check_breakdowns(study, where)
    if study.organisation_question is not None:
        _need_single(study, study.organisation_question, f"{where}, organisation_question")
    if study.headcount_by is not None:
        _check_headcounts(study, where)
    if study.comments.consent not in ("", "all"):
        _check_consent(study, f"{where}, comments")
    _check_organisations(study, f"{where}, organisation")
    if study.weights is not None:
        counted = any(organisation.headcount for organisation in study.organisations)
        check_margins(study.weights, study.instrument, counted=counted, where=f"{where}, weights")
    if study.sampling is not None:
        shown = [part for b in study.breakdowns for part in (b.question, b.crossed_with or b.question)]
        check_sampling(study.sampling, study.instrument, study.organisation_ids, shown, f"{where}, design")
    ids = study.organisation_ids
    files: set[tuple[str, str]] = set()
    for source in study.sources:
        if (source.file, source.wave) in files:
            raise BadInput(
                f"{where}, source", f'two times the file "{source.file}"', "each once: its answers would count twice"
            )
        files.add((source.file, source.wave))
        if source.organisation is not None and source.organisation not in ids:
            raise BadInput(f"{where}, source, organisation", f'"{source.organisation}"', f"one of {', '.join(ids)}")
        if not re.fullmatch(r"\w[\w .-]*", source.wave):
            raise BadInput(f"{where}, source, wave", f'"{source.wave}"', "letters and digits: a folder is named by it")


def _check_consent(study: Study, where: str) -> None:
    options = [o.id for o in _need_single(study, study.comments.consent, f"{where}, consent").options]
    if study.comments.consent_option not in options:
        found, expected = f'"{study.comments.consent_option}"', f"the answer that allows quotes: {', '.join(options)}"
        raise BadInput(f"{where}, consent_option", found, expected)


def _check_organisations(study: Study, where: str) -> None:
    """Ids name groups and places in pages; a name that two share would lose the rows of both."""
    taken: set[str] = set()
    for organisation in study.organisations:
        if organisation.id in taken:
            raise BadInput(where, f'two times the id "{organisation.id}"', "each organisation once")
        if organisation.id == ALL or not re.fullmatch(r"[\w-]+", organisation.id):
            expected = f"letters, digits and hyphens, other than {ALL}; the full name is for `name`"
            raise BadInput(f"{where}, id", f'"{organisation.id}"', expected)
        if organisation.name in taken:
            raise BadInput(
                where, f'two times the name "{organisation.name}"', "a name of its own for each organisation"
            )
        taken |= {organisation.id, organisation.name}


def _check_breakdowns(study: Study, where: str) -> None:
    taken = {ALL, ORGANISATION, SERVICE_TYPE} if study.organisations else {ALL}
    for breakdown in study.breakdowns:
        place = f'{where}, breakdown "{breakdown.id}"'
        questions = [_need_single(study, breakdown.question, place)]
        if breakdown.crossed_with not in (None, ORGANISATION):
            questions.append(_need_single(study, str(breakdown.crossed_with), place))
        if any(question.personal for question in questions):
            raise BadInput(place, "an equality question", "another question: equality answers serve coverage only")
        if breakdown.crossed_with == breakdown.question:
            raise BadInput(place, "a question crossed with itself", "another question, or organisation")
        if breakdown.id in taken:
            raise BadInput(place, "a name that is taken", "each breakdown once, and none that every study has anyway")
        taken.add(breakdown.id)


def _check_headcounts(study: Study, where: str) -> None:
    """A misspelt group would lose its headcount, and with it the correction of its intervals, without a word."""
    groups = [o.id for o in _need_single(study, str(study.headcount_by), f"{where}, headcount_by").options]
    for organisation in study.organisations:
        for group in organisation.headcount:
            if group not in (ALL, *groups):
                place = f'{where}, organisation "{organisation.id}", headcount'
                raise BadInput(place, f'the group "{group}"', f"one of {', '.join(groups)}, or {ALL}")


def _need_single(study: Study, name: str, where: str) -> Any:
    if name not in study.instrument or study.instrument[name].kind != "single":
        singles = [question.id for question in study.instrument.questions if question.kind == "single"]
        raise BadInput(where, f'"{name}"', f"a single-choice question, one of: {', '.join(singles)}")
    return study.instrument[name]

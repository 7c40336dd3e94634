"""The tools' own columns and headings, one Style a dialect (facts: what their export files were seen to hold)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from surefoot.demo.dialects.style import (
    KEPT,
    PREVIEW,
    UNFINISHED,
    Own,
    Style,
    as_id,
    as_number,
    as_text,
    text_of,
)
from surefoot.instrument import Instrument, Option, Question, words

START = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
ADDRESS = "192.0.2.7"
"""An address that is kept for documentation and belongs to nobody."""


def when(pattern: str, minutes: int = 0) -> Callable[[int, str], str]:
    """A time for each row, some minutes after it was begun."""
    return lambda row, kind: (START + timedelta(hours=row, minutes=minutes)).strftime(pattern)


def fixed(cell: str) -> Callable[[int, str], str]:
    """The same cell in each row."""
    return lambda row, kind: cell


def by_kind(kept: str, **others: str) -> Callable[[int, str], str]:
    """A cell by the kind of row."""
    return lambda row, kind: others.get(kind, kept)


def worded(question: Question) -> str:
    """A question in the words that were shown."""
    return words(question.text)


# Microsoft Forms, Google Forms ------------------------------------------------------------------------------------


def _one_row(question: Question, option: Option | None) -> tuple[str, ...]:
    return (worded(question),)


def msforms(pattern: str = "%Y-%m-%d %H:%M:%S") -> Style:
    """One header row, lists with a semicolon at the end, ranks as lists in order."""
    own = (
        Own(("ID",), lambda row, kind: str(row)),
        Own(("Start time",), when(pattern)),
        Own(("Completion time",), when(pattern, 7)),
        Own(("Email",), fixed("anonymous")),
        Own(("Name",), fixed("")),
    )
    return Style(heading=_one_row, separator=";", ends=True, before=own)


def googleforms(instrument: Instrument, separator: str) -> Style:
    """A timestamp first; statements of a group as `Stem [row]`; lists with either separator."""
    groups = _groups(instrument)

    def heading(question: Question, option: Option | None) -> tuple[str, ...]:
        stem = groups.get(question.id)
        if option is not None:
            return (f"{worded(question)} [{text_of(option)}]",)
        return (f"{stem} [{worded(question)}]",) if stem else (worded(question),)

    own = (Own(("Timestamp",), when("%m/%d/%Y %H:%M:%S")), Own(("Email Address",), fixed("someone@example.org")))
    return Style(heading=heading, separator=separator, before=own)


def _groups(instrument: Instrument) -> dict[str, str]:
    """A stem for each statement of a group: the hint that all of them share, else the group's name."""
    groups: dict[str, list[Question]] = {}
    for question in instrument.asked:
        if question.kind == "single" and question.group:
            groups.setdefault(question.group, []).append(question)
    return {
        question.id: words(together[0].hint) if _same_hint(together) else name.capitalize()
        for name, together in groups.items()
        for question in together
        if len(together) > 1
    }


def _same_hint(questions: list[Question]) -> bool:
    return bool(questions[0].hint) and all(question.hint == questions[0].hint for question in questions)


# Qualtrics --------------------------------------------------------------------------------------------------------


def qualtrics(instrument: Instrument, *, numbers: bool, legacy: bool = False) -> Style:
    """Three header rows (two in the legacy format): code, wording, ImportId; a preview and an unfinished row."""
    place = {question.id: f"QID{number}" for number, question in enumerate(instrument.asked, 1)}

    def heading(question: Question, option: Option | None) -> tuple[str, ...]:
        name = place[question.id]
        if option is None:
            end = "-TEXT" if question.kind == "text" else ""
            return _three(question.id, worded(question), f"{name}{end}", legacy)
        number = [entry.id for entry in question.options].index(option.id) + 1
        text = f"{worded(question)} - {text_of(option)}" if not legacy else f"{worded(question)}-{text_of(option)}"
        return _three(f"{question.id}_{number}", text, f"{name}-{number}", legacy)

    def beside(question: Question) -> tuple[str, ...]:
        return _three(f"{question.id}_TEXT", f"{worded(question)} - Text", f"{place[question.id]}-TEXT", legacy)

    def own(code: str, name: str, cell: Callable[[int, str], str]) -> Own:
        return Own(_three(code, code, name, legacy), cell)

    before = (
        own("ResponseID" if legacy else "ResponseId", "responseId", lambda row, kind: f"R_{row:015d}"),
        *((own("ResponseSet", "responseSetId", fixed("Default Response Set")),) if legacy else ()),
        own("IPAddress", "ipAddress", fixed(ADDRESS)),
        own("StartDate", "startDate", when("%Y-%m-%d %H:%M:%S")),
        own("EndDate", "endDate", when("%Y-%m-%d %H:%M:%S", 7)),
        own("Status", "status", by_kind("0", **{PREVIEW: "1"})),
        own("Finished", "finished", by_kind("1", **{UNFINISHED: "0"})),
    )
    return Style(
        heading=heading,
        option=as_number if numbers else as_text,
        ticked=(lambda option: "1") if numbers else text_of,
        beside=beside,
        before=before,
        extra=(PREVIEW, UNFINISHED),
    )


def _three(code: str, text: str, name: str, legacy: bool) -> tuple[str, ...]:
    return (code, text) if legacy else (code, text, json.dumps({"ImportId": name}, separators=(",", ":")))


# LimeSurvey -------------------------------------------------------------------------------------------------------


def limesurvey(*, words_in_head: bool, long: bool) -> Style:
    """Codes or words as headings; codes (short) or words (long) as answers; one row that was not finished."""

    def heading(question: Question, option: Option | None) -> tuple[str, ...]:
        if words_in_head:
            return (worded(question) if option is None else f"{worded(question)} [{text_of(option)}]",)
        return (question.id if option is None else f"{question.id}[{option.id}]",)

    def beside(question: Question) -> tuple[str, ...]:
        return (f"{worded(question)} [Other]" if words_in_head else f"{question.id}[other]",)

    heads = ("Response ID", "Date submitted", "Last page", "Start language", "Date started")
    codes = ("id", "submitdate", "lastpage", "startlanguage", "startdate")
    time = when("%Y-%m-%d %H:%M:%S", 7)
    cells: tuple[Callable[[int, str], str], ...] = (
        lambda row, kind: str(row),
        lambda row, kind: time(row, kind) if kind == KEPT else "",
        fixed("1"),
        fixed("en"),
        when("%Y-%m-%d %H:%M:%S"),
    )
    names = heads if words_in_head else codes
    return Style(
        heading=heading,
        option=as_text if long else as_id,
        ticked=lambda option: "Yes" if long else "Y",
        unticked="No" if long else "",
        unanswered=lambda question: "N/A" if long and _is_yes_no(question) else "",
        beside=beside,
        before=tuple(Own((name,), cell) for name, cell in zip(names, cells, strict=True)),
        extra=(UNFINISHED,),
    )


def _is_yes_no(question: Question) -> bool:
    return question.kind == "single" and [text_of(option) for option in question.options] == ["Yes", "No"]


# SurveyMonkey, Kobo, plain ----------------------------------------------------------------------------------------


def surveymonkey(instrument: Instrument) -> Style:
    """Two header rows; blank cells in the first continue the question to their left; boxes hold their option's text."""

    def heading(question: Question, option: Option | None) -> tuple[str, ...]:
        if option is None:
            return worded(question), "Open-Ended Response" if question.kind in ("text", "number") else "Response"
        return worded(question) if option is question.options[0] else "", text_of(option)

    names = ("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name")
    cells: tuple[Callable[[int, str], str], ...] = (
        lambda row, kind: str(11_000_000_000 + row),
        fixed("400123"),
        when("%m/%d/%Y %I:%M:%S %p"),
        when("%m/%d/%Y %I:%M:%S %p", 7),
        fixed(ADDRESS),
        fixed(""),
        fixed(""),
    )
    own = tuple(Own((name, ""), cell) for name, cell in zip(names, cells, strict=True))
    return Style(heading=heading, ticked=text_of, beside=lambda question: ("", "Other (please specify)"), before=own)


def kobo(instrument: Instrument) -> Style:
    """Names; a list with spaces and a column an option beside it; paths of groups; the form's own columns."""

    def heading(question: Question, option: Option | None) -> tuple[str, ...]:
        path = f"{question.section}/{question.id}" if question.section else question.id
        return (path if option is None else f"{path}/{option.id}",)

    def beside(question: Question) -> tuple[str, ...]:
        return (f"{heading(question, None)[0]}_other",)

    before = (
        Own(("start",), when("%Y-%m-%dT%H:%M:%S.000+01:00")),
        Own(("end",), when("%Y-%m-%dT%H:%M:%S.000+01:00", 7)),
        Own(("deviceid",), fixed("collect:abc")),
    )
    after = (
        Own(("_id",), lambda row, kind: str(1000 + row)),
        Own(("_uuid",), lambda row, kind: f"uuid-{row}"),
        Own(("_submission_time",), when("%Y-%m-%dT%H:%M:%S", 8)),
        Own(("_validation_status",), fixed("")),
    )
    return Style(
        heading=heading,
        option=as_id,
        separator=" ",
        both=True,
        unticked="0",
        beside=beside,
        before=before,
        after=after,
    )


def plain(*, ids: bool, separator: str, zeros: bool = False) -> Style:
    """A table that somebody made: ids or words as headings, lists or boxes."""

    def heading(question: Question, option: Option | None) -> tuple[str, ...]:
        name = question.id if ids else worded(question)
        if option is None:
            return (name,)
        return (f"{name}/{option.id}" if ids else f"{name} [{text_of(option)}]",)

    return Style(
        heading=heading,
        option=as_id if ids else as_text,
        separator=separator,
        unticked="0" if zeros else "",
        zeros=zeros,
    )

"""The report as an Excel workbook: a sheet to read first, and one sheet a chapter with a row for every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from surefoot.instrument import Question, words
from surefoot.release import Figure, Group, Release
from surefoot.report import wording
from surefoot.report.chapters import Outline
from surefoot.report.reading import Reading, selected
from surefoot.report.sheets import Value
from surefoot.report.words import clean

HEAD = ("Question", "Breakdown", "Group", "Answer", "Value", "Low", "High", "Unit", "Base", "Evidence id")
UNITS = {"share": "%", "net": "points"}


def write_workbook(reading: Reading, path: Path, *, final_by: str | None = None) -> Path:
    """Write the workbook. Words stay words: nothing in it is a formula or a link. Gives its path."""
    import xlsxwriter

    release = reading.release
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), {**plain, "in_memory": True}) as book:
        book.set_properties({"title": release.study_title, "comments": wording.SIMULATED if release.simulated else ""})
        _read_me(book, release, final_by)
        for title, questions in _chapters(Outline(reading)):
            _sheet(book, release, title, HEAD, list(_rows(reading, questions)))
    return path


def _chapters(outline: Outline) -> Iterator[tuple[str, list[Question]]]:
    who = [question for block in outline.who for question in block.questions]
    used: set[str] = set()
    for title, questions in [
        ("Who answered", who),
        *((c.title, [q for b in c.blocks for q in b.questions]) for c in outline.chapters),
    ]:
        name = _sheet_name(title, used)
        if questions:
            yield name, questions


def _sheet_name(title: str, used: set[str]) -> str:
    """A name that Excel takes: at most 31 characters, none of []:*?/\\, each once."""
    name = "".join(" " if letter in "[]:*?/\\'" else letter for letter in clean(title))[:28].strip() or "Sheet"
    number = 1
    while (found := name if number == 1 else f"{name} {number}").casefold() in used | {"read me", "history"}:
        number += 1
    used.add(found.casefold())
    return found


def _rows(reading: Reading, questions: Sequence[Question]) -> Iterator[tuple[Value, ...]]:
    for question in questions:
        for group in dict.fromkeys(f.group for f in reading.figures_about(question)):
            figures, where = reading.figures_of(question, group), _where(reading, question, group)
            if not any(figure.shown for figure in figures):
                yield (*where, reading.why(question, group).partition(",")[0])
            yield from (_row(reading, question, where, figure) for figure in figures if figure.shown)


def _row(reading: Reading, question: Question, where: tuple[str, str, str], figure: Figure) -> tuple[Value, ...]:
    cell, scale = reading.cell(figure), 100 if figure.kind in UNITS else 1
    numbers: list[Value] = [None if v is None else round(v * scale, 2) for v in (cell.value, cell.low, cell.high)]
    if cell.value is None:
        numbers[0] = cell.words
    answer = selected(question, figure.selector) if figure.selector else figure.kind
    return (*where, answer, *numbers, UNITS.get(figure.kind, figure.unit), figure.base, figure.id)


def _where(reading: Reading, question: Question, group: Group) -> tuple[str, str, str]:
    breakdown = "all" if group.breakdown == "all" else reading.breakdown_name(group.breakdown)
    return words(question.text), breakdown, reading.name(group)


def _read_me(book: Any, release: Release, final_by: str | None) -> None:
    sheet, bold = book.add_worksheet("Read me"), book.add_format({"bold": True, "font_size": 16})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, clean(release.study_title), bold)
    lines = [wording.SIMULATED + "."] if release.simulated else []
    lines += [
        f"Final, checked by {final_by}." if final_by else "Draft, not a release.",
        *([f"It replaces an earlier release of this wave: {release.revises}"] if release.revises else []),
        f"Release {release.stamp}, made {release.made}. Study {release.study_id}, wave {release.wave}.",
        "One sheet for each chapter of the report, with a row for each answer and group; values are whole per cent, "
        "points or the unit that is named. The file tables/figures.csv lists every figure that is shown.",
        "Low and High are the bounds of the 95% interval. They are empty where everybody answered.",
        *wording.policy(release.policy.minimum_base),
        *(f"{name}: {meaning}" for name, meaning in wording.of_people(wording.METHODS, release.people)),
        "Check a number with: surefoot trace ID --in PROGRAMME",
    ]
    for place, line in enumerate(lines, 2):
        sheet.write_string(place, 0, clean(line), wrapped)


def _sheet(book: Any, release: Release, title: str, head: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    sheet, bold = book.add_worksheet(title), book.add_format({"bold": True, "bottom": 1})
    top = 1 if release.simulated else 0
    _widths(sheet, head)
    if top:
        sheet.write_string(0, 0, wording.SIMULATED)
    for column, name in enumerate(head):
        sheet.write_string(top, column, name, bold)
    sheet.freeze_panes(top + 1, 0)
    sheet.autofilter(top, 0, top + max(len(rows), 1), len(head) - 1)
    for place, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(place, column, clean(value))
            elif value is not None:
                sheet.write_number(place, column, value)


def _widths(sheet: Any, head: Sequence[str]) -> None:
    wide = {"Question": 50, "Breakdown": 18, "Group": 30, "Answer": 36, "Evidence id": 26, "id": 26, "method": 30}
    for column, name in enumerate(head):
        sheet.set_column(column, column, wide.get(name, 11))

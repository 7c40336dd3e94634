"""The files of a report: one function an output format, and a folder that is never half written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from surefoot.errors import BadInput
from surefoot.release import RELEASE_FILE, Release, write_release
from surefoot.report.changes import changes_table
from surefoot.report.html import render_reading
from surefoot.report.reading import Reading
from surefoot.report.replacement import replacing, restore
from surefoot.report.sheets import csv_text, figures_table, question_tables
from surefoot.report.who import WhoAnswered
from surefoot.report.workbook import write_workbook

HTML, WORKBOOK, TABLES = "report.html", "report.xlsx", "tables"
_OURS = {HTML, WORKBOOK, TABLES, RELEASE_FILE}


def _html(reading: Reading, folder: Path, final_by: str | None) -> list[Path]:
    path = folder / HTML
    path.write_text(render_reading(reading, final_by), encoding="utf-8")
    return [path]


def _xlsx(reading: Reading, folder: Path, final_by: str | None) -> list[Path]:
    return [write_workbook(reading, folder / WORKBOOK, final_by=final_by)]


def _csv(reading: Reading, folder: Path, _: str | None) -> list[Path]:
    tables = folder / TABLES
    tables.mkdir()
    paths = []
    changes = changes_table(reading)
    answered = [one.table for one in WhoAnswered(reading).tables]
    for table in (*question_tables(reading), *answered, figures_table(reading), *([changes] if changes else [])):
        paths.append(tables / f"{table.id}.csv")
        paths[-1].write_text(csv_text(table), encoding="utf-8", newline="")
    return paths


def _json(reading: Reading, folder: Path, _: str | None) -> list[Path]:
    return [write_release(reading.release, folder)]


EXPORTS: Mapping[str, Callable[[Reading, Path, str | None], list[Path]]] = {
    ".html": _html,
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".json": _json,
}
"""One function for each output format: a Release as it is read and a folder in, the files that it wrote out."""


def write_report(release: Release, folder: Path, *, final_by: str | None = None) -> list[Path]:
    """Write every format of a report into a folder, which is made or, if it holds an earlier report, replaced.

    Written elsewhere first and then moved, so a reader never meets half a report and no failure loses the earlier one.
    final_by: who checked it; a draft without. Raises TypeError for anything that is not a Release, BadInput where the
    folder holds something else.
    """
    if not isinstance(release, Release):
        raise TypeError(f"only a Release can be reported, not a {type(release).__name__}")
    restore(folder)
    _check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with replacing(folder) as made:
        reading = Reading(release)
        paths = [path for write in EXPORTS.values() for path in write(reading, made, final_by)]
    return [folder / path.relative_to(made) for path in paths]


def _check(folder: Path) -> None:
    """Only an empty folder or an earlier report is replaced."""
    if not folder.exists():
        return
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else {folder.name}
    ours = names <= _OURS and RELEASE_FILE in names
    if not folder.is_dir() or (names and not ours):
        other = sorted(names - _OURS)
        found = f'something that is no report ("{other[0]}")' if other else "something that is no report"
        raise BadInput(str(folder), found, "a new or empty folder, or one with an earlier report")

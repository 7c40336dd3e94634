"""Who answered, as a page of its own with its tables beside it."""

from __future__ import annotations

from pathlib import Path

from surefoot.release import Release, released
from surefoot.report.chapters import Outline
from surefoot.report.html import Page
from surefoot.report.pages import environment
from surefoot.report.reading import Reading
from surefoot.report.sheets import csv_text
from surefoot.report.who import WhoAnswered
from surefoot.whole import write_whole

WHO_PAGE = "who.html"


def who_reading(release: Release) -> WhoAnswered:
    """What a Release tells of who answered. Raises Refused for anything else."""
    return WhoAnswered(Reading(released(release)))


def who_files(release: Release, folder: Path) -> list[Path]:
    """Write the page and its tables into a folder, which is made; each file is written whole or not at all."""
    reading = Reading(released(release))
    folder.mkdir(parents=True, exist_ok=True)
    page = Page(release, Outline(reading))
    language = release.instrument.languages[0]
    text = environment().get_template("who-page.html").render(page=page, language=language)
    contents = {WHO_PAGE: text} | {f"{one.id}.csv": csv_text(one.table) for one in WhoAnswered(reading).tables}
    for name, content in contents.items():
        write_whole(folder / name, content)
    return [folder / name for name in contents]

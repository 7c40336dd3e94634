"""The analyst's view as files: a page, a table for each kind of comparison, and everything as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from surefoot.comparison.page import render
from surefoot.comparison.tables import file_tables
from surefoot.comparison.view import AnalystView
from surefoot.errors import BadInput
from surefoot.release import RELEASE_FILE
from surefoot.report.sheets import csv_text
from surefoot.whole import write_whole

PAGE, JSON = "compare.html", "compare.json"


def write_view(view: AnalystView, folder: Path) -> list[Path]:
    """Write the view into a folder, which is made; files of an earlier view are replaced. Gives the paths.

    Raises BadInput where the folder holds a report or a release: what is for the analyst alone is kept apart.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInput(str(folder), "a file", "a folder")
    if (folder / RELEASE_FILE).exists():
        raise BadInput(str(folder), "a report or a release", "a folder of its own: this is for the analyst alone")
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        PAGE: render(view),
        **{f"{table.id}.csv": csv_text(table) for table in file_tables(view)},
        JSON: json.dumps(view.to_json(), ensure_ascii=False, indent=2, allow_nan=False) + "\n",
    }
    for name, text in content.items():
        write_whole(folder / name, text)
    return [folder / name for name in content]

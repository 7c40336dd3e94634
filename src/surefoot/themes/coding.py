"""Coding sheets: one CSV a coder, in which a person writes the themes of each comment."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Collection as Several
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surefoot.errors import BadInput, Refused
from surefoot.readers.told import in_words, told_one
from surefoot.themes.codebook import NO_THEME, Codebook
from surefoot.themes.collection import as_text, from_text
from surefoot.themes.suggestion import SuggestedTheme
from surefoot.whole import write_whole

COLUMNS = ("id", "comment", "suggested", "themes", "coder")
NOT_HERE = "(not among the comments now; your code is kept)"
CONSENSUS = "consensus.csv"
_LIST = re.compile(r"[;,]")


@dataclass(frozen=True)
class Coded:
    """What one coder wrote: themes by comment id. A comment without an entry is not coded yet."""

    coder: str
    codes: Mapping[str, frozenset[str]]


def sheet_path(folder: Path, coder: str) -> Path:
    """The file of one coder's sheet. Raises BadInput for a name without letters."""
    slug = re.sub(r"[^\w]+", "-", coder.strip().casefold()).strip("-_")
    if not slug:
        raise BadInput("--coder", f'"{coder}"', "the name of the coder")
    return folder / f"codes-{slug}.csv"


def coders(folder: Path) -> tuple[str, ...]:
    """The coders who have a sheet, by the names of the files."""
    return tuple(sorted(path.stem.removeprefix("codes-") for path in folder.glob("codes-*.csv")))


def write_sheet(
    path: Path, texts: Mapping[str, str], codebook: Codebook, suggestions: Sequence[SuggestedTheme], coder: str = ""
) -> int:
    """Write a coding sheet, or add new comments to one; what was coded stays. Returns the comments still to code.

    texts: redacted comments by id. The column `suggested` is a machine's guess and never becomes a code by itself.
    Codes of comments that are not among these, such as one that is held back now, stay in the sheet without the words.
    Raises BadInput where the sheet is of another coder, whose name makes the same file name.
    """
    before = _own_codes(path, codebook, coder) if path.exists() else {}
    guesses = _guesses(codebook, suggestions)
    rows = [
        (
            name,
            texts.get(name, NOT_HERE),
            "; ".join(guesses.get(name, ())) if name in texts else "",
            written(before[name]) if name in before else "",
            coder,
        )
        for name in sorted({*texts, *before})
    ]
    write_rows(path, COLUMNS, rows)
    return sum(1 for name in texts if name not in before)


def _own_codes(path: Path, codebook: Codebook, coder: str) -> Mapping[str, frozenset[str]]:
    """The codes of a sheet that is this coder's."""
    names = {from_text(row.get("coder") or "") for row in _rows(path)} - {""}
    other = next((name for name in sorted(names) if coder and _same(name) != _same(coder)), None)
    if other is not None:
        raise BadInput(
            "--coder", f'"{coder}", whose sheet would be {path.name}, the sheet of "{other}"', "another name"
        )
    return read_sheet(path, codebook).codes


def _same(name: str) -> str:
    return " ".join(name.casefold().split())


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table for spreadsheets, whole and for its owner alone; what looks like a formula stays text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([as_text(cell) for cell in row])
    write_whole(path, "\ufeff" + out.getvalue(), private=True)


def written(themes: Several[str]) -> str:
    """Themes as a coder writes them."""
    return "; ".join(sorted(themes)) or NO_THEME


def _guesses(codebook: Codebook, suggestions: Sequence[SuggestedTheme]) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    for theme in codebook.themes:
        for suggestion in suggestions:
            if suggestion.id in theme.came_from:
                for name in suggestion.members:
                    made.setdefault(name, []).append(theme.id)
    return made


def read_sheet(path: Path, codebook: Codebook) -> Coded:
    """Read a coding sheet, as a spreadsheet may have saved it. Raises BadInput, which never quotes a comment."""
    found: dict[str, frozenset[str]] = {}
    seen: dict[str, int] = {}
    for number, row in enumerate(_rows(path), 2):
        name = (row["id"] or "").strip()
        if name and name in seen:
            raise BadInput(f"{path}, row {number}, id", f"{name}, as in row {seen[name]}", "each comment once")
        seen[name] = number
        given = _given(row.get("themes") or "", codebook, f"{path}, row {number}")
        if given is not None and name:
            found[name] = given
    return Coded(path.stem.removeprefix("codes-"), found)


def _rows(path: Path) -> list[dict[str, str | None]]:
    """The rows of a sheet, in any encoding and with any separator that spreadsheets save."""
    try:
        text = _decoded(path.read_bytes())
    except OSError as problem:
        raise BadInput(
            str(path), f"no readable file ({problem.strerror})", "a sheet of `surefoot themes code`"
        ) from None
    first = text.partition("\n")[0]
    separator = max((",", ";", "\t"), key=first.count)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    if not rows or not {"id", "themes"} <= set(rows[0]):
        raise BadInput(str(path), "no columns id and themes", "a sheet that `surefoot themes code` wrote")
    return rows


def _decoded(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16 with its mark (Excel's "Unicode text"), or else as Western Windows saves."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _given(cell: str, codebook: Codebook, where: str) -> frozenset[str] | None:
    names = [part.strip() for part in _LIST.split(from_text(cell.strip())) if part.strip()]
    if not names:
        return None
    themes = {name.casefold() for name in names}
    if unknown := sorted(themes - {*codebook.ids, NO_THEME}):
        known = ", ".join((*codebook.ids, NO_THEME))
        found = "something that is no theme" if len(unknown[0]) > 40 else f'"{unknown[0]}"'
        raise BadInput(f"{where}, themes", found, f"ids of the codebook with ; between them: {known}")
    if NO_THEME in themes and len(themes) > 1:
        raise BadInput(f"{where}, themes", f'"{NO_THEME}" beside a theme', "one or the other")
    return frozenset(themes - {NO_THEME})


# Consensus ----------------------------------------------------------------------------------------------------------


def settle(
    folder: Path, codebook: Codebook, texts: Mapping[str, str], coder: str | None = None
) -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """The final codes of all comments, and the coders that they come from.

    Where coders differ, the consensus file decides. coder: take this one's codes as they are. Raises Refused while
    comments are not coded by everybody, or coders differ and nothing was settled; then the differences are listed.
    """
    sheets = [read_sheet(sheet_path(folder, name), codebook) for name in ([coder] if coder else coders(folder))]
    if not sheets:
        raise Refused("people code comments", "there is no coding sheet", "Run `surefoot themes code` and fill it in.")
    missing = {sheet.coder: sum(1 for name in texts if name not in sheet.codes) for sheet in sheets}
    if any(missing.values()):
        told = ", ".join(f"{name}: {in_words(told_one(count))} to code" for name, count in missing.items() if count)
        raise Refused("every comment is coded", told, 'Fill in the column themes; write "none" where no theme fits.')
    settled = read_sheet(folder / CONSENSUS, codebook).codes if (folder / CONSENSUS).exists() else {}
    final, apart = {}, []
    for name in sorted(texts):
        given = {sheet.codes[name] for sheet in sheets}
        if len(given) > 1 and name not in settled:
            apart.append(name)
        final[name] = settled[name] if len(given) > 1 and name in settled else next(iter(given))
    if apart:
        _write_differences(folder, sheets, texts, settled)
        reason = (
            f"the coders differ on {in_words(told_one(len(apart)))} comments, which are listed in {folder / CONSENSUS}"
        )
        raise Refused(
            "coders agree", reason, "Fill in its column themes together, or take one coder's codes with --coder NAME."
        )
    return final, tuple(sheet.coder for sheet in sheets)


def _write_differences(
    folder: Path, sheets: Sequence[Coded], texts: Mapping[str, str], settled: Mapping[str, frozenset[str]]
) -> None:
    rows = [
        (name, text, *(written(s.codes[name]) for s in sheets), written(settled[name]) if name in settled else "")
        for name, text in sorted(texts.items())
        if len({s.codes[name] for s in sheets}) > 1
    ]
    write_rows(folder / CONSENSUS, ("id", "comment", *(sheet.coder for sheet in sheets), "themes"), rows)

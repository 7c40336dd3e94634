"""What people upload: bounded before it is read, and checked before it is used."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from surefoot.errors import BadInput

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_FILES = 500
MOST_TEXT = 2 * 1024 * 1024
File: TypeAlias = "UploadedFile[bytes]"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Bounded(TemporaryFileUploadHandler):
    """Stops an upload that is too large while it comes in."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take one piece of a file."""
        if start + len(raw_data) > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)


def uploaded(request: HttpRequest, name: str, expected: str) -> File:
    """The file of a form's field. Raises BadInput where there is none."""
    found = request.FILES.get(name)
    if not isinstance(found, UploadedFile):
        raise BadInput("upload", "no file", expected)
    return found


def read_text(file: File, what: str) -> str:
    """A small text file in UTF-8. Raises BadInput."""
    if (file.size or 0) > MOST_TEXT:
        raise BadInput(what, f"a file of {file.size:,} bytes", f"at most {MOST_TEXT:,}")
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(what, "a file that is not text in UTF-8", "a text file, saved as UTF-8") from None


def read_rows(file: File, columns: tuple[str, ...], what: str) -> Iterator[dict[str, str]]:
    """The rows of an uploaded CSV with a header that has some columns. Raises BadInput."""
    text = read_text(file, what)
    dialect = "excel-tab" if "\t" in text.partition("\n")[0] else "excel"
    reader = csv.DictReader(io.StringIO(text), dialect=dialect)
    found = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    if not set(columns) <= set(found):
        raise BadInput(f"{what}, header row", ", ".join(found) or "nothing", f"the columns {', '.join(columns)}")
    reader.fieldnames = found
    for row in reader:
        values = {name: (row.get(name) or "").strip() for name in found}
        if any(values.values()):
            yield values


def csv_text(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A CSV that a spreadsheet reads as text: a cell that it would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return out.getvalue()


def unpack(file: File, folder: Path, *, what: str = "study") -> Path:
    """Unpack an uploaded zip of a study's folder; the folder with its study.toml comes out. Raises BadInput.

    what: "programme" for the folder of a programme, with its programme.toml.

    Names that lead out of the folder, links, and archives that grow too large are refused before anything is written.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_archive(entries)
            for entry in entries:
                _write_entry(archive, entry, folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise BadInput("upload", "a file that is no zip, or a broken one", f"the folder of a {what}, zipped") from None
    found = sorted(folder.rglob(f"{what}.toml"))
    if len(found) != 1:
        raise BadInput("upload", f"{len(found)} files called {what}.toml", f"the folder of one {what}, zipped")
    return found[0].parent


def _check_archive(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        expected = f"at most {MOST_FILES} files and {MOST_UNPACKED // 2**20} MB"
        raise BadInput("upload", "an archive that unpacks to too much", expected)
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename or link:
            raise BadInput("upload", f'the entry "{entry.filename}"', "files inside the folder only")


def _write_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> None:
    """The size that an archive states may be false, so never more than that is read."""
    place = folder / PurePosixPath(entry.filename.replace("\\", "/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as packed:
        content = packed.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise BadInput("upload", f'"{entry.filename}", larger than it says', "an archive that is whole")
    place.write_bytes(content)


def pack(folder: Path) -> bytes:
    """The files of a folder as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return out.getvalue()

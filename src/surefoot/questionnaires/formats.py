"""FORMATS: which files a questionnaire can be read from and written to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, bank_names, open_instrument, write_instrument
from surefoot.questionnaires.blank import write_blank
from surefoot.questionnaires.limesurvey import write_limesurvey
from surefoot.questionnaires.printed import write_printed
from surefoot.questionnaires.qsf import read_qsf
from surefoot.questionnaires.qsf import sniff as is_qsf
from surefoot.questionnaires.questionnaire import Questionnaire
from surefoot.questionnaires.xlsform_read import read_xlsform
from surefoot.questionnaires.xlsform_write import write_xlsform


class Format(NamedTuple):
    """A format: its name, how it is told from a file's first bytes, and how it is read and written, where it is."""

    name: str
    sniff: Callable[[bytes], bool] | None = None
    read: Callable[[Path], Questionnaire] | None = None
    write: Callable[[Instrument, Path], tuple[str, ...]] | None = None


def _own(path: Path) -> Questionnaire:
    return Questionnaire(open_instrument(path))


def _write_own(instrument: Instrument, path: Path) -> tuple[str, ...]:
    write_instrument(instrument, path)
    return ()


FORMATS: dict[str, Format] = {
    ".toml": Format("Surefoot instrument", None, _own, _write_own),
    ".xlsx": Format("XLSForm", lambda content: content.startswith(b"PK"), read_xlsform, write_xlsform),
    ".qsf": Format("Qualtrics survey", is_qsf, read_qsf),
    ".tsv": Format("LimeSurvey survey structure", write=write_limesurvey),
    ".csv": Format("blank table for answers", write=write_blank),
    ".html": Format("printable questionnaire", write=write_printed),
}
"""Formats by suffix. What is read is told by its content; a suffix decides only what is written."""


@dataclass(frozen=True)
class Conversion:
    """What a conversion did. sentences: what could not be carried when reading, then when writing."""

    instrument: Instrument
    source: str
    target: str
    not_carried: tuple[str, ...]
    notes: tuple[str, ...]
    written: Path

    def lines(self) -> list[str]:
        """What is printed."""
        asked = self.instrument.asked
        kinds = ", ".join(
            f"{sum(q.kind == kind for q in asked)} {kind}" for kind in dict.fromkeys(q.kind for q in asked)
        )
        said = [f"Carried: {len(asked)} questions ({kinds}) in {', '.join(self.instrument.languages)}."]
        said += ["Not carried when reading:", *(f"  - {part}" for part in self.not_carried)] if self.not_carried else []
        said += (
            ["To know about the file that was written:", *(f"  - {part}" for part in self.notes)] if self.notes else []
        )
        return [*said, f"Wrote {self.written} ({self.target})"]

    def to_json(self) -> dict[str, object]:
        """The conversion as a plain object."""
        return {
            "schema": "surefoot/conversion/1",
            "instrument": self.instrument.id,
            "from": self.source,
            "to": self.target,
            "questions": [question.id for question in self.instrument.asked],
            "languages": list(self.instrument.languages),
            "not_carried": list(self.not_carried),
            "notes": list(self.notes),
            "written": str(self.written),
        }


def open_questionnaire(source: str | Path) -> Questionnaire:
    """Read a questionnaire: a TOML instrument, the name of one of the bank, an XLSForm or a Qualtrics survey.

    Raises BadInput where it is none of these.
    """
    return _format_of(source)[1](Path(source)) if Path(source).exists() else Questionnaire(open_instrument(source))


def _format_of(source: str | Path) -> tuple[str, Callable[[Path], Questionnaire]]:
    path = Path(source)
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise BadInput(str(path), f"no readable file ({problem.strerror})", _readable()) from None
    for format_ in FORMATS.values():
        if format_.read and format_.sniff and format_.sniff(content):
            return format_.name, format_.read
    if path.suffix.lower() not in ("", ".toml"):
        raise BadInput(path.name, f'a "{path.suffix}" file that is none of these', _readable())
    return FORMATS[".toml"].name, _own


def _readable() -> str:
    known = [f"{suffix} ({format_.name})" for suffix, format_ in FORMATS.items() if format_.read]
    return f"{', '.join(known)}, or one of the bank: {', '.join(bank_names())}"


def convert(source: str | Path, out: Path) -> Conversion:
    """Read a questionnaire in one format and write it in another; the suffix of `out` says which.

    Raises BadInput where either is not known, or would be the same file.
    """
    target = FORMATS.get(out.suffix.lower())
    if target is None or target.write is None:
        known = [f"{suffix} ({format_.name})" for suffix, format_ in FORMATS.items() if format_.write]
        raise BadInput(str(out), f'the suffix "{out.suffix}"', f"one of {', '.join(known)}")
    path = Path(source)
    if path.exists() and path.resolve() == out.resolve():
        raise BadInput(str(out), "the file that is read", "another file to write")
    name = _format_of(source)[0] if path.exists() else "bank"
    questionnaire = open_questionnaire(source)
    notes = target.write(questionnaire.instrument, out)
    return Conversion(questionnaire.instrument, name, target.name, questionnaire.not_carried, notes, out)


def example(folder: Path) -> list[Path]:
    """Write a small questionnaire as an XLSForm, to try converting with.

    Raises BadInput where another file has its name.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise BadInput(str(folder), f"no folder can be made there ({problem.strerror})", "a folder") from None
    path, fresh = folder / "questionnaire.xlsx", folder / ".questionnaire.part"
    write_xlsform(open_instrument("voice"), fresh)
    try:
        if path.exists() and path.read_bytes() != fresh.read_bytes():
            raise BadInput(str(path), "a file of yours", "a folder without it: nothing is written over")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return [path]

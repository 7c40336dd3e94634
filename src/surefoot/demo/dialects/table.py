"""DIALECTS: each way to write known answers, the reader that must understand it, and what it loses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from surefoot.demo.dialects import tools
from surefoot.demo.dialects.expected import LOSSES
from surefoot.demo.dialects.files import csv_bytes, xlsx_bytes
from surefoot.demo.dialects.known import Known
from surefoot.demo.dialects.qsf import qsf_bytes
from surefoot.demo.dialects.statistics import write_dta, write_sav
from surefoot.demo.dialects.style import Grid, Style, grid
from surefoot.errors import BadInput
from surefoot.instrument import Instrument
from surefoot.responses import Responses
from surefoot.whole import whole

COMMON = frozenset({"blank", "no-tick"})
OWN_WORDS = COMMON | {"own-words"}
FORMS = OWN_WORDS | {"separator"}


@dataclass(frozen=True)
class Dialect:
    """A way to write answers. reader: the name that `surefoot read --as` knows it by. suffix: of the file.

    style, encode: rows of cells, and the bytes that hold them. file: writes the whole file where a library does it.
    losses: keys of LOSSES. extra: rows in the file that are not to count. survey: what stands beside the file (a .qsf),
    or None.
    """

    reader: str
    suffix: str = ".csv"
    style: Callable[[Instrument], Style] | None = None
    encode: Callable[[Grid], bytes] = csv_bytes
    file: Callable[[Known, Path], None] | None = None
    losses: frozenset[str] = COMMON
    extra: int = 0
    survey: Callable[[Instrument], bytes] | None = None

    def write(self, known: Known, path: Path, unfinished: int | None = None) -> None:
        """Write the file."""
        if self.file is not None:
            self.file(known, path)
        elif self.style is not None:
            path.write_bytes(self.encode(grid(known, self.style(known.instrument), unfinished)))


def _plain(ids: bool, separator: str, zeros: bool = False) -> Callable[[Instrument], Style]:
    return lambda instrument: tools.plain(ids=ids, separator=separator, zeros=zeros)


def _qualtrics(numbers: bool = False, legacy: bool = False) -> Callable[[Instrument], Style]:
    return lambda instrument: tools.qualtrics(instrument, numbers=numbers, legacy=legacy)


def _limesurvey(words_in_head: bool, long: bool) -> Callable[[Instrument], Style]:
    return lambda instrument: tools.limesurvey(words_in_head=words_in_head, long=long)


def _msforms(pattern: str) -> Callable[[Instrument], Style]:
    return lambda instrument: tools.msforms(pattern)


def _googleforms(separator: str) -> Callable[[Instrument], Style]:
    return lambda instrument: tools.googleforms(instrument, separator)


_LIMESURVEY = partial(csv_bytes, separator=";", encoding="utf-8-sig", quote_all=True)
DIALECTS: dict[str, Dialect] = {
    "plain, ids": Dialect("plain", style=_plain(True, ";"), losses=OWN_WORDS),
    "plain, words": Dialect(
        "plain", style=_plain(False, "\n"), encode=partial(csv_bytes, encoding="utf-8-sig"), losses=FORMS
    ),
    "plain, boxes": Dialect(
        "plain",
        ".xlsx",
        style=_plain(True, "", zeros=True),
        encode=partial(xlsx_bytes, sheet="Answers"),
        losses=frozenset({"blank", "own-words"}),
    ),
    "qualtrics, words": Dialect("qualtrics", style=_qualtrics(), extra=2),
    "qualtrics, numbers": Dialect("qualtrics", style=_qualtrics(numbers=True), extra=2, survey=qsf_bytes),
    "qualtrics, legacy": Dialect("qualtrics", style=_qualtrics(legacy=True), extra=2),
    "limesurvey, codes": Dialect("limesurvey", style=_limesurvey(False, False), encode=_LIMESURVEY, extra=1),
    "limesurvey, codes and words": Dialect("limesurvey", style=_limesurvey(False, True), encode=_LIMESURVEY, extra=1),
    "limesurvey, words": Dialect("limesurvey", style=_limesurvey(True, True), encode=_LIMESURVEY, extra=1),
    "spss": Dialect("sav", ".sav", file=write_sav, losses=OWN_WORDS),
    "stata": Dialect("stata", ".dta", file=write_dta, losses=OWN_WORDS),
    "msforms, xlsx": Dialect(
        "msforms",
        ".xlsx",
        style=_msforms("%Y-%m-%d %H:%M:%S"),
        encode=partial(xlsx_bytes, sheet="Sheet1", dates=2),
        losses=FORMS,
    ),
    "msforms, csv": Dialect(
        "msforms",
        style=_msforms("%m/%d/%y %H:%M:%S"),
        encode=partial(csv_bytes, encoding="cp1252"),
        losses=FORMS | {"letters"},
    ),
    "googleforms, from the form": Dialect(
        "googleforms", style=_googleforms(";"), encode=partial(csv_bytes, line_end="\n"), losses=FORMS
    ),
    "googleforms, from the sheet": Dialect("googleforms", style=_googleforms(", "), losses=FORMS),
    "surveymonkey": Dialect("surveymonkey", style=tools.surveymonkey, encode=partial(csv_bytes, line_end="\n")),
    "kobo": Dialect("kobo", style=tools.kobo, encode=partial(csv_bytes, separator=";", quote_all=True)),
}
"""Every way to write known answers, by name."""


def write_dialect(name: str, made: Responses, path: Path, *, unfinished: int | None = None) -> list[Path]:
    """Write answers as a tool would export them; where its numbers need a survey file beside, that too.

    unfinished: how many further rows of people who broke off the file has, where the tool exports such rows.
    Raises BadInput for a name that is not in DIALECTS.
    """
    dialect = DIALECTS.get(name)
    if dialect is None:
        raise BadInput("dialect", f'"{name}"', f"one of {', '.join(DIALECTS)}")
    with whole(path) as place:
        dialect.write(Known(made), place, unfinished)
    if dialect.survey is None:
        return [path]
    beside = path.with_suffix(".qsf")
    beside.write_bytes(dialect.survey(made.instrument))
    return [path, beside]


def losses_table(names: Iterable[str] = tuple(DIALECTS)) -> str:
    """What each dialect loses, as the table that the documentation shows."""
    heads = list(LOSSES)
    lines = [f"| dialect | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for name in names:
        marks = ["lost" if key in DIALECTS[name].losses else "" for key in heads]
        lines.append(f"| {name} | {' | '.join(marks)} |")
    return "\n".join([*lines, "", *(f"- **{key}**: {said}" for key, said in LOSSES.items())])

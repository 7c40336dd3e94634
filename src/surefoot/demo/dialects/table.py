"""DIALECTS: each way to write known answers, the reader that must understand it, and what it loses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from surefoot.demo.dialects import tools
from surefoot.demo.dialects.expected import LOSSES
from surefoot.demo.dialects.files import csv_bytes, xlsx_bytes
from surefoot.demo.dialects.known import Known
from surefoot.demo.dialects.statistics import write_sav
from surefoot.demo.dialects.style import Style, grid
from surefoot.errors import BadInput
from surefoot.instrument import Instrument
from surefoot.responses import Responses
from surefoot.whole import whole

COMMON = frozenset({"blank", "no-tick"})
Beside = Callable[[Instrument], bytes]


@dataclass(frozen=True)
class Dialect:
    """A way to write answers. reader: the name that `surefoot read --as` knows it by. suffix: of the file.

    write: the file from known answers. losses: keys of LOSSES. extra: rows in the file that are not to count.
    survey: what stands beside the file (a .qsf), or None.
    """

    reader: str
    suffix: str
    write: Callable[[Known, Path], None]
    losses: frozenset[str] = COMMON
    extra: int = 0
    survey: Beside | None = None


def _csv(style: Callable[[Instrument], Style], **how: object) -> Callable[[Known, Path], None]:
    def write(known: Known, path: Path) -> None:
        path.write_bytes(csv_bytes(grid(known, style(known.instrument)), **how))  # type: ignore[arg-type]

    return write


def _xlsx(style: Callable[[Instrument], Style], sheet: str, dates: int = 0) -> Callable[[Known, Path], None]:
    def write(known: Known, path: Path) -> None:
        path.write_bytes(xlsx_bytes(grid(known, style(known.instrument)), sheet, dates=dates))

    return write


_FORMS = COMMON | {"own-words", "separator"}
DIALECTS: dict[str, Dialect] = {
    "plain, ids": Dialect(
        "plain", ".csv", _csv(lambda i: tools.plain(ids=True, separator=";")), COMMON | {"own-words"}
    ),
    "plain, words": Dialect(
        "plain", ".csv", _csv(lambda i: tools.plain(ids=False, separator="\n"), encoding="utf-8-sig"), _FORMS
    ),
    "plain, boxes": Dialect(
        "plain",
        ".xlsx",
        _xlsx(lambda i: tools.plain(ids=True, separator="", zeros=True), "Answers"),
        frozenset({"blank", "own-words"}),
    ),
    "qualtrics, words": Dialect("qualtrics", ".csv", _csv(lambda i: tools.qualtrics(i, numbers=False)), extra=2),
    "qualtrics, legacy": Dialect(
        "qualtrics", ".csv", _csv(lambda i: tools.qualtrics(i, numbers=False, legacy=True)), extra=2
    ),
    "limesurvey, codes": Dialect(
        "limesurvey",
        ".csv",
        _csv(lambda i: tools.limesurvey(words_in_head=False, long=False), **tools.LIMESURVEY),
        extra=1,
    ),
    "limesurvey, codes and words": Dialect(
        "limesurvey",
        ".csv",
        _csv(lambda i: tools.limesurvey(words_in_head=False, long=True), **tools.LIMESURVEY),
        extra=1,
    ),
    "limesurvey, words": Dialect(
        "limesurvey",
        ".csv",
        _csv(lambda i: tools.limesurvey(words_in_head=True, long=True), **tools.LIMESURVEY),
        extra=1,
    ),
    "spss": Dialect("sav", ".sav", write_sav, COMMON | {"own-words"}),
    "msforms, xlsx": Dialect("msforms", ".xlsx", _xlsx(lambda i: tools.msforms(), "Sheet1", 2), _FORMS),
    "msforms, csv": Dialect(
        "msforms",
        ".csv",
        _csv(lambda i: tools.msforms("%m/%d/%y %H:%M:%S"), encoding="cp1252"),
        _FORMS | {"letters"},
    ),
    "googleforms, from the form": Dialect(
        "googleforms", ".csv", _csv(lambda i: tools.googleforms(i, ";"), line_end="\n"), _FORMS
    ),
    "googleforms, from the sheet": Dialect("googleforms", ".csv", _csv(lambda i: tools.googleforms(i, ", ")), _FORMS),
    "surveymonkey": Dialect("surveymonkey", ".csv", _csv(tools.surveymonkey, line_end="\n")),
    "kobo": Dialect("kobo", ".csv", _csv(tools.kobo, separator=";", quote_all=True)),
}
"""Every way to write known answers, by name."""


def write_dialect(name: str, made: Responses, path: Path) -> list[Path]:
    """Write answers as a tool would export them; where its numbers need a survey file beside, that too.

    Raises BadInput for a name that is not in DIALECTS.
    """
    dialect = DIALECTS.get(name)
    if dialect is None:
        raise BadInput("dialect", f'"{name}"', f"one of {', '.join(DIALECTS)}")
    with whole(path) as place:
        dialect.write(Known(made), place)
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

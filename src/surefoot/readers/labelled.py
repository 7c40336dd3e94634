"""Files with labels, of SPSS (.sav) and Stata (.dta), to a Grid: codes as they stand, with the text of each."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from surefoot.errors import BadInput
from surefoot.readers.sheet import cell_text, with_header
from surefoot.readers.table import Grid

LONGEST_SECONDS = 120
_NAMES = {"sav": "SPSS", "dta": "Stata"}
_TRIAL = "import sys, pyreadstat; pyreadstat.read_{0}(sys.argv[1], user_missing=True, output_format='dict')"
_STATA_BEFORE_13 = range(0x69, 0x74)
ANSWERS = re.compile(
    r"don'?t know|do not know|not know enough|^dk$|can'?t (say|choose|judge)|not sure|no opinion|unsure", re.I
)
"""Labels of codes that a file calls missing but that are answers: not to know is one."""
KINDS = {
    "not-asked": re.compile(
        r"\b(not asked|not applicable|n/?a|inapplicable|inap|iap|not shown|not seen|not routed|routing|routed|filter"
        r"|(legitimate|valid|logical) skip|skip(ped)? by|does not apply|not in (this )?(wave|version|questionnaire))\b",
        re.IGNORECASE,
    ),
    "not-answered": re.compile(
        r"no(t| )answer|unanswered|refus|prefer not|rather not|decline|missing|blank|skipped|left empty|not stated"
        r"|no response|nonresponse|non-response|omitted|seen",
        re.IGNORECASE,
    ),
    "unticked": re.compile(r"not (selected|ticked|chosen|checked|mentioned)|unticked|unchecked", re.IGNORECASE),
}


def is_stata(content: bytes) -> bool:
    """Whether a file's first bytes are those of a Stata file, of version 13 on or before."""
    if content.startswith(b"<stata_dta>"):
        return True
    return len(content) > 4 and content[0] in _STATA_BEFORE_13 and content[1] in (1, 2) and content[2:4] == b"\x01\x00"


def labelled_grid(path: Path, where: str, kind: str) -> Grid:
    """Read a .sav or .dta file ("sav", "dta"), codes of missing as they stand. Raises BadInput where it is damaged."""
    name = _NAMES[kind]
    trial = _try_apart(path, kind)
    import pyreadstat  # while the trial runs

    _await(trial, where, kind)
    read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    try:
        data, meta = read(str(path), user_missing=True, output_format="dict")
    except Exception as problem:  # a damaged file makes the parser raise almost anything
        found = f"a damaged or unfinished {name} file ({type(problem).__name__})"
        raise BadInput(where, found, f"a whole {name} file") from None
    names = [str(found) for found in meta.column_names]
    if not names:
        raise BadInput(where, f"a {name} file without variables", "at least one variable")
    columns = {f"c{index}": _texts(data[found]) for index, found in enumerate(names)}
    return Grid(
        where,
        kind,
        with_header(names, columns),
        labels={name: _labels(labels) for name, labels in meta.variable_value_labels.items()},
        texts=dict(zip(names, (label or "" for label in meta.column_labels), strict=True)),
        user_missing=_user_missing(meta),
    )


def _try_apart(path: Path, kind: str) -> subprocess.Popen[bytes]:
    """Parse once in a process of its own: some damaged files make the parser end the whole process."""
    command = [sys.executable, "-P", "-c", _TRIAL.format(kind), str(path)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _await(trial: subprocess.Popen[bytes], where: str, kind: str) -> None:
    whole = f"a whole {_NAMES[kind]} file"
    try:
        code = trial.wait(LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        trial.kill()
        trial.wait()
        found = f"a {_NAMES[kind]} file that takes longer than {LONGEST_SECONDS} seconds to parse"
        raise BadInput(where, found, whole) from None
    if code != 0:
        raise BadInput(where, f"a damaged or unfinished {_NAMES[kind]} file", whole)


def _texts(values: Any) -> pl.Series:
    return pl.Series(["" if _is_nan(value) else cell_text(value) for value in _plain_values(values)], dtype=pl.String)


def _plain_values(values: Any) -> list[Any]:
    return list(values.tolist() if hasattr(values, "tolist") else values)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and value != value  # noqa: PLR0124 - the test for NaN


def _labels(labels: dict[Any, str]) -> dict[str, str]:
    return {cell_text(code): str(label) for code, label in labels.items()}


def _user_missing(meta: Any) -> dict[str, tuple[str, ...]]:
    """Codes of missing by variable: SPSS gives values and ranges, Stata the letters of .a to .z."""
    found: dict[str, tuple[str, ...]] = {}
    for name, ranges in (meta.missing_ranges or {}).items():
        ends = [cell_text(part["lo"]) for part in ranges if part["lo"] == part["hi"]]
        wide = [part for part in ranges if part["lo"] != part["hi"]]
        labelled = meta.variable_value_labels.get(name, {})
        ends += [cell_text(code) for part in wide for code in labelled if _within(code, part)]
        found[name] = tuple(ends)
    for name, letters in (meta.missing_user_values or {}).items():
        found[name] = (*found.get(name, ()), *(cell_text(letter) for letter in letters))
    return found


def _within(code: Any, part: Any) -> bool:
    return isinstance(code, int | float) and part["lo"] <= code <= part["hi"]


def kinds_of_missing(codes: tuple[str, ...], labels: Mapping[str, str]) -> dict[str, str]:
    """The kind of missing of each code that a file calls missing, by its label; those whose label is an answer are not
    among them.

    >>> kinds_of_missing(("-9", "-8", "-1"), {"-9": "Refused", "-8": "Don't know", "-1": "Not applicable"})
    {'-9': 'not-answered', '-1': 'not-asked'}
    """
    return {
        code: kind_of(labels.get(code, "")) for code in codes if not ANSWERS.search(_straight(labels.get(code, "")))
    }


def kind_of(label: str) -> str:
    """What a label of a code of missing says, "unknown" where it says nothing."""
    return next((kind for kind, pattern in KINDS.items() if label and pattern.search(_straight(label))), "unknown")


def _straight(label: str) -> str:
    return label.replace("\u2019", "'")

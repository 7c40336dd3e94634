"""Mapping: which column answers which question and what its cells mean; proposed, edited and kept by the lead."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, instrument_from_table, instrument_table
from surefoot.responses import Missing
from surefoot.whole import write_whole

SCHEMA = "surefoot/mapping/1"
KINDS_OF_MISSING = {
    "not-asked": int(Missing.NOT_ASKED),
    "not-answered": int(Missing.NOT_ANSWERED),
    "unticked": int(Missing.UNTICKED),
    "unknown": int(Missing.UNKNOWN),
}
TICKED, KEEP = "ticked", "keep"
ROLES = ("", "other", "organisation", "status", "finished", "progress", "submitted", "date", "personal", "ignore")
DIGITS = ("", "order", "position")
DATES = ("", "day-first", "month-first")
_FIELDS = ("question", "option", "role", "separator", "digits", "why")


@dataclass(frozen=True)
class ColumnMapping:
    """What one column is.

    question, option: whose answers it holds; with an option, it is the box (or rank) of that option.
    role: what it is apart from an answer: "other" (the text beside an option), "organisation", "status", "finished",
    "progress", "submitted" (which rows to keep), "date" (of answering, kept only as early or late), "personal" (dropped
    at the door) or "ignore", with `why`.
    separator: between options in one cell. digits: "order" or "position", where cells are numbers of options.
    values: a cell's text to an option's id, a kind of missing, "ticked", "keep" or a reason to leave the row out; ""
    where nobody has decided yet.
    """

    question: str = ""
    option: str = ""
    role: str = ""
    separator: str = ""
    digits: str = ""
    why: str = ""
    values: Table[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """How to read one file: its dialect, its columns by header, cells that mean missing, and an inferred instrument.

    instrument: the one that was inferred where none was given, so that replaying needs no other file.
    dates: "day-first" or "month-first", where the dates themselves do not say it. questionnaire: the .qsf of the
    survey, looked for beside the export; it tells of the columns that are not listed.
    """

    dialect: str
    columns: Table[str, ColumnMapping]
    missing: Table[str, str] = field(default_factory=dict)
    instrument: Instrument | None = None
    dates: str = ""
    questionnaire: str = ""

    def of(self, question: str) -> dict[str, ColumnMapping]:
        """Columns of one question, by header."""
        return {header: column for header, column in self.columns.items() if column.question == question}

    def with_role(self, role: str) -> dict[str, ColumnMapping]:
        """Columns of one role, by header."""
        return {header: column for header, column in self.columns.items() if column.role == role}

    @property
    def undecided(self) -> dict[str, int]:
        """Headers whose values have an empty target, and how many of them."""
        counts = {
            header: sum(not target for target in column.values.values()) for header, column in self.columns.items()
        }
        return {header: count for header, count in counts.items() if count}

    def with_unknown(self, cells: Table[str, Iterable[str]]) -> Mapping:
        """The mapping with some cells, by header, that count as unknown."""
        columns = {
            header: replace(column, values=dict(column.values) | dict.fromkeys(cells.get(header, ()), "unknown"))
            for header, column in self.columns.items()
        }
        return replace(self, columns=columns)

    def to_toml(self) -> str:
        """The mapping as TOML to be read and edited; reading it gives an equal Mapping."""
        import tomli_w

        table: dict[str, Any] = {"schema": SCHEMA, "dialect": self.dialect}
        table |= {key: getattr(self, key) for key in ("dates", "questionnaire") if getattr(self, key)}
        if self.missing:
            table["missing"] = dict(self.missing)
        table["columns"] = {header: _column_table(column) for header, column in self.columns.items()}
        if self.instrument is not None:
            table["instrument"] = instrument_table(self.instrument)
        return tomli_w.dumps(table)

    def save(self, path: Path) -> None:
        """Write the mapping as a TOML file; written beside and renamed, never half."""
        write_whole(path, self.to_toml())


def _column_table(column: ColumnMapping) -> dict[str, Any]:
    table: dict[str, Any] = {key: getattr(column, key) for key in _FIELDS if getattr(column, key)}
    return table | ({"values": dict(column.values)} if column.values else {})


def open_mapping(path: str | Path) -> Mapping:
    """Read a mapping from its TOML file. Raises BadInput."""
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as problem:
        raise BadInput(str(path), f"no readable file ({problem.strerror})", "a mapping in TOML") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(str(path), f"text that is not TOML ({problem})", "a mapping in TOML") from None
    return mapping_from_table(table, str(path))


def mapping_from_table(table: Table[str, Any], where: str = "mapping") -> Mapping:
    """Build a mapping from a parsed TOML table. Raises BadInput."""
    if table.get("schema") != SCHEMA:
        raise BadInput(f"{where}, schema", repr(table.get("schema")), f'"{SCHEMA}"')
    columns = table.get("columns", {})
    if not isinstance(columns, dict) or not (columns or table.get("questionnaire")):
        raise BadInput(where, "no columns", 'a table [columns."header"] for each column')
    found = table.get("instrument")
    if table.get("dates", "") not in DATES:
        raise BadInput(f"{where}, dates", repr(table["dates"]), f"one of {', '.join(DATES[1:])}")
    return Mapping(
        dialect=str(table.get("dialect", "")),
        columns={header: _column(header, entry, where) for header, entry in columns.items()},
        missing=_values(table.get("missing", {}), f"{where}, missing"),
        instrument=instrument_from_table(found, f"{where}, instrument") if found else None,
        dates=table.get("dates", ""),
        questionnaire=str(table.get("questionnaire", "")),
    )


def _column(header: str, entry: Any, where: str) -> ColumnMapping:
    place = f'{where}, columns."{header}"'
    if not isinstance(entry, dict):
        raise BadInput(place, repr(entry), "a table")
    for key, value in entry.items():
        if key not in (*_FIELDS, "values"):
            raise BadInput(place, f'"{key}"', f"one of {', '.join((*_FIELDS, 'values'))}")
        if key != "values" and not isinstance(value, str):
            raise BadInput(f"{place}, {key}", repr(value), "a text")
    for key, allowed in (("role", ROLES), ("digits", DIGITS)):
        if entry.get(key, "") not in allowed:
            raise BadInput(f"{place}, {key}", f'"{entry[key]}"', f"one of {', '.join(allowed[1:])}")
    values = _values(entry.get("values", {}), f"{place}, values")
    return ColumnMapping(**{key: entry[key] for key in _FIELDS if key in entry}, values=values)


def _values(found: Any, place: str) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise BadInput(place, repr(found), "a table of texts")
    return dict(found)

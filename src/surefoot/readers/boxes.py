"""One column an option: tell boxes (one mark or none) and ranks (whole numbers) from statements that share a scale."""

from __future__ import annotations

from dataclasses import replace

from surefoot.readers.mapping import TICKED
from surefoot.readers.table import Column, RawTable
from surefoot.readers.wording import plain

TICKED_WORDS = {"1", "y", "yes", "true", "x", "checked", "selected", "ja", "oui", "si", "sí", "✓", "ticked"}
UNRANKED = {plain(word) for word in ("N/A", "n.a.", "not applicable", "not ranked")}
UNTICKED_WORDS = {"0", "no", "false", "unchecked", "not selected", "nein", "non", "unticked"}


def as_boxes(table: RawTable, cluster: list[Column]) -> dict[str, dict[str, str]] | None:
    """What each mark means in each column of a multi question ("ticked", "unticked", ...), or None where it is none."""
    distinct = {column.header: _distinct(table, column) for column in cluster}
    if not any(distinct.values()) or _has_unanswered_marks(table, cluster):
        return None
    marks = {header: [value for value in values if not _is_unticked(value)] for header, values in distinct.items()}
    if any(len(ticks) > 1 for ticks in marks.values()) or not any(marks.values()):
        return None
    ticks = [ticks[0] for ticks in marks.values() if ticks]
    if not _are_ticks(ticks, cluster, table.dialect):
        return None
    known = {**table.missing}
    return {
        header: {value: TICKED if value in marks[header] else "unticked" for value in values}
        | _missing(table, header, known)
        for header, values in distinct.items()
    }


def _distinct(table: RawTable, column: Column) -> list[str]:
    values = table[column.header].unique().drop_nulls().sort().to_list()
    return [value for value in values if value not in table.missing and value not in column.missing]


def _missing(table: RawTable, header: str, known: dict[str, str]) -> dict[str, str]:
    """In a multi question, the mark of "seen and left empty" is a box that was left empty."""
    present = set(table[header].unique().drop_nulls().to_list())
    return {value: "unticked" if kind == "not-answered" else kind for value, kind in known.items() if value in present}


def _has_unanswered_marks(table: RawTable, cluster: list[Column]) -> bool:
    """LimeSurvey's long form marks statements left empty with "N/A", boxes never."""
    return table.dialect == "limesurvey" and any((table[column.header] == "N/A").any() for column in cluster)


def mark_of(cell: str) -> str | None:
    """What a usual mark in a box means: "ticked", "unticked", or None for a word that is neither.

    >>> mark_of("Yes"), mark_of("0"), mark_of("maybe")
    ('ticked', 'unticked', None)
    """
    word = cell.casefold()
    return TICKED if word in TICKED_WORDS else "unticked" if word in UNTICKED_WORDS else None


def _is_unticked(value: str) -> bool:
    return mark_of(value) == "unticked"


def _are_ticks(ticks: list[str], cluster: list[Column], dialect: str) -> bool:
    if all(tick.casefold() in TICKED_WORDS for tick in ticks):
        return True
    texts = {plain(column.part_text) for column in cluster} | {plain(column.part) for column in cluster}
    if all(plain(tick) in texts for tick in ticks):
        return True
    if len(ticks) > 1 and len(set(ticks)) == len(ticks) and not any(tick.isdigit() for tick in ticks):
        return True
    return dialect == "qualtrics" and len(set(ticks)) == 1 and ticks[0].lstrip("-").isdigit()


def with_other_boxes(table: RawTable) -> RawTable:
    """The table with "other" columns that hold nothing but the marks of boxes, or ranks, as such: no words are in them.

    Tables that people make have such a box; survey tools put the words there, which tick the option by themselves.
    """
    siblings: dict[str, list[Column]] = {}
    for column in table.columns:
        if column.part and column.role != "other":
            siblings.setdefault(column.group, []).append(column)
    columns = tuple(
        replace(column, role="")
        if column.role == "other" and _is_like(table, column, siblings.get(column.group, []))
        else column
        for column in table.columns
    )
    return replace(table, columns=columns)


def _is_like(table: RawTable, column: Column, siblings: list[Column]) -> bool:
    """Whether a column holds only marks of boxes, or ranks as its siblings do."""
    found = _distinct(table, column)
    if not found or not siblings:
        return False
    if all(mark_of(value) is not None for value in found):
        return True
    beside = {value for sibling in siblings for value in _distinct(table, sibling)}
    ranks = {str(rank) for rank in range(1, len(siblings) + 2)}
    return bool(beside) and {*beside, *found} <= ranks


def as_ranks(table: RawTable, cluster: list[Column]) -> dict[str, dict[str, str]] | None:
    """An empty mapping a column where the columns hold ranks of a ranking question, or None where they do not."""
    words = f"{cluster[0].group} {cluster[0].header} {cluster[0].stem}".casefold()
    distinct = {column.header: _distinct(table, column) for column in cluster}
    ranks = {str(rank) for rank in range(1, len(cluster) + 1)}
    found = {value for values in distinct.values() for value in values if plain(value) not in UNRANKED}
    if len(cluster) < 2 or not found & ranks or any(not value.lstrip("-").isdigit() for value in found):
        return None
    if "rank" not in words and not (table.dialect == "surveymonkey" and _in_each_row_once(table, cluster, ranks)):
        return None
    return {
        header: {v: "unticked" if plain(v) in UNRANKED else "unknown" for v in values if v not in ranks}
        for header, values in distinct.items()
    }


def _in_each_row_once(table: RawTable, cluster: list[Column], ranks: set[str]) -> bool:
    """Whether whole numbers are ranks: all of them are, and none stands twice in a row."""
    rows = table.frame.select([column.header for column in cluster]).unique().iter_rows()
    numbers = [[cell for cell in row if cell in ranks] for row in rows]
    return any(len(row) > 1 for row in numbers) and all(len(set(row)) == len(row) for row in numbers)

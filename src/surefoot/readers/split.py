"""Several options in one cell: tell them apart by known options, or by pieces that recur where none are known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

SEPARATORS = (";", "\n", "|", ",")
MOST_OPTIONS = 40
FEWEST_TOGETHER = 5
"""In how many rows two pieces must stand together, and never apart, to be one option."""
_TIGHT_COMMA = re.compile(r",(?!\s)")


def pieces_of(cell: str, separator: str) -> list[str]:
    """The raw pieces of a cell, stripped, without empty ones."""
    return [piece.strip() for piece in cell.split(separator) if piece.strip()]


def known_pieces(cell: str, separator: str, known: Mapping[str, str], plain: Mapping[str, str]) -> list[str]:
    """Split a cell at a separator, keeping together what is a known option: the longest known run of pieces wins.

    known: as spelled, plain: reduced wordings, both to anything. Pieces that are part of no known option stay single.
    """
    from surefoot.readers.wording import plain as reduced

    raw = cell.split(separator)
    found: list[str] = []
    index = 0
    while index < len(raw):
        ends = range(len(raw), index + 1, -1)
        runs = ((end, separator.join(raw[index:end]).strip()) for end in ends)
        whole = ((end, run) for end, run in runs if run in known or reduced(run) in plain)
        index, piece = next(whole, (index + 1, raw[index].strip()))
        if piece:
            found.append(piece)
    return found


def find_separator(counts: Counter[str], separators: Sequence[str] = SEPARATORS) -> tuple[str, list[str]] | None:
    """The separator and options of a column that seems to hold several options a cell, or None.

    counts: distinct cells and how often each occurs. A split is believed where the pieces recur in different company:
    there are fewer options than distinct cells, and at least half of the options also stand alone or first in a cell.
    """
    for separator in separators:
        containing = [cell for cell in counts if separator in cell]
        if not containing:
            continue
        splits = _splits(counts, separator)
        if len({piece for pieces in splits.values() for piece in pieces}) > MOST_OPTIONS:
            continue
        options = options_of(splits)
        if _believable(splits, options, len(counts)):
            return separator, options
    return None


def listed_options(counts: Counter[str], separator: str) -> list[str]:
    """The options of cells that are known to be lists, in the order in which they are offered as far as cells agree."""
    splits = {cell: pieces_of(cell, separator) for cell in counts}
    for first, second in _always_together(splits, counts):
        joined = next(text for text in _spellings(first, second, separator) if any(text in cell for cell in counts))
        splits = {cell: _with_joined(pieces, first, second, joined) for cell, pieces in splits.items()}
    return options_of(splits)


def _always_together(splits: Mapping[str, list[str]], counts: Counter[str]) -> list[tuple[str, str]]:
    """Pieces that are one option with the separator in it: the second goes on in lower case, and none stands apart."""
    pairs: Counter[tuple[str, str]] = Counter()
    rows: Counter[str] = Counter()
    for cell, pieces in splits.items():
        rows.update(dict.fromkeys(pieces, counts[cell]))
        pairs.update(dict.fromkeys(pairwise(pieces), counts[cell]))
    return [
        (first, second)
        for (first, second), count in pairs.items()
        if count == rows[first] == rows[second] >= FEWEST_TOGETHER and first[0].isupper() and second[0].islower()
    ]


def _spellings(first: str, second: str, separator: str) -> tuple[str, ...]:
    return (f"{first}{separator}{second}", f"{first}{separator} {second}", f"{first} {separator} {second}")


def _with_joined(pieces: list[str], first: str, second: str, joined: str) -> list[str]:
    if first not in pieces:
        return pieces
    place = pieces.index(first)
    return [*pieces[:place], joined, *pieces[place + 2 :]]


def is_ranking(counts: Counter[str], separator: str) -> bool:
    """Whether lists are rankings and no ticked options: all hold the same options, in several orders."""
    lists = [pieces_of(cell, separator) for cell in counts]
    sets = {frozenset(pieces) for pieces in lists}
    return len(lists) > 1 and len(sets) == 1 and len(lists[0]) > 1 and all(len(p) == len(lists[0]) for p in lists)


def _splits(counts: Counter[str], separator: str) -> dict[str, list[str]]:
    """Each cell's pieces. A comma splits where no space follows; where all commas are followed by space, there."""
    if separator != ",":
        return {cell: pieces_of(cell, separator) for cell in counts}
    tight = {cell: [piece.strip() for piece in _TIGHT_COMMA.split(cell) if piece.strip()] for cell in counts}
    if any(len(pieces) > 1 for pieces in tight.values()):
        return tight
    return {cell: pieces_of(cell, ", ") for cell in counts}


def options_of(splits: Mapping[str, list[str]]) -> list[str]:
    """Pieces in the order in which cells list them, as far as the cells agree."""
    before: dict[str, set[str]] = {}
    for pieces in splits.values():
        for index, piece in enumerate(pieces):
            before.setdefault(piece, set()).update(pieces[:index])
    ordered: list[str] = []
    waiting = list(before)
    while waiting:
        ready = next((piece for piece in waiting if not (before[piece] & set(waiting)) - {piece}), waiting[0])
        ordered.append(ready)
        waiting.remove(ready)
    return ordered


def _believable(splits: Mapping[str, list[str]], options: list[str], cells: int) -> bool:
    several = [pieces for pieces in splits.values() if len(pieces) > 1]
    if not several or len(options) < 2:
        return False
    if any(len(set(pieces)) < len(pieces) for pieces in several):
        return False
    alone = {pieces[0] for pieces in splits.values() if len(pieces) == 1}
    appearances = Counter(piece for pieces in splits.values() for piece in pieces)
    recurring = sum(count > 1 for count in appearances.values())
    enough = len(options) < cells or (len(several) == len(splits) and recurring == len(options))
    return enough and 2 * len(alone & set(options)) >= len(options) and 2 * recurring > len(options)

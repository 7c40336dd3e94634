"""Ways to damage a file of answers; of some, what must still be read is known."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from surefoot.demo.dialects import DIALECTS, Dialect
from surefoot.demo.dialects.files import csv_bytes
from surefoot.demo.dialects.known import Known
from surefoot.demo.dialects.style import Grid, grid
from surefoot.responses import ROW, Responses

MOST_BYTES = 5


@dataclass(frozen=True)
class Mutated:
    """A damaged file. people: the rows of the known answers that it holds, in order, or None where nobody knows.

    gone: header texts of columns that were taken out; what they asked cannot be compared. touched: at most how many
    rows can have changed, where that has a bound (0: all whole rows are as they were).
    """

    content: bytes
    people: list[int] | None
    gone: frozenset[str] = field(default_factory=frozenset)
    touched: int | None = None


@dataclass(frozen=True)
class Base:
    """A whole file: its dialect, the answers in it, its rows of cells where it has any, and how many are headers."""

    name: str
    dialect: Dialect
    made: Responses
    cells: Grid
    headers: int

    @classmethod
    def of(cls, name: str, made: Responses) -> Base:
        """The file of some answers in a dialect."""
        dialect = DIALECTS[name]
        cells = grid(Known(made), dialect.style(made.instrument)) if dialect.style else []
        return cls(name, dialect, made, cells, len(cells) - len(made) - dialect.extra)

    @property
    def everybody(self) -> list[int]:
        """All rows of the known answers."""
        return list(range(len(self.made)))

    @property
    def body(self) -> Grid:
        """The rows of people, those that are not to count last."""
        return self.cells[self.headers :]

    def with_body(self, rows: Grid) -> bytes:
        """The file with other rows."""
        return self.dialect.encode([*self.cells[: self.headers], *rows])


def taken(made: Responses, people: list[int]) -> Responses:
    """The answers of some people in another order, or of one of them twice."""
    from dataclasses import replace

    places = pl.DataFrame({ROW: people, "@new": list(range(len(people)))}, schema={ROW: pl.Int64, "@new": pl.Int64})
    texts = made.texts.join(places, on=ROW, how="inner").select(pl.col("@new").alias(ROW), "question", "text")
    return replace(made, table=made.table[people], texts=texts)


# Mutations whose result is known ------------------------------------------------------------------------------------


def columns_swapped(base: Base, chance: random.Random) -> Mutated:
    """Questions in another order."""
    style = base.dialect.style(base.made.instrument)
    first, last = len(style.before), len(base.cells[0]) - len(style.after)
    blocks: list[list[int]] = []
    for place in range(first, last):
        continues = base.dialect.reader == "surveymonkey" and not base.cells[0][place]
        if continues and blocks:
            blocks[-1].append(place)
        else:
            blocks.append([place])
    chance.shuffle(blocks)
    order = [*range(first), *(place for block in blocks for place in block), *range(last, len(base.cells[0]))]
    return Mutated(base.dialect.encode([[row[place] for place in order] for row in base.cells]), base.everybody)


def rows_cut(base: Base, chance: random.Random) -> Mutated:
    """The end of the file is missing, from a whole row on."""
    kept = chance.randint(1, len(base.made))
    return Mutated(base.with_body(base.body[:kept]), base.everybody[:kept])


def rows_doubled(base: Base, chance: random.Random) -> Mutated:
    """One row stands there twice."""
    again = chance.randrange(len(base.made))
    people = [*base.everybody[: again + 1], again, *base.everybody[again + 1 :]]
    return Mutated(base.with_body([*base.body[: again + 1], base.body[again], *base.body[again + 1 :]]), people)


def rows_shuffled(base: Base, chance: random.Random) -> Mutated:
    """People in another order."""
    people = list(base.everybody)
    chance.shuffle(people)
    rest = base.body[len(people) :]
    return Mutated(base.with_body([*(base.body[place] for place in people), *rest]), people)


def blank_rows(base: Base, chance: random.Random) -> Mutated:
    """Empty rows between people."""
    rows: Grid = []
    for row in base.body:
        rows += [row, [""] * len(row)] if chance.random() < 0.3 else [row]
    return Mutated(base.with_body(rows), base.everybody)


def column_dropped(base: Base, chance: random.Random) -> Mutated:
    """A column of a question is missing."""
    style = base.dialect.style(base.made.instrument)
    place = chance.randrange(len(style.before), len(base.cells[0]) - len(style.after))
    gone = frozenset(row[place] for row in base.cells[: base.headers])
    cells = [[cell for index, cell in enumerate(row) if index != place] for row in base.cells]
    return Mutated(base.dialect.encode(cells), base.everybody, gone)


def column_doubled(base: Base, chance: random.Random) -> Mutated:
    """A column stands there twice."""
    place = chance.randrange(len(base.cells[0]))
    cells = [[*row[: place + 1], row[place], *row[place + 1 :]] for row in base.cells]
    return Mutated(base.dialect.encode(cells), base.everybody)


def saved_again(base: Base, chance: random.Random) -> Mutated:
    """Another encoding, separator, line end or quoting, as programs do that people open files with."""
    content = csv_bytes(
        base.cells,
        separator=chance.choice([",", ";", "\t", "|"]),
        encoding=chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]),
        quote_all=chance.random() < 0.5,
        line_end=chance.choice(["\r\n", "\n"]),
    )
    return Mutated(content, base.everybody)


# Mutations whose result nobody knows --------------------------------------------------------------------------------


def bytes_flipped(content: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    data = bytearray(content)
    for _ in range(chance.randint(1, MOST_BYTES)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def truncated(content: bytes, chance: random.Random) -> bytes:
    """The file ends early, anywhere."""
    return content[: chance.randrange(1, len(content))]


def span_lost(content: bytes, chance: random.Random) -> bytes:
    """A piece in the middle is missing."""
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, 200) :]


def noise_inserted(content: bytes, chance: random.Random) -> bytes:
    """Bytes that mean nothing."""
    at = chance.randrange(len(content))
    return content[:at] + chance.randbytes(chance.randint(1, 40)) + content[at:]


def quotes_broken(content: bytes, chance: random.Random) -> bytes:
    """A quote is missing or too many."""
    places = [place for place, byte in enumerate(content) if byte == ord('"')]
    at = chance.choice(places) if places and chance.random() < 0.6 else chance.randrange(len(content))
    return content[:at] + (b'"' if chance.random() < 0.5 else b"") + content[at + 1 :]


def separators_changed(content: bytes, chance: random.Random) -> bytes:
    """Some separators or line ends are others."""
    old, new = chance.choice(
        [(b",", b";"), (b";", b","), (b"\n", b"\r"), (b"\r\n", b"\n"), (b",", b"\t"), (b"\n", b"\n\n")]
    )
    return content.replace(old, new, chance.choice([1, 7, -1]))


def marks_added(content: bytes, chance: random.Random) -> bytes:
    """Byte-order marks and NUL bytes where none belong."""
    mark = chance.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00", b"\x1a", b"\r"])
    at = chance.choice([0, len(content), chance.randrange(len(content))])
    return content[:at] + mark + content[at:]


def lines_mixed(content: bytes, chance: random.Random) -> bytes:
    """Lines in another order, headers among them."""
    lines = content.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def encoded_twice(content: bytes, chance: random.Random) -> bytes:
    """Read in one encoding and written in another."""
    return content.decode("latin-1").encode(chance.choice(["utf-8", "utf-16", "utf-32", "cp1252"]), "replace")


KNOWN: dict[str, Callable[[Base, random.Random], Mutated]] = {
    found.__name__: found
    for found in (columns_swapped, rows_cut, rows_doubled, rows_shuffled, blank_rows, column_dropped, column_doubled)
}
BLIND: dict[str, Callable[[bytes, random.Random], bytes]] = {
    found.__name__: found
    for found in (
        bytes_flipped, truncated, span_lost, noise_inserted, quotes_broken, separators_changed, marks_added,
        lines_mixed, encoded_twice,
    )
}  # fmt: skip

"""Google Forms (CSV from the form, or CSV or XLSX from its sheet): a timestamp first, `Question [row]` for grids."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from surefoot.readers.door import simple
from surefoot.readers.split import find_separator
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "googleforms"
SIGNS = 'a first column "Timestamp", in one of eight languages'
OWN_WORDS = (
    'Google Forms writes what somebody typed under "Other" in place of the option, with no sign: look for such words '
    "among the options."
)
TIMESTAMPS = {
    "timestamp", "marca temporal", "zeitstempel", "horodateur", "tijdstempel", "carimbo de data hora",
    "informazioni cronologiche", "stamp amser", "tidsstämpel",
}  # fmt: skip
_PERSONAL = {
    "email address", "email", "username", "dirección de correo electrónico", "nombre de usuario", "e mail adresse",
    "nutzername", "adresse e mail", "nom d utilisateur", "e mailadres", "gebruikersnaam", "endereço de e mail",
    "nome de usuário", "nome de utilizador", "indirizzo email", "nome utente", "cyfeiriad e bost", "enw defnyddiwr",
}  # fmt: skip
_SCORES = {"score", "puntuación", "punktzahl", "score total", "total score", "note", "pontuação", "punteggio", "sgôr"}
_GRID = re.compile(r"^(?P<stem>.+?)\s*\[(?P<part>[^\[\]]+)\]$", re.DOTALL)
SEPARATORS = (";", ", ")


def sniff(grid: Grid) -> bool:
    """Whether the first column is the time at which the form was sent, as Google names it."""
    first = grid.row(0)
    return grid.kind in ("csv", "xlsx") and len(first) > 1 and simple(first[0]) in TIMESTAMPS


def read(grid: Grid) -> RawTable:
    """Columns by their headers; rows of a grid belong together, and each may hold several options."""
    found = grid.row(0)
    headers = unique_headers(found, grid.where, number=True)
    stems = Counter(_GRID.sub(r"\g<stem>", cell.strip()) for cell in found)
    columns = [_column(*names, stems) for names in zip(headers, found, strict=True)]
    table = raw_table(grid, NAME, columns, 1, notes=(OWN_WORDS,))
    return _with_lists(replace(table, own_words=True))


def _column(header: str, found: str, stems: Counter[str]) -> Column:
    text = " ".join(found.split())
    name = simple(text)
    if name in TIMESTAMPS:
        return Column(header, text, role="answered")
    if name in _PERSONAL:
        return Column(header, text, role="personal")
    if name in _SCORES:
        return Column(header, text, role="quiz")
    shaped = _GRID.match(text)
    if not shaped or stems[shaped["stem"]] < 2:
        return Column(header, text)
    return Column(header, text, shaped["stem"], shaped["part"], shaped["stem"], shaped["part"])


def _with_lists(table: RawTable) -> RawTable:
    """The table with the separators of columns that hold several options a cell; rows of one grid have the same."""
    pools: dict[str, Counter[str]] = {}
    for column in table.columns:
        if not column.role:
            counts = table[column.header].drop_nulls().value_counts().iter_rows()
            pools.setdefault(column.group or column.header, Counter()).update(dict(counts))
    found = {name: find_separator(pool, SEPARATORS) for name, pool in pools.items()}
    separators = {name: several[0] for name, several in found.items() if several}
    columns = tuple(
        column if column.role else replace(column, separator=separators.get(column.group or column.header, ""))
        for column in table.columns
    )
    return replace(table, columns=columns)

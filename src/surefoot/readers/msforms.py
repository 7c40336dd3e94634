"""Microsoft Forms (XLSX, or CSV saved from it): one header row in the language of the tool, `A;B;C;` lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from surefoot.readers.door import simple
from surefoot.readers.statements import with_runs
from surefoot.readers.table import Column, Grid, RawTable, raw_table, unique_headers

NAME = "msforms"
SIGNS = "a first row that opens with ID, Start time and Completion time, in one of eight languages"
OWN_WORDS = (
    'Microsoft Forms writes what somebody typed under "Other" in place of the option, with no sign: look for such '
    "words among the options."
)
_ROLES = {
    "respondent": "id; identificador; identifiant; identificatie",
    "time": """start time; hora de inicio; startzeit; heure de début; begintijd; starttijd; tijd van begin;
        hora de início; ora di inizio; amser dechrau; starttidspunkt; last modified time;
        hora de la última modificación; zeitpunkt der letzten änderung; uhrzeit der letzten änderung;
        heure de la dernière modification; tijd van laatste wijziging; tijdstip van laatste wijziging;
        hora da última modificação; ora dell ultima modifica; ora ultima modifica; amser addasu diwethaf""",
    "answered": """completion time; hora de finalización;
        hora de finalizacion; fertigstellungszeit; beendigungszeit; heure de fin; tijd van voltooien; voltooiingstijd;
        eindtijd; hora de conclusão; hora da conclusão; ora di completamento; amser cwblhau""",
    "personal": """email; e mail; correo electrónico; adresse de messagerie; e mailadres; endereço de email;
        indirizzo di posta elettronica; posta elettronica; indirizzo e mail; ebost; e bost; cyfeiriad ebost; name;
        nombre; nom; naam; nome; enw; courrier; courriel; correo""",
    "technical": "language; idioma; sprache; langue; taal; lingua; iaith",
    "quiz": """total points; quiz feedback; grade posted time; puntos totales; comentarios del cuestionario;
        gesamtpunktzahl; quizfeedback; total des points; commentaires du questionnaire; totaal aantal punten;
        pontos totais; total de pontos; punti totali; cyfanswm pwyntiau""",
}
_OWN = {name.strip(): role for role, names in _ROLES.items() for name in names.replace("\n", " ").split(";")}
_QUIZ = re.compile(
    r"^(points|feedback|puntos|comentarios|punkte|kommentare|commentaires|punten|pontos|punti|pwyntiau) ?[-–:] ",
    re.I,
)
_REPEATED = re.compile(r"^(?P<text>.+?)(?P<number>[2-9]|[1-9]\d)$", re.DOTALL)
_TIMES = frozenset(name for name, role in _OWN.items() if role in ("time", "answered"))


def sniff(grid: Grid) -> bool:
    """Whether the first row opens with the id and two times, as Forms names them."""
    head = [simple(cell) for cell in grid.row(0)[:4]]
    return len(head) >= 3 and _OWN.get(head[0]) == "respondent" and {head[1], head[2]} <= _TIMES


def read(grid: Grid) -> RawTable:
    """Columns by their headers; lists by the semicolon that ends them; neighbours on one scale together."""
    headers = unique_headers(grid.row(0), grid.where, number=True)
    columns = [_column(header, place, headers) for place, header in enumerate(headers)]
    table = raw_table(grid, NAME, columns, 1, notes=(OWN_WORDS,))
    return with_runs(with_lists(replace(table, own_words=True), ";"))


def _column(header: str, place: int, headers: Sequence[str]) -> Column:
    text = " ".join(_without_number(header, headers[:place]).split())
    role = _OWN.get(simple(text), "")
    own = role and (place < 7 or role in ("personal", "quiz"))
    return Column(header, text, role="quiz" if _QUIZ.match(text) else role if own else "")


def _without_number(header: str, before: Sequence[str]) -> str:
    """A header as it was asked: Forms adds a number to one that stands there before."""
    repeated = _REPEATED.match(header)
    if not repeated or repeated["text"] not in before:
        return header
    earlier = sum(name == repeated["text"] or _is_repeat(name, repeated["text"]) for name in before)
    return repeated["text"] if int(repeated["number"]) == earlier + 1 else header


def _is_repeat(name: str, text: str) -> bool:
    return name.startswith(text) and name.removeprefix(text).isdigit()


def with_lists(table: RawTable, separator: str) -> RawTable:
    """The table with its columns of lists marked: each filled cell of such a column ends with the separator."""
    columns = tuple(
        replace(column, separator=separator)
        if not column.role and ends_with(table[column.header], separator)
        else column
        for column in table.columns
    )
    return replace(table, columns=columns)


def ends_with(values: pl.Series, separator: str) -> bool:
    """Whether every filled cell ends with a text, and there is one."""
    filled = values.drop_nulls()
    return bool(len(filled)) and bool(filled.str.ends_with(separator).all())

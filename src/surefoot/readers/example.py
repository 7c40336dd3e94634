"""Small working inputs for `surefoot read --example DIR`, made by code so that they never go stale."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from surefoot.errors import BadInput

_HEADER = (
    "organisation",
    "How well do you understand AI?",
    "Have you ever used an AI tool?",
    "Where would AI help most? (choose all that apply)",
    "Anything else?",
)
_UNDERSTANDING = ("Vague", "Good", "Vague", "None", "Reasonable", "Vague", "Expert", "Vague", "Don't know")
_AREAS = ("Meetings, notes and letters", "Rotas", "Meetings, notes and letters;Rotas", "Finance;Rotas", "Finance")


def example(folder: str | Path) -> list[Path]:
    """Write a small file of answers; read it with `surefoot read DIR/answers.csv`. Returns the files written.

    Raises BadInput where other answers are there under that name.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    path = target / "answers.csv"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    writer.writerows(_row(number) for number in range(60))
    content = text.getvalue().encode()
    if path.exists() and path.read_bytes() != content:
        raise BadInput(str(path), "a file that is no example", "a folder without it: nothing is written over")
    path.write_bytes(content)
    return [path]


def _row(number: int) -> tuple[str, ...]:
    return (
        ("Riverside Surgery", "Oak Home Care")[number % 2],
        _UNDERSTANDING[number * 7 % len(_UNDERSTANDING)],
        ("Yes", "No", "No", "Not sure")[number * 3 % 4],
        "" if number % 17 == 0 else _AREAS[number * 11 % len(_AREAS)],
        "More training, please." if number % 13 == 0 else "",
    )

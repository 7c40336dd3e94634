"""A small study that the whole job runs on in a moment, and the command line as its user meets it."""

import random
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tomli_w

Table = dict[str, Any]
Change = Callable[[Table], object]

INSTRUMENT: Table = {
    "schema": "surefoot/instrument/1",
    "name": "tiny",
    "title": "A tiny survey",
    "languages": ["en"],
    "scale": [
        {"id": "roles", "options": [{"id": "care", "text": "Care"}, {"id": "desk", "text": "Desk"}]},
        {
            "id": "balance",
            "ordered": True,
            "poles": {"low": "risks", "high": "benefits"},
            "options": [
                {"id": "benefits", "text": "Benefits", "position": 1},
                {"id": "equal", "text": "Equal", "position": 0},
                {"id": "risks", "text": "Risks", "position": -1},
                {"id": "dont-know-enough", "text": "I don't know enough to say"},
            ],
        },
        {"id": "yes-no", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]},
    ],
    "question": [
        {"id": "role", "kind": "single", "text": "Your role?", "scale": "roles", "construct": "role-group"},
        {
            "id": "balance-productivity",
            "kind": "single",
            "text": "AI in the back office",
            "scale": "balance",
            "construct": "net-benefit",
            "about": "productivity",
        },
        {"id": "used", "kind": "single", "text": "Ever used AI?", "scale": "yes-no", "construct": "ever-used"},
        {"id": "comment", "kind": "text", "text": "Anything else?", "optional": True},
    ],
}
STUDY: Table = {
    "schema": "surefoot/study/1",
    "id": "tiny",
    "title": "Tiny study",
    "instrument": "instrument.toml",
    "headcount_by": "role",
    "organisation": [
        {"id": "north", "name": "North", "headcount": {"care": 120, "desk": 60}},
        {"id": "south", "name": "South", "headcount": {"care": 150, "desk": 70}},
    ],
    "source": [{"file": "answers.csv"}],
    "breakdown": [{"question": "role"}],
}


def tiny_answers(people: int = 300, organisations: tuple[str, ...] = ("north", "south")) -> str:
    """Answers as a CSV file; people take turns between the organisations."""
    draw = random.Random(1)
    rows = ["organisation,role,balance-productivity,used,comment"]
    for person in range(people):
        role = draw.choices(["care", "desk"], [2, 1])[0]
        balance = draw.choices(["benefits", "equal", "risks", "dont-know-enough"], [5, 2, 2, 1])[0]
        used = draw.choice(["yes", "no"])
        rows.append(f"{organisations[person % len(organisations)]},{role},{balance},{used},murmur {person}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a small study and gives its folder.

    change, asking: changes to the tables of study.toml and of the instrument. people, organisations: whose answers.
    answers: the text of the file of answers instead.
    """

    def nothing(table: Table) -> None:
        pass

    def write(
        name: str = "our-study",
        change: Change = nothing,
        asking: Change = nothing,
        people: int = 300,
        organisations: tuple[str, ...] = ("north", "south"),
        answers: str | None = None,
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, table, changed in (("study", STUDY, change), ("instrument", INSTRUMENT, asking)):
            own = deepcopy(table)
            changed(own)
            (folder / f"{file}.toml").write_text(tomli_w.dumps(own), encoding="utf-8")
        text = tiny_answers(people, organisations) if answers is None else answers
        (folder / "answers.csv").write_text(text, encoding="utf-8")
        return folder

    return write


@dataclass(frozen=True)
class Run:
    """What a command left: its exit code, and the texts on stdout and stderr."""

    code: int
    out: str
    err: str

    def sentence(self) -> str:
        """The one sentence of a command that was refused; fails where it said more, or anything on stdout."""
        assert self.out == ""
        assert not self.err.startswith("surefoot: surefoot"), self.err
        assert self.err.startswith("surefoot: ") and self.err.endswith(".\n") and self.err.count("\n") == 1, self.err
        return self.err.removeprefix("surefoot: ").rstrip("\n")


@pytest.fixture
def surefoot(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    """A function that runs a command as the installed script does; an exception that gets out fails the test."""
    from surefoot.cli import main

    def run(*arguments: object) -> Run:
        monkeypatch.setattr(sys, "argv", ["surefoot", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Run(int(ended.value.code or 0), out, err)

    return run

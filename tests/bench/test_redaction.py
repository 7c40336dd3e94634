"""How much personal data is taken out of made-up comments, and how much else is."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from surefoot.themes import Redactor

BENCH = tomllib.loads((Path(__file__).parent / "redaction.toml").read_text(encoding="utf-8"))
MARKED = re.compile(r"\{\{(.+?)\}\}")
WORD = re.compile(r"[\w@]+")


def words(text: str) -> Counter[str]:
    """The words of a text, without the marks that stand for what was taken out."""
    return Counter(WORD.findall(re.sub(r"\[[a-z ]+\]", " ", text)))


def measure(comments: list[str]) -> tuple[float, float, list[str]]:
    """Recall (share of pieces of personal data that are wholly gone), precision (share of the words taken out that were
    personal data), and what was missed or taken too much."""
    redact = Redactor(tuple(BENCH["own"]))
    pieces = gone = taken = rightly = 0
    faults = []
    for comment in comments:
        plain, open_words = MARKED.sub(r"\1", comment), words(MARKED.sub(" ", comment))
        left = words(redact(plain))
        missed = [piece for piece in MARKED.findall(comment) if (words(piece) & (left - open_words))]
        too_much = open_words - left
        pieces += len(MARKED.findall(comment))
        gone += len(MARKED.findall(comment)) - len(missed)
        taken += (words(plain) - left).total()
        rightly += (words(plain) - left - too_much).total()
        faults += [f"missed {missed}, too much {list(too_much)}: {redact(plain)}"] if missed or too_much else []
    return gone / pieces, rightly / taken, faults


@pytest.mark.parametrize("part", ["seen", "unseen"])
def test_redaction_finds_nearly_all(part: str) -> None:
    """At least nine in ten pieces of personal data go, and nine in ten words that go were personal data."""
    recall, precision, faults = measure(BENCH[part])
    print(f"{part}: recall {recall:.3f}, precision {precision:.3f}", *faults, sep="\n  ")
    assert recall >= 0.9, "\n".join(faults)
    assert precision >= 0.9, "\n".join(faults)

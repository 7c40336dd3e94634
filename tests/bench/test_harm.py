"""How many made-up comments that tell of harm are found, and how many others are shown to the lead for nothing."""

import tomllib
from pathlib import Path

import pytest

from surefoot.themes import reasons

BENCH = tomllib.loads((Path(__file__).parent / "harm.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("part", "least"), [("seen", 0.9), ("avoiding", 0.6), ("unseen", 0.2)])
def test_harm_is_found(part: str, least: float) -> None:
    """At least the stated share is found, and at most a third of the harmless ones; what is missed is printed."""
    harm, harmless = BENCH[part]["harm"], BENCH[part]["harmless"]
    missed = [text for text in harm if not reasons(text)]
    for_nothing = [text for text in harmless if reasons(text)]
    print(f"{part}: {len(harm) - len(missed)} of {len(harm)} found; missed:", *missed, sep="\n  ")
    print(f"{len(for_nothing)} of {len(harmless)} for nothing:", *for_nothing, sep="\n  ")
    assert len(harm) - len(missed) >= least * len(harm)
    assert len(for_nothing) <= len(harmless) / 3

"""Releases to report on: the demo, one with a hidden organisation and hostile words, and a survey of another kind."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from surefoot.analyse import analyse_responses
from surefoot.demo import simulate, study_of
from surefoot.instrument import Instrument, instrument_from_table
from surefoot.release import Release
from surefoot.responses import ORGANISATION, Missing, responses
from surefoot.study import Breakdown, Organisation, Study

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script>"


def scale(name: str, options: list[tuple[str, str, int | None]], **more: Any) -> dict[str, Any]:
    """A scale as a table of TOML."""
    made = [{"id": i, "text": t} | ({} if p is None else {"position": p}) for i, t, p in options]
    return {"id": name, "options": made, **more}


def instrument() -> Instrument:
    """A short survey with every kind of question, no known construct, and words that look like formulas and markup."""
    agree = [("yes", "I agree", 1), ("even", "Neither", 0), ("no", "I disagree", -1), ("dk", "I don't know", None)]
    statement = {"kind": "single", "scale": "agree", "group": "g", "section": "one"}
    return instrument_from_table(
        {
            "schema": "surefoot/instrument/1",
            "name": "other",
            "title": "Another survey",
            "section": [{"id": "one", "title": f"First part {HOSTILE}"}],
            "scale": [
                scale("agree", agree, ordered=True, poles={"low": "disagree", "high": "agree"}),
                scale("level", [("low", "Low", 0), ("mid", "Middle", 1), ("high", "High", 2)], ordered=True),
                scale("list", [("a", HOSTILE, 1), ("b", "+1", 2), ("none", "None", None)]),
                scale("area", [("x", "Area X", None), ("y", "@Area", None)]),
            ],
            "question": [
                {"id": "area", "kind": "single", "text": "Where?", "scale": "area"},
                {"id": "fair", "text": "It is fair.", **statement},
                {"id": "kind", "text": "It is kind.", **statement},
                {"id": "level", "kind": "single", "text": f"How much {HOSTILE}?", "scale": "level", "section": "one"},
                {"id": "list", "kind": "multi", "text": "-Which?", "scale": "list"},
                {"id": "hours", "kind": "number", "text": "How long?", "unit": "hours", "decimals": 1},
                {"id": "comment", "kind": "text", "text": "Anything else?"},
            ],
            "planned": [{"question": "fair", "by": "organisation"}],
        }
    )


def other_study(*, organisations: bool = True) -> Study:
    """Two organisations that are large enough and one that is not, with a hostile name."""
    named = (
        Organisation("one", f"One {HOSTILE}", "care", {"all": 300}),
        Organisation("two", "Two", "care", {"all": 200}),
    )
    few = Organisation("few", "Few & Sons", "care", {"all": 40})
    third = Organisation("three", "Three", "care", {"all": 90})
    return Study(
        "other-study",
        f"Another study {HOSTILE}",
        instrument(),
        organisations=(*named, few, third) if organisations else (),
        breakdowns=(Breakdown("area"),),
    )


def other_release(*, organisations: bool = True) -> Release:
    """A release of random answers to that survey."""
    study, rng = other_study(organisations=organisations), np.random.default_rng(5)
    people = np.repeat([0, 1, 2, 3], [180, 120, 6, 60]) if organisations else np.full(200, -1)
    n = len(people)
    ticks = {f"list/{o}": np.where(rng.random(n) < 0.4, 1, int(Missing.UNTICKED)) for o in ("a", "b", "none")}
    columns = {
        "area": rng.integers(0, 2, n),
        "fair": rng.integers(0, 4, n),
        "kind": rng.integers(0, 4, n),
        "level": rng.integers(0, 3, n),
        "hours": rng.integers(0, 400, n),
        **ticks,
        **({ORGANISATION: people} if organisations else {}),
    }
    names = study.organisation_ids if organisations else ()
    answers = responses(study.instrument, columns, organisations=names)
    return analyse_responses(study, answers, now=NOW, stage_b=False).release


@pytest.fixture(scope="session")
def demo_release() -> Release:
    """The demo's release, without the slow proof."""
    return analyse_responses(study_of(), simulate(study_of()), now=NOW, stage_b=False).release


@pytest.fixture(scope="session")
def hidden_release() -> Release:
    """A survey without known constructs; one organisation is too small to be shown."""
    return other_release()


@pytest.fixture(scope="session")
def plain_release() -> Release:
    """The same survey without organisations and headcounts."""
    return other_release(organisations=False)


@pytest.fixture(scope="session")
def releases(demo_release: Release, hidden_release: Release, plain_release: Release) -> dict[str, Release]:
    """All of them by name, and one in which nothing at all is shown."""
    from surefoot.release.release import suppressed

    nothing = replace(hidden_release, figures=tuple(suppressed(f) for f in hidden_release.figures), comparisons=())
    return {"demo": demo_release, "hidden": hidden_release, "plain": plain_release, "nothing": nothing}

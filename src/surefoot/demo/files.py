"""The demo programme as a folder of files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from surefoot.demo.simulate import SEED, simulate, study_of
from surefoot.demo.truths import DESIGN, LATER, Truth
from surefoot.errors import BadInput
from surefoot.margins import Weights
from surefoot.responses import write_responses
from surefoot.study import PROGRAMME_SCHEMA, SCHEMA, Study, open_programme

ID = "demo"


def write_programme(folder: Path, *, truth: Truth = DESIGN, seed: int = SEED, weights: Weights | None = None) -> Path:
    """Write the demo programme as a folder of files and return the folder of its study.

    weights: how its answers are to be weighted, not at all by default. Raises BadInput where the folder holds another
    programme, or a study of its own.
    """
    _check(folder)
    study = replace(study_of(truth), weights=weights)
    place = folder / "studies" / study.id
    (place / "answers").mkdir(parents=True, exist_ok=True)
    programme = {"schema": PROGRAMME_SCHEMA, "id": ID, "title": "Demo: five providers (simulated)"}
    (folder / "programme.toml").write_text(tomli_w.dumps(programme), encoding="utf-8")
    write_responses(simulate(study, truth, seed), place / "answers" / "all.parquet")
    (place / "study.toml").write_text(tomli_w.dumps(study_table(study, "ai-baseline")), encoding="utf-8")
    return place


def write_two_waves(folder: Path, *, seed: int = SEED) -> Path:
    """Write the demo programme with a second wave a year later, and return the folder of its study. Raises BadInput."""
    place = write_programme(folder, seed=seed)
    study = study_of(DESIGN)
    write_responses(simulate(study, LATER, seed + 1), place / "answers" / "later.parquet")
    table = study_table(study, "ai-baseline")
    table["source"] = [{"file": "answers/all.parquet", "wave": "1"}, {"file": "answers/later.parquet", "wave": "2"}]
    (place / "study.toml").write_text(tomli_w.dumps(table), encoding="utf-8")
    return place


def _check(folder: Path) -> None:
    """Only an earlier demo is written over."""
    if (folder / "study.toml").exists() or ((folder / "programme.toml").exists() and open_programme(folder).id != ID):
        raise BadInput(
            str(folder), "a study or a programme that is no demo", "a new folder, or one with an earlier demo"
        )


def study_table(study: Study, instrument: str) -> dict[str, Any]:
    """A study as the table that its TOML file holds."""
    return {
        "schema": SCHEMA,
        "id": study.id,
        "title": study.title,
        "instrument": instrument,
        "simulated": study.simulated,
        **({"frame_date": study.frame_date} if study.frame_date else {}),
        **({"headcount_by": study.headcount_by} if study.headcount_by else {}),
        **({"weights": _weights(study.weights)} if study.weights else {}),
        "source": [{"file": source.file} for source in study.sources],
        "breakdown": [{"question": breakdown.question} for breakdown in study.breakdowns],
        "organisation": [
            {"id": o.id, "name": o.name, "service_type": o.service_type, "headcount": dict(o.headcount)}
            for o in study.organisations
        ],
    }


def _weights(weights: Weights) -> dict[str, Any]:
    margins = [{"question": margin.question, "headcount": dict(margin.headcount)} for margin in weights.margins]
    return {"method": weights.method, "trim": weights.trim, **({"margin": margins} if margins else {})}

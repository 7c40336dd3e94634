"""The demo programme as a folder of files."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import tomli_w

from surefoot.demo.commented import code_comments, with_comments
from surefoot.demo.dialects import DIALECTS, write_dialect
from surefoot.demo.simulate import SEED, simulate, study_of
from surefoot.demo.truths import DESIGN, LATER, Truth
from surefoot.errors import BadInput
from surefoot.readers import read
from surefoot.responses import ORGANISATION, Responses, write_responses
from surefoot.study import PROGRAMME_SCHEMA, SCHEMA, Study, open_programme
from surefoot.study.margins import Weights

ID = "demo"


TOOLS = {
    "harbour-street": "msforms, xlsx",
    "millfield": "googleforms, from the form",
    "oakfield": "surveymonkey",
    "rowan": "limesurvey, words",
    "tidewater": "qualtrics, numbers",
}
"""The survey tool that each provider used: the five could not agree on one."""


def write_programme(folder: Path, *, truth: Truth = DESIGN, seed: int = SEED, weights: Weights | None = None) -> Path:
    """Write the demo programme as a folder of files and return the folder of its study.

    Each provider's answers are an export of its own survey tool, with the mapping by which it is read. weights: how its
    answers are to be weighted, not at all by default. Raises BadInput where the folder holds another programme, or a
    study of its own.
    """
    study = replace(study_of(truth), weights=weights)
    place = _begin(folder, study)
    made, themes = with_comments(simulate(study, truth, seed), seed)
    sources = [_export(made, organisation, study, place) for organisation in study.organisation_ids]
    (place / "study.toml").write_text(tomli_w.dumps(study_table(study, "ai-baseline") | {"source": sources}), "utf-8")
    code_comments(replace(study, folder=place), made, themes, seed)
    return place


def write_two_waves(folder: Path, *, seed: int = SEED) -> Path:
    """Write the demo programme with a second wave a year later, and return the folder of its study. Raises BadInput."""
    study = study_of(DESIGN)
    place = _begin(folder, study)
    sources = []
    for wave, name, truth in (("1", "all", DESIGN), ("2", "later", LATER)):
        write_responses(simulate(study, truth, seed + int(wave) - 1), place / "answers" / f"{name}.parquet")
        sources.append({"file": f"answers/{name}.parquet", "wave": wave})
    (place / "study.toml").write_text(tomli_w.dumps(study_table(study, "ai-baseline") | {"source": sources}), "utf-8")
    return place


def _begin(folder: Path, study: Study) -> Path:
    """The folder of the study, in a programme."""
    _check(folder)
    place = folder / "studies" / study.id
    for name in ("answers", "mappings"):
        (place / name).mkdir(parents=True, exist_ok=True)
    programme = {"schema": PROGRAMME_SCHEMA, "id": ID, "title": "Demo: five providers (simulated)"}
    (folder / "programme.toml").write_text(tomli_w.dumps(programme), encoding="utf-8")
    return place


def _export(made: Responses, organisation: str, study: Study, place: Path) -> dict[str, str]:
    """Write one provider's export and its mapping; its line in study.toml.

    Who broke off stands in the exports of the tools that have such rows.
    """
    part = made.filtered(made.codes(ORGANISATION) == made.organisations.index(organisation))
    tool = TOOLS.get(organisation, "plain, ids")
    file, mapping = f"answers/{organisation}{DIALECTS[tool].suffix}", f"mappings/{organisation}.toml"
    write_dialect(tool, part, place / file, unfinished=_unfinished(made, organisation))
    read(place / file, instrument=study.instrument).save(mapping=place / mapping)
    return {"file": file, "mapping": mapping, "organisation": organisation}


def _unfinished(made: Responses, organisation: str) -> int:
    """How many broke off in one provider's tool: all of the programme's, among those whose tool exports them."""
    sizes = {
        name: int((made.codes(ORGANISATION) == place).sum())
        for place, name in enumerate(made.organisations)
        if DIALECTS[TOOLS.get(name, "plain, ids")].extra
    }
    if organisation not in sizes:
        return 0
    total, names = sum(made.excluded.values()), list(sizes)
    ends = [round(total * sum(sizes[name] for name in names[:k]) / sum(sizes.values())) for k in range(len(names) + 1)]
    return ends[names.index(organisation) + 1] - ends[names.index(organisation)]


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
        **({"counted": asdict(study.counted)} if study.counted else {}),
        **({"headcount_by": study.headcount_by} if study.headcount_by else {}),
        **({"weights": _weights(study.weights)} if study.weights else {}),
        **({"comments": _promises(study)} if study.comments.safeguarding_lead else {}),
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


def _promises(study: Study) -> dict[str, str]:
    found = study.comments
    table = {"safeguarding_lead": found.safeguarding_lead, "consent": found.consent}
    return {key: value for key, value in table.items() if value}

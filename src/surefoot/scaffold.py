"""`surefoot new`: a study folder to start from, and a preview of which breakdowns could be shown at which response."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import tomli_w

from surefoot.errors import BadInput
from surefoot.estimate import Group
from surefoot.instrument import Question, open_instrument
from surefoot.release import plan, policy_from
from surefoot.responses import ORGANISATION, Missing, Responses, responses
from surefoot.study import ALL, Study
from surefoot.tally import PROFILE, count

RATES = (0.3, 0.5, 0.7)
_HEADER = """\
# A Surefoot study: who is asked, what, and how the answers are read. Change what is not so, then run
#   surefoot new {folder}        to see which breakdowns could be shown at 30, 50 and 70 % response
#   surefoot report {folder} --out report
# Headcounts: by staff group (ids of the question named as headcount_by), or one number for all staff.

"""


@dataclass(frozen=True)
class Preview:
    """Which groups could be shown if a share of the staff answered, at random.

    shown: groups that would be shown; hidden: groups that would not, by breakdown. lost_answers: people in hidden
    groups.
    """

    rate: float
    shown: tuple[Group, ...]
    hidden: tuple[Group, ...]

    def to_json(self) -> dict[str, object]:
        """The preview as a plain object."""
        return {"rate": self.rate, "shown": [str(g) for g in self.shown], "hidden": [str(g) for g in self.hidden]}


def scaffold(folder: Path, *, today: date, instrument: str = "ai-baseline", answers: Sequence[Path] = ()) -> Path:
    """Write a new study folder and return the path of its study.toml. Raises BadInput where there is one already.

    today: the frame date that is proposed is the first of its month.
    """
    path = folder / "study.toml"
    if path.exists():
        raise BadInput(str(path), "a study that is there already", "a folder without a study.toml")
    questions = open_instrument(instrument)
    (folder / "answers").mkdir(parents=True, exist_ok=True)
    (folder / "mappings").mkdir(exist_ok=True)
    table = {
        "schema": "surefoot/study/1",
        "id": _slug(folder.resolve().name),
        "title": "AI in our services: what staff say",
        "instrument": instrument,
        "frame_date": today.replace(day=1),
        "counted": {"bank": True, "agency": False, "volunteers": False},
        **_breakdowns(questions.measuring("role-group"), questions.measuring("contact")),
        "source": [{"file": str(file)} for file in answers] or [{"file": "answers/answers.csv"}],
        "organisation": [
            {"id": "first", "name": "First provider", "service_type": "primary-care", "headcount": 80},
            {"id": "second", "name": "Second provider", "service_type": "adult-social-care", "headcount": 350},
        ],
    }
    temporary = path.with_name(".study.toml.part")
    temporary.write_text(_HEADER.format(folder=folder) + tomli_w.dumps(table), encoding="utf-8")
    temporary.replace(path)
    return path


def _slug(name: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-")
    return kept or "study"


def _breakdowns(*found: tuple[Question, ...]) -> dict[str, object]:
    questions = [question for part in found for question in part]
    return {"breakdown": [{"question": question.id} for question in questions]} if questions else {}


# Preview ----------------------------------------------------------------------------------------------------------


def preview(study: Study, rates: Sequence[float] = RATES, seed: int = 1) -> Iterator[Preview]:
    """Which breakdowns would survive disclosure control, if this share of each group answered at random.

    Staff groups follow the headcounts where they are known by group; other breakdowns are drawn evenly, which is kind:
    real groups are less even. Raises BadInput where no headcount is known.
    """
    if not any(o.staff for o in study.organisations):
        raise BadInput("study, organisation", "no headcounts", "headcount = ... for each organisation")
    policy = policy_from(study.policy)
    for rate in rates:
        tally = count(_imagined(study, rate, np.random.default_rng([seed, round(rate * 100)])), study)
        planned = plan(tally, study, policy, stage_b=False)
        groups = [
            Group(name, label)
            for name, axis in tally.axes.items()
            if name not in (ALL, PROFILE)
            for label in axis.labels
        ]
        hidden = tuple(group for group in groups if group in planned.hidden)
        yield Preview(rate, tuple(group for group in groups if group not in planned.hidden), hidden)


def preview_lines(study: Study, previews: Sequence[Preview]) -> Iterator[str]:
    """The preview in words: by breakdown, how many groups could be shown at each response rate, and which could not."""
    yield "Could be shown, if this share of staff answered:"
    for breakdown in dict.fromkeys(group.breakdown for each in previews for group in (*each.shown, *each.hidden)):
        for each in previews:
            shown = [group for group in each.shown if group.breakdown == breakdown]
            hidden = [group.code for group in each.hidden if group.breakdown == breakdown]
            lost = f"; not {', '.join(hidden)}" if hidden else ""
            yield f"  {breakdown} at {each.rate:.0%}: {len(shown)} of {len(shown) + len(hidden)}{lost}"
    yield f"A group needs {policy_from(study.policy).minimum_base} answers, and enough others beside it."


def _imagined(study: Study, rate: float, rng: np.random.Generator) -> Responses:
    """Imagined staff, of whom a share answers; nothing but where they belong."""
    organisation = np.repeat(np.arange(len(study.organisations)), [o.staff or 0 for o in study.organisations])
    takes_part = rng.random(len(organisation)) < rate
    columns = {ORGANISATION: organisation[takes_part]}
    for breakdown in study.breakdowns:
        question = study.instrument[breakdown.question]
        columns[question.id] = _places(study, question, rng)[takes_part]
    return responses(study.instrument, columns, organisations=study.organisation_ids)


def _places(study: Study, question: Question, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    ids = [option.id for option in question.options]
    if question.id != study.headcount_by:
        total = sum(o.staff or 0 for o in study.organisations)
        return np.asarray(rng.integers(0, len(ids), total))
    places = [
        ids.index(group) if group in ids else int(Missing.NOT_ANSWERED)
        for o in study.organisations
        for group, people in o.headcount.items()
        for _ in range(people)
    ]
    return np.array(places, dtype=np.int64)

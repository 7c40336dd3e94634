"""`surefoot new`: a study folder to start from, and a preview of which breakdowns could be shown at which response."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import tomli_w

from surefoot.errors import BadInput
from surefoot.estimate import Group
from surefoot.instrument import Instrument, Question, open_instrument, words, write_instrument
from surefoot.readers import Mapping, Reading, read
from surefoot.release import left_out, plan, policy_from
from surefoot.responses import ORGANISATION, Missing, Responses, responses
from surefoot.study import ALL, Study
from surefoot.tally import PROFILE, count
from surefoot.whole import write_whole

RATES = (0.3, 0.5, 0.7)
_HEADER = """\
# A Surefoot study: who is asked, what, and how the answers are read. Change what is not so, then run
#   surefoot new {folder}        to see which breakdowns could be shown at 30, 50 and 70 % response
#   surefoot report {folder} --out report
# Headcounts: by staff group (ids of the question named as headcount_by), or one number for all staff.

# Fill in, and take the # away: nobody but you knows these, and the report says what is not known.
# frame_date = {day}  # fill in: the day on which the headcounts were counted
# counted = {{ bank = true, agency = false, volunteers = false }}  # fill in: whom the headcounts include

"""


@dataclass(frozen=True)
class Preview:
    """Which groups could be shown if a share of the staff answered, at random.

    shown: groups that would be shown; hidden: groups that would not.
    """

    rate: float
    shown: tuple[Group, ...]
    hidden: tuple[Group, ...]

    def to_json(self) -> dict[str, object]:
        """The preview as a plain object."""
        return {"rate": self.rate, "shown": [str(g) for g in self.shown], "hidden": [str(g) for g in self.hidden]}


@dataclass(frozen=True)
class Scaffold:
    """A new study folder: its study.toml, and sentences on what was unsure where its questions were inferred."""

    path: Path
    unsure: tuple[str, ...] = ()


def scaffold(
    folder: Path,
    *,
    today: date,
    instrument: str | None = None,
    answers: Sequence[Path] = (),
    by: Sequence[str] = (),
    title: str | None = None,
    copy_instrument: bool = False,
) -> Scaffold:
    """Write a new study folder, which can be reported as it is. Raises BadInput where there is one already.

    today: the frame date that is proposed, in a comment, is the first of its month. instrument: of the bank, or a
    TOML file; where it is None and there are answers, instrument and mapping are inferred from the first file, to
    be looked through. by: questions to break down by, as ids, texts or column headers; role group and contact where
    none are named. title: of the study and its report. copy_instrument: write the instrument into the folder, to be
    edited there.
    """
    if title is not None and not title.strip():
        raise BadInput("--title", "a title without a word", "the title of the study, as its report shows it")
    path = folder / "study.toml"
    written = [path, *(folder / name for name in _INFERRED_FILES if answers and instrument is None)]
    written += [folder / "instrument.toml"] if copy_instrument else []
    for there in (one for one in written if one.exists()):
        raise BadInput(str(there), "a file that is there already", "a folder without it: nothing is written over")
    inferred = read(answers[0]) if answers and instrument is None else None
    asked = inferred.instrument if inferred else open_instrument(instrument or "ai-baseline")
    breakdowns = _breakdowns(asked, by, inferred.mapping if inferred else None)
    for name in ("answers", "mappings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    if inferred is not None:
        _save(inferred, folder)
    elif copy_instrument:
        write_instrument(asked, folder / "instrument.toml")
    mapped = inferred is not None and inferred.mapping is not None
    named = "instrument.toml" if inferred or copy_instrument else _reachable(instrument or "ai-baseline", folder)
    table = _table(folder, named, breakdowns) | {
        "source": [_source(file, folder, mapped=mapped) for file in answers] or [{"file": "answers/answers.csv"}],
        **(_INFERRED if inferred else {"organisation": _EXAMPLE_ORGANISATIONS}),
        **({"title": title.strip()} if title else {}),
    }
    write_whole(path, _HEADER.format(folder=shlex.quote(str(folder)), day=today.replace(day=1)) + tomli_w.dumps(table))
    return Scaffold(path, inferred.account.unsure if inferred else ())


_INFERRED_FILES = {"instrument.toml": "instrument", "mappings/answers.toml": "mapping"}
_INFERRED = {"title": "What people say", "people": "people"}
_EXAMPLE_ORGANISATIONS = [
    {"id": "first", "name": "First provider", "service_type": "primary-care", "headcount": 80},
    {"id": "second", "name": "Second provider", "service_type": "adult-social-care", "headcount": 350},
]


def _save(inferred: Reading, folder: Path) -> None:
    """Instrument and mapping, each once: a second instrument in the mapping would be edited in vain."""
    places = {kind: folder / name for name, kind in _INFERRED_FILES.items()}
    if inferred.mapping is None:
        inferred.save(instrument=places["instrument"])
    else:
        replace(inferred, mapping=replace(inferred.mapping, instrument=None)).save(**places)


def _table(folder: Path, instrument: str, breakdowns: Sequence[str]) -> dict[str, object]:
    return {
        "schema": "surefoot/study/1",
        "id": _slug(folder.resolve().name),
        "title": "AI in our services: what staff say",
        "instrument": instrument,
        "breakdown": [{"question": question} for question in breakdowns],
    }


def _reachable(path: str, folder: Path) -> str:
    """A path as the study's folder sees it; names of the bank stay as they are."""
    return os.path.relpath(path, folder) if path.endswith(".toml") else path


def _source(file: Path, folder: Path, *, mapped: bool) -> dict[str, str]:
    """Answers stay where they are: they may hold personal columns, which no copy of ours ever has."""
    entry = {"file": os.path.relpath(file, folder)}
    return entry | {"mapping": "mappings/answers.toml"} if mapped else entry


def _breakdowns(asked: Instrument, by: Sequence[str], mapping: Mapping | None) -> tuple[str, ...]:
    if not by:
        usual = (question for name in ("role-group", "contact") for question in asked.measuring(name))
        return tuple(question.id for question in usual)
    singles = {question.id: words(question.text) for question in asked.questions if question.kind == "single"}
    called = {_folded(text): name for name, text in singles.items()}
    headers = mapping.columns.items() if mapping else ()
    called |= {_folded(header): column.question for header, column in headers if column.question in singles}
    called |= {_folded(name): name for name in singles}
    for name in by:
        if _folded(name) not in called:
            near = [called[found] for found in get_close_matches(_folded(name), called, n=3, cutoff=0.5)]
            nearest = f"; nearest: {', '.join(dict.fromkeys(near))}" if near else ""
            raise BadInput("--by", f'"{name}"', f"a single-choice question: {', '.join(singles)}{nearest}")
    return tuple(dict.fromkeys(called[_folded(name)] for name in by))


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _slug(name: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in name.lower()).strip("-")
    return kept or "study"


# Preview ----------------------------------------------------------------------------------------------------------


def preview(study: Study, rates: Sequence[float] = RATES, seed: int = 1) -> Iterator[Preview]:
    """Which breakdowns would survive disclosure control, if this share of each group answered at random.

    Staff groups follow the headcounts where they are known by group; other breakdowns (`not_known`) are drawn evenly:
    what is found of them is not told. Raises BadInput where no headcount is known.
    """
    if not any(o.staff for o in study.organisations):
        raise BadInput("study, organisation", "no headcounts", "headcount = ... for each organisation")
    policy = policy_from(study.policy)
    for rate in rates:
        imagined = _imagined(study, rate, np.random.default_rng([seed, round(rate * 100)]))
        out = left_out(count(imagined, study), policy)
        tally = count(imagined.without(out), study)
        planned = plan(tally, study, policy, left_out=out, stage_b=False)
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
    if not previews:
        yield "No organisations are named, so there are no headcounts to preview with."
        return
    unknown = not_known(study)
    yield "Could be shown, if this share of staff answered:"
    for breakdown in dict.fromkeys(group.breakdown for each in previews for group in (*each.shown, *each.hidden)):
        if breakdown in unknown:
            yield f"  {breakdown}: {UNKNOWN}"
            continue
        for each in previews:
            shown = [group for group in each.shown if group.breakdown == breakdown]
            hidden = [group.code for group in each.hidden if group.breakdown == breakdown]
            lost = f"; not {', '.join(hidden)}" if hidden else ""
            yield f"  {breakdown} at {each.rate:.0%}: {len(shown)} of {len(shown) + len(hidden)}{lost}"
    yield f"A group needs {policy_from(study.policy).minimum_base} answers, and enough others beside it."


UNKNOWN = "not known: no headcounts for this breakdown"


def not_known(study: Study) -> tuple[str, ...]:
    """Breakdowns into groups whose headcounts the study does not give; what a preview draws of them is imagined."""
    by_group = all(ALL not in o.headcount for o in study.organisations if o.headcount)
    known = {ORGANISATION, *([study.headcount_by] if by_group else [])}
    return tuple(b.id for b in study.breakdowns if not {b.question, b.crossed_with or ORGANISATION} <= known)


def _imagined(study: Study, rate: float, rng: np.random.Generator) -> Responses:
    """Imagined staff, of whom a share answers; nothing but where they belong."""
    organisation = np.repeat(np.arange(len(study.organisations)), [o.staff or 0 for o in study.organisations])
    takes_part = rng.random(len(organisation)) < rate
    columns = {ORGANISATION: organisation[takes_part]}
    named = (name for breakdown in study.breakdowns for name in (breakdown.question, breakdown.crossed_with))
    for name in dict.fromkeys(str(name) for name in named if name in study.instrument.by_id):
        columns[name] = _places(study, study.instrument[name], rng)[takes_part]
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

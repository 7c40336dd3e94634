"""Plant one known leak in each of many safe releases, and count those that the independent attacker finds.

python benchmarks/planted_leaks.py [studies] [first seed]
Each study (five organisations, service types, three breakdowns, one crossed with organisations; one organisation has
six answers) is released; the release withstands the attack. Then one leak is planted, the kinds in turn, and the
release is attacked again. Exit code 1 if a leak was not found, or a release failed before anything was planted.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from random_studies import Shape, random_study
from surefoot.analyse import Analysis, analyse_responses
from surefoot.estimate import estimate
from surefoot.release import EVERYONE, Group, Plan, release, write_release
from surefoot.release.attack import attack
from surefoot.release.protection import SECONDARY
from surefoot.responses import ORGANISATION, Responses
from surefoot.study import Study

NOW = datetime(2026, 1, 1, tzinfo=UTC)

SHAPE = Shape(breakdowns=(8, 5, 3), cross=True, singles=2, multis=0, routed=1)
LEFT = 6
MINIMUM = 11
MOST_FEW, MOST_STAFF = 60, 9000
"""An organisation of so few answers, given so many staff, is most of what is by headcount."""
ORGANISATION_BREAKDOWN = "organisation"


@dataclass
class Planting:
    """A safe release in a folder, and what is needed to spoil it."""

    study: Study
    answers: Responses
    analysis: Analysis
    folder: Path
    rng: np.random.Generator

    @property
    def content(self) -> dict[str, Any]:
        """The release file."""
        return json.loads((self.folder / "release.json").read_text(encoding="utf-8"))

    def write(self, content: dict[str, Any]) -> None:
        """Write the spoilt file."""
        (self.folder / "release.json").write_text(json.dumps(content), encoding="utf-8")

    def released_without(self, groups: set[Group]) -> None:
        """The release again, with some hidden groups shown."""
        plan = self.analysis.counted.plan
        hidden = {group: why for group, why in plan.hidden.items() if group not in groups}
        self._released(replace(plan, hidden=hidden))

    def released_with(self, pairs: dict[tuple[Group, str], str]) -> None:
        """The release again, with some groups hidden for one question."""
        plan = self.analysis.counted.plan
        self._released(replace(plan, hidden_questions={**plan.hidden_questions, **pairs}))

    def _released(self, plan: Plan) -> None:
        made = self.analysis.counted
        figures = estimate(made.tally, self.study, wave="1", strata=plan.strata_of, left_out=made.left_out)
        write_release(release(figures, (), made.took_part, plan, self.study, made.policy, now=NOW), self.folder)

    def tells(self, organisation: str) -> bool:
        """Whether one to ten people of an organisation are its base of a question less its shown cells of b1."""
        bases: dict[str, dict[str, int]] = {}
        for figure in self.content["figures"]:
            group = figure["group"]
            ours = group["breakdown"] in (ORGANISATION_BREAKDOWN, "organisation.b1")
            if ours and group["code"].split(".")[0] == organisation and figure["status"] == "shown":
                bases.setdefault(figure["question"], {})[group["code"]] = figure["base"]
        rests = [2 * found.get(organisation, 0) - sum(found.values()) for found in bases.values() if len(found) > 1]
        return any(1 <= rest < MINIMUM for rest in rests)

    def hidden_figure(self, content: dict[str, Any]) -> dict[str, Any] | None:
        """A figure that is not shown, at random."""
        found = [figure for figure in content["figures"] if figure["status"] == "suppressed"]
        return found[self.rng.integers(len(found))] if found else None


def complement(planting: Planting) -> bool:
    """Groups that are hidden only because another in the same organisation is too small: the rest is that other."""
    plan, sizes = planting.analysis.counted.plan, _sizes(planting)
    rows: dict[str, list[Group]] = {}
    for group in plan.hidden:
        if group.breakdown == "organisation.b1" and sizes[group]:
            rows.setdefault(group.code.split(".")[0], []).append(group)
    for name, mine in rows.items():
        few = [group for group in mine if sizes[group] < MINIMUM]
        silent = sizes[Group(ORGANISATION_BREAKDOWN, name)] - sum(
            size
            for group, size in sizes.items()
            if group.breakdown == "organisation.b1" and group.code.startswith(name)
        )
        shown = not plan.hides(Group(ORGANISATION_BREAKDOWN, name))
        if shown and 1 <= silent + sum(sizes[group] for group in few) < MINIMUM and len(few) < len(mine):
            planting.released_without(set(mine) - set(few))
            if planting.tells(name):
                return True
    return False


def unrounded(planting: Planting) -> bool:
    """A share as it was worked out, which tells the count."""
    content = planting.content
    large = [f for f in content["figures"] if f["kind"] == "share" and f["value"] and f["base"] > 100]
    if not large:
        return False
    figure = large[planting.rng.integers(len(large))]
    counts = np.arange(figure["base"] + 1) / figure["base"]
    near = counts[(np.abs(counts - figure["value"]) < 0.005) & (np.abs(counts - figure["value"]) > 1e-4)]
    if not len(near):
        return False
    figure["value"] = float(near[0])
    planting.write(content)
    return True


def count_printed(planting: Planting) -> bool:
    """A count beside a share."""
    content = planting.content
    figure = next(f for f in content["figures"] if f["status"] == "shown")
    figure["count"] = round(figure["value"] * figure["base"])
    planting.write(content)
    return True


def left_out_in_total(planting: Planting) -> bool:
    """The few answers of an organisation that is left out, in the number of all who took part."""
    content, out = planting.content, planting.analysis.counted.left_out
    rows = {row["organisation"]: row for row in content["participation"]}
    others = [row for name, row in rows.items() if name not in (*out, "all")]
    if not out or any(row["answered"] is None for row in others) or rows["all"]["answered"] is None:
        return False
    rows["all"]["answered"] += LEFT
    planting.write(content)
    return True


def routed(planting: Planting) -> bool:
    """A question asked after an answer, shown for groups for which that answer is hidden."""
    shown = [f for f in planting.content["figures"] if f["question"] == "r0" and f["status"] == "shown"]
    groups = {Group(f["group"]["breakdown"], f["group"]["code"]) for f in shown}
    chosen = sorted(group for group in groups if group.breakdown == "b0")[:2]
    if len(chosen) < 2:
        return False
    planting.released_with({(group, "s0"): SECONDARY for group in chosen})
    return True


def interval_left(planting: Planting) -> bool:
    """The interval of a figure that is not shown."""
    content = planting.content
    figure = planting.hidden_figure(content)
    if figure is None:
        return False
    figure["low"], figure["high"] = 0.1, 0.4
    planting.write(content)
    return True


def effective_base_left(planting: Planting) -> bool:
    """The effective base of a figure that is not shown."""
    content = planting.content
    figure = planting.hidden_figure(content)
    if figure is None:
        return False
    figure["effective_base"] = 9
    planting.write(content)
    return True


def comparison(planting: Planting) -> bool:
    """A difference to a group that is not shown."""
    content = planting.content
    figure = planting.hidden_figure(content)
    if figure is None:
        return False
    shown = next(f for f in content["figures"] if f["question"] == figure["question"] and f["status"] == "shown")
    content["comparisons"].append({
        "id": "comparison-planted", "family": "pairs", "method": "Bonett-Price", "question": figure["question"],
        "wave": "1", "groups": [shown["group"], figure["group"]], "figures": [], "selectors": [], "difference": 0.12,
        "low": 0.01, "high": 0.23, "p": 0.03, "p_adjusted": 0.03, "smallest_found": 0.2,
    })  # fmt: skip
    planting.write(content)
    return True


def finding(planting: Planting) -> bool:
    """A sentence that rests on a figure that is not shown."""
    content = planting.content
    figure = planting.hidden_figure(content)
    if figure is None:
        return False
    content["findings"].append({"id": "finding-planted", "told": True, "fired": True, "figures": [figure["id"]]})
    planting.write(content)
    return True


def second_release(planting: Planting) -> bool:
    """Another release of the wave, from which three people are missing; in a folder beside."""
    keep = np.ones(len(planting.answers), dtype=bool)
    large = np.bincount(planting.answers.codes(ORGANISATION)).argmax()
    keep[np.flatnonzero(planting.answers.codes(ORGANISATION) == large)[:3]] = False
    again = analyse_responses(planting.study, planting.answers.filtered(keep))
    write_release(again.release, planting.folder.with_name("second"))
    return True


def spread(planting: Planting) -> bool:
    """Shares of a group by headcount, where one organisation of few who answered is most of the staff.

    With the number who answered in each organisation they tell how many of the group are in that one.
    """
    sizes = {g.code: n for g, n in _sizes(planting).items() if g.breakdown == ORGANISATION_BREAKDOWN and n >= MINIMUM}
    few = min(sizes, key=lambda code: sizes[code], default="")
    if sizes.get(few, MOST_FEW + 1) > MOST_FEW:
        return False
    staffed = (replace(o, headcount={"all": MOST_STAFF}) if o.id == few else o for o in planting.study.organisations)
    study = replace(planting.study, organisations=tuple(staffed))
    safe = analyse_responses(study, planting.answers, now=NOW)
    write_release(safe.release, planting.folder)
    if safe.plan.hides(EVERYONE, "b0"):
        return False
    if not attack(planting.folder).passed:
        raise LookupError("a safe release is refused")
    made, apart = safe.counted, tuple((code,) for code in sizes)
    told, right = (
        estimate(made.tally, study, strata=strata, left_out=made.left_out)
        for strata in (lambda _: apart, made.plan.strata_of)
    )
    figures = [one if one.question == "b0" else other for one, other in zip(told, right, strict=True)]
    write_release(release(figures, (), made.took_part, made.plan, study, made.policy, now=NOW), planting.folder)
    return True


KINDS: tuple[Callable[[Planting], bool], ...] = (
    complement, unrounded, count_printed, left_out_in_total, routed, interval_left, effective_base_left, comparison,
    finding, second_release, spread,
)  # fmt: skip


def _sizes(planting: Planting) -> dict[Group, int]:
    tally = planting.analysis.counted.tally
    item = next(iter(tally.items))
    found = {EVERYONE: len(planting.answers)}
    for grouping, axis in tally.axes.items():
        people = tally.cells(grouping, item)[0].sum(axis=1)
        found |= {Group(grouping, label): int(n) for label, n in zip(axis.labels, people, strict=True)}
    return found


def spoilt(seed: int, wanted: int) -> tuple[str, bool, bool]:
    """Plant one leak in one study: its kind, whether the release was safe before, and whether the leak was found."""
    study, answers = random_study(seed, SHAPE)
    codes = answers.codes(ORGANISATION)
    keep = codes != 0
    keep[np.flatnonzero(codes == 0)[:LEFT]] = True
    answers = answers.filtered(keep)
    analysis = analyse_responses(study, answers, now=NOW)
    with tempfile.TemporaryDirectory() as place:
        planting = Planting(study, answers, analysis, Path(place) / "first", np.random.default_rng(seed))
        for kind in (*KINDS[wanted:], *KINDS[:wanted]):
            write_release(analysis.release, planting.folder)
            safe = attack(planting.folder).passed
            if kind(planting):
                other = planting.folder.with_name("second")
                found = attack(planting.folder, other=other if other.exists() else None)
                return kind.__name__, safe, not found.passed
    raise LookupError(f"no leak can be planted in study {seed}")


def trials(studies: int, first: int) -> Iterator[tuple[int, str, bool, bool]]:
    """Studies one after another, the kinds of leaks in turn."""
    for number in range(studies):
        yield (first + number, *spoilt(first + number, number % len(KINDS)))


def main(arguments: list[str]) -> int:
    """Print each leak that was not found, and how many of each kind were."""
    numbers = [int(part) for part in arguments if part.isdigit()]
    planted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    unsafe = 0
    for seed, kind, safe, found in trials([*numbers, 100][0], [*numbers[1:], 1][0]):
        planted[kind] += 1
        caught[kind] += found
        unsafe += not safe
        if not (safe and found):
            print(
                seed, kind, "safe before" if safe else "not safe before", "found" if found else "NOT FOUND", flush=True
            )
    for kind in planted:
        print(f"{kind}: {caught[kind]} of {planted[kind]} found")
    print(f"{sum(caught.values())} of {sum(planted.values())} planted leaks found; {unsafe} releases failed before")
    return int(caught != planted or unsafe > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

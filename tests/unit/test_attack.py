"""The attacker finds every leak that was planted, and nothing where there is nothing to find."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from surefoot.errors import BadInput
from surefoot.interval import round_half_away, wilson
from surefoot.release.attack import AttackResult, attack

SCALE = {"none": None, "much-worse": -2, "worse": -1, "same": 0, "better": 1}
ROLES = ("nurse", "doctor", "carer", "manager", "office")
AREAS = ("home", "ward", "desk")
TYPES = {"ash": "primary", "birch": "primary", "cedar": "social", "dale": "social", "elm": "community"}
Group = tuple[str, str]


@dataclass
class Survey:
    """People with an organisation, a role, an area and answers (-1: none given), and what is shown of them."""

    organisation: np.ndarray
    role: np.ndarray
    area: np.ndarray
    answers: dict[str, np.ndarray]
    types: dict[str, str] = field(default_factory=lambda: dict(TYPES))
    headcount: dict[str, int] = field(default_factory=dict)
    crosses: tuple[tuple[str, str], ...] = ()
    hidden: set[tuple[Group, str | None]] = field(default_factory=set)
    totals_hidden: set[str] = field(default_factory=set)
    nets: bool = False
    intervals: bool = False
    stratified: bool = False
    breakdown_figures: bool = True

    @property
    def names(self) -> list[str]:
        return list(self.types)

    @property
    def people(self) -> int:
        return len(self.organisation)

    def codes(self, breakdown: str) -> tuple[str, ...]:
        kinds = tuple(dict.fromkeys(self.types.values()))
        return {"organisation": tuple(self.types), "service-type": kinds, "role": ROLES, "area": AREAS}[breakdown]

    def groups(self) -> Iterator[Group]:
        yield "all", "all"
        for breakdown in ("organisation", "service-type", "role", "area"):
            yield from ((breakdown, code) for code in self.codes(breakdown))
        for outer, inner in self.crosses:
            for a, b in product(self.codes(outer), self.codes(inner)):
                yield f"{outer}.{inner}", f"{a}.{b}"

    def inside(self, group: Group) -> np.ndarray:
        breakdown, code = group
        if breakdown == "all":
            return np.ones(self.people, dtype=bool)
        if "." in breakdown:
            outer, inner = breakdown.split(".")
            a, b = code.split(".")
            return self.inside((outer, a)) & self.inside((inner, b))
        kinds = np.array([self.names.index(name) for name in self.names if self.types[name] == code])
        if breakdown == "service-type":
            return np.isin(self.organisation, kinds)
        return {"organisation": self.organisation, "role": self.role, "area": self.area}[breakdown] == self.codes(
            breakdown
        ).index(code)

    def columns(self) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
        divided = {"role": (ROLES, self.role), "area": (AREAS, self.area)} if self.breakdown_figures else {}
        return divided | {question: (tuple(SCALE), column) for question, column in self.answers.items()}

    def truth(self) -> dict[tuple[str, str, str, str], int]:
        found = {}
        for group in self.groups():
            inside = self.inside(group)
            found[(*group, "", "")] = int(inside.sum())
            for question, (options, column) in self.columns().items():
                found[(*group, question, "")] = int((inside & (column >= 0)).sum())
                for code, option in enumerate(options):
                    found[(*group, question, option)] = int((inside & (column == code)).sum())
        return found

    def shown(self, group: Group, question: str) -> bool:
        return (group, None) not in self.hidden and (group, question) not in self.hidden

    def figures(self) -> Iterator[dict[str, Any]]:
        for group in self.groups():
            for question, (options, column) in self.columns().items():
                base = int((self.inside(group) & (column >= 0)).sum())
                if self.shown(group, question) and base:
                    yield from self._figures(group, question, options, column, base)

    def _figures(
        self, group: Group, question: str, options: tuple[str, ...], column: np.ndarray, base: int
    ) -> Iterator[dict[str, Any]]:
        counts = [int((self.inside(group) & (column == code)).sum()) for code in range(len(options))]
        for option, count in zip(options, counts, strict=True):
            yield self._figure("share", group, question, option, base, self._value(group, column, option, count / base))
        if self.nets and question in self.answers:
            each = {o: self._value(group, column, o, n / base) for o, n in zip(options, counts, strict=True)}
            net = each["better"] - each["worse"] - each["much-worse"]
            yield self._figure("net", group, question, "", base, net)

    def _value(self, group: Group, column: np.ndarray, option: str, pooled: float) -> float:
        if not self._weighted(group):
            return pooled
        code, parts = list(SCALE).index(option) if option in SCALE else 0, []
        for place, name in enumerate(self.names):
            here = self.inside(group) & (self.organisation == place) & (column >= 0)
            if here.any():
                parts.append((self.headcount[name], float((column[here] == code).mean())))
        return sum(n * p for n, p in parts) / sum(n for n, _ in parts)

    def _weighted(self, group: Group) -> bool:
        return self.stratified and group[0] in ("all", "service-type")

    def _figure(self, kind: str, group: Group, question: str, selector: str, base: int, value: float) -> dict[str, Any]:
        low, high = None, None
        if self.intervals and kind == "share" and not self._weighted(group):
            found = wilson([round(value * base)], [base]).rounded(2)
            low, high = found[1][0], found[2][0]
        return {
            "id": f"{group}-{question}-{selector}-{kind}",
            "kind": kind,
            "question": question,
            "selector": selector,
            "group": {"breakdown": group[0], "code": group[1]},
            "wave": "1",
            "base": base,
            "effective_base": base,
            "value": float(round_half_away(value, 2)),
            "low": low,
            "high": high,
            "status": "shown",
            "method": "Wilson interval" + (", stratified by headcount" if self._weighted(group) else ""),
        }

    def participation(self) -> Iterator[dict[str, Any]]:
        yield {"organisation": "all", "headcount": None, "answered": self.people, "status": "shown"}
        for name in self.names:
            answered = int(self.inside(("organisation", name)).sum())
            shown = name not in self.totals_hidden
            status = "shown" if shown else "suppressed"
            headcount = self.headcount.get(name)
            row = {"organisation": name, "headcount": headcount, "answered": answered if shown else None}
            yield {**row, "status": status}

    def release(self) -> dict[str, Any]:
        options = {
            "role": [{"id": o} for o in ROLES],
            "area": [{"id": o} for o in AREAS],
            "answer": [{"id": o} | ({} if p is None else {"position": p}) for o, p in SCALE.items()],
        }
        scales = {"role": "role", "area": "area"} | dict.fromkeys(self.answers, "answer")
        return {
            "schema": "surefoot/release/1",
            "study": {"id": "study", "title": "Study"},
            "wave": "1",
            "instrument": {
                "question": [{"id": q, "kind": "single", "scale": s} for q, s in scales.items()],
                "scale": [{"id": name, "options": listed} for name, listed in options.items()],
            },
            "organisations": [
                {"id": n, "name": n, "service_type": t, "headcount": self.headcount.get(n)}
                for n, t in self.types.items()
            ],
            "policy": {"minimum_base": 11},
            "participation": list(self.participation()),
            "figures": list(self.figures()),
            "not_shown": [
                {"breakdown": group[0], "code": group[1], "question": question, "reason": "small"}
                for group, question in sorted(self.hidden, key=str)
            ],
        }

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "release.json").write_text(json.dumps(self.release()), encoding="utf-8")
        return folder


def survey(seed: int, *, sizes: tuple[int, ...] = (60, 45, 80, 70, 120), questions: int = 2) -> Survey:
    """A random survey: five organisations of three types, a tenth of the answers missing."""
    random = np.random.default_rng(seed)
    organisation = np.repeat(np.arange(len(sizes)), sizes)
    people = len(organisation)
    role = random.choice(len(ROLES), people, p=[0.3, 0.2, 0.25, 0.15, 0.1])
    area = random.choice(len(AREAS), people)
    answers = {}
    for number in range(questions):
        column = random.choice(len(SCALE), people, p=[0.1, 0.15, 0.2, 0.25, 0.3])
        answers[f"q{number}"] = np.where(random.random(people) < 0.1, -1, column)
    headcount = {name: int(size * 1.6) for name, size in zip(TYPES, sizes, strict=True)}
    return Survey(organisation, role, area, answers, headcount=headcount)


def run(one: Survey, folder: Path, **options: Any) -> AttackResult:
    """The survey released and attacked, with the truth for scoring."""
    return attack(one.write(folder), truth=one.truth(), **options)


def recovered(result: AttackResult, group: Group, question: str) -> set[str]:
    """The answers that were recovered of one question in one group."""
    return {cell.selector for cell in result.recovered if (cell.group, cell.question) == (group, question)}


def telling(one: Survey, group: Group, question: str, *around: Group) -> set[str]:
    """The answers that are secrets of a group: all but those which nobody gave in a published group around it."""
    truth = one.truth()
    outer = (("all", "all"), *around)
    return {option for option in SCALE if all(truth[(*g, question, option)] for g in outer)}


def test_release_without_hidden_cells_is_safe(tmp_path: Path) -> None:
    """Where everything is shown there is nothing to recover."""
    result = run(survey(1), tmp_path)
    assert (result.suppressed, result.recovered, result.narrowed, result.small_totals) == (0, (), (), ())
    assert result.groups_surviving_share == 1.0
    assert result.passed


@pytest.mark.parametrize("seed", range(7))
def test_one_hidden_organisation_is_all_minus_the_others(tmp_path: Path, seed: int) -> None:
    """A single hidden organisation is found by subtraction, through roundings too."""
    one = survey(seed, sizes=(9, 30, 25, 20, 15), questions=1)
    one.hidden = {(("organisation", "ash"), None), (("service-type", "primary"), None)}
    result = run(one, tmp_path)
    for question in one.answers:
        assert recovered(result, ("organisation", "ash"), question) == telling(one, ("organisation", "ash"), question)
    assert {total.question for total in result.small_totals} == set(one.answers)
    assert all(1 <= total.total <= 10 for total in result.small_totals)
    assert result.mistaken == ()


@pytest.mark.parametrize("seed", range(6))
def test_one_of_two_organisations_of_a_type_is_found(tmp_path: Path, seed: int) -> None:
    """Organisations are nested in service types: a type minus its shown organisation is the hidden one.

    All minus the shown organisations is both hidden ones together: an answer that none of them gave is no secret.
    """
    one = survey(seed + 100, sizes=(9, 40, 8, 50, 60), questions=1)
    one.hidden = {(("organisation", "ash"), None), (("organisation", "cedar"), None)}
    result = run(one, tmp_path)
    for name in ("ash", "cedar"):
        secret = telling(one, ("organisation", name), "q0", ("service-type", TYPES[name]))
        secret &= set().union(*(telling(one, g, "q0", g) for g in (("organisation", "ash"), ("organisation", "cedar"))))
        assert recovered(result, ("organisation", name), "q0") == secret
    assert result.small_totals


@pytest.mark.parametrize("seed", range(6))
def test_hidden_role_is_found_through_a_cross(tmp_path: Path, seed: int) -> None:
    """A role hidden in the one-way table is the sum of its cells in a declared cross."""
    one = survey(seed + 200, sizes=(60, 60, 60, 60, 60), questions=1)
    one.crosses = (("organisation", "role"),)
    one.hidden = {(("role", "manager"), None), (("role", "office"), None)}
    result = run(one, tmp_path)
    for role in ("manager", "office"):
        assert recovered(result, ("role", role), "q0") == telling(one, ("role", role), "q0")


@pytest.mark.parametrize("seed", range(6))
def test_single_hidden_cell_of_a_cross_is_found(tmp_path: Path, seed: int) -> None:
    """One hidden cell of a cross is its organisation minus the other roles of it."""
    one = survey(seed + 300, sizes=(50, 60, 60, 60, 60), questions=1)
    one.crosses = (("organisation", "role"),)
    cell = ("organisation.role", "ash.office")
    one.hidden = {(cell, None)}
    result = run(one, tmp_path)
    around = (("organisation", "ash"), ("role", "office"), ("service-type", "primary"))
    assert recovered(result, cell, "q0") == telling(one, cell, "q0", *around)


@pytest.mark.parametrize("seed", range(6))
def test_question_hidden_in_one_group_is_found(tmp_path: Path, seed: int) -> None:
    """A question that is hidden for one group only is the total minus all the others."""
    one = survey(seed + 400, sizes=(15, 20, 25, 20, 18))
    one.hidden = {(("organisation", "elm"), "q1"), (("service-type", "community"), "q1")}
    result = run(one, tmp_path)
    assert recovered(result, ("organisation", "elm"), "q1") == telling(one, ("organisation", "elm"), "q1")
    assert not recovered(result, ("organisation", "elm"), "q0")


@pytest.mark.parametrize("seed", range(4))
def test_rounding_gives_counts_away(tmp_path: Path, seed: int) -> None:
    """Bases above 100: a share of 0 or the sum of many roundings narrows the hidden counts; no wrong claim is made."""
    one = survey(seed + 500, sizes=(8, 150, 130, 140, 160), questions=1)
    one.hidden = {(("organisation", "ash"), None), (("service-type", "primary"), None)}
    for question, column in one.answers.items():
        one.answers[question] = np.where((one.organisation == 0) & (column >= 0), 3, np.where(column == 3, 2, column))
    result = run(one, tmp_path)
    found = {cell.selector: (cell.low, cell.high) for cell in result.recovered if cell.question == "q0"}
    count = one.truth()["organisation", "ash", "q0", "same"]
    assert found["same"] == (count, count)
    assert result.mistaken == ()


@pytest.mark.parametrize("seed", range(6))
def test_two_large_hidden_groups_are_safe(tmp_path: Path, seed: int) -> None:
    """Two hidden organisations of different types, both types hidden too, keep each other's secret."""
    one = survey(seed + 600, sizes=(40, 45, 50, 70, 60))
    one.hidden = {(("organisation", "ash"), None), (("organisation", "cedar"), None)}
    one.hidden |= {(("service-type", "primary"), None), (("service-type", "social"), None)}
    one.totals_hidden = {"ash", "cedar"}
    result = run(one, tmp_path)
    assert (result.recovered, result.narrowed, result.small_totals, result.unresolved) == ((), (), (), ())
    assert result.suppressed == 4 * (2 * len(SCALE) + len(ROLES) + len(AREAS))
    assert 0.5 < result.groups_surviving_share < 1


@pytest.mark.parametrize("seed", range(4))
def test_a_role_of_one_organisation_is_a_difference(tmp_path: Path, seed: int) -> None:
    """Published zeros tell where a role is: nurses of one organisation alone leave its few others by subtraction."""
    one = survey(seed + 700, sizes=(60, 60, 60, 60, 60), questions=1)
    one.role[one.organisation == 0] = 0
    one.role[:6] = 1
    one.role[(one.organisation > 0) & (one.role == 0)] = 2
    assert [total.total for total in run(one, tmp_path).small_totals if total.question == "q0"]


def test_breakdown_without_sizes_still_adds_up(tmp_path: Path) -> None:
    """Without figures for the questions that divide people, one hidden role is hidden among those who gave no role."""
    one = survey(3, sizes=(60, 60, 60, 60, 60), questions=1)
    one.breakdown_figures = False
    one.hidden = {(("role", "office"), None)}
    one.role[::7] = -1
    result = run(one, tmp_path)
    assert not result.recovered


@pytest.mark.parametrize("seed", range(4))
def test_stratified_total_with_one_hidden_organisation(tmp_path: Path, seed: int) -> None:
    """A total weighted by headcount is solved for the share of a hidden organisation of great weight."""
    one = survey(seed + 800, sizes=(12, 15, 14, 13, 16), questions=1)
    one.stratified = True
    one.hidden = {(("organisation", "ash"), None), (("service-type", "primary"), None)}
    result = run(one, tmp_path, exact=False)
    assert recovered(result, ("organisation", "ash"), "q0") == telling(one, ("organisation", "ash"), "q0")


@pytest.mark.parametrize("exact", [False, True])
def test_stratified_totals_lead_to_no_wrong_claim(tmp_path: Path, exact: bool) -> None:
    """With two hidden organisations their bases are unknown; the attacker allows for every one that is possible."""
    one = survey(18, sizes=(40, 90, 60, 70, 120))
    one.stratified = one.nets = True
    one.hidden = {(("organisation", "ash"), None), (("organisation", "cedar"), None)}
    one.hidden |= {(("service-type", "primary"), None), (("service-type", "social"), None)}
    result = run(one, tmp_path, exact=exact)
    assert (result.recovered, result.mistaken, result.unresolved) == ((), (), ())


def test_exact_counts_find_more_than_rounded_ones(tmp_path: Path) -> None:
    """The worst case: the attacker knows the exact count of everything shown."""
    one = survey(9, sizes=(30, 150, 140, 130, 120), questions=1)
    one.hidden = {(("organisation", "ash"), None), (("service-type", "primary"), None)}
    exact = run(one, tmp_path, exact=True)
    assert recovered(exact, ("organisation", "ash"), "q0") == telling(one, ("organisation", "ash"), "q0")
    assert len(run(one, tmp_path).recovered) < len(exact.recovered)


def test_intervals_narrow_counts(tmp_path: Path) -> None:
    """Printed intervals are functions of counts, so they tell more than the share alone."""
    one = survey(10, sizes=(30, 150, 140, 130, 120), questions=1)
    one.hidden = {(("organisation", "ash"), None), (("service-type", "primary"), None)}
    plain = run(one, tmp_path)
    one.intervals = True
    found = run(one, tmp_path)
    assert len(found.recovered) > len(plain.recovered)
    assert found.mistaken == ()


def test_hidden_turnout_is_a_difference(tmp_path: Path) -> None:
    """The turnout of one organisation is that of all minus the others'."""
    one = survey(11, sizes=(8, 45, 50, 70, 60))
    one.totals_hidden = {"ash"}
    found = [cell for cell in run(one, tmp_path).recovered if cell.question == ""]
    assert [(cell.group.code, cell.low) for cell in found] == [("ash", 8)]


def test_base_of_a_routed_question_is_a_count(tmp_path: Path) -> None:
    """Whoever answered what only some were asked gave the answer after which it is asked."""
    one = survey(13, sizes=(30, 45, 50, 70, 60))
    better = list(SCALE).index("better")
    one.answers["q0"][one.organisation == 0] = better
    one.answers["q0"][0] = 0
    one.answers["q1"] = np.where(one.answers["q0"] == better, np.abs(one.answers["q1"]), -1)
    one.hidden = {(("organisation", name), "q0") for name in ("ash", "birch")}
    apart = run(one, tmp_path / "apart")
    assert not (*apart.recovered, *apart.narrowed)
    content = one.release()
    content["instrument"]["question"][3]["show_if"] = [{"question": "q0", "any_of": ["better"]}]
    (tmp_path / "release.json").write_text(json.dumps(content), encoding="utf-8")
    result = attack(tmp_path, truth=one.truth())
    assert recovered(result, ("organisation", "ash"), "q0") == {"better"}
    assert result.mistaken == ()


def test_net_gives_sides_away(tmp_path: Path) -> None:
    """A net that is shown where its options are hidden is used like any other figure."""
    one = survey(12, sizes=(20, 20, 20, 20, 20), questions=1)
    one.nets = True
    content = one.release()
    for figure in content["figures"]:
        hidden = figure["selector"] in ("better", "same") and figure["group"]["code"] == "elm"
        if hidden and figure["question"] == "q0":
            figure.update(value=None, status="suppressed")
    (tmp_path / "release.json").write_text(json.dumps(content), encoding="utf-8")
    result = attack(tmp_path, truth=one.truth())
    assert recovered(result, ("organisation", "elm"), "q0") == {"better", "same"}


def test_group_below_ten_that_is_shown_is_a_small_total(tmp_path: Path) -> None:
    """A published group of fewer than eleven needs no subtraction."""
    one = survey(13, sizes=(7, 45, 50, 70, 60), questions=1)
    assert [total.total for total in run(one, tmp_path).small_totals]


def test_second_release_of_the_same_answers_is_used(tmp_path: Path) -> None:
    """What one release hides and another shows of the same answers is recovered."""
    one = survey(14, sizes=(40, 45, 50, 70, 60), questions=1)
    other = one.write(tmp_path / "first")
    one.hidden = {(("organisation", name), None) for name in ("ash", "birch", "cedar")}
    one.hidden |= {(("service-type", "primary"), None), (("service-type", "social"), None)}
    alone = run(one, tmp_path / "second")
    assert not alone.recovered
    both = run(one, tmp_path / "second", other=other)
    assert recovered(both, ("organisation", "cedar"), "q0") == telling(one, ("organisation", "cedar"), "q0")


def test_second_release_with_a_few_more_people_is_a_small_total(tmp_path: Path) -> None:
    """Three more answers: the difference of the two releases is about these three."""
    one = survey(15, sizes=(40, 45, 50, 70, 60), questions=1)
    first = one.write(tmp_path / "first")
    more = survey(15, sizes=(40, 45, 50, 70, 63), questions=1)
    assert {total.total for total in run(more, tmp_path / "second", other=first).small_totals} & {1, 2, 3}


def test_suppressed_line_with_a_number_is_reported(tmp_path: Path) -> None:
    """A table that prints what is marked as suppressed needs no mathematics."""
    one = survey(16)
    one.write(tmp_path)
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_text("group,status,%\nash,not shown,20\nelm,not shown,\n")
    assert attack(tmp_path).printed == ("a.csv, line 2",)


def test_result_as_json(tmp_path: Path) -> None:
    """The result is a plain object that survives JSON."""
    one = survey(17, sizes=(9, 30, 25, 20, 15), questions=1)
    one.hidden = {(("organisation", "ash"), None), (("service-type", "primary"), None)}
    content = json.loads(json.dumps(run(one, tmp_path).to_json()))
    assert content["schema"] == "surefoot/attack/1"
    assert content["passed"] is False
    assert content["recovered"][0]["group"] == {"breakdown": "organisation", "code": "ash"}


def test_folder_without_release_is_bad_input(tmp_path: Path) -> None:
    """One clear sentence where there is nothing to attack."""
    with pytest.raises(BadInput, match="no readable release"):
        attack(tmp_path)

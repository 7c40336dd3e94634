"""The attacker finds how few people of a group are in an organisation, where a share of the group tells it."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.release.attack import attack

STAFF = {"ash": 1000, "birch": 200}
PEOPLE = {"ash": 47, "birch": 87}
ROLES = ("carer", "lead")


def counts(leads: int) -> dict[str, dict[str, int]]:
    """People by organisation and role: so many leads in the first organisation, thirty in the second."""
    return {"ash": {"carer": 47 - leads, "lead": leads}, "birch": {"carer": 57, "lead": 30}}


def figure(
    question: str, selector: str, group: tuple[str, str], base: int, value: float, method: str
) -> dict[str, Any]:
    """One share as a release prints it."""
    return {
        "id": f"{group}-{question}-{selector}", "kind": "share", "question": question, "selector": selector,
        "group": {"breakdown": group[0], "code": group[1]}, "base": base, "value": round(value, 2),
        "status": "shown", "method": f"Wilson interval{method}",
    }  # fmt: skip


def written(folder: Path, leads: int, method: str, weights: dict[str, Any] | None = None) -> Path:
    """A release of two organisations: half said yes, and the shares of the roles by headcount or pooled."""
    found, people = counts(leads), sum(PEOPLE.values())
    by_headcount = {
        role: sum(STAFF[o] * found[o][role] / PEOPLE[o] for o in PEOPLE) / sum(STAFF.values()) for role in ROLES
    }
    pooled = {role: sum(found[o][role] for o in PEOPLE) for role in ROLES}
    shares = {role: pooled[role] / people if method == ", pooled" else by_headcount[role] for role in ROLES}
    figures = [figure("role", role, ("all", "all"), people, shares[role], method) for role in ROLES]
    figures += [
        figure("used", option, ("role", role), pooled[role], 0.5, "") for role in ROLES for option in ("yes", "no")
    ]
    rows = [("all", sum(STAFF.values()), people), *((o, STAFF[o], PEOPLE[o]) for o in PEOPLE)]
    content = {
        "schema": "surefoot/release/1",
        "study": {"id": "study"},
        "instrument": {
            "question": [{"id": name, "kind": "single", "scale": name} for name in ("role", "used")],
            "scale": [
                {"id": "role", "options": [{"id": role} for role in ROLES]},
                {"id": "used", "options": [{"id": "yes"}, {"id": "no"}]},
            ],
        },
        "organisations": [{"id": o, "service_type": "", "headcount": STAFF[o]} for o in PEOPLE],
        "participation": [
            {"organisation": name, "headcount": staff, "answered": answered, "status": "shown"}
            for name, staff, answered in rows
        ],
        "who": {"weights": weights},
        "figures": figures,
        "not_shown": [],
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    (folder / "release.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


BY_ORGANISATION = {"method": "post-stratify", "margins": ["organisation"], "trim": 5.0}


@pytest.mark.parametrize(("method", "weights"), [(", stratified by headcount", None), (", weighted", BY_ORGANISATION)])
def test_seven_leads_of_an_organisation_are_found(tmp_path: Path, method: str, weights: dict[str, Any] | None) -> None:
    """Their organisation is most of the staff: their share of all, by headcount, is theirs to a person."""
    result = attack(written(tmp_path, 7, method, weights))
    told = {(cell.group.breakdown, cell.group.code): (cell.low, cell.high) for cell in result.recovered}
    assert told == {("organisation.role", "ash.lead"): (7, 7)}
    assert not result.passed


def test_pooled_share_tells_nothing_of_organisations(tmp_path: Path) -> None:
    """The same people counted once each: the share is the group's size, which is known."""
    assert attack(written(tmp_path, 7, ", pooled")).passed


@pytest.mark.parametrize("leads", [0, 12])
def test_nobody_and_enough_people_are_no_secret(tmp_path: Path, leads: int) -> None:
    """Nobody in a group gives nobody away; twelve could be shown."""
    assert attack(written(tmp_path, leads, ", stratified by headcount")).passed


def test_weights_that_were_cut_or_have_other_margins_are_not_guessed(tmp_path: Path) -> None:
    """Where the release does not say what everybody weighs, nothing is believed."""
    for weights in (BY_ORGANISATION | {"trim": 1.5}, BY_ORGANISATION | {"margins": ["organisation", "age"]}):
        assert attack(written(tmp_path, 7, ", weighted", weights)).passed

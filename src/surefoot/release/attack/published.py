"""What a release folder tells anybody who opens it: figures, hidden cells, participation, and what is public anyway."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from surefoot.errors import BadInput

SCHEMA = "surefoot/release/1"
ALL, ORGANISATION, SERVICE_TYPE = "all", "organisation", "service-type"
NOWHERE = "(nowhere)"
"""The code of people who are in no group of a breakdown."""
SIDES = {"side:high": 1, "side:middle": 0, "side:low": -1}
Region = Mapping[str, frozenset[str]]
"""Which people: for each dimension that matters, the codes they may have."""


class Group(NamedTuple):
    """A group as figures name it: a breakdown and a code."""

    breakdown: str
    code: str


EVERYBODY = Group(ALL, ALL)


@dataclass(frozen=True)
class Asked:
    """A question with the options of its scale; positions is None for an option that is no position.

    asked_after: shown only to people who gave one of some answers elsewhere: the question and those answers, each.
    """

    id: str
    kind: str
    options: tuple[str, ...]
    positions: Mapping[str, int | None]
    asked_after: tuple[tuple[str, frozenset[str]], ...] = ()

    def answers(self, selector: str) -> frozenset[str]:
        """The options that a selector stands for; empty where it is none that we know."""
        if selector in SIDES:
            placed = {o: p for o, p in self.positions.items() if p is not None}
            return frozenset(o for o, p in placed.items() if (p > 0) - (p < 0) == SIDES[selector])
        parts = [selector] if selector in self.options else selector.split("+")
        return frozenset(parts) if set(parts) <= set(self.options) else frozenset()


@dataclass(frozen=True)
class Stated:
    """One line of the release: a figure, with whatever of it is printed."""

    kind: str
    question: str
    selector: str
    group: Group
    wave: str
    base: int | None
    value: float | None
    low: float | None
    high: float | None
    population: int | None
    stratified: bool
    status: str
    weighted: bool = False

    @property
    def pooled(self) -> bool:
        """Whether everybody in it counts once, so that its shares are counts of people."""
        return not self.stratified and not self.weighted

    @property
    def shown(self) -> bool:
        """Whether a value is printed, whatever the status says."""
        return self.value is not None


class Hidden(NamedTuple):
    """A count that the release does not show."""

    group: Group
    question: str
    selector: str


class TurnoutRow(NamedTuple):
    """How many of an organisation (or of all) answered, as printed."""

    headcount: int | None
    answered: int | None
    status: str


@dataclass(frozen=True)
class Publication:
    """A release as an outsider reads it, for one wave.

    weighted_to: what answers were weighted to, as it is named; trim: the greatest weight, as a multiple of the mean.
    """

    study: str
    wave: str
    minimum: int
    types: Mapping[str, str]
    headcounts: Mapping[str, int]
    questions: Mapping[str, Asked]
    stated: tuple[Stated, ...]
    not_shown: tuple[tuple[str, str | None, str | None], ...]
    turnout: Mapping[str, TurnoutRow]
    coverage: Mapping[Group, TurnoutRow] = field(default_factory=dict)
    weighted_to: tuple[str, ...] = ()
    trim: float = float("inf")

    @cached_property
    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """Every public way of dividing people, with its codes; people without an answer have the code NOWHERE."""
        found: dict[str, tuple[str, ...]] = {ORGANISATION: tuple(self.types)} if self.types else {}
        for breakdown in self.breakdowns:
            for part in self.parts(breakdown):
                if part in self.questions:
                    found[part] = (*self.questions[part].options, NOWHERE)
        return found

    @cached_property
    def breakdowns(self) -> tuple[str, ...]:
        """Names of all breakdowns, shown or hidden, in the order of the release."""
        names = [figure.group.breakdown for figure in self.stated] + [name for name, _, _ in self.not_shown]
        return tuple(dict.fromkeys(name for name in names if name))

    def parts(self, breakdown: str) -> tuple[str, ...]:
        """The one or two divisions that a breakdown is made of.

        A cross is "outer.inner"; a question whose own id holds a full stop is none.
        """
        known = {*self.questions, ORGANISATION, SERVICE_TYPE}
        if breakdown in known or breakdown == ALL:
            return (breakdown,)
        for place in (i for i, letter in enumerate(breakdown) if letter == "."):
            if {breakdown[:place], breakdown[place + 1 :]} <= known:
                return breakdown[:place], breakdown[place + 1 :]
        return (breakdown,)

    def region(self, group: Group) -> Region | None:
        """Which people a group is, in dimensions; None where the release does not say."""
        parts = self.parts(group.breakdown)
        if len(parts) == 1:
            return self._one(parts[0], group.code)
        for place in (i for i, letter in enumerate(group.code) if letter == "."):
            outer, inner = self._one(parts[0], group.code[:place]), self._one(parts[1], group.code[place + 1 :])
            if outer is not None and inner is not None:
                return {**outer, **inner}
        return None

    def _one(self, part: str, code: str) -> Region | None:
        if part == ALL:
            return {}
        if part == SERVICE_TYPE:
            members = frozenset(o for o, kind in self.types.items() if kind == code)
            return {ORGANISATION: members} if members else None
        return {part: frozenset([code])} if code in self.dimensions.get(part, ()) else None

    def groups(self, breakdown: str) -> tuple[Group, ...]:
        """Every group of a breakdown that could be shown, empty ones included."""
        listed = [self._codes(part) for part in self.parts(breakdown)]
        if len(listed) == 1:
            return tuple(Group(breakdown, code) for code in listed[0])
        return tuple(Group(breakdown, f"{outer}.{inner}") for outer in listed[0] for inner in listed[1])

    def _codes(self, part: str) -> tuple[str, ...]:
        if part == SERVICE_TYPE:
            return tuple(dict.fromkeys(self.types.values()))
        if part == ALL:
            return (ALL,)
        return tuple(code for code in self.dimensions.get(part, ()) if code != NOWHERE)

    @cached_property
    def hidden(self) -> tuple[Hidden, ...]:
        """Every count that is listed as not shown, once; what is printed all the same is in here too."""
        found = dict.fromkeys(self._suppressed())
        for breakdown, code, question in self.not_shown:
            groups = self.groups(breakdown) if code is None else (Group(breakdown, code),)
            for group in groups:
                found.update(dict.fromkeys(self._options(group, question)))
        return tuple(cell for cell in found if self.region(cell.group) is not None)

    def _suppressed(self) -> Iterator[Hidden]:
        for figure in self.stated:
            if figure.kind == "share" and figure.status == "suppressed":
                yield Hidden(figure.group, figure.question, figure.selector)

    def _options(self, group: Group, question: str | None) -> Iterator[Hidden]:
        for asked in self.questions.values() if question is None else [self.questions[question]]:
            if asked.id not in self.parts(group.breakdown) and asked.kind in ("single", "multi", "ranked"):
                yield from (Hidden(group, asked.id, option) for option in asked.options)

    def together(self, other: Publication) -> Publication:
        """Both releases as one, for the same answers published twice."""
        return replace(self, stated=self.stated + tuple(figure for figure in other.stated if figure.shown))


def read(folder: Path) -> tuple[Publication, ...]:
    """The release in a folder, one Publication for each wave. Raises BadInput where there is none."""
    path = folder / "release.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadInput(str(path), f"no readable release ({problem})", "a folder that `surefoot report` wrote") from None
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise BadInput(str(path), "a file without the schema of a release", f'"schema": "{SCHEMA}"')
    try:
        stated = tuple(_stated(entry, str(content.get("wave", "1"))) for entry in _figures(content))
        waves = dict.fromkeys(figure.wave for figure in stated)
        return tuple(_publication(content, wave, stated) for wave in waves)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadInput(str(path), "a release with a part missing", "the file as it was written") from None


def _figures(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The figures of the wave, and those of the wave before that it is compared with."""
    return [*content["figures"], *content.get("earlier_figures", ())]


def _publication(content: Mapping[str, Any], wave: str, stated: tuple[Stated, ...]) -> Publication:
    organisations = content.get("organisations", ())
    current = wave == str(content.get("wave", wave))
    weights = (content.get("who", {}).get("weights") or {}) if current else {}
    return Publication(
        study=content["study"]["id"],
        wave=wave,
        minimum=int(content.get("policy", {}).get("minimum_base", 11)),
        types={entry["id"]: entry.get("service_type") or "" for entry in organisations},
        headcounts={entry["id"]: n for entry in organisations if (n := _headcount(entry)) is not None},
        questions=_questions(content["instrument"]),
        stated=tuple(figure for figure in stated if figure.wave == wave),
        not_shown=tuple((e["breakdown"], e.get("code"), e.get("question")) for e in content.get("not_shown", ()))
        if current
        else (),
        turnout=_turnout(content.get("participation", ())) if current else {},
        coverage=_coverage(content.get("who", {}).get("coverage", ())) if current else {},
        weighted_to=tuple(weights.get("margins", ())),
        trim=float(weights.get("trim", "inf")),
    )


def _headcount(entry: Mapping[str, Any]) -> int | None:
    found = entry.get("headcount")
    if isinstance(found, Mapping):
        return sum(found.values()) if found else None
    return None if found is None else int(found)


def _turnout(entries: Any) -> dict[str, TurnoutRow]:
    return {
        entry["organisation"]: TurnoutRow(entry.get("headcount"), entry.get("answered"), str(entry.get("status", "")))
        for entry in entries
    }


def _coverage(entries: Any) -> dict[Group, TurnoutRow]:
    return {
        Group(e["breakdown"], e["code"]): TurnoutRow(e.get("headcount"), e.get("answered"), str(e.get("status", "")))
        for e in entries
    }


def _questions(instrument: Mapping[str, Any]) -> dict[str, Asked]:
    scales = {entry["id"]: entry.get("options", ()) for entry in instrument.get("scale", ())}
    found = {}
    for entry in instrument.get("question", ()):
        options = scales.get(entry.get("scale"), ())
        found[entry["id"]] = Asked(
            id=entry["id"],
            kind=entry["kind"],
            options=tuple(option["id"] for option in options),
            positions={option["id"]: option.get("position") for option in options},
            asked_after=tuple((c["question"], frozenset(c["any_of"])) for c in entry.get("show_if", ())),
        )
    return found


def _stated(entry: Mapping[str, Any], wave: str) -> Stated:
    group = entry["group"]
    return Stated(
        kind=entry["kind"],
        question=entry["question"],
        selector=entry.get("selector") or "",
        group=Group(group["breakdown"], group["code"]),
        wave=str(entry.get("wave", wave)),
        base=entry.get("base"),
        value=entry.get("value"),
        low=entry.get("low"),
        high=entry.get("high"),
        population=entry.get("population"),
        stratified="stratified" in str(entry.get("method", "")),
        weighted="weighted" in str(entry.get("method", "")),
        status=entry.get("status", "shown"),
    )

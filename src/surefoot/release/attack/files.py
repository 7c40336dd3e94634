"""What the files of a release say by mistake: numbers of what is hidden, or numbers that are finer than they may be."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from surefoot.release.attack.published import ALL, ORGANISATION, Group

LABELS = {"id", "breakdown", "group", "code", "status", "base", "level", "wave", "question", "option", "selector"}
"""Columns that may hold a number in a line of a table that is not shown."""
NUMBERS = {"base", "effective_base", "population", "value", "low", "high", "level", "percent"}
NUMBERS |= {"percent_low", "percent_high"}
"""The numbers that a figure has; any other is finer than what was meant to be told."""
DECIMALS = {"share": 2, "net": 2, "mean": 1, "median": 1}
_HIDDEN = ("suppressed", "not shown")


def printed(folder: Path) -> tuple[str, ...]:
    """Where the files say what they should not, in words, one for each place."""
    content = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    found = [f"release.json, {said}" for said in Told(content).all()]
    for path in sorted(folder.glob("tables/*.csv")):
        found += [f"{path.name}, line {line}" for line in _lines(path)]
    return tuple(found)


class Told:
    """What a release file tells about groups that it hides, wherever in the file that is."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.figures = [*content["figures"], *content.get("earlier_figures", ())]
        self.groups = {_group(e) for e in content.get("not_shown", ()) if e.get("question") is None}
        self.pairs = {(_group(e), e["question"]) for e in content.get("not_shown", ()) if e.get("question")}
        hidden = [figure for figure in content["figures"] if figure.get("status") in _HIDDEN]
        self.pairs |= {(_group(figure["group"]), figure["question"]) for figure in hidden}
        self.ids = {figure["id"] for figure in hidden}

    def hides(self, group: Group, question: str) -> bool:
        """Whether a group's answers to a question are hidden."""
        return group in self.groups or (group, question) in self.pairs

    def all(self) -> Iterator[str]:
        """Every place."""
        yield from self._figures()
        yield from self._routed()
        yield from self._comparisons()
        yield from self._findings()
        yield from self._people()

    def _figures(self) -> Iterator[str]:
        step = int(self.content.get("policy", {}).get("round_percent", 1)) / 100
        for figure in self.figures:
            if _tells(figure, LABELS - {"base"}) and not _nothing_but_a_zero_base(figure):
                yield f"figure {figure.get('id')}: a number of a figure that is not shown"
            elif any(_number(part) for name, part in figure.items() if name not in NUMBERS | LABELS):
                yield f"figure {figure.get('id')}: a number that figures do not have"
            elif not all(_coarse(figure, name, step) for name in ("value", "low", "high")):
                yield f"figure {figure.get('id')}: a number that is not rounded"

    def _routed(self) -> Iterator[str]:
        """The base of a routed question counts an answer to the question that it is asked after."""
        after = {
            entry["id"]: [condition["question"] for condition in entry.get("show_if", ())]
            for entry in self.content["instrument"].get("question", ())
        }
        seen = set()
        for figure in self.content["figures"]:
            group, question = _group(figure["group"]), figure["question"]
            tells = [q for q in after.get(question, ()) if self.hides(group, q) and figure.get("base")]
            if tells and (group, question) not in seen:
                seen.add((group, question))
                yield f"figure {figure.get('id')}: its base tells of {tells[0]}, which is not shown for {group.code}"

    def _comparisons(self) -> Iterator[str]:
        for one in self.content.get("comparisons", ()):
            touched = any(self.hides(_group(group), one["question"]) for group in one.get("groups", ()))
            numbers = any(_number(part) for name, part in one.items() if name not in LABELS)
            if numbers and (touched or self.ids & set(one.get("figures", ()))):
                yield f"comparison {one.get('id')}: about a group that is not shown"

    def _findings(self) -> Iterator[str]:
        for one in self.content.get("findings", ()):
            if one.get("told") and self.ids & set(one.get("figures", ())):
                yield f"finding {one.get('id')}: rests on a figure that is not shown"

    def _people(self) -> Iterator[str]:
        """Numbers of people of hidden groups: who took part, coverage, and rows of the files."""
        rows = [(Group(ORGANISATION, e["organisation"]), e) for e in self.content.get("participation", ())]
        rows += [(_group(e), e) for e in self.content.get("who", {}).get("coverage", ())]
        for group, row in rows:
            if group in self.groups and _number(row.get("answered")):
                yield f"people of {group.code}, who are not shown"
        told = any(_number(a.get(name)) for a in self.content.get("accounts", ()) for name in ("rows", "kept"))
        if told and any(group.breakdown == ORGANISATION for group in self.groups):
            yield "rows of the files, though an organisation is not shown"


def _group(entry: Mapping[str, Any]) -> Group:
    return Group(entry["breakdown"], entry.get("code") or ALL)


def _nothing_but_a_zero_base(figure: Mapping[str, Any]) -> bool:
    numbers = {name: part for name, part in figure.items() if name not in LABELS - {"base"} and _number(part)}
    return not any(float(part) for part in numbers.values())


def _coarse(figure: Mapping[str, Any], name: str, step: float) -> bool:
    number, kind = figure.get(name), figure.get("kind", "share")
    if not isinstance(number, int | float) or kind not in DECIMALS:
        return True
    step = step if kind in ("share", "net") else 10.0 ** -DECIMALS[kind]
    return abs(number / step - round(number / step)) < 1e-6


def _lines(path: Path) -> Iterator[int]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            if _tells({str(key).strip().lower(): text for key, text in row.items()}, LABELS):
                yield line


def _tells(row: Mapping[str, Any], labels: set[str]) -> bool:
    return str(row.get("status")) in _HIDDEN and any(_number(part) for name, part in row.items() if name not in labels)


def _number(found: Any) -> bool:
    """Whether something is a number, or a text that is one."""
    if isinstance(found, str):
        return found.strip().strip("%-").replace(".", "", 1).isdigit()
    return isinstance(found, int | float) and not isinstance(found, bool)

"""Qualtrics' display logic to `show_if`, where it is simple; what is not is said in a sentence."""

from __future__ import annotations

import re
from typing import Any

from surefoot.instrument import Condition
from surefoot.questionnaires.qsf_asked import Asked, Table, table_of
from surefoot.questionnaires.qsf_draft import Draft

_CHOICE = re.compile(r"^q://(QID\d+(?:#\d+)?)/SelectableChoice/(\d+(?:/\d+)?)$")


def show_if(asked: Asked, draft: Draft) -> tuple[tuple[Condition, ...], list[str]]:
    """The conditions under which a question is shown, and sentences on what they do not hold.

    Simple is: choices of earlier questions that are selected, those of one question joined by "or", questions by "and".
    """
    sentences = _sentences(asked)
    logic = table_of(asked.payload.get("DisplayLogic"))
    if not logic:
        return (), sentences
    found = _conditions(logic, draft)
    if found is None:
        sentences.append(
            f"The display logic of {asked.tag}: add `show_if` by hand; until then it is asked of everybody."
        )
    return found or (), sentences


def _sentences(asked: Asked) -> list[str]:
    choices = [*table_of(asked.payload.get("Choices")).values(), *table_of(asked.payload.get("Answers")).values()]
    found = []
    if any(table_of(choice).get("DisplayLogic") for choice in choices):
        found.append(f"The display logic of single choices or statements of {asked.tag}: all are shown.")
    if table_of(asked.payload.get("SkipLogic")):
        found.append(f"The skip logic of {asked.tag}: add `show_if` to the questions that it skips.")
    return found


def _conditions(logic: Table, draft: Draft) -> tuple[Condition, ...] | None:
    """All parts as conditions, or None where one of them cannot be said that way."""
    groups: list[list[tuple[str, tuple[str, str] | None]]] = []
    for group in _numbered(logic):
        parts = [(_joined(part), _selected(part, draft)) for part in _numbered(group)]
        if not parts or any(place is None for _, place in parts):
            return None
        groups.append(parts)
    if len(groups) != 1:
        return None
    return _combined([(how, place) for how, place in groups[0] if place is not None])


def _combined(parts: list[tuple[str, tuple[str, str]]]) -> tuple[Condition, ...] | None:
    """Runs joined by "or" must be of one question; a question that comes twice joined by "and" is not simple."""
    runs: list[list[tuple[str, str]]] = []
    for how, place in parts:
        if runs and how == "or":
            runs[-1].append(place)
        else:
            runs.append([place])
    if any(len({question for question, _ in run}) > 1 for run in runs):
        return None
    mixed = len(runs) > 1 and any(len(run) > 1 for run in runs)
    return None if mixed else tuple(Condition(run[0][0], tuple(option for _, option in run)) for run in runs)


def _numbered(table: Table) -> list[Table]:
    return [table_of(table[key]) for key in sorted(table, key=_as_number) if key.isdigit()]


def _as_number(key: str) -> int:
    return int(key) if key.isdigit() else -1


def _joined(part: Table) -> str:
    """How a part is joined to the one before it; Qualtrics spells the key "Conjuction"."""
    found: Any = part.get("Conjuction") or part.get("Conjunction") or "And"
    return str(found).casefold().removesuffix("if").strip()


def _selected(part: Table, draft: Draft) -> tuple[str, str] | None:
    if part.get("LogicType") != "Question" or part.get("Operator") != "Selected":
        return None
    shaped = _CHOICE.match(str(part.get("LeftOperand") or part.get("ChoiceLocator") or ""))
    return draft.places.get(f"{shaped[1]}/{shaped[2]}") if shaped else None

"""The Qualtrics survey (.qsf) that belongs to a Qualtrics export: what its numbers mean."""

from __future__ import annotations

import json
from typing import Any

from surefoot.instrument import Condition, Instrument, Question, words

_TYPES = {"single": ("MC", "SAVR"), "multi": ("MC", "MAVR"), "ranked": ("RO", "DND"), "text": ("TE", "ML")}


def qsf_bytes(instrument: Instrument) -> bytes:
    """The survey as Qualtrics saves it; questions and options are numbered as in the exports."""
    places = {question.id: f"QID{number}" for number, question in enumerate(instrument.asked, 1)}
    held = [{"Type": "Question", "QuestionID": name} for name in places.values()]
    block = {"Type": "Default", "Description": "Default Question Block", "ID": "BL_1", "BlockElements": held}
    entry = {
        "SurveyID": "SV_1",
        "SurveyName": words(instrument.title),
        "SurveyLanguage": instrument.languages[0].upper(),
    }
    elements: list[dict[str, Any]] = [{"Element": "BL", "PrimaryAttribute": "Survey Blocks", "Payload": [block]}]
    for question in instrument.asked:
        payload = _payload(question, instrument, places)
        elements.append({"Element": "SQ", "PrimaryAttribute": places[question.id], "Payload": payload})
    return json.dumps({"SurveyEntry": entry, "SurveyElements": elements}, ensure_ascii=False).encode()


def _payload(question: Question, instrument: Instrument, places: dict[str, str]) -> dict[str, Any]:
    kind, selector = _TYPES.get(question.kind, ("TE", "SL"))
    payload: dict[str, Any] = {
        "QuestionText": words(question.text),
        "DataExportTag": question.id,
        "QuestionID": places[question.id],
        "QuestionType": kind,
        "Selector": selector,
        "Language": [],
    }
    if question.kind == "number":
        payload["Validation"] = {"Settings": {"Type": "ContentType", "ContentType": "ValidNumber"}}
    if question.options:
        numbers = [str(number) for number in range(1, len(question.options) + 1)]
        payload["Choices"] = {
            number: {"Display": words(option.text)} | ({"ExclusiveAnswer": True} if option.exclusive else {})
            for number, option in zip(numbers, question.options, strict=True)
        }
        payload |= {"ChoiceOrder": numbers, "RecodeValues": {number: number for number in numbers}}
    if question.show_if and not any(instrument[part.question].derived for part in question.show_if):
        payload["DisplayLogic"] = _logic(question.show_if, instrument, places)
    return payload


def _logic(conditions: tuple[Condition, ...], instrument: Instrument, places: dict[str, str]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    for condition in conditions:
        ids = [option.id for option in instrument[condition.question].options]
        for place, option in enumerate(condition.any_of):
            name = f"q://{places[condition.question]}/SelectableChoice/{ids.index(option) + 1}"
            joined = {"Conjuction": "Or" if place else "And"} if parts else {}
            parts.append(
                {"LogicType": "Question", "LeftOperand": name, "Operator": "Selected", "Type": "Expression"} | joined
            )
    group = {str(place): part for place, part in enumerate(parts)}
    return {"0": group | {"Type": "If"}, "Type": "BooleanExpression", "inPage": False}

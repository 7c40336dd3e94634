"""Qualtrics survey files (.qsf) to an Instrument, with the recode numbers that their exports use."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, Question, Section, instrument_from_table, instrument_table
from surefoot.instrument.naming import distinct_slug, without_tags
from surefoot.questionnaires.qsf_asked import Asked, asked_of, table_of
from surefoot.questionnaires.qsf_draft import Draft
from surefoot.questionnaires.qsf_routing import show_if
from surefoot.questionnaires.questionnaire import Questionnaire

NAME = "qsf"
SIGNS = "a Qualtrics survey file (.qsf)"
SCALE_ORDER = (
    "Qualtrics does not say which answers are levels of a scale: set `ordered`, `position` and `poles` where they are."
)
_TRASH = "trash"


def sniff(content: bytes) -> bool:
    """Whether a file is a Qualtrics survey: JSON with its two parts."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"SurveyElements"' in content


def read_qsf(path: Path) -> Questionnaire:
    """Read a Qualtrics survey file: questions in the order of its blocks, their texts, options and recode numbers.

    `columns` of the result says what each column of the survey's exports holds; questions in the bin have none. Raises
    BadInput where the file is no whole survey.
    """
    where = path.name
    survey = _parsed(path)
    elements = [table_of(element) for element in table_of(survey).get("SurveyElements") or () if element]
    payloads = {str(p.get("QuestionID")): p for p in _payloads(elements, "SQ") if p.get("QuestionID")}
    entry = table_of(survey.get("SurveyEntry"))
    language = str(entry.get("SurveyLanguage") or "en").lower()
    draft = Draft(language)
    for title, names, unused in _blocks(elements, payloads):
        section = _section(draft, title, names, unused)
        for name in names:
            _take(draft, asked_of(payloads[name], language), section)
    _note_flow(draft, elements)
    if not draft.questions:
        raise BadInput(where, "a survey without any question that can be asked here", "at least one question")
    return _finished(draft, str(entry.get("SurveyName") or path.stem), where)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        found = json.loads(content.decode("utf-8-sig"))
    except OSError as problem:
        raise BadInput(str(path), f"no readable file ({problem.strerror})", SIGNS) from None
    except (ValueError, RecursionError):
        raise BadInput(path.name, "text that is not whole JSON", SIGNS) from None
    if not isinstance(found, dict) or not isinstance(found.get("SurveyElements"), list):
        raise BadInput(path.name, "JSON without SurveyElements", SIGNS)
    return found


def _payloads(elements: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    return (table_of(element.get("Payload")) for element in elements if element.get("Element") == kind)


Block = tuple[str, list[str], bool]


def _blocks(elements: list[dict[str, Any]], payloads: dict[str, Any]) -> list[Block]:
    """Title, questions and whether it is the bin, for each block; questions in no block come last, as in the bin."""
    blocks: list[Block] = []
    for payload in _payloads(elements, "BL"):
        for block in map(table_of, payload.values()):
            held = [str(part.get("QuestionID")) for part in map(table_of, block.get("BlockElements") or ())]
            names = [name for name in held if name in payloads]
            unused = str(block.get("Type", "")).casefold() == _TRASH
            blocks.append((without_tags(str(block.get("Description") or "")), names, unused))
    placed = {name for _, names, _ in blocks for name in names}
    return [*blocks, ("", [name for name in payloads if name not in placed], bool(placed))]


def _section(draft: Draft, title: str, names: list[str], unused: bool) -> str | None:
    """The section of a block, or None for the bin: its questions are left out, and said to be."""
    if unused:
        draft.left_out("questions in the bin or in no block", names)
        names.clear()
    if not names or not title:
        return None
    section = Section(distinct_slug(title, draft.section_ids, "section"), {draft.language: title})
    draft.sections.append(section)
    return section.id


def _take(draft: Draft, asked: Asked, section: str | None) -> None:
    """Turn one Qualtrics question into questions of ours, or say why not."""
    before = len(draft.questions)
    how = TYPES.get(asked.type)
    if how is None or not how(draft, asked):
        draft.left_out(f"of type {asked.type}/{asked.selector}, which Surefoot does not have", [asked.tag])
        return
    conditions, sentences = show_if(asked, draft)
    draft.not_carried += sentences
    for place in range(before, len(draft.questions)):
        draft.questions[place] = replace(draft.questions[place], section=section, show_if=conditions)


def _note_flow(draft: Draft, elements: list[dict[str, Any]]) -> None:
    flow = json.dumps([payload.get("Flow") for payload in _payloads(elements, "FL")])
    if '"Branch"' in flow:
        draft.not_carried.append("Branches in the survey flow: add `show_if` to the questions that they lead to.")
    if '"BlockRandomizer"' in flow:
        draft.not_carried.append("The random order of blocks in the survey flow.")


def _finished(draft: Draft, name: str, where: str) -> Questionnaire:
    several = len(draft.sections) > 1
    questions: list[Question] = draft.questions if several else [replace(q, section=None) for q in draft.questions]
    instrument = Instrument(
        name=distinct_slug(name, set(), "survey"),
        title={draft.language: name},
        languages=tuple(draft.languages),
        sections=tuple(draft.sections) if several else (),
        questions=tuple(questions),
    )
    if any(question.kind == "single" for question in questions):
        draft.not_carried.append(SCALE_ORDER)
    checked = instrument_from_table(instrument_table(instrument), where)
    return Questionnaire(checked, tuple(draft.not_carried), tuple(draft.columns))


# The types of question ------------------------------------------------------------------------------------------------


def _choice(draft: Draft, asked: Asked) -> bool:
    if not asked.choices:
        return False
    if asked.selector.startswith("MA") or asked.selector == "MSB":
        draft.add_several(asked, "multi")
    else:
        draft.add_single(asked)
    return True


def _rank_order(draft: Draft, asked: Asked) -> bool:
    if not asked.choices:
        return False
    draft.add_several(asked, "ranked")
    return True


def _matrix(draft: Draft, asked: Asked) -> bool:
    if asked.selector == "TE":
        draft.add_statements(asked, "text")
        return True
    if asked.selector == "CS" or not asked.answers:
        return False
    draft.add_statements(asked, "multi" if asked.sub_selector == "MultipleAnswer" else "single")
    return True


def _side_by_side(draft: Draft, asked: Asked) -> bool:
    taken = [_matrix(draft, part) for part in asked.parts]
    return all(taken)


def _text(draft: Draft, asked: Asked) -> bool:
    if asked.selector == "FORM":
        draft.add_statements(asked, "text")
    else:
        draft.add_plain(asked, "number" if asked.is_number else "text")
    return True


def _numbers(draft: Draft, asked: Asked) -> bool:
    draft.add_statements(asked, "number")
    return True


def _shown_only(draft: Draft, asked: Asked) -> bool:
    draft.left_out("texts or graphics that ask nothing", [asked.tag])
    return True


TYPES: dict[str, Callable[[Draft, Asked], bool]] = {
    "MC": _choice,
    "RO": _rank_order,
    "Matrix": _matrix,
    "SBS": _side_by_side,
    "TE": _text,
    "Slider": _numbers,
    "CS": _numbers,
    "DB": _shown_only,
}
"""How each of Qualtrics' types becomes questions of ours; a type that is not here is left out and said to be."""

"""An Instrument to LimeSurvey's tab-separated survey structure, to be imported there as a new survey."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from surefoot.instrument import Instrument, Question, Section, Text
from surefoot.questionnaires.limesurvey_logic import Codes, answer_code, box_code, is_yes_no, relevance
from surefoot.whole import write_whole

HEADERS = (
    "id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language", "validation",
    "mandatory", "encrypted", "other", "default", "same_default", "same_script", "assessment_value",
    "random_order", "answer_order", "exclude_all_others", "num_value_int_only", "suffix",
)  # fmt: skip
SETTINGS = {
    "format": "G", "anonymized": "Y", "datestamp": "N", "ipaddr": "N", "refurl": "N", "savetimings": "N",
    "allowprev": "Y", "printanswers": "N", "listpublic": "N",
}  # fmt: skip
"""Anonymous, without dates and addresses, a page for each section."""
CODES = (
    "LimeSurvey's own codes stand for the answers (A1, A2, SQ001, ...): export with full question texts and full "
    "answers, or to SPSS, so that Surefoot finds the questions and options again."
)
NO_PLACE = (
    "Constructs, short labels, positions, poles, personal and optional marks and the planned comparisons have no place "
    "in LimeSurvey: keep the instrument, and read the answers against it."
)
FIRST_ROW_ID = 1000
"""Rows of a question are numbered from here: LimeSurvey counts questions and their rows in one list."""
Row = dict[str, str]


def write_limesurvey(instrument: Instrument, path: Path) -> tuple[str, ...]:
    """Write the survey structure and return sentences on what LimeSurvey does not hold."""
    survey = _Survey(instrument)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADERS, restval="", delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(survey.rows())
    write_whole(path, "\ufeff" + text.getvalue())
    return (CODES, NO_PLACE, *survey.lost())


class _Survey:
    """The rows of a survey. Numbers of groups and questions are the same in every language, as the format wants."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.codes = Codes(instrument)
        self.languages = [code for code in instrument.languages if "-x-" not in code] or list(instrument.languages[:1])
        sections = {section.id: section for section in instrument.sections}
        runs = groupby(instrument.asked, key=lambda question: sections.get(question.section or ""))
        self.groups = [(section, list(_arrays(list(questions)))) for section, questions in runs]
        for array in (array for _, arrays in self.groups for array in arrays):
            self._name(array)

    def _name(self, array: list[Question]) -> None:
        code = self.codes.take(array[0].id if len(array) == 1 else str(array[0].group))
        for place, question in enumerate(array, 1):
            self.codes.questions[question.id] = code
            if len(array) > 1:
                self.codes.rows[question.id] = box_code(place)

    def rows(self) -> Iterator[Row]:
        """All rows: settings, texts of the survey, then groups and questions in each language."""
        first, *others = self.languages
        settings = {"language": first, "additional_languages": " ".join(others)} | SETTINGS
        yield from ({"class": "S", "name": name, "text": text} for name, text in settings.items() if text)
        for language in self.languages:
            for name, text in (
                ("surveyls_title", self.instrument.title),
                ("surveyls_welcometext", self.instrument.introduction),
            ):
                yield {"class": "SL", "name": name, "text": self._said(text, language), "language": language}
        for language in self.languages:
            number = 0
            for place, (section, arrays) in enumerate(self.groups, 1):
                yield self._group(section, place, language)
                for array in arrays:
                    number += 1
                    yield from self._asked(array, number, language)

    def _group(self, section: Section | None, place: int, language: str) -> Row:
        title = self._said(section.title, language) if section else ""
        text = self._said(section.text, language) if section else ""
        row = {"id": str(place), "class": "G", "type/scale": str(place), "name": title or f"Part {place}"}
        return row | {"relevance": "1", "text": text, "language": language}

    def _asked(self, array: list[Question], number: int, language: str) -> Iterator[Row]:
        first = array[0]
        matrix = len(array) > 1
        text, hint = ({}, first.hint) if matrix else (first.text, first.hint)
        yield {
            "id": str(number),
            "class": "Q",
            "type/scale": "F" if matrix else _type(first),
            "name": self.codes.questions[first.id],
            "relevance": relevance(first, self.codes),
            "text": self._said(first.hint if matrix else text, language),
            "help": "" if matrix else self._said(hint, language),
            "language": language,
            "mandatory": "N",
            "other": "N",
            **_attributes(first, matrix),
        }
        rows = [(self.codes.rows[question.id], question.text) for question in array] if matrix else _boxes(first)
        answers = [] if first.kind == "multi" or (is_yes_no(first) and not matrix) else _answers(first)
        common = {"type/scale": "0", "language": language}
        for place, (code, said) in enumerate(rows, 1):
            row = {"id": str(FIRST_ROW_ID * number + place), "class": "SQ", "name": code, "relevance": "1"}
            yield row | {"text": self._said(said, language)} | common
        for code, said in answers:
            yield {"class": "A", "name": code, "text": self._said(said, language), "assessment_value": "0"} | common

    def _said(self, text: Text, language: str) -> str:
        """A text as LimeSurvey shows it: it reads HTML, and braces as expressions."""
        found = text.get(language) or next(iter(text.values()), "")
        escaped = html.escape(found, quote=False).replace("{", "&#123;").replace("}", "&#125;")
        return escaped.replace("\n", "<br />")

    def lost(self) -> Iterator[str]:
        """What is particular to this instrument and lost."""
        lost = [code for code in self.instrument.languages if code not in self.languages]
        if lost:
            yield f"LimeSurvey does not know these languages, which are left out: {', '.join(lost)}."
        derived = [question.id for question in self.instrument.questions if question.derived]
        if derived:
            yield f"Asked of nobody and worked out when answers are read: {', '.join(derived)}."
        decimals = [question.id for question in self.instrument.asked if question.decimals]
        if decimals:
            yield f"The number of decimals is not checked there: {', '.join(decimals)}."


def _arrays(questions: list[Question]) -> Iterator[list[Question]]:
    """Statements that one array can hold without loss (same scale, hint and routing), and all others alone."""
    for key, together in groupby(questions, key=_array_key):
        found = list(together)
        if key is not None and len(found) > 1:
            yield found
        else:
            yield from ([question] for question in found)


def _array_key(question: Question) -> object:
    plain = question.kind == "single" and question.group is not None and question.order == "fixed"
    if not plain or question.scale is None:
        return None
    return question.group, question.scale.id, question.show_if, tuple(sorted(question.hint.items()))


def _type(question: Question) -> str:
    if is_yes_no(question):
        return "Y"
    return {"single": "L", "multi": "M", "ranked": "R", "number": "N", "text": "T"}[question.kind]


def _boxes(question: Question) -> list[tuple[str, Text]]:
    if question.kind != "multi":
        return []
    return [(box_code(place), option.text) for place, option in enumerate(question.options, 1)]


def _answers(question: Question) -> list[tuple[str, Text]]:
    if question.kind not in ("single", "ranked"):
        return []
    return [(f"A{place}", option.text) for place, option in enumerate(question.options, 1)]


def _attributes(question: Question, matrix: bool) -> Row:
    """Settings of LimeSurvey that stand in columns of their own."""
    if question.kind == "number":
        return {"num_value_int_only": "0" if question.decimals else "1", "suffix": question.unit}
    found = {}
    if question.order == "shuffled" and not matrix:
        found = {"answer_order": "random"} if question.kind == "single" else {"random_order": "1"}
    alone = [answer_code(question, option.id) for option in question.options if option.exclusive]
    return found | ({"exclude_all_others": ";".join(alone)} if question.kind == "multi" and alone else {})

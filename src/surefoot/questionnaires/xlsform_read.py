"""An XLSForm to an Instrument: of Surefoot's own making without loss, of others' with a sentence on each thing lost."""

from __future__ import annotations

from pathlib import Path

from surefoot.errors import BadInput
from surefoot.instrument import Instrument, instrument_from_table, instrument_table
from surefoot.instrument.naming import slug
from surefoot.questionnaires.languages import language_code
from surefoot.questionnaires.questionnaire import Questionnaire
from surefoot.questionnaires.workbook import Row, read_sheets
from surefoot.questionnaires.xlsform_own import Own
from surefoot.questionnaires.xlsform_scales import Scales, scales_of
from surefoot.questionnaires.xlsform_survey import Reading
from surefoot.questionnaires.xlsform_texts import Texts

NAME = "xlsform"
SIGNS = "an XLSForm (.xlsx with the sheets survey and choices)"
EXPECTED = "an XLSForm: a workbook with a sheet named survey"


def read_xlsform(path: Path) -> Questionnaire:
    """Read an XLSForm workbook.

    Reading what `write_xlsform` wrote gives an equal instrument. Raises BadInput with file, sheet and row where a list
    of choices is missing or the workbook is none.
    """
    sheets = read_sheets(path, EXPECTED)
    if "survey" not in sheets:
        raise BadInput(path.name, f"the sheets {', '.join(sheets) or 'none'}", EXPECTED)
    settings = (sheets.get("settings") or [{}])[0]
    texts = Texts(language_code(settings["default_language"]) if settings.get("default_language") else "")
    own = Own.of(sheets.get("surefoot") or [], path.name)
    scales = scales_of(sheets.get("choices") or sheets.get("list") or [], texts, own)
    reading = Reading(path.name, texts, scales)
    for number, row in enumerate(sheets["survey"], 2):
        if row:
            reading.take(row, number)
    if not reading.questions:
        raise BadInput(f"{path.name}, survey", "no question that can be asked here", "at least one question")
    return _finished(path, settings, own, reading)


def _finished(path: Path, settings: Row, own: Own, reading: Reading) -> Questionnaire:
    """The instrument, checked as if it had been read from its own file."""
    texts = reading.texts
    name = settings.get("form_id") or settings.get("id_string") or slug(settings.get("form_title", path.stem), "form")
    instrument = Instrument(
        name=name,
        title=own.title or {texts.first: settings.get("form_title") or name},
        languages=_languages(texts, own),
        sections=own.sections(reading.sections),
        questions=tuple(reading.questions),
        planned=own.planned,
        introduction=reading.introduction,
        minutes=own.minutes,
    )
    checked = instrument_from_table(instrument_table(instrument), path.name)
    return Questionnaire(checked, (*reading.not_carried, *_scale_order(reading.scales, own)))


def _languages(texts: Texts, own: Own) -> tuple[str, ...]:
    """The languages that texts have, those that were the instrument's first and in their order."""
    return tuple(dict.fromkeys([*own.languages, *(code for code in texts.used if code not in own.languages)]))


def _scale_order(scales: Scales, own: Own) -> list[str]:
    if own.rows or not scales:
        return []
    return ["XLSForm does not say which answers are levels: set `ordered`, `position` and `poles` where they are."]

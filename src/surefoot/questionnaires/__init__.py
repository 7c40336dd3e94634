"""Questionnaires in and out: one module a format, and a table of them.

A Questionnaire is what a file of another tool gives: an Instrument and sentences on what it does not hold.
"""

from surefoot.questionnaires.formats import FORMATS, Conversion, Format, convert, example, open_questionnaire
from surefoot.questionnaires.pictures import option_symbol, question_symbol, symbol
from surefoot.questionnaires.printed import conditions, printed_page, without_question
from surefoot.questionnaires.qsf import read_qsf
from surefoot.questionnaires.questionnaire import ExportColumn, Questionnaire, column_key
from surefoot.questionnaires.xlsform_read import read_xlsform
from surefoot.questionnaires.xlsform_write import write_xlsform

__all__ = [
    "FORMATS",
    "Conversion",
    "ExportColumn",
    "Format",
    "Questionnaire",
    "column_key",
    "conditions",
    "convert",
    "example",
    "open_questionnaire",
    "option_symbol",
    "printed_page",
    "question_symbol",
    "read_qsf",
    "read_xlsform",
    "symbol",
    "without_question",
    "write_xlsform",
]

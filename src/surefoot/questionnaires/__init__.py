"""Questionnaires in and out: one module a format, and a table of them.

A Questionnaire is what a file of another tool gives: an Instrument and sentences on what it does not hold.
"""

from surefoot.questionnaires.qsf import read_qsf
from surefoot.questionnaires.questionnaire import ExportColumn, Questionnaire, column_key

__all__ = ["ExportColumn", "Questionnaire", "column_key", "read_qsf"]

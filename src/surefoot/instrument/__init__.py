"""What is asked: Instrument, Section, Question, Scale and Option, read from one TOML file.

An instrument's identity is the hash of its content, so two studies that asked the same words share an id and a changed
comma makes another instrument.
"""

from surefoot.instrument.difference import Difference, Differences, differences
from surefoot.instrument.instrument import (
    SCHEMA,
    Condition,
    Instrument,
    Option,
    Planned,
    Question,
    Scale,
    Section,
    Text,
    instrument_table,
    item_id,
    spoken,
    words,
    write_instrument,
)
from surefoot.instrument.opening import bank_names, instrument_from_table, open_instrument
from surefoot.instrument.translation import bank_translation, translated, untranslated

__all__ = [
    "SCHEMA",
    "Condition",
    "Difference",
    "Differences",
    "Instrument",
    "Option",
    "Planned",
    "Question",
    "Scale",
    "Section",
    "Text",
    "bank_names",
    "bank_translation",
    "differences",
    "instrument_from_table",
    "instrument_table",
    "item_id",
    "open_instrument",
    "spoken",
    "translated",
    "untranslated",
    "words",
    "write_instrument",
]

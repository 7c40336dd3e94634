"""Readers: one module per export dialect; READERS maps a name to sniff + read.

`read` reads one file, `read_study` all files of a study; `Mapping` is what the lead edits and keeps.
"""

from surefoot.readers.account import Account, QuestionAccount
from surefoot.readers.example import example
from surefoot.readers.mapping import ColumnMapping, Mapping, open_mapping
from surefoot.readers.reading import READERS, Reader, Reading, read
from surefoot.readers.sources import known_organisations, read_study

__all__ = [
    "READERS",
    "Account",
    "ColumnMapping",
    "Mapping",
    "QuestionAccount",
    "Reader",
    "Reading",
    "example",
    "known_organisations",
    "open_mapping",
    "read",
    "read_study",
]

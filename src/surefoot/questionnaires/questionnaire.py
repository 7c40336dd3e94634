"""What a questionnaire of another tool gives: an Instrument, what was not carried, and the columns of its exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from surefoot.instrument import Instrument


@dataclass(frozen=True)
class ExportColumn:
    """One column that the tool's export has for a question.

    key: what the export calls the column, with hyphens only: in Qualtrics the ImportId ("QID5-1", "QID1-4-TEXT").
    code: the column's code in the first header row, as far as it can be told ("q3_volunteer_1"). question: the id of
    the question in the instrument. option: of the option whose box, rank or text it holds, else "". role: "other" where
    it holds the text beside an option, else "". values: the number that the export writes for a choice, as text, to
    the option's id; empty for boxes, ranks, numbers and texts.
    """

    key: str
    code: str
    question: str
    option: str = ""
    role: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Questionnaire:
    """A questionnaire that was read from another tool's file.

    not_carried: sentences on what the instrument does not hold, for the person who converts it. columns: what the
    tool's exports look like, where the file says so; else empty.
    """

    instrument: Instrument
    not_carried: tuple[str, ...] = ()
    columns: tuple[ExportColumn, ...] = ()

    @property
    def by_key(self) -> dict[str, ExportColumn]:
        """Columns of the export by their key; underscores of newer exports count as hyphens (see `column_key`)."""
        return {column.key: column for column in self.columns}

    @property
    def by_code(self) -> dict[str, ExportColumn]:
        """Columns of the export by their code in the first header row."""
        return {column.code: column for column in self.columns}


def column_key(import_id: str) -> str:
    """An ImportId in one spelling: newer exports write underscores where older ones write hyphens.

    >>> column_key("QID5_1"), column_key("QID6#1-2")
    ('QID5-1', 'QID6#1-2')
    """
    return import_id.replace("_", "-")

"""Days as forms and programs send them."""

from __future__ import annotations

from datetime import date

from surefoot.errors import BadInput


def read_day(text: str, where: str, *, expected: str = "a date such as 2026-11-30") -> date:
    """A day from its ISO text. Raises BadInput, which says where it stood.

    >>> read_day("2026-11-30", "first day")
    datetime.date(2026, 11, 30)
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(where, f'"{text}"', expected) from None

"""Numbers as people write them: thousands separators, decimal points or commas; never guessed from other words."""

from __future__ import annotations

import re
from decimal import Decimal

_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:[, \u00a0\u202f']\d{3})+(?:\.\d+)?$")
_POINT = re.compile(r"^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?$")
_COMMA = re.compile(r"^[+-]?\d+,\d+$")
_GROUPS = re.compile(r"[, \u00a0\u202f']")


def parse_number(text: str) -> Decimal | None:
    """The number that a cell says, or None where it says none.

    >>> parse_number("1,234.5"), parse_number("2,5"), parse_number("ten")
    (Decimal('1234.5'), Decimal('2.5'), None)
    """
    cell = text.strip()
    if len(cell) > 40:
        return None
    if _THOUSANDS.match(cell):
        return Decimal(_GROUPS.sub("", cell))
    if _POINT.match(cell) and cell.isascii():
        return Decimal(cell)
    if _COMMA.match(cell) and cell.isascii():
        return Decimal(cell.replace(",", "."))
    return None


def decimals_of(text: str) -> int:
    """How many decimals a cell's number has.

    >>> decimals_of("0.75"), decimals_of("3.0")
    (2, 0)
    """
    number = parse_number(text)
    if number is None:
        return 0
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0

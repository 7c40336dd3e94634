"""The lines of a study.toml that have no column of their own: kept as the text that they are, dates and all."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import tomli_w


def read_lines(text: str) -> dict[str, Any]:
    """The table that some lines hold.

    >>> read_lines(write_lines({"people": "staff"}))
    {'people': 'staff'}
    """
    return tomllib.loads(text)


def write_lines(table: Mapping[str, Any]) -> str:
    """A table as lines of TOML."""
    return tomli_w.dumps(table)

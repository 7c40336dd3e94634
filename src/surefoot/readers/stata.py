"""Stata files (.dta): codes with value labels, and extended missing values .a to .z by their labels."""

from __future__ import annotations

from surefoot.readers.sav import labelled_table
from surefoot.readers.table import Grid, RawTable

NAME = "stata"
SIGNS = "a Stata file (.dta)"


def sniff(grid: Grid) -> bool:
    """Whether the file was a Stata file."""
    return grid.kind == "dta"


def read(grid: Grid) -> RawTable:
    """Variables as columns, with the labels that the file holds; a plain "." is a blank cell."""
    return labelled_table(grid, NAME)

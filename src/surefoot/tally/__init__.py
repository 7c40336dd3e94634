"""Counting: answers to a Tally of additive sufficient statistics, held as exact integers.

A Tally is a monoid: tallies of parts add up to the tally of the whole, whatever the parts, so every engine and every
partitioning gives the equal Tally (`==`). Nothing after this module ever touches a row.
"""

from surefoot.tally.blocks import count_blocks, count_parquet
from surefoot.tally.by_numpy import count_numpy
from surefoot.tally.engines import ENGINES, count
from surefoot.tally.fast import count_fast
from surefoot.tally.in_database import count_in_database
from surefoot.tally.in_spark import count_in_spark
from surefoot.tally.plain import count_plain
from surefoot.tally.rows import check_weights, item_labels, prepare, with_derived
from surefoot.tally.tally import (
    PROFILE,
    SW,
    SW2,
    SW2_HIGH,
    Axis,
    Column,
    Integers,
    N,
    Progress,
    Rows,
    Tally,
    lanes_of,
    missing_place,
    squares_of,
)
from surefoot.tally.together import together

__all__ = [
    "ENGINES",
    "PROFILE",
    "SW",
    "SW2",
    "SW2_HIGH",
    "Axis",
    "Column",
    "Integers",
    "N",
    "Progress",
    "Rows",
    "Tally",
    "check_weights",
    "count",
    "count_blocks",
    "count_fast",
    "count_in_database",
    "count_in_spark",
    "count_numpy",
    "count_parquet",
    "count_plain",
    "item_labels",
    "lanes_of",
    "missing_place",
    "prepare",
    "squares_of",
    "together",
    "with_derived",
]

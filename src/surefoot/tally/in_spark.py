"""Counting where the answers are, on a Spark cluster: each partition is counted there, and only tallies come back."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from surefoot.responses import Responses
from surefoot.study import Study
from surefoot.tally.blocks import count_blocks
from surefoot.tally.tally import Tally
from surefoot.tally.together import together


def count_in_spark(frame: Any, head: Responses, study: Study, *, engine: str = "") -> Tally:
    """Count the answers in a Spark DataFrame, to the Tally that `count` gives for them.

    frame: the columns of `Responses.table`, as read from Parquet or by a table's name. head: Responses without rows
    that say whose columns these are. engine: a name in ENGINES that the workers can run; without one, what they have.
    """

    def partition(blocks: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        whole = count_blocks(blocks, head, study, engine=engine)
        yield pa.RecordBatch.from_pydict({"tally": pa.array([pickle.dumps(whole)], pa.binary())})

    parts = frame.mapInArrow(partition, "tally binary").collect()
    return together(pickle.loads(part["tally"]) for part in parts)

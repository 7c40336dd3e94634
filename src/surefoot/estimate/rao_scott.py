"""Whether answers to a question differ between groups, in a sample of any design: the test of Rao and Scott."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from surefoot.estimate.design import Design, design_of
from surefoot.estimate.linear import Measure, measure
from surefoot.instrument import Question
from surefoot.interval import Floats
from surefoot.tally import SW, Integers, N, Tally, squares_of


@dataclass(frozen=True)
class RaoScott:
    """A test of independence: the statistic F, its two degrees of freedom, p, and how many people the table is worth.

    size: people over the mean design effect of the contrasts, for the strength of the connection. All NaN where nothing
    can be tested: fewer than two groups or two answers that anybody gave, as many strata as clusters, or cells so empty
    that the variance of the contrasts is zero.
    """

    f: float
    df: float
    df_error: float
    p: float
    size: float


UNTESTED = RaoScott(*[np.nan] * 5)


def rao_scott(
    tally: Tally,
    grouping: str,
    question: Question,
    *,
    item: str | None = None,
    groups: tuple[int, ...] | None = None,
    design: Design | None = None,
    weighted: bool = True,
) -> RaoScott:
    """Test whether a question is answered alike in all groups of a grouping.

    item: one box or rank of a question with several; by default the question's only one. groups: places of the groups
    that take part, by default all. design: by default that of the tally without finite population corrections, as for
    every comparison. weighted=False counts every person once.
    Source: Rao and Scott 1984, Annals of Statistics 12, 46-60, with the second-order correction referred to F; equals
    svychisq of R survey, in samples of two stages too.
    """
    of = measure(tally, question, item or question.items[0], {})
    plan = design_of(tally) if design is None else design
    return independence(tally.tables[grouping, of.item], of, plan, groups=groups, weighted=weighted)


def independence(
    table: Integers, of: Measure, design: Design, *, groups: tuple[int, ...] | None = None, weighted: bool = True
) -> RaoScott:
    """The test on one table [lane, unit, group, code] and the codes that are in the base."""
    kept = table[:, :, list(range(table.shape[2]) if groups is None else groups)]
    kept = kept[..., of.base > 0]
    rows, columns = (kept[N].sum(axis=axes) > 0 for axes in ((0, 2), (0, 1)))
    kept = kept[:, :, rows][..., columns]
    if min(kept.shape[2:]) < 2:
        return UNTESTED
    cells = kept.reshape(len(kept), kept.shape[1], -1)
    weight, square = (cells[SW].astype(np.float64), squares_of(cells)) if weighted else (cells[N] * 1.0,) * 2
    share = weight.sum(axis=0) / weight.sum()
    freedom = int(design.freedom(cells[N].sum(axis=1, keepdims=True))[0])
    return _corrected(share, _covariance(weight, square, share, design), kept.shape[2:], int(cells[N].sum()), freedom)


def _covariance(weight: Floats, square: Floats, share: Floats, design: Design) -> Floats:
    """The covariance of the shares of all cells: a score is w (1 - share) for the own cell, else -w share."""
    whole = weight.sum()
    totals = (weight - weight.sum(axis=1, keepdims=True) * share) / whole
    own = square[:, :, None] * np.eye(len(share))
    crossed = square[:, :, None] * share + share[:, None] * square[:, None, :]
    products = (own - crossed + square.sum(axis=1)[:, None, None] * np.outer(share, share)) / whole**2
    return design.covariance(totals[:, :, None], totals[:, None, :], products)


def _corrected(share: Floats, covariance: Floats, shape: tuple[int, ...], n: int, freedom: int) -> RaoScott:
    """Pearson's statistic over the mean design effect of the contrasts of independence, as an F."""
    from scipy.special import fdtrc

    table = share.reshape(shape)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = n * float(((table - expected) ** 2 / expected).sum())
    contrasts = _contrasts(*shape)
    inverse = np.where(share > 0, 1 / np.where(share > 0, share, 1.0), 0.0)
    simple = contrasts.T @ (inverse[:, None] / n * contrasts)
    scaled = inverse[:, None] * contrasts
    if np.linalg.matrix_rank(simple) < len(simple):  # so many empty cells that a contrast stands on these alone
        return UNTESTED
    effects = np.linalg.solve(simple, scaled.T @ covariance @ scaled)
    trace = float(np.trace(effects))
    if not trace > 1e-12 or freedom < 1:
        return UNTESTED
    df = trace**2 / float(np.trace(effects @ effects))
    f = pearson / trace
    return RaoScott(f, df, df * freedom, float(fdtrc(df, df * freedom, f)), n * contrasts.shape[1] / trace)


def _contrasts(rows: int, columns: int) -> Floats:
    """Contrasts of cells [row, column] that are zero under independence: of each row and column to the first ones."""
    a, b = np.eye(rows)[:, 1:] - 1 / rows, np.eye(columns)[:, 1:] - 1 / columns
    return np.asarray(np.kron(a, b))

"""Exploration: every question by every breakdown that is shown, with p values by which few false leads are followed.

For the analyst alone, and never a finding: nobody planned these comparisons before the answers were seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from surefoot.estimate.design import Design, comparing
from surefoot.estimate.figure import SIDE_HIGH, SIDE_LOW, SIDE_MIDDLE, Figure, Group
from surefoot.estimate.ordinal import shown_groups
from surefoot.estimate.sums import Pick, Sums, picks, sums
from surefoot.instrument import Question
from surefoot.interval import Floats
from surefoot.study import Study
from surefoot.tally import N, Tally

CHI_SQUARE, SHUFFLED, RAO_SCOTT = "chi-square", "chi-square by shuffling", "Rao-Scott"
SHUFFLES = 4999
FEW_EXPECTED = 5.0
_SIDES = (SIDE_HIGH, SIDE_MIDDLE, SIDE_LOW)


@dataclass(frozen=True)
class Gap:
    """The two groups that differ most on one answer, and their shares (0 to 1)."""

    selector: str
    highest: Group
    lowest: Group
    high: float
    low: float


@dataclass(frozen=True)
class Explored:
    """Whether one question (one answer of it, where several could be chosen) is answered alike in all groups.

    groups: those that are shown. n: people of them who answered. p_adjusted: by Benjamini and Hochberg over everything
    that was explored. strength: Cramer's V less what chance alone gives, 0 to 1, with low and high, 95 %.
    """

    question: str
    selector: str
    by: str
    groups: tuple[Group, ...]
    n: int
    method: str
    p: float
    p_adjusted: float
    strength: tuple[float, float, float]
    widest: Gap


@dataclass(frozen=True)
class _Table:
    """Weighted shares by answer and group [answer, group], people, and effective bases by group."""

    question: Question
    picks: tuple[Pick, ...]
    by: str
    codes: tuple[str, ...]
    places: tuple[int, ...]
    sums: Sums

    @property
    def effective(self) -> Floats:
        """Counts of the effective sample [answer, group]; of one box, ticked and not ticked."""
        counts = self.sums.share * self.sums.effective_base
        return np.concatenate([counts, self.sums.effective_base - counts]) if len(counts) == 1 else counts

    @property
    def unweighted(self) -> bool:
        """Whether everybody weighs the same, so that counts are counts."""
        return bool(np.allclose(self.sums.effective_base, self.sums.base[N], rtol=1e-9))


def explore(
    tally: Tally, study: Study, figures: Iterable[Figure], *, by: str | None = None, question: str | None = None
) -> tuple[Explored, ...]:
    """Every single choice, and every box of a question with several, by every breakdown; the clearest first.

    figures: as released; only groups that they show for a question take part, so nothing that is hidden can be told.
    by, question: only these. P values are adjusted over everything that is explored at once. Numbers are left out.
    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57, 289-300.
    """
    from scipy.stats import false_discovery_control

    tables = [
        table
        for (name, breakdown), codes in shown_groups(figures).items()
        if name in (question or name,) and breakdown in (by or breakdown,) and len(codes) > 1
        for table in _tables(tally, study.instrument[name], breakdown, codes)
    ]
    design = comparing(tally, study)
    found = [_explored(tally, table, design) for table in tables if _varies(table)]
    adjusted = false_discovery_control([one.p for one in found]) if found else []
    pairs = zip(found, adjusted, strict=True)
    return tuple(sorted((replace(one, p_adjusted=float(p)) for one, p in pairs), key=lambda one: one.p))


def _tables(tally: Tally, question: Question, by: str, codes: Sequence[str]) -> Iterator[_Table]:
    chosen = tuple(pick for pick in picks(question) if pick.selector not in _SIDES)
    if not chosen or question.kind == "ranked":
        return
    places = tuple(place for place, label in enumerate(tally.axes[by].labels) if label in codes)
    for part in [chosen] if question.kind == "single" else [(pick,) for pick in chosen]:
        whole = sums(tally, by, question, part)
        kept = Sums(whole.inside[..., list(places)], whole.base[..., list(places)])
        yield _Table(question, part, by, tuple(tally.axes[by].labels[p] for p in places), places, kept)


def _varies(table: _Table) -> bool:
    """Whether there is anything to test: every group has a base, and at least two answers were given."""
    given = table.effective.sum(axis=1) > 1e-9
    return bool((table.sums.base[N] > 0).all()) and int(given.sum()) >= 2


def _explored(tally: Tally, table: _Table, design: Design) -> Explored:
    counts = table.effective
    counts = counts[counts.sum(axis=1) > 1e-9]
    method, statistic, p, size = _tested(tally, table, counts, design)
    return Explored(
        question=table.question.id,
        selector=table.picks[0].selector if len(table.picks) == 1 else "",
        by=table.by,
        groups=tuple(Group(table.by, code) for code in table.codes),
        n=int(table.sums.base[N][0].sum()),
        method=method,
        p=p,
        p_adjusted=p,
        strength=cramers_v(statistic, size, counts.shape),
        widest=_widest(table),
    )


def _tested(tally: Tally, table: _Table, counts: Floats, design: Design) -> tuple[str, float, float, float]:
    """The method, the statistic on the scale of chi-square, p, and the people that the statistic is worth."""
    from scipy.special import chdtrc

    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    if not table.unweighted or len(tally.units) > 1:
        from surefoot.estimate.rao_scott import rao_scott

        item = table.picks[0].item
        made = rao_scott(tally, table.by, table.question, item=item, groups=table.places, design=design)
        tested = np.isfinite(made.p)
        return (RAO_SCOTT, *((made.f * freedom, made.p, made.size) if tested else (0.0, 1.0, float(counts.sum()))))
    whole = np.rint(counts)
    people = float(whole.sum())
    statistic, expected = chi_square(whole)
    if float(expected.min()) < FEW_EXPECTED:
        return SHUFFLED, statistic, _shuffled(whole, statistic), people
    return CHI_SQUARE, statistic, float(chdtrc(freedom, statistic)), people


def chi_square(counts: Floats) -> tuple[float, Floats]:
    """Pearson's statistic of a table, and the counts that are expected if groups answer alike."""
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / counts.sum()
    return float(((counts - expected) ** 2 / expected).sum()), expected


def _shuffled(counts: Floats, statistic: float) -> float:
    """P where some expected counts are small: tables with the same margins, drawn with a fixed seed."""
    from scipy.stats import random_table

    rows, columns = (counts.sum(axis=axis).astype(np.int64) for axis in (1, 0))
    drawn = random_table(rows, columns).rvs(SHUFFLES, random_state=np.random.default_rng(1))
    expected = np.outer(rows, columns) / rows.sum()
    found = ((drawn - expected) ** 2 / expected).sum(axis=(1, 2))
    return float((1 + (found >= statistic - 1e-9).sum()) / (SHUFFLES + 1))


def cramers_v(statistic: float, n: float, shape: tuple[int, ...]) -> tuple[float, float, float]:
    """How strongly answers hang together with groups: 0 not at all, 1 completely; with its 95 % interval.

    The noncentrality that fits the statistic, per person and per degree of the smaller side; its value is the statistic
    less its degrees of freedom, at least 0. n: people that the statistic is worth. Source: Smithson 2003, Confidence
    Intervals, chapter 5, who adds the degrees of freedom to the bounds; Bergsma 2013, Journal of the Korean Statistical
    Society 42, 323-328, on the correction for chance.

    >>> [round(part, 2) for part in cramers_v(30.0, 200.0, (2, 3))]
    [0.37, 0.24, 0.52]
    """
    from scipy.special import chndtr, chndtrinc

    freedom, scale = (shape[0] - 1) * (shape[1] - 1), n * (min(shape) - 1)
    bounds = [
        float(chndtrinc(statistic, freedom, chance)) if chndtr(statistic, freedom, 0.0) > chance else 0.0
        for chance in (0.975, 0.025)
    ]
    value, low, high = (min(1.0, float(np.sqrt(max(0.0, part) / scale))) for part in (statistic - freedom, *bounds))
    return value, low, high


def _widest(table: _Table) -> Gap:
    share = table.sums.share
    answer = int(np.argmax(share.max(axis=1) - share.min(axis=1)))
    top, bottom = int(share[answer].argmax()), int(share[answer].argmin())
    highest, lowest = (Group(table.by, table.codes[place]) for place in (top, bottom))
    selector = table.picks[answer].selector
    return Gap(selector, highest, lowest, float(share[answer, top]), float(share[answer, bottom]))

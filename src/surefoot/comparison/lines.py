"""The analyst's view in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from surefoot.comparison.tables import chance_words, changes_table, p_words, what_is_compared
from surefoot.comparison.view import ONLY_ANALYST, AnalystView
from surefoot.estimate.pooled import Pooling
from surefoot.report.reading import selected, subject
from surefoot.report.words import PERCENT, POINTS, measured, number, whole

MOST = 10


def lines(view: AnalystView) -> list[str]:
    """Planned comparisons first, then raw beside pooled, exploration, and change; what is too long is in the files."""
    simulated = "  Simulated answers: no person gave them." if view.release.simulated else ""
    head = f"{view.release.study_title}, wave {view.release.wave}.{simulated}"
    parts = (_planned(view), _pooled(view), _explored(view), _changes(view))
    return [ONLY_ANALYST, head, *view.limits, *(line for part in parts for line in part)]


def _named(view: AnalystView, question: str) -> str:
    return subject(view.release.instrument[question])


def _planned(view: AnalystView) -> Iterator[str]:
    yield "Planned comparisons (Holm over the family):"
    for test in view.planned:
        missed = (
            "" if test.smallest_found is None else f"; gap found with 80% power: {number(test.smallest_found)} points"
        )
        what = what_is_compared(view, test.question, test.selectors)
        yield f"  {_named(view, test.question)}, {what}: p {p_words(test.p_adjusted)}{missed}"
    if not view.planned:
        yield "  none"


def _pooled(view: AnalystView) -> Iterator[str]:
    chosen = [one for one in view.pooled if view.question or view.is_planned(one)]
    yield f"Raw beside pooled, with the probability of the first and of the last rank ({len(view.pooled)} quantities):"
    if not chosen:
        yield "  none of them was planned; --question NAME shows one, --out DIR writes all"
    for pooling in chosen:
        what = what_is_compared(view, pooling.question, (pooling.selector,) if pooling.selector else ())
        yield f"  {_named(view, pooling.question)}, {what}:"
        yield from _groups(view, pooling)


def _groups(view: AnalystView, pooling: Pooling) -> Iterator[str]:
    unit = PERCENT if pooling.kind == "share" else POINTS
    for one in pooling.groups:
        raw, pooled = (measured(*numbers, unit) for numbers in (one.raw, one.pooled))
        first, last = (chance_words(one.ranks[place]) for place in (0, -1))
        yield f"    {view.reading.name(one.group)}: {raw}, pooled {pooled}; first {first}, last {last}"


def _explored(view: AnalystView) -> Iterator[str]:
    leads = [one for one in view.explored if one.p_adjusted < 0.05]
    yield (
        f"Exploration, nobody planned it: {len(leads)} of {len(view.explored)} have p under 0.05 after "
        "Benjamini-Hochberg. Leads to follow, never findings:"
    )
    for one in leads[:MOST]:
        asked, widest = view.release.instrument[one.question], one.widest
        yield (
            f"  {subject(asked)} by {view.reading.breakdown_name(one.by)}: “{selected(asked, widest.selector)}” "
            f"{whole(widest.high)}% at {view.reading.name(widest.highest)}, {whole(widest.low)}% at "
            f"{view.reading.name(widest.lowest)}; p {p_words(one.p_adjusted)}"
        )
    if len(leads) > MOST:
        yield f"  and {len(leads) - MOST} more, in the files of --out"


def _changes(view: AnalystView) -> Iterator[str]:
    if not view.changes:
        return
    yield f"Change since wave {view.reading.wave_before} (planned quantities, Holm over the family):"
    for row in changes_table(view).rows:
        name, what, before, now, change, p = row
        yield f"  {name}, {what}: {before} to {now}, change {change}; p {p}"

"""The analyst's comparisons as tables: the same rows for a page, where numbers have their words, and for CSV files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from surefoot.comparison.view import ONLY_ANALYST, AnalystView
from surefoot.estimate.pooled import Pooling
from surefoot.interval import round_one
from surefoot.release import MEAN
from surefoot.report.reading import selected, subject
from surefoot.report.sheets import Table, Value
from surefoot.report.words import PERCENT, POINTS, measured, number, whole

SURE = 0.05


def p_words(p: float | None) -> str:
    """A p value as a reader needs it.

    >>> p_words(0.0004), p_words(0.2361), p_words(None)
    ('under 0.001', '0.24', 'not tested')
    """
    if p is None:
        return "not tested"
    if p < 0.001:
        return "under 0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def chance_words(chance: float) -> str:
    """A probability as a whole per cent; what is nearly nothing or nearly certain says so.

    >>> chance_words(0.004), chance_words(0.34), chance_words(0.998)
    ('under 1%', '34%', 'over 99%')
    """
    return "under 1%" if chance < 0.01 else "over 99%" if chance > 0.99 else f"{whole(chance)}%"


def what_is_compared(view: AnalystView, question: str, selectors: Sequence[str]) -> str:
    """The quantity of a question in words: a share of an answer, or one side minus the other."""
    asked = view.release.instrument[question]
    if selectors and selectors[0]:
        return f"“{selected(asked, '+'.join(selectors))}”"
    return "one side minus the other" if asked.scale is not None and asked.scale.has_sides else "all answers"


# For the page -----------------------------------------------------------------------------------------------------


def planned_table(view: AnalystView) -> Table:
    """The planned family: each test at once, and the gap that it could have missed."""
    rows = tuple(
        (
            subject(view.release.instrument[test.question]),
            what_is_compared(view, test.question, test.selectors),
            view.reading.breakdown_name(test.groups[0].breakdown) if test.groups else "",
            p_words(test.p),
            p_words(test.p_adjusted),
            "" if test.smallest_found is None else f"{number(test.smallest_found)} points",
        )
        for test in view.planned
    )
    head = ("Question", "Compared", "Between", "p", "p after Holm", "Gap found with 80% power")
    return Table("planned", "The planned family", head, rows)


def pairs_table(view: AnalystView) -> Table:
    """Every pair of groups of the planned family, with its simultaneous interval."""
    rows = tuple(
        (
            subject(view.release.instrument[pair.question]),
            what_is_compared(view, pair.question, pair.selectors),
            " less ".join(view.reading.name(group) for group in pair.groups),
            measured(pair.difference, pair.low, pair.high, POINTS),
        )
        for pair in view.pairs
    )
    return Table("pairs", "Pairs, in points", ("Question", "Compared", "Pair", "Difference"), rows)


def ranks_table(view: AnalystView, pooling: Pooling) -> Table:
    """The probability of each rank of each group, and how much the prior matters."""
    unit = PERCENT if pooling.kind == "share" else POINTS
    places = range(1, len(pooling.groups) + 1)
    rows = tuple(
        (
            view.reading.name(one.group),
            *(chance_words(chance) for chance in one.ranks),
            number(one.half, unit),
            number(one.double, unit),
        )
        for one in pooling.groups
    )
    head = ("Group", *(f"Rank {place}" for place in places), "Pooled, half the prior", "Pooled, double the prior")
    name = f"ranks-{pooling.question}-{pooling.selector.replace('+', '-')}".rstrip("-")
    title = subject(view.release.instrument[pooling.question])
    return Table(name, f"{title}: probability of each rank, 1 being the highest", head, rows)


def explored_tables(view: AnalystView) -> tuple[Table, Table]:
    """What exploration found after Benjamini and Hochberg, and all the rest."""
    head = ("Question", "Answers", "By", "p", "p after B-H", "Cramér’s V", "Widest gap", "Test")
    found = {True: [], False: []}  # type: dict[bool, list[tuple[Value, ...]]]
    for one in view.explored:
        asked, widest = view.release.instrument[one.question], one.widest
        gap = (
            f"“{selected(asked, widest.selector)}”: {whole(widest.high)}% at {view.reading.name(widest.highest)}, "
            f"{whole(widest.low)}% at {view.reading.name(widest.lowest)}"
        )
        value, low, high = one.strength
        row = (
            subject(asked),
            what_is_compared(view, one.question, (one.selector,)),
            view.reading.breakdown_name(one.by),
            p_words(one.p),
            p_words(one.p_adjusted),
            f"{value:.2f} ({low:.2f} to {high:.2f})",
            gap,
            one.method,
        )
        found[one.p_adjusted < SURE].append(row)
    titles = ("Leads to follow: p under 0.05 after Benjamini-Hochberg", "Everything else that was explored")
    leads, rest = (
        Table(name, title, head, tuple(found[sure]))
        for name, title, sure in zip(("leads", "explored"), titles, (True, False), strict=True)
    )
    return leads, rest


def ordered_table(view: AnalystView) -> Table:
    """Odds ratios on ordered scales, with the answers outside of the scale beside them."""
    rows = []
    for one in view.ordered:
        ratio = "not worked out: no overlap"
        if one.ratio is not None and one.low is not None and one.high is not None:
            ratio = f"{one.ratio:.2f} ({one.low:.2f} to {one.high:.2f})"
        outside = f"{whole(one.outside)}% against {whole(one.outside_rest)}%"
        name = subject(view.release.instrument[one.question])
        rows.append((name, view.reading.name(one.group), ratio, one.assumption, outside))
    head = ("Question", "Group, against all others shown", "Odds ratio", "Does one ratio fit?", "Outside the scale")
    return Table("ordered", "Odds of a higher level", head, tuple(rows))


def changes_table(view: AnalystView) -> Table:
    """The planned quantities of the whole group in both waves."""
    rows = []
    for change in view.changes:
        if change.p_adjusted is None:
            continue
        earlier, later = (view.reading.cell(view.release.by_id[name]) for name in change.figures)
        unit = PERCENT if change.selectors else POINTS
        rows.append(
            (
                subject(view.release.instrument[change.question]),
                what_is_compared(view, change.question, change.selectors),
                earlier.said(unit),
                later.said(unit),
                measured(change.difference, change.low, change.high, POINTS),
                p_words(change.p_adjusted),
            )
        )
    before, now = view.reading.wave_before, view.release.wave
    head = ("Question", "Compared", f"Wave {before}", f"Wave {now}", "Change, points", "p after Holm")
    return Table("changes", f"Planned changes since wave {before}", head, tuple(rows))


# For files --------------------------------------------------------------------------------------------------------


def _planned_rows(view: AnalystView) -> Iterator[tuple[Value, ...]]:
    for test in view.planned:
        by = test.groups[0].breakdown if test.groups else ""
        gap = _percent(test.smallest_found)
        yield (test.question, "+".join(test.selectors), by, _digits(test.p), _digits(test.p_adjusted), gap)


def _pair_rows(view: AnalystView) -> Iterator[tuple[Value, ...]]:
    for pair in view.pairs:
        names = tuple(group.code for group in pair.groups)
        numbers = (_percent(part) for part in (pair.difference, pair.low, pair.high))
        yield (pair.question, "+".join(pair.selectors), pair.groups[0].breakdown, *names, *numbers)


def _pooled_rows(view: AnalystView) -> Iterator[tuple[Value, ...]]:
    most = max((len(pooling.groups) for pooling in view.pooled), default=0)
    for pooling in view.pooled:
        for one in pooling.groups:
            numbers = tuple(_percent(part) for part in (*one.raw, *one.pooled, one.half, one.double))
            ranks = (*(_percent(chance) for chance in one.ranks), *[None] * (most - len(one.ranks)))
            about = (pooling.question, pooling.selector, pooling.kind, str(one.group.breakdown), one.group.code)
            yield (*about, one.base, view.worth(one), *numbers, *ranks)


def _explored_rows(view: AnalystView) -> Iterator[tuple[Value, ...]]:
    for one in view.explored:
        widest = (one.widest.selector, one.widest.highest.code, one.widest.lowest.code)
        numbers = (_percent(one.widest.high), _percent(one.widest.low))
        strength = (_digits(part, 2) for part in one.strength)
        tested = (one.method, _digits(one.p), _digits(one.p_adjusted))
        yield (one.question, one.selector, one.by, one.n, *tested, *strength, *widest, *numbers)


def _ordered_rows(view: AnalystView) -> Iterator[tuple[Value, ...]]:
    for one in view.ordered:
        ratio = (_digits(part, 2) for part in (one.ratio, one.low, one.high))
        outside = (_percent(one.outside), _percent(one.outside_rest))
        about = (one.question, one.group.breakdown, one.group.code, one.base, view.worth(one))
        yield (*about, *ratio, *outside, one.assumption, _digits(one.misfit_p))


def _change_rows(view: AnalystView) -> Iterator[tuple[Value, ...]]:
    for change in view.changes:
        earlier, later = (view.release.by_id[name] for name in change.figures)
        if view.reading.names_hidden(earlier) or view.reading.names_hidden(later):
            continue
        values = (view.reading.cell(earlier).value, view.reading.cell(later).value)
        numbers = [*values, change.difference, change.low, change.high]
        shown = (_digits(part, 1) if later.kind == MEAN else _percent(part) for part in numbers)
        group = change.groups[0]
        about = (change.question, later.selector, later.kind, group.breakdown, group.code)
        yield (*about, *shown, _digits(change.p), _digits(change.p_adjusted))


def _percent(value: float | None) -> int | None:
    return None if value is None else whole(value)


def _digits(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round_one(value, digits)


_RANGE = ("value", "low", "high")
_FILES: Mapping[str, tuple[tuple[str, ...], Callable[[AnalystView], Iterator[tuple[Value, ...]]]]] = {
    "planned": (("question", "answer", "by", "p", "p_holm", "gap_found_points"), _planned_rows),
    "pairs": (("question", "answer", "by", "first", "second", "difference_points", "low", "high"), _pair_rows),
    "pooled": (
        (
            *("question", "answer", "kind", "by", "group", "base", "effective_base"),
            *(f"raw_{name}" for name in _RANGE),
            *(f"pooled_{name}" for name in _RANGE),
            *("pooled_half_prior", "pooled_double_prior"),
        ),
        _pooled_rows,
    ),
    "explored": (
        (
            *("question", "answer", "by", "base", "test", "p", "p_benjamini_hochberg", "v", "v_low", "v_high"),
            *("widest_answer", "highest_group", "lowest_group", "highest_percent", "lowest_percent"),
        ),
        _explored_rows,
    ),
    "ordered": (
        (
            *("question", "by", "group", "base_on_scale", "effective_base", "odds_ratio", "low", "high"),
            *("outside_percent", "outside_rest_percent", "one_ratio", "misfit_p"),
        ),
        _ordered_rows,
    ),
    "changes": (
        (
            *("question", "answer", "kind", "by", "group", "before", "now", "change", "low", "high"),
            *("p", "p_holm"),
        ),
        _change_rows,
    ),
}


def file_tables(view: AnalystView) -> Iterator[Table]:
    """One table a kind of comparison, for spreadsheets: shares in per cent, differences in points."""
    for name, (head, rows_of) in _FILES.items():
        rows = tuple(rows_of(view))
        widest = max((len(row) for row in rows), default=len(head))
        ranks = tuple(f"rank_{place}_percent" for place in range(1, widest - len(head) + 1))
        filled = tuple((*row, *[None] * (widest - len(row)), ONLY_ANALYST) for row in rows)
        yield Table(f"analyst-{name}", name, (*head, *ranks, "for"), filled)

"""Who answered, in words and tables: coverage, what the silent could change, early against late, and the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surefoot.instrument import Question
from surefoot.release import EVERYONE, OVER, Bound, Group, Participation, Shift, WeightLine
from surefoot.report.reading import PROTECTED, Reading, selected, subject
from surefoot.report.sheets import Table, Value
from surefoot.report.words import PERCENT, POINTS, joined, measured, number, signed_unit, thousands, whole
from surefoot.study import ORGANISATION

METHOD_NAMES = {"post-stratify": "post-stratified", "rake": "raked"}
SILENT = (
    "Nobody knows what those who did not answer think. If all of them thought one way, or all the other way, the "
    "numbers of all {people} would lie at the two ends given here. The tipping point says by how many points they "
    "would have to differ from those who answered to bring a lead to nothing, or a share to one half."
)
EARLY = (
    "Who answers late is often more like those who never answer. Each number is that of those who answered early "
    "less that of those who answered late, each person counted once; where the interval holds 0, no shift was "
    "found."
)
COVERED = (
    "A group that answered less than others counts less than it should, unless answers are weighted. The tables "
    "of bases in this report count people, each once."
)
R_INDICATOR = (
    "Evenness of response (R-indicator): {value}. It would be 1.00 if all parts of the {people} had answered at "
    "one rate; it says nothing about people who differ within a part."
)
KISH = (
    "The effective base (Kish) allows for weights that differ. Where what answers are weighted to also explains "
    "what people answered, weighting makes figures more precise, and no credit is taken for that."
)

GUARDED = (
    "How much the weights differ, and the effective base, are not told, since some group, perhaps only inside of one "
    "organisation, is too small to show: with the headcounts they could give its size away."
)


@dataclass(frozen=True)
class WhoTable:
    """A table with the sentence that stands before it. table: as spreadsheets get it; rows: the same in words."""

    lead: str
    table: Table
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def id(self) -> str:
        """Its anchor."""
        return self.table.id

    @property
    def title(self) -> str:
        """What it is about."""
        return self.table.title


@dataclass(frozen=True)
class WhoAnswered:
    """What the chapter "Who answered" says beside response rates; everything comes from the Release."""

    reading: Reading

    @property
    def tables(self) -> tuple[WhoTable, ...]:
        """Those that have any rows."""
        made = (self.coverage, self.silent, self.early_late)
        return tuple(one for one in made if one is not None)

    # Sentences

    @property
    def weights(self) -> tuple[str, ...]:
        """What the weights do; that there are none, where the frame would allow some."""
        line = self.reading.release.who.weights
        if line is None:
            return ("Answers are not weighted: everybody who answered counts once within each organisation.",)
        return tuple(_weights(line, self._margins(line), self.reading))

    def _margins(self, line: WeightLine) -> str:
        names = [part for margin in line.margins for part in margin.split(" and ")]
        return joined([self.reading.breakdown_name(name) for name in names])

    @property
    def frame(self) -> tuple[str, ...]:
        """What is wrong with the frame, what is known of its age, and how evenly it answered."""
        release = self.reading.release
        over = [part for part in release.who.coverage if part.status == OVER]
        said = [_too_many(self.reading, part) for part in over]
        if release.who.r_indicator is not None:
            said.append(R_INDICATOR.format(value=f"{release.who.r_indicator:.2f}", people=self.reading.people))
        return (*release.who.frame, *said, *_files(release.accounts, release.policy.minimum_base))

    # Tables

    @property
    def coverage(self) -> WhoTable | None:
        """Staff groups, with organisations above them, against their headcount."""
        parts = self.reading.release.who.coverage
        if not any(part.headcount or part.answered for part in parts):
            return None
        organisations = [p for g, p in self.reading.participation.items() if g.breakdown in ("all", ORGANISATION)]
        rows = [*organisations, *parts]
        title = f"Who answered, by {self.reading.breakdown_name(parts[0].group.breakdown)}"
        head = ("Group", "Answered", "Rate")
        flat = tuple((self._name(p.group), p.headcount, p.answered, _rate(p)) for p in rows)
        told = tuple(self._coverage_row(part) for part in rows)
        table = Table("who-coverage", title, ("group", "headcount", "answered", "response rate, %"), flat)
        return WhoTable(COVERED, table, head, told)

    def _name(self, group: Group) -> str:
        return self.reading.name(group) if group != EVERYONE else f"All {self.reading.people}"

    def _coverage_row(self, part: Participation) -> tuple[str, ...]:
        name = self._name(part.group)
        of = f" of {thousands(part.headcount)}" if part.headcount is not None else ", headcount not known"
        if part.answered is None:
            return name, f"{PROTECTED}{',' * (part.headcount is not None)}{of}", ""
        rate = _rate(part)
        said = "more than were counted" if part.status == OVER else "" if rate is None else f"{rate}%"
        return name, f"{part.answered:,}{of}", said

    @property
    def silent(self) -> WhoTable | None:
        """Headline figures with worst-case bounds and tipping points."""
        bounds = self.reading.release.who.bounds
        if not bounds:
            return None
        head = ("Number", "Of those who answered", "Of all, at the ends", "Tipping point")
        flat = ("number", "answered", "worst case, low", "worst case, high", "tipping point")
        rows = tuple((self._label(b), *_whole(b.value, b.low, b.high, b.tipping_point)) for b in bounds)
        table = Table(
            "who-silent",
            "If those who did not answer thought otherwise",
            (flat[0], *(f"{n}, %" for n in flat[1:])),
            rows,
        )
        return WhoTable(
            SILENT.format(people=self.reading.people), table, head, tuple(self._silent_row(b) for b in bounds)
        )

    def _silent_row(self, bound: Bound) -> tuple[str, ...]:
        unit = POINTS if bound.kind == "net" else PERCENT
        ends = f"{number(bound.low, unit)} to {signed_unit(bound.high, unit)}"
        return self._label(bound), signed_unit(bound.value, unit), ends, _tipping(bound)

    @property
    def early_late(self) -> WhoTable | None:
        """Early less late, for the same figures."""
        shifts = self.reading.release.who.shifts
        if not shifts:
            return None
        head = ("Number", "Early less late, in points", "Shift")
        flat = ("number", "early less late, points", "low", "high")
        rows = tuple((self._label(s), *_whole(s.difference, s.low, s.high)) for s in shifts)
        told = tuple((self._label(s), *_shift(s)) for s in shifts)
        return WhoTable(EARLY, Table("who-early-late", "Early against late", flat, rows), head, told)

    def _label(self, one: Bound | Shift) -> str:
        question = self.reading.release.instrument[one.question]
        return _labelled(question, one.kind, one.selector)


def _labelled(question: Question, kind: str, selector: str) -> str:
    """What a headline figure is: its question, and the answer or the side that is counted."""
    if kind == "net" and question.scale is not None and question.scale.poles is not None:
        low, high = (selected(question, side) for side in ("side:low", "side:high"))
        return f"{subject(question)}: {_side(high)} less {_side(low)}"
    return f"{subject(question)}: {selected(question, selector)}"


def _side(words: str) -> str:
    return words.removeprefix("All on the side ")


def _weights(line: WeightLine, margins: str, reading: Reading) -> Iterator[str]:
    people, minimum = reading.people, reading.release.policy.minimum_base
    named = f"Answers are weighted ({METHOD_NAMES.get(line.method, line.method)}) to the headcounts of all {people} by "
    if line.effective_base is None or line.design_effect is None:
        yield f"{named}{margins}. Bases count people, each once."
        yield GUARDED
        return
    yield (
        f"{named}{margins}: {line.base:,} people count as much as {line.effective_base:,} of equal weight "
        f"(design effect {line.design_effect:.1f}). Bases count people, each once."
    )
    if line.least is not None and line.greatest is not None:
        span = (
            f"lie between about {line.least:g} and {line.greatest:g} times"
            if line.least < line.greatest
            else "are near"
        )
        yield f"Weights {span} their mean."
    cut = f"fewer than {minimum} people" if line.trimmed is None else f"{line.trimmed:,} people"
    if line.trimmed != 0:
        yield f"The weights of {cut} were cut to {line.trim:g} times the mean, and the others raised."
    if line.misfit:
        yield f"After that, no weighted part is more than {line.misfit:g} points from its share of the headcounts."
    yield KISH


def _too_many(reading: Reading, part: Participation) -> str:
    name = reading.name(part.group)
    return f"More people answered as “{name}” than were counted: the headcounts or the answers have it wrong."


_TWICE = {"rows": "equal an earlier row in every answer", "ids": "have the id or e-mail address of an earlier row"}


def _files(accounts: Sequence[Mapping[str, Any]], minimum: int) -> Iterator[str]:
    """Rows that may be one person twice, and where unfinished rows end; None stands for a few."""
    for account in accounts:
        for kind, count in dict(account.get("duplicates") or {}).items():
            many = f"fewer than {minimum}" if count is None else f"{count:,}"
            yield f"In {account['file']}, {many} rows {_TWICE.get(kind, kind)}; all of them are kept."
        told = [(name, count) for name, count in dict(account.get("break_offs") or {}).items() if count is not None]
        if told:
            ends = joined([f"{name} ({count:,})" for name, count in told])
            yield f"In {account['file']}, most unfinished rows end at: {ends}."


def _rate(part: Participation) -> int | None:
    return None if part.rate is None or part.status == OVER else whole(part.rate)


def _whole(*numbers: float | None) -> tuple[Value, ...]:
    return tuple(None if one is None else whole(one) for one in numbers)


def _tipping(bound: Bound) -> str:
    """In words; a change that no answers of the silent could bring is said so."""
    if bound.tipping_point is None:
        return "everybody answered"
    middle = 0.0 if bound.kind == "net" else 0.5
    if bound.low > middle or bound.high < middle:
        return "not possible"
    points = whole(bound.tipping_point)
    return f"{points} point{'' if points == 1 else 's'}"


def _shift(shift: Shift) -> tuple[str, str]:
    if shift.difference is None or shift.low is None or shift.high is None:
        return PROTECTED, ""
    told = "early higher" if shift.low > 0 else "late higher" if shift.high < 0 else "none found"
    return measured(shift.difference, shift.low, shift.high, POINTS), told

"""The only gate to the outside: what has not become a Release cannot be drawn, written or reported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from surefoot.errors import Refused
from surefoot.estimate.figure import EVERYONE, SUPPRESSED, Comparison, Figure, Group, Participation
from surefoot.evidence import content_id
from surefoot.instrument import Instrument
from surefoot.release.plan import Plan
from surefoot.release.policy import Policy
from surefoot.release.protection import CROSS
from surefoot.release.quotes import Quote, release_quotes
from surefoot.release.shown import RECORD, ShownFigure, record, shown
from surefoot.release.who import Who
from surefoot.study import ALL, ORGANISATION, Organisation, Study, recipe_id
from surefoot.themes import ChosenQuote

if TYPE_CHECKING:
    import pyarrow

FEW = "fewer"
"""Status of participation with fewer people than the minimum base: said as "fewer than 11"."""
NOT_SHOWN = "Too few people answered to show this group without giving somebody's answers away."
NOT_SHOWN_HERE = "Not shown for this group, so that nobody's answers can be worked out."


@dataclass(frozen=True)
class NotShown:
    """A group, or a group's answers to one question (None: all), that is not shown, in words that hide its size."""

    group: Group
    question: str | None
    reason: str


@dataclass(frozen=True)
class Release:
    """Figures of one wave that may be shown, with everything that is needed to show them.

    Made by `release`, read by `read_release` or narrowed by `narrowed`, never otherwise. figures: suppressed ones have
    the status "suppressed",
    no value, no bounds, no claim, and a base of 0 that means nothing. people: the plural noun for those
    who were asked. recipe: content id of what shaped the figures, answers apart. stamp: content id of recipe, policy
    and figures as shown. made: an instant as ISO 8601. accounts: the accounts of the
    readings, as plain tables. earlier_releases: stamps of final releases of the same wave. checked_by: who
    checked the output, None for a draft. revises: why an earlier final release of the wave is replaced.
    earlier_figures: those of the wave before that this one is compared with. differing: questions that were asked
    otherwise in that wave, and are not compared. wordings: question to each wording that is not the
    instrument's, and who asked in these words.
    who: who answered, beside participation. numbers: the figures as shown, by id, where `release`
    made them already. quotes: words from comments, by theme. narrowed_to: the organisations that it was narrowed to,
    for somebody who may see no other; none where it is whole.
    """

    study_id: str
    study_title: str
    instrument: Instrument
    organisations: tuple[Organisation, ...]
    wave: str
    policy: Policy
    figures: tuple[Figure, ...]
    comparisons: tuple[Comparison, ...]
    participation: tuple[Participation, ...]
    not_shown: tuple[NotShown, ...]
    recipe: str
    stamp: str
    made: str
    people: str = "staff"
    numbers: Mapping[str, ShownFigure] = field(default_factory=dict, repr=False, compare=False)
    simulated: bool = False
    accounts: tuple[Mapping[str, Any], ...] = ()
    earlier_releases: tuple[str, ...] = ()
    findings: tuple[Mapping[str, Any], ...] = field(default=())
    earlier_figures: tuple[Figure, ...] = ()
    differing: tuple[str, ...] = ()
    who: Who = field(default_factory=Who)
    checked_by: str | None = None
    revises: str | None = None
    wordings: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    quotes: tuple[Quote, ...] = ()
    narrowed_to: tuple[str, ...] = ()

    @cached_property
    def _places(self) -> dict[tuple[str, Group, str, str], Figure]:
        return {(f.question, f.group, f.kind, f.selector): f for f in self.figures}

    @cached_property
    def as_shown(self) -> Mapping[str, ShownFigure]:
        """The numbers of every figure as a reader sees them, by id; rounded once."""
        every = (*self.figures, *self.earlier_figures)
        return self.numbers or {figure.id: shown(figure, self.policy) for figure in every}

    @cached_property
    def by_id(self) -> dict[str, Figure]:
        """Figures by their id."""
        return {figure.id: figure for figure in (*self.figures, *self.earlier_figures)}

    def figure(
        self, question: str, group: Group = EVERYONE, selector: str = "", *, kind: str = "share"
    ) -> Figure | None:
        """One figure, None where there is none. kind: share (with a selector), net, median or mean."""
        return self._places.get((question, group, kind, selector))

    def shares(self, question: str, group: Group = EVERYONE) -> tuple[Figure, ...]:
        """The shares of all options of a question in a group, in the order of the options; suppressed ones too."""
        found = (self.figure(question, group, option.id) for option in self.instrument[question].options)
        return tuple(figure for figure in found if figure is not None)

    def groups(self, breakdown: str) -> tuple[Group, ...]:
        """All groups of a breakdown that figures were made for, shown or not, in order."""
        return tuple(dict.fromkeys(f.group for f in self.figures if f.group.breakdown == breakdown))

    @property
    def breakdowns(self) -> tuple[str, ...]:
        """The breakdowns that figures were made for, without "all"."""
        return tuple(dict.fromkeys(f.group.breakdown for f in self.figures if f.group.breakdown != ALL))

    def is_shown(self, group: Group, question: str | None = None) -> bool:
        """Whether a group is shown at all, or for one question."""
        return not any(n.group == group and n.question in (None, question) for n in self.not_shown)

    def records(self) -> Iterator[dict[str, Any]]:
        """Every figure as one flat record of plain values, rounded as shown."""
        return (record(figure, self.as_shown[figure.id]) for figure in self.figures)

    def to_arrow(self) -> pyarrow.Table:
        """The figures as an Arrow table, rounded as shown."""
        return self.to_polars().to_arrow()

    def to_polars(self) -> Any:
        """The figures as a polars DataFrame, rounded as shown."""
        import polars

        types = {"text": polars.String, "whole": polars.Int64, "number": polars.Float64}
        return polars.DataFrame(list(self.records()), schema={name: types[kind] for name, kind in RECORD.items()})

    def to_pandas(self) -> Any:
        """The figures as a pandas DataFrame, rounded as shown; needs pandas."""
        return self.to_polars().to_pandas()


def released(thing: object) -> Release:
    """The thing itself if it is a Release. Raises Refused for anything else: only released figures are drawn."""
    if not isinstance(thing, Release):
        raise Refused(
            "only released figures are shown", f"this is a {type(thing).__name__}", "Make a release of it first."
        )
    return thing


def release(  # noqa: PLR0913, PLR0917  the six things that a release is made of, in the order in which they are made
    figures: Iterable[Figure],
    comparisons: Iterable[Comparison],
    participation: Iterable[Participation],
    plan: Plan,
    study: Study,
    policy: Policy,
    *,
    now: datetime,
    accounts: Sequence[Mapping[str, Any]] = (),
    earlier_releases: Sequence[str] = (),
    earlier: Release | None = None,
    quotes: Sequence[ChosenQuote] = (),
) -> Release:
    """Make a Release: the one way from estimates to what is shown.

    What the plan hides becomes "suppressed" without value, bounds or base; figures under the minimum base too.
    Undeclared tables are left out, and comparisons that touch hidden figures. participation: of everybody, those left
    out included; they are taken out of the total. now: an aware instant. quotes: chosen words; those that may not be
    shown are left out.
    """
    declared = [figure for figure in figures if plan.reason(figure.group, figure.question) != CROSS]
    open_ = not hides_people(declared, plan) and not plan.few_in_cells
    kept = tuple(_hidden(_guarded(figure, open_), plan, policy) for figure in declared)
    before = {figure.id: figure for figure in (earlier.figures if earlier else ()) if figure.shown}
    visible = {figure.id for figure in kept if figure.status != SUPPRESSED}
    compared = tuple(c for c in comparisons if set(c.figures) <= visible | set(before))
    used = dict.fromkeys(name for c in compared for name in c.figures if name in before)
    recipe = recipe_id(study)
    numbers = {figure.id: shown(figure, policy) for figure in (*kept, *(before[name] for name in used))}
    told = release_quotes(quotes, kept, plan, policy)
    return Release(
        study_id=study.id,
        study_title=study.title,
        instrument=study.instrument,
        organisations=study.organisations,
        wave=kept[0].wave if kept else "1",
        policy=policy,
        figures=kept,
        comparisons=compared,
        participation=_participations(tuple(participation), plan, policy),
        not_shown=_not_shown(plan),
        recipe=recipe,
        stamp=_stamp(kept, numbers, recipe, policy, told),
        numbers=numbers,
        made=now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        people=study.people,
        simulated=study.simulated,
        accounts=tuple(accounts),
        earlier_releases=tuple(earlier_releases),
        earlier_figures=tuple(before[name] for name in used),
        quotes=told,
    )


def _stamp(
    figures: Sequence[Figure],
    numbers: Mapping[str, ShownFigure],
    recipe: str,
    policy: Policy,
    quotes: Sequence[Quote] = (),
) -> str:
    """Content id of recipe, policy, every figure as shown and quotes: whoever has the release can make it again."""
    lines = [f"{figure.id} {figure.status} {numbers[figure.id]}" for figure in figures]
    lines += [f"{quote.question} {quote.theme} {quote.group} {quote.text}" for quote in quotes]
    return content_id("release", [recipe, policy.name, policy.minimum_base, "\n".join(lines)])


def hides_people(figures: Iterable[Figure], plan: Plan) -> bool:
    """Whether anybody is in a group, or in an organisation, that is not shown."""
    return bool(plan.left_out) or any(figure.base > 0 and plan.hides(figure.group) for figure in figures)


def _guarded(figure: Figure, open_: bool) -> Figure:
    """A weighted figure without its effective base, but for everybody's where nobody is in a hidden group.

    The effective base follows from the weights, and these from how many answered of each part of the frame: with the
    headcounts, which colleagues know, it would give the size of a small part away.
    """
    told = ", weighted" not in figure.method or (open_ and figure.group == EVERYONE)
    return figure if told else replace(figure, effective_base=0.0)


def _hidden(figure: Figure, plan: Plan, policy: Policy) -> Figure:
    """The figure, suppressed where the plan hides it or its own base is too small."""
    few = figure.shown and figure.base < policy.minimum_base
    return suppressed(figure) if few or plan.hides(figure.group, figure.question) else figure


def suppressed(figure: Figure) -> Figure:
    """The figure without anything that follows from answers or from who answered."""
    return replace(
        figure,
        status=SUPPRESSED,
        claim="",
        base=0,
        effective_base=0.0,
        value=None,
        low=None,
        high=None,
        at_least=None,
        at_most=None,
        worst_case=None,
        population=None,
        response=None,
    )


def _participations(parts: tuple[Participation, ...], plan: Plan, policy: Policy) -> tuple[Participation, ...]:
    """Participation as shown: the total without organisations that are left out, few people as "fewer than 11".

    Where an organisation with enough answers is hidden to protect another, nothing is said of any that is hidden:
    "fewer" would say of the rest that they are not, and so bound them from below.
    """
    protecting = any(_protects(part, plan, policy) for part in parts if part.group != EVERYONE)
    out = [part for part in parts if part.group.code in plan.left_out]
    answered = sum(part.answered or 0 for part in out)
    staff = None if any(part.headcount is None for part in out) else sum(part.headcount or 0 for part in out)
    return tuple(
        _without(part, answered, staff, policy)
        if part.group == EVERYONE
        else _participation(part, plan, policy, SUPPRESSED if protecting else FEW)
        for part in parts
    )


def _protects(part: Participation, plan: Plan, policy: Policy) -> bool:
    return plan.hides(part.group) and (part.answered or 0) >= policy.minimum_base


def _without(everybody: Participation, answered: int, staff: int | None, policy: Policy) -> Participation:
    """The total without some people who answered, and without their organisations' staff.

    Where few are left, "fewer" of all staff: a total of none would say that each other organisation has none.
    """
    if (everybody.answered or 0) - answered < policy.minimum_base:
        return replace(everybody, answered=None, status=FEW)
    headcount = None if everybody.headcount is None or staff is None else everybody.headcount - staff
    return replace(everybody, answered=(everybody.answered or 0) - answered, headcount=headcount)


def _participation(part: Participation, plan: Plan, policy: Policy, hidden: str) -> Participation:
    """Hidden organisations, and those with few answers, without a number. hidden: the status that all of them have."""
    few = part.group.code in plan.left_out or (part.answered or 0) < policy.minimum_base
    return replace(part, answered=None, status=hidden) if few or plan.hides(part.group) else part


def _not_shown(plan: Plan) -> tuple[NotShown, ...]:
    """Every hidden group and (group, question) pair; one wording for all reasons, since a reason can tell a number."""
    left_out = [Group(ORGANISATION, name) for name in plan.left_out]
    groups = dict.fromkeys([*plan.hidden, *left_out])
    pairs = [pair for pair, reason in plan.hidden_questions.items() if reason != CROSS]
    return (
        *(NotShown(group, None, NOT_SHOWN) for group in groups),
        *(NotShown(group, question, NOT_SHOWN_HERE) for group, question in pairs),
    )


def may_follow(earlier: Sequence[str], added: int, removed: int, policy: Policy) -> None:
    """Refuse a second final release of a wave that could be subtracted from an earlier one.

    earlier: stamps of its final releases. added, removed: people in only the new one, and in only the last one; each
    must be none or at least the minimum base, and one of them some. Raises Refused.
    """
    few = [number for number in (added, removed) if 0 < number < policy.minimum_base]
    if earlier and not (added or removed):
        reason = "nobody was added or removed since the last one"
        raise Refused(
            "one final release of a wave", reason, "Keep the release that there is; its answers are the same."
        )
    if earlier and few:
        raise Refused(
            "one final release of a wave",
            f"fewer than {policy.minimum_base} people were added or removed since the last one",
            f"Wait until at least {policy.minimum_base} people were added, or keep the release that there is.",
        )

"""Quotes in a release: only with consent, only on themes and from groups that are large enough to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surefoot.estimate.figure import EVERYONE, Figure, Group
from surefoot.release.plan import Plan
from surefoot.release.policy import Policy
from surefoot.themes import ChosenQuote

FEWEST_ON_THEME = 11
"""Comments on a theme from which one is quoted, at the least; a policy with a larger minimum base asks for that."""


@dataclass(frozen=True)
class Quote:
    """Words from a comment on a theme, as they may be shown. group: the writer's organisation, if that may be too."""

    question: str
    theme: str
    text: str
    group: Group | None = None


def release_quotes(
    chosen: Sequence[ChosenQuote], figures: Iterable[Figure], plan: Plan, policy: Policy
) -> tuple[Quote, ...]:
    """The quotes that may be shown, ordered by question, theme and words, so that their order tells nothing.

    A quote is left out where its writer did not allow it, where any of the writer's groups is hidden, or where fewer
    than 11 comments are on its theme or the theme is not shown. A group stands beside a quote only where it may stand
    beside all that ask for one: else a quote without one would be told apart as from a hidden group.
    """
    fewest = max(FEWEST_ON_THEME, policy.minimum_base)
    shown = {(f.question, f.selector, f.group): f for f in figures if f.shown and f.base >= policy.minimum_base}
    kept = [quote for quote in chosen if _may(quote, shown, plan, fewest)]
    asking = [quote for quote in kept if quote.shown_with is not None]
    named = all(_may_name(quote, shown, plan, fewest) for quote in asking)
    made = [
        Quote(q.question, q.theme, q.text, Group(*q.shown_with) if q.shown_with is not None and named else None)
        for q in kept
    ]
    return tuple(sorted(made, key=lambda quote: (quote.question, quote.theme, quote.text)))


Shown = dict[tuple[str, str, Group], Figure]


def _may(quote: ChosenQuote, shown: Shown, plan: Plan, fewest: int) -> bool:
    whole = (quote.question, quote.theme, EVERYONE) in shown and not plan.hides(EVERYONE, quote.question)
    groups = all(not plan.hides(Group(*place)) and place[1] not in plan.left_out for place in quote.groups)
    return quote.consent and whole and groups and quote.said >= fewest


def _may_name(quote: ChosenQuote, shown: Shown, plan: Plan, fewest: int) -> bool:
    group = Group(*quote.shown_with) if quote.shown_with is not None else EVERYONE
    there = (quote.question, quote.theme, group) in shown and not plan.hides(group, quote.question)
    return there and quote.said_there >= fewest

"""A Release for somebody who may see some organisations: their own numbers, and the group's, and nobody else's.

Leaving figures out of a Release cannot tell more than the whole of it did. What is guarded here as well is the number
of another organisation that would follow by subtraction: a group that holds exactly one other organisation is left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from surefoot.estimate.figure import EVERYONE, Figure, Group, Participation
from surefoot.release.release import Release, _stamp
from surefoot.release.who import Who
from surefoot.study import ORGANISATION, SERVICE_TYPE

FEWEST_OTHERS = 2
"""Other organisations that a group must hold, so that it less one's own numbers is nobody's in particular."""


def narrowed(release: Release, organisations: Collection[str]) -> Release:
    """The Release with the numbers of some organisations and of the group alone; itself where these are all of them.

    A figure of the group stands only where at least two other organisations are shown for its question. Types of
    service stand only where each of them holds no other organisation or at least two. Sentences, comparisons and quotes
    stand where all that they rest on does. organisations: their ids; unknown ones are passed over.
    """
    if {one.id for one in release.organisations} <= set(organisations):
        return release
    return _Narrow(release, frozenset(organisations)).made


@dataclass(frozen=True)
class _Narrow:
    """How one Release is narrowed to some organisations."""

    whole: Release
    own: frozenset[str]

    @property
    def made(self) -> Release:
        """The narrowed Release; its stamp is of what it holds."""
        whole, figures = self.whole, tuple(f for f in self.whole.figures if self._kept(f))
        earlier = tuple(f for f in whole.earlier_figures if self._kept(f))
        ids = {figure.id for figure in (*figures, *earlier)}
        numbers = {name: whole.as_shown[name] for name in ids}
        quotes = tuple(q for q in whole.quotes if q.group is None or self._allowed(q.group))
        return replace(
            whole,
            organisations=tuple(one for one in whole.organisations if one.id in self.own),
            narrowed_to=tuple(one.id for one in whole.organisations if one.id in self.own),
            figures=figures,
            earlier_figures=earlier,
            numbers=numbers,
            comparisons=tuple(c for c in whole.comparisons if set(c.figures) <= ids),
            participation=tuple(part for part in whole.participation if self._takes_part(part)),
            not_shown=tuple(n for n in whole.not_shown if self._allowed(n.group)),
            findings=tuple(f for f in whole.findings if set(f["figures"]) <= ids and not self._named(str(f))),
            quotes=quotes,
            who=self._who(),
            accounts=(),
            wordings=self._wordings(),
            stamp=_stamp(figures, numbers, whole.recipe, whole.policy, quotes),
        )

    def _kept(self, figure: Figure) -> bool:
        if figure.group == EVERYONE or figure.group.breakdown not in self._organised:
            return figure.question in self._widely_answered
        return self._allowed(figure.group)

    def _allowed(self, group: Group) -> bool:
        """Whether a group is of no organisation in particular, or of one's own."""
        if group.breakdown == SERVICE_TYPE:
            return self._types_allowed
        parts = dict(zip(group.breakdown.split("."), group.code.split("."), strict=False))
        return parts.get(ORGANISATION, "") in ("", *self.own)

    @cached_property
    def _organised(self) -> frozenset[str]:
        """Breakdowns whose groups belong to organisations."""
        names = {figure.group.breakdown for figure in (*self.whole.figures, *self.whole.earlier_figures)}
        return frozenset(name for name in names if {ORGANISATION, SERVICE_TYPE} & set(name.split(".")))

    @cached_property
    def _types_allowed(self) -> bool:
        """Each type must hold no other organisation or enough: of all types but one, the rest would follow."""
        others: dict[str, int] = {one.service_type: 0 for one in self.whole.organisations}
        for one in self.whole.organisations:
            others[one.service_type] += one.id not in self.own and self.whole.is_shown(Group(ORGANISATION, one.id))
        return all(count == 0 or count >= FEWEST_OTHERS for count in others.values())

    @cached_property
    def _widely_answered(self) -> frozenset[str]:
        """Questions for which enough other organisations are shown."""
        others: dict[str, set[str]] = {}
        for figure in self.whole.figures:
            if figure.shown and figure.group.breakdown == ORGANISATION and figure.group.code not in self.own:
                others.setdefault(figure.question, set()).add(figure.group.code)
        return frozenset(question for question, codes in others.items() if len(codes) >= FEWEST_OTHERS)

    def _takes_part(self, part: Participation) -> bool:
        if part.group != EVERYONE:
            return self._allowed(part.group)
        others = [p for p in self.whole.participation if p.group.breakdown == ORGANISATION and p.answered is not None]
        return sum(p.group.code not in self.own for p in others) >= FEWEST_OTHERS

    def _named(self, text: str) -> bool:
        """Whether a text names an organisation that is not one's own."""
        return any(one.name in text for one in self.whole.organisations if one.id not in self.own)

    def _who(self) -> Who:
        who = self.whole.who
        return replace(
            who,
            coverage=tuple(part for part in who.coverage if self._allowed(part.group)),
            bounds=tuple(bound for bound in who.bounds if bound.question in self._widely_answered),
            shifts=tuple(shift for shift in who.shifts if shift.question in self._widely_answered),
            frame=tuple(sentence for sentence in who.frame if not self._named(sentence)),
        )

    def _wordings(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Who asked in other words: one's own organisations alone."""
        kept = {
            question: {text: tuple(w for w in who if w in self.own) for text, who in texts.items()}
            for question, texts in self.whole.wordings.items()
        }
        return {q: found for q, texts in kept.items() if (found := {t: who for t, who in texts.items() if who})}

"""The groups that figures are about: their headcounts, who took part, and of which organisations they are made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from surefoot.estimate.frame import Strata, Stratum, headcounts, respondents, strata_of
from surefoot.estimate.sums import Pick, Sums
from surefoot.instrument import Question
from surefoot.interval import Floats
from surefoot.responses import Missing
from surefoot.study import ALL, ORGANISATION, SERVICE_TYPE, Study
from surefoot.tally import Integers, N, Tally


@dataclass(frozen=True)
class Scope:
    """The groups of one grouping: labels, headcounts, respondents, and the strata of each, if it is stratified.

    reached: respondents less those who skipped the question at hand, in the proportion of those who were asked it; the
    finite population correction knows no more of silent people who took part than of silent people who did not.
    """

    grouping: str
    labels: tuple[str, ...]
    staff: Floats
    people: Integers
    reached: Floats
    strata: tuple[tuple[Stratum, ...], ...]

    @property
    def boost(self) -> Floats:
        """The finite population correction of an effective sample size: (N - 1) / (N - n), 1 where N is unknown."""
        return boost_of(self.staff, self.reached)

    @property
    def fraction(self) -> Floats:
        """The sampling fraction n / N, 0 where N is unknown."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.nan_to_num(self.reached / self.staff))


def boost_of(staff: Floats, reached: Floats) -> Floats:
    """The finite population correction of an effective sample size: infinite in a census, 1 where staff are unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(staff > reached, (staff - 1) / (staff - reached), np.inf)
    return np.where(np.isnan(staff), 1.0, factor)


@dataclass(frozen=True)
class Scopes:
    """Scopes of every grouping of a tally.

    chosen: for each question, the organisations that form strata together. left_out: organisations in no table.
    """

    tally: Tally
    study: Study
    chosen: Callable[[str], Strata] | None
    left_out: Sequence[str]
    kept: dict[str, Scope] = field(default_factory=dict)
    cut: dict[tuple[object, ...], tuple[Stratum, ...]] = field(default_factory=dict)

    def of(self, grouping: str) -> Scope:
        """The groups of a grouping, without strata."""
        if grouping not in self.kept:
            people = respondents(self.tally, grouping)
            staff = headcounts(self.study, self.tally, grouping, self.left_out)
            labels = self.tally.axes[grouping].labels
            self.kept[grouping] = Scope(grouping, labels, staff, people, people.astype(np.float64), ())
        return self.kept[grouping]

    def for_question(self, grouping: str, question: Question) -> Scope:
        """The groups of a grouping with the strata that hold for one question."""
        if question.coded_from:
            return self._writers(grouping, question)
        wanted = self.chosen(question.id) if self.chosen is not None else None
        key = tuple(wanted) if wanted is not None else ()
        if key not in self.cut:
            self.cut[key] = strata_of(self.study, self.tally, wanted, self.left_out)
        strata = self._eligible(self._strata(grouping, self.cut[key]), question)
        return replace(self.of(grouping), reached=self.reached(grouping, question), strata=strata)

    def _writers(self, grouping: str, question: Question) -> Scope:
        """Those who wrote a comment, as everybody whom a figure of comments is about: they stand for no one else."""
        kinds = (Missing.NOT_ASKED, Missing.NOT_ANSWERED, Missing.UNKNOWN)
        silent = sum(self.tally.missing(grouping, question.items[0], kind) for kind in kinds)
        whole = self.of(grouping)
        wrote = whole.people - silent
        everybody = wrote.astype(np.float64)
        return replace(whole, staff=everybody, people=wrote, reached=everybody, strata=tuple(() for _ in whole.labels))

    def reached(self, grouping: str, question: Question) -> Floats:
        """Respondents by group, less those who skipped a question."""
        item, people = question.items[0] if question.items else "", self.of(grouping).people
        if not item:
            return people.astype(np.float64)
        asked = people - self.tally.missing(grouping, item, Missing.NOT_ASKED)
        skipped = sum(self.tally.missing(grouping, item, kind) for kind in (Missing.NOT_ANSWERED, Missing.UNKNOWN))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(people * np.where(asked > 0, 1 - skipped / asked, 1.0))

    def countable(self, scope: Scope, question: Question, whole: Sums, chosen: Sequence[Pick]) -> Floats:
        """Headcount where a share or a net of all staff is a count of them, by pick and group; NaN elsewhere.

        So where everybody was asked, and where the base is all answers: what a silent person would have said counts.
        """
        not_asked = self.tally.missing(scope.grouping, question.items[0], Missing.NOT_ASKED)
        all_answers = np.array([pick.base is None for pick in chosen])[:, None] | (whole.base[N] == scope.people)
        asked = (not_asked == 0) & (not question.show_if)
        return np.where(asked & all_answers, scope.staff, np.nan)

    def _strata(self, grouping: str, strata: tuple[Stratum, ...]) -> tuple[tuple[Stratum, ...], ...]:
        """Strata by group; empty tuples where the grouping is pooled, as it is where small organisations mix types."""
        labels = self.tally.axes[grouping].labels
        if grouping == ALL:
            return (strata,)
        mixed = any(stratum.service_type is None for stratum in strata)
        if grouping == SERVICE_TYPE and not mixed:
            return tuple(tuple(s for s in strata if s.service_type == label) for label in labels)
        return tuple(() for _ in labels)

    def _eligible(self, strata: tuple[tuple[Stratum, ...], ...], question: Question) -> tuple[tuple[Stratum, ...], ...]:
        """Strata with the share of each one's headcount that a routed question would be asked; else as they are."""
        if not question.show_if or not any(strata):
            return strata
        people = self.of(ORGANISATION).people
        asked = people - self.tally.missing(ORGANISATION, question.items[0], Missing.NOT_ASKED)

        def weighted(stratum: Stratum) -> Stratum:
            places = list(stratum.places)
            took_part = int(people[places].sum())
            return replace(stratum, weight=stratum.headcount * int(asked[places].sum()) / took_part if took_part else 0)

        return tuple(tuple(weighted(stratum) for stratum in group) for group in strata)

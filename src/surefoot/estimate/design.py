"""Variances of samples drawn in strata and clusters, from the sums of each cluster.

A person's score is her weighted part in an estimate; how much the sums of scores differ between the clusters of a
stratum says how much the estimate would differ between samples. Where people were drawn one by one, sums of squared
scores say it.
Source: Lumley 2004, Journal of Statistical Software 9 (8); Särndal, Swensson and Wretman 1992, Model Assisted Survey
Sampling, sections 4.2 and 4.3; equal to svydesign and svymean of R survey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from surefoot.errors import BadInput, Refused
from surefoot.estimate.frame import staff_by_organisation
from surefoot.instrument import Question
from surefoot.interval import Floats
from surefoot.responses import Missing
from surefoot.study import ALL, Study
from surefoot.study.sampling import BY_ORGANISATION, GRAND_MEAN, labels
from surefoot.tally import Integers, N, Tally, missing_place

UNKNOWN = "unknown"
MISSING_CODE = "-1"
"""The stratum, or cluster, of people who did not say in which they are."""
NO_DESIGN = (("", ""),)


@dataclass(frozen=True)
class Design:
    """How people came into the sample; every array has one entry for each sampling unit of a tally.

    stratum: the place of the unit's stratum. people: people in the unit, whatever they answered. clustered: whether
    units are clusters; else each unit is a whole stratum, and people were drawn one by one. fraction: clusters (or
    people) of the stratum that are in the sample over all that it has; 0 where that is unknown. second: people of the
    cluster in the sample over all that it has; 1 where the whole cluster was asked. centre: of a single cluster, the
    distance from the mean of all counts in place of that from its stratum's.
    """

    stratum: Integers
    people: Integers
    clustered: bool
    fraction: Floats
    second: Floats
    centre: bool = False

    @property
    def size(self) -> Integers:
        """By unit, clusters of its stratum in the sample (or people, where they were drawn one by one)."""
        if not self.clustered:
            return self.people
        return np.bincount(self.stratum, weights=self.people > 0).astype(np.int64)[self.stratum]

    def uncorrected(self) -> Design:
        """The same without finite population corrections, for comparisons and for what is said of other people."""
        return replace(self, fraction=np.where(self.certain, 1.0, 0.0), second=np.ones_like(self.second))

    @property
    def certain(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Units that are the only one of their stratum: no chance brought them in, so they add no variance."""
        return np.asarray((self.size == 1) & (self.fraction == 1))

    def covariance(self, a: Floats, b: Floats, products: Floats) -> Floats:
        """The covariance of two estimates from their scores.

        a, b: sums of scores by unit, arrays [unit, ...]. products: sums of products of both scores of each person.
        """
        part = self._second_factor if self.clustered else self._factor
        within = np.zeros(np.broadcast_shapes(a.shape, b.shape)[1:])
        if part.any():
            mean = np.where(self.people > 1, 1.0 / np.maximum(self.people, 1), 0.0)
            deviations = products - a * b * _along(mean, products)
            within = (deviations * _along(part, products)).sum(axis=0)
        if not self.clustered:
            return np.asarray(within)
        between = (a - self._means(a)) * (b - self._means(b))
        return np.asarray((between * _along(self._factor, between)).sum(axis=0) + within)

    def variance(self, totals: Floats, squares: Floats) -> Floats:
        """The variance of an estimate: `covariance` with itself."""
        return np.maximum(self.covariance(totals, totals, squares), 0.0)

    def freedom(self, people: Integers) -> Integers:
        """Degrees of freedom of estimates about groups: clusters (or people) less strata, of those who are in them.

        people: by unit and group, arrays [unit, ...]. Source: degf of R survey, of a subset.
        """
        there = people > 0
        strata = np.zeros((int(self.stratum.max(initial=-1)) + 1, *people.shape[1:]), dtype=bool)
        np.logical_or.at(strata, self.stratum, there)
        drawn = there.sum(axis=0) if self.clustered else people.sum(axis=0)
        return np.asarray(drawn - strata.sum(axis=0))

    @property
    def _factor(self) -> Floats:
        """(1 - f) n / (n - 1) by unit; without the second part where a single one is measured from the mean of all."""
        n = self.size.astype(np.float64)
        return np.asarray(np.where(n > 1, n / np.maximum(n - 1, 1), 1.0) * (1 - self.fraction))

    @property
    def _second_factor(self) -> Floats:
        """By cluster f (1 - g) m / (m - 1): the part of the variance that drawing people within clusters adds."""
        m = self.people.astype(np.float64)
        return np.asarray(np.where(m > 1, m / np.maximum(m - 1, 1), 1.0) * self.fraction * (1 - self.second))

    def _means(self, totals: Floats) -> Floats:
        """The mean of the clusters of each unit's stratum; 0, the mean of all scores, where it has one cluster."""
        added = np.zeros((int(self.stratum.max(initial=-1)) + 1, *totals.shape[1:]))
        np.add.at(added, self.stratum, totals)
        size = _along(np.where(self.size > 1, self.size, np.inf), totals)
        return np.asarray(added[self.stratum] / size)


def _along(by_unit: Floats | Integers, like: Floats) -> Floats:
    """Numbers by unit, in the shape in which they multiply an array [unit, ...]."""
    return np.asarray(by_unit, dtype=np.float64).reshape((-1,) + (1,) * (like.ndim - 1))


# What a tally and a study say of it -------------------------------------------------------------------------------


def design_of(tally: Tally, study: Study | None = None) -> Design:
    """The design that a tally was counted by; with a study, with the finite population corrections that it declares.

    Refused where a stratum has one cluster of several. Raises BadInput where more were drawn than there are.
    """
    strata = sorted({stratum for stratum, _ in tally.units})
    place = {stratum: index for index, stratum in enumerate(strata)}
    made = Design(
        stratum=np.array([place[stratum] for stratum, _ in tally.units], dtype=np.int64),
        people=_people(tally),
        clustered=any(cluster for _, cluster in tally.units),
        fraction=np.zeros(len(tally.units)),
        second=np.ones(len(tally.units)),
    )
    if study is not None and study.sampling is not None and tally.units != NO_DESIGN:
        made = _corrected(made, tally, study)
    if tally.units != NO_DESIGN:
        _check(made, tally)
    return made


def comparing(tally: Tally, study: Study) -> Design:
    """The design for comparisons: as a study declares it, without finite population corrections."""
    return design_of(tally, study).uncorrected()


def _people(tally: Tally) -> Integers:
    for (by, _), table in tally.tables.items():
        if by == ALL:
            return np.asarray(table[N].sum(axis=(1, 2)))
    return np.zeros(len(tally.units), dtype=np.int64)


def _corrected(made: Design, tally: Tally, study: Study) -> Design:
    sampling = study.sampling
    if sampling is None:
        return made
    population: Mapping[str, float] = dict(sampling.population)
    if not population and sampling.stratum == BY_ORGANISATION and not made.clustered:
        population = staff_by_organisation(study)
    names = labels(sampling.stratum, study.instrument, study.organisation_ids)
    strata = [_name(names, stratum) for stratum, _ in tally.units]
    fraction = _fraction(made.size, strata, population, "population")
    if sampling.cluster is None:
        return replace(made, fraction=fraction, centre=sampling.single_cluster == GRAND_MEAN)
    names = labels(sampling.cluster, study.instrument, study.organisation_ids)
    clusters = [_name(names, cluster) for _, cluster in tally.units]
    second = _fraction(made.people, clusters, sampling.members, "members")
    second = np.where(second > 0, second, 1.0)
    return replace(made, fraction=fraction, second=second, centre=sampling.single_cluster == GRAND_MEAN)


def _name(names: tuple[str, ...], code: str) -> str:
    """The name of a stratum or cluster from its code in the answers; of a number it is the number."""
    place = int(code or 0)
    if not names:
        return code
    return names[place] if 0 <= place < len(names) else UNKNOWN


def _fraction(drawn: Integers, names: list[str], counts: Mapping[str, float], what: str) -> Floats:
    total = np.array([counts.get(name, np.inf) for name in names])
    if bool((drawn > total).any()):
        name = names[int(np.argmax(drawn > total))]
        raise BadInput(
            f"study, design, {what}", f"{name} = {counts[name]:.0f}", "at least as many as are in the answers"
        )
    return np.asarray(drawn / total)


def _check(made: Design, tally: Tally) -> None:
    """A single cluster says nothing about how its stratum's clusters differ. R survey stops here too, by default.

    Not so where people were drawn one by one, or did not say in which stratum they are: nobody is told that a stratum
    holds one person, and one person moves little.
    """
    if made.people.any() and {cluster for _, cluster in tally.units} == {MISSING_CODE}:
        raise BadInput("answers, design", "nobody who said in which cluster they are", "the question of the clusters")
    known = np.array([stratum != MISSING_CODE for stratum, _ in tally.units], dtype=bool)
    lonely = (made.size == 1) & (made.fraction < 1) & (made.people > 0) & known
    if made.clustered and not made.centre and bool(lonely.any()):
        raise Refused(
            "design",
            "a stratum has one cluster of several, so nothing shows how far its clusters differ",
            f'Join strata so that each has two or more, or set single_cluster = "{GRAND_MEAN}" under [design].',
        )


def answered_only(design: Design, tally: Tally, question: Question) -> Design:
    """The design with finite population corrections that know nothing of people who skipped a question.

    Of those who were asked it, the proportion who skipped it is taken off the fraction that is known.
    """
    if not question.items or not ((design.fraction > 0).any() or (design.second < 1).any()):
        return design
    cells = tally.tables[ALL, question.items[0]][N].sum(axis=1)
    asked = cells.sum(axis=1) - cells[:, missing_place(Missing.NOT_ASKED)]
    skipped = sum(cells[:, missing_place(kind)] for kind in (Missing.NOT_ANSWERED, Missing.UNKNOWN))
    if design.clustered:
        known = 1 - skipped / np.maximum(asked, 1)
        return replace(design, second=np.where(known > 0, design.second * known, design.second))
    return replace(design, fraction=design.fraction * (1 - skipped / np.maximum(asked, 1)))

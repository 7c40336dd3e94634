"""AnalystView: everything that is compared in one wave of a study, for one analyst and no reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from surefoot.analyse import Analysis, Progress, analyse
from surefoot.errors import BadInput
from surefoot.estimate.explore import Explored, explore
from surefoot.estimate.ordinal import OrdinalComparison, ordinal
from surefoot.estimate.pooled import PooledShare, Pooling, pool
from surefoot.interval import round_one
from surefoot.release import Comparison, Figure, Release
from surefoot.report.reading import Reading
from surefoot.study import ALL, ORGANISATION, SERVICE_TYPE, Study
from surefoot.tally import Tally

SCHEMA = "surefoot/comparison/1"
ONLY_ANALYST = "For the analyst alone: not a release. Publish nothing of it."


ENOUGH_CLUSTERS = 30
FEW_CLUSTERS = (
    f"Fewer than {ENOUGH_CLUSTERS} clusters were drawn, and with so few the tests find somewhat too much: with 6 to 12 "
    "teams, 5 to 10 of 100 tests saw a difference between halves of the teams where there was none (simulated, at "
    "p 0.05). Take only a p far under 0.05 as a lead."
)
"""Second-order Rao-Scott tests referred to F, as R survey has them, with few clusters: benchmarks/designs.py."""


@dataclass(frozen=True)
class AnalystView:
    """The comparisons of one wave. by: the breakdown whose groups are pooled and set on scales.

    limits: sentences on what the tests cannot do here. question: the only one that it is about, None for all.
    Everything rests on groups that the release shows.
    """

    release: Release
    by: str
    question: str | None
    pooled: tuple[Pooling, ...]
    explored: tuple[Explored, ...]
    ordered: tuple[OrdinalComparison, ...]
    limits: tuple[str, ...] = ()

    @cached_property
    def reading(self) -> Reading:
        """The release, for names and rounded numbers."""
        return Reading(self.release)

    @property
    def planned(self) -> tuple[Comparison, ...]:
        """The tests of the planned family."""
        return self._family("planned")

    @property
    def pairs(self) -> tuple[Comparison, ...]:
        """The pairs of groups behind them."""
        return self._family("pairs")

    @property
    def changes(self) -> tuple[Comparison, ...]:
        """The change of everything since the wave before, planned quantities first; empty in a first wave."""
        found = self._family("waves")
        return tuple(sorted(found, key=lambda change: change.p_adjusted is None))

    def _family(self, name: str) -> tuple[Comparison, ...]:
        found = (c for c in self.release.comparisons if c.family == name)
        return tuple(c for c in found if c.question in (self.question or c.question,))

    def is_planned(self, pooling: Pooling) -> bool:
        """Whether a pooled quantity is one that the questionnaire planned to compare."""
        plans = self.release.instrument.planned
        return any(p.question == pooling.question and "+".join(p.options) == pooling.selector for p in plans)

    @cached_property
    def weighted(self) -> bool:
        """Whether people of any figure weigh differently."""
        return any(", weighted" in figure.method for figure in self.release.figures)

    def worth(self, one: PooledShare | OrdinalComparison) -> int | None:
        """An effective base as it may be told: None where people weigh differently, as for groups of a release."""
        return None if self.weighted else int(round_one(one.effective_base))

    def to_json(self) -> dict[str, Any]:
        """The view as a plain object; shares and nets as fractions of one, rounded to whole per cent."""
        return {
            "schema": SCHEMA,
            "for": ONLY_ANALYST,
            "study": self.release.study_id,
            "wave": self.release.wave,
            "simulated": self.release.simulated,
            "by": self.by,
            "question": self.question,
            "planned": [_comparison(test) for test in self.planned],
            "pairs": [_comparison(pair) for pair in self.pairs],
            "pooled": [_pooling(self, pooling) for pooling in self.pooled],
            "explored": [_explored(one) for one in self.explored],
            "ordered": [_ordered(self, one) for one in self.ordered],
            "changes": [_comparison(change) for change in self.changes],
            "differing": list(self.release.differing),
            "limits": list(self.limits),
        }


def compare_study(
    study: Study,
    *,
    wave: str | None = None,
    question: str | None = None,
    by: str | None = None,
    progress: Progress | None = None,
) -> AnalystView:
    """Compare everything that a wave's release shows: the last wave unless another is named.

    question: only this one. by: only this breakdown; else every one is explored, and organisations are pooled. Raises
    BadInput where there is no such wave, question or breakdown.
    """
    if question is not None and question not in study.instrument:
        known = ", ".join(asked.id for asked in study.instrument.questions)
        raise BadInput("compare, --question", f'"{question}"', f"one of {known}")
    return view_of(analyse(study, wave=wave, progress=progress), question=question, by=by)


def view_of(analysis: Analysis, *, question: str | None = None, by: str | None = None) -> AnalystView:
    """The analyst's view of an analysis. Raises BadInput where nothing is broken down as wanted."""
    release, tally, study = analysis.release, analysis.counted.tally, analysis.study
    breakdowns = [name for name in release.breakdowns if name != ALL]
    if by is not None and by not in breakdowns:
        raise BadInput("compare, --by", f'"{by}"', f"one of {', '.join(breakdowns) or 'none: the study has no groups'}")
    chosen = by or next((name for name in (ORGANISATION, *breakdowns) if name in breakdowns), ORGANISATION)
    figures = _with_worth(release.figures, analysis.counted.figures)
    return AnalystView(
        release=release,
        by=chosen,
        question=question,
        pooled=pool(figures, by=chosen, question=question),
        explored=explore(tally, study, figures, by=by, question=question),
        ordered=ordinal(tally, study, figures, by=chosen, question=question, minimum=release.policy.minimum_base),
        limits=(FEW_CLUSTERS,) if few_clusters(study, tally) else (),
    )


def few_clusters(study: Study, tally: Tally) -> bool:
    """Whether people were drawn in clusters, and in fewer of them than tests by the design need."""
    return study.sampling is not None and study.sampling.cluster is not None and len(tally.units) < ENOUGH_CLUSTERS


def _with_worth(released: Sequence[Figure], counted: Sequence[Figure]) -> list[Figure]:
    """Shown figures with their effective bases, which a release with weights keeps to itself; others as they are.

    Pooling weighs groups by them; no output tells them.
    """
    worth = {figure.id: figure.effective_base for figure in counted}
    return [replace(f, effective_base=worth[f.id]) if f.shown else f for f in released]


def confounded(view: AnalystView) -> bool:
    """Whether types of service are compared, which cannot be told apart from the few organisations of each."""
    return SERVICE_TYPE in {view.by, *(one.by for one in view.explored)}


def _two(value: float | None, digits: int = 2) -> float | None:
    return None if value is None else round_one(value, digits)


def _comparison(one: Comparison) -> dict[str, Any]:
    numbers = {name: _two(getattr(one, name)) for name in ("difference", "low", "high", "smallest_found")}
    return {
        "question": one.question,
        "selectors": list(one.selectors),
        "groups": [str(group) for group in one.groups],
        "figures": list(one.figures),
        "method": one.method,
        **numbers,
        "p": _two(one.p, 4),
        "p_adjusted": _two(one.p_adjusted, 4),
    }


def _pooling(view: AnalystView, pooling: Pooling) -> dict[str, Any]:
    groups = [
        {
            "group": str(one.group),
            "base": one.base,
            "effective_base": view.worth(one),
            "raw": [_two(part) for part in one.raw],
            "pooled": [_two(part) for part in one.pooled],
            "pooled_half_prior": _two(one.half),
            "pooled_double_prior": _two(one.double),
            "ranks": [_two(chance) for chance in one.ranks],
        }
        for one in pooling.groups
    ]
    about = {"kind": pooling.kind, "question": pooling.question, "selector": pooling.selector}
    return about | {"spread_logit": [_two(part) for part in pooling.spread], "groups": groups}


def _explored(one: Explored) -> dict[str, Any]:
    widest = one.widest
    return {
        "question": one.question,
        "selector": one.selector,
        "by": one.by,
        "groups": [str(group) for group in one.groups],
        "base": one.n,
        "method": one.method,
        "p": _two(one.p, 4),
        "p_adjusted": _two(one.p_adjusted, 4),
        "strength": [_two(part) for part in one.strength],
        "widest": {
            "selector": widest.selector,
            "highest": str(widest.highest),
            "lowest": str(widest.lowest),
            "high": _two(widest.high),
            "low": _two(widest.low),
        },
    }


def _ordered(view: AnalystView, one: OrdinalComparison) -> dict[str, Any]:
    return {
        "question": one.question,
        "group": str(one.group),
        "base": one.base,
        "effective_base": view.worth(one),
        "odds_ratio": [_two(part) for part in (one.ratio, one.low, one.high)],
        "outside": _two(one.outside),
        "outside_rest": _two(one.outside_rest),
        "assumption": one.assumption,
        "misfit_p": _two(one.misfit_p, 4),
    }

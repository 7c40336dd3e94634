"""How people came into the sample: Sampling, read from the table `[design]` of a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from surefoot.errors import BadInput
from surefoot.instrument import Instrument

BY_ORGANISATION = "organisation"
REFUSE, GRAND_MEAN = "refuse", "grand-mean"
KEYS = ("stratum", "cluster", "population", "members", "single_cluster")


@dataclass(frozen=True)
class Sampling:
    """A sample drawn in strata, in clusters, or in clusters within strata.

    stratum: "organisation" or a single-choice question, None for one stratum. cluster: a single-choice question or a
    number (a team, a site), None where people were drawn one by one. population: by stratum, how many clusters there
    are, or how many people where there are no clusters. members: by cluster, how many people there are, where only some
    of each cluster were asked. single_cluster: what to do with a stratum of which one cluster of several was drawn.
    """

    stratum: str | None = None
    cluster: str | None = None
    population: Mapping[str, int] = field(default_factory=dict)
    members: Mapping[str, int] = field(default_factory=dict)
    single_cluster: str = REFUSE

    def endless(self, times: int) -> Sampling:
        """The same with so many times the clusters and people that no finite population correction is left.

        A stratum that has one cluster keeps it: no chance brought that into the sample.
        """
        counts = ({name: n * times if n > 1 else n for name, n in c.items()} for c in (self.population, self.members))
        population, members = counts
        return replace(self, population=population, members=members)

    def identity(self) -> list[Any]:
        """What shapes the figures, for the recipe of a study."""
        return [self.stratum, self.cluster, dict(self.population), dict(self.members), self.single_cluster]


def sampling_from(table: Mapping[str, Any], where: str) -> Sampling:
    """The sampling that a table describes. Raises BadInput."""
    strange = sorted(set(table) - set(KEYS))
    if strange:
        raise BadInput(where, f'the key "{strange[0]}"', f"one of {', '.join(KEYS)}")
    for key in ("stratum", "cluster"):
        if key in table and (not isinstance(table[key], str) or not table[key]):
            raise BadInput(f"{where}, {key}", repr(table[key]), "the id of a question in quotes")
    if "stratum" not in table and "cluster" not in table:
        raise BadInput(where, "neither strata nor clusters", "stratum or cluster, the id of a question")
    single = table.get("single_cluster", REFUSE)
    if single not in (REFUSE, GRAND_MEAN):
        raise BadInput(f"{where}, single_cluster", repr(single), f'"{REFUSE}" or "{GRAND_MEAN}"')
    population, members = (_counts(table.get(key, {}), f"{where}, {key}") for key in ("population", "members"))
    if members and "cluster" not in table:
        raise BadInput(f"{where}, members", "people by cluster", "cluster = ..., or no members")
    return Sampling(table.get("stratum"), table.get("cluster"), population, members, single)


def _counts(table: Any, where: str) -> dict[str, int]:
    if not isinstance(table, Mapping):
        raise BadInput(where, repr(table), "lines such as north = 40")
    for name, count in table.items():
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise BadInput(where, f"{name} = {count!r}", "a whole number, 1 or more")
    return dict(table)


def check_sampling(
    sampling: Sampling, instrument: Instrument, organisations: Sequence[str], breakdowns: Sequence[str], where: str
) -> None:
    """Refuse questions that the instrument does not have, names that nobody has, and clusters that would be shown.

    breakdowns: ids of the questions that answers are broken down by. Raises BadInput.
    """
    if sampling.stratum not in (None, BY_ORGANISATION):
        _check_question(str(sampling.stratum), ("single",), instrument, f"{where}, stratum")
    if sampling.cluster is not None:
        _check_question(sampling.cluster, ("single", "number"), instrument, f"{where}, cluster")
        shown = (sampling.stratum, *breakdowns, *(planned.question for planned in instrument.planned))
        _check_hidden(sampling.cluster, shown, f"{where}, cluster")
    _check_names(sampling.population, labels(sampling.stratum, instrument, organisations), f"{where}, population")
    if sampling.cluster is not None and instrument[sampling.cluster].kind == "single":
        _check_names(sampling.members, labels(sampling.cluster, instrument, organisations), f"{where}, members")


def labels(name: str | None, instrument: Instrument, organisations: Sequence[str]) -> tuple[str, ...]:
    """Names of strata or clusters in the order of their codes; "all" where there is one stratum, none for numbers."""
    if name is None:
        return ("all",)
    return tuple(organisations) if name == BY_ORGANISATION else tuple(o.id for o in instrument[name].options)


def _check_question(name: str, kinds: Sequence[str], instrument: Instrument, where: str) -> None:
    usable = [q.id for q in instrument.questions if q.kind in kinds and not q.personal]
    if name not in usable:
        raise BadInput(where, f'"{name}"', f"one of: {', '.join(usable)}")


def _check_hidden(cluster: str, shown: Sequence[str | None], where: str) -> None:
    if cluster in shown:
        expected = "a question that is no stratum, breakdown or comparison: clusters are never shown"
        raise BadInput(where, f'"{cluster}"', expected)


def _check_names(counts: Mapping[str, int], known: Sequence[str], where: str) -> None:
    """A misspelt stratum would silently lose its correction."""
    for name in counts:
        if name not in known:
            raise BadInput(where, f'the name "{name}"', f"one of {', '.join(known)}")

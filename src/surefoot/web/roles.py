"""Roles and what they may do: the one table that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LEAD = "programme-lead"
ORGANISATION_LEAD = "organisation-lead"
REVIEWER = "reviewer"

SEE, CHANGE, PARTICIPATION, RESULTS, PEOPLE, AUDIT = (
    "see-programme",
    "change-programme",
    "see-participation",
    "see-results",
    "change-people",
    "see-audit",
)


@dataclass(frozen=True)
class Role:
    """What somebody is called, what they may do, and whether it holds for one organisation or for all."""

    title: str
    rights: frozenset[str]
    of_one_organisation: bool = False


ROLES = {
    LEAD: Role("Programme lead", frozenset({SEE, CHANGE, PARTICIPATION, RESULTS, PEOPLE, AUDIT})),
    ORGANISATION_LEAD: Role("Organisation lead", frozenset({SEE, PARTICIPATION, RESULTS}), of_one_organisation=True),
    REVIEWER: Role("Reviewer", frozenset({SEE, RESULTS, AUDIT})),
}


@dataclass(frozen=True)
class Visitor:
    """Who is looking at a page: somebody who signed in, with their roles, or nobody (no address)."""

    email: str = ""
    name: str = ""
    memberships: tuple[tuple[str, str], ...] = ()

    def may(self, right: str) -> bool:
        """Whether any of their roles has a right, if only for one organisation."""
        return any(right in ROLES[role].rights for role, _ in self.memberships if role in ROLES)

    def organisations(self, right: str) -> tuple[str, ...] | None:
        """For which organisations they have a right; None: for all of them."""
        places = [place for role, place in self.memberships if role in ROLES and right in ROLES[role].rights]
        return None if "" in places else tuple(places)

    @property
    def titles(self) -> Iterable[str]:
        """Their roles in words."""
        return (ROLES[role].title for role, _ in self.memberships if role in ROLES)

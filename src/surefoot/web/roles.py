"""Roles and what they may do: the one table that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LEAD = "programme-lead"
ORGANISATION_LEAD = "organisation-lead"
ANALYST = "analyst"
FACILITATOR = "facilitator"
SAFEGUARDING_LEAD = "safeguarding-lead"
REVIEWER = "reviewer"

SEE, CHANGE, PARTICIPATION, RESULTS, PEOPLE, AUDIT = (
    "see-programme",
    "change-programme",
    "see-participation",
    "see-results",
    "change-people",
    "see-audit",
)
# ANALYSE: take the folder of a study, with the answers of closed waves. FACILITATE: prepare and lead workshops.
# SAFEGUARD: read comments that tell of harm, before anybody else. GOVERN: sign the governance of a survey.
# ENTER: type in answers that came on paper.
# TOKENS: make tokens of the programming interface, each with at most the rights of who makes it.
ANALYSE, FACILITATE, SAFEGUARD, GOVERN, ENTER, TOKENS = (
    "analyse-answers",
    "facilitate-workshops",
    "read-concerns",
    "sign-governance",
    "enter-paper",
    "make-tokens",
)


@dataclass(frozen=True)
class Role:
    """What somebody is called, what they may do, and whether it can hold for one organisation, for all, or for either.

    sees, changes: the same in words, for the page on which roles are given and for the documents.
    """

    title: str
    rights: frozenset[str]
    sees: str
    changes: str = "nothing"
    of_one_organisation: bool = False
    of_all: bool = True


ROLES = {
    LEAD: Role(
        "Programme lead",
        frozenset({SEE, CHANGE, PARTICIPATION, RESULTS, PEOPLE, AUDIT, ANALYSE, FACILITATE, GOVERN, ENTER, TOKENS}),
        sees="all that pages show, but comments that tell of harm; the folder of a study without an open wave",
        changes="everything",
    ),
    ORGANISATION_LEAD: Role(
        "Organisation lead",
        frozenset({SEE, PARTICIPATION, RESULTS, GOVERN, ENTER}),
        sees="the programme; participation and results of the own organisation, beside the group",
        changes="types in answers that came on paper",
        of_one_organisation=True,
        of_all=False,
    ),
    ANALYST: Role(
        "Analyst",
        frozenset({SEE, RESULTS, ANALYSE, TOKENS}),
        sees="the programme, releases, the folder of a study without an open wave",
        changes="makes tokens for own programs",
    ),
    FACILITATOR: Role(
        "Facilitator",
        frozenset({SEE, RESULTS, FACILITATE}),
        sees="the programme, releases",
    ),
    SAFEGUARDING_LEAD: Role(
        "Safeguarding lead",
        frozenset({SEE, SAFEGUARD}),
        sees="the programme; reads comments before anybody else, with the command line (surefoot themes safeguarding)",
        of_one_organisation=True,
    ),
    REVIEWER: Role(
        "Reviewer",
        frozenset({SEE, RESULTS, AUDIT}),
        sees="the programme, releases, the audit log",
    ),
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

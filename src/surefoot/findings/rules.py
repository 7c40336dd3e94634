"""The rules in order. Each is a function of the view and yields findings: fired, or with what stands otherwise.

Each rule decides about all its questions together (`verdict`); intervals in sentences are two-sided 95 %.
Source: the methods page, section "Findings".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from surefoot.findings.balances import rule_cannot_judge, rule_comfortable, rule_every, rule_net, rule_outlook
from surefoot.findings.compared import rule_area, rule_differ
from surefoot.findings.finding import Finding, percent
from surefoot.findings.make import GOOD_RESPONSE
from surefoot.findings.shares import rule_about, rule_most, rule_typical, rule_unapproved, rule_unused
from surefoot.findings.view import View
from surefoot.release import Release


def rule_represent(view: View) -> Iterator[Finding]:
    """Whether enough people answered to speak for all."""
    everybody = view.everybody
    if everybody is None or everybody.rate is None or everybody.answered is None or everybody.headcount is None:
        return
    who = f"{everybody.answered:,} of {everybody.headcount:,} {view.people} answered ({percent(everybody.rate)}%)"
    fired = everybody.rate >= GOOD_RESPONSE
    tail = "." if fired else "; that is fewer than 60%, so sentences that the others could reverse say so."
    sentence = view.say(who + tail)
    yield Finding("represent", "", "who", fired, tuple(sentence.parts), (), "60% is the mark for a good response.")


RULES: tuple[Callable[[View], Iterator[Finding]], ...] = (
    rule_represent,
    rule_typical,
    rule_most,
    rule_about,
    rule_unused,
    rule_unapproved,
    rule_outlook,
    rule_area,
    rule_every,
    rule_net,
    rule_comfortable,
    rule_cannot_judge,
    rule_differ,
)
"""All rules, in the order in which a report tells them."""

SAID_BY = {"net": ("every",), "typical": ("most",), "about": ("unused",)}
"""A rule, and those whose words about the same question say as much where they fire; it is then not told."""
BESIDE = {"most": ("typical",), "unused": ("about",)}
"""A rule, and those that say more about the same question where it does not fire; it is then not told."""


def find(release: Release) -> tuple[Finding, ...]:
    """All findings of a release, in the order of the rules. No sentence is stored: other answers give other words."""
    view = View(release)
    found = [finding for rule in RULES for finding in rule(view)]
    return tuple(replace(finding, told=_is_told(finding, found)) for finding in found)


def _is_told(finding: Finding, found: Sequence[Finding]) -> bool:
    """Not where another sentence about the same question says it already, nor where it decides nothing."""
    same = {other.rule: other.fired for other in found if other.question == finding.question}
    if finding.rule == "comfortable" or any(same.get(rule) for rule in SAID_BY.get(finding.rule, ())):
        return False
    if finding.rule == "every":
        return finding.fired or bool(finding.claims)
    return finding.fired or not any(rule in same for rule in BESIDE.get(finding.rule, ()))

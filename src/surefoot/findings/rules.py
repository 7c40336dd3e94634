"""The rules in order. Each is a function of the view and yields findings: fired, or with what stands otherwise.

Each rule decides about all its questions together (`verdict`); intervals in sentences are two-sided 95 %.
Source: the methods page, section "Findings".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from surefoot.findings.balances import rule_cannot_judge, rule_comfortable, rule_every, rule_net, rule_outlook
from surefoot.findings.changed import rule_change
from surefoot.findings.compared import rule_area, rule_differ
from surefoot.findings.finding import Finding, percent
from surefoot.findings.make import GOOD_RESPONSE
from surefoot.findings.shares import rule_about, rule_most, rule_typical, rule_unapproved, rule_unused
from surefoot.findings.view import View
from surefoot.release import Release


def rule_voice(view: View) -> Iterator[Finding]:
    """Whether the people who use the services were asked; staff cannot answer for them."""
    if view.release.instrument.measuring("net-benefit") and view.people == "staff":
        sentence = view.say("The people who use the services, and their carers, were not asked here.")
        yield Finding("voice", "", "who", False, tuple(sentence.parts), (), "Staff cannot answer for them.")


def rule_represent(view: View) -> Iterator[Finding]:
    """Whether enough people answered to speak for all."""
    everybody = view.everybody
    if everybody is None or everybody.rate is None or everybody.answered is None or everybody.headcount is None:
        return
    who = f"{everybody.answered:,} of {everybody.headcount:,} {view.people} answered ({percent(everybody.rate)}%)"
    fired = everybody.rate >= GOOD_RESPONSE
    few = f"; that is fewer than 60%, so no sentence here says what all {view.people} think."
    moved = " “Who answered” shows how far those who did not answer could move the main figures."
    sentence = view.say(who + ("." if fired else few + (moved if view.release.who.bounds else "")))
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
    rule_change,
    rule_voice,
)
"""All rules, in the order in which a report tells them."""

SAID_BY = {"net": ("every",), "typical": ("most",), "about": ("unused",)}
"""A rule, and those whose words about the same question say as much where they fire; it is then not told."""
BESIDE = {"most": ("typical",), "unused": ("about",)}
"""A rule, and those that say more about the same question where it does not fire; it is then not told."""


def find(release: Release) -> tuple[Finding, ...]:
    """All findings of a release, in the order of the rules, and of uses of AI those with the largest lead first.

    No sentence is stored: other answers give other words.
    """
    view = View(release)
    found = [finding for rule in RULES for finding in sorted(rule(view), key=lambda f: -_lead(view, f))]
    return tuple(replace(f, told=_is_told(f, found), certain=_is_certain(f)) for f in found)


def _lead(view: View, finding: Finding) -> float:
    """By how much benefit leads risk in the whole group, for sentences about that; else they stay as they are."""
    figure = view.figure("net", finding.question) if finding.theme == "balance" else None
    return figure.value or 0.0 if figure is not None else 0.0


STATES = ("typical", "most", "about", "unused", "unapproved", "area", "cannot_judge")
"""Rules whose other sentence states something too: a range, two levels, joint first places."""


def _is_certain(finding: Finding) -> bool:
    stated = finding.rule in STATES and bool(finding.figures)
    return finding.fired or stated or bool(finding.claims)


def _is_told(finding: Finding, found: Sequence[Finding]) -> bool:
    """Not where another sentence about the same question says it already, nor where it decides nothing."""
    same = {f.rule: f.fired or bool(f.claims) for f in found if f.question == finding.question}
    if finding.rule == "comfortable" or any(same.get(rule) for rule in SAID_BY.get(finding.rule, ())):
        return False
    if finding.rule == "every":
        return finding.fired or bool(finding.claims)
    return finding.fired or not any(rule in same for rule in BESIDE.get(finding.rule, ()))

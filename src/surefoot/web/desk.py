"""What somebody finds on the home page for their roles: what to do, what to read, in the order of weight.

One function a right; each gives cards, and a card leads to one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surefoot.report import Site
from surefoot.web import released, store
from surefoot.web.participation import Taking
from surefoot.web.roles import ANALYSE, AUDIT, FACILITATE, PARTICIPATION, RESULTS, SAFEGUARD, Visitor
from surefoot.web.stage import Seen, address

MOST_KEYS = MOST_SAID = 3


@dataclass(frozen=True)
class Number:
    """One number of a release, with its interval and what stands beside it."""

    what: str
    value: str
    interval: str
    beside: str


@dataclass(frozen=True)
class Card:
    """One thing on the home page: what it is, why it matters to the reader, and the page that it leads to.

    said: sentences, each with the page of its evidence.
    """

    title: str
    text: str
    link: str
    link_text: str
    numbers: Sequence[Number] = ()
    taking: Sequence[Taking] = ()
    said: Sequence[tuple[str, str]] = ()
    simulated: bool = False


def cards(visitor: Visitor, seen: Seen) -> list[Card]:
    """Everything for the roles of a visitor: own results first, then participation, then work."""
    return [*_results(visitor, seen), *_taking(visitor, seen), *_work(visitor, seen)]


def _results(visitor: Visitor, seen: Seen) -> Iterator[Card]:
    """The latest release: of the own organisation for somebody who has one, of the group for others."""
    if not visitor.may(RESULTS) or not seen.released:
        return
    study, wave = seen.released[-1]
    own = visitor.organisations(RESULTS)
    site = released.site_of(study, wave, organisations=own)
    if site is None:
        return
    for code in own or ():
        yield from _own(site, code, wave)
    if own is None:
        facts = [Number(fact.name, fact.value, "", fact.detail) for fact in site.facts]
        text = f"{site.title}, wave {wave}. Final, with the evidence for every sentence."
        link = address(study, wave, "release")
        said = [(finding.sentence, site.evidence_of(finding)) for finding in site.outline.start[:MOST_SAID]]
        yield Card("What staff said", text, link, "Read the results", facts, said=said, simulated=site.simulated)


def _own(site: Site, code: str, wave: str) -> Iterator[Card]:
    found = site.own(code)
    if found is None:
        return
    people = site.release.people
    numbers = [
        Number(key.what, key.value, key.interval, f"All {people}: {key.everybody.said(key.unit)}")
        for key in found.keys[:MOST_KEYS]
    ]
    text = f"{site.title}, wave {wave}: your organisation beside the group."
    link = f"{site.base}organisations/{code}"
    yield Card(f"Results of {found.name}", text, link, "Read your results", numbers, simulated=site.simulated)


def _taking(visitor: Visitor, seen: Seen) -> Iterator[Card]:
    """Who takes part, while a wave is open."""
    if not visitor.may(PARTICIPATION):
        return
    for wave in seen.every_wave:
        if wave.state == "open":
            own = visitor.organisations(PARTICIPATION)
            taking = store.taking_part(wave.study, wave.name, organisations=own)
            text = f"{wave.study_title}, wave {wave.name}. Answers are taken until the end of the last day."
            link = address(wave.study, wave.name)
            yield Card("Who takes part", text, link, "See participation", taking=taking)


def _work(visitor: Visitor, seen: Seen) -> Iterator[Card]:
    for right, made in _WORK:
        if visitor.may(right):
            yield from made(seen)


def _analyse(seen: Seen) -> Iterator[Card]:
    """The folder of each study that can be taken to the command line."""
    for study in seen.studies:
        if all(wave.state in ("planned", "closed") for wave in seen.waves[study.slug]) and (
            study.imported or any(wave.state == "closed" for wave in seen.waves[study.slug])
        ):
            text = "The same folder that the command line reads: weigh, compare, code comments, trace a figure."
            yield Card(f"Work on {study.title}", text, f"/studies/{study.slug}/export", "Download the folder")


def _facilitate(seen: Seen) -> Iterator[Card]:
    """What a workshop puts before leaders."""
    if seen.released:
        text = "Every sentence with its figures: what is certain, and what nobody knows. Put both before the leaders."
        link = address(*seen.released[-1], "release/findings")
        yield Card("Prepare the workshop", text, link, "Choose findings")


def _safeguard(seen: Seen) -> Iterator[Card]:
    """Comments are read by the safeguarding lead before anybody codes them."""
    commented = [study for study in seen.studies if study.comments]
    for study in commented:
        text = (
            "Staff can write comments. Before anybody sorts them by theme you read those that may tell of harm: the "
            f"analyst runs “surefoot themes safeguarding” on the folder of {study.title}, and you sign."
        )
        yield Card("Comments come to you first", text, f"/studies/{study.slug}/instrument", "See what staff are asked")


def _audit(seen: Seen) -> Iterator[Card]:
    """Whether the log is whole, and what was signed before a wave."""
    whole = store.history_is_whole()
    text = "Every event fits the one before: none was changed or taken out." if whole else "AN EVENT WAS CHANGED."
    yield Card("The audit log is whole" if whole else "The audit log is broken", text, "/audit", "Read the log")
    for wave in seen.every_wave[-1:]:
        missing = len(seen.unsigned.get((wave.study, wave.name), ()))
        text = f"{missing} of its items are not signed." if missing else "All of its items are signed, by name."
        link = address(wave.study, wave.name, "before")
        yield Card(f"What was settled for wave {wave.name}", text, link, "Read who signed")


_WORK = ((FACILITATE, _facilitate), (ANALYSE, _analyse), (SAFEGUARD, _safeguard), (AUDIT, _audit))
"""The rights that bring work, each with the function that makes its cards."""

"""The pages of a Release: which there are, where each part of the report stands, and each page as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from surefoot.findings import Finding
from surefoot.release import Group, Release, released
from surefoot.report.blocks import Block, Chapter
from surefoot.report.chapters import Outline
from surefoot.report.html import Page
from surefoot.report.pages import environment
from surefoot.report.pieces import Hidden
from surefoot.report.reading import Reading
from surefoot.report.site.compared import Compared, compared
from surefoot.report.site.evidence import Rest
from surefoot.report.site.own import Own
from surefoot.study import ORGANISATION

OVERVIEW, WHO, FINDINGS, COMPARED, METHODS = "overview", "who", "findings", "compared", "methods"


@dataclass(frozen=True)
class Place:
    """One page: its address below that of the release, its title, and under which heading it is listed."""

    key: str
    title: str
    under: str


@dataclass(frozen=True)
class Site(Page):
    """A Release as pages. base: the address below which they are, with a slash at its end."""

    base: str = ""

    @classmethod
    def of(cls, release: Release, *, final_by: str | None, base: str) -> Site:
        """The pages of a Release. Raises Refused for anything else."""
        return cls(released(release), Outline(Reading(release)), final_by, base)

    # Which pages there are

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every page that is listed, in order; sentences have pages of their own as well."""
        return tuple(self._places())

    def _places(self) -> Iterator[Place]:
        yield Place(OVERVIEW, "Overview", "Results")
        yield Place(WHO, "Who answered", "Results")
        for chapter in self.chapters:
            yield Place(_key(chapter), chapter.title, "Results")
        for group in self.owned:
            yield Place(f"organisations/{group.code}", self.name(group), "Organisations beside the group")
        if self.between:
            yield Place(COMPARED, "Between organisations", "Comparisons")
        for chapter in self.breakdowns:
            yield Place(_key(chapter), chapter.title, "Comparisons")
        yield Place(FINDINGS, "Findings and their evidence", "Behind the numbers")
        yield Place(METHODS, "Methods, wording and ids", "Behind the numbers")

    @property
    def listed(self) -> tuple[tuple[str, tuple[Place, ...]], ...]:
        """The pages under their headings."""
        headings = dict.fromkeys(place.under for place in self.places)
        return tuple((one, tuple(place for place in self.places if place.under == one)) for one in headings)

    @property
    def owned(self) -> tuple[Group, ...]:
        """The organisations that have a page: with one alone, nothing stands beside it."""
        reading = self.outline.reading
        return reading.organisations if reading.several(reading.organisations) else ()

    def own(self, code: str) -> Own | None:
        """One organisation beside the group; None where it has no page or no number of it is shown."""
        group = Group(ORGANISATION, code)
        found = Own(self.outline, group) if group in self.owned else None
        return found if found is not None and found.shown else None

    @cached_property
    def between(self) -> tuple[Compared, ...]:
        """The comparisons between organisations."""
        return compared(self.outline)

    def name(self, group: Group) -> str:
        """What a group is called."""
        return self.outline.reading.name(group)

    def title_of(self, key: str) -> str:
        """The title of a page; empty where there is none."""
        listed = next((place.title for place in self.places if place.key == key), "")
        return listed or ("Evidence for a finding" if self._finding(key) else "")

    def around(self, key: str) -> tuple[Place | None, Place | None]:
        """The pages before and after one."""
        keys = [place.key for place in self.places]
        if key not in keys:
            return None, None
        place = keys.index(key)
        after = self.places[place + 1] if place + 1 < len(keys) else None
        return (self.places[place - 1] if place else None), after

    # Where everything stands

    def href(self, anchor: str) -> str:
        """The address of an anchor of the report; of a whole part, that of its page."""
        if anchor in self._parts:
            return f"{self.base}{self._parts[anchor]}"
        return f"{self.base}{self._home.get(anchor, OVERVIEW)}#{anchor}"

    def evidence_of(self, finding: Finding) -> str:
        """The address of a sentence's own page of evidence."""
        return f"{self.base}{FINDINGS}/{finding.id}"

    @cached_property
    def _home(self) -> dict[str, str]:
        """The page of each anchor inside a part."""
        found = {"not-shown": WHO, "evidence": METHODS}
        for chapter in (*self.chapters, *self.breakdowns):
            found |= dict.fromkeys(_anchors(chapter), _key(chapter))
        found |= dict.fromkeys((graph.id for block in self.who for graph in block.all_graphs), WHO)
        found |= {f"evidence-{part.question.id}": METHODS for part in self.evidence}
        return found

    @cached_property
    def _parts(self) -> dict[str, str]:
        """The page of each part of the report."""
        found = {"answer": OVERVIEW, "who": WHO, "annex": METHODS}
        found |= {chapter.id: _key(chapter) for chapter in (*self.chapters, *self.breakdowns)}
        return found | {f"for-{group.code}": f"organisations/{group.code}" for group in self.owned}

    # The pages

    def render(self, key: str) -> Markup | None:
        """One page as HTML, from its heading to its end; None where there is no such page."""
        template, content = self._content(key)
        if not template:
            return None
        title = self.title_of(key)
        made = environment().get_template(f"site/{template}.html").render(page=self, here=title, **content)
        return Markup(made)

    def _content(self, key: str) -> tuple[str, dict[str, Any]]:
        fixed = {OVERVIEW: OVERVIEW, WHO: WHO, FINDINGS: FINDINGS, METHODS: METHODS}
        folder, _, name = key.partition("/")
        if key in fixed:
            return fixed[key], {}
        if key == COMPARED and self.between:
            return COMPARED, {}
        if folder == "organisations":
            return self._organisation(name)
        finding = self._finding(key)
        if finding is not None:
            return "evidence", {"rest": Rest(self.outline, finding)}
        for kind, chapters in (("chapter", self.chapters), ("breakdown", self.breakdowns)):
            for chapter in chapters:
                if _key(chapter) == key:
                    return kind, {"chapter": chapter}
        return "", {}

    def _organisation(self, code: str) -> tuple[str, dict[str, Any]]:
        group = Group(ORGANISATION, code)
        if group not in self.owned:
            return "", {}
        own = Own(self.outline, group)
        return ("organisation", {"own": own}) if own.shown else ("hidden", {"one": self._told(group)})

    def _told(self, group: Group) -> Hidden:
        return next(one for one in self.hidden if one.id == f"for-{group.code}")

    def _finding(self, key: str) -> Finding | None:
        folder, _, name = key.partition("/")
        return next((f for f in self.findings if f.id == name), None) if folder == FINDINGS else None

    def sentences(self, *, told: bool) -> tuple[Finding, ...]:
        """The findings that stand as sentences of their own, or those that say what another says already."""
        return tuple(finding for finding in self.findings if finding.told == told)


def _key(chapter: Chapter) -> str:
    return chapter.id.replace(".", "-")


def _anchors(chapter: Chapter) -> Iterator[str]:
    for block in chapter.blocks:
        yield from _anchors_of(block)


def _anchors_of(block: Block) -> Iterator[str]:
    yield block.id
    yield from (graph.id for graph in (*block.graphs, *block.tables))
    for part in block.parts:
        yield from _anchors_of(part)

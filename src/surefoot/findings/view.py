"""A Release as the rules see it: look-ups by question, selector and group, over what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from surefoot.findings.finding import Sentence
from surefoot.instrument import Question, words
from surefoot.release import Comparison, Figure, Group, Participation, Release
from surefoot.study import ORGANISATION

EVERYONE = Group()


@dataclass(frozen=True)
class View:
    """What the rules may look at: the figures of a Release that are shown."""

    release: Release

    @cached_property
    def _index(self) -> dict[tuple[str, str, str, Group], Figure]:
        shown = (figure for figure in self.release.figures if figure.shown)
        return {(f.kind, f.question, f.selector, f.group): f for f in shown}

    def figure(self, kind: str, question: str, selector: str = "", group: Group = EVERYONE) -> Figure | None:
        """A figure that is shown, or None."""
        return self._index.get((kind, question, selector, group))

    def organisations(self, kind: str, question: str, selector: str = "") -> Iterator[tuple[str, Figure | None]]:
        """The figure of every organisation of the study, None where it is not shown."""
        for organisation in self.release.organisations:
            yield organisation.id, self.figure(kind, question, selector, Group(ORGANISATION, organisation.id))

    def say(self, text: str = "") -> Sentence:
        """A sentence that begins with these words; its numbers are rounded as the release shows them."""
        begun = Sentence(self.release.policy)
        return begun.say(text) if text else begun

    def name(self, organisation: str) -> str:
        """What an organisation is called."""
        return next((o.name for o in self.release.organisations if o.id == organisation), organisation)

    def place(self, group: Group) -> str:
        """Where the people of a group are, in words: at an organisation, or among those who gave an answer."""
        if group.breakdown == ORGANISATION:
            return f"at {self.name(group.code)}"
        if group.breakdown not in self.release.instrument:
            return f"in {group.breakdown} {group.code}"
        return f"among {self.option(self.release.instrument[group.breakdown], group.code)}"

    def comparisons(self, family: str, question: str) -> tuple[Comparison, ...]:
        """Comparisons of a family about a question."""
        return tuple(c for c in self.release.comparisons if c.family == family and c.question == question)

    @cached_property
    def everybody(self) -> Participation | None:
        """How many took part in all."""
        return next((p for p in self.release.participation if p.group == EVERYONE), None)

    @property
    def people(self) -> str:
        """The plural noun for those who were asked."""
        return self.release.people

    def short(self, question: Question) -> str:
        """A few words for a question; its text in quotation marks where it has none."""
        return words(question.short) or f"“{words(question.text)}”"

    def option(self, question: Question, selector: str) -> str:
        """The words of an option, or of several that are taken together."""
        texts = {option.id: words(option.text) for option in question.options}
        return " or ".join(f"“{texts[part]}”" for part in selector.split("+") if part in texts)

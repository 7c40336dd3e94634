"""What chapters of the report are made of: sentences on a question with the graphs and tables that show them."""

from __future__ import annotations

from dataclasses import dataclass

from surefoot.findings import Finding
from surefoot.instrument import Question
from surefoot.report.graphs import Graph


@dataclass(frozen=True)
class Written:
    """A theme of comments: its name, what is meant by it, and words of some who wrote about it, each with its group."""

    name: str
    definition: str
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Block:
    """Sentences on one question (or one group of statements), the graphs that show them, and tables for the rest."""

    id: str
    kicker: str
    questions: tuple[Question, ...]
    graphs: tuple[Graph, ...]
    tables: tuple[Graph, ...] = ()
    said: tuple[Finding, ...] = ()
    unsure: tuple[Finding, ...] = ()
    parts: tuple[Block, ...] = ()
    themes: tuple[Written, ...] = ()

    @property
    def heading(self) -> str:
        """The first sentence that is certain, else what the block is about; parts have sentences of their own."""
        return self.said[0].sentence if self.said and not self.parts else self.kicker

    @property
    def further(self) -> tuple[Finding, ...]:
        """The sentences that follow the heading: the certain ones, then those that say what stands instead."""
        if self.parts:
            return tuple(
                part.said[0] if part.said else part.unsure[0] for part in self.parts if part.said or part.unsure
            )
        return (*self.said[1:], *self.unsure)

    @property
    def all_graphs(self) -> tuple[Graph, ...]:
        """Its graphs, and those of its parts."""
        return (*self.graphs, *(graph for part in self.parts for graph in part.all_graphs))


@dataclass(frozen=True)
class Chapter:
    """One part of the report."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    lead: str = ""

"""The attack on one wave: solves each question's puzzle and judges what it found about each hidden cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from surefoot.release.attack.knowledge import PEOPLE, Counts, Item, Knowledge, items
from surefoot.release.attack.program import Search, matrix
from surefoot.release.attack.published import ORGANISATION, Group, Hidden, Publication, Region
from surefoot.release.attack.puzzle import GUESSES, Puzzle
from surefoot.release.attack.result import Cell
from surefoot.release.attack.safe_width import SAFE, SafeWidth
from surefoot.release.attack.totals import SmallTotal, Totals
from surefoot.release.attack.undeclared import undeclared

Progress = Callable[[int, int], None]


@dataclass
class Attacker:
    """Attacks one publication. truth: counts for scoring; exact: counts of what is shown are taken from it."""

    publication: Publication
    truth: Counts
    exact: bool = False
    cells: list[Cell] = field(default_factory=list)
    possible: list[Cell] = field(default_factory=list)
    mistaken: list[Cell] = field(default_factory=list)
    totals: list[SmallTotal] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)
    simplified: int = 0

    @cached_property
    def knowledge(self) -> Knowledge:
        """What the publication says."""
        known = {(*f.group, f.question, f.selector) for f in self.publication.stated if f.shown and f.kind == "share"}
        return Knowledge(self.publication, {k: n for k, n in self.truth.items() if k in known} if self.exact else {})

    def run(self, progress: Progress | None) -> None:
        """Attack the turnout, then every question."""
        questions = list(self.publication.questions.values())
        self._attack(PEOPLE, list(self._silent()))
        cells, possible, mistaken = undeclared(self.knowledge, self.truth)
        self.cells += cells
        self.possible += possible
        self.mistaken += mistaken
        search = Totals(self.knowledge)
        for done, asked in enumerate(questions, 1):
            for item in items(asked):
                self._attack(item, [cell for cell in self.publication.hidden if _belongs(cell, item)])
            total = search.find(asked.id) if asked.id not in self.publication.dimensions else None
            self.totals += [total] if total else []
            if progress:
                progress(done, len(questions))
        self.unresolved += ["small totals"] * bool(search.unresolved)

    def _silent(self) -> Iterator[Hidden]:
        """Turnouts that are not shown."""
        for name, row in self.publication.turnout.items():
            if row.answered is None and name in self.publication.types:
                yield Hidden(Group(ORGANISATION, name), "", "")

    def _attack(self, item: Item, hidden: Sequence[Hidden]) -> None:
        if not hidden:
            return
        regions = [self.publication.region(cell.group) or {} for cell in hidden]
        puzzle = self._puzzle(item, tuple(regions))
        if puzzle is None:
            self.unresolved.append(f"{item.asked.id or 'participation'}: the published figures contradict each other")
            return
        self.simplified += puzzle.simplified
        answers = [item.selected(cell.selector) if item is not PEOPLE else item.given for cell in hidden]
        targets = [puzzle.target(region, wanted) for region, wanted in zip(regions, answers, strict=True)]
        search = Search(puzzle.program, matrix(targets, puzzle.program.size), SAFE)
        lows, highs = search.run()
        for cell, wanted, low, high in zip(hidden, answers, lows, highs, strict=True):
            if high - low < SAFE:
                self._judge(puzzle, cell, wanted, (int(low), int(high)))

    def _puzzle(self, item: Item, regions: tuple[Region, ...]) -> Puzzle | None:
        """The first guess about the method that fits what is published; intervals are left aside where none does."""
        for knowledge in (self.knowledge, self._without_intervals):
            for guess in GUESSES:
                puzzle = Puzzle(knowledge, item, guess, regions)
                if puzzle.program.feasible():
                    return puzzle
        return None

    @cached_property
    def _without_intervals(self) -> Knowledge:
        return replace(self.knowledge, intervals=False)

    def _judge(self, puzzle: Puzzle, hidden: Hidden, answers: frozenset[str], ends: tuple[int, int]) -> None:
        """File a cell by what was found: known too closely, perhaps known too closely, or wrongly believed known."""
        width = ends[1] - ends[0]
        least, most = SafeWidth(puzzle, hidden, answers, self.truth).found(width)
        if width >= most:
            return
        cell = Cell(hidden.group, hidden.question, hidden.selector, *ends, most, self.publication.wave)
        actual = self.truth.get((*hidden.group, hidden.question, hidden.selector), ends[0])
        if not ends[0] <= actual <= ends[1]:
            self.mistaken.append(cell)
        else:
            (self.cells if width < least else self.possible).append(cell)


def _belongs(cell: Hidden, item: Item) -> bool:
    if cell.question != item.asked.id:
        return False
    return bool(item.selected(cell.selector))

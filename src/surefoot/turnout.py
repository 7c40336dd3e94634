"""Who answered a study and what its weights do: for the terminal, as a page, and as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from surefoot.analyse import Analysis, Progress, analyse
from surefoot.errors import BadInput
from surefoot.report import WhoAnswered, who_files, who_reading
from surefoot.study import Study

SCHEMA = "surefoot/who/1"
MISFIT = 2.0
"""Percentage points by which a weighted part may be off its headcount before a line says so."""


@dataclass(frozen=True)
class Turnout:
    """Who answered one wave. Everything is as a release tells it, but for `for_the_analyst`."""

    analysis: Analysis
    files: tuple[Path, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a plain object: what a release tells, and apart from it what is for the analyst alone."""
        release = self.analysis.release
        participation = [
            {"group": str(p.group), "headcount": p.headcount, "answered": p.answered, "status": p.status}
            for p in release.participation
        ]
        return {
            "schema": SCHEMA,
            "study": release.study_id,
            "wave": release.wave,
            "simulated": release.simulated,
            "participation": participation,
            **release.who.to_json(),
            "accounts": [dict(account) for account in release.accounts],
            "for_the_analyst": list(self.for_the_analyst),
            "files": [str(path) for path in self.files],
        }

    @property
    def answered(self) -> WhoAnswered:
        """The same in words and tables."""
        return who_reading(self.analysis.release)

    @property
    def for_the_analyst(self) -> tuple[str, ...]:
        """What weighting did that no report tells; still no group is named, and no count under the minimum is in it."""
        weighing = self.analysis.counted.weighing
        minimum = self.analysis.release.policy.minimum_base
        if weighing is None:
            return ("The study does not ask for weights; [weights] in study.toml does.",)
        classes = "1 class" if weighing.joined == 1 else f"{weighing.joined} classes"
        were = "was" if weighing.joined == 1 else "were"
        few = f"{classes} of the weights had fewer than {minimum} answers and {were} joined with others."
        found = [few if weighing.joined else f"Each class of the weights has at least {minimum} answers."]
        line = self.analysis.release.who.weights
        if line is not None and line.misfit is not None and line.misfit > MISFIT:
            found.append(
                f"A weighted class is {line.misfit:.1f} points from its headcount: raise `trim`, or join its parts."
            )
        return tuple(found)

    def lines(self) -> list[str]:
        """In words, for a terminal."""
        release, answered = self.analysis.release, self.answered
        simulated = "  Simulated answers: no person gave them." if release.simulated else ""
        return [
            f"Who answered: {release.study_title}, wave {release.wave}.{simulated}",
            *(f"  {sentence}" for sentence in answered.weights),
            *(line for one in answered.tables for line in _table(one.title, one.head, one.rows)),
            *(["", "The frame, and the files"] if answered.frame else []),
            *(f"  {sentence}" for sentence in answered.frame),
            "",
            "For the analyst alone, in no report:",
            *(f"  {sentence}" for sentence in self.for_the_analyst),
            *([f"Wrote {len(self.files)} files. Open {self.files[0]}"] if self.files else []),
        ]


def weigh_study(
    study: Study,
    *,
    wave: str | None = None,
    folder: str | Path | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Turnout:
    """Weigh a wave of a study, and say who answered it; with a folder, write it there too. Raises BadInput, Refused."""
    analysis = analyse(study, wave=wave, now=now or datetime.now(UTC), progress=progress)
    if folder is None:
        return Turnout(analysis)
    try:
        return Turnout(analysis, tuple(who_files(analysis.release, Path(folder))))
    except OSError as problem:
        found = problem.strerror or str(problem)
        raise BadInput(str(folder), found, "a folder that can be written") from None


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table in columns, the first to the left, numbers to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    yield from ("", title)
    for row in (head, *rows):
        first, *others = (
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  " + "  ".join([first, *others]).rstrip()

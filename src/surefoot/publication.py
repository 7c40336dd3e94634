"""A study's report on paper, as it were: analysed, written, and, when it is final, kept as the wave's release."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from surefoot.analyse import Analysis, Progress, analyse
from surefoot.errors import BadInput, Refused
from surefoot.release import write_release
from surefoot.report import write_report
from surefoot.study import Study

SCHEMA = "surefoot/publication/1"
_FEW = "no question has {} answers that can be shown without giving somebody away."


@dataclass(frozen=True)
class Publication:
    """What was published: the analysis, the files written, and who signed it (None for a draft)."""

    analysis: Analysis
    files: tuple[Path, ...]
    signed_by: str | None = None

    def to_json(self) -> dict[str, Any]:
        """What was published, as a plain object; released things only."""
        release = self.analysis.release
        return {
            "schema": SCHEMA,
            "study": self.analysis.study.id,
            "wave": self.analysis.wave,
            "final": self.signed_by is not None,
            "simulated": release.simulated,
            "files": [str(path) for path in self.files],
            "figures": len(release.figures),
            "shown": sum(figure.shown for figure in release.figures),
            "not_shown_groups": list(self.not_shown),
            "excluded": dict(self.excluded),
            "findings": [finding.to_json() for finding in self.analysis.findings],
        }

    @property
    def not_shown(self) -> tuple[str, ...]:
        """Groups that are not shown at all, as the release names them."""
        found = (str(entry.group) for entry in self.analysis.release.not_shown if entry.question is None)
        return tuple(dict.fromkeys(found))

    @property
    def excluded(self) -> Counter[str]:
        """Rows of all files that went into no figure, by reason: a misspelt organisation must not vanish quietly."""
        total: Counter[str] = Counter()
        for account in self.analysis.accounts:
            total.update(account.excluded)
        return total

    def lines(self) -> list[str]:
        """The publication in words, for a terminal."""
        release = self.analysis.release
        told = [finding.sentence for finding in self.analysis.findings if finding.told and finding.fired]
        left = [f"{count:,} ({reason})" for reason, count in self.excluded.items() if count]
        nothing = not any(figure.shown for figure in release.figures)
        simulated = "  Simulated answers: no person gave them." if release.simulated else ""
        state = f"Final release, signed by {self.signed_by}" if self.signed_by else "Draft report"
        return [
            f"{state}: {release.study_title}, wave {self.analysis.wave}.{simulated}",
            *(f"  {sentence}" for sentence in told[:8]),
            *([f"  No figure can be shown: {_FEW.format(release.policy.minimum_base)}"] if nothing else []),
            *([f"  Rows that were left out: {', '.join(left)}"] if left else []),
            *([f"  Not shown, to protect small groups: {', '.join(self.not_shown)}"] if self.not_shown else []),
            f"Wrote {len(self.files)} files. Open {next(p for p in self.files if p.suffix == '.html')}",
        ]


def publish(
    study: Study,
    folder: Path,
    *,
    wave: str | None = None,
    final_by: str | None = None,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Publication:
    """Analyse a study and write its report to a folder: a draft, or the final release, signed by a named checker.

    A wave has one final release; another is refused, since two releases of overlapping people can be subtracted from
    each other. So is one without a single figure, which would use the wave up. Raises BadInput and Refused; nothing is
    written then.
    """
    if final_by is not None and not final_by.strip():
        raise Refused("named checker", "a final release needs the name of who checked it", "Give a name.")
    chosen = wave or study.waves[-1]
    place = _place(folder, study)
    kept = study.folder / "releases" / f"wave-{chosen}" if study.folder is not None else None
    if final_by and kept is not None and kept.exists():
        reason = f"wave {chosen} has a final release already ({kept})"
        raise Refused(
            "one release a wave", reason, "Publish the next wave, or withdraw the first by your written policy."
        )
    analysis = analyse(study, wave=chosen, now=now or datetime.now(UTC), progress=progress)
    if final_by and not any(figure.shown for figure in analysis.release.figures):
        reason = "no figure of it can be shown"
        raise Refused("a release shows something", reason, "Wait for more answers; a draft says what is missing.")
    try:
        files = write_report(analysis.release, place, final_by=final_by)
    except OSError as problem:
        found = problem.strerror or str(problem)
        raise BadInput(str(folder), found, "a folder that can be written, beside others that can") from None
    if final_by and kept is not None:
        kept.parent.mkdir(exist_ok=True)
        write_release(analysis.release, kept)
    return Publication(analysis, tuple(files), final_by)


def _place(folder: Path, study: Study) -> Path:
    """Where the report goes: never over kept releases, and not where somebody stands, since the folder is replaced."""
    place = folder.resolve()
    if Path.cwd().is_relative_to(place):
        raise BadInput(str(folder), "the folder that you are in", "another folder, such as `report`")
    if study.folder is not None and place.is_relative_to(study.folder.resolve() / "releases"):
        raise BadInput(str(folder), "the place of final releases", "another folder; --final keeps the release there")
    return place if folder.is_symlink() else folder

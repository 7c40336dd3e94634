"""A study's report on paper, as it were: analysed, written, and, when it is final, kept as the wave's release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from surefoot.analyse import Analysis, Progress, analyse
from surefoot.errors import Refused
from surefoot.release import write_release
from surefoot.report import write_report
from surefoot.study import Study

SCHEMA = "surefoot/publication/1"


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
            "not_shown_groups": [str(group) for group in self.not_shown],
            "findings": [finding.to_json() for finding in self.analysis.findings],
        }

    @property
    def not_shown(self) -> tuple[str, ...]:
        """Groups that are not shown at all, by name."""
        return tuple(str(group) for group in self.analysis.plan.hidden) + self.analysis.plan.left_out

    def lines(self) -> list[str]:
        """The publication in words, for a terminal."""
        release = self.analysis.release
        told = [finding.sentence for finding in self.analysis.findings if finding.told and finding.fired]
        simulated = "  Simulated answers: no person gave them." if release.simulated else ""
        state = f"Final release, signed by {self.signed_by}" if self.signed_by else "Draft report"
        return [
            f"{state}: {release.study_title}, wave {self.analysis.wave}.{simulated}",
            *(f"  {sentence}" for sentence in told[:8]),
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
    each other. Raises BadInput and Refused; nothing is written then.
    """
    chosen = wave or study.waves[-1]
    kept = study.folder / "releases" / f"wave-{chosen}" if study.folder is not None else None
    if final_by and kept is not None and kept.exists():
        reason = f"wave {chosen} has a final release already ({kept})"
        raise Refused(
            "one release a wave", reason, "Publish the next wave, or withdraw the first by your written policy."
        )
    analysis = analyse(study, wave=wave, now=now or datetime.now(UTC), progress=progress)
    files = write_report(analysis.release, folder, final_by=final_by)
    if final_by and kept is not None:
        kept.parent.mkdir(exist_ok=True)
        write_release(analysis.release, kept)
    return Publication(analysis, tuple(files), final_by)

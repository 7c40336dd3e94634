"""A study's report on paper, as it were: analysed, written, and, when it is final, kept as the wave's release."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from surefoot.analyse import Analysis, Progress, analyse
from surefoot.analyse.told import left_out_in_words, left_out_rows
from surefoot.errors import BadInput, Refused
from surefoot.readers import known_organisations
from surefoot.readers.account import first_of
from surefoot.release import RELEASE_FILE, Release, read_release, write_release
from surefoot.report import write_report
from surefoot.report.reading import Reading
from surefoot.revision import check_revision, keep_people
from surefoot.study import Study

SCHEMA = "surefoot/publication/1"
_MEND_SPELLINGS = (
    "Give each spelling its organisation in the file or in the `values` of the mapping; "
    "where these rows are rightly left out, add --accept-left-out."
)
_MOST = 8
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
            "excluded": self.excluded,
            "organisations_not_in_the_study": list(self.unmatched),
            "not_in_the_instrument": {Path(a.file).name: list(a.unread) for a in self.analysis.accounts if a.unread},
            "not_asked": list(self.not_asked),
            "quotes": {"chosen": len(self.analysis.counted.quotes), "shown": len(self.analysis.release.quotes)},
            "findings": [finding.to_json() for finding in self.analysis.findings],
        }

    @property
    def not_shown(self) -> tuple[str, ...]:
        """Groups that are not shown at all, as the release names them."""
        found = (str(entry.group) for entry in self.analysis.release.not_shown if entry.question is None)
        return tuple(dict.fromkeys(found))

    def _hidden_groups(self) -> str:
        """The same in words: of each breakdown the names of its groups."""
        reading = Reading(self.analysis.release)
        found: dict[str, dict[str, None]] = {}
        for entry in self.analysis.release.not_shown:
            if entry.question is None:
                found.setdefault(reading.breakdown_name(entry.group.breakdown), {})[reading.name(entry.group)] = None
        return "; ".join(f"{breakdown}: {', '.join(names)}" for breakdown, names in found.items())

    @property
    def excluded(self) -> dict[str, int | None]:
        """Rows of the wave's files that went into no figure, by reason, so that none vanishes quietly.

        None where they are fewer than 11, or would tell of a file in which they are.
        """
        return left_out_rows(self.analysis.accounts)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Spellings, in quotes, of organisations in the wave's files that the study does not have."""
        return _unmatched(self.analysis)

    @property
    def not_asked(self) -> tuple[str, ...]:
        """Questions without a column in any file of the wave: a renamed column must not vanish quietly."""
        absent = [set(account.absent) for account in self.analysis.accounts]
        lost = set.intersection(*absent) if absent else set()
        study = self.analysis.study
        return tuple(q.id for q in study.instrument.asked if q.id in lost and q.id != study.organisation_question)

    def _left_out(self) -> list[str]:
        """What of the files is in no figure, in words."""
        left = [f"{many} ({reason})" for reason, many in left_out_in_words(self.analysis.accounts).items()]
        names, known = first_of(self.unmatched), ", ".join(known_organisations(self.analysis.study))
        files = [f"{Path(a.file).name}: {_some(a.unread)}" for a in self.analysis.accounts if a.unread]
        return [
            *([f"  Rows that were left out: {', '.join(left)}"] if left else []),
            *([f"  No organisation of the study: {names}; known: {known}"] if names else []),
            *(f"  Columns that are not in the instrument, so not read, in {file}" for file in files),
            *self._quotes_left_out(),
            *([f"  Not asked in these files: {_some(self.not_asked)}"] if self.not_asked else []),
        ]

    def _said(self) -> list[str]:
        """The first sentences that are told, and every one on change since the wave before."""
        told = [finding for finding in self.analysis.findings if finding.told and finding.fired]
        changes = [finding for finding in self.analysis.findings if finding.rule == "change"]
        said = [finding.sentence for number, finding in enumerate(told) if number < _MOST or finding in changes]
        if changes and not any(finding.fired for finding in changes):
            said.append("Since the wave before, no change was found in what was planned to be compared.")
        return said

    def _quotes_left_out(self) -> list[str]:
        left = len(self.analysis.counted.quotes) - len(self.analysis.release.quotes)
        why = "no consent, a theme with too few comments, or a group that is not shown"
        return [f"  Chosen quotes that are not shown: {left} ({why})"] if left else []

    def lines(self) -> list[str]:
        """The publication in words, for a terminal."""
        release = self.analysis.release
        nothing = not any(figure.shown for figure in release.figures)
        simulated = "  Simulated answers: no person gave them." if release.simulated else ""
        state = f"Final release, signed by {self.signed_by}" if self.signed_by else "Draft report"
        return [
            f"{state}: {release.study_title}, wave {self.analysis.wave}.{simulated}",
            *(f"  {sentence}" for sentence in self._said()),
            *([f"  No figure can be shown: {_FEW.format(release.policy.minimum_base)}"] if nothing else []),
            *self._left_out(),
            *([f"  Not shown, to protect small groups: {self._hidden_groups()}"] if self.not_shown else []),
            f"Wrote {len(self.files)} files. Open {next(p for p in self.files if p.suffix == '.html')}",
        ]


def _unmatched(analysis: Analysis) -> tuple[str, ...]:
    """Spellings of organisations in the files of the wave that are none of the study's, each once, in quotes."""
    return tuple(dict.fromkeys(name for account in analysis.accounts for name in account.unmatched))


def _some(names: Sequence[str]) -> str:
    more = [f"{len(names) - _MOST} more"] if len(names) > _MOST else []
    return ", ".join([*names[:_MOST], *more])


def publish(
    study: Study,
    folder: str | Path,
    *,
    wave: str | None = None,
    final_by: str | None = None,
    revises: str | None = None,
    accept_left_out: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Publication:
    """Analyse a study and write its report to a folder: a draft, or the final release, signed by a named checker.

    A wave has one final release, since two releases of overlapping people can be subtracted from each other; revises,
    a reason, replaces it by the written policy (docs/how-to/disclosure.md). What is about to become final is attacked
    first. Refused as well: a release without a single figure, which would use the wave up, and one that leaves out
    answers of organisations that the study does not have, unless accept_left_out says that the checker knows. Raises
    BadInput and Refused; nothing is written then.
    """
    if final_by is not None and not final_by.strip():
        raise Refused("named checker", "a final release needs the name of who checked it", "Give a name.")
    chosen = wave or study.waves[-1]
    folder = Path(folder)
    place = _place(folder, study)
    kept = study.folder / "releases" / f"wave-{chosen}" if study.folder is not None else None
    earlier = _earlier(kept, chosen, revises) if final_by else None
    analysis = analyse(study, wave=chosen, now=now or datetime.now(UTC), progress=progress, final=bool(final_by))
    if final_by:
        analysis = _signed(analysis, final_by, revises, earlier)
        _check_final(analysis, earlier, accept_left_out)
    try:
        with _kept(analysis, kept if final_by else None, progress):
            files = write_report(analysis.release, place, final_by=final_by)
    except OSError as problem:
        found = problem.strerror or str(problem)
        raise BadInput(str(folder), found, "a folder that can be written, beside others that can") from None
    return Publication(analysis, tuple(files), final_by)


def _earlier(kept: Path | None, wave: str, revises: str | None) -> Release | None:
    """The final release that the wave has already, None without one. Refused unless it is to be revised, or where none
    is."""
    if kept is None or not (kept / RELEASE_FILE).exists():
        if revises is not None:
            raise Refused(
                "a revision has something to revise", f"wave {wave} has no final release", "Leave --revises out."
            )
        return None
    if revises is None:
        reason = f"wave {wave} has a final release already ({kept})"
        remedy = "Publish the next wave, or revise the first by the written policy: --revises REASON."
        raise Refused("one release a wave", reason, remedy)
    if not revises.strip():
        raise Refused("one release a wave", "a revision needs a reason", "Say why the first is replaced.")
    return read_release(kept)


def _signed(analysis: Analysis, checker: str, revises: str | None, earlier: Release | None) -> Analysis:
    """The analysis with a release that names its checker, and the releases that it follows."""
    before = (*earlier.earlier_releases, earlier.stamp) if earlier else ()
    signed = replace(analysis.release, checked_by=checker, revises=revises, earlier_releases=before)
    return replace(analysis, release=signed)


def _check_final(analysis: Analysis, earlier: Release | None, accept_left_out: bool) -> None:
    """Raise Refused where a release may not become final."""
    if not any(figure.shown for figure in analysis.release.figures):
        reason = "no figure of it can be shown"
        raise Refused("a release shows something", reason, "Wait for more answers; a draft says what is missing.")
    if not accept_left_out:
        _check_organisations(analysis)
    made = analysis.counted
    if earlier is not None and made.answers is not None:
        check_revision(made.study, made.wave, made.answers, analysis.release.earlier_releases, made.policy)


@contextmanager
def _kept(analysis: Analysis, kept: Path | None, progress: Progress | None) -> Iterator[None]:
    """Keep a final release that withstands its attack once its report is written: staged before, so that neither is
    final without the other. The one that it replaces is kept too."""
    if kept is None:
        yield
        return
    first = not kept.parent.exists()
    staged = kept.with_name(f".{kept.name}.part")
    try:
        write_release(analysis.release, staged)
        _attacked(staged, kept if analysis.release.revises else None, progress)
        yield
        kept.mkdir(exist_ok=True)
        _set_aside(kept)
        (staged / RELEASE_FILE).replace(kept / RELEASE_FILE)
        if analysis.counted.answers is not None:
            keep_people(analysis.study, analysis.wave, analysis.counted.answers)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
        if first and kept.parent.is_dir() and not any(kept.parent.iterdir()):
            kept.parent.rmdir()


def _attacked(staged: Path, earlier: Path | None, progress: Progress | None) -> None:
    """Let the independent attacker try what is about to become final. Raises Refused where it finds anything."""
    from surefoot.release.attack import attack, withstands

    step = None if progress is None else partial(progress, "Attacking the release")
    withstands(attack(staged, other=earlier, progress=step), "what was about to be published")


def _set_aside(kept: Path) -> None:
    """Move the release that is being replaced to `revisions`, under the number that it had."""
    if (kept / RELEASE_FILE).exists():
        place = kept / "revisions" / str(len(list(kept.glob("revisions/*"))) + 1)
        place.mkdir(parents=True)
        shutil.copy2(kept / RELEASE_FILE, place / RELEASE_FILE)


def _check_organisations(analysis: Analysis) -> None:
    """A misspelt organisation would make a final report that is false and cannot be replaced."""
    names = _unmatched(analysis)
    if names:
        known = ", ".join(known_organisations(analysis.study))
        reason = f"rows are left out since no organisation of the study is called {first_of(names)} (known: {known})"
        raise Refused("every organisation is known", reason, _MEND_SPELLINGS)


def _place(folder: Path, study: Study) -> Path:
    """Where the report goes: never over kept releases, and not where somebody stands, since the folder is replaced."""
    place = folder.resolve()
    if Path.cwd().is_relative_to(place):
        raise BadInput(str(folder), "the folder that you are in", "another folder, such as `report`")
    if study.folder is not None and place.is_relative_to(study.folder.resolve() / "releases"):
        raise BadInput(str(folder), "the place of final releases", "another folder; --final keeps the release there")
    return place if folder.is_symlink() else folder

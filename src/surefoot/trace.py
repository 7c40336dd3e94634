"""`surefoot trace`: from a figure's id back to the answers that it was made from, and forward again: equal or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surefoot.analyse import Analysis, Progress, analyse
from surefoot.analyse.told import ALL_FILES
from surefoot.errors import BadInput
from surefoot.instrument import Question, words
from surefoot.readers.told import in_words
from surefoot.release import RELEASE_FILE, SUPPRESSED, Figure, read_release, shown
from surefoot.study import Study, open_programme, open_study


@dataclass(frozen=True)
class Trace:
    """What was found about one figure.

    verdict: "equal" (made again from the answers, it is what was released), "different", or "suppressed". facts: label
    and text, in the order of telling; never a value of a figure that is not released.
    """

    id: str
    verdict: str
    facts: tuple[tuple[str, str], ...]
    released: dict[str, Any] | None = None
    recomputed: dict[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The trace as a plain object."""
        facts = dict(self.facts)
        return {
            "schema": "surefoot/trace/1",
            "id": self.id,
            "verdict": self.verdict,
            "facts": facts,
            "released": self.released,
            "recomputed": self.recomputed,
        }

    def lines(self) -> list[str]:
        """The trace in words, for a terminal."""
        width = max(len(label) for label, _ in self.facts)
        told = [f"{label:<{width}}  {text}" for label, text in self.facts]
        if self.verdict == "suppressed":
            return [self.id, *told, "suppressed: this figure is not shown, to protect a small group"]
        released, again = (json.dumps(figure, ensure_ascii=False) for figure in (self.released, self.recomputed))
        made = [f"made again  {again}"] if self.recomputed is not None else []
        return [self.id, *told, f"released    {released}", *made, self.verdict]


def trace(figure_id: str, programme: str | Path, *, progress: Progress | None = None) -> Trace:
    """Find a figure in the releases of a programme, say what it was made from, and make it again from the answers.

    Raises BadInput where no release below the folder has a figure of that id.
    """
    programme = Path(programme)
    path, figure = _released(figure_id, programme)
    study = _study_of(figure, programme)
    if figure.status == SUPPRESSED:
        return Trace(figure_id, "suppressed", _identity(figure, study, path))
    analysis = analyse(study, wave=figure.wave, progress=progress)
    again = next((made for made in analysis.release.figures if made.id == figure_id), None)
    policy = analysis.release.policy
    before, after = vars(shown(figure, policy)), vars(shown(again, policy)) if again is not None else None
    verdict = "equal" if before == after else "different"
    facts = (*_identity(figure, study, path), *_sources(analysis))
    # Other answers would make a second release of people who overlap, so what they give is not told.
    return Trace(figure_id, verdict, facts, before, after if verdict == "equal" else None)


def _released(figure_id: str, programme: Path) -> tuple[Path, Figure]:
    """The figure as the first release holds it, kept final releases before drafts."""
    found_paths = (path for path in programme.rglob(RELEASE_FILE) if _is_release(path))
    paths = sorted(found_paths, key=lambda path: (not _is_kept(path), path))
    for path in paths:
        for figure in (made := read_release(path)).figures + made.earlier_figures:
            if figure.id == figure_id:
                return path, figure
    found = f'no figure "{figure_id}" in {len(paths)} release{"" if len(paths) == 1 else "s"}'
    expected = "the id of a figure in a release below this folder, as reports print it"
    if programme.is_dir() and not any(map(_is_kept, paths)):
        found += ": no final release yet"
        expected += "; `surefoot report STUDY --out DIR --final --checked-by NAME` makes one"
    raise BadInput(str(programme), found, expected)


def _is_kept(path: Path) -> bool:
    return path.parent.parent.name == "releases"


def _is_release(path: Path) -> bool:
    try:
        return str(json.loads(path.read_text(encoding="utf-8")).get("schema", "")).startswith("surefoot/release/")
    except (OSError, ValueError, AttributeError):
        return False


def _study_of(figure: Figure, programme: Path) -> Study:
    for folder in open_programme(programme).study_folders:
        study = open_study(folder)
        if study.id == figure.study:
            return study
    raise BadInput(str(programme), f'no study "{figure.study}"', "the study that the figure was released from")


def _identity(figure: Figure, study: Study, path: Path) -> tuple[tuple[str, str], ...]:
    question = study.instrument.by_id.get(figure.question) or _coded(figure.question, path)
    facts: tuple[tuple[str, str], ...] = (
        ("question", words(question.text) if question else f"{figure.question}, which is asked no more"),
        ("answer", figure.selector or "-"),
        ("group", str(figure.group)),
        ("wave", figure.wave),
        ("kind", figure.kind),
        ("method", figure.method),
        ("claim", figure.claim or "-"),
        ("instrument", f"{study.instrument.name} ({figure.instrument})"),
        ("study", study.id),
        ("release", str(path) if _is_kept(path) else f"{path}, a draft"),
    )
    if figure.instrument != study.instrument.id:
        facts = (*facts, ("changed", f"the study has another instrument now ({study.instrument.id})"))
    return (*facts, ("simulated", "yes: no person gave these answers")) if study.simulated else facts


def _coded(question: str, path: Path) -> Question | None:
    """A question that was coded from comments, which only the release holds."""
    found = read_release(path).instrument.by_id.get(question)
    return found if found is not None and found.coded_from else None


def _sources(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    """Files and rows; with an organisation that is not shown, no rows, as its own could be worked out from them."""
    accounts = [account for account in analysis.release.accounts if account["file"] != ALL_FILES]
    if not accounts:
        files = ", ".join(Path(account.file).name for account in analysis.accounts)
        return (("answers from", f"{files}; rows are not told where an organisation is not shown"),)
    return tuple((f"answers from {account['file']}", _rows(account)) for account in accounts)


def _rows(account: Mapping[str, Any]) -> str:
    excluded = "; ".join(f"{in_words(count)} {reason}" for reason, count in account["excluded"].items()) or "none"
    rows = "" if account["rows"] is None else f"{in_words(account['rows'])} rows read, "
    return f"{rows}{in_words(account['kept'])} kept, excluded: {excluded}"

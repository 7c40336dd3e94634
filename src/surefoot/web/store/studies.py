"""Studies from rows: as core objects, as a folder of files that the command line reads, and as pages show them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from surefoot.instrument import Instrument, instrument_from_table, translated, write_instrument
from surefoot.release import RELEASE_FILE
from surefoot.responses import Responses, write_responses
from surefoot.study import SCHEMA, Study, open_study
from surefoot.web import models
from surefoot.web.catalogue import languages
from surefoot.web.columns import responses_of
from surefoot.web.lines import read_lines, write_lines
from surefoot.web.store.folder import SECRET_FILE, WAVES_FILE, check_closed, keyed, waves_table, write_programme_files
from surefoot.web.store.governance import governance_table
from surefoot.whole import write_whole

INSTRUMENT_FILE = "instrument.toml"
GOVERNANCE_FILE = "governance.toml"


@lru_cache(maxsize=64)
def instrument(content: str) -> Instrument:
    """An instrument by the id of its content; what has an id never changes, so it is built once a process."""
    return instrument_from_table(models.Instrument.objects.get(id=content).table)


@lru_cache(maxsize=64)
def shown_instrument(content: str) -> Instrument:
    """The same instrument to show and to print: with the bank's translations wherever it has no words of its own."""
    shown = instrument(content)
    for code in languages():
        shown = translated(shown, code)
    return shown


@dataclass(frozen=True)
class Overview:
    """A study as pages show it.

    imported: waves that were brought in as files. released: waves with a final release. comments: whether people can
    write in their own words. delete_answers_on: the day on which answers are deleted, if one is set; files_deleted:
    those of the files were.
    """

    slug: str
    title: str
    instrument: str
    instrument_title: Mapping[str, str]
    questions: int
    simulated: bool
    imported: tuple[str, ...]
    released: tuple[str, ...]
    comments: bool = False
    delete_answers_on: date | None = None
    files_deleted: bool = False


@dataclass(frozen=True)
class Provider:
    """An organisation of a study, with all its staff; None where nobody counted them."""

    slug: str
    name: str
    service_type: str
    staff: int | None


def programme_title() -> str | None:
    """The title of the programme; None before there is one."""
    return models.Programme.objects.values_list("title", flat=True).first()


def overviews() -> tuple[Overview, ...]:
    """All studies, in the order in which they were made."""
    return tuple(_overview(row) for row in models.Study.objects.order_by("id"))


def overview(slug: str) -> Overview | None:
    """One study as pages show it; None where there is none."""
    row = models.Study.objects.filter(slug=slug).first()
    return _overview(row) if row else None


def _overview(row: models.Study) -> Overview:
    asked, lines = instrument(row.instrument_id), read_lines(row.lines)
    return Overview(
        slug=row.slug,
        title=row.title,
        instrument=row.instrument_id,
        instrument_title=asked.title,
        questions=len(asked.asked),
        simulated=bool(lines.get("simulated")),
        imported=tuple(dict.fromkeys(str(source.get("wave", "1")) for source in lines.get("source", ()))),
        released=tuple(row.releases.order_by("id").values_list("wave", flat=True)),
        comments=any(question.kind == "text" for question in asked.asked),
        delete_answers_on=row.delete_answers_on,
        files_deleted=_files_deleted(row, lines),
    )


def known_question(slug: str) -> str | None:
    """The question of a study whose answer every link, and every paper, says already; None where there is none."""
    return models.Study.objects.values_list("known", flat=True).get(slug=slug) or None


def _files_deleted(row: models.Study, lines: Mapping[str, Any]) -> bool:
    """Whether the files of answers that a study came with were deleted on their day."""
    named = {str(source["file"]) for source in lines.get("source", ())}
    return bool(named) and not row.files.filter(path__in=named).exists()


def organisations(slug: str) -> tuple[Provider, ...]:
    """The organisations of a study, in order."""
    rows = models.Organisation.objects.filter(study__slug=slug)
    return tuple(
        Provider(o.slug, o.name, o.service_type, sum(o.headcount.values()) if o.headcount else None) for o in rows
    )


def study(slug: str, folder: Path) -> Study:
    """A study as the core knows it: in a folder that `materialise` writes, read as the command line reads it."""
    return open_study(materialise(slug, folder))


def materialise(slug: str, folder: Path, *, secret: bool = True) -> Path:
    """Write a study as the folder of files that the command line reads, with the answers of closed waves alone.

    secret: with the study's key, and the files that are of use only with it, for work on this server; an export leaves
    them out unless the whole programme moves. Returns the folder.
    """
    row = models.Study.objects.get(slug=slug)
    _write_files(row, folder, secret)
    (folder / "answers").mkdir(parents=True, exist_ok=True)
    asked = instrument(row.instrument_id)
    write_instrument(asked, folder / INSTRUMENT_FILE)
    lines = read_lines(row.lines)
    kept = set(row.files.values_list("path", flat=True))
    sources = [source for source in lines.pop("source", []) if source["file"] in kept]
    for closed in row.waves.filter(state=models.Wave.CLOSED, answers_deleted_on=None):
        sources += _write_answers(closed, asked, folder)
    write_whole(folder / "study.toml", write_lines(_table(row, lines, sources)))
    for name, table in ((GOVERNANCE_FILE, governance_table(row)), (WAVES_FILE, waves_table(row))):
        if table:
            write_whole(folder / name, write_lines(table))
    for release in row.releases.all():
        place = folder / "releases" / f"wave-{release.wave}"
        place.mkdir(parents=True, exist_ok=True)
        write_whole(place / RELEASE_FILE, release.content)
    if secret:
        write_whole(folder / SECRET_FILE, bytes(row.secret).hex() + "\n", private=True)
    return folder


def materialise_programme(folder: Path, *, keys: bool = False) -> Path:
    """Write the whole programme as the folder that the command line uses. Raises Refused while any wave is open.

    keys: with the key of each study and what is of use only with it, such as the codes of comments.
    """
    check_closed()
    write_programme_files(folder)
    for row in models.Study.objects.order_by("id"):
        materialise(row.slug, folder / "studies" / row.slug, secret=keys)
    return folder


def _write_files(row: models.Study, folder: Path, keys: bool) -> None:
    for file in row.files.all():
        if keyed(file.path) and not keys:
            continue
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, bytes(file.content), private=keyed(file.path))


def _table(row: models.Study, lines: Mapping[str, Any], sources: list[Any]) -> dict[str, Any]:
    """The table of study.toml; TOML has no null, so what is empty is left out."""
    frame: date | None = row.frame_date
    table = {
        "schema": SCHEMA,
        "id": row.slug,
        "title": row.title,
        "instrument": INSTRUMENT_FILE,
        "frame_date": frame,
        **lines,
        "organisation": list(_organisation_tables(row)),
        "source": sources,
    }
    return {key: value for key, value in table.items() if value not in (None, "", [], {})}


def _organisation_tables(row: models.Study) -> Iterator[dict[str, Any]]:
    for one in row.organisations.all():
        table = {"id": one.slug, "name": one.name, "service_type": one.service_type, "headcount": one.headcount}
        yield {key: value for key, value in table.items() if value != {}}


def _write_answers(closed: models.Wave, asked: Instrument, folder: Path) -> Iterator[dict[str, str]]:
    """Write the answers of a closed wave, those from paper in a file of their own; the sources of both come out.

    The rows stand in the order that closing has made random.
    """
    rows = models.Answer.objects.filter(wave=closed).values_list("organisation__slug", "content", "phase", "paper")
    sent, typed = ([row for row in rows if row[3] is paper] for paper in (False, True))
    files = {f"answers/wave-{closed.name}.parquet": sent}
    files |= {f"answers/wave-{closed.name}-on-paper.parquet": typed} if typed else {}
    for name, part in files.items():
        write_responses(_answers(closed, asked, part), folder / name)
        yield {"file": name, "wave": closed.name}


def _answers(closed: models.Wave, asked: Instrument, rows: Sequence[tuple[str, str, int, bool]]) -> Responses:
    slugs = list(closed.study.organisations.values_list("slug", flat=True))
    sent = [(slug, json.loads(text)) for slug, text, *_ in rows]
    phases = [phase for _, _, phase, _ in rows] if closed.phase == 2 else None
    return responses_of(asked, sent, organisations=slugs, wave=closed.name, phases=phases)


def has_wave(study: str, wave: str) -> bool:
    """Whether a study has a wave, asked here or brought in as files."""
    found = overview(study)
    return found is not None and (
        wave in found.imported or models.Wave.objects.filter(study__slug=study, name=wave).exists()
    )

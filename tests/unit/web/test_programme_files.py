"""A whole programme goes from the database into a folder and from a folder into the database, without loss."""

import io
import json
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surefoot.analyse import analyse
from surefoot.errors import BadInput, Refused
from surefoot.publication import publish
from surefoot.readers import read_study
from surefoot.responses import read_responses
from surefoot.study import open_study

BY = "lead@example.org"
NOW = datetime(2026, 11, 25, tzinfo=UTC)
FIRST = date(2026, 9, 1)
PLACES = ["first", "second", "third", "other"]
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
answers = st.fixed_dictionaries(
    {},
    optional={
        "used": st.sampled_from(["yes", "no", "dont-know-enough", None]),
        "tools": st.sampled_from([["chat"], ["chat", "notes"], ["none"], None]),
        "wanted": st.permutations(PLACES).flatmap(lambda order: st.sampled_from([order[:1], order[:3], order, None])),
        "hours": st.integers(0, 10_000) | st.none(),
        "area": st.sampled_from([*PLACES, None]),
        "comment": words,
    },
)
waves = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["planned", "closed"]),
        "phase": st.sampled_from([1, 2]),
        "days": st.integers(0, 30),
        "sent": st.lists(st.tuples(st.sampled_from(["north", "south"]), answers, st.sampled_from([1, 2])), max_size=8),
        "silent": st.integers(0, 3),
        "paper": st.booleans(),
    }
)
studies = st.fixed_dictionaries(
    {
        "title": words,
        "groups": st.booleans(),
        "frame": st.none() | st.dates(date(2026, 1, 1), date(2026, 8, 1)),
        "waves": st.lists(waves, max_size=2),
    }
)
programmes = st.fixed_dictionaries(
    {"title": words, "keys": st.booleans(), "studies": st.lists(studies, min_size=1, max_size=2)}
)


@contextmanager
def database(migrated: Path, place: Path) -> Iterator[None]:
    """A fresh database of its own."""
    from django.db import connection

    from surefoot.web import store

    shutil.copy(migrated, place)
    connection.close()
    connection.settings_dict["NAME"] = str(place)
    store.studies.instrument.cache_clear()
    yield
    connection.close()


def fill(told: Any, asked: Any) -> None:
    """Write a programme into the database."""
    from surefoot.web import actions, models

    actions.found_programme(slug="ours", title=told["title"], by=BY)
    for number, study in enumerate(told["studies"]):
        slug = f"study-{number}"
        actions.add_study(slug=slug, title=study["title"], instrument=asked, by=BY)
        staff: Any = {"yes": 30, "no": 40} if study["groups"] else 70
        places = [("south", "South", "care-home", staff), ("north", "North", "", staff)]
        actions.set_organisations(study=slug, organisations=places, by=BY)
        models.Study.objects.filter(slug=slug).update(frame_date=study["frame"])
        for place, wave in enumerate(study["waves"]):
            last = FIRST + timedelta(days=wave["days"])
            actions.plan_wave(study=slug, name=f"w-{place}", opens=FIRST, closes=last, by=BY)
            if wave["state"] == "closed":
                add_closed(models.Wave.objects.get(study__slug=slug, name=f"w-{place}"), wave)


def add_closed(row: Any, told: Any) -> None:
    """Answers and invitations of a wave as closing leaves them."""
    from surefoot.web import models

    row.state, row.phase = "closed", told["phase"]
    row.save()
    places = {one.slug: one for one in row.study.organisations.all()}
    for number, (slug, given_answers, phase) in enumerate(told["sent"]):
        at = phase if told["phase"] == 2 else 1
        content = json.dumps(given_answers)
        paper = told["paper"] and number == 0
        models.Answer.objects.create(wave=row, organisation=places[slug], phase=at, content=content, paper=paper)
        if paper:
            continue
        models.Invitation.objects.create(key=f"{row.pk}-{number}", wave=row, organisation=places[slug], spent=True)
    for number in range(told["silent"]):
        models.Invitation.objects.create(key=f"{row.pk}-silent-{number}", wave=row, organisation=places["north"])


def held() -> dict[str, Any]:
    """All that a programme is in the database, without keys, ids and places of rows."""
    from surefoot.web import models, store

    texts = ("comment",)

    def plain(content: str) -> str:
        """A text that was left empty and one that was not asked are both no text."""
        given_answers = json.loads(content)
        return json.dumps({k: v for k, v in given_answers.items() if k not in texts or v}, sort_keys=True)

    of = ("wave__study__slug", "wave__name", "organisation__slug")
    rows = models.Answer.objects.values_list(*of, "phase", "paper", "content")
    invited = models.Invitation.objects.filter(wave__state="closed")
    return {
        "title": store.programme_title(),
        "studies": store.overviews(),
        "organisations": list(
            models.Organisation.objects.order_by("study__slug", "position").values_list(
                "study__slug", "slug", "name", "service_type", "headcount"
            )
        ),
        "waves": list(
            models.Wave.objects.order_by("study__slug", "name").values_list(
                "study__slug", "name", "opens", "closes", "state", "phase"
            )
        ),
        "frames": list(models.Study.objects.order_by("slug").values_list("slug", "frame_date", "known", "lines")),
        "answers": Counter((*row[:5], plain(row[5])) for row in rows),
        "invited": Counter(invited.values_list(*of, "spent")),
    }


def files(folder: Path) -> dict[str, Any]:
    """What a folder holds: answers as answers, since a file of them has more than one form, and all else as it is."""

    def content(path: Path) -> Any:
        if path.suffix != ".parquet":
            return path.read_bytes()
        made = read_responses(path)
        return made.digest(b"k"), made.table.to_dicts(), made.texts.to_dicts(), made.organisations, made.waves

    return {p.relative_to(folder).as_posix(): content(p) for p in sorted(folder.rglob("*")) if p.is_file()}


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(told=programmes)
def test_database_to_folder_and_back_is_equal(told: Any, migrated: Path, tmp_path: Path, asked: Any) -> None:
    """Whatever the programme: what comes back is the same, in the database and as the folder that goes out again."""
    from surefoot.web import actions, models, store

    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        place = Path(folder)
        with database(migrated, place / "first.sqlite3"):
            fill(told, asked)
            first = held()
            secrets = [bytes(row.secret) for row in models.Study.objects.order_by("slug")]
            store.materialise_programme(place / "one", keys=told["keys"])
        with database(migrated, place / "second.sqlite3"):
            actions.import_programme(folder=place / "one", by=BY)
            assert held() == first
            again = [bytes(row.secret) for row in models.Study.objects.order_by("slug")]
            assert (again == secrets) == told["keys"]
            store.materialise_programme(place / "two", keys=told["keys"])
        assert files(place / "one") == files(place / "two")
        assert bool(list((place / "one").rglob("secret"))) == told["keys"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo programme, with coded comments, files beside its study, and what must not come along."""
    from surefoot.demo import write_programme

    place = tmp_path_factory.mktemp("programme")
    study = write_programme(place)
    for name, text in {
        "workshops/one/minutes.toml": "title = 'Minutes'\n",
        "evidence/a.json": "{}\n",
        "instruments/extra.toml": "x = 1\n",
        "server/server-key": "secret",
        "report/report.html": "<p>",
        ".hidden/x": "x",
        "workshops/.hidden": "x",
        "studies/staff-survey-2026/.surefoot-cache/x.json": "{}",
        "studies/staff-survey-2026/private/people-wave-1.json": "{}",
    }.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
    assert (study / "secret").is_file()
    return place


def test_folder_to_database_and_back_is_equal(folder: Path, web: Path, tmp_path: Path) -> None:
    """The same studies, the same answers, the same figures, the themes of comments included; and nothing else."""
    from surefoot.web import actions, store

    assert actions.import_programme(folder=folder, by=BY) == ["staff-survey-2026"]
    assert store.programme_title() == "Demo: five providers (simulated)"
    out = store.materialise_programme(tmp_path / "out", keys=True)
    first, again = files(folder), files(out)
    gone = {name for name in first if name not in again}
    assert gone == {
        "server/server-key",
        "report/report.html",
        ".hidden/x",
        "workshops/.hidden",
        "studies/staff-survey-2026/.surefoot-cache/x.json",
    }
    assert set(again) - set(first) == {"studies/staff-survey-2026/instrument.toml"}
    rewritten = {"programme.toml", "studies/staff-survey-2026/study.toml"}
    assert {name for name in again if name in first and again[name] != first[name]} <= rewritten
    ours, theirs = (open_study(place / "studies" / "staff-survey-2026") for place in (folder, out))
    for field in ("id", "title", "instrument", "organisations", "breakdowns", "headcount_by", "policy", "comments"):
        assert getattr(ours, field) == getattr(theirs, field), field
    assert read_study(ours)[0].digest(b"k") == read_study(theirs)[0].digest(b"k")
    figures = [analyse(study, now=NOW, stage_b=False).release.to_polars() for study in (ours, theirs)]
    assert figures[0].equals(figures[1])
    private = out / "studies/staff-survey-2026/private/people-wave-1.json"
    assert private.stat().st_mode & 0o777 == 0o600


def test_without_keys_nothing_goes_that_needs_them(folder: Path, web: Path, tmp_path: Path) -> None:
    """No secret, no codes of comments, no digests of people; and what came in without a key has none of them either."""
    from surefoot.web import actions, models, store

    actions.import_programme(folder=folder, by=BY)
    out = store.materialise_programme(tmp_path / "out")
    names = set(files(out))
    assert not [name for name in names if "/comments/" in name or "/private/" in name or name.endswith("/secret")]
    models.Study.objects.all().delete()
    (out / "studies/staff-survey-2026/comments").mkdir()
    (out / "studies/staff-survey-2026/comments/x.csv").write_text("x")
    actions.import_programme(folder=out, by=BY)
    assert not models.StudyFile.objects.filter(path__startswith="comments/").exists()


def test_final_release_goes_along_with_its_checker(web: Path, tiny: Callable[..., Path], tmp_path: Path) -> None:
    """The release of the command line, and the revision of one, are the same file afterwards."""
    from surefoot.web import actions, models, store

    study = tiny("studies/tiny")
    (tmp_path / "programme.toml").write_text('schema = "surefoot/programme/1"\nid = "p"\ntitle = "P"\nowner = "Sam"\n')
    publish(open_study(study), tmp_path / "report", final_by="Sam Okoro")
    release = (study / "releases/wave-1/release.json").read_bytes()
    actions.import_programme(folder=tmp_path, by=BY)
    assert models.Release.objects.get().checked_by == "Sam Okoro"
    out = store.materialise_programme(tmp_path / "out")
    assert (out / "studies/tiny/releases/wave-1/release.json").read_bytes() == release
    assert 'owner = "Sam"' in (out / "programme.toml").read_text()


def test_export_is_refused_before_the_close_and_noted_after(opened: Any, send: Any, client: Any) -> None:
    """No answer leaves while a wave is open; afterwards the audit log says who took the programme, and with what."""
    from surefoot.web import actions, store

    wave, lead, analyst = opened(), client("programme-lead"), client("analyst")
    send(wave.one, wave.today)
    assert lead.post("/programme/export").status_code == 409
    assert "export-programme" not in [event.action for event in store.history()]
    actions.close_wave(study="staff", wave="1", by=BY)
    page = lead.post("/programme/export", {"keys": "yes"})
    names = zipfile.ZipFile(io.BytesIO(page.content)).namelist()
    assert {"programme.toml", "studies/staff/waves.toml", "studies/staff/secret"} <= set(names)
    assert store.history()[0].details == {"keys": True}
    assert analyst.post("/programme/export", {"keys": "yes"}).status_code == 409
    plain = zipfile.ZipFile(io.BytesIO(analyst.post("/programme/export").content)).namelist()
    assert "studies/staff/secret" not in plain


def test_programme_comes_in_whole_or_not_at_all(opened: Any, send: Any, client: Any, web: Path) -> None:
    """Through the pages; a second time it is here already, and nothing of it comes in."""
    from surefoot.web import actions, models

    opened("first")
    actions.close_wave(study="first", wave="1", by=BY)
    lead = client("programme-lead")
    content = lead.post("/programme/export").content

    def upload() -> Any:
        return lead.post("/programme/import", {"folder": SimpleUploadedFile("p.zip", content)})

    assert upload().status_code == 400
    models.Invitation.objects.all().delete()
    models.Wave.objects.all().delete()
    models.Study.objects.all().delete()
    assert upload().status_code == 302
    assert models.Wave.objects.get().state == "closed"
    assert models.Invitation.objects.count() == 10
    assert lead.post("/programme/import", {"folder": SimpleUploadedFile("p.zip", b"no")}).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        ('state = "closed"', 'state = "open"'),
        ('name = "1"', 'name = "../1"'),
        ("phase = 1", "phase = 3"),
        ("north = 5", "north = -5"),
        ("surefoot/waves/1", "surefoot/waves/2"),
    ],
)
def test_changed_waves_are_refused(opened: Any, tmp_path: Path, change: tuple[str, str]) -> None:
    """A wave that a folder describes must be one that an export could have written; an open one never is."""
    from surefoot.web import actions, models, store

    opened()
    actions.close_wave(study="staff", wave="1", by=BY)
    folder = store.materialise("staff", tmp_path / "out")
    text = (folder / "waves.toml").read_text()
    assert change[0] in text
    (folder / "waves.toml").write_text(text.replace(*change))
    models.Invitation.objects.all().delete()
    models.Wave.objects.all().delete()
    models.Study.objects.all().delete()
    with pytest.raises(BadInput, match=r"waves\.toml"):
        actions.import_study(folder=folder, by=BY)
    assert models.Study.objects.count() == 0


def test_staff_are_counted_by_group(web: Path, asked: Any, client: Any) -> None:
    """A column for each answer of a question; all lines, and the sum where it is given, must agree with it."""
    from surefoot.web import actions, models, store

    actions.add_study(slug="s", title="S", instrument=asked, by=BY)
    lead = client("programme-lead")

    def upload(text: str) -> Any:
        return lead.post("/studies/s/organisations", {"organisations": SimpleUploadedFile("o.csv", text.encode())})

    assert upload("id,name,staff,yes,no\nnorth,North,70,30,40\nsouth,South,,5,\n").status_code == 302
    assert models.Organisation.objects.get(slug="north").headcount == {"yes": 30, "no": 40}
    assert [one.staff for one in store.organisations("s")] == [70, 5]
    assert 'headcount_by = "used"' in models.Study.objects.get().lines
    assert upload("id,name,staff,yes,no\nnorth,North,71,30,40\n").status_code == 400
    assert upload("id,name,yes,other\nnorth,North,1,2\n").status_code == 400
    assert upload("id,name,first,other\nnorth,North,1,2\n").status_code == 302
    assert 'headcount_by = "area"' in models.Study.objects.get().lines
    assert upload("id,name,staff\nnorth,North,9\n").status_code == 302
    assert "headcount_by" not in models.Study.objects.get().lines
    assert upload("id,name\nnorth,North\n").status_code == 400


def test_open_wave_is_named(opened: Any) -> None:
    """The rule and the wave."""
    from surefoot.web import store

    opened()
    with pytest.raises(Refused, match="wave 1 is not closed"):
        store.check_closed()

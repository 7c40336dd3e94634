"""A database of its own for each test, a wave that is open, and people with roles."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from surefoot.instrument import instrument_from_table
from surefoot.web.link import Link
from surefoot.web.server import prepare

BY = "lead@example.org"
PASSWORD = "correct horse battery"
WORDS: dict[str, Any] = {
    "schema": "surefoot/instrument/1",
    "name": "kinds",
    "title": "One of each kind",
    "languages": ["en"],
    "minutes": 2,
    "introduction": "A few questions.",
    "section": [{"id": "all", "title": "All of it", "text": "An introduction to the section."}],
    "scale": [
        {
            "id": "yes-no",
            "options": [
                {"id": "yes", "text": "Yes"},
                {"id": "no", "text": "No"},
                {"id": "dont-know-enough", "text": "I don't know enough to say"},
            ],
        },
        {
            "id": "tools",
            "options": [
                {"id": "chat", "text": "Chat"},
                {"id": "notes", "text": "Notes"},
                {"id": "none", "text": "None of these", "exclusive": True},
            ],
        },
        {
            "id": "places",
            "options": [
                {"id": "first", "text": "First place", "position": 1},
                {"id": "second", "text": "Second place", "position": 2},
                {"id": "third", "text": "Third place", "position": 3},
                {"id": "other", "text": "Other"},
            ],
        },
    ],
    "question": [
        {"id": "used", "kind": "single", "section": "all", "text": "Ever used AI?", "scale": "yes-no"},
        {
            "id": "tools",
            "kind": "multi",
            "section": "all",
            "text": "Which tools?",
            "scale": "tools",
            "show_if": [{"question": "used", "any_of": ["yes"]}],
        },
        {"id": "wanted", "kind": "ranked", "section": "all", "text": "Which first?", "scale": "places"},
        {"id": "hours", "kind": "number", "section": "all", "text": "How many hours?", "decimals": 1, "unit": "hours"},
        {
            "id": "area",
            "kind": "single",
            "section": "all",
            "text": "Which area?",
            "scale": "places",
            "order": "shuffled",
            "optional": True,
        },
        {"id": "comment", "kind": "text", "section": "all", "text": "Anything else?", "optional": True},
    ],
}
ANSWERS = {"used": "yes", "tools": ["chat"], "wanted": ["second", "first"], "hours": 75, "area": None, "comment": "Hm"}


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all its tables and nothing in it."""
    from django.db import connection

    place = tmp_path_factory.mktemp("web") / "migrated.sqlite3"
    connection.settings_dict["NAME"] = str(place)
    prepare()
    connection.close()
    return place


@pytest.fixture
def web(migrated: Path, tmp_path: Path) -> Iterator[Path]:
    """A fresh copy of that database, in a file of its own; its path comes out."""
    from django.db import connection

    from surefoot.web import limits, store

    place = tmp_path / "web.sqlite3"
    shutil.copy(migrated, place)
    connection.close()
    connection.settings_dict["NAME"] = str(place)
    limits._TRIES.clear()
    store.studies.instrument.cache_clear()
    yield place
    connection.close()


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No process is started: what would be is noted, and a test prepares by `actions.work_off` itself."""
    from surefoot.web import background

    found: list[str] = []
    monkeypatch.setattr(background, "start", lambda: found.append("started"))
    return found


@pytest.fixture
def asked() -> Any:
    """An instrument with one question of each kind."""
    return instrument_from_table(WORDS)


@dataclass
class Opened:
    """An open wave with links by organisation."""

    study: str
    wave: str
    today: date
    links: dict[str, list[Link]] = field(default_factory=dict)

    @property
    def one(self) -> Link:
        """Somebody's link."""
        return self.links["north"][0]


@pytest.fixture
def opened(web: Path, asked: Any) -> Callable[..., Opened]:
    """A function that makes a study with an open wave, and a link for each of some people."""
    from django.utils import timezone

    from surefoot.web import actions

    def make(study: str = "staff", people: int = 5, opens: bool = True, instrument: Any = asked) -> Opened:
        today = timezone.localdate()
        actions.add_study(slug=study, title="Staff survey", instrument=instrument, by=BY)
        places = [("north", "North", "care-home", 200), ("south", "South", "", 300)]
        actions.set_organisations(study=study, organisations=places, by=BY)
        actions.plan_wave(study=study, name="1", opens=today, closes=today + timedelta(days=7), by=BY)
        invited = [(f"person {n}", place) for n in range(people) for place in ("north", "south")]
        made = Opened(study, "1", today)
        for _, place, link in actions.invite(study=study, wave="1", people=invited, by=BY):
            made.links.setdefault(place, []).append(link)
        if opens:
            actions.settle_simulated(study=study, wave="1", by=BY)
            actions.open_wave(study=study, wave="1", by=BY)
        return made

    return make


@pytest.fixture
def client(web: Path) -> Callable[..., Any]:
    """A function that gives a browser without a face: signed in with a role, or, without one, as nobody."""
    from django.test import Client

    from surefoot.web import actions

    def make(role: str = "", organisation: str = "", **more: Any) -> Any:
        made = Client(SERVER_NAME="localhost", **more)
        if role:
            name = f"{role}-{organisation or 'all'}@example.org"
            now = datetime.now(UTC)
            entry = actions.add_person(email=name, name=name, role=role, organisation=organisation, now=now, by=BY)
            actions.choose_password(entry=entry, email=name, name=f"The {role}", password=PASSWORD, now=now)
            assert made.login(username=name, password=PASSWORD)
        return made

    return make


@pytest.fixture
def send() -> Callable[..., None]:
    """A function that sends somebody's answers by their link."""
    from surefoot.web import actions

    def sending(link: Link, today: date, answers: dict[str, Any] | None = None) -> None:
        given = json.loads(json.dumps(ANSWERS if answers is None else answers))
        actions.save_page(link=link, answers=given, today=today)
        actions.submit(link=link, answers=given, today=today)

    return sending

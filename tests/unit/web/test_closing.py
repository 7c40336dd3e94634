"""Closing a wave: what is left in the database, and what is not."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surefoot.errors import Refused

BY = "lead@example.org"


def answered(opened: Any, send: Callable[..., None], people: int = 30) -> Any:
    """A wave in which half of the people answered, in some order, each with a text of their own."""
    wave = opened(people=people)
    links = [link for place in ("north", "south") for link in wave.links[place][: people // 2]]
    random.Random(1).shuffle(links)
    for number, link in enumerate(links):
        send(link, wave.today, {"used": "yes", "comment": f"marker-{number:04d}"})
    return wave


def test_close_keeps_every_answer(opened: Any, send: Any) -> None:
    """As many answers after as before, each with its words and its organisation, under new ids."""
    from surefoot.web import actions
    from surefoot.web.models import Answer, Invitation

    answered(opened, send)
    before = set(Answer.objects.values_list("content", "organisation_id"))
    ids = set(Answer.objects.values_list("id", flat=True))
    spent = set(Invitation.objects.filter(spent=True).values_list("key", flat=True))
    actions.close_wave(study="staff", wave="1", by=BY)
    assert set(Answer.objects.values_list("content", "organisation_id")) == before
    assert not ids & set(Answer.objects.values_list("id", flat=True))
    assert set(Invitation.objects.filter(spent=True).values_list("key", flat=True)) == spent


def test_close_deletes_drafts_and_empties_the_log(opened: Any, send: Any, web: Path) -> None:
    """No draft, an empty write-ahead log, no free page; in the whole file, every answer stands once."""
    from django.db import connection

    from surefoot.web import actions
    from surefoot.web.models import Draft

    wave = answered(opened, send)
    key = wave.links["north"][-1].draft
    actions.save_page(link=wave.links["north"][-1], answers={"used": "no"}, today=wave.today)
    actions.close_wave(study="staff", wave="1", by=BY)
    assert not Draft.objects.exists()
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA freelist_count").fetchone() == (0,)
    connection.close()
    left = web.read_bytes() + b"".join(path.read_bytes() for path in web.parent.glob(f"{web.name}-*"))
    assert key.encode() not in left
    assert all(left.count(f"marker-{number:04d}".encode()) == 1 for number in range(30))


def test_closed_wave_takes_nothing_and_stays_closed(opened: Any, send: Any) -> None:
    """No answer, no link, no opening, no second closing."""
    from surefoot.web import actions

    wave = answered(opened, send)
    actions.close_wave(study="staff", wave="1", by=BY)
    late = wave.links["north"][-1]
    for refused in (
        lambda: send(late, wave.today),
        lambda: actions.open_wave(study="staff", wave="1", by=BY),
        lambda: actions.close_wave(study="staff", wave="1", by=BY),
        lambda: actions.invite(study="staff", wave="1", people=[("late", "north")], by=BY),
        lambda: actions.begin_second_phase(study="staff", wave="1", by=BY),
    ):
        with pytest.raises(Refused):
            refused()


def test_planned_wave_is_not_closed(opened: Any) -> None:
    """There is nothing to close yet, and the audit log says nothing of a try that failed."""
    from surefoot.web import actions, store

    opened(opens=False)
    before = len(store.history())
    with pytest.raises(Refused, match="planned"):
        actions.close_wave(study="staff", wave="1", by=BY)
    assert len(store.history()) == before


def test_reader_delays_the_close_and_nothing_is_lost(opened: Any, send: Any, web: Path) -> None:
    """While somebody else reads, the log cannot be emptied: the wave is closing, exports nothing, and closes later."""
    import sqlite3

    from surefoot.web import actions, store

    answered(opened, send, people=4)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    reader = sqlite3.connect(web, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM web_answer").fetchone()
    with pytest.raises(Refused, match="another connection"):
        actions.close_wave(study="staff", wave="1", by=BY)
    seen = store.wave("staff", "1")
    assert seen is not None
    assert seen.state == "closing"
    reader.close()
    actions.finish_closing()
    assert store.wave("staff", "1").state == "closed"  # type: ignore[union-attr]


def test_other_waves_stay_open(opened: Any, send: Any) -> None:
    """Closing one wave touches no other study's drafts, links or answers."""
    from surefoot.web import actions, store

    first, second = opened("first"), opened("second")
    send(first.one, first.today)
    actions.save_page(link=second.one, answers={"used": "yes"}, today=second.today)
    actions.close_wave(study="first", wave="1", by=BY)
    assert store.draft(second.one) == {"used": "yes"}
    send(second.one, second.today)


def test_phase_is_all_that_an_answer_says_of_time(opened: Any, send: Any) -> None:
    """1, or 2 once reminders went out; the table has no other column that could hold a time."""
    from surefoot.web import actions
    from surefoot.web.models import Answer, Draft, Invitation

    wave = opened()
    send(wave.links["north"][0], wave.today)
    actions.begin_second_phase(study="staff", wave="1", by=BY)
    send(wave.links["north"][1], wave.today)
    assert sorted(Answer.objects.values_list("phase", flat=True)) == [1, 2]
    names = {table: {field.name for field in table._meta.get_fields()} for table in (Answer, Invitation, Draft)}
    assert names[Answer] == {"id", "wave", "organisation", "phase", "content", "paper"}
    assert names[Invitation] == {"key", "wave", "organisation", "spent", "poster"}
    assert names[Draft] == {"key", "wave", "organisation", "content"}

"""Writes of several respondents at once: in one commit, each by itself, none acknowledged before it is there."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from surefoot.errors import Refused


def at_once(writes: list[Callable[[], None]], ready: threading.Event) -> tuple[list[Any], list[str]]:
    """Run writes that wait for one another; what each raised (None: nothing), and the statements that ended them."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    from surefoot.web.together import Together

    together, raised, commits = Together(), [None] * len(writes), []

    def count(*, connection: Any, **_: Any) -> None:
        commit = connection._commit
        connection._commit = lambda: (commits.append("commit"), commit())

    def work(place: int) -> None:
        try:
            together.run(writes[place])
        except Exception as problem:
            raised[place] = problem  # type: ignore[call-overload]
        finally:
            connections.close_all()

    connection_created.connect(count)
    try:
        with together.leading:
            threads = [threading.Thread(target=work, args=[place]) for place in range(len(writes))]
            for thread in threads:
                thread.start()
            while len(together.waiting) < len(writes):
                ready.wait(0.001)
        for thread in threads:
            thread.join()
    finally:
        connection_created.disconnect(count)
    return raised, commits


def test_waiting_writes_share_a_commit(opened: Callable[..., Any], web: Any) -> None:
    """Five people save while the disk is busy: one commit, five drafts."""
    from surefoot.web import models

    opened()
    rows = [models.Draft(key=str(place), wave_id=1, organisation_id=1, content=b"sealed") for place in range(5)]
    raised, commits = at_once([lambda row=row: row.save(force_insert=True) for row in rows], threading.Event())
    assert raised == [None] * 5
    assert models.Draft.objects.count() == 5
    assert commits == ["commit"]


def test_a_write_that_fails_takes_no_other_with_it(opened: Callable[..., Any], web: Any) -> None:
    """What it wrote before it failed is undone, and only who asked for it hears of it."""
    from surefoot.web import models

    opened()

    def save(key: str) -> None:
        models.Draft.objects.create(key=key, wave_id=1, organisation_id=1, content=b"sealed")

    def refused() -> None:
        save("half")
        raise Refused("open wave", "this survey takes no answers now", "Ask who invited you.")

    raised, _ = at_once([lambda: save("one"), refused, lambda: save("two")], threading.Event())
    assert [type(problem) for problem in raised] == [type(None), Refused, type(None)]
    assert sorted(models.Draft.objects.values_list("key", flat=True)) == ["one", "two"]


def test_where_the_commit_fails_nobody_is_told_that_it_was_saved(
    opened: Callable[..., Any], web: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the commit is an error for all whose writes were in it."""
    from django.db import OperationalError
    from django.db.backends.sqlite3.base import DatabaseWrapper

    from surefoot.web import models

    opened()

    def full(self: Any) -> None:
        self.connection.rollback()
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(DatabaseWrapper, "_commit", full)
    writes = [
        lambda key=key: models.Draft.objects.create(key=key, wave_id=1, organisation_id=1, content=b"sealed")
        for key in ("one", "two")
    ]
    raised, _ = at_once(writes, threading.Event())
    monkeypatch.undo()
    assert [type(problem) for problem in raised] == [OperationalError, OperationalError]
    assert models.Draft.objects.count() == 0

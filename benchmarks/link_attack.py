"""Tries to link spent invitations to answers, with all files of a closed wave's database; then of one that leaks.

Usage: python benchmarks/link_attack.py [--databases N] [--people N] [--database postgresql://...] [--seed N]

Each database is one wave of five organisations, answered by the server's own code, page by page, many at a time, and
closed by it. The attacker holds every file and knows the organisation of each invitation and answer. It guesses a link
for every answer by each of many strategies: the order of rows, of keys, of bytes in the file, and, for PostgreSQL, of
ctid and xmin; and it plays back the write-ahead log commit by commit. It may choose its best strategy on the first
database, whose truth it is told; what counts is how often that strategy is right in the others. Chance is one right
guess an organisation. The bound is exact (Clopper and Pearson 1934, one-sided, 95 %).

The leaky variant is the same wave, copied with its log before the close.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import struct
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ORGANISATIONS = ("north", "south", "east", "west", "middle")
BY = "benchmark"
AT_ONCE = 25
Truth = Mapping[str, str]
"""Key of each spent invitation to the content of its answer."""


@dataclass(frozen=True)
class Seen:
    """What the attacker sees of one side: identities by organisation, and orders in which it can put them."""

    organisation: Mapping[str, Any]
    orders: Mapping[str, Mapping[str, Any]]


# The wave, answered and closed by the product's own code -----------------------------------------------------------


def answer_wave(study: str, people: int, rng: random.Random) -> Truth:
    """A wave in which about two thirds answer, page by page, some twenty at a time; some never send. The truth."""
    from surefoot.instrument import open_instrument
    from surefoot.web import actions

    today = datetime.now(UTC).date()
    actions.add_study(slug=study, title="Attack", instrument=open_instrument("voice"), by=BY)
    places = [(name, name.title(), "", people) for name in ORGANISATIONS]
    actions.set_organisations(study=study, organisations=places, by=BY)
    actions.plan_wave(study=study, name="1", opens=today, closes=today + timedelta(days=1), by=BY)
    invited = [(f"{place} {n}", place) for place in ORGANISATIONS for n in range(people)]
    made = actions.invite(study=study, wave="1", people=invited, by=BY)
    actions.settle_simulated(study=study, wave="1", by=BY)
    actions.open_wave(study=study, wave="1", by=BY)
    links = [link for _, _, link in made if rng.random() < 0.7]
    rng.shuffle(links)
    waiting, busy, truth = list(enumerate(links)), {}, {}
    while waiting or busy:
        while waiting and len(busy) < AT_ONCE:
            number, link = waiting.pop()
            busy[number] = (link, {})
        number = rng.choice(list(busy))
        link, answers = busy[number]
        answers[f"q{len(answers)}"] = f"marker-{number:05d}" if not answers else rng.choice(["yes", "no"])
        if len(answers) < 4:
            actions.save_page(link=link, answers=answers, today=today)
            continue
        del busy[number]
        if number % 20:
            actions.submit(link=link, answers=answers, today=today)
            truth[link.invitation] = json.dumps(answers, ensure_ascii=False, separators=(",", ":"))
    return truth


# What the attacker can see -----------------------------------------------------------------------------------------


def look_sqlite(place: Path) -> tuple[Seen, Seen]:
    """Spent invitations and answers of a SQLite file: by rowid, by key or id, and by place in the file's bytes."""
    with sqlite3.connect(f"file:{place}?mode=ro", uri=True) as base:
        spent = base.execute("SELECT key, organisation_id, rowid FROM web_invitation WHERE spent").fetchall()
        answers = base.execute("SELECT content, organisation_id, rowid, id FROM web_answer").fetchall()
    base.close()
    raw = place.read_bytes()
    first = Seen(
        {key: organisation for key, organisation, _ in spent},
        {
            "rowid": {key: rowid for key, _, rowid in spent},
            "key": {key: key for key, *_ in spent},
            "first byte": {key: raw.find(key.encode()) for key, *_ in spent},
            "last byte": {key: raw.rfind(key.encode()) for key, *_ in spent},
        },
    )
    second = Seen(
        {content: organisation for content, organisation, *_ in answers},
        {
            "rowid": {content: rowid for content, _, rowid, _ in answers},
            "id": {content: name for content, *_, name in answers},
            "first byte": {content: raw.find(content.encode()) for content, *_ in answers},
            "first byte of id": {content: raw.find(name.encode()) for content, *_, name in answers},
            "last byte of id": {content: raw.rfind(name.encode()) for content, *_, name in answers},
        },
    )
    return first, second


def look_postgresql(study: str) -> tuple[Seen, Seen]:
    """The same for PostgreSQL: by ctid, xmin and key."""
    from django.db import connection

    where = "FROM {} t JOIN web_wave w ON w.id = t.wave_id JOIN web_study s ON s.id = w.study_id WHERE s.slug = %s"
    with connection.cursor() as cursor:
        row = "(t.ctid::text::point)[0] * 10000 + (t.ctid::text::point)[1], t.xmin::text::bigint"
        columns = f"SELECT {{}}, t.organisation_id, {row}"
        cursor.execute(f"{columns.format('t.key')} {where.format('web_invitation')} AND t.spent", [study])
        spent = cursor.fetchall()
        cursor.execute(f"{columns.format('t.content')}, t.id::text {where.format('web_answer')}", [study])
        answers = cursor.fetchall()
    first = Seen(
        {row[0]: row[1] for row in spent},
        {
            "ctid": {row[0]: row[2] for row in spent},
            "xmin": {row[0]: (row[3], row[2]) for row in spent},
            "key": {row[0]: row[0] for row in spent},
        },
    )
    second = Seen(
        {row[0]: row[1] for row in answers},
        {
            "ctid": {row[0]: row[2] for row in answers},
            "xmin": {row[0]: (row[3], row[2]) for row in answers},
            "id": {row[0]: row[4] for row in answers},
        },
    )
    return first, second


def guesses_by_order(first: Seen, second: Seen) -> dict[str, dict[str, str]]:
    """A guess for every answer by each pair of orders, forwards and backwards, within organisations."""
    found: dict[str, dict[str, str]] = {}
    for one, ranks in first.orders.items():
        for other, places in second.orders.items():
            for turned in (False, True):
                name = f"{one} with {other}{', backwards' if turned else ''}"
                found[name] = dict(_matched(first, second, ranks, places, turned))
    return found


def _matched(
    first: Seen, second: Seen, ranks: Mapping[str, Any], places: Mapping[str, Any], turned: bool
) -> Iterator[tuple[str, str]]:
    for organisation in sorted(set(second.organisation.values())):
        keys = sorted((key for key, home in first.organisation.items() if home == organisation), key=ranks.__getitem__)
        texts = [text for text, home in second.organisation.items() if home == organisation]
        yield from zip(keys, sorted(texts, key=places.__getitem__, reverse=turned), strict=True)


def guesses_by_log(place: Path) -> dict[str, str]:
    """Links that the write-ahead log gives away: a commit in which one invitation is spent and one answer appears."""
    log = place.with_name(f"{place.name}-wal")
    found: dict[str, str] = {}
    before: tuple[set[str], set[str]] | None = None
    for image in _played_back(place.read_bytes(), log.read_bytes() if log.exists() else b""):
        now = _state(image) if image else None
        if before is not None and now is not None:
            keys, texts = now[0] - before[0], now[1] - before[1]
            if len(keys) == len(texts) == 1:
                found[keys.pop()] = texts.pop()
        before = now
    return found


def _played_back(base: bytes, log: bytes) -> Iterator[bytes]:
    """The database after each commit of its log (https://www.sqlite.org/fileformat2.html#walformat).

    Where the log was begun anew, frames of the round before still stand behind the new ones; they are played back too,
    after an empty image that says that another round begins.
    """
    if len(log) < 32:
        return
    size = struct.unpack(">I", log[8:12])[0]
    salt, image = b"", bytearray(base)
    for start in range(32, len(log) - size - 23, 24 + size):
        page, commit = struct.unpack(">II", log[start : start + 8])
        if log[start + 8 : start + 16] != salt:
            salt = log[start + 8 : start + 16]
            yield b""
            yield bytes(image)
        image.extend(bytes(max(0, page * size - len(image))))
        image[(page - 1) * size : page * size] = log[start + 24 : start + 24 + size]
        if commit:
            yield bytes(image)


def _state(image: bytes) -> tuple[set[str], set[str]] | None:
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(image[:18] + b"\x01\x01" + image[20:])
        spent = {row[0] for row in base.execute("SELECT key FROM web_invitation WHERE spent")}
        return spent, {row[0] for row in base.execute("SELECT content FROM web_answer")}
    except sqlite3.Error:
        return None
    finally:
        base.close()


# How often it is right ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rate:
    """Right guesses of all that had to be made; chance is one an organisation."""

    right: int
    asked: int
    organisations: int

    @property
    def chance(self) -> float:
        """The rate of somebody who guesses within organisations."""
        return self.organisations / self.asked

    @property
    def upper(self) -> float:
        """Exact one-sided 95 % upper bound of the rate."""
        from scipy.stats import beta

        return 1.0 if self.right == self.asked else float(beta.ppf(0.95, self.right + 1, self.asked - self.right))

    def __str__(self) -> str:
        shown = f"{self.right} of {self.asked} right ({self.right / self.asked:.2%}), upper bound {self.upper:.2%}"
        return f"{shown}, chance {self.chance:.2%}"


def rate(guesses: Sequence[tuple[Mapping[str, str], Truth]]) -> Rate:
    """The rate of one strategy over some databases; a link for which it has no guess is a wrong one."""
    right = sum(guess.get(key) == text for guess, truth in guesses for key, text in truth.items())
    return Rate(right, sum(len(truth) for _, truth in guesses), len(ORGANISATIONS) * len(guesses))


def best(found: Sequence[tuple[Mapping[str, Mapping[str, str]], Truth]]) -> tuple[str, Rate]:
    """The strategy that is best in the first database, and its rate in the others."""
    first, truth = found[0]
    chosen = max(first, key=lambda name: rate([(first[name], truth)]).right)
    return chosen, rate([(guesses[chosen], told) for guesses, told in found[1:]])


Attack = Mapping[str, Mapping[str, str]]


def attack_sqlite(folder: Path, people: int, seed: int) -> tuple[tuple[Attack, Truth], tuple[Attack, Truth]]:
    """One database: what the attacker guesses from its closed files, and from a copy made before the close."""
    from django.db import connection

    from surefoot.web import actions
    from surefoot.web.server import prepare

    place = folder / f"attacked-{seed}.sqlite3"
    connection.close()
    connection.settings_dict["NAME"] = str(place)
    prepare()
    truth = answer_wave("attack", people, random.Random(seed))
    leaky = folder / f"leaky-{seed}.sqlite3"
    for ending in ("", "-wal"):
        shutil.copy(f"{place}{ending}", f"{leaky}{ending}")
    actions.close_wave(study="attack", wave="1", by=BY)
    connection.close()
    closed = {**guesses_by_order(*look_sqlite(place)), "log": guesses_by_log(place)}
    return (closed, truth), ({"log": guesses_by_log(leaky)}, truth)


def attack_postgresql(people: int, seed: int) -> tuple[tuple[Attack, Truth], tuple[Attack, Truth]]:
    """The same with PostgreSQL: one study a time, before and after its close."""
    from surefoot.web import actions

    study = f"attack-{seed}-{datetime.now(UTC):%H%M%S%f}"
    truth = answer_wave(study, people, random.Random(seed))
    leaky = guesses_by_order(*look_postgresql(study))
    actions.close_wave(study=study, wave="1", by=BY)
    return (guesses_by_order(*look_postgresql(study)), truth), (leaky, truth)


def main(arguments: argparse.Namespace, say: Callable[[str], None] = print) -> int:
    """Attack some databases; 1 where the bound is above chance and one point, or where the leak is not found."""
    from surefoot.web.server import prepare, set_up

    with tempfile.TemporaryDirectory() as place:
        set_up(Path(place), arguments.database, https=False)
        if arguments.database:
            prepare()
        pairs = [
            attack_postgresql(arguments.people, arguments.seed + number)
            if arguments.database
            else attack_sqlite(Path(place), arguments.people, arguments.seed + number)
            for number in range(arguments.databases)
        ]
    name, closed = best([pair[0] for pair in pairs])
    leak, leaky = best([pair[1] for pair in pairs])
    say(f"Closed, best of {len(pairs[0][0][0])} strategies ({name}): {closed}")
    say(f"Before the close, best strategy ({leak}): {leaky}")
    held = closed.upper <= closed.chance + 0.01
    say("Held: no better than chance and one point." if held else "NOT HELD: the closed database links.")
    return 0 if held and leaky.right > 10 * closed.asked * closed.chance else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--databases", type=int, default=4, help="waves; the first is told to the attacker")
    parser.add_argument("--people", type=int, default=200, help="invited in each of five organisations")
    parser.add_argument("--database", help="a PostgreSQL address; SQLite without")
    parser.add_argument("--seed", type=int, default=1)
    sys.exit(main(parser.parse_args()))

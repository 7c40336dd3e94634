"""Kills the server at random moments under load, again and again: nothing acknowledged may be lost, nothing doubled.

Usage: python benchmarks/web_kill.py [--rounds N] [--database postgresql://...] [--seed N]
The database of PostgreSQL must be new: all its answers are asked about.

Each round starts the server as a user does, lets many people save pages and send their answers, and ends every process
of it by SIGKILL at a random moment. Then the database itself is asked. An acknowledged save must be in its draft, an
acknowledged sending must be one answer and a spent invitation; answers and spent invitations must be as many; and no
answer may be there twice, though people whose sending was cut send again in the next round.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from web_load import Connection
from web_server import Server, make_wave, serving

CONNECTIONS = 12


@dataclass
class Person:
    """Somebody with a link: how many steps were acknowledged (two saves and the sending), and how often it was cut."""

    link: str
    marker: str
    done: int = 0
    cut: int = 0


@dataclass
class Round:
    """What a round acknowledged, and what is wrong afterwards."""

    saves: int = 0
    sent: int = 0
    faults: list[str] = field(default_factory=list)


async def answer(server: Server, people: list[Person], found: Round) -> None:
    """Let people answer until the server is gone."""
    try:
        connection = await Connection(server.port).open()
        while people:
            person = people.pop()
            try:
                await _finish(connection, person, found)
            except BaseException:
                person.cut += 1
                people.insert(0, person)
                raise
    except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
        return


async def _finish(connection: Connection, person: Person, found: Round) -> None:
    steps = (("q/q0", b"answer=b"), ("q/comment", f"answer={person.marker}".encode()), ("check", b""))
    for number, (place, body) in enumerate(steps):
        if person.done > number:
            continue
        status, _ = await connection.ask("POST", f"{person.link}/{place}", body)
        if status not in (200, 302) or (status == 200 and not person.cut):
            found.faults.append(f"status {status} for step {number}")
            return
        person.done = number + 1
        found.saves += number < 2
        found.sent += number == 2


async def _until(server: Server, people: list[Person], found: Round, seconds: float) -> None:
    tasks = [asyncio.create_task(answer(server, people, found)) for _ in range(CONNECTIONS)]
    await asyncio.sleep(seconds)
    server.kill()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def check(everybody: list[Person], found: Round) -> None:
    """Ask the database itself what is there, at one moment: PostgreSQL still ends what a killed server had begun."""
    from django.db import connection, transaction

    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _compare(everybody, found)
    connection.close()


def _compare(everybody: list[Person], found: Round) -> None:

    from surefoot.web.link import Link
    from surefoot.web.models import Answer, Draft, Invitation

    texts = Counter(json.loads(text).get("comment") for text in Answer.objects.values_list("content", flat=True))
    spent = set(Invitation.objects.filter(spent=True).values_list("key", flat=True))
    drafts = {key: bytes(content) for key, content in Draft.objects.values_list("key", "content")}
    found.faults += [f"{marker} is there {count} times" for marker, count in texts.items() if count != 1]
    if len(spent) != sum(texts.values()):
        found.faults.append(f"{len(spent)} spent invitations and {sum(texts.values())} answers")
    for person in everybody:
        link = Link.read(person.link.rpartition("/")[2])
        if link is None:
            continue
        sent = person.marker in texts and link.invitation in spent
        saved = (link.open(drafts[link.draft]) or {}) if link.draft in drafts else {}
        if person.done == 3 and not sent:
            found.faults.append(f"{person.marker} was acknowledged and is lost")
        lost = (person.done > 0 and "q0" not in saved) or (person.done > 1 and "comment" not in saved)
        if lost and not sent:
            found.faults.append(f"a saved page of {person.marker} is lost")
        if sent and saved:
            found.faults.append(f"the draft of {person.marker} outlived its sending")


def main(arguments: argparse.Namespace) -> int:
    """Kill, ask, and say what was found."""
    rng, faults, saves, sent = random.Random(arguments.seed), [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        links = make_wave(Path(folder), arguments.database, people=40_000, questions=1, comment=True)
        everybody = [Person(link, f"marker-{number:05d}") for number, link in enumerate(links)]
        waiting = list(everybody)
        for _ in range(arguments.rounds):
            found = Round()
            with serving(Path(folder), arguments.database) as server:
                asyncio.run(_until(server, waiting, found, rng.uniform(0.1, 1.5)))
            check([person for person in everybody if person.done or person.cut], found)
            faults += found.faults
            saves, sent = saves + found.saves, sent + found.sent
    cut = sum(person.cut for person in everybody)
    print(f"Killed {arguments.rounds} times: {saves:,} page saves and {sent:,} sendings acknowledged, {cut:,} cut.")
    said = "; ".join(dict.fromkeys(faults))[:2000]
    print("Nothing lost, nothing doubled." if not faults else f"{len(faults)} FAULTS: {said}")
    return 1 if faults else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", help="a PostgreSQL address; SQLite without")
    parser.add_argument("--seed", type=int, default=1)
    sys.exit(main(parser.parse_args()))

"""How many page saves and whole submissions a second the server takes, how long they wait, and what they cost.

Usage: python benchmarks/web_load.py [--seconds N] [--questions N] [--connections N] [--database postgresql://...]

One machine: the server's two workers share its cores with this load generator (and with whatever else runs), so the
processor time of the server per request is the figure to compare. A page save
is one POST that is answered once it is on disk (SQLite: WAL with synchronous=FULL). A whole submission is all that a
person's browser asks for: the first page, each question and its saving, the check page, sending, thanks.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from web_server import Server, make_wave, serving

FORM = b"answer=b"
WARM_UP = 3.0


@dataclass
class Connection:
    """One kept-open connection of HTTP/1.1, as small as a load generator can be."""

    port: int
    reader: asyncio.StreamReader = field(init=False)
    writer: asyncio.StreamWriter = field(init=False)

    async def open(self) -> Connection:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def ask(self, method: str, address: str, body: bytes = b"") -> tuple[int, str]:
        """One request; its status and where it leads."""
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if body else ""
        if method == "POST" and not body:
            kind = "Content-Length: 0\r\n"
        self.writer.write(f"{method} {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n{kind}\r\n".encode() + body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        found = {name.lower(): value for name, value in lines.items()}
        await self.reader.readexactly(int(found.get("content-length", 0)))
        return int(head.split(" ", 2)[1]), found.get("location", "")


@dataclass
class Measured:
    """Durations of what was acknowledged, in seconds, and what went wrong."""

    durations: list[float] = field(default_factory=list)
    requests: int = 0
    faults: int = 0

    def told(self, what: str, seconds: float, cpu: float) -> str:
        """The figures in a line."""
        cuts = statistics.quantiles(self.durations, n=100)
        each = 1000 * cpu / max(1, len(self.durations))
        waits = f"p50 {1000 * cuts[49]:.0f} ms, p95 {1000 * cuts[94]:.0f} ms, p99 {1000 * cuts[98]:.0f} ms"
        rate = len(self.durations) / seconds
        faults = f"{self.faults} faults of {self.requests:,} requests"
        return f"{what}: {rate:,.1f}/s, {waits}, {each:.1f} CPU-ms each, {faults}"


async def save_pages(connection: Connection, links: Iterator[str], found: Measured, until: float) -> None:
    """Save the first question's page again and again, each time by another link."""
    while time.perf_counter() < until:
        link = next(links)
        begun = time.perf_counter()
        status, _ = await connection.ask("POST", f"{link}/q/q0", FORM)
        found.durations.append(time.perf_counter() - begun)
        found.requests += 1
        found.faults += status != 302


async def submit_whole(connection: Connection, links: Iterator[str], found: Measured, until: float) -> None:
    """Walk the whole survey with one link after another; a duration is the slowest of the page saves of one walk."""
    while time.perf_counter() < until:
        link, slowest = next(links), 0.0
        statuses = [(await connection.ask("GET", link))[0] == 200]
        place = f"{link}/q/q0"
        while "/q/" in place:
            statuses.append((await connection.ask("GET", place))[0] == 200)
            begun = time.perf_counter()
            status, place = await connection.ask("POST", place, FORM)
            slowest = max(slowest, time.perf_counter() - begun)
            statuses.append(status == 302)
            if status != 302:
                break
        statuses.append((await connection.ask("GET", f"{link}/check"))[0] == 200)
        statuses.append((await connection.ask("POST", f"{link}/check"))[0] == 302)
        statuses.append((await connection.ask("GET", f"{link}/sent"))[0] == 200)
        found.durations.append(slowest)
        found.requests += len(statuses)
        found.faults += statuses.count(False)


Work = Callable[[Connection, Iterator[str], Measured, float], Awaitable[None]]


async def press(
    server: Server, work: Work, links: list[str], connections: int, seconds: float
) -> tuple[Measured, float]:
    """Work on many connections for some seconds; what was measured, and the server's processor time."""
    found, row = Measured(), iter(links * (1 if work is submit_whole else 1000))
    opened = [await Connection(server.port).open() for _ in range(connections)]
    await asyncio.gather(*(work(one, row, Measured(), time.perf_counter() + WARM_UP) for one in opened))
    before, until = server.cpu_seconds(), time.perf_counter() + seconds
    await asyncio.gather(*(work(one, row, found, until) for one in opened))
    for one in opened:
        one.writer.close()
    return found, server.cpu_seconds() - before


def main(arguments: argparse.Namespace) -> int:
    """Measure both, and print a line for each."""
    saved = f"Page saves ({arguments.connections} connections)"
    sent = f"Whole submissions ({arguments.questions} questions; waits are the slowest save of each)"
    kinds: list[tuple[str, Work, int]] = [(saved, save_pages, 2000), (sent, submit_whole, 200 * int(arguments.seconds))]
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        for what, work, people in kinds:
            links = make_wave(data, arguments.database, people=min(people, 50_000), questions=arguments.questions)
            with serving(data, arguments.database) as server:
                done = asyncio.run(press(server, work, links, arguments.connections, arguments.seconds))
            print(done[0].told(what, arguments.seconds, done[1]), flush=True)
            faults += done[0].faults
    return 1 if faults else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--questions", type=int, default=9)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--database", help="a PostgreSQL address; SQLite without")
    sys.exit(main(parser.parse_args()))

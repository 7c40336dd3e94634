"""A server for the benchmarks of the web: started as a user starts it, with an open wave and its links.

Not a benchmark itself: `web_load.py` and `web_kill.py` use it. Run by itself, it says what an idle server takes.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

BY = "benchmark"
OPTIONS = ["a", "b", "c", "d", "dont-know-enough"]


def instrument_of(questions: int, *, comment: bool = False) -> Any:
    """An instrument of single questions with five answers each, and a comment at the end where it is wanted."""
    from surefoot.instrument import instrument_from_table

    options = [{"id": name, "text": f"Answer {name}"} for name in OPTIONS]
    asked = [{"id": f"q{n}", "kind": "single", "text": f"Question {n}?", "scale": "s"} for n in range(questions)]
    asked += [{"id": "comment", "kind": "text", "text": "Anything else?", "optional": True}] if comment else []
    head = {"schema": "surefoot/instrument/1", "name": "load", "title": "Load", "languages": ["en"]}
    return instrument_from_table({**head, "scale": [{"id": "s", "options": options}], "question": asked})


def make_wave(data: Path, database: str | None, *, people: int, questions: int, comment: bool = False) -> list[str]:
    """An open wave of one organisation in a new study; the addresses of its links."""
    from surefoot.web.server import prepare, set_up

    set_up(data, database, https=False)
    prepare()
    from django.db import connections

    from surefoot.web import actions

    study = f"load-{time.time_ns()}"
    actions.add_study(slug=study, title="Load", instrument=instrument_of(questions, comment=comment), by=BY)
    actions.set_organisations(study=study, organisations=[("one", "One", "", people)], by=BY)
    actions.plan_wave(study=study, name="1", opens=date(2026, 1, 1), closes=date(2099, 1, 1), by=BY)
    made = actions.invite(study=study, wave="1", people=[("p", "one")] * people, by=BY)
    actions.settle_simulated(study=study, wave="1", by=BY)
    actions.open_wave(study=study, wave="1", by=BY)
    connections.close_all()
    return [f"/a/{link.text}" for _, _, link in made]


@dataclass
class Server:
    """A running server; it can be killed and started again on the same data."""

    data: Path
    port: int
    database: str | None = None
    workers: int = 2
    run: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "surefoot", "serve", "--data", str(self.data), "--port", str(self.port)]
        more = ["--database", self.database] if self.database else []
        with (self.data / "server.log").open("ab") as log:
            self.run = subprocess.Popen(
                [*command, "--workers", str(self.workers), *more], stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 180
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=1).read()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"the server did not start: {(self.data / 'server.log').read_text()[-2000:]}")

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would."""
        if self.run is not None:
            os.killpg(self.run.pid, signal.SIGKILL)
            self.run.wait()

    def cpu_seconds(self) -> float:
        """Processor time of all its processes so far."""
        if self.run is None:
            return 0.0
        ticks = 0
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                parts = place.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(parts[2]) == self.run.pid:
                ticks += int(parts[11]) + int(parts[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextmanager
def serving(data: Path, database: str | None, *, workers: int = 2) -> Iterator[Server]:
    """A server that is started, and killed at the end."""
    server = Server(data, free_port(), database, workers)
    server.start()
    try:
        yield server
    finally:
        server.kill()


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        make_wave(Path(folder), None, people=1, questions=1)
        with serving(Path(folder), None) as idle:
            print(f"Started; {idle.cpu_seconds():.1f} s of processor time until it answered.")

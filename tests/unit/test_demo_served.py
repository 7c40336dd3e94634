"""`make demo`: the demo programme on the web of this machine until Ctrl-C, and without serving for scripts."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 300


@contextmanager
def served(out: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The demo, being served; ended at the end if it has not ended by itself."""
    command = [sys.executable, "-m", "surefoot", "demo", "--out", str(out), "--serve", "--port", str(port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as run:
        try:
            yield run
        finally:
            if run.poll() is None:
                run.kill()


def said(run: subprocess.Popen[str]) -> str:
    """What it says until it serves."""
    lines = []
    for line in run.stdout or ():
        lines.append(line)
        if line.startswith("Serving"):
            return "".join(lines)
    pytest.fail(f"it ended without serving: {''.join(lines)}")


def get(address: str) -> str:
    """A page, once the server listens."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                return str(answer.read().decode())
        except urllib.error.URLError as problem:
            if not isinstance(problem.reason, ConnectionRefusedError):
                raise
            time.sleep(0.05)
    pytest.fail(f"nobody listens at {address}")


def test_demo_is_served_until_it_is_stopped(tmp_path: Path) -> None:
    """It says where it is and how to begin and to stop; a port in use is passed over; Ctrl-C ends it well."""
    with socket.create_server(("127.0.0.1", 0)) as taken, served(tmp_path / "demo", taken.getsockname()[1]) as run:
        told = said(run)
        link, base = re.search(r"open this once: (\S+)", told), re.search(r"Serving (\S+) \(stop with Ctrl-C\)", told)
        assert link
        assert base
        assert not base[1].endswith(f":{taken.getsockname()[1]}")
        assert "password" in get(link[1])
        assert get(f"{base[1]}/health") == "ok"
        run.send_signal(signal.SIGINT)
        assert run.wait(PATIENCE) == 0
        assert "Traceback" not in (run.stdout.read() if run.stdout else "")
    assert (tmp_path / "demo" / "report" / "report.html").is_file()
    assert (tmp_path / "demo" / "server" / "surefoot.sqlite3").is_file()


def test_serving_is_for_people(surefoot: Any, tmp_path: Path) -> None:
    """A program that asks for JSON waits for the end, which serving does not have."""
    run = surefoot("demo", "--out", tmp_path / "demo", "--serve", "--json")
    assert run.code == 2
    assert not (tmp_path / "demo").exists()

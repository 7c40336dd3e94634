"""What tests in a real browser share: the browser, and the server as a user starts it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
Serve = Callable[[Path], AbstractContextManager[tuple[int, str]]]


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """The system's Chromium, which asks for nothing by itself."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def serve() -> Serve:
    """A function that serves an empty programme in a folder: its port, and the path of the link that it prints."""
    return _served


@contextmanager
def _served(folder: Path) -> Iterator[tuple[int, str]]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    log = folder / "log"
    command = [sys.executable, "-m", "surefoot", "serve", "--data", str(folder / "data"), "--port", str(port)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUREFOOT_", "DJANGO_"))}
    with log.open("w") as out, subprocess.Popen([*command, "--workers", "1"], stdout=out, stderr=out, env=kept) as run:
        try:
            _wait_for(f"http://127.0.0.1:{port}", run)
            found = re.search(r"open this once: http://[^/\s]+(/enter/\S+)", log.read_text())
            assert found, log.read_text()
            yield port, found[1]
        finally:
            run.terminate()


def _wait_for(base: str, run: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert run.poll() is None
        try:
            urllib.request.urlopen(f"{base}/health", timeout=1).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start within 30 seconds")

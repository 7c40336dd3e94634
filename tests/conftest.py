"""What every test shares: a closed network, a fixed seed under CI, and where real data and a browser are found."""

import ipaddress
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("dev", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def is_loopback(address: object) -> bool:
    """True for addresses that cannot leave this machine: loopback, and sockets that are files."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches another machine. Browsers are told the same through their own settings."""

    def guarded(original: Callable[..., object]) -> Callable[..., object]:
        def connect(self: socket.socket, address: object) -> object:
            if not is_loopback(address):
                self.close()
                raise RuntimeError(f"A test tried to reach {address!r}; the network is closed in tests.")
            return original(self, address)

        return connect

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real exports and surveys; tests that need it are skipped, with the reason, where there is none."""
    named = os.environ.get("SUREFOOT_REAL_DATA")
    if not named:
        pytest.skip("SUREFOOT_REAL_DATA is not set: it names the folder of real exports and surveys.")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"SUREFOOT_REAL_DATA names {named}, which is not a folder.")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The system's Chromium for browser tests: pass it to Playwright as executable_path."""
    path = Path(os.environ.get("SUREFOOT_CHROMIUM", "/usr/bin/chromium"))
    if not os.access(path, os.X_OK):
        pytest.skip("Chromium is missing: install chromium or set SUREFOOT_CHROMIUM to it.")
    return path


@pytest.fixture(scope="session")
def assert_valid_html() -> Callable[[str], None]:
    """A function that fails with line and reason where a whole HTML document breaks the HTML standard."""
    from justhtml import JustHTML, StrictModeError

    def check(document: str) -> None:
        try:
            JustHTML(document, strict=True, sanitize=False)
        except StrictModeError as error:
            pytest.fail(f"not valid HTML: {error}")

    return check


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that uses a fixture for real data or the browser carries the marker of that name."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "real_data" in fixtures:
            item.add_marker("real_data")
        if "chromium_path" in fixtures:
            item.add_marker("browser")

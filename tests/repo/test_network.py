"""The tests' own network is closed, except to this machine."""

import socket

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 443, 0, 0), ("example.org", 80)])
def test_connect_elsewhere_is_refused(address: tuple[object, ...]) -> None:
    """A test that reaches for another machine fails, and says where it tried to go."""
    family = socket.AF_INET6 if len(address) == 4 else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(RuntimeError, match="network is closed"):
        connection.connect(address)


def test_connect_to_loopback_is_allowed() -> None:
    """A test may serve and open its own pages."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()

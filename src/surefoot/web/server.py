"""The server: settings, migrations, the first administrator, and granian in front of the application."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from surefoot.errors import BadInput, Refused

SETTINGS = "surefoot.web.settings"
WORKERS, THREADS = 2, 8
PORTS_TRIED = 20
HOUR = 60 * 60
logger = logging.getLogger(__name__)


def set_up(data: Path, database: str | None = None, *, https: bool = True) -> None:
    """Point Django at a data folder and a database, in this process and in those that it starts."""
    import django

    from surefoot.web.database import make_server_key

    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not os.environ.get("SUREFOOT_SECRET_KEY"):
        make_server_key(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ["SUREFOOT_DATA"] = str(data.resolve())
    os.environ["SUREFOOT_HTTPS"] = "on" if https else "off"
    if database:
        os.environ["SUREFOOT_DATABASE"] = database
    django.setup()


def bring(folder: Path) -> None:
    """Bring in a study, or a whole programme, from its folder, as the pages do, unless it is here already."""
    from surefoot.study import open_programme, open_study
    from surefoot.web import actions, store

    here = {study.slug for study in store.overviews()}
    if not (folder / "programme.toml").exists():
        if open_study(folder).id not in here:
            actions.import_study(folder=folder, by="server")
    elif not here & {open_study(place).id for place in open_programme(folder).study_folders}:
        actions.import_programme(folder=folder, by="server")


def prepare() -> str | None:
    """Bring the database up to date, finish what a stop left open, and give the first administrator's link, if any."""
    from django.core.management import call_command
    from django.utils import timezone

    from surefoot.web import actions

    call_command("migrate", verbosity=0, interactive=False)
    actions.finish_closing()
    keep_up(today=timezone.localdate())
    return actions.first_administrator(now=datetime.now(UTC))


def keep_up(*, today: date) -> None:
    """Delete what is over: answers whose day has come, and sessions. Where it must wait, it waits for the next time."""
    from surefoot.web import actions

    actions.drop_old_sessions()
    try:
        actions.delete_expired(today=today)
    except Refused as problem:
        logger.warning("retention: %s", problem)


def _keep_up_hourly() -> None:
    """Do so every hour, in a thread of the process that watches the others, with a connection for each time."""
    from django.db import DatabaseError, connections
    from django.utils import timezone

    while True:
        time.sleep(HOUR)
        try:
            keep_up(today=timezone.localdate())
        except DatabaseError as fault:
            logger.error("retention failed: %s", type(fault).__name__)
        finally:
            connections.close_all()


def serve(
    data: Path,
    *,
    database: str | None = None,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = WORKERS,
    study: Path | None = None,
    say: Callable[[str], None],
    next_free: bool = False,
) -> None:
    """Serve until stopped. Off loopback, pages are for HTTPS only: a proxy in front ends it. Raises BadInput.

    next_free: where the port is taken, take the next one that nobody listens on.
    """
    import multiprocessing

    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    from surefoot.web import background

    local = _is_loopback(host)
    port = free_port(host, port) if next_free else port
    set_up(data, database, https=not local)
    from surefoot.web.sender import start_sender

    entry = prepare()
    if study is not None:
        bring(study)
    background.go_on()
    connections.close_all()
    threading.Thread(target=_keep_up_hourly, daemon=True).start()
    # Not fork: a process that has counted with threads (Polars) leaves its children with locks that nobody opens.
    multiprocessing.set_start_method("spawn", force=True)
    base = f"http://{host if ':' not in host else f'[{host}]'}:{port}"
    if entry:
        say(f"First administrator, open this once: {base}/enter/{entry}")
    else:
        say(f"Sign in: {base}/sign-in")
    say(f"Serving {base} (stop with Ctrl-C)")
    start_sender()
    Granian(
        "surefoot.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_access=False,
        log_level="error",  # type: ignore[arg-type]  # its warnings are about our own choice of threads
        websockets=False,
    ).serve()


def free_port(host: str, port: int) -> int:
    """The port, or the first after it that nobody listens on. Raises BadInput where none of twenty is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for tried in range(port, min(port + PORTS_TRIED, 65536)):
        with socket.socket(family) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                door.bind((host, tried))
            except OSError:
                continue
        return tried
    raise BadInput("port", f"{port} and the {PORTS_TRIED - 1} after it, all taken", "--port with one that is free")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        raise BadInput("host", f'"{host}"', "an address such as 127.0.0.1, or 0.0.0.0 behind a proxy") from None

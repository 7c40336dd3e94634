"""Preparing releases beside the server: a process of its own, so that no page waits and no worker is held up.

One at a time: it holds a lock on a file in the data folder, which the system gives back whenever and however the
process ends. Started with the server, when something is asked for, and when somebody looks and nobody is at work.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LOCK_FILE = "preparing.lock"
_STARTED: list[subprocess.Popen[bytes]] = []


def start() -> None:
    """Start a process that prepares what was asked for; where one is at work already, it ends at once."""
    _STARTED.append(subprocess.Popen([sys.executable, "-m", "surefoot.web.background"], stdin=subprocess.DEVNULL))


def go_on() -> None:
    """Start one where something waits and nobody is at work, as after a process was killed."""
    from surefoot.web import store

    # _starting comes first: at_work takes the lock for a moment, and one that is starting would find it taken.
    if not _starting() and store.any_under_way() and not at_work():
        start()


def _starting() -> bool:
    """Whether a process of ours still runs: it may not be at work yet, since to begin takes it seconds."""
    _STARTED[:] = [one for one in _STARTED if one.poll() is None]
    return bool(_STARTED)


def at_work() -> bool:
    """Whether a process is preparing releases now."""
    with _locked() as mine:
        return not mine


def run() -> None:
    """Prepare everything that was asked for, unless another process is at it; look again for what came meanwhile."""
    from surefoot.web import actions, store

    while store.any_under_way():
        with _locked() as mine:
            if not mine:
                return
            actions.work_off()


@contextlib.contextmanager
def _locked() -> Iterator[bool]:
    """Whether the lock is ours; it is, until the end of the block, where nobody else had it."""
    import fcntl

    from django.conf import settings

    with (Path(settings.DATA) / LOCK_FILE).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "surefoot.web.settings")
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # people who answer come first
    import django

    django.setup()
    run()

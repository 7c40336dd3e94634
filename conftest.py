"""Django wants its settings before anything of the web is imported, tests and examples in docstrings alike."""

import atexit
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest


@lru_cache(maxsize=1)
def set_up_django() -> None:
    """Once a process, with a data folder that is thrown away; each test brings a database of its own."""
    from surefoot.web.server import set_up

    folder = Path(tempfile.mkdtemp(prefix="surefoot-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    set_up(folder, https=False)
    from django.conf import settings

    # Hashing that is slow on purpose would be slow a hundred times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> None:
    """Only where something of the web is collected: everybody else need not wait for it."""
    if file_path.suffix == ".py" and "web" in file_path.parts:
        set_up_django()

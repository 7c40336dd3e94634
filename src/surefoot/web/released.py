"""The pages of released waves, kept in memory: what has a stamp never changes, so it is laid out once a process."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import lru_cache

from surefoot.report import Site, compile_templates, style
from surefoot.web import store
from surefoot.web.pages import shared

MOST_KEPT = 16
WRAPPER = "report"
"""The class of the element that holds a page of a release."""


@lru_cache(maxsize=1)
def stylesheet() -> tuple[str, str]:
    """The style of the pages of a release, and its address; another content is another address."""
    content = style(WRAPPER)
    return content, f"/results.css?{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def warm() -> None:
    """Compile the templates of results, so that no first reader of a process waits for it."""
    compile_templates()
    for name in ("release", "release-files", "home"):
        shared().get_template(f"{name}.html")


def site_of(study: str, wave: str, *, organisations: Collection[str] | None) -> Site | None:
    """The pages of a wave's release for somebody who may see some organisations, None for all; None where none is."""
    key = store.release_key(study, wave)
    if key is None:
        return None
    own = None if organisations is None else tuple(sorted(organisations))
    return _site(study, wave, key, own) if key[1] else _site.__wrapped__(study, wave, key, own)


@lru_cache(maxsize=MOST_KEPT)
def _site(study: str, wave: str, key: tuple[int, str], own: tuple[str, ...] | None) -> Site | None:
    found = store.released_wave(study, wave, organisations=own)
    if found is None:
        return None
    release, checked_by = found
    return Site.of(release, final_by=checked_by, base=f"/studies/{study}/waves/{wave}/release/")

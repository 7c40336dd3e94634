"""What an address names, or the page that says that there is no such thing."""

from __future__ import annotations

from django.http import Http404

from surefoot.web import store


def study_named(study: str) -> store.Overview:
    """A study by the name in an address. Raises Http404."""
    found = store.overview(study)
    if found is None:
        raise Http404
    return found


def wave_named(study: str, wave: str) -> store.WaveSeen:
    """A wave by the names in an address. Raises Http404."""
    found = store.wave(study, wave)
    if found is None:
        raise Http404
    return found

"""Writing a wave's final release: analysed as the command line does it, from the same files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from surefoot.errors import Refused
from surefoot.publication import publish
from surefoot.release import RELEASE_FILE
from surefoot.web import models, store
from surefoot.web.audit import written


def publish_wave(*, study: str, wave: str, checked_by: str, by: str) -> None:
    """Make the final release of a closed wave, once, under the name of who checked it. Raises Refused, BadInput."""
    row = models.Study.objects.get(slug=study)
    unclosed = row.waves.filter(name=wave).exclude(state=models.Wave.CLOSED).first()
    if unclosed is not None:
        raise Refused("nothing before the close", f"this wave is {unclosed.state}", "Close it first.")
    with tempfile.TemporaryDirectory() as place:
        made = publish(
            store.study(study, Path(place) / "study"), Path(place) / "report", wave=wave, final_by=checked_by
        )
        content = (Path(place) / "study" / "releases" / f"wave-{wave}" / RELEASE_FILE).read_text(encoding="utf-8")
    with written("publish-wave", f"{study}/{wave}", by=by, figures=len(made.analysis.release.figures)):
        models.Release.objects.create(study=row, wave=wave, content=content, checked_by=checked_by)

"""Results: the final release of a wave, as a page and as files. Nothing else is ever shown of answers."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from surefoot.errors import BadInput
from surefoot.release import Release
from surefoot.report import render, write_report
from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.headers import REPORT_POLICY
from surefoot.web.roles import CHANGE, RESULTS
from surefoot.web.uploads import pack


@needs(CHANGE)
@require_POST
def publish(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Make the final release, under the name of who checked it."""
    if request.POST.get("checked") != "yes":
        raise BadInput(
            "final release", "no tick", "a tick that says that you checked the answers' files and headcounts"
        )
    if store.overview(study) is None:
        raise Http404
    visitor = me(request)
    actions.publish_wave(study=study, wave=wave, checked_by=visitor.name, by=visitor.email)
    return HttpResponseRedirect(f"/studies/{study}/waves/{wave}/release")


def _released(study: str, wave: str) -> tuple[Release, str]:
    found = store.released_wave(study, wave)
    if found is None:
        raise Http404
    return found


@needs(RESULTS)
@require_safe
def release(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """The release as its report: one page that asks for nothing."""
    made, checked_by = _released(study, wave)
    return HttpResponse(render(made, final_by=checked_by), headers={"Content-Security-Policy": REPORT_POLICY})


@needs(RESULTS)
@require_safe
def files(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """All files of the release, zipped: report.html, report.xlsx, tables, release.json."""
    made, checked_by = _released(study, wave)
    with tempfile.TemporaryDirectory() as place:
        write_report(made, Path(place) / "report", final_by=checked_by)
        content = pack(Path(place) / "report")
    headers = {"Content-Disposition": f'attachment; filename="release-{study}-{wave}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)

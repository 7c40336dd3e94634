"""Results: the final release of a wave as pages and as files. Nothing else is ever shown of answers.

Somebody with a role in one organisation sees its numbers beside the group's, and of no other organisation.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from surefoot.release import Release
from surefoot.report import Site, render, write_report
from surefoot.web import released, store
from surefoot.web.access import PUBLIC, me, needs
from surefoot.web.headers import PAGES_POLICY, REPORT_POLICY
from surefoot.web.pages import page
from surefoot.web.roles import RESULTS
from surefoot.web.uploads import pack


@needs(RESULTS)
@require_safe
def landing(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """Where the results begin: with the own organisation for somebody who has one, with the overview for others."""
    site, own = _site(request, study, wave), me(request).organisations(RESULTS)
    owned = [group.code for group in site.owned if own and group.code in own]
    return HttpResponseRedirect(f"{site.base}organisations/{owned[0]}" if owned else f"{site.base}overview")


@needs(RESULTS)
@require_safe
def part(request: HttpRequest, study: str, wave: str, part: str) -> HttpResponse:
    """One page of the results: the overview, a chapter, a breakdown, the findings, the methods."""
    return _shown(request, study, wave, part)


@needs(RESULTS)
@require_safe
def organisation(request: HttpRequest, study: str, wave: str, organisation: str) -> HttpResponse:
    """One organisation beside the group, for those who may see it."""
    return _shown(request, study, wave, f"organisations/{organisation}")


@needs(RESULTS)
@require_safe
def finding(request: HttpRequest, study: str, wave: str, finding: str) -> HttpResponse:
    """One sentence with everything that it rests on."""
    return _shown(request, study, wave, f"findings/{finding}")


@needs(RESULTS)
@require_safe
def downloads(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """What can be taken away: the report in one page, a spreadsheet, tables, the release itself."""
    site = _site(request, study, wave)
    return page(request, "release-files.html", _around(site, "downloads", study, wave) | {"here": "Downloads"})


@needs(RESULTS)
@require_safe
def whole(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """The report in one page that asks for nothing."""
    made, checked_by = _released(request, study, wave)
    return HttpResponse(render(made, final_by=checked_by), headers={"Content-Security-Policy": REPORT_POLICY})


@needs(RESULTS)
@require_safe
def files(request: HttpRequest, study: str, wave: str) -> HttpResponse:
    """All files of what the visitor may see, zipped: report.html, report.xlsx, tables, release.json."""
    made, checked_by = _released(request, study, wave)
    with tempfile.TemporaryDirectory() as place:
        write_report(made, Path(place) / "report", final_by=checked_by)
        content = pack(Path(place) / "report")
    headers = {"Content-Disposition": f'attachment; filename="release-{study}-{wave}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@needs(PUBLIC)
@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """The style of the report, for the part of a page that holds it; the same for everybody."""
    kept = {"Cache-Control": "public, max-age=86400"}
    return HttpResponse(released.stylesheet()[0], content_type="text/css; charset=utf-8", headers=kept)


def _site(request: HttpRequest, study: str, wave: str) -> Site:
    found = released.site_of(study, wave, organisations=me(request).organisations(RESULTS))
    if found is None:
        raise Http404
    return found


def _released(request: HttpRequest, study: str, wave: str) -> tuple[Release, str]:
    found = store.released_wave(study, wave, organisations=me(request).organisations(RESULTS))
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, study: str, wave: str, key: str) -> HttpResponse:
    site = _site(request, study, wave)
    body = site.render(key)
    if body is None:
        raise Http404
    made = page(request, "release.html", _around(site, key, study, wave) | {"body": body})
    made.headers["Content-Security-Policy"] = PAGES_POLICY
    return made


def _around(site: Site, key: str, study: str, wave: str) -> dict[str, Any]:
    """What stands around the body of each page: the list of pages, and where this one is."""
    known = {"site": site, "key": key, "here": site.title_of(key), "around": site.around(key)}
    return known | {"study": study, "wave": wave, "style_results": released.stylesheet()[1]}

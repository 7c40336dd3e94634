"""Studies: made, brought in from a folder, shown, and given out as a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from surefoot.errors import BadInput
from surefoot.instrument import bank_names
from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.pages import page
from surefoot.web.roles import ANALYSE, CHANGE, SEE
from surefoot.web.uploads import pack, read_rows, unpack, uploaded
from surefoot.web.views.found import study_named
from surefoot.web.views.instrument import of_the_bank

_COLUMNS = ("id", "name")
_KNOWN = (*_COLUMNS, "staff", "service-type")


@needs(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a study with an instrument of the bank."""
    if request.method != "POST":
        return page(request, "new-study.html", {"bank": bank_names()})
    slug = request.POST.get("slug", "").strip()
    actions.add_study(
        slug=slug,
        title=request.POST.get("title", ""),
        instrument=of_the_bank(request),
        by=me(request).email,
    )
    return HttpResponseRedirect(f"/studies/{slug}/")


@needs(CHANGE)
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Bring in a study from its zipped folder."""
    with tempfile.TemporaryDirectory() as place:
        folder = unpack(uploaded(request, "folder", "the folder of a study, zipped"), Path(place))
        slug = actions.import_study(folder=folder, by=me(request).email)
    return HttpResponseRedirect(f"/studies/{slug}/")


@needs(SEE)
@require_safe
def study(request: HttpRequest, study: str) -> HttpResponse:
    """One study: its organisations, its instrument, its waves."""
    content = {
        "study": study_named(study),
        "organisations": store.organisations(study),
        "waves": store.waves(study),
        "may_change": me(request).may(CHANGE),
        "may_analyse": me(request).may(ANALYSE),
    }
    return page(request, "study.html", content)


@needs(CHANGE)
@require_POST
def organisations(request: HttpRequest, study: str) -> HttpResponse:
    """Set the organisations from an uploaded CSV: id, name and staff, or a column for each staff group."""
    file = uploaded(request, "organisations", f"a CSV with the columns {', '.join(_COLUMNS)}")
    rows = [
        (row["id"], row["name"] or row["id"], row.get("service-type", ""), _counted(row, line))
        for line, row in enumerate(read_rows(file, _COLUMNS, "list of organisations"), 2)
    ]
    actions.set_organisations(study=study_named(study).slug, organisations=rows, by=me(request).email)
    return HttpResponseRedirect(f"/studies/{study}/")


def _counted(row: Mapping[str, str], line: int) -> int | dict[str, int]:
    """All staff of a line, or staff by group where there are columns of groups; both must then agree."""
    groups = {name: _staff(text, line) for name, text in row.items() if name and name not in _KNOWN and text}
    if not groups:
        return _staff(row.get("staff", ""), line)
    if row.get("staff") and _staff(row["staff"], line) != sum(groups.values()):
        expected = f"{sum(groups.values())}, which the groups come to"
        raise BadInput(f"list of organisations, line {line}, staff", row["staff"], expected)
    return groups


def _staff(text: str, line: int) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 7:
        raise BadInput(f"list of organisations, line {line}, staff", f'"{text}"', "a whole number of staff")
    return int(text)


@needs(ANALYSE)
@require_safe
def export(request: HttpRequest, study: str) -> HttpResponse:
    """The study as the folder that the command line reads, zipped. Refused while a wave is open."""
    study_named(study)
    store.check_closed(study)
    with tempfile.TemporaryDirectory() as place:
        content = pack(store.materialise(study, Path(place), secret=False))
    headers = {"Content-Disposition": f'attachment; filename="{study}.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)

"""The whole programme as a folder of files: taken along, and brought in."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from surefoot.errors import Refused
from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.pages import page
from surefoot.web.roles import ANALYSE, CHANGE
from surefoot.web.uploads import pack, unpack, uploaded


@needs(ANALYSE)
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """What can be taken along and brought in."""
    return page(request, "programme-files.html", {"may_change": me(request).may(CHANGE)})


@needs(ANALYSE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The whole programme as the folder that the command line uses, zipped. Refused while any wave is open."""
    keys = request.POST.get("keys") == "yes"
    if keys and not me(request).may(CHANGE):
        raise Refused("roles", "your role does not take the keys of studies along", "Ask a programme lead.")
    store.check_closed()
    actions.note_export(keys=keys, by=me(request).email)
    with tempfile.TemporaryDirectory() as place:
        content = pack(store.materialise_programme(Path(place), keys=keys))
    headers = {"Content-Disposition": 'attachment; filename="programme.zip"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


@needs(CHANGE)
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Bring in a whole programme from its zipped folder, all of it or nothing."""
    with tempfile.TemporaryDirectory() as place:
        file = uploaded(request, "folder", "the folder of a programme, zipped")
        actions.import_programme(folder=unpack(file, Path(place), what="programme"), by=me(request).email)
    return HttpResponseRedirect("/")

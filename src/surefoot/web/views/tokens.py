"""One's own tokens of the programming interface."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from surefoot.web import actions, store
from surefoot.web.access import me, needs
from surefoot.web.api.endpoints import ENDPOINTS
from surefoot.web.pages import page
from surefoot.web.roles import TOKENS


@needs(TOKENS)
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens; making one shows it, once."""
    visitor, made = me(request), ""
    rights = [right for right in dict.fromkeys(one.right for one in ENDPOINTS) if visitor.may(right)]
    if request.method == "POST":
        days = request.POST.get("days", "")
        made = actions.make_token(
            visitor=visitor,
            name=request.POST.get("name", ""),
            rights=request.POST.getlist("rights"),
            writes=request.POST.get("writes") == "yes",
            days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
            today=timezone.localdate(),
        )
    return page(request, "tokens.html", {"tokens": store.tokens_of(visitor.email), "made": made, "rights": rights})


@needs(TOKENS)
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """End a token of one's own."""
    actions.revoke_token(name=request.POST.get("name", ""), by=me(request).email)
    return HttpResponseRedirect("/tokens")

"""How pages are rendered: Jinja templates of ours on the components of NHS.UK frontend."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from surefoot.instrument import Text, spoken, words
from surefoot.questionnaires import symbol
from surefoot.web.catalogue import day, language_name, say, unreviewed
from surefoot.web.language import EASY_READ, Language, address

STATIC = Path(__file__).parent / "static"
ENGLISH = Language()


def environment(**options: Any) -> Environment:
    """The environment of all pages. Undefined names chain, as the components expect; escaping is on."""
    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("surefoot.web", "templates"),
                PrefixLoader({"nhsuk": PackageLoader("nhsuk_frontend_jinja", "templates/nhsuk")}),
            ]
        ),
        undefined=ChainableUndefined,
        autoescape=True,
        auto_reload=False,
        extensions=["jinja2.ext.do"],
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(style=address_of("surefoot.css"), style_inside=address_of("programme.css"))
    made.globals.update(script=address_of("passkeys.js"), say=say, words=words, marked=marked, address=address)
    made.globals.update(language_name=language_name, unreviewed=unreviewed, symbol=symbol, lines=lines)
    made.filters.update(day=day, words=words)
    return made


@lru_cache(maxsize=1)
def shared() -> Environment:
    """The one environment of a process."""
    return environment()


def warm() -> None:
    """Compile the templates that respondents need, so that no first visitor of a process waits for it."""
    for name in ("question", "begin", "check", "message"):
        shared().get_template(f"answering/{name}.html")
    for part in ("radios", "checkboxes", "input", "textarea", "error-summary", "button", "back-link"):
        shared().get_template(f"nhsuk/components/{part}/template.jinja")


def lines(text: str, language: str) -> str:
    """A text as it is; in Easy Read each sentence in a line of its own."""
    if language != EASY_READ:
        return text
    return Markup(" ").join(
        Markup('<span class="sf-sentence">{}</span>').format(part) for part in re.split(r"(?<=[.?!]) ", text) if part
    )


@lru_cache(maxsize=8)
def address_of(file: str) -> str:
    """The address of a static file; another content is another address, so no browser keeps an old one."""
    return f"/static/{file}?{hashlib.sha256((STATIC / file).read_bytes()).hexdigest()[:12]}"


def marked(text: Text, language: str) -> Markup:
    """A wording in a language; where there is only one in another, it is marked as being in that, to be read aloud.

    >>> marked({"en": "Yes"}, "cy")
    Markup('<span lang="en">Yes</span>')
    """
    wording, spoken_in = spoken(text, language)
    if spoken_in.partition("-x-")[0] == language.partition("-x-")[0]:
        return escape(wording)
    return Markup('<span lang="{}">{}</span>').format(spoken_in, wording)


def page(
    request: HttpRequest, template: str, content: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A page for somebody who signs in: with who they are, and the token that forms need."""
    text = shared().get_template(template).render({**around(request), **(content or {})})
    return HttpResponse(text, status=status)


def around(request: HttpRequest) -> dict[str, Any]:
    """What every page of somebody who signs in knows; Django calls it for the pages of allauth's views."""
    return {"visitor": getattr(request, "visitor", None), "csrf": get_token(request), "path": request.path}


def answering_page(
    template: str, content: Mapping[str, Any], *, spoken_in: Language = ENGLISH, status: int = 200
) -> HttpResponse:
    """A page for a respondent: no cookie, no token, nothing that knows them."""
    told = {"spoken_in": spoken_in, "language": spoken_in.code, **content}
    return _sent(shared().get_template(template).render(told), status)


_BLANK: dict[tuple[Any, ...], str] = {}
_MOST_BLANK = 2000
_GAP = "LINK-OF-THIS-PAGE"


def blank_page(
    template: str, content: Mapping[str, Any], key: tuple[Any, ...], *, spoken_in: Language = ENGLISH
) -> HttpResponse:
    """A page for a respondent that shows no answer: rendered once, and for others with their link put in."""
    text = _BLANK.get((*key, spoken_in))
    if text is None:
        told = {"spoken_in": spoken_in, "language": spoken_in.code, **content, "link": _GAP}
        text = shared().get_template(template).render(told)
        if len(_BLANK) >= _MOST_BLANK:
            _BLANK.clear()
        _BLANK[(*key, spoken_in)] = text
    return _sent(text.replace(_GAP, content["link"]), 200)


def _sent(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, headers={"Referrer-Policy": "no-referrer"})

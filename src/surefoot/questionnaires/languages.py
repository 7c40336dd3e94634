"""Names of languages as other tools write them, and their codes."""

from __future__ import annotations

import re

from surefoot.instrument.naming import slug

NAMES = {
    "ar": "Arabic", "bn": "Bengali", "cy": "Welsh", "de": "German", "en": "English", "en-x-easyread": "Easy Read",
    "es": "Spanish", "fr": "French", "ga": "Irish", "gd": "Scottish Gaelic", "gu": "Gujarati", "it": "Italian",
    "nl": "Dutch", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "so": "Somali",
    "ta": "Tamil", "tr": "Turkish", "ur": "Urdu", "zh": "Chinese",
}  # fmt: skip
_OWN_NAMES = {"cymraeg": "cy", "deutsch": "de", "español": "es", "français": "fr", "gaeilge": "ga", "polski": "pl"}
_CODES = {name.casefold(): code for code, name in NAMES.items()} | _OWN_NAMES
_CODE = re.compile(r"\(\s*([A-Za-z][A-Za-z0-9-]*)\s*\)\s*$")


def language_name(code: str) -> str:
    """A language as a heading names it.

    >>> language_name("cy"), language_name("tlh")
    ('Welsh (cy)', 'tlh (tlh)')
    """
    return f"{NAMES.get(code, code)} ({code})"


def language_code(name: str) -> str:
    """The code of a language from its name: what stands in brackets, else by the name.

    >>> language_code("Cymraeg (cy)"), language_code("French"), language_code("Old Norse")
    ('cy', 'fr', 'old-norse')
    """
    shaped = _CODE.search(name)
    return shaped[1] if shaped else _CODES.get(name.strip().casefold(), slug(name, "en"))

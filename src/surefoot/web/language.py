"""The language of a respondent's page: carried in the address, so that no cookie is needed and nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from surefoot.instrument import Instrument, bank_translation
from surefoot.web.catalogue import DEFAULT, languages, reviewed_by

PARAMETER = "lang"
EASY_READ = "en-x-easyread"


@dataclass(frozen=True)
class Language:
    """A language that a page is in, and those that it is offered in, itself among them."""

    code: str = DEFAULT
    offered: tuple[str, ...] = (DEFAULT,)

    @property
    def easy(self) -> bool:
        """Whether this is Easy Read: large type, short sentences, pictures."""
        return self.code == EASY_READ

    @property
    def reviewed(self) -> bool:
        """Whether somebody who is named has checked all its words, those of the pages and those of the bank."""
        return bool(reviewed_by(self.code)) and bank_translation(self.code).reviewed


def language_of(wanted: str | None, instrument: Instrument | None = None) -> Language:
    """The language that an address asks for, or English where nobody speaks that one here.

    Wordings such as Easy Read are offered where the instrument has them. instrument: none where a link leads nowhere.
    """
    offered = tuple(code for code in languages() if _is_offered(code, wanted, instrument))
    return Language(wanted if wanted in offered else DEFAULT, offered)


def _is_offered(code: str, wanted: str | None, instrument: Instrument | None) -> bool:
    plain = "-x-" not in code
    return plain or (code == wanted if instrument is None else code in instrument.languages)


def address(place: str, language: str, *parts: str) -> str:
    """An address in a language. parts: what else stands after its question mark.

    >>> address("/a/x/q/y", "cy", "check"), address("/a/x", "en")
    ('/a/x/q/y?check&lang=cy', '/a/x')
    """
    said: Sequence[str] = [*filter(None, parts), *([f"{PARAMETER}={language}"] if language != DEFAULT else [])]
    return f"{place}?{'&'.join(said)}" if said else place

"""Taking personal data out of comments: names, places, phones, e-mails and what else says who somebody is.

It errs to the side of taking too much, and still misses some: a person must read a comment before it is quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from surefoot.instrument import words
from surefoot.study import Study
from surefoot.themes.vocabulary import also_words, either, entries, listed, names

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug"
    "|sept?|oct|nov|dec)"
)
_CAPITAL = r"[A-Z][\w'’-]*[a-z][\w'’-]*"


@dataclass(frozen=True)
class Redactor:
    """Takes personal data out of texts. own: names of the study's organisations and sites."""

    own: tuple[str, ...] = ()

    def __call__(self, text: str) -> str:
        """The text with a mark such as [name] for whatever says who somebody is; doing it again changes nothing.

        Each mark can give another rule its context, so the rules are gone through until none finds anything.
        """
        while (again := self._once(text)) != text:
            text = again
        return text

    def _once(self, text: str) -> str:
        for pattern, mark in (*_NUMBERS, *self._own, *_PLACES, *_TITLES, *_NAMES):
            text = pattern.sub(mark, text)
        return _MERGED.sub(r"[\1]", _capitals(text))

    @cached_property
    def _own(self) -> tuple[Rule, ...]:
        if not self.own:
            return ()
        whole = re.compile(rf"\b{either(sorted(self.own, key=len, reverse=True))}\b", re.IGNORECASE)
        first = {name.split()[0] for name in self.own} | {name for name in self.own if name.isupper()}
        single = sorted(word for word in first if word.casefold() not in listed("generic") and word[:1].isupper())
        rules: tuple[Rule, ...] = ((whole, "[organisation]"),)
        if single:
            rules = (*rules, (re.compile(rf"\b{either(single)}\b(?:['’]s\b)?"), "[organisation]"))
        return rules


def redactor(study: Study) -> Redactor:
    """The redactor of a study: it knows its organisations, the answers to where people work, and further names."""
    found = [name for o in study.organisations for name in (o.name, o.id.replace("-", " "), _initials(o.name))]
    if study.organisation_question is not None:
        found += [words(option.text) for option in study.instrument[study.organisation_question].options]
    kept = (name.strip() for name in (*found, *study.comments.names))
    return Redactor(
        tuple(dict.fromkeys(name for name in kept if len(name) > 2 and name.casefold() not in listed("generic")))
    )


def _initials(name: str) -> str:
    letters = "".join(word[0] for word in name.split() if word[:1].isupper())
    return letters if len(letters) >= 3 else ""


# Numbers and addresses ----------------------------------------------------------------------------------------------


def _digits(match: re.Match[str]) -> str:
    """A phone, or a number that may be somebody's; short numbers stay."""
    text = match[0]
    digits = re.sub(r"\D", "", text)
    if is_nhs_number(digits):
        return "[number]"
    if 9 <= len(digits) <= 14 and (text.lstrip("(").startswith(("0", "+")) or digits.startswith("44")):
        return "[phone]"
    return "[number]" if len(digits) >= 6 else text


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits have the check digit of an NHS number (modulus 11).

    >>> is_nhs_number("9434765919"), is_nhs_number("9434765918")
    (True, False)
    """
    if not re.fullmatch(r"\d{10}", digits):
        return False
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(digits[9]) and check != 10


_I = re.IGNORECASE
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_NUMBERS: tuple[Rule, ...] = (
    (re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[A-Za-z][\w-]*)+"), "[email]"),
    (re.compile(r"\b[\w.+-]+ at [\w-]+(?: dot [\w-]+)+", _I), "[email]"),
    (re.compile(r"\bhttps?://\S+|\bwww\.\S+|(?<![\w@])@\w{2,}", _I), "[web address]"),
    (re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|io|ai|uk|eu|wales|scot)\b(?:/\S*)?", _I), "[web address]"),
    (re.compile(r"\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", _I), "[number]"),
    (re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})\b", _I), "[postcode]"),
    (re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"), "[number]"),
    (re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})\b|\b\d{4}-\d{2}-\d{2}\b"), "[date]"),
    (re.compile(rf"\b{_DAY}(?: of)? {_MONTH}\b(?:,? (?:19|20)\d\d\b)?", _I), "[date]"),
    (re.compile(rf"\b{_MONTH} {_DAY}\b(?:,? (?:19|20)\d\d\b)?", _I), "[date]"),
    (re.compile(rf"\b{_MONTH},? (?:19|20)\d\d\b", _I), "[date]"),
    (re.compile(r"(?<=\bborn in )(?:19|20)\d\d\b|(?<=\bborn )(?:19|20)\d\d\b|(?<=\bdob )\d[\d/. -]+\d", _I), "[date]"),
    (re.compile(r"(?<=\baged )\d{1,3}\b|(?<=\bage )\d{1,3}\b|\b\d{1,3}(?=[ -]?(?:years?|yrs?)[ -]old\b)", _I), "[age]"),
    (re.compile(r"(?<=\bi am )\d\d\b(?! ?(?:%|hours?|years?|minutes?|miles?))|(?<=\bi['’]m )\d\d\b(?! )", _I), "[age]"),
    (re.compile(r"(?<![\w])\+?\(?\d(?:[\d().-]|\s(?=[\d(]))*\d(?![\w%])"), _digits),
    (re.compile(r"\bext(?:ension)?\.? ?\d{2,6}\b", _I), "[phone]"),
    (re.compile(r"(?<=\bnumber )\d{3,5}\b|(?<=\bno\. )\d{3,5}\b|(?<=\bid )\d{3,5}\b", _I), "[number]"),
    (re.compile(r"\b(?:room|bed|bay|ward|flat) (?:\d+[a-z]?|[A-Z]\d*)\b", _I), "[place]"),
)


# Places and titles --------------------------------------------------------------------------------------------------


def _made_places() -> Iterator[Rule]:
    endings = either(word.title() for word in entries("redaction", "place_words"))
    yield re.compile(rf"\b(?:(?!The\b|Our\b|My\b|A\b|Care\b|Nursing\b)[A-Z][\w'’.-]*\s+){{1,3}}{endings}\b"), _compound
    yield re.compile(rf"\b{either(entries('places', 'places'))}\b", re.IGNORECASE), "[place]"
    capital = either(word.title() for word in entries("places", "also_words"))
    yield re.compile(rf"(?<=\bin ){capital}\b|(?<=\bat ){capital}\b|(?<=\bnear ){capital}\b"), "[place]"
    yield re.compile(rf"(?<=\bfrom ){capital}\b|(?<=\bto ){capital}\b|(?<=[a-z] ){capital}\b"), "[place]"


def _compound(match: re.Match[str]) -> str:
    """A name before a word for a place is the name of a place, unless all of it is everyday words ("Care Home")."""
    *before, _ = match[0].split()
    starts = " ".join(takewhile(_kept, before))
    if all(_plain(word) for word in before):
        return match[0]
    return f"{starts} [place]" if starts else "[place]"


def _plain(word: str) -> bool:
    bare = re.split(r"['’]", word.casefold().strip(".'’"))[0]
    return bare in listed("allowed") or bare in listed("starters") or bare in listed("function")


# Names --------------------------------------------------------------------------------------------------------------


def _named(match: re.Match[str]) -> str:
    """What follows "called" or a title of courtesy is a name, unless it is an everyday word."""
    word = match["who"]
    everyday = word.casefold() in listed("function") or word.casefold() in listed("allowed")
    return match[0] if everyday else f"{match['lead'] or ''}[name]"


def _made_names() -> Iterator[Rule]:
    surname = rf"(?:\s+(?!(?:I|AI|IT|HR|NHS)\b){_CAPITAL}(?<!['’]s))?"
    polite = either(sorted(listed("honorifics")))
    yield re.compile(rf"\b(?i:{polite})\b\.?(?:\s+[A-Z]\b\.?)?\s+(?P<lead>)(?P<who>{_CAPITAL}){surname}"), _named
    yield re.compile(r"\b(?:mr|mrs|ms|prof)\b\.?\s+(?P<lead>)(?P<who>[a-z][\w'’-]+)", re.IGNORECASE), _named
    called = r"(?:called|named|name is|name's|known as|regards|sincerely|signed)[,:]?\s+"
    yield re.compile(rf"(?P<lead>\b(?i:{called}))(?P<who>[A-Za-z][\w'’-]+){surname}"), _named
    every = either(sorted(names()))
    yield re.compile(rf"\b(?i:{every})\b(?![-@]\w){surname}"), "[name]"
    also = either(word.title() for word in sorted(also_words()))
    roles = either(entries("redaction", "roles"))
    yield re.compile(rf"(?P<lead>\b(?i:{roles})(?:,? |, ))(?P<who>{also}){surname}\b"), _named
    speaks = r"(?=\s+(?:said|says|told|asked|helped|showed|thinks|works|worked|rang|shouted|from)\b)"
    yield re.compile(rf"\b{also}{speaks}"), "[name]"
    yield re.compile(rf"\b{also}\s+(?!(?:I|AI|IT|HR|NHS)\b){_CAPITAL}"), _full


def _full(match: re.Match[str]) -> str:
    """A first and a last name, unless the second is an everyday word ("Will Microsoft ...")."""
    return match[0] if _plain(match[0].split()[1]) else "[name]"


def _capitals(text: str) -> str:
    """Words with a capital letter inside a sentence that are no everyday words, as names; not in headings."""
    capitals = len(re.findall(_CAPITAL, text))
    if capitals > 5 and capitals > 0.6 * len(text.split()):
        return text
    made = _INSIDE.sub(lambda match: match[0] if _plain(match[0]) else "[name]", text)
    return _BEFORE.sub(lambda match: match[0] if _kept(match[1]) else "[name]", made)


def _kept(word: str) -> bool:
    return (
        word.casefold() in listed("starters")
        or word.casefold() in listed("function")
        or word.casefold() in listed("allowed")
    )


_TITLE = either(entries("redaction", "titles"))
_ONLY = r"(?:[\w-]+ ){0,2}?[\w-]+(?= (?:in|at|here|on|who|for|of)\b|[.,;!?]|$)"
_TITLES: tuple[Rule, ...] = (
    (re.compile(rf"(?P<lead>\b(?:the|our|my|this|am|as) ){_TITLE}\b", _I), r"\g<lead>[job title]"),
    (re.compile(rf"(?P<lead>\b(?:i am|i['’]m|as|being) the only ){_ONLY}", _I), r"\g<lead>[job title]"),
)
_PLACES = tuple(_made_places())
_NAMES = tuple(_made_names())
_INSIDE = re.compile(
    rf"(?<=[a-z0-9,;)\]'’\"%&] ){_CAPITAL}|(?<=[A-Z]{{2}} ){_CAPITAL}|(?<=\bI ){_CAPITAL}|(?<=[a-z]['’]s ){_CAPITAL}"
)
_BEFORE = re.compile(rf"\b({_CAPITAL})(?: and)? \[name\]")
_MERGED = re.compile(r"\[(name|place|organisation)\](?:[ ,-]+\[\1\])+")


def redact(text: str, own: Sequence[str] = ()) -> str:
    """Take personal data out of one text. own: names of organisations and sites.

    >>> redact("My manager Sarah Jones, on 07700 900123, said no.")
    'My manager [name], on [phone], said no.'
    """
    return Redactor(tuple(own))(text)

"""Which inferred questions ask for personal characteristics, so that nothing is broken down by them."""

from __future__ import annotations

import re

_EQUALITY = re.compile(
    r"^(your |what is your |what s your |what was your )?(age|age band|age group|age range|gender|gender identity|sex|"
    r"ethnicity|ethnic group|ethnic background|ethnic origin|race|disability|disability status|religion|"
    r"religion or belief|faith|sexual orientation|sexuality|carer|carer status|caring responsibilities)"
    r"( in years| years| at birth| registered at birth)?$"
    r"|\bhow old are you\b|\bage (are you|group are you|band are you)\b"
    r"|\bwhat is your (age|gender|sex|ethnic\w*|religion|faith|sexual\w*|disability)\b"
    r"|\bhow would you describe your (gender|sex|ethnic\w*|religion|faith|sexual\w*)\b"
    r"|\b(do you have|do you consider yourself to have) (a|any) (\w+ )?(disability|disabilities)\b|\bare you disabled\b"
    r"|\bare you (a|an) (unpaid )?carer\b|\bsexual orientation\b|\bcaring responsibilities\b"
)


def asks_for_a_characteristic(header: str, text: str) -> bool:
    """Whether a heading or wording plainly asks age, gender, sex, ethnicity, disability, religion or the like.

    >>> asks_for_a_characteristic("Q7", "What is your age?"), asks_for_a_characteristic("ageGroup", "")
    (True, True)
    >>> asks_for_a_characteristic("stage", "At what stage is your work?")
    False
    """
    return any(_EQUALITY.search(_words(name)) for name in (header, text) if name)


def _words(name: str) -> str:
    """A heading as words: camel case and underscores apart, without a number or "Q7" before it."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = " ".join(re.sub(r"[^A-Za-z]+", " ", apart).casefold().split())
    return re.sub(r"^q ", "", plain)

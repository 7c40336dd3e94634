"""Answers as forms bring them, and the mistakes that a page explains."""

from typing import Any

import pytest

from surefoot.instrument import Instrument
from surefoot.web.answer import Mistake, read_answer


def posted(fields: dict[str, list[str]]) -> Any:
    """A form."""
    return lambda name: fields.get(name, [])


@pytest.mark.parametrize(
    ("question", "fields", "answer"),
    [
        ("used", {"answer": ["yes"]}, "yes"),
        ("used", {"answer": ["dont-know-enough"]}, "dont-know-enough"),
        ("tools", {"answer": ["notes", "chat"]}, ["chat", "notes"]),
        ("tools", {"answer": ["none"]}, ["none"]),
        ("wanted", {"rank-third": ["1"], "rank-first": ["2"], "rank-second": [""]}, ["third", "first"]),
        ("hours", {"answer": [" 7.5 "]}, 75),
        ("hours", {"answer": ["1,200"]}, 12000),
        ("hours", {"answer": ["\N{MINUS SIGN}3"]}, -30),
        ("area", {}, None),
        ("comment", {"answer": ["  "]}, None),
        ("comment", {"answer": ["Line\r\nline\x00\x1b[31m"]}, "Line\nline[31m"),
    ],
)
def test_answer_is_read(asked: Instrument, question: str, fields: dict[str, list[str]], answer: Any) -> None:
    """Each kind of question has its kind of answer; left empty, an optional one is None."""
    assert read_answer(asked[question], posted(fields)) == answer


@pytest.mark.parametrize(
    ("question", "fields", "key", "about"),
    [
        ("used", {}, "nothing-single", "answer"),
        ("used", {"answer": ["maybe"]}, "not-an-option", "answer"),
        ("used", {"answer": ["yes", "no"]}, "not-an-option", "answer"),
        ("tools", {}, "nothing-multi", "answer"),
        ("tools", {"answer": ["none", "chat"]}, "stands-alone", "answer"),
        ("wanted", {}, "nothing-ranked", "rank-first"),
        ("wanted", {"rank-first": ["1"], "rank-third": ["1"]}, "rank-twice", "rank-third"),
        ("wanted", {"rank-first": ["1"], "rank-third": ["3"]}, "rank-gap", "rank-first"),
        ("wanted", {"rank-second": ["9"]}, "not-a-rank", "rank-second"),
        ("wanted", {"rank-second": ["-1"]}, "not-a-rank", "rank-second"),
        ("hours", {}, "nothing-number", "answer"),
        ("hours", {"answer": ["many"]}, "not-a-number", "answer"),
        ("hours", {"answer": ["1e9"]}, "not-a-number", "answer"),
        ("hours", {"answer": ["9" * 14]}, "not-a-number", "answer"),
        ("hours", {"answer": ["7.55"]}, "too-fine", "answer"),
        ("comment", {"answer": ["x" * 5001]}, "too-long", "answer"),
    ],
)
def test_mistake_is_told(asked: Instrument, question: str, fields: dict[str, list[str]], key: str, about: str) -> None:
    """What cannot be an answer is a mistake with a sentence and a field to go to."""
    found = read_answer(asked[question], posted(fields))
    assert isinstance(found, Mistake)
    assert (found.key, found.about) == (key, about)

"""Suggestions are made from enough comments, always the same ones, and never become themes by themselves."""

import sys
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from surefoot.demo.comments import write_comments
from surefoot.errors import BadInput, Refused
from surefoot.themes import SuggestedTheme, Theme, steps, suggest
from surefoot.themes.suggestion import stem, tokens


def some(number: int, seed: int = 1) -> dict[str, str]:
    """Comments that no person wrote, by id."""
    return {f"c{n:04}": c.text for n, c in enumerate(write_comments(np.random.default_rng(seed), number))}


def test_few_comments_are_read_by_a_person() -> None:
    """Under 30 comments there is no suggestion."""
    with pytest.raises(Refused, match="fewer than 30"):
        suggest(some(29))


def test_suggestions_do_not_depend_on_order() -> None:
    """The same comments in another order, and again, give equal suggestions."""
    texts = some(120)
    backwards = dict(reversed(list(texts.items())))
    assert suggest(texts) == suggest(backwards) == suggest(texts)


def test_suggestions_say_what_they_are_made_of() -> None:
    """Words, size, three exemplars, members that add up, and the method."""
    texts = some(200)
    found = suggest(texts)
    assert all(len(one.exemplars) == min(3, len(one.members)) for one in found)
    assert all(set(one.exemplars) <= {texts[name] for name in one.members} for one in found)
    members = [name for one in found for name in one.members]
    assert len(members) == len(set(members)) == sum(one.size for one in found) <= 200
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)
    assert all("NMF" in one.method for one in found)


def test_known_themes_are_found() -> None:
    """Of eight themes that 300 plain comments are about, at least six are the commonest of some suggestion."""
    said = write_comments(np.random.default_rng(5), 300)
    truth = {f"c{n:04}": c.themes for n, c in enumerate(said)}
    found = set()
    for one in suggest({f"c{n:04}": c.text for n, c in enumerate(said)}):
        themes = [theme for name in one.members for theme in truth[name]]
        found.add(max(sorted(set(themes)), key=themes.count))
    assert len(found) >= 6


def test_words_of_one_kind_are_one() -> None:
    """Endings are cut, marks are no words."""
    assert stem("training") == stem("trained") == stem("train")
    assert tokens("[job title] and [name]: Training!") == ["and", "train"]


def test_without_scikit_learn_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command that installs it, not a traceback."""
    monkeypatch.setitem(sys.modules, "sklearn.feature_extraction.text", None)
    with pytest.raises(BadInput, match=r'pip install "surefoot\[themes\]"'):
        suggest(some(30))


def test_a_suggestion_is_no_theme(make_study: Any) -> None:
    """The codebook that is written has no theme; coding is refused until a person has named one."""
    assert not issubclass(SuggestedTheme, Theme)
    assert not issubclass(Theme, SuggestedTheme)
    (opened,) = steps.open_comments(make_study())
    steps.read_all([opened], by="Lee Lead", now=datetime(2026, 11, 25, tzinfo=UTC))
    assert steps.suggest_themes(opened)
    with pytest.raises(Refused, match="a person names themes"):
        steps.prepare_sheet(opened, "Ann")

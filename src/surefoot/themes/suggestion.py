"""Suggested themes: groups of comments that share words, for a person to read, name, merge or throw away.

Method: TF-IDF of single words and non-negative matrix factorisation (NMF), all on this machine. It was chosen by
measurement (docs/decisions, benchmarks/themes.py). A suggestion is no theme: nothing here makes a Theme.
"""

from __future__ import annotations

import math
import re
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from surefoot.errors import BadInput, Refused

FEWEST = 30
"""Fewer comments than this are read by a person sooner than a machine's suggestions are checked."""
MOST_SUGGESTIONS = 12
EXEMPLARS = 3
METHOD = "TF-IDF of single words, NMF, seed 0"
_MARK = re.compile(r"\[[a-z ]+\]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SUFFIXES = ("ing", "ies", "es", "ed", "ly", "s")
SMALL_TALK = frozenset(
    """think view honest honestly feel need want use used using make like just really dont would could should please
    thing things lot also get comment""".split()  # noqa: SIM905  a list of words reads better as words
)
"""Words of answers that say nothing about a theme, beside the usual small words of English."""


@dataclass(frozen=True)
class SuggestedTheme:
    """Comments that a machine put together. words: what they have in common; size: how many people wrote them;
    exemplars: three of them, without personal data; members: ids of the comments; method: how it was made."""

    id: str
    words: tuple[str, ...]
    size: int
    exemplars: tuple[str, ...]
    members: tuple[str, ...]
    method: str = METHOD


def number_of_suggestions(comments: int) -> int:
    """How many suggestions are made: more than there are themes, since a person merges more easily than splits.

    >>> [number_of_suggestions(n) for n in (30, 100, 300, 3000)]
    [4, 7, 12, 12]
    """
    return min(MOST_SUGGESTIONS, max(3, round(math.sqrt(comments) / 1.5)))


def suggest(
    texts: Mapping[str, str],
    *,
    times: Mapping[str, int] | None = None,
    ignored: Iterable[str] = (),
    number: int | None = None,
) -> tuple[SuggestedTheme, ...]:
    """Suggest themes of comments, the largest first; the same comments give the same suggestions in any order.

    texts: redacted comments by id. times: how many people wrote each, 1 by default. ignored: further words that say
    nothing, such as those of the question. Raises Refused for fewer than 30 comments and BadInput where scikit-learn is
    missing.
    """
    if len(texts) < FEWEST:
        reason = f"there are fewer than {FEWEST} different comments"
        raise Refused("enough comments for suggestions", reason, "Read them and write the codebook by hand.")
    ids = sorted(texts)
    vectors, vocabulary = vectorise([texts[name] for name in ids], ignored)
    weights, loads = factorise(vectors, min(number or number_of_suggestions(len(ids)), len(vocabulary)))
    place = np.where(weights.max(axis=1) > 0, weights.argmax(axis=1), -1)
    forms = _forms(texts.values())
    made = []
    for group in range(weights.shape[1]):
        members = [ids[row] for row in np.flatnonzero(place == group)]
        if members:
            said = tuple(forms[vocabulary[word]] for word in np.argsort(-loads[group], kind="stable")[:6])
            typical = [ids[row] for row in np.argsort(-weights[:, group], kind="stable") if place[row] == group]
            size = sum((times or {}).get(name, 1) for name in members)
            made.append((said, size, _exemplars(typical, texts), tuple(members)))
    made.sort(key=lambda entry: (-entry[1], entry[0]))
    return tuple(SuggestedTheme(f"suggestion-{place}", *entry) for place, entry in enumerate(made, 1))


def vectorise(texts: Sequence[str], ignored: Iterable[str] = ()) -> tuple[Any, list[str]]:
    """TF-IDF of the words of some texts (a sparse matrix), and the stems that its columns stand for."""
    extraction = _sklearn("feature_extraction.text")
    stops = frozenset(extraction.ENGLISH_STOP_WORDS) | SMALL_TALK | {stem(word.casefold()) for word in ignored}
    split = partial(tokens, stops=stops)
    fewest = 2 if any(n > 1 for n in Counter(w for text in texts for w in set(split(text))).values()) else 1
    vectoriser = extraction.TfidfVectorizer(analyzer=split, min_df=fewest, sublinear_tf=True)
    try:
        return vectoriser.fit_transform(texts), list(vectoriser.get_feature_names_out())
    except ValueError:
        raise BadInput("themes", "comments without a word in common", "comments in English, in sentences") from None


def factorise(vectors: Any, number: int) -> tuple[Any, Any]:
    """NMF of a matrix [comment, word] into weights [comment, group] and loads [group, word]; no chance in it."""
    decomposition = _sklearn("decomposition")
    model = decomposition.NMF(max(1, number), init="nndsvda", random_state=0, max_iter=1000)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not quite converged is good enough for a suggestion
        return model.fit_transform(vectors), model.components_


def tokens(text: str, stops: frozenset[str] = frozenset()) -> list[str]:
    """The stems of the words of a text, without those that say nothing and without marks such as [name].

    >>> tokens("Staff need to be trained; [name] has training.", frozenset({"to", "be", "has"}))
    ['staff', 'need', 'train', 'train']
    """
    found = _WORD.findall(_MARK.sub(" ", text.casefold()))
    return [stem(word) for word in found if word not in stops and stem(word) not in stops]


def stem(word: str) -> str:
    """A word without a common ending; crude, and the same for all words that are to be counted as one."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            return word[: -len(suffix)]
    return word


def _forms(texts: Iterable[str]) -> dict[str, str]:
    """For each stem, the word that is used most often."""
    counts = Counter(word for text in texts for word in _WORD.findall(_MARK.sub(" ", text.casefold())))
    best: dict[str, str] = {}
    for word, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        best.setdefault(stem(word), word)
    return best


def _exemplars(typical: Sequence[str], texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(texts[name] for name in typical[:EXEMPLARS])


def _sklearn(module: str) -> Any:
    """A module of scikit-learn. Raises BadInput with the command that installs it."""
    from importlib import import_module

    try:
        return import_module(f"sklearn.{module}")
    except ModuleNotFoundError:
        expected = 'it installed: pip install "surefoot[themes]"'
        raise BadInput("themes suggest", "no scikit-learn on this machine", expected) from None

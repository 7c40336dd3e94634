"""Two releases of the same wave: what their difference tells about the people who came or went in between."""

from __future__ import annotations

from collections.abc import Iterator

from surefoot.release.attack.published import EVERYBODY, Group, Publication
from surefoot.release.attack.totals import LARGEST, SmallTotal


def same_people(one: Publication, other: Publication) -> bool:
    """Whether two releases of one wave speak of the same answers: every base that both print is the same."""
    mine, theirs = _bases(one), _bases(other)
    both = mine.keys() & theirs.keys()
    everybody = any(group == EVERYBODY for group, _ in both)
    return one.study == other.study and everybody and all(mine[key] == theirs[key] for key in both)


def grown(one: Publication, other: Publication) -> Iterator[SmallTotal]:
    """Groups of which the two releases differ by one to ten people: the difference is about those few."""
    if one.study != other.study:
        return
    mine, theirs = _bases(one), _bases(other)
    for group, question in sorted(mine.keys() & theirs.keys()):
        change = abs(mine[group, question] - theirs[group, question])
        if 1 <= change <= LARGEST:
            yield SmallTotal(question, ((group, 1), (group, -1)), change, one.wave)


def _bases(publication: Publication) -> dict[tuple[Group, str], int]:
    return {
        (figure.group, figure.question): figure.base
        for figure in publication.stated
        if figure.kind == "share" and figure.base is not None and figure.shown
    }

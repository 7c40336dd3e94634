"""A Release for somebody of one organisation: their own numbers and the group's, and no way to another's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from surefoot.release import EVERYONE, Group, Release, narrowed, read_release, release_table, write_release
from surefoot.report import render
from surefoot.study import ORGANISATION, SERVICE_TYPE


def _others(release: Release, own: str) -> list[str]:
    return [one.id for one in release.organisations if one.id != own]


@pytest.fixture
def each(demo_release: Release) -> Iterator[tuple[str, Release]]:
    """Every organisation of the demo with what its lead sees."""
    return ((one.id, narrowed(demo_release, [one.id])) for one in demo_release.organisations)


def test_nothing_of_another_organisation_is_left(demo_release: Release, each: Iterator[tuple[str, Release]]) -> None:
    """No figure, comparison, participation, sentence, quote or word; in the file and in the report alike."""
    for own, made in each:
        groups = {figure.group for figure in (*made.figures, *made.earlier_figures)}
        assert {group.code for group in groups if group.breakdown == ORGANISATION} == {own}
        text, file = render(made), str(release_table(made))
        for other in demo_release.organisations:
            if other.id != own:
                assert other.name not in text
                assert other.name not in file
                assert f"'code': '{other.id}'" not in file


def test_own_numbers_stand_as_they_do_in_the_whole(demo_release: Release, each: Iterator[tuple[str, Release]]) -> None:
    """Every figure of the own organisation is there; it and the group's are the same, id and number.

    The group's are missing where too few other organisations are shown for a question.
    """
    for own, made in each:
        wanted = {f.id for f in demo_release.figures if f.group == Group(ORGANISATION, own)}
        assert wanted <= set(made.by_id)
        assert {name: demo_release.as_shown[name] for name in made.by_id} == dict(made.as_shown)
        left = {f.question for f in demo_release.figures if f.shown and f.group == EVERYONE}
        left -= {f.question for f in made.figures if f.group == EVERYONE}
        for question in left:
            shown = {f.group.code for f in demo_release.figures if f.shown and f.question == question}
            assert len(shown & set(_others(demo_release, own))) < 2


def test_no_other_organisation_follows_by_subtraction(demo_release: Release) -> None:
    """With any types of service, no sum of published groups, added and subtracted, is one other organisation."""
    ids = [one.id for one in demo_release.organisations]
    rng = np.random.default_rng(3)
    found = 0
    for _ in range(60):
        types = [str(kind) for kind in rng.integers(0, 3, len(ids))]
        typed = replace(
            demo_release,
            organisations=tuple(
                replace(one, service_type=kind) for one, kind in zip(demo_release.organisations, types, strict=True)
            ),
        )
        for place, own in enumerate(ids):
            made = narrowed(typed, [own])
            rows = [np.ones(len(ids)), np.eye(len(ids))[place]]
            if SERVICE_TYPE in made.breakdowns:
                rows += [np.array([kind == other for other in types], float) for kind in set(types)]
                found += 1
            spanned = np.linalg.matrix_rank(np.array(rows))
            for other in range(len(ids)):
                more = np.linalg.matrix_rank(np.array([*rows, np.eye(len(ids))[other]]))
                assert other == place or more > spanned, (types, own, ids[other])
    assert found


def test_two_organisations_have_no_group(demo_release: Release) -> None:
    """The group less one of two organisations is the other, so only the own numbers are left."""
    ids = [one.id for one in demo_release.organisations][:2]
    two = replace(
        demo_release,
        organisations=demo_release.organisations[:2],
        figures=tuple(f for f in demo_release.figures if f.group.breakdown != ORGANISATION or f.group.code in ids),
        participation=tuple(p for p in demo_release.participation if p.group.code in ("all", *ids)),
    )
    made = narrowed(two, ids[:1])
    assert {figure.group.breakdown for figure in made.figures} == {ORGANISATION}
    assert [part.group.code for part in made.participation] == ids[:1]
    assert made.who.bounds == ()
    assert render(made)


def test_all_organisations_are_the_release_itself(demo_release: Release) -> None:
    """Nothing is left out for somebody who may see all."""
    assert narrowed(demo_release, [one.id for one in demo_release.organisations]) is demo_release


def test_narrowed_release_is_written_and_read(demo_release: Release, tmp_path: Path) -> None:
    """Its file says to whom it was narrowed, and reads back as it was; its stamp is another."""
    made = narrowed(demo_release, ["oakfield"])
    again = read_release(write_release(made, tmp_path))
    assert again.narrowed_to == ("oakfield",)
    assert [again.as_shown[f.id] for f in again.figures] == [made.as_shown[f.id] for f in made.figures]
    assert again.stamp == made.stamp != demo_release.stamp


def test_hidden_organisation_stays_hidden(hidden_release: Release) -> None:
    """A lead of an organisation of which nothing is shown sees that, and the group."""
    made = narrowed(hidden_release, ["few"])
    assert not [f for f in made.figures if f.shown and f.group == Group(ORGANISATION, "few")]
    assert "Few &amp; Sons" in render(made)


def test_unknown_organisation_sees_the_group(demo_release: Release) -> None:
    """Somebody whose organisation is not in the study sees nobody's own numbers."""
    made = narrowed(demo_release, ["elsewhere"])
    assert ORGANISATION not in made.breakdowns
    assert _others(made, "") == []

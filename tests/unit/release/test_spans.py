"""What the attacker reads from printed shares and intervals is true, or it would be mistaken about hidden counts."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from surefoot.analyse import analyse_responses
from surefoot.release import write_release
from surefoot.release.attack.knowledge import Knowledge
from surefoot.release.attack.published import read


@pytest.mark.parametrize("seed", [10, 40, 66])
def test_counts_read_from_intervals_hold_the_true_one(random_studies: ModuleType, tmp_path: Path, seed: int) -> None:
    """Of organisations of hundreds some skip a question, so the correction for their headcount is another's."""
    shape = random_studies.Shape(breakdowns=(3,), cross=False, singles=6, multis=0, routed=1)
    study, answers = random_studies.random_study(seed, shape)
    release = analyse_responses(replace(study, folder=tmp_path), answers, wave=answers.waves[0]).release
    write_release(release, tmp_path / "out")
    truth = {
        (figure.group.breakdown, figure.group.code, figure.question, figure.selector): round(figure.value * figure.base)
        for figure in release.figures
        if figure.kind == "share" and figure.value is not None
    }
    (publication,) = read(tmp_path / "out")
    knowledge, closer = Knowledge(publication), 0
    for figure in publication.stated:
        span = knowledge.span(figure) if figure.kind == "share" else None
        if span is not None:
            assert span[0] <= truth[(*figure.group, figure.question, figure.selector)] <= span[1], figure
            closer += span != replace(knowledge, intervals=False).span(figure)
    assert closer

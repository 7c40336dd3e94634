"""How wide the bounds of a hidden count must be, on studies that can be counted by hand."""

import numpy as np

from surefoot.estimate import Group
from surefoot.release.bounds import Reach, targets_of, unsafe
from surefoot.release.incidence import answers_of, incidence
from surefoot.release.leak import Clock
from surefoot.release.scene import SAFE_WIDTH, Scene
from surefoot.tally import count


def test_what_is_left_is_no_group_around_itself(make) -> None:
    """A cell that is left when the others are taken away is recovered, also where nobody in it gave an answer."""
    people = [24, 24, 24]
    group = [k % 2 for k in range(72)]
    answers = [2 if k % 4 == (1 if k < 24 else 0) else (k // 2) % 2 for k in range(72)]
    study, made = make(people, {"g": group}, {"q": answers}, crossed=True)
    tally = count(made, study)
    who, question = incidence(tally), study.instrument["q"]
    (item,) = answers_of(tally, question)
    cell = who.groups.index(Group("organisation.g", "org-0.o0"))
    assert item.table[2, who.member[cell]].sum() == 0
    shown = np.ones(len(who.groups), dtype=bool)
    shown[cell] = False
    targets = targets_of(question, item)
    scene = Scene(who, item, shown, np.ones_like(shown), np.full(len(who.groups), -1), targets)
    third = int(np.flatnonzero((targets == np.array([False, False, True])).all(axis=1))[0])
    assert scene.safe_width[third, cell] == SAFE_WIDTH
    assert unsafe(scene, Reach.of(scene.totals(item.table)), Clock.of(60)) is not None

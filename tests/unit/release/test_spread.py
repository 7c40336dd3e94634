"""Nothing tells how a few people of a group are spread over organisations."""

from dataclasses import replace

import numpy as np
import pytest

from surefoot.instrument import Condition, Option, Question, Scale
from surefoot.release import EVERYONE, plan
from surefoot.release.spread import few_in_cells, told_by_weights
from surefoot.study.margins import Weights
from surefoot.tally import count
from surefoot.weights import weigh

EN = {"en": "words"}
PEOPLE = [20, 100]
"""Two organisations, the smaller of which stands for nine in ten of all staff."""


@pytest.fixture
def studied(make):
    """A personal question that is no breakdown, with so many of the first organisation and five of the second."""

    def made(few: int, staff: tuple[int, int] = (900, 100)):
        gender = [1] * few + [0] * (PEOPLE[0] - few) + [1] * 5 + [0] * (PEOPLE[1] - 5)
        study, answers = make(PEOPLE, {}, {"gender": gender, "used": [place % 2 for place in range(sum(PEOPLE))]})
        asked = tuple(replace(q, personal=q.id == "gender") for q in study.instrument.questions)
        organisations = tuple(replace(o, headcount={"all": n}) for o, n in zip(study.organisations, staff, strict=True))
        study = replace(
            study,
            instrument=replace(study.instrument, questions=asked),
            organisations=organisations,
            weights=Weights("post-stratify", trim=20.0),
        )
        answers = replace(answers, instrument=study.instrument)
        return study, count(weigh(answers, study, minimum=11).responses, study)

    return made


def test_weighted_share_of_a_personal_question_does_not_tell_of_one_person(studied) -> None:
    """One of 20 people who weigh 45 each is 5 % of all, whatever the other hundred said: the share is not shown."""
    study, tally = studied(1)
    assert told_by_weights(tally, study.instrument["gender"], 11)
    assert plan(tally, study, stage_b=False).hides(EVERYONE, "gender")
    assert not plan(tally, study, stage_b=False).hides(EVERYONE, "used")


def test_weighted_share_is_shown_where_it_leaves_room(studied) -> None:
    """With weights that are nearly one, a whole percent leaves room for many ways to spread a few people."""
    study, tally = studied(1, (250, 1000))
    assert not told_by_weights(tally, study.instrument["gender"], 11)
    assert not plan(tally, study, stage_b=False).hides(EVERYONE, "gender")


def test_numbers_have_no_shares_to_tell(studied) -> None:
    """A question without options is in no share."""
    study, tally = studied(1)
    question = replace(study.instrument["gender"], kind="number", scale=None)
    assert not told_by_weights(tally, question, 11)


def test_question_that_staff_are_counted_by_is_looked_at_though_it_is_no_breakdown(make) -> None:
    """Seven leads of one organisation are a joined class; their share would tell their number."""
    role = [0] * 40 + [1] * 7 + [0] * 57 + [1] * 30
    study, answers = make([47, 87], {}, {"role": role, "used": [place % 2 for place in range(134)]})
    assert few_in_cells(count(answers, study), study, 11) == frozenset()
    counted = replace(study, headcount_by="role")
    assert few_in_cells(count(answers, study), counted, 11) == {"role"}
    uncounted = replace(counted, organisations=tuple(replace(o, headcount={}) for o in study.organisations))
    assert few_in_cells(count(answers, study), uncounted, 11) == frozenset()


def test_question_asked_after_a_group_is_pooled_over_organisations(make) -> None:
    """Strata would count by how many of each organisation were asked, which is how the group is spread."""
    role = np.array([0] * 40 + [1] * 20 + [0] * 60 + [1] * 30)
    later = np.where(role == 1, np.arange(150) % 2, -1)
    scale = Scale("later", (Option("o0", EN), Option("o1", EN)))
    asked = Question("later", "single", EN, scale, show_if=(Condition("role", ("o1",)),))
    study, answers = make([60, 90], {"role": role.tolist()}, {"later": later.tolist()}, questions=[asked])
    found = plan(count(answers, study), study, stage_b=False)
    assert found.strata_of("later") == ()

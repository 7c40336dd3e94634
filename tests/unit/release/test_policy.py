"""Policies: named, and never less careful than ten people."""

import pytest

from surefoot.errors import BadInput, Refused
from surefoot.release import PARTICIPATION, POLICIES, SURVEY, policy_from


def test_survey_hides_fewer_than_eleven() -> None:
    """The usual policy shows whole percents of at least eleven people."""
    assert (SURVEY.minimum_base, SURVEY.round_percent, SURVEY.round_base) == (11, 1, 1)
    assert {SURVEY, PARTICIPATION} == set(POLICIES.values())


def test_study_may_raise_the_minimum() -> None:
    """A study sets a larger minimum freely, and ten only by saying so."""
    assert policy_from({}) == SURVEY
    assert [policy_from({"minimum_base": n}).minimum_base for n in (10, 30)] == [10, 30]


def test_minimum_under_ten_is_refused() -> None:
    """No study shows groups of fewer than ten."""
    with pytest.raises(Refused, match="groups of 9 people"):
        policy_from({"minimum_base": 9})


@pytest.mark.parametrize("settings", [{"minimum": 20}, {"minimum_base": "20"}, {"minimum_base": True}])
def test_unknown_settings_are_bad_input(settings: dict[str, object]) -> None:
    """A setting that is misspelt or of the wrong type is named."""
    with pytest.raises(BadInput):
        policy_from(settings)

"""Questions on personal characteristics in an inferred study."""

from pathlib import Path

import pytest

from surefoot.readers import read
from surefoot.readers.equality import asks_for_a_characteristic

ASKED = ["Age", "age_group", "AgeBand", "How old are you?", "Gender", "Your sex", "What is your ethnic background?",
         "Ethnicity", "Q12 Religion or belief", "sexual-orientation", "Do you have a disability?", "Carer status",
         "Are you an unpaid carer?", "Do you consider yourself to have any disability?"]  # fmt: skip
OTHER = ["stage", "Usage", "Which age groups do you care for?", "Does AI treat every gender alike?", "Essex",
         "AI helps people with a disability", "Care role", "language"]  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_plain_questions_are_known(name: str) -> None:
    """By header or by wording."""
    assert asks_for_a_characteristic(name, "") and asks_for_a_characteristic("Q1", name)


@pytest.mark.parametrize("name", OTHER)
def test_others_are_not(name: str) -> None:
    """Words that hold such a word, and opinions about people."""
    assert not asks_for_a_characteristic(name, name)


def test_inferred_questions_are_personal_and_unsure(tmp_path: Path) -> None:
    """Marked in the instrument, and listed among what is to be looked through."""
    path = tmp_path / "a.csv"
    path.write_text("employer,Gender,uses\n" + "Trust,Woman,yes\nCouncil,Man,no\n" * 30, encoding="utf-8")
    reading = read(path)
    questions = reading.responses.instrument.questions
    assert [question.id for question in questions if question.personal] == ["gender"]
    assert any('"Gender": taken as personal' in sentence for sentence in reading.account.unsure)

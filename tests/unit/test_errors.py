"""The two ways of saying no."""

from surefoot.errors import BadInput, Refused


def test_bad_input_says_where_what_and_what_else() -> None:
    """One sentence, and the three parts by themselves."""
    problem = BadInput("answers.csv, row 7", '"mabye"', "one of yes, no, not sure")
    assert str(problem) == 'answers.csv, row 7: found "mabye"; expected one of yes, no, not sure.'
    assert (problem.where, problem.found, problem.expected) == (
        "answers.csv, row 7",
        '"mabye"',
        "one of yes, no, not sure",
    )


def test_refused_names_rule_reason_and_remedy() -> None:
    """What forbids it, why, and what would mend it."""
    problem = Refused("one final release a wave", "wave 1 was released", "Wait for the next wave.")
    assert str(problem).endswith("wave 1 was released. Wait for the next wave.")
    assert problem.rule == "one final release a wave"


def test_the_two_are_unrelated() -> None:
    """Neither is caught as the other: they end with different exit codes."""
    assert not issubclass(BadInput, Refused)
    assert not issubclass(Refused, BadInput)

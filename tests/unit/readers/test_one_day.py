"""A file in which everybody answered on one day."""

from dataclasses import replace

from surefoot.readers.account import Account

ALL = Account("plain", "a.csv", 60, 60, phases={"early": 60})


def test_one_day_says_that_early_and_late_are_not_compared() -> None:
    """Nobody is late after the only day; where somebody is, the two are compared and nothing is added."""
    told = "\n".join(ALL.lines())
    assert "60 early (late: after the day by which half had answered" in told
    assert "early and late are not compared" in told
    both = replace(ALL, phases={"early": 30, "late": 30})
    assert "not compared" not in "\n".join(both.lines())

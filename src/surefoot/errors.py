"""The two ways in which Surefoot says no; every other exception is a bug."""

from __future__ import annotations


class BadInput(Exception):
    """Input that cannot be used as it stands: one sentence that says where, what was found and what was expected.

    The command line prints it and ends with exit code 2; nothing has been written.

    >>> print(BadInput("study.toml, line 4", "headcount = -3", "a whole number of staff, 0 or more"))
    study.toml, line 4: found headcount = -3; expected a whole number of staff, 0 or more.
    """

    def __init__(self, where: str, found: str, expected: str) -> None:
        self.where, self.found, self.expected = where, found, expected
        super().__init__(f"{where}: found {found}; expected {expected}.")


class Refused(Exception):
    """A request that a rule forbids (a closed gate, an unsafe release): the rule, the reason and what would mend it.

    The command line prints it and ends with exit code 3.

    >>> print(
    ...     Refused("minimum base", "only 7 people answered", "Wait for more answers, or report the group as a whole.")
    ... )
    Refused by the rule "minimum base": only 7 people answered. Wait for more answers, or report the group as a whole.
    """

    def __init__(self, rule: str, reason: str, remedy: str) -> None:
        self.rule, self.reason, self.remedy = rule, reason, remedy
        super().__init__(f'Refused by the rule "{rule}": {reason}. {remedy}')

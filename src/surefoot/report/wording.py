"""The fixed words of the report: methods, glossary, and the advice for whom nothing is shown."""

from __future__ import annotations

from collections.abc import Sequence

SIMULATED = "Simulated answers: no person gave them"

WEIGHTS = (
    "Weights",
    "Answers are weighted to the headcounts, so that each part of the staff counts by its size and not by how "
    "many of it answered. Parts with few answers are joined with others of their organisation. People whose part "
    "is not known have the weight of their organisation. A weight that is too great is cut, and the others are "
    "raised. Each weight is a whole number on a fixed scale, and that number is the weight. Shares, nets, medians "
    "and means are weighted; bases, comparisons and what protects people count each person once.",
)
"""Said before the other methods where answers are weighted."""

DESIGN = (
    "How people were drawn",
    "Not everybody was asked: people were drawn in parts of the staff, or together with their team or site. People who "
    "were drawn together think alike, so intervals follow from how the groups that were drawn differ (linearised "
    "variance; intervals at the effective base, Korn and Graubard 1998), and the effective base says what the answers "
    "are worth. People who were not drawn count as silent in response rates. Which team or site somebody belongs to is "
    "never shown.",
)
"""Said before the other methods where people were drawn in strata or clusters."""

METHODS: tuple[tuple[str, str], ...] = (
    (
        "Base",
        "The base of a number is how many people answered the question, each counted once. “Don’t know” and “about "
        "equal” are answers and stay in every base. The effective base says what those people are worth after "
        "weighting: the square of the sum of the weights, divided by the sum of their squares (Kish).",
    ),
    (
        "Shares",
        "Intervals of shares are Wilson intervals (Wilson 1927) at 95%. Where the claim is about these staff now, the "
        "headcount enters by the finite population correction, and the bounds are widened to whole numbers of people. "
        "Where everybody answered there is no interval. Where the claim is about staff like these, there is no such "
        "correction.",
    ),
    (
        "One side minus the other",
        "A net is the share on the positive side of a scale minus the share on its negative side, over everybody "
        "who answered. Its interval is that of Bonett and Price (2012). Organisations are combined by headcount, by "
        "the method of variance estimates recovery (MOVER, Zou and Donner 2008).",
    ),
    (
        "Typical level",
        "The typical level is the median: the middle answer. Its interval follows from the joint limits of the "
        "cumulative shares (Bonferroni).",
    ),
    (
        "Comparing organisations",
        "All comparisons were planned in the questionnaire before any answer was seen. Each is tested by "
        "permutation, and all of them together are held to a 5% chance of any false difference (Holm 1979). Pairs "
        "use simultaneous intervals (Bonferroni). Comparisons never use the finite population correction: two "
        "groups differ by chance even where everybody answers.",
    ),
    (
        "Rounding",
        "Numbers are rounded once, half away from zero, to whole per cent; bounds of intervals are rounded outward. So "
        "shares may not add up to exactly 100.",
    ),
)
"""What each number means, with the names of the methods; shown in the annex and nowhere else."""

GLOSSARY: tuple[tuple[str, str], ...] = (
    ("Base", "How many people answered a question, in a group."),
    (
        "Evidence id",
        "The name of a number: of what was asked of whom, and how it was worked out. It never depends on the answers.",
    ),
    ("Headcount", "How many people could have answered."),
    (
        "Interval",
        "The range of values that fit the answers: made like this, 95 of 100 such ranges hold the true value.",
    ),
    ("Net", "The share on one side of a scale minus the share on the other, in points."),
    ("Not asked", "The question was not put to these people."),
    (
        "Not shown",
        "Withheld, because showing it could reveal somebody’s answer. It is unknown to the reader; it is not zero.",
    ),
    ("Points", "Percentage points: the difference of two percentages."),
    ("Response rate", "How many answered, out of the headcount."),
    ("Staff like these", "A claim about other or future people of this kind, and not only about those who were asked."),
    ("These staff now", "A claim about exactly the people who could answer, at the time of asking."),
)


def of_people(meanings: Sequence[tuple[str, str]], people: str) -> tuple[tuple[str, str], ...]:
    """Words with their meanings, told of those who were asked.

    >>> of_people([("Staff like these", "Other staff.")], "people")
    (('People like these', 'Other people.'),)
    """
    if people == "staff":
        return tuple(meanings)
    pairs = {"staff": people, "Staff": people[:1].upper() + people[1:]}
    told = [(name, text) for name, text in meanings]
    for old, new in pairs.items():
        told = [(name.replace(old, new), text.replace(old, new)) for name, text in told]
    return tuple(told)


def policy(minimum: int) -> tuple[str, ...]:
    """What protects people, in words."""
    return (
        f"A number is shown only where at least {minimum} people answered, in the group and for the question. A "
        f"group is also held back where subtracting other published numbers would leave fewer than {minimum} "
        "people, where nearly all of a group gave the same answer, and where a hidden answer could be worked out "
        "from what is shown.",
        "So a group that is held back need not be small, and the report gives no reason for any one group: the reason "
        "itself could tell a number.",
        "Equality questions serve only to see whether everybody was heard. Nothing is broken down by them. Comments "
        "are not part of this report.",
    )


def uses(name: str, people: str, minimum: int) -> tuple[tuple[str, str, str], ...]:
    """What an organisation without numbers of its own may still use: anchor, link text and the rest of the sentence."""
    return (
        (
            "answer",
            "The answer of the whole group",
            f": its numbers speak for all {people} together. They are a good first guess for {name}, and no more "
            "than that.",
        ),
        (
            "",
            "",
            f"A workshop: put the group’s sentences before the {people} of {name}, and ask what is different here "
            "and why. A room needs no minimum number of people to talk.",
        ),
        (
            "",
            "",
            f"Ask again: at least {minimum} answers are needed, and more are better. Give time in working hours, "
            "offer paper, and let somebody whom colleagues trust say why it matters. A later wave has a report of "
            "its own.",
        ),
        (
            "",
            "",
            "Ask together: two or more organisations of the same kind can be reported as one, if they agree to that "
            "before anybody answers.",
        ),
    )

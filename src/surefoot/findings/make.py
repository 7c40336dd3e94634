"""Making a finding: what all rules share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from surefoot.findings.finding import Claim, Finding, Sentence, counted, percent
from surefoot.instrument import Question
from surefoot.release import Figure

GOOD_RESPONSE = 0.60
SAFE_TIPPING = 0.10
THEMES = {
    "understanding": "know",
    "ever-used": "use",
    "work-use": "use",
    "unapproved-use": "use",
    "use-setting": "use",
    "outlook": "outlook",
    "most-immediate-use": "start",
    "net-benefit": "balance",
}


def theme_of(question: Question) -> str:
    """The chapter of the report that a question belongs to."""
    return THEMES.get(question.construct or "", "other")


def make(
    rule: str,
    question: Question,
    sentence: Sentence,
    fired: bool,
    rationale: str,
    *,
    claims: Iterable[Claim] = (),
    figures: Sequence[Figure] = (),
) -> Finding:
    """A finding about one question. figures: what it rests on beside the figures in its sentence."""
    return Finding(
        rule=rule,
        question=question.id,
        theme=theme_of(question),
        fired=fired,
        parts=tuple(sentence.parts),
        figures=tuple(dict.fromkeys((*sentence.figures, *(figure.id for figure in figures)))),
        rationale=rationale,
        claims=tuple(claims),
    )


def caution(finding: Finding, figure: Figure, where: str = "") -> Finding:
    """Add what silent staff could do to a sentence, unless enough answered and it would take more than 10 points.

    Nothing is added where they could not reverse it whatever they think. where: the organisation, if it is about one.
    """
    tipping, worst = figure.tipping_point, figure.worst_case
    if tipping is None or worst is None or worst[0] * worst[1] > 0:
        return finding
    if (figure.response or 0.0) >= GOOD_RESPONSE and tipping > SAFE_TIPPING:
        return finding
    points = counted(max(1, percent(tipping)), "point")
    who = f"{percent(figure.response)}% answered{f' at {where}' if where else ''}"
    text = f"{who}. This would reverse if those who did not answer differed from them by {points} or more."
    return replace(finding, caveat=text)


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]

"""The rule about change: what is different from the wave before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from surefoot.findings.compared import certain, measure, topic
from surefoot.findings.finding import Claim, Finding, Sentence, counted, percent
from surefoot.findings.make import capital, make
from surefoot.findings.view import EVERYONE, View
from surefoot.instrument import Question
from surefoot.release import Comparison, Figure

LEAST = 0.05
"""The smallest change that is said: five points."""


def rule_change(view: View) -> Iterator[Finding]:
    """Since the wave before: planned quantities of the whole group that changed by at least 5 points for certain."""
    for change in view.release.comparisons:
        if change.family == "waves" and change.groups == (EVERYONE,) and change.p_adjusted is not None:
            earlier, later = (view.release.by_id.get(name) for name in change.figures)
            if earlier is not None and later is not None:
                question = view.release.instrument[change.question]
                yield _finding(view, question, change, earlier, later)


def _finding(view: View, question: Question, change: Comparison, earlier: Figure, later: Figure) -> Finding:
    gap = change.difference or 0.0
    fired = certain(change) and abs(gap) >= LEAST - 1e-9
    sentence = _said(view, question, change, earlier, later) if fired else _unsaid(view, question, change, earlier)
    claims = [Claim("change", question.id, later.selector, 1.0 if gap > 0 else -1.0)] if fired else []
    p = f"p = {change.p_adjusted:.3f} after Holm over the planned changes"
    reason = f"{p}; {'at least' if fired else 'or less than'} 5 points."
    made = make("change", question, sentence, fired, reason, claims=claims)
    return replace(made, figures=change.figures, subject=later.selector)


def _said(view: View, question: Question, change: Comparison, earlier: Figure, later: Figure) -> Sentence:
    gap = change.difference or 0.0
    what, verb = measure(view, question, change.selectors), "rose" if gap > 0 else "fell"
    sentence = view.say(f"{capital(topic(view, question))}: since wave {earlier.wave}, {what} {verb} from ")
    for figure, word in ((earlier, " to "), (later, ", by ")):
        (sentence.share(figure) if later.kind == "share" else sentence.net(figure)).say(word)
    low, high = sorted(percent(abs(bound or 0.0)) for bound in (change.low, change.high))
    return sentence.say(f"{counted(percent(abs(gap)), 'point')} ({low} to {high}).")


def _unsaid(view: View, question: Question, change: Comparison, earlier: Figure) -> Sentence:
    missed = max(percent(change.smallest_found), percent(LEAST))
    what = measure(view, question, change.selectors)
    return view.say(
        f"{capital(topic(view, question))}: no change of {what} since wave {earlier.wave} was found; a change of less "
        f"than {counted(missed, 'point')} could have been missed."
    )

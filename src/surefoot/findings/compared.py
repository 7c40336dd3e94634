"""Rules that compare: organisations with each other, and the areas of most immediate use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from surefoot.findings.finding import Claim, Finding, counted, percent
from surefoot.findings.make import capital, make
from surefoot.findings.verdict import RISK
from surefoot.findings.view import View
from surefoot.instrument import Question, words
from surefoot.release import Comparison, Figure
from surefoot.study import ORGANISATION

LARGE_GAP = 0.10
MOST_NAMED = 4
_BALANCES = {"net-benefit": "benefit over risk", "outlook": "optimism over pessimism"}


def rule_differ(view: View) -> Iterator[Finding]:
    """Organisations differ: the planned test survives Holm, and some pair is at least 10 points apart for certain."""
    for planned in view.release.instrument.planned:
        question = view.release.instrument[planned.question]
        for test in view.comparisons("planned", question.id):
            if len(test.groups) < 2 or test.selectors != planned.options:
                continue
            own = (p for p in view.comparisons("pairs", question.id) if p.selectors == planned.options)
            pairs = [pair for pair in own if _apart(pair)] if certain(test) else []
            yield _differ(view, question, test, pairs) if pairs else _alike(view, question, test)


def certain(test: Comparison) -> bool:
    """Whether a test survives the adjustment for its family."""
    return test.p_adjusted is not None and test.p_adjusted < RISK


def _apart(pair: Comparison) -> bool:
    excludes = pair.low is not None and pair.high is not None and (pair.low > 0 or pair.high < 0)
    return excludes and abs(pair.difference or 0.0) >= LARGE_GAP


def _alike(view: View, question: Question, test: Comparison) -> Finding:
    about = capital(topic(view, question))
    missed = ""
    if test.smallest_found:
        points = counted(percent(test.smallest_found), "point")
        missed = f"; a gap of less than {points} could have been missed"
    sentence = view.say(f"{about}: no difference between {_plural(test)} was found{missed}.")
    made = make("differ", question, sentence, False, f"{_p_words(test)}, or no pair is certainly 10 points apart.")
    return replace(made, figures=test.figures)


def _differ(view: View, question: Question, test: Comparison, pairs: Sequence[Comparison]) -> Finding:
    widest = max(pairs, key=lambda pair: abs(pair.difference or 0.0))
    gap = widest.difference or 0.0
    lower, higher = widest.groups if gap < 0 else widest.groups[::-1]
    points = counted(percent(abs(gap)), "point")
    about, among = capital(topic(view, question)), _plural(test)
    sentence = view.say(f"{about} differs between {among}: {measure(view, question, test.selectors)}")
    sentence.say(f" is {points} lower {view.place(lower)} than {view.place(higher)}")
    others = len(pairs) - 1
    further = f" ({counted(others, 'other pair')} {'differs' if others == 1 else 'differ'} too)" if others else ""
    claims = [Claim("lower", question.id, "+".join(test.selectors), 0.0, (lower.code, higher.code))]
    made = make("differ", question, sentence.say(f"{further}."), True, _p_words(test), claims=claims)
    return replace(made, figures=widest.figures)


def _plural(test: Comparison) -> str:
    return "organisations" if test.groups[0].breakdown == ORGANISATION else "groups"


def topic(view: View, question: Question) -> str:
    """What a question is about, in words."""
    if question.construct == "outlook":
        return f"the outlook on AI’s effect on {view.short(question)}"
    return f"the view of {view.short(question)}" if question.construct == "net-benefit" else view.short(question)


def measure(view: View, question: Question, selectors: Sequence[str]) -> str:
    """What is compared, in words. selectors: the answers whose share it is; none for a net."""
    if selectors:
        return f"the share who answer {view.option(question, '+'.join(selectors))}"
    poles = question.scale.poles if question.scale else None
    sides = f"{words(poles[1])} over {words(poles[0])}" if poles else "one side over the other"
    return f"the lead of {_BALANCES.get(question.construct or '', sides)}"


def _p_words(test: Comparison) -> str:
    p = "not tested" if test.p_adjusted is None else f"p = {test.p_adjusted:.3f} after Holm over the planned family"
    return f"Homogeneity: {p}"


# The area of most immediate use -----------------------------------------------------------------------------------


def rule_area(view: View) -> Iterator[Finding]:
    """The area of most immediate use: first, or joint first with those that cannot be told apart from it."""
    for question in view.release.instrument.measuring("most-immediate-use"):
        shares = [view.figure("share", question.id, o.id) for o in question.options if o.position is not None]
        known = sorted((f for f in shares if f is not None), key=lambda f: -(f.value or 0.0))
        if len(known) >= 2 and known[0].value:
            yield _area(view, question, known)


def _area(view: View, question: Question, known: Sequence[Figure]) -> Finding:
    tests = {frozenset(c.selectors): c for c in view.comparisons("areas", question.id)}
    top = known[0]
    joint = [top, *(f for f in known[1:] if not _behind(tests.get(frozenset((top.selector, f.selector)))))]
    text = {option.id: f"“{words(option.text)}”" for option in question.options}
    claims = [Claim("first", question.id, "+".join(figure.selector for figure in joint))]
    sentence = view.say(f"{capital(view.short(question))}: ")
    if len(joint) == 1:
        sentence.say(f"{text[top.selector]} comes first, named by ").share(top).say(".")
        return make("area", question, sentence, True, "Every paired difference survives Holm.", claims=claims)
    reason = "Some paired differences do not survive Holm."
    if len(joint) > MOST_NAMED:
        sentence.say(f"no area stands out; {len(joint)} of {len(known)} could be first.")
        return make("area", question, sentence, False, reason, claims=claims, figures=joint)
    sentence.say("joint first are ")
    for place, figure in enumerate(joint):
        sentence.say("" if not place else " and " if place == len(joint) - 1 else ", ")
        sentence.say(f"{text[figure.selector]}, named by ").share(figure)
    return make("area", question, sentence.say("."), False, reason, claims=claims)


def _behind(test: Comparison | None) -> bool:
    return test is not None and certain(test)

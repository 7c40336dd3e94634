"""Rules about shares: about one in k, most, use that nobody approved, and the typical level."""

from __future__ import annotations

from collections.abc import Iterator

from surefoot.findings.finding import Claim, Finding, Sentence
from surefoot.findings.make import make
from surefoot.findings.verdict import above
from surefoot.findings.view import View
from surefoot.instrument import Option, Question, words
from surefoot.release import Figure

MOST = 0.50
NARROW = 0.10
ABOUT_HALF = (0.40, 0.60)
FRACTIONS = {2: "half of", 3: "one in three", 4: "one in four", 5: "one in five"}
Asked = tuple[Question, Figure, str]
"""A question, the share in question, and the words for those who are in it."""


def fraction(figure: Figure) -> int | None:
    """The k of "about one in k": the interval holds 1/k, is at most 10 points wide, and holds no other 1/k up to 5."""
    low, high = figure.low or 0.0, figure.high or 0.0
    inside = [k for k in FRACTIONS if low <= 1 / k <= high]
    return inside[0] if len(inside) == 1 and high - low <= NARROW else None


def rule_about(view: View) -> Iterator[Finding]:
    """About one in k: who understands AI well, who ever used it, who used it for work."""
    asked = (
        ("understanding", "good+expert", "say that they understand AI well"),
        ("ever-used", "yes", "have used an AI tool, at work or anywhere else"),
        ("work-use", "yes", "have used an AI tool for work"),
    )
    for question, figure, phrase in _asked(view, asked):
        yield _about(view, "about", question, figure, phrase)


def _asked(view: View, asked: tuple[tuple[str, str, str], ...]) -> Iterator[Asked]:
    """The questions that measure some constructs, with the share of an answer, where it is shown."""
    for construct, selector, phrase in asked:
        for question in view.release.instrument.measuring(construct):
            figure = view.figure("share", question.id, selector)
            if figure is not None:
                yield question, figure, phrase


def _about(view: View, rule: str, question: Question, figure: Figure, phrase: str) -> Finding:
    k = fraction(figure)
    if k is None:
        reason = "The interval holds no single 1/k up to 5, or is wider than 10 points."
        return make(rule, question, _range(view, figure, phrase), False, reason)
    sentence = view.say(f"About {FRACTIONS[k]} {view.people} {phrase}: ").share(figure).say(".")
    claims = [Claim("share-near", question.id, figure.selector, 1 / k)]
    return make(rule, question, sentence, True, f"The interval holds 1/{k} and no other 1/k up to 5.", claims=claims)


def _range(view: View, figure: Figure, phrase: str) -> Sentence:
    begun = view.say() if figure.low == figure.high else view.say("We estimate that ")
    return begun.share(figure).say(f" of {view.people} {phrase}.")


def rule_most(view: View) -> Iterator[Finding]:
    """Most: who has a vague idea of AI, and what those who used it used it for."""
    asked = (
        ("understanding", "vague", "say that they have a vague idea of AI"),
        ("use-setting", "outside-work", "who have used AI tools used them in their own time, for themselves"),
    )
    yield from _most(view, "most", tuple(_asked(view, asked)))


def rule_unused(view: View) -> Iterator[Finding]:
    """Most never used AI."""
    yield from _most(view, "unused", tuple(_asked(view, (("ever-used", "no", "have never used an AI tool"),))))


def _most(view: View, rule: str, asked: tuple[Asked, ...]) -> Iterator[Finding]:
    certain = above([(figure, MOST) for _, figure, _ in asked])
    for (question, figure, phrase), is_most in zip(asked, certain, strict=True):
        if is_most:
            sentence = view.say(f"Most {view.people} {phrase}: ").share(figure).say(".")
            claims = [Claim("share-above", question.id, figure.selector, MOST)]
            yield make(rule, question, sentence, True, "Above 50%, one-sided, after Holm over the rule.", claims=claims)
        elif ABOUT_HALF[0] <= (figure.low or 0.0) and (figure.high or 0.0) <= ABOUT_HALF[1]:
            sentence = view.say(f"About half of {view.people} {phrase}: ").share(figure).say(".")
            yield make(rule, question, sentence, False, "The interval lies within 40% to 60%.")
        else:
            yield make(rule, question, _range(view, figure, phrase), False, "Not certainly above 50%.")


def rule_unapproved(view: View) -> Iterator[Finding]:
    """Use for work that nobody approved; base: everybody, and only where provision was asked."""
    phrase = "have used, for their work, an AI tool that is not allowed or that no rule covers"
    for question in view.release.instrument.measuring("unapproved-use"):
        figure = view.figure("share", question.id, "yes")
        if figure is None:
            sentence = view.say(f"How many {view.people} use AI tools for work that nobody approved is not known.")
            yield make("unapproved", question, sentence, False, "Provision was not asked, or may not be shown.")
        elif above([(figure, MOST)])[0]:
            yield from _most(view, "unapproved", ((question, figure, phrase),))
        else:
            yield _about(view, "unapproved", question, figure, phrase)


def rule_typical(view: View) -> Iterator[Finding]:
    """The typical level: the median is the same at both joint limits of the cumulative shares."""
    for question in view.release.instrument.questions:
        figure = view.figure("median", question.id)
        if figure is None or question.personal or question.construct in ("contact", "use-frequency"):
            continue
        low, high = _level(question, figure.low), _level(question, figure.high)
        if low is not None and high is not None:
            yield _typical(view, question, figure, low, high)


def _typical(view: View, question: Question, figure: Figure, low: Option, high: Option) -> Finding:
    claims = [Claim("median", question.id, "", figure.low or 0.0, limit=figure.high or 0.0)]
    if low.id != high.id:
        sentence = view.say(f"On {view.short(question)}, the middle answer lies between “{words(low.text)}” and ")
        sentence.say(f"“{words(high.text)}”.")
        reason = "The median differs between the two joint limits."
        return make("typical", question, sentence, False, reason, claims=claims, figures=[figure])
    sentence = view.say(f"On {view.short(question)}, the middle answer is “{words(low.text)}”")
    share = view.figure("share", question.id, low.id)
    if share is not None:
        sentence.say(", given by ").share(share)
    reason = "The median is the same at both joint limits."
    return make("typical", question, sentence.say("."), True, reason, claims=claims, figures=[figure])


def _level(question: Question, position: float | None) -> Option | None:
    return next((option for option in question.options if option.position == position), None)

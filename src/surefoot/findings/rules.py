"""The rules. Each is a function of the view and yields findings: fired, or with the sentence that stands otherwise.

One-sided 95 % bounds decide (`at_least`, `at_most`); intervals in sentences are two-sided 95 %.
Source: the methods page, section "Findings".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from surefoot.findings.finding import Claim, Finding, Sentence, listed, percent, signed
from surefoot.findings.view import View
from surefoot.instrument import Option, Question, words
from surefoot.release import Comparison, Figure, Group, Release

COMFORTABLE = 0.10
MANY, MOST = 0.20, 0.50
NARROW = 0.10
ABOUT_HALF = (0.40, 0.60)
LARGE_GAP = 0.10
HOLM = 0.05
GOOD_RESPONSE = 0.60
SAFE_TIPPING = 0.10
_FRACTIONS = {2: "half", 3: "one in three", 4: "one in four", 5: "one in five"}
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


def find(release: Release) -> tuple[Finding, ...]:
    """All findings of a release, in the order of the rules. No sentence is stored: other answers give other words."""
    view = View(release)
    return tuple(finding for rule in RULES for finding in rule(view))


def theme_of(question: Question) -> str:
    """The chapter of the report that a question belongs to."""
    return THEMES.get(question.construct or "", "other")


def _make(
    rule: str, question: Question, sentence: Sentence, fired: bool, rationale: str, *, claims: Iterable[Claim] = ()
) -> Finding:
    return Finding(
        rule=rule,
        question=question.id,
        theme=theme_of(question),
        fired=fired,
        parts=tuple(sentence.parts),
        figures=sentence.figures,
        rationale=rationale,
        claims=tuple(claims) if fired else (),
    )


# Shares: about one in k, most -------------------------------------------------------------------------------------


def fraction(figure: Figure) -> int | None:
    """The k of "about one in k": the interval holds 1/k, is at most 10 points wide, and holds no other such
    fraction."""
    low, high = figure.low or 0.0, figure.high or 0.0
    inside = [k for k in _FRACTIONS if low <= 1 / k <= high]
    return inside[0] if len(inside) == 1 and high - low <= NARROW else None


def rule_about(view: View) -> Iterator[Finding]:
    """About one in k: who understands AI well, who ever used it, who used it for work."""
    asked = (
        ("understanding", "good+expert", "say that they understand AI well"),
        ("ever-used", "yes", "have used an AI tool, at work or anywhere else"),
        ("work-use", "yes", "have used an AI tool for work"),
    )
    for construct, selector, phrase in asked:
        for question in view.release.instrument.measuring(construct):
            figure = view.figure("share", question.id, selector)
            if figure is not None:
                yield _about(view, "about", question, figure, phrase)


def _about(view: View, rule: str, question: Question, figure: Figure, phrase: str) -> Finding:
    k = fraction(figure)
    sentence = Sentence()
    if k is not None:
        sentence.say(f"About {_FRACTIONS[k]} of {view.people} {phrase}: ").share(figure).say(".")
        claims = [Claim("share-near", question.id, figure.selector, 1 / k)]
        return _make(
            rule, question, sentence, True, f"The interval holds 1/{k} and no other 1/k up to 5.", claims=claims
        )
    sentence.say(f"Between {percent(figure.low)}% and {percent(figure.high)}% of {view.people} {phrase} (").bare(figure)
    sentence.say(" of those who answered).")
    return _make(rule, question, sentence, False, "The interval holds no single 1/k, or is wider than 10 points.")


def rule_most(view: View) -> Iterator[Finding]:
    """Most: who never used AI; among those who used it, what for."""
    asked = (
        ("ever-used", "no", "unused", "have never used an AI tool"),
        ("use-setting", "outside-work", "most", "who have used AI tools used them outside work"),
    )
    for construct, selector, rule, phrase in asked:
        for question in view.release.instrument.measuring(construct):
            figure = view.figure("share", question.id, selector)
            if figure is not None:
                yield _most(view, rule, question, figure, phrase)


def _most(view: View, rule: str, question: Question, figure: Figure, phrase: str) -> Finding:
    low, high = figure.low or 0.0, figure.high or 0.0
    if (figure.at_least or 0.0) > MOST:
        sentence = Sentence().say(f"Most {view.people} {phrase}: ").share(figure).say(".")
        claims = [Claim("share-above", question.id, figure.selector, MOST)]
        return _make(rule, question, sentence, True, "The one-sided lower bound is above 50%.", claims=claims)
    if ABOUT_HALF[0] <= low and high <= ABOUT_HALF[1]:
        sentence = Sentence().say(f"About half of {view.people} {phrase}: ").share(figure).say(".")
        return _make(rule, question, sentence, False, "The interval lies within 40% to 60%.")
    sentence = Sentence().say(f"Between {percent(low)}% and {percent(high)}% of {view.people} {phrase} (").bare(figure)
    sentence.say(" of those who answered).")
    return _make(rule, question, sentence, False, "The one-sided lower bound is not above 50%.")


def rule_unapproved(view: View) -> Iterator[Finding]:
    """Use for work that nobody approved; base: everybody, and only where provision was asked."""
    phrase = "have used an AI tool for work that is not allowed here, or for which there is no rule"
    for question in view.release.instrument.measuring("unapproved-use"):
        figure = view.figure("share", question.id, "yes")
        if figure is None:
            words_ = f"How many {view.people} use AI tools for work that nobody approved is not known."
            sentence = Sentence().say(words_)
            yield _make("unapproved", question, sentence, False, "Provision was not asked, or may not be shown.")
        elif (figure.at_least or 0.0) > MOST:
            yield _most(view, "unapproved", question, figure, phrase)
        else:
            yield _about(view, "unapproved", question, figure, phrase)


# Scales: typical level, net ---------------------------------------------------------------------------------------


def rule_typical(view: View) -> Iterator[Finding]:
    """The typical level: the median is the same at both joint limits of the cumulative shares."""
    for question in view.release.instrument.questions:
        figure = view.figure("median", question.id)
        if figure is None or question.personal or question.construct in ("contact", "use-frequency"):
            continue
        low, high = _level(question, figure.low), _level(question, figure.high)
        if low is None or high is None:
            continue
        subject = (
            "understanding of AI" if question.construct == "understanding" else f"answer to {view.short(question)}"
        )
        fired = low.id == high.id
        named = f"“{words(low.text)}”" if fired else f"“{words(low.text)}” or “{words(high.text)}”"
        sentence = Sentence().say(f"The typical {subject} is {named}.")
        sentence.parts[0] = type(sentence.parts[0])(sentence.parts[0].text, figure.id)
        reason = "The median is the same at both limits." if fired else "The median differs between the two limits."
        claims = [Claim("median", question.id, "", float(figure.value or 0.0))]
        yield _make("typical", question, sentence, fired, reason, claims=claims)


def _level(question: Question, position: float | None) -> Option | None:
    return next((option for option in question.options if option.position == position), None)


def rule_outlook(view: View) -> Iterator[Finding]:
    """More optimistic than pessimistic, or the other way round."""
    for question in view.release.instrument.measuring("outlook"):
        figure = view.figure("net", question.id)
        if figure is None:
            continue
        sign = _sign(figure)
        about = f"about AI’s effect on {view.short(question)}"
        leaning = {1: "more optimistic than pessimistic", -1: "more pessimistic than optimistic"}.get(sign)
        if leaning:
            sentence = Sentence().say(f"{_capital(view.people)} are {leaning} {about}: net ").net(figure).say(".")
            claims = [Claim("net-sign", question.id, "", sign)]
            yield _caution(_make("outlook", question, sentence, True, _bound_words(sign), claims=claims), figure)
        else:
            sentence = Sentence().say(f"There is no clear side {about}: net ").net(figure).say(".")
            yield _make("outlook", question, sentence, False, "Neither one-sided bound excludes zero.")


def _sign(figure: Figure) -> int:
    """+1 where the one-sided lower bound is above zero, -1 where the upper is below, else 0."""
    if (figure.at_least or 0.0) > 0:
        return 1
    return -1 if (figure.at_most or 0.0) < 0 else 0


def _bound_words(sign: int) -> str:
    return f"The one-sided {'lower' if sign > 0 else 'upper'} bound of the net is on the same side of zero."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _caution(finding: Finding, figure: Figure) -> Finding:
    """Add what silent staff could do to a sentence, unless enough answered and it would take more than 10 points."""
    tipping = figure.tipping_point
    if tipping is None:
        return finding
    if (figure.response or 0.0) >= GOOD_RESPONSE and tipping > SAFE_TIPPING:
        return finding
    text = f"This would reverse if those who did not answer differed by {percent(tipping)} points."
    return replace(finding, caveat=text)


# Benefit against risk ---------------------------------------------------------------------------------------------


def rule_net(view: View) -> Iterator[Finding]:
    """Benefit against risk in the whole group, for each kind of use."""
    for question in view.release.instrument.measuring("net-benefit"):
        figure = view.figure("net", question.id)
        if figure is None:
            continue
        sign, subject = _sign(figure), _capital(view.short(question))
        if not sign:
            sentence = Sentence().say(f"{subject}: {view.people} are divided, or too few answered; net ")
            yield _make("net", question, sentence.net(figure).say("."), False, "Neither bound excludes zero.")
            continue
        margin = " by a comfortable margin" if _comfortable(figure) else ""
        sides = ("benefit", "risk") if sign > 0 else ("risk", "benefit")
        sentence = Sentence().say(f"{subject}: {view.people} see more {sides[0]} than {sides[1]}{margin}; net ")
        sentence.net(figure).say(".")
        claims = [Claim("net-sign", question.id, "", sign)]
        yield _caution(_make("net", question, sentence, True, _bound_words(sign), claims=claims), figure)


def _comfortable(figure: Figure) -> bool:
    return (figure.at_least or 0.0) >= COMFORTABLE


def rule_comfortable(view: View) -> Iterator[Finding]:
    """By a comfortable margin: the lower bound of the net is at least 10 points. Its words stand in other sentences."""
    for question in view.release.instrument.measuring("net-benefit"):
        figure = view.figure("net", question.id)
        if figure is not None:
            sentence = Sentence().say(f"{_capital(view.short(question))}: net ").net(figure).say(".")
            reason = f"The one-sided lower bound is {signed(figure.at_least)} points; 10 are needed."
            claims = [Claim("net-at-least", question.id, "", COMFORTABLE)]
            made = _make("comfortable", question, sentence, _comfortable(figure), reason, claims=claims)
            yield replace(made, told=False)


def rule_every(view: View) -> Iterator[Finding]:
    """In every organisation: the lower bound of the net is above zero in each one that is shown."""
    for question in view.release.instrument.measuring("net-benefit"):
        figures = dict(view.organisations("net", question.id))
        shown = {name: figure for name, figure in figures.items() if figure is not None}
        if len(shown) >= 2:
            yield _every(view, question, shown, len(figures))


def _every(view: View, question: Question, shown: dict[str, Figure], organisations: int) -> Finding:
    signs = {name: _sign(figure) for name, figure in shown.items()}
    subject = _capital(view.short(question))
    whole = view.figure("net", question.id)
    if set(signs.values()) in ({1}, {-1}):
        sign = next(iter(signs.values()))
        sentence = Sentence().say(f"{subject}: more {'benefit than risk' if sign > 0 else 'risk than benefit'} ")
        sentence.say(_everywhere(len(shown), organisations))
        if sign > 0 and whole is not None and _comfortable(whole):
            sentence.say(", and by a comfortable margin overall: net ").net(whole)
        claims = [Claim("net-every", question.id, "", sign, tuple(shown))]
        made = _make(
            "every", question, sentence.say("."), True, "The bound holds in each organisation shown.", claims=claims
        )
    else:
        sentence = Sentence().say(f"{subject}: {_sorted_out(view, signs)}.")
        made = _make("every", question, sentence, False, "The bound does not hold in each organisation shown.")
    return replace(made, figures=tuple(figure.id for figure in shown.values()))


def _everywhere(shown: int, organisations: int) -> str:
    if shown == organisations:
        return "in every organisation of this group"
    return f"in every organisation large enough to report ({shown} of {organisations})"


def _sorted_out(view: View, signs: dict[str, int]) -> str:
    """For example: benefit ahead in A and B; undecided in C; risk ahead in D."""
    told = []
    for sign, words_ in ((1, "benefit ahead in"), (0, "undecided in"), (-1, "risk ahead in")):
        names = [view.name(name) for name, found in signs.items() if found == sign]
        if names:
            told.append(f"{words_} {listed(names)}")
    return "; ".join(told)


def rule_cannot_judge(view: View) -> Iterator[Finding]:
    """Many, or most, say that they don't know enough to judge."""
    for question in view.release.instrument.measuring("net-benefit"):
        options = [option for option in question.options if option.position is None]
        figure = view.figure("share", question.id, options[0].id) if options else None
        if figure is None:
            continue
        lower = figure.at_least or 0.0
        amount = "Most" if lower > MOST else "Many" if lower >= MANY else None
        bound = MOST if amount == "Most" else MANY
        phrase = f"say that they don’t know enough to judge {view.short(question)}"
        if amount:
            sentence = Sentence().say(f"{amount} {view.people} {phrase}: ").share(figure).say(".")
        else:
            sentence = Sentence().share(figure).say(f" of {view.people} {phrase}.")
        claims = [Claim("share-above", question.id, figure.selector, bound)]
        reason = f"The one-sided lower bound is {percent(lower)}%; 20% is “many”, over 50% “most”."
        yield _make("cannot_judge", question, sentence, amount is not None, reason, claims=claims)


# Comparisons ------------------------------------------------------------------------------------------------------


def rule_differ(view: View) -> Iterator[Finding]:
    """Organisations differ: the planned test survives Holm, and some pair is at least 10 points apart for certain."""
    for planned in view.release.instrument.planned:
        question = view.release.instrument[planned.question]
        for test in view.comparisons("planned", question.id):
            if len(test.groups) < 2:
                continue
            pairs = [pair for pair in view.comparisons("pairs", question.id) if _apart(pair)]
            certain = test.p_adjusted is not None and test.p_adjusted < HOLM
            yield _differ(view, question, test, pairs if certain else [])


def _apart(pair: Comparison) -> bool:
    excludes = pair.low is not None and pair.high is not None and (pair.low > 0 or pair.high < 0)
    return excludes and abs(pair.difference or 0.0) >= LARGE_GAP


def _differ(view: View, question: Question, test: Comparison, pairs: list[Comparison]) -> Finding:
    subject = view.short(question)
    if not pairs:
        gap = test.smallest_found
        missed = f"; a gap under {percent(gap)} points could have been missed" if gap else ""
        sentence = Sentence().say(f"{_capital(subject)}: no difference between organisations was found{missed}.")
        made = _make("differ", question, sentence, False, f"{_p_words(test)}, or no pair is certainly 10 points apart.")
        return replace(made, figures=test.figures)
    widest = max(pairs, key=lambda pair: abs(pair.difference or 0.0))
    lower, higher = sorted(widest.groups, key=lambda group: _value(view, question, test, group))
    sentence = Sentence().say(f"Organisations differ on {subject}: {view.name(lower.code)} is lower than ")
    sentence.say(f"{view.name(higher.code)}, by {percent(abs(widest.difference or 0.0))} points")
    further = f" ({len(pairs) - 1} more pairs differ)" if len(pairs) > 1 else ""
    claims = [Claim("lower", question.id, "+".join(test.selectors), 0.0, (lower.code, higher.code))]
    made = _make("differ", question, sentence.say(f"{further}."), True, _p_words(test), claims=claims)
    return replace(made, figures=widest.figures)


def _p_words(test: Comparison) -> str:
    p = "not tested" if test.p_adjusted is None else f"p = {test.p_adjusted:.3f} after Holm over the planned family"
    return f"Homogeneity: {p}"


def _value(view: View, question: Question, test: Comparison, group: Group) -> float:
    kind, selector = ("share", "+".join(test.selectors)) if test.selectors else ("net", "")
    figure = view.figure(kind, question.id, selector, group)
    return figure.value or 0.0 if figure is not None else 0.0


def rule_area(view: View) -> Iterator[Finding]:
    """The area of most immediate use: first, or joint first with those that cannot be told apart from it."""
    for question in view.release.instrument.measuring("most-immediate-use"):
        shares = [view.figure("share", question.id, o.id) for o in question.options if o.position is not None]
        known = sorted((f for f in shares if f is not None), key=lambda f: -(f.value or 0.0))
        if len(known) < 2 or not known[0].value:
            continue
        yield _area(view, question, known)


def _area(view: View, question: Question, known: list[Figure]) -> Finding:
    tests = {frozenset(c.selectors): c for c in view.comparisons("areas", question.id)}
    top = known[0]
    joint = [f for f in known[1:] if not _behind(tests.get(frozenset((top.selector, f.selector))))]
    text = {option.id: f"“{words(option.text)}”" for option in question.options}
    if not joint:
        sentence = Sentence().say(f"{_capital(view.short(question))}: {text[top.selector]} comes first, with ")
        claims = [Claim("first", question.id, top.selector)]
        return _make(
            "area", question, sentence.share(top).say("."), True, "Every paired difference holds.", claims=claims
        )
    sentence = Sentence().say(f"{_capital(view.short(question))}: joint first are ")
    for place, figure in enumerate((top, *joint)):
        sentence.say(" and " if place == len(joint) else ", " if place else "")
        sentence.say(f"{text[figure.selector]} ").share(figure)
    return _make("area", question, sentence.say("."), False, "Some paired differences do not survive Holm.")


def _behind(test: Comparison | None) -> bool:
    return test is not None and test.p_adjusted is not None and test.p_adjusted < HOLM


# Who answered -----------------------------------------------------------------------------------------------------


def rule_represent(view: View) -> Iterator[Finding]:
    """Whether enough people answered to speak for all."""
    everybody = view.everybody
    if everybody is None or everybody.rate is None or everybody.answered is None:
        return
    rate = everybody.rate
    text = f"{everybody.answered:,} of {everybody.headcount:,} {view.people} answered ({percent(rate)}%)"
    fired = rate >= GOOD_RESPONSE
    tail = "." if fired else ": fewer than 60%, so sentences that silent staff could reverse say so."
    sentence = Sentence().say(text + tail)
    yield Finding("represent", "", "who", fired, tuple(sentence.parts), (), "60% is the mark for a good response.")


RULES: tuple[Callable[[View], Iterator[Finding]], ...] = (
    rule_represent,
    rule_typical,
    rule_about,
    rule_most,
    rule_unapproved,
    rule_outlook,
    rule_area,
    rule_every,
    rule_net,
    rule_comfortable,
    rule_cannot_judge,
    rule_differ,
)
"""All rules, in the order in which a report tells them."""

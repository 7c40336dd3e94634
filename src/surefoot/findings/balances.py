"""Rules about two sides: optimism against pessimism, and benefit against risk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from surefoot.findings.finding import Claim, Finding, listed
from surefoot.findings.make import capital, caution, make
from surefoot.findings.verdict import above, each_side, everywhere, highest, sides
from surefoot.findings.view import View
from surefoot.instrument import Question
from surefoot.release import Figure

COMFORTABLE = 0.10
MANY, MOST = 0.20, 0.50
_CERTAIN = "Zero is outside, two-sided at 4%, after Holm over the rule."
_UNCERTAIN = "Zero cannot be excluded, two-sided at 4%, after Holm over the rule."
Nets = tuple[tuple[Question, Figure], ...]


def _nets(view: View, construct: str) -> Nets:
    """The questions of a construct with their net in the whole group, where it is shown."""
    asked = view.release.instrument.measuring(construct)
    found = ((question, view.figure("net", question.id)) for question in asked)
    return tuple((question, figure) for question, figure in found if figure is not None)


def rule_outlook(view: View) -> Iterator[Finding]:
    """More optimistic than pessimistic, or the other way round."""
    nets = _nets(view, "outlook")
    for (question, figure), side in zip(nets, sides([figure for _, figure in nets]), strict=True):
        about = f"about AI’s effect on {view.short(question)}"
        if not side:
            sentence = view.say(f"Neither optimists nor pessimists {about} are clearly ahead: ").net(figure).say(".")
            yield make("outlook", question, sentence, False, _UNCERTAIN)
            continue
        leaning = "optimistic than pessimistic" if side > 0 else "pessimistic than optimistic"
        sentence = view.say(f"More {view.people} are {leaning} {about}, by ").lead(figure).say(".")
        claims = [Claim("net-sign", question.id, "", side)]
        yield caution(make("outlook", question, sentence, True, _CERTAIN, claims=claims), figure)


def rule_net(view: View) -> Iterator[Finding]:
    """Benefit against risk in the whole group, for each kind of use."""
    nets, easy = _nets(view, "net-benefit"), comfortable(view)
    for (question, figure), side in zip(nets, sides([figure for _, figure in nets]), strict=True):
        subject = capital(view.short(question))
        if not side:
            sentence = view.say(f"{subject}: {view.people} are divided, or too few answered to tell: ")
            yield make("net", question, sentence.net(figure).say("."), False, _UNCERTAIN)
            continue
        margin = "a comfortable margin of " if easy.get(question.id) else ""
        sentence = view.say(f"{subject}: more {view.people} see {_order(side)}, by {margin}").lead(figure).say(".")
        claims = [Claim("net-sign", question.id, "", side)]
        yield caution(make("net", question, sentence, True, _CERTAIN, claims=claims), figure)


def _order(side: int) -> str:
    return "benefit than risk" if side > 0 else "risk than benefit"


def comfortable(view: View) -> Mapping[str, bool]:
    """Questions by id, and whether benefit leads by at least 10 points for certain."""
    nets = _nets(view, "net-benefit")
    certain = above([(figure, COMFORTABLE) for _, figure in nets])
    leading = sides([figure for _, figure in nets])
    rows = zip(nets, certain, leading, strict=True)
    return {question.id: is_certain and side > 0 for (question, _), is_certain, side in rows}


def rule_comfortable(view: View) -> Iterator[Finding]:
    """By a comfortable margin: the net is certainly at least 10 points. Its words stand in other sentences."""
    easy = comfortable(view)
    for question, figure in _nets(view, "net-benefit"):
        fired = easy[question.id]
        words_ = "benefit leads risk by a comfortable margin" if fired else "a comfortable margin is not certain"
        sentence = view.say(f"{capital(view.short(question))}: {words_}: ").net(figure).say(".")
        reason = f"{'Above' if fired else 'Not certainly above'} 10 points, one-sided, after Holm over the rule."
        claims = [Claim("net-at-least", question.id, "", COMFORTABLE)] if fired else []
        yield make("comfortable", question, sentence, fired, reason, claims=claims)


# Every organisation -----------------------------------------------------------------------------------------------


def rule_every(view: View) -> Iterator[Finding]:
    """In every organisation: benefit leads, or risk does, in each one that is shown; else where which one leads."""
    found = {question: _shown_nets(view, question) for question in _asked(view)}
    found = {question: nets for question, nets in found.items() if len(nets) >= 2}
    together = everywhere([list(nets.values()) for nets in found.values()])
    alone = iter(each_side([figure for nets in found.values() for figure in nets.values()]))
    for (name, nets), side in zip(found.items(), together, strict=True):
        which = {organisation: next(alone) for organisation in nets}
        question = view.release.instrument[name]
        yield _every(view, question, nets, side) if side else _some(view, question, nets, which)


def _asked(view: View) -> tuple[str, ...]:
    return tuple(question.id for question in view.release.instrument.measuring("net-benefit"))


def _shown_nets(view: View, question: str) -> dict[str, Figure]:
    return {name: figure for name, figure in view.organisations("net", question) if figure is not None}


def _every(view: View, question: Question, nets: Mapping[str, Figure], side: int) -> Finding:
    where = _where(len(nets), len(view.release.organisations))
    sentence = view.say(f"{capital(view.short(question))}: more {view.people} see {_order(side)} {where}")
    whole = view.figure("net", question.id)
    if whole is not None:
        margin = "a comfortable margin of " if comfortable(view).get(question.id) else ""
        sentence.say(f", by {margin}").lead(whole).say(" overall")
    claims = [Claim("net-every", question.id, "", side, tuple(nets))]
    figures = list(nets.values())
    reason = "Zero is outside in each organisation, one-sided at 4%, after Holm over the questions."
    made = make("every", question, sentence.say("."), True, reason, claims=claims, figures=figures)
    name, weakest = min(nets.items(), key=lambda item: item[1].tipping_point or 2.0)
    return caution(made, weakest, view.name(name))


def _some(view: View, question: Question, nets: Mapping[str, Figure], which: Mapping[str, int]) -> Finding:
    """For example: benefit is ahead at A and B; risk is ahead at D; neither is clearly ahead at C."""
    by_side = {side: tuple(name for name in nets if which[name] == side) for side in (1, -1, 0)}
    phrases = {1: "benefit is ahead at", -1: "risk is ahead at", 0: "neither is clearly ahead at"}
    told = [f"{phrases[s]} {listed([view.name(name) for name in names])}" for s, names in by_side.items() if names]
    sentence = view.say(f"{capital(view.short(question))}: {'; '.join(told)}.")
    claims = [Claim("net-every", question.id, "", side, by_side[side]) for side in (1, -1) if by_side[side]]
    reason = "Not in each; named where zero is outside, two-sided at 4%, after Bonferroni over all that are shown."
    return make("every", question, sentence, False, reason, claims=claims, figures=list(nets.values()))


def _where(shown: int, organisations: int) -> str:
    if shown == organisations:
        return "in every organisation of this group"
    return f"in every organisation large enough to report ({shown} of {organisations})"


# Not knowing enough -----------------------------------------------------------------------------------------------


def rule_cannot_judge(view: View) -> Iterator[Finding]:
    """Many, or most, say that they don't know enough to judge."""
    asked = [(question, figure) for question, figure in _unknowns(view) if figure is not None]
    for (question, figure), bound in zip(asked, highest([f for _, f in asked], (MANY, MOST)), strict=True):
        phrase = f"say that they don’t know enough to judge {view.short(question)}"
        if bound is None:
            sentence = view.say().share(figure).say(f" of {view.people} {phrase}.")
            yield make(
                "cannot_judge", question, sentence, False, "Not certainly above 20%, one-sided, after Bonferroni."
            )
            continue
        amount = "Most" if bound == MOST else "Many"
        sentence = view.say(f"{amount} {view.people} {phrase}: ").share(figure).say(".")
        claims = [Claim("share-above", question.id, figure.selector, bound)]
        reason = f"Above {bound:.0%}, one-sided, after Bonferroni over the rule."
        yield make("cannot_judge", question, sentence, True, reason, claims=claims)


def _unknowns(view: View) -> Iterator[tuple[Question, Figure | None]]:
    for question in view.release.instrument.measuring("net-benefit"):
        options = [option for option in question.options if option.position is None]
        if options:
            yield question, view.figure("share", question.id, options[0].id)

"""What differs between two wordings of a questionnaire: questions that are new, changed or gone, and in what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from surefoot.instrument.instrument import Instrument, Option, Question, Text, words

NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True)
class Difference:
    """One question that differs. kind: new, changed or gone; said: what is other than before, one sentence each."""

    kind: str
    question: Question
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Differences:
    """All that differs. whole: sentences on the questionnaire as a whole; questions: in the order of the newer one."""

    whole: tuple[str, ...]
    questions: tuple[Difference, ...]

    def of(self, kind: str) -> tuple[Difference, ...]:
        """The questions that are new, changed or gone."""
        return tuple(one for one in self.questions if one.kind == kind)

    def __bool__(self) -> bool:
        return bool(self.whole or self.questions)


def differences(before: Instrument, after: Instrument) -> Differences:
    """What is other in a newer wording. Questions are the same where their ids are: a new id is a new question."""
    found = []
    for question in after.questions:
        if question.id not in before:
            found.append(Difference(NEW, question))
            continue
        said = tuple(_of_question(before[question.id], question))
        found += [Difference(CHANGED, question, said)] if said else []
    gone = [Difference(GONE, question) for question in before.questions if question.id not in after]
    return Differences(tuple(_of_whole(before, after)), (*found, *gone))


def _of_whole(before: Instrument, after: Instrument) -> Iterator[str]:
    yield from _of_text("The title", before.title, after.title)
    yield from _of_text("The introduction", before.introduction, after.introduction)
    for code in after.languages:
        if code not in before.languages:
            yield f"The language {code} is new."
    for code in before.languages:
        if code not in after.languages:
            yield f"The language {code} is gone."
    if before.sections != after.sections:
        yield "The sections, or the texts that stand before their questions, are others."
    common = [question.id for question in after.questions if question.id in before]
    if common != [question.id for question in before.questions if question.id in after]:
        yield "The questions stand in another order."
    if before.planned != after.planned:
        yield "Other comparisons are planned."


def _of_question(before: Question, after: Question) -> Iterator[str]:
    yield from _of_text("The question", before.text, after.text)
    yield from _of_text("The hint", before.hint, after.hint)
    if before.kind != after.kind:
        yield f"It is now of the kind {after.kind}, before {before.kind}."
    yield from _of_options({option.id: option for option in before.options}, after.options)
    if _common(before, after) != _common(after, before):
        yield "Its answers stand in another order."
    if before.show_if != after.show_if:
        yield "It is asked after other answers than before."
    if before.optional != after.optional:
        yield "It may now be left out." if after.optional else "It may no longer be left out."
    if before.kind == after.kind and _counted_otherwise(before, after):
        yield "What is counted of it, or how, is other: its construct, levels, unit or section."


def _common(one: Question, other: Question) -> list[str]:
    """The ids of the options of one question that the other has, too."""
    there = {option.id for option in other.options}
    return [option.id for option in one.options if option.id in there]


def _of_options(before: dict[str, Option], after: tuple[Option, ...]) -> Iterator[str]:
    for option in after:
        if option.id not in before:
            yield f"The answer “{words(option.text)}” is new."
        else:
            yield from _of_text("An answer", before[option.id].text, option.text)
    for option in before.values():
        if option.id not in {one.id for one in after}:
            yield f"The answer “{words(option.text)}” is gone."


def _of_text(what: str, before: Text, after: Text) -> Iterator[str]:
    for code in dict.fromkeys((*before, *after)):
        if before.get(code) != after.get(code):
            where = "" if code == next(iter(after), code) else f" in {code}"
            yield f"{what}{where} was “{before.get(code, '')}”, and is now “{after.get(code, '')}”."


def _counted_otherwise(before: Question, after: Question) -> bool:
    """Whether what a question holds beside its words is other: it is then counted in another way."""
    names = ("construct", "about", "group", "section", "order", "personal", "decimals", "unit", "derived", "coded_from")
    if any(getattr(before, name) != getattr(after, name) for name in names):
        return True
    if before.scale is None or after.scale is None:
        return before.scale is not after.scale
    if (before.scale.ordered, before.scale.poles) != (after.scale.ordered, after.scale.poles):
        return True
    there = {option.id: option for option in after.options}
    pairs = [(option, there[option.id]) for option in before.options if option.id in there]
    return any(
        getattr(old, name) != getattr(new, name)
        for old, new in pairs
        for name in ("position", "exclusive", "sensitive_absence")
    )

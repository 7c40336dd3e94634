"""The instruments that come with Surefoot: neutral, plain, short, and with all that findings rely on."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest
import tomli_w

from surefoot.instrument import (
    Instrument,
    Question,
    Scale,
    Text,
    bank_names,
    instrument_from_table,
    instrument_table,
    open_instrument,
    words,
)

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "instrument.md"
EASY_READ = "en-x-easyread"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
READING_WORDS_PER_MINUTE = 200
SECONDS_PER_CHOICE = 7.5
NEVER_USED = {"ever-used": {"no"}}
TWO_TOOLS_AT_WORK = {"ever-used": {"yes"}, "where-used": {"for-work"}, "tools": {"chat-assistant", "translation"}}

# What findings, breakdowns and the demo look for; a construct is a promise to them.
CONSTRUCTS = {
    "service-area": 1,
    "role-group": 1,
    "contact": 1,
    "understanding": 1,
    "ever-used": 1,
    "use-frequency": 1,
    "use-setting": 1,
    "tools": 1,
    "provision": 8,
    "outlook": 4,
    "most-immediate-use": 1,
    "net-benefit": 4,
    "feared-risks": 1,
    "hoped-benefits": 1,
    "needs": 1,
    "training-wanted": 1,
    "comment": 1,
}


@pytest.fixture(params=["ai-baseline", "voice"])
def instrument(request: pytest.FixtureRequest) -> Instrument:
    """Each instrument of the bank in turn."""
    return open_instrument(str(request.param))


@pytest.fixture
def baseline() -> Instrument:
    """The staff survey."""
    return open_instrument("ai-baseline")


@pytest.fixture
def voice() -> Instrument:
    """The instrument for people who use services, and carers."""
    return open_instrument("voice")


def scales(instrument: Instrument) -> list[Scale]:
    """The scales of an instrument, each once."""
    return list({question.scale.id: question.scale for question in instrument.asked if question.scale}.values())


def scale(question: Question) -> Scale:
    """The scale of a question that must have one."""
    assert question.scale is not None
    return question.scale


def prose(instrument: Instrument) -> Iterator[Text]:
    """Every text of whole sentences: introductions, questions and hints."""
    yield instrument.introduction
    yield from (section.text for section in instrument.sections if section.text)
    for question in instrument.asked:
        yield question.text
        if question.hint:
            yield question.hint


def every_text(instrument: Instrument) -> Iterator[Text]:
    """Every text there is: prose, titles, options and poles."""
    yield instrument.title
    yield from prose(instrument)
    yield from (section.title for section in instrument.sections)
    for one in scales(instrument):
        yield from (option.text for option in one.options)
        yield from one.poles or ()


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"[.?!:]\s*", text) if WORD.search(part)]


def syllables(word: str) -> int:
    """Syllables of an English word, roughly: groups of vowels, without a silent e at the end of a part."""
    parts = [re.sub(r"([^laeiouy]es|ed|[^laeiouy]e)$", "", part) for part in word.lower().split("-")]
    return sum(max(1, len(re.findall(r"[aeiouy]{1,2}", re.sub(r"^y", "", part)))) for part in parts)


def reading_ease(text: str) -> float:
    """Flesch's reading ease: 60 to 70 is plain English, above 80 is easy.

    Source: Flesch 1948, Journal of Applied Psychology 32, 221-233.
    """
    found = WORD.findall(text)
    return 206.835 - 1.015 * len(found) / len(sentences(text)) - 84.6 * sum(map(syllables, found)) / len(found)


def is_shown(question: Question, answers: Mapping[str, set[str]]) -> bool:
    """Whether routing leads to a question, for somebody with these answers to the questions that route."""
    return all(answers.get(part.question, set()) & set(part.any_of) for part in question.show_if)


def minutes(instrument: Instrument, answers: Mapping[str, set[str]]) -> float:
    """How long one route takes: each word is read once, a scale where it first stands; a question is a choice."""
    route = [question for question in instrument.asked if is_shown(question, answers)]
    met_sections = {question.section for question in route}
    met_scales = {question.scale.id: question.scale for question in route if question.scale}
    read = [instrument.title, instrument.introduction]
    read += [text for part in instrument.sections if part.id in met_sections for text in (part.title, part.text)]
    read += [text for question in route for text in (question.text, question.hint)]
    read += [option.text for one in met_scales.values() for option in one.options]
    word_count = sum(len(WORD.findall(words(text))) for text in read)
    return word_count / READING_WORDS_PER_MINUTE + len(route) * SECONDS_PER_CHOICE / 60


def test_bank_holds_both_instruments(instrument: Instrument) -> None:
    """Each opens by its name, and its name is that of its file."""
    assert set(bank_names()) >= {"ai-baseline", "voice"}
    assert instrument.name in bank_names()


def test_writing_and_reading_again_gives_an_equal_instrument(instrument: Instrument) -> None:
    """The table of an instrument says all there is to say, so equal content has an equal id."""
    again = instrument_from_table(tomllib.loads(tomli_w.dumps(instrument_table(instrument))))
    assert again == instrument
    assert again.id == instrument.id


def test_ids_are_slugs(instrument: Instrument) -> None:
    """Names are lower-case words joined by hyphens, as everywhere."""
    named = [instrument.name]
    named += [section.id for section in instrument.sections]
    named += [question.id for question in instrument.asked]
    named += [one.id for one in scales(instrument)]
    named += [option.id for one in scales(instrument) for option in one.options]
    named += [name for question in instrument.asked for name in (question.construct, question.about) if name]
    assert not [name for name in named if not SLUG.fullmatch(name)]


def test_every_text_has_every_language(instrument: Instrument) -> None:
    """Nobody meets a text in a language they did not choose."""
    assert not [text for text in every_text(instrument) if set(text) != set(instrument.languages)]
    assert not [text for text in every_text(instrument) if not all(wording.strip() for wording in text.values())]


def test_scales_with_poles_are_balanced(instrument: Instrument) -> None:
    """A scale with sides has as many positions on the one as on the other, a middle, and a way not to take sides."""
    sided = [one for one in scales(instrument) if one.has_sides]
    assert sided
    for one in sided:
        positions = [option.position for option in one.options if option.position is not None]
        assert sorted(positions) == sorted(-position for position in positions)
        assert one.ordered
        assert one.codes(0)
        assert one.codes(1)
        assert one.off_scale_codes


def test_positions_run_in_one_direction(instrument: Instrument) -> None:
    """An ordered scale is shown in its order, so that nobody has to search."""
    for one in scales(instrument):
        positions = [option.position for option in one.options if option.position is not None]
        assert positions in (sorted(set(positions)), sorted(set(positions), reverse=True)), one.id
        assert bool(positions) >= one.ordered, one.id


def test_questions_end_as_questions(instrument: Instrument) -> None:
    """A question ends with a question mark, in every language; help and introductions end with a full stop."""
    asked = [wording for question in instrument.asked for wording in question.text.values()]
    assert not [wording for wording in asked if not wording.endswith("?")]
    told = [text for text in prose(instrument) if text not in [question.text for question in instrument.asked]]
    assert not [wording for text in told for wording in text.values() if not wording.endswith(".")]


def test_texts_are_single_spaced(instrument: Instrument) -> None:
    """No text has a line break or a double space left from writing it."""
    assert not [w for text in every_text(instrument) for w in text.values() if w != " ".join(w.split())]


def test_answers_are_short(instrument: Instrument) -> None:
    """An answer fits beside its button on a phone."""
    texts = [option.text[language] for one in scales(instrument) for option in one.options for language in option.text]
    assert max(map(len, texts)) <= 120


def test_reading_is_easy(instrument: Instrument) -> None:
    """Each text by itself is plain, and all together are easy, in every language."""
    for language in instrument.languages:
        texts = [text[language] for text in prose(instrument)]
        assert not [text for text in texts if reading_ease(text) < 60]
        assert reading_ease(" ".join(texts)) >= 80


def test_routes_can_be_reached(instrument: Instrument) -> None:
    """Each question is asked of somebody: its conditions concern questions that are asked, and can hold together."""
    reached: set[str] = set()
    for question in instrument.asked:
        chosen: dict[str, set[str]] = {}
        for part in question.show_if:
            assert part.question in reached
            assert part.any_of
            both = chosen.get(part.question, set(part.any_of)) & set(part.any_of)
            assert both or instrument[part.question].kind != "single"
            chosen[part.question] = both or set(part.any_of)
        assert is_shown(question, chosen)
        reached.add(question.id)


def test_sections_follow_one_another(instrument: Instrument) -> None:
    """Every question stands in a section, sections have questions, and none is come back to."""
    order = [question.section for question in instrument.asked]
    assert list(dict.fromkeys(order)) == [section.id for section in instrument.sections]
    assert sum(before != after for before, after in pairwise(order)) == len(instrument.sections) - 1


def test_groups_share_a_scale(instrument: Instrument) -> None:
    """Statements that are asked together have one scale and one construct, and stand together."""
    ids = [question.id for question in instrument.asked]
    for group in {question.group for question in instrument.asked if question.group}:
        members = [question for question in instrument.asked if question.group == group]
        assert len({(scale(member).id, member.construct, member.section) for member in members}) == 1
        places = [ids.index(member.id) for member in members]
        assert places == list(range(places[0], places[0] + len(places)))


def test_answers_that_stand_alone_are_exclusive(instrument: Instrument) -> None:
    """In a question with several answers, "none", "don't know" and their like cannot be ticked beside others."""
    alone = {"none", "dont-know", "prefer-not-to-say", "nothing-needed", "nothing-would"}
    for question in instrument.asked:
        for option in question.options:
            assert option.exclusive == (question.kind == "multi" and option.id in alone), f"{question.id}/{option.id}"


def test_shuffled_lists_close_with_what_is_no_answer_of_its_own(baseline: Instrument) -> None:
    """In a shuffled list the answers with a position come first; those without ("other", "none") stand at the end."""
    shuffled = [question for question in baseline.questions if question.order == "shuffled"]
    assert [question.id for question in shuffled] == ["first-area", "risks", "benefits", "needs"]
    for question in shuffled:
        placed = [option.position is not None for option in question.options]
        assert placed == sorted(placed, reverse=True)
        assert "other" in scale(question).option_ids[placed.index(False) :]
        assert not scale(question).ordered


def test_findings_have_their_constructs(baseline: Instrument) -> None:
    """What findings look for is asked, as often as they expect."""
    assert {name: len(baseline.measuring(name)) for name in CONSTRUCTS} == CONSTRUCTS


def test_use_cases_are_all_judged(baseline: Instrument) -> None:
    """Each use case has its balance question, analytics has two; positions are where findings expect them."""
    judged = [question.about for question in baseline.measuring("net-benefit")]
    assert judged == ["engagement", "analytics", "analytics", "productivity"]
    assert [option.position for option in baseline["balance-productivity"].options] == [2, 1, 0, -1, -2, None]
    assert [option.position for option in baseline["understanding"].options] == [0, 1, 2, 3, 4]
    assert scale(baseline["outlook-own-work"]).codes(-1) == (0, 1)


def test_planned_family_is_as_announced(baseline: Instrument) -> None:
    """The comparisons that will be judged are written down before anyone answers."""
    assert {planned.by for planned in baseline.planned} == {"organisation"}
    assert {planned.question: planned.options for planned in baseline.planned} == {
        "balance-engagement": (),
        "balance-analytics-understand": (),
        "balance-analytics-predict": (),
        "balance-productivity": (),
        "understanding": ("good", "expert"),
        "ever-used": ("yes",),
        "outlook-own-work": (),
    }


def test_each_tool_asks_whether_it_was_provided(baseline: Instrument) -> None:
    """Every kind of tool has its provision question, put only to people who use it and use AI for their work here."""
    tools = [option.id for option in baseline["tools"].options if not option.exclusive]
    assert [question.id for question in baseline.measuring("provision")] == [f"provision-{tool}" for tool in tools]
    for question in baseline.measuring("provision"):
        assert question.about is not None
        at_work = {"tools": {question.about}, "where-used": {"for-work"}}
        assert is_shown(question, at_work)
        assert not is_shown(question, at_work | {"where-used": {"outside-work"}})
        assert not is_shown(question, at_work | {"tools": set(tools) - {question.about}})


def test_absence_of_permission_is_not_shown(baseline: Instrument) -> None:
    """That nobody's tool is provided or allowed would say that all who use it break a rule."""
    sensitive = {option.id for one in scales(baseline) for option in one.options if option.sensitive_absence}
    assert sensitive == {"provided", "allowed"}


def test_ai_is_defined_before_the_first_question(baseline: Instrument) -> None:
    """The first section says what AI is, and that it may be inside software that people know."""
    assert baseline.questions[0].section == baseline.sections[0].id
    assert "AI (artificial intelligence) means" in words(baseline.sections[0].text)
    assert "inside software you know" in words(baseline.sections[0].text)


def test_use_cases_are_named_after_the_open_choice(baseline: Instrument) -> None:
    """Naming the use cases leads people to them, so the most immediate use is asked before."""
    ids = [question.id for question in baseline.questions]
    assert ids.index("first-area") < min(ids.index(q.id) for q in baseline.measuring("net-benefit"))


def test_benefits_and_risks_have_equal_weight(baseline: Instrument) -> None:
    """Two lists of one length, mirrored words on the scale, and examples of one build and length."""
    assert len(baseline["benefits"].options) == len(baseline["risks"].options)
    texts = [words(option.text) for option in baseline["balance-productivity"].options[:5]]
    swapped = {"Benefits": "Risks", "Risks": "Benefits"}
    mirrored = [re.sub("Benefits|Risks", lambda found: swapped[found[0]], text) for text in texts]
    assert mirrored == texts[::-1]
    examples = [words(question.hint) for question in baseline.measuring("net-benefit")]
    assert {len(sentences(example)) for example in examples} == {4}
    lengths = [len(WORD.findall(example)) for example in examples]
    assert max(lengths) - min(lengths) <= 4
    assert all(re.fullmatch(r"Example: .+\. (The AI|It) .+\. Staff .+\.", example) for example in examples)


def test_equality_questions_come_last_and_apart(baseline: Instrument) -> None:
    """They have their own section at the end, may be left out, and are never broken down."""
    own = [question for question in baseline.questions if question.section == "equality"]
    assert tuple(own) == baseline.questions[-len(own) :]
    assert [question.id for question in own] == ["age-band", "gender", "disability", "ethnic-group"]
    assert all(question.personal and question.optional for question in own)
    assert all("prefer-not-to-say" in scale(question).option_ids for question in own)
    assert [question for question in baseline.questions if question.personal] == own


def test_one_comment_box(instrument: Instrument) -> None:
    """There is one box for words, it may stay empty, and it asks to name nobody."""
    (comment,) = [question for question in instrument.asked if question.kind == "text"]
    assert comment.optional
    assert "not name anyone" in words(comment.hint)


def test_organisation_is_left_to_the_study(baseline: Instrument) -> None:
    """Organisations differ from study to study, so the instrument does not list any."""
    assert "organisation" not in baseline


def test_baseline_takes_seven_minutes(baseline: Instrument) -> None:
    """Along the commonest route (never used an AI tool) the estimate is at most seven and a half minutes."""
    assert baseline.minutes == 7
    assert 6.5 <= minutes(baseline, NEVER_USED) <= 7.5
    assert minutes(baseline, TWO_TOOLS_AT_WORK) <= 9.5


def test_voice_has_six_questions_in_three_minutes(voice: Instrument) -> None:
    """Six questions, the promised time at the same pace, and the kinds of AI use that staff judge as well."""
    assert len(voice.questions) == 6
    assert voice.minutes == 3
    assert minutes(voice, {}) <= 3
    assert {question.about for question in voice.measuring("comfort")} == {"engagement", "analytics", "productivity"}


def test_easy_read_has_short_sentences(voice: Instrument) -> None:
    """Easy Read is one idea a sentence: at most 15 words, no contractions, and easier than the plain wording."""
    easy = [text[EASY_READ] for text in every_text(voice)]
    assert not [part for wording in easy for part in sentences(wording) if len(WORD.findall(part)) > 15]
    assert not [wording for wording in easy if re.search(r"n't\b|'re\b|'s\b", wording)]
    plain = " ".join(words(text) for text in prose(voice))
    assert reading_ease(" ".join(text[EASY_READ] for text in prose(voice))) > reading_ease(plain)


def test_guide_has_an_example_that_can_be_read() -> None:
    """The example of the guide is an instrument, and shows every kind of question."""
    (example,) = re.findall(r"^```toml\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    instrument = instrument_from_table(tomllib.loads(example), "docs/how-to/instrument.md")
    assert {question.kind for question in instrument.asked} == {"single", "multi", "ranked", "number", "text"}
    assert instrument["trouble"].show_if
    assert words(scale(instrument["rota-fair"]).options[0].text, "cy") == "Cytuno"


def test_guide_explains_every_line_of_a_question() -> None:
    """A field that a question can have is in the guide's table."""
    explained = re.findall(r"`(\w+)`", GUIDE.read_text(encoding="utf-8"))
    assert {field.name for field in fields(Question)} <= set(explained)


def test_guide_lists_every_construct(instrument: Instrument) -> None:
    """A construct of the bank is in the guide, so that other instruments can use it."""
    listed = re.findall(r"`([a-z-]+)`", GUIDE.read_text(encoding="utf-8").partition("## The constructs of the bank")[2])
    assert {question.construct for question in instrument.asked} <= set(listed)

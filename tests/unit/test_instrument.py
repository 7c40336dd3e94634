"""Instruments: what is read, what is refused and in which words, and ids that hold the content."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from surefoot.errors import BadInput
from surefoot.instrument import bank_names, instrument_from_table, instrument_table, open_instrument, words

Change = Callable[[dict[str, Any]], object]


def tiny() -> dict[str, Any]:
    """A small instrument with one of everything that is checked."""
    return {
        "schema": "surefoot/instrument/1",
        "name": "tiny",
        "title": "A tiny instrument",
        "section": [{"id": "start", "title": "Start"}],
        "scale": [
            {
                "id": "view",
                "poles": {"low": "Risks", "high": "Benefits"},
                "options": [
                    {"id": "risks", "text": "Risks", "position": -1},
                    {"id": "equal", "text": "Equal", "position": 0},
                    {"id": "benefits", "text": "Benefits", "position": 1},
                    {"id": "unsure", "text": "I don't know enough to say"},
                ],
            },
            {"id": "tools", "options": [{"id": "chat", "text": "Chat"}, {"id": "none", "text": "None"}]},
        ],
        "question": [
            {"id": "view", "kind": "single", "text": "Your view?", "scale": "view", "section": "start"},
            {
                "id": "tools",
                "kind": "multi",
                "text": "Which?",
                "scale": "tools",
                "show_if": [{"question": "view", "any_of": ["benefits"]}],
            },
            {"id": "years", "kind": "number", "text": "How many years?", "decimals": 1, "unit": "years"},
            {"id": "comment", "kind": "text", "text": "Anything else?"},
        ],
        "planned": [{"question": "view", "by": "organisation"}],
    }


def test_id_is_pinned() -> None:
    """The id of an instrument never changes by a change of the code: earlier answers and figures rest on it."""
    assert instrument_from_table(tiny()).id == "instrument-ef47173400d57830"


def test_id_changes_with_every_word() -> None:
    """Another word, option, order, routing or plan is another instrument."""
    changes: list[Change] = [
        lambda t: t.update(title="A tiny instrument."),
        lambda t: t["scale"][0]["options"][0].update(text="Risk"),
        lambda t: t["scale"][0]["options"][0].update(position=-2),
        lambda t: t["scale"][1]["options"].reverse(),
        lambda t: t["question"][1].pop("show_if"),
        lambda t: t["question"][2].update(decimals=2),
        lambda t: t["planned"].clear(),
        lambda t: t["scale"][1]["options"][1].update(exclusive=True),
    ]
    ids = {instrument_from_table(tiny()).id}
    for change in changes:
        table = tiny()
        change(table)
        ids.add(instrument_from_table(table).id)
    assert len(ids) == len(changes) + 1


def test_id_ignores_defaults_and_spelling_of_defaults() -> None:
    """A default that is written out, and a text with its language, are the same instrument."""
    table = tiny()
    table["question"][0] |= {"order": "fixed", "optional": False, "text": {"en": "Your view?"}}
    table["languages"] = ["en"]
    assert instrument_from_table(table).id == instrument_from_table(tiny()).id


def test_table_of_an_instrument_reads_as_the_same(tmp_path: Path) -> None:
    """Written as TOML and opened again, an instrument is equal."""
    made = instrument_from_table(tiny())
    path = tmp_path / "tiny.toml"
    path.write_text(tomli_w.dumps(instrument_table(made)), encoding="utf-8")
    assert open_instrument(path) == made


def test_items_are_columns_of_answers() -> None:
    """A single question and a number have one column, a multiple choice one a box, a text none."""
    made = instrument_from_table(tiny())
    assert [made[name].items for name in made.by_id] == [("view",), ("tools/chat", "tools/none"), ("years",), ()]


def test_sides_of_a_scale() -> None:
    """Negative, middle and positive options, and the answer that is no position."""
    scale = instrument_from_table(tiny())["view"].scale
    assert scale is not None
    assert [scale.codes(side) for side in (-1, 0, 1)] == [(0,), (1,), (2,)]
    assert scale.off_scale_codes == (3,)


def test_words_fall_back_to_the_first_language() -> None:
    """A missing translation shows the first wording there is, and nothing where there is none."""
    assert words({"en": "Yes"}, "cy") == "Yes"
    assert words({}) == ""


FAULTS: list[tuple[str, Change, str]] = [
    ("schema", lambda t: t.pop("schema"), 'i, schema: found None; expected "surefoot/instrument/1".'),
    ("name", lambda t: t.pop("name"), "i, instrument: found no name; expected a line name = ...."),
    ("title", lambda t: t.update(title=3), "i, instrument, title: found 3; expected a text, or one text a language."),
    ("no questions", lambda t: t.update(question=[], planned=[]), "i: found no questions; expected at least one"),
    ("two questions", lambda t: t["question"][1].update(id="view"), 'i: found two times the question "view"; expected'),
    ("two scales", lambda t: t["scale"][1].update(id="view"), 'i: found two times the scale "view"; expected'),
    (
        "two options",
        lambda t: t["scale"][1]["options"][1].update(id="chat"),
        'i, scale "tools": found two times the option "chat"; expected each option id once.',
    ),
    (
        "no options",
        lambda t: t["scale"][1].update(options=[]),
        'i, scale "tools": found no options; expected at least one option.',
    ),
    (
        "position",
        lambda t: t["scale"][0]["options"][0].update(position="low"),
        "i, scale \"view\", option, position: found 'low'; expected a whole number, or no position.",
    ),
    (
        "kind",
        lambda t: t["question"][0].update(kind="choice"),
        "i, question \"view\", kind: found 'choice'; expected one of single, multi, ranked, number, text.",
    ),
    (
        "order",
        lambda t: t["question"][0].update(order="random"),
        "i, question \"view\", order: found 'random'; expected one of fixed, shuffled.",
    ),
    (
        "unknown scale",
        lambda t: t["question"][0].update(scale="views"),
        'i, question "view", scale: found "views"; expected one of the scales: view, tools.',
    ),
    ("no scale", lambda t: t["question"][0].pop("scale"), 'i, question "view": found no scale; expected a line scale'),
    (
        "unknown key",
        lambda t: t["question"][0].update(showif=[]),
        'i, question "view": found the key "showif"; expected one of about, coded_from, construct,',
    ),
    ("slug", lambda t: t["question"][0].update(id="a/b"), "i, question, id: found 'a/b'; expected letters, digits,"),
    (
        "section",
        lambda t: t["question"][0].update(section="end"),
        'i, question "view", section: found "end"; expected the id of a [[section]].',
    ),
    (
        "condition on a later question",
        lambda t: t["question"][1]["show_if"][0].update(question="years"),
        'i, question "tools", show_if: found "years"; expected the id of an earlier question.',
    ),
    (
        "condition on no option",
        lambda t: t["question"][1]["show_if"][0].update(any_of=["gains"]),
        'i, question "tools", show_if: found "gains"; expected an option of the question "view".',
    ),
    (
        "plan without a question",
        lambda t: t["planned"][0].update(question="views"),
        'i, planned: found "views"; expected the id of a question.',
    ),
    (
        "plan of a multiple choice",
        lambda t: t["planned"][0].update(question="tools"),
        'i, planned "tools": found a multi question; expected a single-choice question.',
    ),
    (
        "plan of no option",
        lambda t: t["planned"][0].update(options=["gains"]),
        'i, planned "view", options: found "gains"; expected some of risks, equal, benefits, unsure.',
    ),
    (
        "plan without sides",
        lambda t: t["scale"][0].pop("poles"),
        'i, planned "view": found no options; expected the options whose share is compared, since the scale has no',
    ),
]


@pytest.mark.parametrize(("change", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_faults_are_named(change: Change, message: str) -> None:
    """A fault is refused in one sentence: where, what was found, what was expected."""
    table = deepcopy(tiny())
    change(table)
    with pytest.raises(BadInput) as refused:
        instrument_from_table(table, "i")
    assert str(refused.value).startswith(message)


def test_files_that_are_no_instrument(tmp_path: Path) -> None:
    """A missing file, a broken one and an unknown name are told apart; the last lists the bank."""
    broken = tmp_path / "broken.toml"
    broken.write_bytes(b"name = \xff")
    with pytest.raises(BadInput, match="text that is not TOML"):
        open_instrument(broken)
    with pytest.raises(BadInput, match="no readable file"):
        open_instrument(tmp_path / "missing.toml")
    with pytest.raises(BadInput, match=f"one of the bank: {', '.join(bank_names())}"):
        open_instrument("ai-base")

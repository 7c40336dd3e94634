"""The same known answers, written as each survey tool would, read back as what that tool can carry of them."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.demo.dialects import DIALECTS, LOSSES, expected, losses_table, write_dialect
from surefoot.instrument import Instrument, instrument_from_table, open_instrument
from surefoot.readers import READERS, read
from surefoot.readers.wording import plain
from surefoot.responses import RESERVED, Missing, Responses, number_missing, responses

WORDS = ["Rotas", "Letters, notes and minutes", "Care plans; reviews", "Talking with families", "Nothing of this",
         "Money & pay", "Über uns", "I don't know", "Another thing – or two"]  # fmt: skip
TEXTS = ["Because it helps.", 'Two, "three"; four', "=1+1", "naïve – and “curly”", "line\nbreak", "Ärzte, Pflege", "x"]
Table = dict[str, Any]
EXAMPLES = settings.default.max_examples // 10


def test_every_reader_has_a_dialect() -> None:
    """Whatever Surefoot reads, known answers can be written for; each dialect names losses that are explained."""
    assert {dialect.reader for dialect in DIALECTS.values()} == set(READERS)
    assert {loss for dialect in DIALECTS.values() for loss in dialect.losses} == set(LOSSES)


def test_the_documentation_shows_the_losses() -> None:
    """The table in the how-to is the one in the code."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "read.md"
    assert losses_table() in page.read_text(encoding="utf-8")


# Random instruments and answers -----------------------------------------------------------------------------------


@st.composite
def scale(draw: st.DrawFn, name: str) -> Table:
    """A scale of distinct words; the last option of some stands alone."""
    texts = draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=5, unique=True))
    options: list[Table] = [{"id": f"{name}{'abcde'[place]}", "text": text} for place, text in enumerate(texts)]
    if draw(st.booleans()):
        options[-1] |= {"exclusive": True}
    return {"id": name, "options": options}


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """A single question first, then others of all kinds, some asked only of those who chose some of its options."""
    kinds = draw(st.lists(st.sampled_from(["single", "multi", "ranked", "number", "text"]), min_size=1, max_size=5))
    scales = [draw(scale(f"s{number}")) for number in range(len(kinds) + 1)]
    questions: list[Table] = [{"id": "first", "kind": "single", "text": "What do you do here?", "scale": "s0"}]
    for number, kind in enumerate(kinds, 1):
        text = f"Question number {['one', 'two', 'three', 'four', 'five'][number - 1]}?"
        made: Table = {"id": f"q-{number}", "kind": kind, "text": text}
        made |= {"decimals": draw(st.integers(0, 2))} if kind == "number" else {}
        made |= {"scale": f"s{number}"} if kind in ("single", "multi", "ranked") else {}
        if draw(st.booleans()):
            earlier = draw(st.sampled_from([entry for entry in questions if "scale" in entry]))
            ids = [option["id"] for option in scales[int(earlier["scale"][1:])]["options"]]
            any_of = draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
            made["show_if"] = [{"question": earlier["id"], "any_of": any_of}]
        questions.append(made)
    used = {entry.get("scale") for entry in questions}
    table = {"schema": "surefoot/instrument/1", "name": "random", "title": "Random"}
    return instrument_from_table(table | {"scale": [s for s in scales if s["id"] in used], "question": questions})


def answers(instrument: Instrument, seed: int, rows: int) -> Responses:
    """Answers of all kinds, a third of them missing; the first question is answered by everybody."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    texts = []
    for question in instrument.asked:
        lost = (rng.random(rows) < 0.3) & (question.id != "first")
        if question.kind == "text":
            some = [(row, str(rng.choice(TEXTS))) for row in np.flatnonzero(~lost).tolist()]
            texts += [{"@row": row, "question": question.id, "text": text} for row, text in some]
        elif question.kind == "number":
            numbers = rng.integers(0, 4000, rows)
            columns[question.id] = np.where(lost, number_missing(Missing.NOT_ANSWERED), numbers)
        elif question.kind == "single":
            codes = rng.integers(0, len(question.options), rows)
            columns[question.id] = np.where(lost, int(Missing.NOT_ANSWERED), codes)
        else:
            size = (len(question.options), rows)
            ranked = np.argsort(rng.random(size), axis=0) + 1
            marks = ranked if question.kind == "ranked" else np.where(rng.random(size) < 0.4, 1, int(Missing.UNTICKED))
            for place, item in enumerate(question.items):
                columns[item] = np.where(lost, int(Missing.NOT_ANSWERED), marks[place])
    schema = {"@row": pl.Int64, "question": pl.String, "text": pl.String}
    return responses(instrument, columns, texts=pl.DataFrame(texts, schema=schema))


def same(found: Responses, wanted: Responses) -> None:
    """Equal answers and equal texts, each item named where it is not."""
    for name in wanted.table.columns:
        if name not in RESERVED:
            assert found.codes(name).tolist() == wanted.codes(name).tolist(), name
    assert found.texts.sort("@row", "question").to_dicts() == wanted.texts.sort("@row", "question").to_dicts()


def check(name: str, made: Responses, folder: Path) -> None:
    """Write, read with the instrument, compare; the account is whole, and the kept mapping gives the same again."""
    dialect = DIALECTS[name]
    path = folder / f"answers{dialect.suffix}"
    write_dialect(name, made, path)
    reading = read(path, instrument=made.instrument)
    assert reading.dialect == dialect.reader
    same(reading.responses, expected(made, dialect.losses))
    account = reading.account
    assert account.rows == len(made) + dialect.extra == account.kept + sum(account.excluded.values())
    assert account.kept == len(made)
    again = read(path, instrument=made.instrument, mapping=reading.mapping)
    same(again.responses, reading.responses)


@pytest.mark.parametrize("name", DIALECTS)
@settings(max_examples=EXAMPLES)
@given(instrument=instruments(), seed=st.integers(0, 2**32 - 1), rows=st.integers(12, 30))
def test_known_answers_come_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, instrument: Instrument, seed: int, rows: int
) -> None:
    """Any questions, any answers: the file gives what the dialect can carry, and nothing else."""
    check(name, answers(instrument, seed, rows), tmp_path_factory.mktemp("dialect"))


@pytest.mark.parametrize("name", DIALECTS)
def test_the_baseline_comes_back(tmp_path: Path, name: str) -> None:
    """The questionnaire of the bank, with simulated answers of sixty people and their comments."""
    from surefoot.demo import simulate, study_of

    whole = simulate(study_of())
    made = whole.filtered(np.arange(len(whole)) < 60)
    texts = pl.DataFrame({"@row": [0, 7, 59], "question": ["comment"] * 3, "text": TEXTS[:3]})
    from dataclasses import replace

    check(name, replace(made, texts=texts), tmp_path)


def test_wordings_in_these_tests_are_distinct() -> None:
    """The losses say nothing of two options with the same words: no tool can tell them apart."""
    assert len({plain(word) for word in WORDS}) == len(WORDS)
    texts = [plain(question.text["en"]) for question in open_instrument("ai-baseline").asked]
    assert len(set(texts)) == len(texts)

"""Comments in the demo, with codes by two coders who do not exist; and a small study to try the commands with."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import tomli_w

from surefoot.demo.comments import Comment, theme_ids, write_comments
from surefoot.demo.simulate import LEAD
from surefoot.errors import BadInput
from surefoot.responses import ROW, TEXT_SCHEMA, Responses
from surefoot.study import SCHEMA, Study
from surefoot.themes import Codebook
from surefoot.themes.codebook import FILE, open_codebook
from surefoot.themes.codebook import SCHEMA as CODEBOOK
from surefoot.themes.coding import COLUMNS, CONSENSUS, sheet_path, write_rows, written
from surefoot.themes.collection import make_folder
from surefoot.themes.steps import Opened, apply_codes, open_answers, read_all
from surefoot.whole import write_whole

QUESTION = "comment"
WRITES = 0.22
"""Share of respondents of the demo who write something."""
WHEN = datetime(2026, 9, 30, 12, tzinfo=UTC)
CODERS = ("Simulated coder A", "Simulated coder B")
NAMES = {
    "training": ("Training and time to learn", "Wants to be taught, or says that nobody has taught them."),
    "jobs": ("Fear for jobs", "Fears that posts or hours will go."),
    "human": ("Care needs people", "Says that contact between people must stay."),
    "paperwork": ("Less paperwork", "Hopes for time saved on notes, letters and forms."),
    "privacy": ("Privacy and data", "Worries about what happens to personal data."),
    "accuracy": ("Mistakes and trust", "Worries that answers are wrong or are not checked."),
    "systems": ("Computers that work first", "Says that equipment, internet or systems are too poor."),
    "rules": ("Clear rules", "Asks what is allowed, or wants guidance."),
}
SPECIAL = (
    "My manager Sarah Okafor put a resident's name into ChatGPT. Ring me on 07700 900456.",
    "At Oakfield we have no wifi, ask Bill in maintenance or write to jo.blogs@example.org.",
    "A carer on nights shouted at a resident and left her without water. Nobody listens.",
    "=SUM(A1:A9) is all that I understand of computers.",
)
"""Comments with personal data, harm and a formula in them, to show what happens to each."""


def comments_of(rng: np.random.Generator, number: int) -> list[Comment]:
    """Comments of a demo: mostly put together from phrases, and a few that need care."""
    weights = [3, 2, 2.5, 3, 1.5, 2, 1.5, 1]
    return [Comment(text, ()) for text in SPECIAL] + write_comments(rng, number - len(SPECIAL), weights=weights)


def with_comments(answers: Responses, seed: int) -> tuple[Responses, dict[str, tuple[str, ...]]]:
    """Answers with comments of some respondents, and the themes that each text was written about."""
    rng = np.random.default_rng([seed, 3])
    rows = np.flatnonzero(rng.random(len(answers)) < WRITES)
    said = comments_of(rng, len(rows))
    order = rng.permutation(len(rows))
    texts = pl.DataFrame(
        {ROW: rows[order], "question": [QUESTION] * len(rows), "text": [c.text for c in said]}, schema=TEXT_SCHEMA
    )
    return replace(answers, texts=texts), {comment.text: comment.themes for comment in said}


def code_comments(study: Study, answers: Responses, truth: Mapping[str, Sequence[str]], seed: int) -> None:
    """What people would do with the comments, done by nobody: a codebook, two coders, their consensus, and quotes."""
    (opened,) = open_answers(study, answers, QUESTION)
    read_all([opened], by=LEAD, now=WHEN)
    make_folder(opened.folder)
    _write_codebook(opened)
    book, rng = open_codebook(opened.folder, QUESTION), np.random.default_rng([seed, 4])
    # In the order of the words: ids depend on the secret, and the same seed must give the same codes.
    said = sorted(opened.collection.comments, key=lambda comment: comment.text)
    right = {comment.id: frozenset(truth[comment.text]) for comment in said if comment.id in opened.texts}
    for coder in CODERS:
        codes = {name: _coded(rng, themes, book) for name, themes in right.items()}
        rows = [(name, opened.texts[name], "", written(themes)) for name, themes in codes.items()]
        write_rows(sheet_path(opened.folder, coder), COLUMNS, rows)
    rows = [(name, opened.texts[name], "", written(themes)) for name, themes in right.items()]
    write_rows(opened.folder / CONSENSUS, COLUMNS, rows)
    applied = apply_codes(opened, by=CODERS[0], now=WHEN)
    _write_quotes(opened, {name: applied.codes[name] for name in right})


def _coded(rng: np.random.Generator, themes: frozenset[str], book: Codebook) -> frozenset[str]:
    """The themes that a coder sees, who misses some and sometimes sees another."""
    seen = {theme for theme in sorted(themes) if rng.random() > 0.06}
    return frozenset(seen | ({str(rng.choice(book.ids))} if rng.random() < 0.04 else set()))


def _write_codebook(opened: Opened) -> None:
    entries = [{"id": name, "name": NAMES[name][0], "definition": NAMES[name][1]} for name in theme_ids()]
    table = {"schema": CODEBOOK, "question": QUESTION, "by": CODERS[0], "theme": entries}
    write_whole(opened.folder / FILE, tomli_w.dumps(table), private=True)


def _write_quotes(opened: Opened, codes: Mapping[str, frozenset[str]]) -> None:
    """One quote for each theme: the first comment of a usual length that has no other."""
    chosen = []
    for theme in theme_ids():
        able = [n for n, themes in codes.items() if themes == {theme} and 40 <= len(opened.texts[n]) <= 120]
        chosen += [{"id": name, "theme": theme, "by": CODERS[0]} for name in able[:1]]
    write_whole(opened.folder / "quotes.toml", tomli_w.dumps({"quote": chosen}), private=True)


# To try the commands ------------------------------------------------------------------------------------------------

_INSTRUMENT = {
    "schema": "surefoot/instrument/1",
    "name": "comments-example",
    "title": "An example with comments",
    "scale": [{"id": "roles", "options": [{"id": "care", "text": "Care"}, {"id": "office", "text": "Office"}]}],
    "question": [
        {"id": "role", "kind": "single", "scale": "roles", "text": "Where do you work?"},
        {"id": QUESTION, "kind": "text", "text": "What do you want to say about AI?"},
    ],
}


def write_comment_study(folder: Path, *, comments: int = 80, seed: int = 2026) -> Path:
    """Write a small study with comments that no person wrote, to try `surefoot themes` with; gives its folder.

    Raises BadInput where the folder holds a study already.
    """
    if (folder / "study.toml").exists():
        raise BadInput(str(folder), "a study that is there already", "a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["role", QUESTION])
    rows.writerows([str(rng.choice(["Care", "Office"])), comment.text] for comment in comments_of(rng, comments))
    study = {
        "schema": SCHEMA,
        "id": "comments-example",
        "title": "An example with comments (simulated)",
        "instrument": "instrument.toml",
        "simulated": True,
        "comments": {"safeguarding_lead": LEAD, "consent": "all"},
        "source": [{"file": "answers.csv"}],
    }
    write_whole(folder / "answers.csv", out.getvalue())
    write_whole(folder / "instrument.toml", tomli_w.dumps(_INSTRUMENT))
    write_whole(folder / "study.toml", tomli_w.dumps(study))
    return folder

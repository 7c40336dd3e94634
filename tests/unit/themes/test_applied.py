"""From sheets that people filled in to counts and quotes that are released like any table."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from surefoot.analyse import analyse
from surefoot.errors import BadInput, Refused
from surefoot.release import EVERYONE, read_release, write_release
from surefoot.release.attack import attack
from surefoot.study import Study, open_study
from surefoot.themes import steps
from surefoot.themes.coding import CONSENSUS, as_text, from_text
from surefoot.themes.steps import Opened

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
BOOK = """
schema = "surefoot/codebook/1"
question = "comment"
by = "Ann"
[[theme]]
id = "training"
name = "Training"
definition = "Wants to be taught."
from = ["suggestion-1"]
[[theme]]
id = "jobs"
name = "Jobs"
"""
Rule = Callable[[str], str]


def right(text: str) -> str:
    """The themes of a comment, as a coder writes them."""
    return "training" if "training" in text else "jobs" if "job" in text else "none"


def opened_with_book(study: Study) -> Opened:
    """The comments of a study with a codebook."""
    (opened,) = steps.open_comments(study)
    steps.read_all([opened], by="Lee Lead", now=NOW)
    steps.suggest_themes(opened)
    (opened.folder / "codebook.toml").write_text(BOOK, encoding="utf-8")
    return opened


def fill_in(path: Path, rule: Rule) -> None:
    """Fill in a sheet, as a person would."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | {"themes": rule(row["comment"])} for row in rows)


def code(opened: Opened, coder: str, rule: Rule = right) -> Path:
    """A sheet that one coder has filled in."""
    path, _ = steps.prepare_sheet(opened, coder)
    fill_in(path, rule)
    return path


def applied(study: Study) -> Opened:
    """A study whose comments are coded and applied."""
    opened = opened_with_book(study)
    code(opened, "Ann")
    steps.apply_codes(opened, by="Ann", now=NOW)
    return opened


def test_codes_become_a_question(make_study: Any) -> None:
    """Themes are counted among those who wrote, without an interval, and the questionnaire's id stays."""
    study = make_study()
    applied(study)
    made = analyse(study, now=NOW).release
    assert made.instrument.id == study.instrument.id
    assert "comment-themes" not in {question.id for question in made.instrument.asked}
    shares = {f.selector: f for f in made.shares("comment-themes")}
    assert shares["training"].base == 50
    assert {name: f.value for name, f in shares.items()} == {"training": 0.6, "jobs": 0.4, "no-theme": 0.0}
    assert all(f.low == f.value == f.high for f in shares.values())


def test_weighted_themes_say_so_and_withstand_the_attack(make_study: Any, tmp_path: Path) -> None:
    """Shares of weighted comments are no counts of people: they are called weighted, and not taken for counts."""
    path = make_study().folder / "study.toml"
    text = path.read_text(encoding="utf-8") + '[weights]\nmethod = "post-stratify"\n'
    for name, staff in (("Homes", 300), ("Support", 60)):
        text = text.replace(f'{name}"\n', f'{name}"\nheadcount = {staff}\n')
    path.write_text(text, encoding="utf-8")
    study = open_study(path.parent)
    applied(study)
    made = analyse(study, now=NOW).release
    shares = [f for f in made.shares("comment-themes") if f.shown]
    assert {", weighted" in f.method for f in shares if f.group == EVERYONE} == {True}
    write_release(made, tmp_path / "out")
    assert attack(tmp_path / "out").unresolved == ()


def test_ids_and_counts_do_not_depend_on_the_order_of_rows(make_study: Any) -> None:
    """The file read again in another order has the same comments and gives the same counts."""
    study = make_study()
    opened = applied(study)
    before = analyse(study, now=NOW).release
    rows = list(csv.reader((study.folder / "answers.csv").read_text(encoding="utf-8").splitlines()))[1:]
    shuffled = make_study([tuple(row) for row in reversed(rows)])
    (again,) = steps.open_comments(shuffled)
    assert again.texts == opened.texts
    assert analyse(shuffled, now=NOW).release.stamp == before.stamp


def test_comments_without_a_code_are_unknown(make_study: Any) -> None:
    """What came after coding, and what is held back, is in no count."""
    study = make_study()
    applied(study)
    rows = [*csv.reader((study.folder / "answers.csv").read_text(encoding="utf-8").splitlines())][1:]
    more = make_study([*map(tuple, rows), ("rowan", "Care", "Yes", "Something new about training.")])
    assert analyse(more, now=NOW).release.shares("comment-themes")[0].base == 50


def test_a_comment_that_is_held_back_later_leaves_the_counts(make_study: Any) -> None:
    """Whoever reads harm after coding holds the comment back, and it is counted and quoted no more."""
    study = make_study()
    opened = applied(study)
    quote(opened, "team 2 ")
    (name,) = [name for name, text in opened.texts.items() if "team 2 " in text]
    steps.hold_back([opened], [name], by="Ann", now=NOW)
    made = analyse(study, now=NOW).release
    assert made.shares("comment-themes")[0].base == 49
    assert not made.quotes


def test_unfinished_sheets_and_differences_are_refused(make_study: Any) -> None:
    """Every comment is coded, and coders settle what they differ on, or one is chosen by name."""
    opened = opened_with_book(make_study())
    with pytest.raises(Refused, match="people code comments"):
        steps.apply_codes(opened, by="Ann", now=NOW)
    steps.prepare_sheet(opened, "Ann")
    with pytest.raises(Refused, match="every comment is coded"):
        steps.apply_codes(opened, by="Ann", now=NOW)
    code(opened, "Ann")
    code(opened, "Bob", lambda text: "none" if "reason 7" in text else right(text))
    with pytest.raises(Refused, match="differ on fewer than 11 comments"):
        steps.apply_codes(opened, by="Ann", now=NOW)
    assert steps.apply_codes(opened, by="Ann", coder="Bob", now=NOW).coders == ("bob",)
    fill_in(opened.folder / CONSENSUS, right)
    final = steps.apply_codes(opened, by="Ann", now=NOW)
    assert sum("jobs" in themes for themes in final.codes.values()) == 20
    assert final.coders == ("ann", "bob")


def test_agreement_is_told_by_theme(make_study: Any) -> None:
    """One difference in fifty decisions on a theme; the other theme is agreed on."""
    opened = opened_with_book(make_study())
    code(opened, "Ann")
    code(opened, "Bob", lambda text: "none" if "reason 7" in text else right(text))
    whole, training, jobs = steps.agreement(opened)
    assert (training.alpha, training.agreement) == (1.0, 1.0)
    assert jobs.agreement == 0.98
    assert jobs.low is not None
    assert jobs.alpha is not None
    assert jobs.high is not None
    assert jobs.low < jobs.alpha < 1
    assert whole.comments == 50


def test_a_sheet_keeps_codes_and_gains_comments(make_study: Any) -> None:
    """Written again, nothing that was coded is lost; the machine's guess stands apart."""
    study = make_study()
    opened = opened_with_book(study)
    path = code(opened, "Ann")
    assert steps.prepare_sheet(opened, "Ann") == (path, 0)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["themes"] for row in rows} == {"training", "jobs"}
    assert {row["suggested"] for row in rows} <= {"", "training"}


def test_a_wrong_code_is_told_without_the_comment(make_study: Any) -> None:
    """The row is named; words that are long enough to be a comment are not repeated."""
    opened = opened_with_book(make_study())
    path, _ = steps.prepare_sheet(opened, "Ann")
    fill_in(path, lambda _: "a sentence that somebody wrote into the wrong column of the sheet")
    with pytest.raises(BadInput, match="row 2, themes: found something that is no theme") as caught:
        steps.apply_codes(opened, by="Ann", now=NOW)
    assert "somebody wrote" not in str(caught.value)


def test_formulas_stay_text() -> None:
    """A sheet never holds a cell that a spreadsheet would work out."""
    assert as_text("=SUM(A1)") == "'=SUM(A1)"
    assert from_text(as_text("=SUM(A1)")) == "=SUM(A1)"
    assert as_text("plain") == from_text("plain") == "plain"


# Quotes -------------------------------------------------------------------------------------------------------------


def quote(opened: Opened, *wanted: str, extra: str = "") -> None:
    """Choose the comments that hold some words."""
    entries = []
    for words in wanted:
        (name,) = [name for name, text in opened.texts.items() if words in text]
        theme = right(opened.texts[name])
        entries.append(f'[[quote]]\nid = "{name}"\ntheme = "{theme}"\nby = "Ann"\n{extra}\n')
    (opened.folder / "quotes.toml").write_text("".join(entries), encoding="utf-8")


def test_quotes_need_consent_and_a_large_theme(make_study: Any, tmp_path: Path) -> None:
    """Of two chosen quotes, the one whose writer said no is left out; the release keeps the other as it is shown."""
    study = make_study()
    opened = applied(study)
    quote(opened, "team 2 ", "team 1 ")
    made = analyse(study, now=NOW).release
    assert [(q.theme, q.text, q.group) for q in made.quotes] == [("training", "More training for team 2 please.", None)]
    kept = read_release(write_release(made, tmp_path / "kept"))
    assert kept.quotes == made.quotes
    content = (tmp_path / "kept" / "release.json").read_text(encoding="utf-8")
    assert "team 1 " not in content
    assert "reason" not in json.dumps(json.loads(content)["figures"])


def test_quotes_name_all_organisations_or_none(make_study: Any) -> None:
    """An organisation stands beside a quote only where enough there wrote about the theme, for all that ask."""
    study = make_study()
    opened = applied(study)
    quote(opened, "team 2 ", "team 3 ", extra="with_organisation = true")
    groups = {str(q.group) for q in analyse(study, now=NOW).release.quotes}
    assert groups == {"organisation=oakfield", "organisation=rowan"}
    quote(opened, "team 2 ", "reason 5.", extra="with_organisation = true")
    assert {q.group for q in analyse(study, now=NOW).release.quotes} == {None}


def test_no_quote_from_a_hidden_group(make_study: Any) -> None:
    """Where the writer's organisation is left out of all figures, so is the quote."""
    rows = [*csv.reader((make_study().folder / "answers.csv").read_text(encoding="utf-8").splitlines())][1:]
    few = [("oakfield" if n else "rowan", *row[1:]) for n, row in enumerate(rows)]
    study = make_study(few)
    opened = applied(study)
    quote(opened, "team 0 ", "team 2 ")
    made = analyse(study, now=NOW).release
    assert made.figure("comment-themes", EVERYONE, "training") is not None
    assert [q.text for q in made.quotes] == ["More training for team 2 please."]


def test_a_small_theme_is_not_quoted(make_study: Any) -> None:
    """Ten comments on a theme are too few to quote one."""
    rows = [*csv.reader((make_study().folder / "answers.csv").read_text(encoding="utf-8").splitlines())][1:]
    study = make_study([tuple(row) for n, row in enumerate(rows) if not 30 <= n < 40])
    opened = applied(study)
    quote(opened, "reason 15.")
    assert not analyse(study, now=NOW).release.quotes


def test_comments_that_are_held_back_do_not_make_a_theme_large(make_study: Any) -> None:
    """Eleven comments on a theme are enough for a quote; ten and one that was held back since are not."""
    rows = [*csv.reader((make_study().folder / "answers.csv").read_text(encoding="utf-8").splitlines())][1:]
    study = make_study([tuple(row) for n, row in enumerate(rows) if not 31 <= n < 40])
    opened = applied(study)
    quote(opened, "reason 16.")
    assert len(analyse(study, now=NOW).release.quotes) == 1
    (name,) = [name for name, text in opened.texts.items() if "reason 18." in text]
    steps.hold_back([opened], [name], by="Ann", now=NOW)
    assert not analyse(study, now=NOW).release.quotes


def test_a_shortened_quote_has_the_words_of_the_comment(make_study: Any) -> None:
    """Words may be cut out, not put in; the error does not repeat them."""
    study = make_study()
    opened = applied(study)
    quote(opened, "team 2 ", extra='text = "More training [...] please."')
    assert [q.text for q in analyse(study, now=NOW).release.quotes] == ["More training [...] please."]
    quote(opened, "team 2 ", extra='text = "Much more training [...] please."')
    with pytest.raises(BadInput, match="words that the comment does not have") as caught:
        analyse(study, now=NOW)
    assert "Much more" not in str(caught.value)

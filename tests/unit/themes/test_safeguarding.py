"""A comment that tells of harm is shown to the named lead first, and to nobody else until the lead releases it."""

import csv
import os
import stat
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from surefoot.errors import BadInput, Refused
from surefoot.themes import reasons, steps
from surefoot.themes.collection import folder_of
from surefoot.themes.safeguarding import FILE, RECORD

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A carer slapped a resident.", "abuse"),
        ("She has bruises.", "abuse"),
        ("Residents are left without water.", "neglect"),
        ("I want to die.", "self-harm or suicide"),
        ("I am not suicidal.", "self-harm or suicide"),
        ("He said he would kill her.", "threat"),
        ("We were told not to report it.", "danger to people, or a concern that was covered up"),
        ("The records are falsified.", "danger to people, or a concern that was covered up"),
        ("There is no abuse here.", None),
        ("AI is a threat to our jobs.", None),
        ("More training please.", None),
    ],
)
def test_harm_is_found_with_its_reason(text: str, found: str | None) -> None:
    """A denial just before a word takes the flag away, but never for self-harm."""
    assert reasons(text)[:1] == ((found,) if found else ())


def test_without_a_lead_nothing_is_opened(make_study: Any) -> None:
    """As soon as there are comments, somebody must be named to read of harm; then exit code 3."""
    study = make_study()
    text = (study.folder / "study.toml").read_text(encoding="utf-8").replace('safeguarding_lead = "Lee Lead"', "")
    with pytest.raises(Refused, match="safeguarding lead"):
        steps.open_comments(make_study(study=text))


def rows_for_lead(study: Any) -> list[dict[str, str]]:
    """The lead's file."""
    return list(csv.DictReader((folder_of(study) / FILE).read_text(encoding="utf-8").splitlines()))


def test_the_lead_alone_gets_the_words(make_study: Any) -> None:
    """The file has mode 0600, every comment with its organisation, and what may tell of harm on top."""
    (opened,) = steps.open_comments(make_study())
    rows = rows_for_lead(opened.study)
    assert stat.S_IMODE(os.stat(folder_of(opened.study) / FILE).st_mode) == 0o600
    assert (len(rows), {row["state"] for row in rows[1:]}) == (51, {"not read"})
    assert (rows[0]["state"], rows[0]["organisations"], rows[0]["found"]) == (
        "held back",
        "Oakfield Care Homes",
        "abuse",
    )
    assert opened.held == 1
    assert rows[0]["id"] not in opened.texts


def test_the_lead_reads_first(make_study: Any, rows: list[Any]) -> None:
    """Before the lead has signed, nobody gets suggestions or sheets; a new comment closes it again."""
    study = make_study()
    opened = steps.open_comments(study)
    for step in (steps.suggest_themes, lambda one: steps.prepare_sheet(one, "Ann")):
        with pytest.raises(Refused, match="has not signed to have read 51 of the comments"):
            step(opened[0])
    with pytest.raises(Refused, match="only the safeguarding lead"):
        steps.read_all(opened, by="Ann", now=NOW)
    steps.read_all(opened, by="Lee Lead", now=NOW)
    assert steps.suggest_themes(opened[0])
    (again,) = steps.open_comments(make_study([*rows, ("rowan", "Care", "Yes", "One more.")]))
    with pytest.raises(Refused, match="read fewer than 11 of the comments"):
        steps.suggest_themes(again)


def test_only_the_lead_releases_and_a_record_stays(make_study: Any) -> None:
    """The record has the name and the time; another name, or an id of no comment, is refused."""
    study = make_study()
    opened = steps.open_comments(study)
    (held,) = [entry.comment.id for entry in opened[0].flagged]
    with pytest.raises(Refused, match="safeguarding lead"):
        steps.release_held(opened, [held], by="Somebody", now=NOW)
    with pytest.raises(BadInput, match="id of a comment"):
        steps.release_held(opened, ["comment-0"], by="Lee Lead", now=NOW)
    steps.release_held(opened, [held], by="lee lead", now=NOW)
    (again,) = steps.open_comments(study)
    assert again.held == 0
    assert held in again.texts
    record = (folder_of(study) / RECORD).read_text(encoding="utf-8")
    assert "lee lead" in record
    assert "2026-11-25T09:00:00Z" in record


def test_anybody_may_hold_a_comment_back(make_study: Any) -> None:
    """Who reads harm that the list missed holds it back by name; the latest counts; within one second, the hold."""
    study = make_study()
    opened = steps.open_comments(study)
    name = next(iter(opened[0].texts))
    steps.hold_back(opened, [name], by="Ann", now=NOW)
    (again,) = steps.open_comments(study)
    assert name not in again.texts
    assert again.held == 2
    assert "held back by Ann" in {row["found"] for row in rows_for_lead(study)}
    steps.release_held([again], [name], by="Lee Lead", now=NOW + timedelta(hours=1))
    assert name in steps.open_comments(study)[0].texts
    steps.hold_back([again], [name], by="Ann", now=NOW + timedelta(hours=1))
    assert name not in steps.open_comments(study)[0].texts
    steps.release_held([again], [name], by="Lee Lead", now=NOW + timedelta(hours=2))
    assert name in steps.open_comments(study)[0].texts

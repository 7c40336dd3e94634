"""A comment that tells of harm is shown to the named lead first, and to nobody else until the lead releases it."""

import csv
import os
import stat
from datetime import UTC, datetime
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


def test_the_lead_alone_gets_the_words(make_study: Any) -> None:
    """The file has mode 0600, the organisation and the reason; coders do not have the comment."""
    (opened,) = steps.open_comments(make_study())
    path = folder_of(opened.study) / FILE
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert [(row["organisations"], row["reasons"]) for row in rows] == [("Oakfield Care Homes", "abuse")]
    assert opened.held == 1
    assert rows[0]["id"] not in opened.texts


def test_only_the_lead_releases_and_a_record_stays(make_study: Any) -> None:
    """The record has the name and the time; another name, or an id of no flagged comment, is refused."""
    study = make_study()
    opened = steps.open_comments(study)
    (held,) = [entry.comment.id for entry in opened[0].flagged]
    with pytest.raises(Refused, match="safeguarding lead"):
        steps.release_held(opened, [held], by="Somebody", now=NOW)
    with pytest.raises(BadInput, match="id of a comment"):
        steps.release_held(opened, [next(iter(opened[0].texts))], by="Lee Lead", now=NOW)
    steps.release_held(opened, [held], by="lee lead", now=NOW)
    (again,) = steps.open_comments(study)
    assert again.held == 0
    assert held in again.texts
    record = (folder_of(study) / RECORD).read_text(encoding="utf-8")
    assert "Lee Lead" in record
    assert "2026-11-25T09:00:00Z" in record
